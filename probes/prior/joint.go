package prior

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// joint is the distribution of a topic's public rows n_k together with a count x_k ≤ n_k of some of their classes: the marginal of
// x_k, and mean and variance of n_k given x_k.
type joint struct {
	marginal     PMF
	mean, spread []float64 // by x_k; they mean something on the marginal's values only
}

// newJoint sums P(n) P(x | n) = α(x) [P(n)/γ(n)] β(n−x), in the terms of urn, over n: one inner product for every x. With w = P/γ and m = n−x those of n
// and n² follow from those for x+1, as β is negative binomial, m β(m) = odds (b + m−1) β(m−1):
//
//	Σ w m β(m) = odds (b S₀ + S₁),   Σ w m² β(m) = odds (b S₀ + (b+1) S₁ + S₂),   S_i = Σ_n w m^i β(m) for x+1.
func newJoint(split PMF, u *urn) *joint {
	top := split.Lo + len(split.P)
	p, m1, m2, weight := make([]float64, top), make([]float64, top), make([]float64, top), make([]float64, top)
	centre, _ := split.Moments()
	for i, w := range split.P {
		n := split.Lo + i
		if u.n[n] < leastMass {
			u.addTo(p, m1, m2, n, w, float64(n)-centre)
			continue
		}
		weight[n] = w / u.n[n]
	}
	var s0, s1, s2 float64
	for x := top - 1; x >= 0; x-- {
		s1, s2 = u.odds*(u.shape*s0+s1), u.odds*(u.shape*s0+(u.shape+1)*s1+s2)
		from := max(x, split.Lo)
		s0 = floats.Dot(weight[from:], u.b[from-x:top-x])
		d, v := float64(x)-centre, u.a[x]
		p[x] += v * s0
		m1[x] += v * (s1 + d*s0)
		m2[x] += v * (s2 + d*(2*s1+d*s0))
	}
	for x, v := range p {
		if v > 0 {
			m1[x] /= v
			m2[x] = max(0, m2[x]/v-m1[x]*m1[x])
			m1[x] += centre
		}
	}
	return &joint{trimmed(0, p), m1, m2}
}

// addTo adds w P(x | n), and that times d and d², to the sums of every x.
func (u *urn) addTo(p, m1, m2 []float64, n int, w, d float64) {
	for x, q := range u.masses(n, nil) {
		v := w * q
		p[x] += v
		m1[x] += v * d
		m2[x] += v * d * d
	}
}

// seenAs is ln P(x_k = x) and mean and variance of n_k given that, also where the tables end.
func (t *topic) seenAs(x int) (log, mean, variance float64) {
	if p := t.joint.marginal.At(x); p > 0 {
		return math.Log(p), t.joint.mean[x], t.joint.spread[x]
	}
	logs, most := make([]float64, t.total+1-x), math.Inf(-1)
	for i := range logs {
		logs[i] = t.logSplit(x+i) + t.urns[0].log(x, x+i)
		most = max(most, logs[i])
	}
	if math.IsInf(most, -1) {
		return most, float64(x), 0
	}
	sum := 0.0
	for i := range logs {
		logs[i] = math.Exp(logs[i] - most)
		sum += logs[i]
	}
	mean, variance = trimmed(x, logs).Moments()
	return most + math.Log(sum), mean, variance
}

// Marginal is that of law.
func (m *static) Marginal(u Unknown) PMF {
	if u.Group == PublicRows {
		return m.publicRange()
	}
	t := m.topic(u.Topic)
	if t == nil {
		return Point(0)
	}
	rows, a := m.PublicRowsOf(u.Topic), t.alpha[u.Group]
	return newJoint(rows, newUrn(a, t.evidence()-a, t.total, t.mean)).marginal
}

// topic finds the belief about a topic; it is nil where the topic has no rows.
func (m *static) topic(k int) *topic {
	for i := range m.topics {
		if m.topics[i].index == k {
			return &m.topics[i]
		}
	}
	return nil
}

// PublicRowsOf is that of law.
func (m *static) PublicRowsOf(k int) PMF {
	t := m.topic(k)
	if t == nil {
		return Point(0)
	}
	return t.rowsBetween(0, t.total).Reweighted(m.restOfPublic(t))
}

// PublicRowsSeen is that of law.
func (m *static) PublicRowsSeen(k, lo, hi int, seen func(x int) float64) PMF {
	t := m.topic(k)
	if t == nil {
		return Point(0)
	}
	hi = min(hi, t.total)
	most := math.Inf(-1)
	weight := make([]float64, hi-lo+1)
	for i := range weight {
		weight[i] = seen(lo + i)
		most = max(most, weight[i])
	}
	for i, w := range weight {
		weight[i] = math.Exp(w - most)
	}
	rest := m.restOfPublic(t)
	var buf []float64
	return t.rowsBetween(lo, t.total).Reweighted(func(rows int) float64 {
		buf = t.urns[0].masses(rows, buf)
		end := min(hi, rows) + 1
		return math.Log(floats.Dot(weight[:end-lo], buf[lo:end])) + rest(rows)
	})
}

// PublicRowsAt is that of law, by the central limit theorem over the unseen rows of the other topics.
func (m *static) PublicRowsAt(k int, counts [][]int, n int) PMF {
	t := m.topic(k)
	if t == nil {
		return Point(0)
	}
	if len(m.topics) == 1 {
		return Point(n)
	}
	x := counts[k][0]
	mean, variance := m.sumOfPublic(counts, k)
	return t.rowsBetween(x, t.total).Reweighted(func(rows int) float64 {
		return t.urns[0].log(x, rows) + logNormal(float64(n-rows), mean, variance)
	})
}

// Elsewhere is that of law: the topic's rows less its public ones.
func (m *static) Elsewhere(k int, public PMF) PMF {
	p := slices.Clone(public.P)
	slices.Reverse(p)
	return PMF{m.spec.Totals[k] - (public.Lo + len(p) - 1), p}
}

// FewElsewhere is that of law.
func (m *static) FewElsewhere(k int, public PMF, below int) float64 {
	return m.Elsewhere(k, public).Below(below)
}

// Total is that of law: it is known.
func (m *static) Total(k int, _ PMF) PMF { return Point(m.spec.Totals[k]) }

// Unseen is that of law.
func (m *static) Unseen(k int) (mean, variance float64) {
	t := m.topic(k)
	if t == nil || t.unseen == 0 {
		return 0, 0
	}
	seen := t.shares()[0]
	unseen := 1 - seen
	return t.mean * unseen, t.classScale(t.mean, t.variance)*seen*unseen + t.variance*unseen*unseen
}

// rowsBetween is the split's distribution of n_k on a range: the table, unless that ends below the range.
func (t *topic) rowsBetween(lo, hi int) PMF {
	from, to := max(lo, t.split.Lo), min(hi, t.split.Lo+len(t.split.P)-1)
	if from <= to {
		return PMF{from, t.split.P[from-t.split.Lo : to+1-t.split.Lo]}
	}
	f := PMF{lo, make([]float64, hi-lo+1)}
	for i := range f.P {
		f.P[i] = 1
	}
	return f.Reweighted(t.logSplit)
}

// restOfPublic is ln P(n_k = rows) less that of the topic alone: what follows from the other topics' holding the rest of the public rows.
// It is exact for a random split, and by the central limit theorem otherwise.
func (m *static) restOfPublic(t *topic) func(rows int) float64 {
	if len(m.topics) == 1 {
		return func(rows int) float64 {
			if rows < m.spec.Public[0] || rows > m.spec.Public[1] {
				return math.Inf(-1)
			}
			return -t.logSplit(rows)
		}
	}
	others := m.logOthers(t)
	public := m.somePublic()
	all, logs := make([]float64, len(public)), make([]float64, len(public))
	for i, n := range public {
		all[i] = m.logSum(n)
	}
	return func(rows int) float64 {
		for i, n := range public {
			logs[i] = others(n-rows) - all[i]
		}
		return floats.LogSumExp(logs)
	}
}

// logOthers is ln P(the public rows of all other topics are so many), from a table as far as the topic's split reaches.
func (m *static) logOthers(t *topic) func(rows int) float64 {
	mean, variance := m.sumOfPublic(nil, t.index)
	log := func(rows int) float64 {
		if m.random() {
			return logBinomial(rows, m.rows-t.total, m.share())
		}
		return logNormal(float64(rows), mean, variance)
	}
	lo, hi := m.Public()
	first := lo - (t.split.Lo + len(t.split.P) - 1)
	table := make([]float64, hi-t.split.Lo-first+1)
	for i := range table {
		table[i] = log(first + i)
	}
	return func(rows int) float64 {
		if i := rows - first; i >= 0 && i < len(table) {
			return table[i]
		}
		return log(rows)
	}
}

// somePublic are the values that n may have, evenly thinned out where they are many.
func (m *static) somePublic() []int {
	const most = 32
	lo, hi := m.Public()
	step := (hi-lo)/most + 1
	var out []int
	for n := lo + (hi-lo)%step/2; n <= hi; n += step {
		out = append(out, n)
	}
	return out
}

// sumOfPublic returns mean and variance of Σn_k over all topics but one, given the seen counts where there are any.
func (m *static) sumOfPublic(counts [][]int, but int) (mean, variance float64) {
	for i := range m.topics {
		t := &m.topics[i]
		if t.index == but {
			continue
		}
		a, b := t.mean, t.variance
		if counts != nil && t.joint != nil {
			_, a, b = t.seenAs(counts[t.index][0])
		}
		mean, variance = mean+a, variance+b
	}
	return mean, variance
}
