package prior

import "math"

// BetaBinomial is the law of how many of n rows fall into a part that a and b rows of evidence speak for and against.
func BetaBinomial(n int, a, b float64) PMF { return betaBinomial(n, a, b) }

// Hypergeometric is the law of how many of some marked rows are among those drawn from all.
func Hypergeometric(marked, all, drawn int) PMF {
	lo, hi := max(0, drawn+marked-all), min(marked, drawn)
	p := make([]float64, max(1, hi-lo+1))
	for i := range p {
		p[i] = math.Exp(logChoose(marked, lo+i) + logChoose(all-marked, drawn-lo-i) - logChoose(all, drawn))
	}
	return trimmed(lo, p)
}
