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
	Full      bool      // scores are not cut at all; Decimals is then [FullDecimals]
	Noise     float64   // standard deviation of a normal error that every score has of its own; 0: the same file always scores the same
	Rounding  Rounding  // how the score is cut to them
	Clip      float64   // probabilities are moved into [Clip, 1-Clip]; 0: not clipped, a true class at 0 then costs +Inf
	Normalise Normalise // what happens to a row that does not sum to 1
	Values    []float64 // submissions of one column: the number of each class, as of [Values]; nil: one column a class
	Range     *Interval // submissions of one column whose truth is any number from Lo to Hi, so that there are no classes; else nil
}

// Columns is how many values a submission has for a row.
func (s Scoring) Columns(classes int) int {
	if s.Values != nil || s.Range != nil {
		return 1
	}
	return classes
}

// RowLoss returns, for every class c, what a row predicted as q costs if c is its class. The score is [Scoring.Shown] of the mean cost. A
// submission with one column a class has one value in q for each, one with a single column one value in all. Costs are, after the board's
// normalising and clipping,
//
//	log-loss, binary-log-loss: -ln of the probability of c, in nats
//	brier:                     (v-y)²; with one column a class Σ (probability - [it is c])²
//	accuracy:                  0 where v = y, else 1
//	mae:                       |v-y|
//	mse, rmse:                 (v-y)²
//
// q is not modified. The error says why the board would refuse the row, or that the metric has no cost of a row (auc).
func (s Scoring) RowLoss(q []float64) ([]float64, error) {
	if s.Values == nil {
		return s.classLosses(q)
	}
	loss := make([]float64, len(s.Values))
	for c := range loss {
		var err error
		if loss[c], err = s.Loss(q, c); err != nil {
			return nil, err
		}
	}
	return loss, nil
}

// Loss is the element of [Scoring.RowLoss] for the class that the row has.
func (s Scoring) Loss(q []float64, class int) (float64, error) {
	if s.Values != nil {
		return s.numberLoss(q, s.Values[class])
	}
	scale, err := s.scale(q)
	if err != nil {
		return 0, err
	}
	return s.classLoss(q, scale, class), nil
}

// Shown is the score that a mean cost becomes, before it is cut to decimals: the share of right rows for accuracy, the root for rmse, else
// the mean itself.
func (s Scoring) Shown(mean float64) float64 {
	switch s.Metric {
	case Accuracy:
		return 1 - mean
	case RMSE:
		return math.Sqrt(mean)
	}
	return mean
}

// LossInterval returns the mean costs of a row that are shown as value: the inverse of [Scoring.Shown] on the ends of [ScoreInterval], which
// says what panics. Which end is open is as there, but for accuracy, where the ends change places.
func (s Scoring) LossInterval(value float64, r Rounding) Interval {
	in := s.interval(value, r)
	switch s.Metric {
	case Accuracy:
		return Interval{1 - in.Hi, 1 - in.Lo}
	case RMSE:
		lo := max(in.Lo, 0)
		return Interval{lo * lo, in.Hi * in.Hi}
	}
	return in
}

// HalfWidth is about half the width of [Scoring.LossInterval] for a score whose mean cost is mean.
func (s Scoring) HalfWidth(mean float64) float64 {
	tick := math.Pow10(-s.Decimals)
	if s.Metric == RMSE {
		return tick * math.Sqrt(max(mean, tick*tick))
	}
	return tick / 2
}

// NoiseOf is the standard deviation that Noise gives the mean cost behind a score whose mean cost is mean.
func (s Scoring) NoiseOf(mean float64) float64 {
	return s.Noise * s.HalfWidth(mean) * 2 * math.Pow10(s.Decimals)
}

// Score returns the score of the rows q, n × columns, whose classes are class, n ≥ 1, before it is cut to decimals.
func (s Scoring) Score(q [][]float64, class []int) (float64, error) {
	if len(q) != len(class) {
		panic(fmt.Sprintf("metric: %d rows of predictions, %d of truth", len(q), len(class)))
	}
	t := s.NewTally()
	for i, row := range q {
		if err := t.Add(row, class[i]); err != nil {
			return 0, fmt.Errorf("row %d: %w", i, err)
		}
	}
	return t.Score()
}

// classLosses are the costs of a row with one value a class.
func (s Scoring) classLosses(q []float64) ([]float64, error) {
	scale, err := s.scale(q)
	if err != nil {
		return nil, err
	}
	loss := make([]float64, len(q))
	for c := range q {
		loss[c] = s.classLoss(q, scale, c)
	}
	return loss, nil
}

// classLoss is the cost of a row with one value a class.
func (s Scoring) classLoss(q []float64, scale float64, class int) float64 {
	if s.Metric == Brier {
		return s.squares(q, scale, class)
	}
	return s.loss(q[class], scale)
}

// scale checks a row and returns what its values are divided by.
func (s Scoring) scale(q []float64) (float64, error) {
	if !s.Metric.TakesClasses() {
		return 0, fmt.Errorf("%s takes one column, not one a class", s.Metric)
	}
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

// squares is the Brier cost of a row with one value a class. Nothing is clipped but where the rule of dividing says so.
func (s Scoring) squares(q []float64, scale float64, class int) float64 {
	sum := 0.0
	for c, v := range q {
		if s.Normalise == ClipThenDivide {
			v = s.clip(v)
		}
		d := v / scale
		if c == class {
			d--
		}
		sum += d * d
	}
	return sum
}

func (s Scoring) clip(p float64) float64 { return min(max(p, s.Clip), 1-s.Clip) }
