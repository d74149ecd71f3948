package metric

import (
	"cmp"
	"errors"
	"math"
	"slices"
)

// Tally gathers the rows of one part of a test into their score. Make one with [Scoring.NewTally].
type Tally struct {
	scoring Scoring
	mean    Mean
	right   int      // accuracy: rows
	ranked  []ranked // auc
}

// ranked is a row as auc sees it.
type ranked struct {
	v        float64
	positive bool
}

// NewTally starts a score.
func (s Scoring) NewTally() *Tally { return &Tally{scoring: s} }

// Add takes in a row predicted as q whose class is class.
func (t *Tally) Add(q []float64, class int) error {
	if t.scoring.Metric == AUC {
		v, err := t.scoring.single(q)
		t.ranked = append(t.ranked, ranked{v, t.scoring.Values[class] > 0})
		return err
	}
	return t.take(t.scoring.Loss(q, class))
}

// AddNumber takes in a row predicted as q whose truth is the number y rather than a class.
func (t *Tally) AddNumber(q []float64, y float64) error { return t.take(t.scoring.numberLoss(q, y)) }

func (t *Tally) take(loss float64, err error) error {
	if loss == 0 {
		t.right++
	}
	t.mean.Add(loss)
	return err
}

// N is how many rows were added.
func (t *Tally) N() int { return t.mean.N() + len(t.ranked) }

// Score is the score of the rows so far before it is cut to decimals, NaN where there are none. A sum of costs is compensated: its error does
// not grow with the rows. Accuracy and auc are divisions of exact whole numbers. The error says that auc lacks one of the two classes.
func (t *Tally) Score() (float64, error) {
	switch t.scoring.Metric {
	case AUC:
		return area(t.ranked)
	case Accuracy: // 1 less the errors' mean may round to another last bit, hence to another floor
		return float64(t.right) / float64(t.mean.N()), nil
	}
	return t.scoring.Shown(t.mean.Value()), nil
}

// area is the area under the curve of true over false positives: (Σ ranks of positives - P(P+1)/2)/(P·N), tied rows sharing the mean of their
// ranks (Mann and Whitney 1947). Twice the ranks are added, as whole numbers. rows are put in order.
func area(rows []ranked) (float64, error) {
	slices.SortFunc(rows, func(a, b ranked) int { return cmp.Compare(a.v, b.v) })
	var positives, twice int64
	for from := 0; from < len(rows); {
		to, here := from, int64(0)
		for ; to < len(rows) && rows[to].v == rows[from].v; to++ {
			if rows[to].positive {
				here++
			}
		}
		positives, twice = positives+here, twice+here*int64(from+1+to)
		from = to
	}
	pairs := positives * (int64(len(rows)) - positives)
	if pairs == 0 {
		return math.NaN(), errors.New("all rows are of one class: auc compares two")
	}
	return float64(twice-positives*(positives+1)) / 2 / float64(pairs), nil
}

// Mean is a running mean with a compensated sum (Neumaier 1974): the error of the sum stays within about one unit in its last place, however
// many values there are. The zero value is empty.
type Mean struct {
	sum, lost float64 // lost gathers the low bits that fall off sum
	n         int
}

// Add takes one more value in.
func (m *Mean) Add(v float64) {
	t := m.sum + v
	switch {
	case math.IsInf(t, 0): // nothing is lost from an infinite sum, and Inf - Inf would spoil it
	case math.Abs(m.sum) >= math.Abs(v):
		m.lost += (m.sum - t) + v
	default:
		m.lost += (v - t) + m.sum
	}
	m.sum = t
	m.n++
}

// N returns how many values were added.
func (m *Mean) N() int { return m.n }

// Value returns the mean, NaN where nothing was added.
func (m *Mean) Value() float64 { return (m.sum + m.lost) / float64(m.n) }
