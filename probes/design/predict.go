package design

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"lbprobe/probes/metric"
)

// predictions are what probes are made of under one metric: a row of predictions, one value a column of the submission.
type predictions interface {
	// random draws what a lattice probe predicts for one topic.
	random(rng *rand.Rand) []float64
	// base is what a topic is predicted that a probe does not move.
	base() []float64
	// moved is what a topic is predicted whose unknown of that group is asked about.
	moved(group int) []float64
}

// predictions of the metric, for the groups that [Groups] gave.
func (o Options) predictions() (predictions, error) {
	switch m := o.Scoring.Metric; {
	case m == metric.LogLoss || m == metric.BinaryLogLoss:
		return logs{o, o.leastLoss()}, nil
	case m == metric.Brier:
		return squares{o}, nil
	case m == metric.Accuracy:
		return names{o}, nil
	case len(o.groups) == 1 && m.Numeric():
		return o.far()
	case m.Numeric():
		return o.near(), nil
	}
	return nil, fmt.Errorf("no probes can be made for %q", o.Scoring.Metric)
}

// column turns the probabilities of the classes into what a submission holds: themselves, or in one column that of the positive class.
func (o Options) column(q []float64) []float64 {
	for c, v := range o.Scoring.Values {
		if v == 1 {
			return []float64{q[c]}
		}
	}
	return q
}

// logs are predictions under log-loss and binary-log-loss.
type logs struct {
	Options
	least float64 // leastLoss
}

func (p logs) random(rng *rand.Rand) []float64 { return p.quantised(p.Options.random(rng, p.least)) }

func (p logs) base() []float64 {
	switch p.Target {
	case Presence:
		return p.quantised(p.sparingA(p.least))
	case Cells:
		return p.quantised(p.dearClass(0, math.Log(float64(len(p.Classes)))))
	}
	return p.quantised(p.sparingA(p.softest()))
}

func (p logs) moved(group int) []float64 {
	top := -math.Log(p.Floor)
	if p.Target == Cells || p.Target == Rows && group == 0 {
		return p.quantised(p.dearClass(group, top))
	}
	return p.quantised(p.sparingA(top))
}

func (p logs) quantised(q []float64) []float64 { return p.column(metric.Quantise(q, p.Floor)) }

// squares are predictions under brier. A class costs the square of what it lacks, and the squares of what the others got: from 0 to 2, or to 1
// in one column. The far ends are the most telling, but between them alone the costs of two classes would always sum to the same.
type squares struct{ Options }

func (p squares) random(rng *rand.Rand) []float64 {
	if len(p.groups) == 2 {
		return p.sharing(0, extreme(rng))
	}
	c := rng.IntN(len(p.Classes))
	return p.sharing(c, extreme(rng))
}

func (p squares) base() []float64 { return p.sharing(0, 1/float64(len(p.Classes))) }

func (p squares) moved(group int) []float64 {
	if len(p.groups) == 2 && group == 1 {
		return p.sharing(0, 1)
	}
	return p.sharing(group, 0)
}

// sharing gives one class the share a and all others the same.
func (p squares) sharing(class int, a float64) []float64 {
	q := make([]float64, len(p.Classes))
	for c := range q {
		q[c] = (1 - a) / float64(len(q)-1)
	}
	q[class] = a
	return p.column(metric.Quantise(q, p.Floor))
}

// names are predictions under accuracy: a class, or none. Class c is the group that has it alone.
type names struct{ Options }

func (p names) random(rng *rand.Rand) []float64 {
	g := rng.IntN(len(p.groups) + 1)
	if g == len(p.groups) {
		return p.base()
	}
	return p.moved(g)
}

func (names) base() []float64 { return []float64{metric.NoClass} }

func (p names) moved(group int) []float64 { return []float64{float64(p.groups[group][0])} }

// numbers are predictions from one number to another under a metric of distances.
type numbers struct {
	least, width float64
	among        float64   // share of the predictions that are among the classes' numbers
	asked        []float64 // for each group the number of its first class; nil where all classes are one group
}

func (p numbers) random(rng *rand.Rand) []float64 {
	if rng.Float64() < p.among {
		lo, hi := slices.Min(p.asked), slices.Max(p.asked)
		return []float64{lo + (hi-lo)*rng.Float64()}
	}
	return []float64{p.least + p.width*rng.Float64()}
}

func (p numbers) base() []float64 { return []float64{p.least} }

func (p numbers) moved(group int) []float64 {
	if p.asked == nil {
		return []float64{p.least + p.width}
	}
	return []float64{p.asked[group]}
}

// span is the least and the greatest number that a row can have.
func (o Options) span() (lo, hi float64) {
	if r := o.Scoring.Range; r != nil {
		return r.Lo, r.Hi
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range o.Scoring.Values {
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// near are predictions among the classes' numbers and, if those are scored, up to three times as far outside on either side: below, between and above
// the classes the costs of two classes run in different directions. Most are among the numbers, the only place where more than two classes
// are told apart.
func (o Options) near() predictions {
	lo, hi := o.span()
	var asked []float64
	for _, group := range o.groups {
		asked = append(asked, o.Scoring.Values[group[0]])
	}
	if o.Outside {
		return numbers{lo - 3*(hi-lo), 7 * (hi - lo), 0.75, asked}
	}
	return numbers{lo, hi - lo, 0, asked}
}

// Far predictions: how many times the width of the rows' numbers they go, at most, and how many ticks the score may have, so that float64
// holds it well.
const (
	farWidths = 1 << 20
	farTicks  = 1 << 49
	leastFar  = 32 // widths that are worth a probe
)

// far are predictions so far above all numbers that a row costs nearly the same whatever its own: what is left of the difference blurs the score
// by half the width of the numbers, against which the distance is read.
func (o Options) far() (predictions, error) {
	lo, hi := o.span()
	most := farTicks * math.Pow10(-o.Scoring.Decimals)
	if o.Scoring.Metric == metric.MSE {
		most = math.Sqrt(most)
	}
	away := min(farWidths*(hi-lo), most-max(math.Abs(lo), math.Abs(hi)))
	if away < leastFar*(hi-lo) {
		return nil, fmt.Errorf("%s over %v to %v with %d decimals: predictions far enough outside would have scores of more digits than a board keeps",
			o.Scoring.Metric, lo, hi, o.Scoring.Decimals)
	}
	return numbers{hi, away, 0, nil}, nil
}
