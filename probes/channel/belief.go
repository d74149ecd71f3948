package channel

import (
	"math"
	"slices"
)

// belief is what is held of a count before it is sent: a mixture of three possibilities. It is absent; it has nothing to do with the reference, any
// order of magnitude being as likely as another (P(n) ∝ 1/n); it follows the reference, by a beta-binomial distribution.
type belief struct {
	expected      float64 // share of the rows in the reference, within (0, 1)
	concentration float64 // rows of evidence that the reference is worth, over all counts
	absent, stray float64 // weights of the first two
	rows          [2]int  // least and most rows of the test
}

// below returns the chances P(count < n) for n = 0 … rows[1]+1.
func (b belief) below() []float64 {
	most := b.rows[1]
	p := make([]float64, most+1)
	harmonic := 0.0
	for n := 1; n <= most; n++ {
		harmonic += 1 / float64(n)
	}
	p[0] = b.absent
	for n := 1; n <= most; n++ {
		p[n] = b.stray / float64(n) / harmonic
	}
	follows := 1 - b.absent - b.stray
	totals := []int{b.rows[0], (b.rows[0] + b.rows[1]) / 2, b.rows[1]}
	totals = slices.Compact(totals)
	for _, rows := range totals {
		betaBinomial(p, rows, b.expected*b.concentration, (1-b.expected)*b.concentration, follows/float64(len(totals)))
	}
	out := make([]float64, most+2)
	for n, v := range p {
		out[n+1] = out[n] + v
	}
	return out
}

// betaBinomial adds weight times the mass function of the successes among n draws whose chance is Beta(a, b) to p. It goes by the ratio
// p(x+1)/p(x) = (n-x)(a+x) / ((x+1)(b+n-x-1)) from a value near the mode outwards, so that nothing that matters underflows.
func betaBinomial(p []float64, n int, a, b, weight float64) {
	mass, N := make([]float64, n+1), float64(n)
	ratio := func(x float64) float64 { return (N - x) * (a + x) / ((x + 1) * (b + N - x - 1)) }
	from := min(n, int(N*a/(a+b)))
	mass[from] = 1
	for x := from; x < n; x++ {
		mass[x+1] = mass[x] * ratio(float64(x))
	}
	for x := from - 1; x >= 0; x-- {
		mass[x] = mass[x+1] / ratio(float64(x))
	}
	total := 0.0
	for _, v := range mass {
		total += v
	}
	for x, v := range mass {
		p[x] += weight * v / total
	}
}

// weightUnit is the sum that weights are scaled to: the least weight, 1, makes a bucket of no chance at all cost 20 bits.
const weightUnit = 1 << 20

// weigh sets the weights of a field's buckets from the chances P(count < n).
func (f *Field) weigh(below []float64) {
	for i, from := range f.Cuts {
		mass := below[from+f.size(i)] - below[from]
		f.Weights = append(f.Weights, max(1, int(math.Round(mass*weightUnit))))
	}
}
