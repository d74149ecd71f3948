package channel

import (
	"math"

	"lbprobe/probes/metric"
)

// row is the prediction with probability 1 - (classes-1)·b for one class and b for each of the others, on the grid that every scorer reads alike.
func (t *Table) row(class int, b float64) []float64 {
	q := make([]float64, t.Classes)
	for c := range q {
		q[c] = b
	}
	q[class] = 1 - float64(t.Classes-1)*b
	return metric.Quantise(q, t.Floor)
}

// costs are what a row of the favoured class costs under a prediction of [Table.row], and a row of any other class. The score of
// the prediction is own·(1-s) + other·s, s being the share of the others.
func (t *Table) costs(q []float64, class int) (own, other float64) {
	a, b := q[class], q[(class+1)%t.Classes]
	switch {
	case t.Metric != metric.Brier:
		return -math.Log(a), -math.Log(b)
	case t.Column:
		return b * b, (1 - b) * (1 - b)
	}
	n := float64(t.Classes - 1)
	return (1-a)*(1-a) + n*b*b, a*a + (1-b)*(1-b) + (n-1)*b*b
}

// uniform is the score of a prediction that favours no class, whatever the class shares: no level lies below it.
func uniform(m metric.Metric, column bool, classes int) float64 {
	switch {
	case m != metric.Brier:
		return math.Log(float64(classes))
	case column:
		return 0.25
	}
	return 1 - 1/float64(classes)
}

// unit is a tick.
func (t *Table) unit() float64 { return math.Pow10(-t.Decimals) }

// share is the share of rows outside class A that makes the first score exactly so many ticks.
func (t *Table) share(ticks float64) float64 {
	own, other := t.costs(t.row(0, t.Floor), 0)
	return (ticks*t.unit() - own) / (other - own)
}

// scoring is the prediction of class A whose score is target where the share of the others is s. Beyond b = s/(classes-1), where the
// score is least, it rises as b falls: bisection over u = -ln b.
func (t *Table) scoring(target, s float64) []float64 {
	n := float64(t.Classes - 1)
	lo, hi := -math.Log(min(s, n/(n+1))/n), -math.Log(t.Floor)
	for range 80 {
		u := (lo + hi) / 2
		if t.smooth(math.Exp(-u), s) < target {
			lo = u
		} else {
			hi = u
		}
	}
	return t.row(0, math.Exp(-hi))
}

// smooth is the score of (1-(classes-1)·b, b, …) before it is brought to the grid.
func (t *Table) smooth(b, s float64) float64 {
	q := make([]float64, 2, 3)
	q[0], q[1] = 1-float64(t.Classes-1)*b, b
	own, other := t.costs(q, 0)
	return own*(1-s) + other*s
}
