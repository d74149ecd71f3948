package prior

import (
	"math"

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

// Gaussian returns mean and covariance of the coordinates, given that the public rows sum to n. They are exact for a random split. For
// another they follow the linear rule of conditioning.
func (m *Model) Gaussian() (mean *mat.VecDense, cov *mat.SymDense) {
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
func (m *Model) finite(spread float64) float64 {
	if !m.random() || m.rows == 1 || m.share() == 1 {
		return 1
	}
	rows := float64(m.rows)
	return (m.mean*(rows-m.mean) - m.publicVariance()) / ((rows - 1) * spread)
}

// publicVariance is the variance of n, uniform on its range.
func (m *Model) publicVariance() float64 {
	w := float64(m.spec.Public[1] - m.spec.Public[0] + 1)
	return (w*w - 1) / 12
}

// Entropy is what the unknown counts are worth under the prior, in bits: that of the Gaussian, put right for every count that is too
// small for one by the difference between its discrete marginal entropy and the Gaussian's.
func (m *Model) Entropy() float64 { return m.entropyBelow(100) }

// FullEntropy is Entropy with every count put right, however large: what a belief that hardly trusts the split says of large counts is far
// from Gaussian too. It takes longer.
func (m *Model) FullEntropy() float64 { return m.entropyBelow(math.Inf(1)) }

// entropyBelow puts the counts right whose variance is below that.
func (m *Model) entropyBelow(most float64) float64 {
	_, cov := m.Gaussian()
	h := 0.5 * (logDet(cov)/math.Ln2 + float64(m.Dim())*math.Log2(2*math.Pi*math.E))
	for i, u := range m.unknowns {
		if u.Group == PublicRows {
			continue
		}
		if v := cov.At(i, i); v > 0 && v < most {
			h += m.Marginal(u).entropy() - 0.5*math.Log2(2*math.Pi*math.E*v)
		}
	}
	return max(h, 0)
}

func logDet(s *mat.SymDense) float64 {
	var c mat.Cholesky
	if !c.Factorize(s) {
		return math.Inf(-1)
	}
	return c.LogDet()
}
