package prior

import (
	"math"
	"slices"
)

// BetaBinomial is the law of how many of n rows fall into a part that a and b rows of evidence speak for and against.
func BetaBinomial(n int, a, b float64) PMF { return betaBinomial(n, a, b) }

// Hypergeometric is the law of how many of some marked rows are among those drawn from all. It goes out from the mode by the ratio of neighbours,
// P(x+1)/P(x) = (marked-x)(drawn-x) / ((x+1)(all-marked-drawn+x+1)), as far as anything is left.
func Hypergeometric(marked, all, drawn int) PMF {
	lo, hi := max(0, drawn+marked-all), min(marked, drawn)
	mode := min(max(int(float64(marked+1)*float64(drawn+1)/float64(all+2)), lo), hi)
	ratio := func(x int) float64 {
		return float64(marked-x) * float64(drawn-x) / (float64(x+1) * float64(all-marked-drawn+x+1))
	}
	first := math.Exp(logChoose(marked, mode) + logChoose(all-marked, drawn-mode) - logChoose(all, drawn))
	least := first * negligible
	var below, p []float64
	for x, mass := mode-1, first; x >= lo; x-- {
		if mass /= ratio(x); mass < least {
			break
		}
		below = append(below, mass)
	}
	slices.Reverse(below)
	p = append(below, first)
	for x, mass := mode, first; x < hi; x++ {
		if mass *= ratio(x); mass < least {
			break
		}
		p = append(p, mass)
	}
	return trimmed(mode-len(below), p)
}
