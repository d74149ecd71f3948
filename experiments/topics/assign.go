package topics

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/internal/parallel"
)

const (
	// blockRows rows go through the matrix product at a time: they and their scores stay in the fast cache.
	blockRows = 64
	// blockCentroids keeps one product below the size at which gonum would start goroutines of its own.
	blockCentroids = 128
	// product32 bounds the product of two norms whose scalar product can be trusted not to overflow float32.
	product32 = 1e37
)

// assigner finds nearest centroids for the rows of one matrix, again and again for other centroids.
type assigner struct {
	x       blas32.General
	norm    []float64 // Euclidean, of each row
	threads int
}

func newAssigner(x blas32.General, threads int) *assigner {
	a := &assigner{x: x, norm: make([]float64, x.Rows), threads: threads}
	parallel.Blocks(x.Rows, blockRows, threads, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			a.norm[i] = math.Sqrt(squaredNorm(rowOf(x, i)))
		}
	})
	return a
}

// nearest sets label[i] to the centroid with the least squaredDistance to row i, a tie going to the lowest number. It is the one
// place that a faster kernel has to replace.
//
// Half the squared distance is, up to the row's own norm, the score |c|²/2 - x·c. The scalar products come from one float32 matrix
// product; every centroid whose score is within the greatest possible rounding error of the least one is then measured in float64.
// So the answer is that of measuring them all.
func (a *assigner) nearest(c blas32.General, label []int32) {
	half := make([]float64, c.Rows)
	widest := 0.0
	for k := range half {
		half[k] = squaredNorm(rowOf(c, k)) / 2
		widest = max(widest, math.Sqrt(2*half[k]))
	}
	parallel.Blocks(a.x.Rows, blockRows, a.threads, func(lo, hi int) {
		dots := products(a.x, c, lo, hi)
		score := make([]float64, c.Rows)
		for i := lo; i < hi; i++ {
			for k, dot := range rowOf(dots, i-lo) {
				score[k] = half[k] - float64(dot)
			}
			label[i] = closest(rowOf(a.x, i), c, score, a.margin(a.norm[i], widest))
		}
	})
}

// products is the (hi-lo)×K matrix of scalar products of rows lo…hi-1 with the centroids.
func products(x, c blas32.General, lo, hi int) blas32.General {
	dots := newMatrix(hi-lo, c.Rows)
	rows := blas32.General{Rows: hi - lo, Cols: x.Cols, Stride: x.Stride, Data: x.Data[lo*x.Stride:]}
	for from := 0; from < c.Rows; from += blockCentroids {
		n := min(blockCentroids, c.Rows-from)
		part := blas32.General{Rows: n, Cols: c.Cols, Stride: c.Stride, Data: c.Data[from*c.Stride:]}
		to := blas32.General{Rows: hi - lo, Cols: n, Stride: dots.Stride, Data: dots.Data[from:]}
		blas32.Gemm(blas.NoTrans, blas.Trans, 1, rows, part, 0, to)
	}
	return dots
}

// margin bounds the error of a score for a row and centroids of these norms. A float32 scalar product of d terms is off by at most
// d·2⁻²⁴·|x||c| in any order of summation, and by 2⁻¹⁵⁰ a term where products are subnormal (Higham, Accuracy and Stability of
// Numerical Algorithms, §3.1); both are doubled, and the squares cover the far smaller errors of float64.
func (a *assigner) margin(x, c float64) float64 {
	if x*c > product32 {
		return math.Inf(1)
	}
	d := float64(a.x.Cols + 4)
	return math.Ldexp(d, -23)*(x*c+math.Ldexp(x*x+c*c, -20)) + math.Ldexp(d, -149)
}

// closest measures the centroids whose score may be the least and returns the nearest.
func closest(x []float32, c blas32.General, score []float64, margin float64) int32 {
	least, at := math.Inf(1), 0
	for k, s := range score {
		if s < least {
			least, at = s, k
		}
	}
	limit := least + 2*margin
	best, nearest, candidates := math.Inf(1), at, 0
	for k, s := range score {
		if s > limit { // false for every centroid where float32 overflowed: limit is then infinite or NaN
			continue
		}
		if candidates++; candidates == 1 {
			nearest = k
			continue
		}
		if candidates == 2 {
			best = squaredDistance(x, rowOf(c, nearest))
		}
		if d := squaredDistance(x, rowOf(c, k)); d < best {
			best, nearest = d, k
		}
	}
	return int32(nearest)
}

// distances is the Euclidean distance of every row to the centroid of its label.
func distances(x, c blas32.General, label []int32, threads int) []float64 {
	dist := make([]float64, x.Rows)
	parallel.Blocks(x.Rows, blockRows, threads, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			dist[i] = math.Sqrt(squaredDistance(rowOf(x, i), rowOf(c, int(label[i]))))
		}
	})
	return dist
}
