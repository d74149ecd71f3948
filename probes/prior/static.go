package prior

import (
	"fmt"
	"math"
)

// static is the belief about a test whose rows are known by topic.
type static struct {
	*frame
	rows   int // ΣN_k
	mean   float64
	topics []topic // those with N_k > 0
}

// topic is the belief about one topic that has rows.
type topic struct {
	index          int
	total          int
	alpha          []float64 // of the seen groups
	unseen         float64   // of the classes in no group
	split          PMF       // of n_k, without the condition on their sum
	logSplit       func(n int) float64
	mean, variance float64 // of n_k, likewise
	urns           []*urn  // of each group against those behind it, the unseen classes last
	joint          *joint  // of n_k and the seen count; nil where all classes are seen
	values         atoms   // of law, without weights
}

// newStatic checks the rows and prepares the topics.
func newStatic(f *frame) (*static, error) {
	m := &static{frame: f, mean: f.middle()}
	s := f.spec
	m.rows, _ = f.Rows()
	if s.Public[0] < 1 || s.Public[1] < s.Public[0] || s.Public[1] > m.rows {
		return nil, fmt.Errorf("public rows %d to %d do not fit a test of %d rows", s.Public[0], s.Public[1], m.rows)
	}
	if len(s.Alpha) != len(s.Totals) {
		return nil, fmt.Errorf("class evidence for %d topics, totals for %d", len(s.Alpha), len(s.Totals))
	}
	for k, total := range s.Totals {
		if total == 0 {
			continue
		}
		m.topics = append(m.topics, m.newTopic(k, total))
	}
	return m, nil
}

func (m *static) newTopic(k, total int) topic {
	t := topic{index: k, total: total}
	t.alpha, t.unseen = m.evidenceOf(k)
	share, split := m.share(), m.spec.Split
	if m.random() || share == 1 {
		t.split = binomial(total, share)
		t.logSplit = func(n int) float64 { return logBinomial(n, total, share) }
	} else {
		a, b := share*split, (1-share)*split
		t.split = betaBinomial(total, a, b)
		t.logSplit = func(n int) float64 { return logBetaBinomial(n, total, a, b) }
	}
	t.mean, t.variance = t.split.Moments()
	t.variance = max(t.variance, 1.0/12) // a count that is certain is known to within rounding
	behind, parts := t.evidence(), t.alpha
	if t.unseen == 0 {
		parts = parts[:len(parts)-1]
	}
	for _, a := range parts {
		behind -= a
		t.urns = append(t.urns, newUrn(a, behind, total, t.mean))
	}
	if t.unseen > 0 {
		t.joint = newJoint(t.split, t.urns[0])
	}
	t.values = t.newValues()
	return t
}

// newValues are mean and variance of n_k at the values of law.
func (t *topic) newValues() atoms {
	lo, size := t.law().Lo, len(t.law().P)
	if t.joint != nil {
		return atoms{mean: t.joint.mean[lo : lo+size], variance: t.joint.spread[lo : lo+size]}
	}
	out := atoms{mean: make([]float64, size), variance: make([]float64, size)}
	for i := range out.mean {
		out.mean[i] = float64(lo + i)
	}
	return out
}

// random says that the split is taken for random.
func (m *static) random() bool { return math.IsInf(m.spec.Split, 1) }

// share is that of the public rows in the test, in the middle of their range.
func (m *static) share() float64 { return m.mean / float64(m.rows) }

// Evidence is the rows of evidence behind the class shares of a topic that has rows.
func (t *topic) evidence() float64 {
	a := t.unseen
	for _, v := range t.alpha {
		a += v
	}
	return a
}
