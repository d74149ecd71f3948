package metric

import (
	"fmt"
	"math"
)

// Clip64 is the usual clip of a scorer that works in float64: its machine epsilon, 2^-52.
const Clip64 = 0x1p-52

// sumTolerance is the relative error that [Refuse] allows in the sum of a row.
const sumTolerance = 1e-5

// Scoring is how a board scores: the metric and its small print.
type Scoring struct {
	Metric    Metric
	Decimals  int       // digits shown behind the point, 0 to [MaxDecimals]
	Rounding  Rounding  // how the mean is cut to them
	Clip      float64   // probabilities are moved into [Clip, 1-Clip]; 0: not clipped, a true class at 0 then costs +Inf
	Normalise Normalise // what happens to a row that does not sum to 1
}

// RowLoss returns, for every class c, what a row predicted as q costs if c is its class, in nats: -ln of q[c] as it stands after the
// board's normalising and clipping. q holds one value a class and is not modified. The error says why the board would refuse the row.
func (s Scoring) RowLoss(q []float64) ([]float64, error) {
	scale, err := s.scale(q)
	if err != nil {
		return nil, err
	}
	loss := make([]float64, len(q))
	for c, v := range q {
		loss[c] = s.loss(v, scale)
	}
	return loss, nil
}

// Loss is the element of [Scoring.RowLoss] for the class that the row has, 0 ≤ class < len(q).
func (s Scoring) Loss(q []float64, class int) (float64, error) {
	scale, err := s.scale(q)
	if err != nil {
		return 0, err
	}
	return s.loss(q[class], scale), nil
}

// Score returns the mean loss of the rows q, n × classes, whose classes are class, n ≥ 1, before it is cut to decimals. The sum is
// compensated: its error does not grow with the number of rows.
func (s Scoring) Score(q [][]float64, class []int) (float64, error) {
	if len(q) != len(class) {
		panic(fmt.Sprintf("metric: %d rows of predictions, %d of truth", len(q), len(class)))
	}
	var mean Mean
	for i, row := range q {
		loss, err := s.Loss(row, class[i])
		if err != nil {
			return 0, fmt.Errorf("row %d: %w", i, err)
		}
		mean.Add(loss)
	}
	return mean.Value(), nil
}

// scale checks a row and returns what its values are divided by.
func (s Scoring) scale(q []float64) (float64, error) {
	sum := 0.0
	for c, v := range q {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return 0, fmt.Errorf("class %d is %v, not a number that can be scored", c, v)
		}
		if s.Normalise == Refuse && (v < 0 || v > 1) {
			return 0, fmt.Errorf("class %d is %v, outside [0, 1]", c, v)
		}
		if s.Normalise == ClipThenDivide {
			v = s.clip(v)
		}
		sum += v
	}
	switch s.Normalise {
	case Divide, ClipThenDivide:
		if !(sum > 0) || math.IsInf(sum, 0) {
			return 0, fmt.Errorf("the row sums to %v and can't be divided by that", sum)
		}
		return sum, nil
	case Refuse:
		if math.Abs(sum-1) > sumTolerance {
			return 0, fmt.Errorf("the row sums to %v, not 1", sum)
		}
	}
	return 1, nil
}

// loss is what a value v costs where its class is the true one; a certain class costs 0, not -0.
func (s Scoring) loss(v, scale float64) float64 {
	if s.Normalise == ClipThenDivide {
		return 0 - math.Log(s.clip(v)/scale)
	}
	return 0 - math.Log(s.clip(v/scale))
}

func (s Scoring) clip(p float64) float64 { return min(max(p, s.Clip), 1-s.Clip) }

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
