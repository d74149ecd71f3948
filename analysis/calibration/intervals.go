package calibration

import (
	"fmt"
	"math/rand/v2"

	"lbprobe/analysis"
)

// Certainties are those at which coverage is told.
var Certainties = [3]float64{0.5, 0.9, 0.95}

// Coverage is how often intervals of one kind of count hold the truth.
type Coverage struct {
	Inside [3]Share // by Certainties
	Ranks  Ranks    // of one count a competition, drawn at random; after identification there are none
	Best   Share    // the likeliest value is the truth
	Stated float64  // sum of the probabilities stated for the likeliest values
}

func (c *Coverage) join(o Coverage) {
	for i := range c.Inside {
		c.Inside[i].join(o.Inside[i])
	}
	c.Ranks.join(o.Ranks)
	c.Best.join(o.Best)
	c.Stated += o.Stated
}

// Stage is how far a competition's scores carry.
type Stage int

// The stages.
const (
	Unread Stage = iota // no score
	Half                // half of the submissions of the bound
	Before              // one less than the bound
	After               // as many as the bound, where candidates or exact counts are listed
	stages
)

// String names a stage.
func (s Stage) String() string {
	return [...]string{"no score", "half of the bound", "bound − 1", "bound, points listed"}[s]
}

// Kind is what a count counts.
type Kind int

// The kinds.
const (
	PublicCounts Kind = iota // public rows of a topic and class, as asked for
	PrivateRows              // private rows of a topic, hence its public ones too
	kinds
)

// String names a kind.
func (k Kind) String() string {
	return [...]string{"public, by class", "private"}[k]
}

// kindOf sorts a count; ok is false for what needs no inference.
func kindOf(c analysis.Count) (k Kind, ok bool) {
	switch {
	case c.Topic == analysis.AllTopics || c.Exact:
		return 0, false
	case c.Split == "public" && c.Class != "*":
		return PublicCounts, true
	}
	return PrivateRows, c.Split == "private" && c.Class == "*"
}

// IntervalRow is a setting with the coverage of its intervals.
type IntervalRow struct {
	Setting Setting
	At      [stages][kinds]Coverage
}

func (r *IntervalRow) join(o IntervalRow) {
	for s := range r.At {
		for k := range r.At[s] {
			r.At[s][k].join(o.At[s][k])
		}
	}
}

// intervals analyses one world's competitions at every stage.
func (r *runner) intervals(w *world) (row IntervalRow, err error) {
	for game := range w.Games {
		c, err := w.play(game)
		if err != nil {
			return row, err
		}
		rng := w.stream(w.seed+1, w.number, game)
		for stage, submissions := range []int{0, w.bound / 2, w.bound - 1, w.bound} {
			if err := r.stage(c, Stage(stage), submissions, &row, rng); err != nil {
				return row, fmt.Errorf("%s: %w", c.where(), err)
			}
		}
	}
	return row, nil
}

// stage asks for intervals at Certainties, and before identification for ranks.
func (r *runner) stage(c *competition, s Stage, submissions int, row *IntervalRow, rng *rand.Rand) error {
	var asked [len(Certainties)][]analysis.Count
	for i, certainty := range Certainties {
		in := c.read(submissions)
		in.Certainty = certainty
		result, err := r.analyze(in)
		if err != nil {
			return err
		}
		listed := result.Status == analysis.Candidates || result.Status == analysis.Exact
		if listed != (s == After) || result.Status == analysis.Misfit {
			return nil
		}
		asked[i] = result.Counts
	}
	for k := range kinds {
		which := ofKind(k, asked[0])
		if len(which) == 0 {
			continue
		}
		c.cover(which, asked, &row.At[s][k])
		if s == After {
			continue
		}
		rank, err := r.rank(c, submissions, which[rng.IntN(len(which))], rng)
		if err != nil {
			return err
		}
		row.At[s][k].Ranks.add(rank)
	}
	return nil
}

// ofKind are the counts of a kind, by index.
func ofKind(k Kind, counts []analysis.Count) (which []int) {
	for i, v := range counts {
		if kind, ok := kindOf(v); ok && kind == k {
			which = append(which, i)
		}
	}
	return which
}

// cover compares intervals with the truth.
func (c *competition) cover(which []int, asked [len(Certainties)][]analysis.Count, out *Coverage) {
	best, inside := 0, [len(Certainties)]int{}
	for _, j := range which {
		truth := c.truthOf(asked[0][j])
		if asked[0][j].Best == truth {
			best++
		}
		out.Stated += asked[0][j].Posterior
		for i := range Certainties {
			if holds(asked[i][j], truth) {
				inside[i]++
			}
		}
	}
	out.Best.add(best, len(which))
	for i, n := range inside {
		out.Inside[i].add(n, len(which))
	}
}

func (c *competition) truthOf(v analysis.Count) int { return c.count(v.Split, v.Topic, v.Class) }

func holds(v analysis.Count, truth int) bool { return v.Lo <= truth && truth <= v.Hi }

// rank is a random point of the mass that the truth of a count has in the order of falling likelihood. An interval grows by one value at a
// time: the truth enters it at the certainty which is the mass of what is likelier, and the next value enters when the truth's own mass is
// used up too. Both certainties are found by bisection.
func (r *runner) rank(c *competition, submissions, which int, rng *rand.Rand) (float64, error) {
	var failed error
	at := func(certainty float64) analysis.Count {
		in := c.read(submissions)
		in.Certainty = certainty
		result, err := r.analyze(in)
		if err != nil {
			failed = err
			return analysis.Count{}
		}
		return result.Counts[which]
	}
	truth := c.truthOf(at(0.5))
	from := turn(0, func(x float64) bool { return holds(at(x), truth) })
	entered := at(from)
	to := turn(from, func(x float64) bool { v := at(x); return v.Lo != entered.Lo || v.Hi != entered.Hi })
	return from + (to-from)*rng.Float64(), failed
}

// turn is the certainty from which on something holds, to within 2^-8, between lo and 1.
func turn(lo float64, holds func(certainty float64) bool) float64 {
	hi := 1.0
	for hi-lo > 1.0/(1<<8) {
		if middle := (lo + hi) / 2; holds(middle) {
			hi = middle
		} else {
			lo = middle
		}
	}
	return hi
}
