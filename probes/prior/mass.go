package prior

import "math"

// logMass is LogMass of a point of the support.
func (m *static) logMass(counts [][]int, n int) float64 {
	l, mean, variance := 0.0, 0.0, 0.0
	for i := range m.topics {
		t := &m.topics[i]
		c := counts[t.index]
		if t.joint != nil {
			log, a, b := t.seenAs(c[0])
			l, mean, variance = l+log, mean+a, variance+b
			continue
		}
		rows := 0
		for _, v := range c {
			rows += v
		}
		l += t.logSplit(rows) + logDirichletMultinomial(c, t.alpha)
	}
	if m.latent {
		l += logNormal(float64(n), mean, variance)
	}
	return l - m.logSum(n)
}

// logSum is ln P(Σn_k = n), without the condition on it.
func (m *static) logSum(n int) float64 {
	if m.random() {
		return logBinomial(n, m.rows, m.share())
	}
	mean, variance := m.sumOfPublic(nil, -1)
	return logNormal(float64(n), mean, variance)
}

// logNormal is the log density at x; a variance below that of rounding to a whole row counts as that.
func logNormal(x, mean, variance float64) float64 {
	variance = max(variance, 1.0/12)
	return -0.5*(x-mean)*(x-mean)/variance - 0.5*math.Log(2*math.Pi*variance)
}
