package channel

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// belief is what is held of a count before it is sent: a mixture of three possibilities. It is absent; it has nothing to do with the reference, any
// order of magnitude being as likely as another (P(n) ∝ 1/n); it follows the reference, by a beta-binomial distribution.
type belief struct {
	expected      float64 // share of the rows in the reference, within (0, 1)
	concentration float64 // rows of evidence that the reference is worth, over all counts
	absent, stray float64 // weights of the first two
	rows          [2]int  // least and most rows of the test
}

// below is P(count < n), n ≥ 0.
func (b belief) below(n int) float64 {
	switch {
	case n == 0:
		return 0
	case n > b.rows[1]:
		return 1
	}
	p := b.absent + b.stray*harmonic(n-1)/harmonic(b.rows[1])
	totals := slices.Compact([]int{b.rows[0], (b.rows[0] + b.rows[1]) / 2, b.rows[1]})
	for _, rows := range totals {
		follows := betaBinomialBelow(n, rows, b.expected*b.concentration, (1-b.expected)*b.concentration)
		p += (1 - b.absent - b.stray) / float64(len(totals)) * follows
	}
	return p
}

// harmonic is 1 + 1/2 + … + 1/n.
func harmonic(n int) float64 { return mathext.Digamma(float64(n)+1) - mathext.Digamma(1) }

// mostSummed is up to where [betaBinomialBelow] adds masses up. Beyond, the beta distribution of the same mean and variance is close enough.
const mostSummed = 2000

// betaBinomialBelow is the chance of fewer than n successes, n ≥ 1, among rows draws whose chance is Beta(a, b). The sum starts at its largest mass
// and goes by the ratio p(x+1)/p(x) = (rows-x)(a+x) / ((x+1)(b+rows-x-1)), so that nothing that matters underflows.
func betaBinomialBelow(n, rows int, a, b float64) float64 {
	switch N := float64(rows); {
	case n > rows:
		return 1
	case n > mostSummed:
		c := N*(a+b+1)/(a+b+N) - 1
		return mathext.RegIncBeta(c*a/(a+b), c*b/(a+b), (float64(n)-0.5)/N)
	default:
		ratio := func(x float64) float64 { return (N - x) * (a + x) / ((x + 1) * (b + N - x - 1)) }
		from := min(n-1, int(N*a/(a+b)))
		x := float64(from)
		first := math.Exp(lgamma(N+1) - lgamma(x+1) - lgamma(N-x+1) + lgamma(a+x) + lgamma(b+N-x) - lgamma(a+b+N) - lgamma(a) - lgamma(b) + lgamma(a+b))
		sum := first
		for y, p := x, first; y < float64(n-1); y++ {
			p *= ratio(y)
			sum += p
		}
		for y, p := x-1, first; y >= 0; y-- {
			p /= ratio(y)
			sum += p
		}
		return min(sum, 1)
	}
}

func lgamma(x float64) float64 { v, _ := math.Lgamma(x); return v }

// weightUnit is the sum that weights are scaled to: the least weight, 1, makes a bucket of no chance at all cost 20 bits.
const weightUnit = 1 << 20

// weigh sets the weights of a field's buckets.
func (f *Field) weigh(b belief) {
	for i, from := range f.Cuts {
		mass := b.below(from+f.size(i)) - b.below(from)
		f.Weights = append(f.Weights, max(1, int(math.Round(mass*weightUnit))))
	}
}
