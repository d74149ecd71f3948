package channel

import (
	"math"
	"slices"

	"lbprobe/probes/metric"
)

// equation is what a score says of the share of public rows outside a class: own + share·slope is the mean that was shown as tick.
type equation struct {
	class      int
	own, slope float64
	tick       int
	slack      float64 // ticks by which a scorer's floats, or the grid of probabilities, may move the mean
}

// constantSlack and levelSlack are the slacks of constants, whose predictions are known to the last bit, and of levels, which the notebook's processor
// may have rounded to the neighbour on the grid.
const (
	constantSlack = 1e-4
	levelSlack    = 0.1
)

// equations are those of all scores that are read, constants first.
func (t *Table) equations(ticks []int, l ladder) []equation {
	var out []equation
	add := func(q []float64, class, tick int, slack float64) {
		own, other := t.costs(q, class)
		out = append(out, equation{class, own, other - own, tick, slack})
	}
	for i, tick := range ticks {
		if i < t.Constants {
			add(t.row(i, t.Floor), i, tick, constantSlack)
		} else if level, ok := l.at(tick); ok {
			add(t.levelRow(l, level, ticks[0]), 0, tick, levelSlack)
		}
	}
	return out
}

// shares returns the least and most share outside its class that an equation allows under a rounding.
func (e equation) shares(t *Table, r metric.Rounding) (lo, hi float64) {
	in := metric.Interval{Lo: float64(e.tick) - 0.5, Hi: float64(e.tick) + 0.5}
	if r == metric.Floor {
		in = metric.Interval{Lo: float64(e.tick), Hi: float64(e.tick) + 1}
	}
	unit := t.unit()
	return ((in.Lo-e.slack)*unit - e.own) / e.slope, ((in.Hi+e.slack)*unit - e.own) / e.slope
}

// others returns, for each class that a constant was about, the share of rows outside it under a rounding. ok is false where the scores contradict
// each other under it.
func (t *Table) others(eqs []equation, r metric.Rounding) (out []metric.Interval, ok bool) {
	for _, e := range eqs {
		lo, hi := e.shares(t, r)
		if e.class == len(out) {
			out = append(out, metric.Interval{Lo: max(0, lo), Hi: min(1, hi)})
			continue
		}
		out[e.class].Lo, out[e.class].Hi = max(out[e.class].Lo, lo), min(out[e.class].Hi, hi)
	}
	inside := metric.Interval{}
	for _, in := range out {
		if in.Lo > in.Hi {
			return nil, false
		}
		inside.Lo += 1 - in.Hi
		inside.Hi += 1 - in.Lo
	}
	return out, inside.Lo <= 1 && (len(out) < t.Classes || inside.Hi >= 1)
}

// classes fills in what the scores tell of the public rows' classes. It returns false where they contradict each other under every rounding.
func (t *Table) classes(r *Reading, ticks []int) bool {
	eqs := t.equations(ticks, t.ladder(ticks[0]))
	var fits [][]metric.Interval
	r.Roundings = nil
	for _, rounding := range t.Rounding.Hypotheses() {
		if others, ok := t.others(eqs, rounding); ok {
			r.Roundings = append(r.Roundings, rounding)
			fits = append(fits, others)
		}
	}
	if len(fits) == 0 {
		return false
	}
	r.Shares, r.Public = t.shares(fits), t.publicCounts(fits)
	return true
}

// shares joins what the hypotheses say of each class. A class that no constant was about holds at most what the others leave, and exactly that if
// it is the only one.
func (t *Table) shares(fits [][]metric.Interval) []Share {
	out := slices.Repeat([]Share{{1, 0}}, t.Classes)
	for _, others := range fits {
		least, most := 1.0, 0.0 // of what is left
		for c, in := range others {
			out[c] = Share{min(out[c].Lo, 1-in.Hi), max(out[c].Hi, 1-in.Lo)}
			least -= 1 - in.Lo
			most += 1 - in.Hi
		}
		for c := len(others); c < t.Classes; c++ {
			rest := Share{0, 1 - most}
			if len(others) == t.Classes-1 {
				rest.Lo = max(0, least)
			}
			out[c] = Share{min(out[c].Lo, rest.Lo), max(out[c].Hi, rest.Hi)}
		}
	}
	return out
}

// mostSearched is how many numbers of public rows are tried.
const mostSearched = 1_000_000

// publicCounts looks for the whole numbers of public rows and of rows of each class that show all scores, and returns them if there is one such
// answer. All classes but one must have had a constant.
func (t *Table) publicCounts(fits [][]metric.Interval) *PublicCounts {
	if len(fits[0]) < t.Classes-1 || t.Public[1]-t.Public[0] > mostSearched {
		return nil
	}
	var found *PublicCounts
	for n := t.Public[0]; n <= t.Public[1]; n++ {
		for _, others := range fits {
			counts, several := countsOf(others, n, t.Classes)
			switch {
			case several:
				return nil
			case counts == nil || found != nil && found.Rows == n && slices.Equal(found.Classes, counts):
			case found != nil:
				return nil
			default:
				found = &PublicCounts{n, counts}
			}
		}
	}
	return found
}

// countsOf returns the rows of each class among n, nil where no whole numbers fit; several says that more than one answer does.
func countsOf(others []metric.Interval, n, classes int) (counts []int, several bool) {
	rest := n
	for _, in := range others {
		lo, hi := int(math.Ceil(in.Lo*float64(n)-1e-6)), int(math.Floor(in.Hi*float64(n)+1e-6))
		if lo > hi {
			return nil, false
		}
		if lo < hi {
			several = true
		}
		counts = append(counts, n-lo)
		rest -= n - lo
	}
	switch {
	case several:
		return nil, true
	case rest < 0, rest > 0 && len(others) == classes:
		return nil, false
	case len(others) < classes:
		counts = append(counts, rest)
	}
	return counts, false
}
