package channel

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// Draw draws the tallies of a hidden test from what is believed of it: absent and stray topics first, the other rows by a
// Dirichlet-multinomial about the reference. The counts of an [Extra] are drawn in the same way.
func (o Options) Draw(rng *rand.Rand) map[string][]int {
	rows := o.Rows[0] + rng.IntN(o.Rows[1]-o.Rows[0]+1)
	out := map[string][]int{Rows: {rows}, Topics: o.drawCounts(o.Train, rows, rng)}
	for _, e := range o.Extras {
		train := e.Train
		if train == nil {
			train = make([]int, len(e.Labels))
		}
		if len(e.Labels) == 1 { // a share of the rows rather than a distribution over them
			out[e.Name] = []int{rng.IntN(rows + 1)}
			continue
		}
		out[e.Name] = o.drawCounts(train, rows, rng)
	}
	return out
}

// drawCounts divides rows among the counts.
func (o Options) drawCounts(train []int, rows int, rng *rand.Rand) []int {
	counts, shares := make([]int, len(train)), make([]float64, len(train))
	all, left, total := 0, rows, 0.0
	for _, n := range train {
		all += n
	}
	for k, n := range train {
		switch p := rng.Float64(); {
		case p < o.Absent:
		case p < o.Absent+o.Stray:
			counts[k] = min(left, int(math.Exp(rng.Float64()*math.Log(float64(rows)))))
			left -= counts[k]
		default:
			alpha := o.Concentration * max(float64(n), 0.5) / (float64(all) + 1)
			shares[k] = distuv.Gamma{Alpha: alpha, Beta: 1, Src: rng}.Rand()
			total += shares[k]
		}
	}
	last := rng.IntN(len(train))
	for k, s := range shares {
		if s > 0 {
			last = k
		}
	}
	for k, s := range shares {
		if k == last || left == 0 || s == 0 {
			continue
		}
		n := int(distuv.Binomial{N: float64(left), P: min(1, s/total), Src: rng}.Rand())
		counts[k] += n
		left -= n
		total -= s
	}
	counts[last] += left
	return counts
}
