package topics

import (
	"math"
	"math/rand/v2"
	"sort"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/internal/parallel"
)

// seedCentroids chooses k rows by greedy k-means++ (Arthur and Vassilvitskii 2007): the first at random, each next one drawn with
// chance in proportion to its squared distance from those chosen, and of 2+⌊ln k⌋ such draws the one that leaves the least sum of
// squared distances, a tie going to the earlier draw. x must have k distinct rows.
func seedCentroids(x blas32.General, k, threads int, rng *rand.Rand) blas32.General {
	c := newMatrix(k, x.Cols)
	first := rng.IntN(x.Rows)
	copy(rowOf(c, 0), rowOf(x, first))
	closest := make([]float64, x.Rows) // squared distance to the nearest chosen row
	for i := range closest {
		closest[i] = math.Inf(1)
	}
	closest = closer(x, closest, first, threads)
	trials := 2 + int(math.Log(float64(k)))
	for chosen := 1; chosen < k; chosen++ {
		row, left := bestTrial(x, closest, trials, threads, rng)
		copy(rowOf(c, chosen), rowOf(x, row))
		closest = left
	}
	return c
}

// bestTrial draws rows in proportion to closest and returns the one that lowers its sum most, with what closest becomes.
func bestTrial(x blas32.General, closest []float64, trials, threads int, rng *rand.Rand) (row int, left []float64) {
	cumulative := make([]float64, len(closest))
	total := 0.0
	for i, d := range closest {
		total += d
		cumulative[i] = total
	}
	least := math.Inf(1)
	for range trials {
		draw := drawRow(cumulative, rng.Float64())
		after := closer(x, closest, draw, threads)
		sum := 0.0
		for _, d := range after {
			sum += d
		}
		if left == nil || sum < least {
			row, left, least = draw, after, sum
		}
	}
	return row, left
}

// drawRow is the first row whose cumulative weight lies above the share u of the whole, so that a row of weight 0 is never drawn.
func drawRow(cumulative []float64, u float64) int {
	target := u * cumulative[len(cumulative)-1]
	return sort.Search(len(cumulative)-1, func(i int) bool { return cumulative[i] > target })
}

// closer is closest after the row chosen is added to those it is measured from.
func closer(x blas32.General, closest []float64, chosen, threads int) []float64 {
	after := make([]float64, len(closest))
	c := rowOf(x, chosen)
	parallel.Blocks(x.Rows, blockRows, threads, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			after[i] = min(closest[i], squaredDistance(rowOf(x, i), c))
		}
	})
	return after
}
