package calibration

import "gonum.org/v1/gonum/stat/distuv"

// bins of a histogram of ranks; levels are a multiple of it.
const bins = 10

// Ranks is a histogram of ranks on [0, 1), which are uniform where a belief is right and the inference exact.
type Ranks [bins]int

func (r *Ranks) add(rank float64) { r[min(bins-1, max(0, int(rank*bins)))]++ }

func (r *Ranks) join(o Ranks) {
	for i, n := range o {
		r[i] += n
	}
}

// PValue is Pearson's chi-square test against the uniform distribution: small where the ranks are not uniform. It is 1 without ranks.
func (r Ranks) PValue() float64 { return uniformity(r[:]) }

func uniformity(counts []int) float64 {
	total := sum(counts)
	if total == 0 {
		return 1
	}
	want, chi2 := float64(total)/float64(len(counts)), 0.0
	for _, n := range counts {
		d := float64(n) - want
		chi2 += d * d / want
	}
	return distuv.ChiSquared{K: float64(len(counts) - 1)}.Survival(chi2)
}
