package prior

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Gaussian is that of law: the moments of the mixture of all sets of present topics, and of n over its range.
func (h *hidden) Gaussian() (mean *mat.VecDense, cov *mat.SymDense) {
	cov = mat.NewSymDense(h.Dim(), nil)
	cov.CopySym(h.cov)
	return mat.VecDenseCopyOf(h.mean), cov
}

// moments come from those of the Dirichlet-multinomial of a set S,
//
//	E x_i = n E α_i/A_S,   E x_i x_j = n (n−1) E α_i α_j/(A_S (A_S+1)),   and for i = j n α_i/A_S more and α_i (α_i + 1) in place of α_i²,
//
// the topics of i and j being there, else 0.
func (h *hidden) moments() (*mat.VecDense, *mat.SymDense) {
	d := h.Dim()
	mean, cov := mat.NewVecDense(d, nil), mat.NewSymDense(d, nil)
	n, spread := h.middle(), h.publicVariance()
	squares := n*n + spread // E n²
	for i, u := range h.unknowns {
		if u.Group == PublicRows {
			mean.SetVec(i, n)
			cov.SetSym(i, i, spread)
			for j, v := range h.unknowns[:i] {
				cov.SetSym(j, i, spread*h.seen[v.Topic][v.Group]*h.first[v.Topic])
			}
			continue
		}
		a := h.seen[u.Topic][u.Group]
		mean.SetVec(i, n*a*h.first[u.Topic])
		for j, v := range h.unknowns[:i] {
			b := h.seen[v.Topic][v.Group]
			cov.SetSym(j, i, (squares-n)*a*b*h.second[u.Topic][v.Topic]-mean.AtVec(i)*mean.AtVec(j))
		}
		cov.SetSym(i, i, (squares-n)*a*(a+1)*h.second[u.Topic][u.Topic]+mean.AtVec(i)-mean.AtVec(i)*mean.AtVec(i))
	}
	return mean, cov
}

// shares are the first and second of hidden. With t = e^−y and r_k = (1−ε) t^A_k/(ε + (1−ε) t^A_k), the chance that k is there under weights t^A_S,
//
//	E 1/A_S = ∫ r_k Π_j (ε + (1−ε) t^A_j) dy,   E 1/(A_S (A_S + 1)) = ∫ r_k r_l (1 − t) Π_j (ε + (1−ε) t^A_j) dy,   y from 0 to ∞,
//
// as 1/A = ∫ e^(−A y) dy. In the logarithm of y the integrands fall off so fast at both ends that the trapezoidal rule is exact to rounding.
func (h *hidden) shares() (first []float64, second [][]float64) {
	topics := len(h.evidence)
	first, second = make([]float64, topics), make([][]float64, topics)
	for k := range second {
		second[k] = make([]float64, topics)
	}
	const step = 0.25
	from := math.Log(1e-16 / floats.Sum(h.evidence))
	to := math.Log(100 / slices.Min(h.evidence))
	there := make([]float64, topics)
	for x := from; x < to; x += step {
		y := math.Exp(x)
		weight := step * y
		for k, a := range h.evidence {
			p := (1 - h.spec.Absent) * math.Exp(-a*y)
			there[k] = p / (h.spec.Absent + p)
			weight *= h.spec.Absent + p
		}
		if !(weight > 0) {
			break
		}
		rest := -math.Expm1(-y) * weight
		for k, p := range there {
			first[k] += p * weight
			second[k][k] += p * rest
			for l, q := range there[:k] {
				second[k][l] += p * q * rest
			}
		}
	}
	for k := range second {
		for l := range k {
			second[l][k] = second[k][l]
		}
	}
	return first, second
}

// Unseen is that of law.
func (h *hidden) Unseen(k int) (mean, variance float64) {
	u := h.unseen[k]
	if u == 0 {
		return 0, 0
	}
	n := h.middle()
	mean = n * u * h.first[k]
	return mean, (n*n+h.publicVariance()-n)*u*(u+1)*h.second[k][k] + mean - mean*mean
}
