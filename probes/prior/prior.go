// Package prior is what is believed about the counts of a competition before any score is read.
//
// A static test has N_k rows of topic k, of which n_k are public. Two beliefs meet:
//
//   - the split: n_k of the N_k rows are public. With a random split the n_k are multivariate hypergeometric, which is the same as
//     independent binomials given their sum n. A finite Evidence of the split makes them beta-binomials instead, for a host who did
//     not draw the public rows at random.
//   - the classes: the rows of a topic fall into classes by a Dirichlet-multinomial, centred on the train shares, whose concentration
//     says for how many rows of evidence the train set stands. A random subset of such rows is again Dirichlet-multinomial.
//
// New joins them into a Model of the unknown counts: exact log masses, marginals, the Gaussian of the same mean and covariance, and
// the radius of the smallest ellipsoid that surely holds nearly all of the mass.
package prior

import (
	"fmt"
	"math"
)

// Spec is a belief about one competition. Every slice is read, never kept or changed.
type Spec struct {
	Totals []int       // N_k: rows of each topic in the test, over all its parts
	Public [2]int      // least and most public rows n, taken as equally likely
	Alpha  [][]float64 // topics × classes, rows: Dirichlet parameters of the classes of a topic
	Groups [][]int     // the classes that each unknown of a topic counts, disjoint; classes in no group are unseen
	Split  float64     // rows a topic: evidence that the split is random; +Inf for a random split
}

// Unknown is one count that is asked for.
type Unknown struct {
	Topic int
	Group int // index into Spec.Groups; PublicRows for n
}

// PublicRows is the Group of the unknown that stands for n, the number of public rows.
const PublicRows = -1

// Model is the joint prior of the unknown counts. Its coordinates z are integers: a point holds every unknown, except that the last
// count is left out where all classes are seen and n is known, since it follows from the others.
type Model struct {
	spec     Spec
	rows     int // ΣN_k
	mean     float64
	topics   []topic // those with N_k > 0
	unknowns []Unknown
	latent   bool // some classes are unseen
	known    bool // n is
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
}

// New checks a Spec and prepares its Model.
func New(s Spec) (*Model, error) {
	m := &Model{spec: s, known: s.Public[0] == s.Public[1], mean: float64(s.Public[0]+s.Public[1]) / 2}
	if err := m.check(); err != nil {
		return nil, err
	}
	for k, total := range s.Totals {
		if total == 0 {
			continue
		}
		t, err := m.newTopic(k, total)
		if err != nil {
			return nil, err
		}
		m.topics = append(m.topics, t)
		for g := range s.Groups {
			m.unknowns = append(m.unknowns, Unknown{k, g})
		}
	}
	m.latent = m.topics[0].unseen > 0
	switch {
	case m.latent && !m.known:
		m.unknowns = append(m.unknowns, Unknown{-1, PublicRows})
	case !m.latent && m.known:
		m.unknowns = m.unknowns[:len(m.unknowns)-1]
	}
	return m, nil
}

func (m *Model) check() error {
	s := m.spec
	for _, n := range s.Totals {
		m.rows += n
	}
	if s.Public[0] < 1 || s.Public[1] < s.Public[0] || s.Public[1] > m.rows {
		return fmt.Errorf("public rows %d to %d do not fit a test of %d rows", s.Public[0], s.Public[1], m.rows)
	}
	if len(s.Alpha) != len(s.Totals) {
		return fmt.Errorf("class evidence for %d topics, totals for %d", len(s.Alpha), len(s.Totals))
	}
	return nil
}

func (m *Model) newTopic(k, total int) (topic, error) {
	t := topic{index: k, total: total}
	if err := t.setEvidence(m.spec.Alpha[k], m.spec.Groups); err != nil {
		return topic{}, err
	}
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
	return t, nil
}

// setEvidence sums the evidence by group.
func (t *topic) setEvidence(alpha []float64, groups [][]int) error {
	seen := map[int]bool{}
	for _, group := range groups {
		sum := 0.0
		for _, c := range group {
			sum += alpha[c]
			seen[c] = true
		}
		t.alpha = append(t.alpha, sum)
	}
	for c, a := range alpha {
		if !(a > 0) || math.IsInf(a, 0) {
			return fmt.Errorf("topic %d, class %d: evidence %v is not a positive number of rows", t.index, c, a)
		}
		if !seen[c] {
			t.unseen += a
		}
	}
	if t.unseen > 0 && len(groups) != 1 {
		return fmt.Errorf("some classes are unseen: one group a topic is wanted, not %d", len(groups))
	}
	return nil
}

// random says that the split is taken for random.
func (m *Model) random() bool { return math.IsInf(m.spec.Split, 1) }

// share is that of the public rows in the test, in the middle of their range.
func (m *Model) share() float64 { return m.mean / float64(m.rows) }

// Dim is the number of coordinates of a point.
func (m *Model) Dim() int { return len(m.unknowns) }

// Unknowns names the coordinates of a point.
func (m *Model) Unknowns() []Unknown { return m.unknowns }

// Public returns the least and the most public rows.
func (m *Model) Public() (lo, hi int) { return m.spec.Public[0], m.spec.Public[1] }

// Evidence is the rows of evidence behind the class shares of a topic that has rows.
func (t *topic) evidence() float64 {
	a := t.unseen
	for _, v := range t.alpha {
		a += v
	}
	return a
}

// Counts spells out a point: counts[k][g] for every topic (nil where a topic has no rows), and the number of public rows. ok is false
// outside the support: a negative count, more public rows than a topic has, or n out of its range.
func (m *Model) Counts(z []int) (counts [][]int, n int, ok bool) {
	groups := len(m.spec.Groups)
	counts = make([][]int, len(m.spec.Totals))
	sum := 0
	for i, t := range m.topics {
		c := make([]int, groups)
		copied := copy(c, z[min(i*groups, len(z)):min((i+1)*groups, len(z))])
		for _, v := range c[:copied] {
			sum += v
		}
		counts[t.index] = c
	}
	n = m.spec.Public[0]
	switch {
	case m.latent && !m.known:
		n = z[len(z)-1]
	case !m.latent && m.known:
		counts[m.topics[len(m.topics)-1].index][groups-1] = n - sum
	case !m.latent:
		n = sum
	}
	return counts, n, m.supported(counts, n, sum)
}

func (m *Model) supported(counts [][]int, n, sum int) bool {
	if n < m.spec.Public[0] || n > m.spec.Public[1] || m.latent && sum > n {
		return false
	}
	for _, t := range m.topics {
		rows := 0
		for _, v := range counts[t.index] {
			if v < 0 {
				return false
			}
			rows += v
		}
		if rows > t.total {
			return false
		}
	}
	return true
}
