package prior

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Form is that of law. D is the distance of a point from the prior
// mean given n, but for the condition that the topics' public rows sum to it, and so a sum of one term a topic:
//
//	D_k = (n_k − n N_k/N)²/Var n_k + Σ_g (x_kg − r_g p_g)²/(b Q_g v(p_g))    all classes seen, but for the last group
//	D_k = (x_k − n q N_k/N)²/Var x_k                                        one group seen
//
// with r_g the rows left for group g and those behind it, Q_g their share, p_g = q_g/Q_g; and, where n is not known, (n − E n)²/Var n. With
// v(p) = p (1 − p) this would be the Mahalanobis distance. But the count of a rare class has a tail so heavy that a ball of that
// distance must be very large to hold it: v is never less than leastSpread. Being a sum of terms that are independent but for that
// condition, D has a moment generating function, hence a bound on its tail (Radius).
func (m *static) Form() (f *mat.Dense, t []float64) {
	b := formBuilder{frame: m.frame}
	for i := range m.topics {
		m.addTopic(&m.topics[i], b.add)
	}
	return b.form()
}

// formBuilder gathers the rows of a form.
type formBuilder struct {
	*frame
	rows   [][]float64
	target []float64
}

// add puts (Σ weight x − perPublic n − shift)²/variance into the form; weight is topics × groups.
func (b *formBuilder) add(weight [][]float64, perPublic, shift, variance float64) {
	row, target := b.Linear(weight, perPublic)
	sd := math.Sqrt(variance)
	for i := range row {
		row[i] /= sd
	}
	b.rows, b.target = append(b.rows, row), append(b.target, (target+shift)/sd)
}

// form closes it with (n − E n)²/Var n, where n is not known.
func (b *formBuilder) form() (f *mat.Dense, t []float64) {
	switch {
	case b.known:
	case b.latent:
		b.add(b.weights(all, none), -1, b.middle(), b.publicVariance())
	default:
		b.add(b.weights(all, one), 0, b.middle(), b.publicVariance())
	}
	f = mat.NewDense(len(b.rows), b.Dim(), nil)
	for i, row := range b.rows {
		f.SetRow(i, row)
	}
	return f, b.target
}

func (m *static) addTopic(t *topic, add func(weight [][]float64, perPublic, shift, variance float64)) {
	q, seen := t.shares(), 1.0
	if t.joint != nil {
		seen = q[0]
	}
	add(m.weights(t.index, one), m.part(t)*seen, 0, t.formVariance())
	if t.joint != nil {
		return
	}
	b := t.classScale(t.mean, t.variance)
	for g, left := 0, 1.0; g < len(q)-1; g++ {
		p := q[g] / left
		off := func(h int) float64 {
			switch {
			case h < g:
				return 0
			case h == g:
				return 1 - p
			}
			return -p
		}
		add(m.weights(t.index, off), 0, 0, b*left*classSpread(p))
		left -= q[g]
	}
}

// leastSpread is that of a class of 28 rows in 100. Of 0.1, 0.15, 0.2 and 0.25 it leaves the fewest points to walk where classes are rare.
const leastSpread = 0.2

// classSpread is v of Form.
func classSpread(p float64) float64 { return max(p*(1-p), leastSpread) }

// part is N_k/N.
func (m *static) part(t *topic) float64 { return float64(t.total) / float64(m.rows) }

// formVariance is the variance by which Form divides: of x_k where classes are unseen, else of n_k. A floor keeps the variance of a
// count that is all but certain from stretching the lattice beyond what float64 can reduce.
func (t *topic) formVariance() float64 {
	v := t.variance
	if t.joint != nil {
		_, v = t.joint.marginal.Moments()
	}
	return max(v, 1e-3)
}
