package channel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"lbprobe/internal/fault"
)

// entropy is that of a count under its weights, in bits.
func (f Field) entropy() float64 {
	total := 0.0
	for _, w := range f.Weights {
		total += float64(w)
	}
	h := 0.0
	for i, w := range f.Weights {
		p := float64(w) / total
		h += p * (math.Log2(float64(f.size(i))) - math.Log2(p))
	}
	return h
}

// size is how many counts a bucket has.
func (f Field) size(bucket int) int {
	if bucket+1 < len(f.Cuts) {
		return f.Cuts[bucket+1] - f.Cuts[bucket]
	}
	return f.Most - f.Cuts[bucket] + 1
}

// Submissions is how many submissions a message takes, constants included, where not-A rows are that share of the public ones.
func (t *Table) Submissions(tallies map[string][]int, notA float64) (int, error) {
	return t.code().submissions(tallies, t.levelsAt(notA))
}

func (c code) submissions(tallies map[string][]int, levels int) (int, error) {
	truth, err := c.values(tallies)
	if err != nil {
		return 0, err
	}
	_, needed := c.digits(truth, levels, 0)
	return c.Constants + needed, nil
}

// levelsAt is how many levels a message may use for a share of not-A rows.
func (t *Table) levelsAt(notA float64) int {
	own, other := t.costs(t.row(0, t.Floor), 0)
	return t.ladder(int((own + notA*(other-own)) / t.unit())).free()
}

// planDraws is how many messages a plan is made from.
const planDraws = 300

// drawn are the submissions that messages drawn from the belief take, ascending.
func (t *Table) drawn(o Options, notA float64) ([]int, error) {
	levels := t.levelsAt(notA)
	if levels < 2 {
		return nil, t.deaf(fmt.Sprintf("of a share of %.3f outside the first class", notA))
	}
	c, rng := t.code(), rand.New(rand.NewPCG(uint64(t.Rows[1]), uint64(len(t.Fields))))
	out := make([]int, planDraws)
	for i := range out {
		var err error
		if out[i], err = c.submissions(o.Draw(rng), levels); err != nil {
			return nil, err
		}
	}
	slices.Sort(out)
	return out, nil
}

// plan sets how many submissions are planned: enough for 19 of 20 messages where the share of not-A rows is the least that is believed.
func (t *Table) plan(o Options) error {
	drawn, err := t.drawn(o, float64(t.NotA[0])/1000)
	if err != nil {
		return &fault.Error{Field: "competition.classes", Msg: err.Error(), Usage: true}
	}
	t.Planned = drawn[len(drawn)*95/100]
	return nil
}
