package prior

import "math"

// chained is the entropy of a static belief, in bits, by the chain rule: that of n, of the topics' public rows given n, and of every topic's classes given its
// rows,
//
//	H = H(n) + E ln P(Σ_k n_k = n) − Σ_k E ln p_k(n_k) + Σ_k E H(x_k | n_k),
//
// p_k being the law of n_k without the condition on their sum. The mean over n is by Simpson's rule. False where classes are unseen, or where the split is
// not taken for random and the law of the sum is known roughly only.
func (m *static) chained() (bits float64, ok bool) {
	if m.latent || !m.random() {
		return 0, false
	}
	lo, hi := m.Public()
	bits = math.Log2(float64(hi-lo+1)) + (m.logSum(lo)+4*m.logSum((lo+hi)/2)+m.logSum(hi))/6/math.Ln2
	for i := range m.topics {
		t := &m.topics[i]
		inside, f := t.classEntropy(), m.PublicRowsOf(t.index)
		for j, p := range f.P {
			if n := f.Lo + j; p > 0 {
				bits += p * (inside[n] - t.logSplit(n)/math.Ln2)
			}
		}
	}
	return bits, true
}

// chained is that of law: there is none.
func (h *hidden) chained() (bits float64, ok bool) { return 0, false }

// classEntropy is the entropy of a topic's classes, in bits, for every number of public rows up to the largest possible. The groups are drawn one after the other: those
// behind group g depend on the rows left for them alone.
func (t *topic) classEntropy() []float64 {
	out := make([]float64, t.split.Lo+len(t.split.P))
	var buf []float64
	for g := len(t.shares()) - 2; g >= 0; g-- {
		next := make([]float64, len(out))
		for n := range next {
			buf = t.urns[g].masses(n, buf)
			for x, p := range buf {
				if p > negligible {
					next[n] += p * (out[n-x] - math.Log2(p))
				}
			}
		}
		out = next
	}
	return out
}
