package channel

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"lbprobe/internal/fault"
)

// ErrNarrow is the cause of errors about a board that has no levels to send with.
var ErrNarrow = errors.New("the channel has no levels")

// Plan says what each level of answer costs over one board.
type Plan struct {
	Levels []LevelPlan
	Budget int // submissions
}

// LevelPlan is what a level of answer costs. Submissions include the constants. What messages take is drawn from the belief; no
// score can make a message longer than Worst.
type LevelPlan struct {
	Level         Level
	Table         *Table
	Bits          float64    // of a message on average, its checksum included
	PerSubmission [2]float64 // bits that a channel submission carries, for the least and the most believed share of not-A rows
	Expected      float64    // submissions on average, for the middle share
	Usual         int        // enough for 19 of 20 messages, for the least share
	Worst         int        // enough for any message whatever, for the least share
	Within        float64    // chance that the budget is enough, for the least share
	Check         [2]int     // least modulus of the checksum, and with one submission more, for the least share
}

// usual is the share of messages that the planned number of submissions is enough for.
const usual = 0.95

// planDraws is how many messages a plan draws.
const planDraws = 400

// NewPlan plans every level of answer; [Options.Level] is passed over.
func NewPlan(o Options, budget int) (*Plan, error) {
	p := &Plan{Budget: budget}
	for _, level := range Levels() {
		o.Level = level
		l, err := planLevel(o, budget)
		if err != nil {
			return nil, err
		}
		p.Levels = append(p.Levels, *l)
	}
	return p, nil
}

// planLevel makes the table of one level and sees what messages cost.
func planLevel(o Options, budget int) (*LevelPlan, error) {
	t, drawn, err := draft(o)
	if err != nil {
		return nil, err
	}
	least, most := t.NumbersAt(float64(t.NotA[0])/1000), t.NumbersAt(float64(t.NotA[1])/1000)
	tight, middle := drawn.submissions(least), drawn.submissions(t.NumbersAt(t.middle()))
	within, _ := slices.BinarySearch(tight, budget+1)
	out := &LevelPlan{Level: o.Level, Table: t, Bits: drawn.bits(), PerSubmission: [2]float64{math.Log2(float64(least)), math.Log2(float64(most))},
		Usual: tight[int(math.Ceil(usual*planDraws))-1], Within: float64(within) / planDraws, Check: [2]int{t.Check, t.Check * least}}
	out.Worst = t.Constants + max(len(t.lengths(least)), int(math.Ceil((t.worst()+t.markBits(least))/out.PerSubmission[0])))
	for _, n := range middle {
		out.Expected += float64(n) / planDraws
	}
	t.Planned = out.Usual
	return out, nil
}

// Refusal is the error that a level does not fit the budget for the least share of not-A rows that is believed possible, or nil. It says what would
// fit.
func (p *Plan) Refusal(level Level) error {
	best := ""
	for _, l := range p.Levels {
		if l.Usual <= p.Budget {
			best = fmt.Sprintf(`, or ask for less: target = "%s" takes %d`, l.Level, l.Usual)
		}
	}
	for _, l := range p.Levels {
		if l.Level == level && l.Usual > p.Budget {
			return &fault.Error{Field: "probe.budget", Usage: true,
				Msg: fmt.Sprintf("%d submissions carry %q over this channel with chance %.2f if the class shares are at their worst", p.Budget, level, l.Within),
				Fix: fmt.Sprintf("Allow %d%s", l.Usual, best)}
		}
	}
	return nil
}
