// Package audit is the arithmetic of probing from the host's chair: how many bits the scores of a competition give away, what that tells of
// its test, and what each counter-measure would leave.
//
//  1. [Run] takes the board and the length of a competition ([Options]).
//  2. The board as it is, and once with each counter-measure ([Measures]), is attacked as well as lbprobe can: a hidden test by a score channel
//     (package channel), a static test by blocks of rows whose losses double from row to row.
//  3. Every figure is checked: simulated competitions send random numbers, or draw random labels, through the board and count what is read wrongly
//     ([Finding.Check]).
//
// What is said to leak is what these attacks read, which the check shows to be possible. It is no bound on cleverer ones.
package audit

import (
	"fmt"
	"math"
	"strconv"

	"lbprobe/internal/fault"
	"lbprobe/probes/channel"
)

// Kind says whether competitors see the test.
type Kind string

// The kinds of test.
const (
	Static Kind = "static" // the rows are known, the labels are not: labels of public rows leak
	Hidden Kind = "hidden" // a notebook sees the rows in a rerun: what it counts there leaks
)

// Options describe a competition that scores by log loss.
type Options struct {
	Kind         Kind
	Decimals     int     // shown, 1 to [channel.MaxDecimals]
	Rows         int     // of the test
	Public       float64 // share of the rows that are scored while the competition runs
	Quota        int     // submissions a day
	Days         int
	Classes      int
	Competitions int // simulated for every finding
	Seed         uint64
}

// Board is a leaderboard with its counter-measures.
type Board struct {
	Decimals int     `json:"decimals"`
	Public   int     `json:"public_rows"`
	Floor    float64 `json:"floor"`            // lower probabilities are raised to it
	Step     float64 `json:"step,omitempty"`   // a score is shown, to the step, only if it beats the best by more than it (Ladder)
	Jitter   float64 `json:"jitter,omitempty"` // standard deviation of noise that is added to a score
}

// Finding is what a board gives away.
type Finding struct {
	Name        string  `json:"name"`
	Board       Board   `json:"board"`
	Bits        float64 `json:"bits_per_submission"`
	Submissions int     `json:"submissions"`              // that are worth making: all of the competition, but for a Ladder
	Total       float64 `json:"bits"`                     // over the competition
	Cut         int     `json:"cut,omitempty"`            // hidden: rows from which a topic is in the private part with certainty 0.99
	Verdicts    int     `json:"topics_verdict,omitempty"` // hidden: topics of which it can be told whether the private part holds them
	Counts      int     `json:"topics_rows,omitempty"`    // hidden: topics whose rows can be told exactly
	Labels      int     `json:"labels,omitempty"`         // static: public rows whose label (first class or not) can be read
	Check       Check   `json:"check"`
}

// Check is what simulated competitions have shown.
type Check struct {
	Competitions int `json:"competitions"`
	Sent         int `json:"sent"`  // numbers, or labels
	Wrong        int `json:"wrong"` // of them read wrongly
}

// Report is an audit: the board as it is, then with each counter-measure.
type Report struct {
	Kind     Kind      `json:"kind"`
	Findings []Finding `json:"findings"`
}

// floor is the least probability where a board sets none.
const floor = 1e-12

// certainty of a private verdict.
const certainty = 0.99

// Run audits a competition. The error names the option that can't be.
func Run(o Options) (*Report, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	r := &Report{Kind: o.Kind}
	for i, m := range Measures(o) {
		f := Finding{Name: m.Name, Board: m.Board}
		attack := o.hidden
		if o.Kind == Static {
			attack = o.static
		}
		if err := attack(&f, uint64(i)); err != nil {
			return nil, err
		}
		r.Findings = append(r.Findings, f)
	}
	return r, nil
}

// check names what can't be.
func (o Options) check() error {
	for _, r := range []struct {
		flag, fix string
		ok        bool
	}{
		{"kind", "Give static or hidden", o.Kind == Static || o.Kind == Hidden},
		{"decimals", fmt.Sprintf("Give 1 to %d", channel.MaxDecimals), o.Decimals >= 1 && o.Decimals <= channel.MaxDecimals},
		{"rows", "Give 10 to 1,000,000,000 rows", o.Rows >= 10 && o.Rows <= 1e9},
		{"public", "Give a share such as 0.26, so that some rows are public and some are not", o.publicRows(1) >= 2 && o.publicRows(1) < o.Rows},
		{"quota", "Give 1 to 1,000 submissions a day", o.Quota >= 1 && o.Quota <= 1000},
		{"days", "Give 1 to 10,000 days", o.Days >= 1 && o.Days <= 10000},
		{"classes", "Give 2 to 1,000 classes", o.Classes >= 2 && o.Classes <= 1000},
		{"competitions", "Give 1 to 1,000,000", o.Competitions >= 1 && o.Competitions <= 1e6},
	} {
		if !r.ok {
			return &fault.Error{Field: "--" + r.flag, Msg: "is out of range", Fix: r.fix, Usage: true}
		}
	}
	return nil
}

// publicRows is that part of the public rows.
func (o Options) publicRows(part float64) int {
	if !(o.Public > 0 && o.Public < 1) {
		return 0
	}
	return int(math.Round(float64(o.Rows) * o.Public * part))
}

// submissions is how many there are in all.
func (o Options) submissions() int { return o.Quota * o.Days }

// Measure is a board with a counter-measure.
type Measure struct {
	Name  string
	Board Board
}

// Measures lists the board as it is and the counter-measures that an audit tries.
func Measures(o Options) []Measure {
	plain := Board{Decimals: o.Decimals, Public: o.publicRows(1), Floor: floor}
	tick := math.Pow10(-o.Decimals)
	out := []Measure{{"as it is", plain}}
	add := func(name string, change func(b *Board)) {
		b := plain
		change(&b)
		out = append(out, Measure{name, b})
	}
	for fewer := 1; fewer <= 2 && o.Decimals-fewer >= 1; fewer++ {
		name := fmt.Sprintf("%d decimals", o.Decimals-fewer)
		if o.Decimals-fewer == 1 {
			name = "1 decimal"
		}
		add(name, func(b *Board) { b.Decimals -= fewer })
	}
	if half := o.publicRows(0.5); half >= 2 {
		add("half the public rows", func(b *Board) { b.Public = half })
	}
	for _, least := range []float64{0.001, 0.01} {
		if float64(o.Classes)*least <= 0.1 {
			add("probabilities from "+strconv.FormatFloat(least, 'g', -1, 64), func(b *Board) { b.Floor = least })
		}
	}
	add("jitter of 3 ticks", func(b *Board) { b.Jitter = 3 * tick })
	if o.Decimals > 1 {
		add("Ladder, steps of 10 ticks", func(b *Board) { b.Step = 10 * tick })
	}
	return out
}
