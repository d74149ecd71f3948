package metric

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// NoClass is the prediction of a row as none of the classes, where classes are predicted as such (accuracy).
const NoClass = -1

// Values returns the number that each class stands for in a submission of one column:
//
//	binary-log-loss, brier, auc: 1 for the positive class, 0 for the other; the positive one is the greater number, or the second where they
//	                             are not both numbers
//	accuracy:                    the index of the class: files hold its name
//	mae, mse, rmse:              the number that its name spells
//
// The error says which classes the metric can't have.
func Values(m Metric, classes []string) ([]float64, error) {
	values := make([]float64, len(classes))
	switch {
	case !m.TakesColumn():
		return nil, fmt.Errorf("%s takes one column a class", m)
	case m == Accuracy:
		for c := range values {
			values[c] = float64(c)
		}
		return values, nil
	case m.Numeric():
		return numbers(m, classes)
	case len(classes) != 2:
		return nil, fmt.Errorf("%s of one column is for two classes, not %d", m, len(classes))
	}
	values[1] = 1
	if spelt, err := numbers(m, classes); err == nil && spelt[0] > spelt[1] {
		values[0], values[1] = 1, 0
	}
	return values, nil
}

// numbers reads the classes as numbers, which must differ.
func numbers(m Metric, classes []string) ([]float64, error) {
	values, seen := make([]float64, len(classes)), map[float64]string{}
	for c, class := range classes {
		v, err := strconv.ParseFloat(strings.TrimSpace(class), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%s measures distances, and the class %q is not a number", m, class)
		}
		if twin, twice := seen[v]; twice {
			return nil, fmt.Errorf("the classes %q and %q are the same number", twin, class)
		}
		values[c], seen[v] = v, class
	}
	return values, nil
}

// single checks the prediction of a row in a submission of one column.
func (s Scoring) single(q []float64) (float64, error) {
	if len(q) != 1 {
		return 0, fmt.Errorf("%d values where the submission has one column", len(q))
	}
	v := q[0]
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return 0, fmt.Errorf("%v is not a number that can be scored", v)
	case s.Normalise == Refuse && s.Metric.Probabilities() && (v < 0 || v > 1):
		return 0, fmt.Errorf("%v is outside [0, 1]", v)
	}
	return v, nil
}

// numberLoss is the cost of a row in a submission of one column whose truth is y.
func (s Scoring) numberLoss(q []float64, y float64) (float64, error) {
	v, err := s.single(q)
	if err != nil {
		return 0, err
	}
	switch s.Metric {
	case BinaryLogLoss: // first clipped, then taken from 1: what is left of 1 - (1 - 1e-15) is 9.99e-16
		p := s.clip(v)
		if y == 0 {
			p = 1 - p
		}
		return 0 - math.Log(p), nil
	case Accuracy:
		if v == y {
			return 0, nil
		}
		return 1, nil
	case MAE:
		return math.Abs(v - y), nil
	case Brier, MSE, RMSE:
		return (v - y) * (v - y), nil
	}
	return 0, fmt.Errorf("%s has no cost of a single row", s.Metric)
}

// Bounds returns the least and the most that a row predicted as q may cost, whatever its truth. For numbers of a range these are the costs of its
// ends, or 0 where q is between them.
func (s Scoring) Bounds(q []float64) (Interval, error) {
	if s.Range == nil {
		loss, err := s.RowLoss(q)
		if err != nil {
			return Interval{}, err
		}
		return Interval{slices.Min(loss), slices.Max(loss)}, nil
	}
	lo, err := s.numberLoss(q, s.Range.Lo)
	if err != nil {
		return Interval{}, err
	}
	hi, err := s.numberLoss(q, s.Range.Hi)
	in := Interval{min(lo, hi), max(lo, hi)}
	if s.Range.Lo <= q[0] && q[0] <= s.Range.Hi {
		in.Lo = 0
	}
	return in, err
}
