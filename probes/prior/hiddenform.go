package prior

import (
	"gonum.org/v1/gonum/mat"
)

// cell is one count of a hidden test as its form sees it: (x − n share)²/variance.
type cell struct {
	alpha, share, variance float64
}

// Form is that of law: one term a count, which cells being independent but for their sum allows,
//
//	D = Σ_kg (x_kg − n E x_kg/n)²/v_kg, and (n − E n)²/Var n where n is not known.
//
// v is the variance of the count, absence included, or what brings its tail to tailForm: the ball that holds a tail heavier than others must be
// large in every direction.
func (h *hidden) Form() (f *mat.Dense, t []float64) {
	b := formBuilder{frame: h.frame}
	for k, groups := range h.form {
		for g, c := range groups {
			weight := h.weights(all, none)
			weight[k][g] = 1
			b.add(weight, c.share, 0, c.variance)
		}
	}
	return b.form()
}

// tailForm is how far out in the form a count is that comes once in a hundred million times, at most.
const (
	tailForm = 150
	tailMass = 1e-8
)

// cells are the terms of the form, by topic and group.
func (h *hidden) cells() [][]cell {
	n, out := h.middle(), make([][]cell, len(h.seen))
	for k, alpha := range h.seen {
		first, second := h.first[k], h.second[k][k]
		all := h.with([]int{k}, h.but(k), 1)[0].all
		for _, a := range alpha {
			mean := n * a * first
			v := n*(n-1)*a*(a+1)*second + mean - mean*mean
			far := float64(betaBinomial(int(n), a, all-a).upper(tailMass)) - mean
			out[k] = append(out[k], cell{a, a * first, max(v, far*far/tailForm, 1e-3)})
		}
	}
	return out
}

// upper is the largest value that is exceeded with at least that probability.
func (f PMF) upper(mass float64) int {
	sum := 0.0
	for i := len(f.P) - 1; i > 0; i-- {
		if sum += f.P[i]; sum > mass {
			return f.Lo + i
		}
	}
	return f.Lo
}
