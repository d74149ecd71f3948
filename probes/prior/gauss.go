package prior

import (
	"gonum.org/v1/gonum/mat"
)

// shares are those of the seen groups in a topic.
func (t *topic) shares() []float64 {
	q, a := make([]float64, len(t.alpha)), t.evidence()
	for g := range q {
		q[g] = t.alpha[g] / a
	}
	return q
}

// classScale is b of the class covariance b (diag q − q qᵀ) = E Cov(x | n_k), for that mean and variance of n_k.
func (t *topic) classScale(mean, variance float64) float64 {
	a := t.evidence()
	return (variance + mean*mean + a*mean) / (1 + a)
}

// Gaussian is that of law, exact for a random split. For
// another it follows the linear rule of conditioning.
func (m *static) Gaussian() (mean *mat.VecDense, cov *mat.SymDense) {
	d, groups := m.Dim(), len(m.spec.Groups)
	mu, c := make([]float64, d), make([]float64, d)
	cov = mat.NewSymDense(d, nil)
	_, spread := m.sumOfPublic(nil, -1)
	factor, free := m.finite(spread), m.publicVariance()
	first := 0
	for i := range m.topics {
		t := &m.topics[i]
		part, q := t.variance/spread, t.shares()
		b := t.classScale(t.mean, factor*t.variance*(1-part)+free*part*part)
		for g := 0; g < groups && first+g < d; g++ {
			mu[first+g], c[first+g] = t.mean*q[g], t.variance*q[g]
			for h := g; h < groups && first+h < d; h++ {
				v := (factor*t.variance - b) * q[g] * q[h]
				if g == h {
					v += b * q[g]
				}
				cov.SetSym(first+g, first+h, v)
			}
		}
		first += groups
	}
	if m.latent && !m.known {
		mu[d-1], c[d-1] = m.mean, spread
		for i, v := range c {
			cov.SetSym(i, d-1, factor*v)
		}
	}
	// Condition on the sum of the public rows, then give it the variance of n back: both are rank one along c.
	cov.SymRankOne(cov, (free/spread-factor)/spread, mat.NewVecDense(d, c))
	return mat.NewVecDense(d, mu), cov
}

// finite is E n (N − n) / (N − 1) over N s (1 − s): by how much the variances of a random split of N rows exceed those of independent
// draws of share s with their sum given.
func (m *static) finite(spread float64) float64 {
	if !m.random() || m.rows == 1 || m.share() == 1 {
		return 1
	}
	rows := float64(m.rows)
	return (m.mean*(rows-m.mean) - m.publicVariance()) / ((rows - 1) * spread)
}
