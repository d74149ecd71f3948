package channel

import (
	"fmt"
	"math"

	"lbprobe/internal/fault"
	"lbprobe/probes/metric"
)

// Prediction is what a submission predicts for every row of the test: one probability a class, to be printed so that it reads back as the same
// float64. Where the submission has one column it is the probability of the class that stands for 1. probe counts from 1 within the
// design: the constants come first. scores are the shown texts of the probes before it, by number, of which only the first matters to a
// message. tallies are the notebook's counts by name; [Table.Entries] says how many each has. The error, in words for a log, says
// that a score is missing or is none, or what the counts have that a message can't carry ([RowCount] is the fault to fall back to).
func (t *Table) Prediction(probe int, scores map[int]string, tallies map[string][]int) ([]float64, error) {
	switch {
	case probe < 1:
		return nil, fmt.Errorf("there is no probe %d", probe)
	case probe <= t.Constants:
		return t.row(probe-1, t.Floor), nil
	}
	top, err := t.top(scores)
	if err != nil {
		return nil, err
	}
	l := t.ladder(top)
	if l.free() < 2 {
		return nil, t.deaf(scores[1])
	}
	truth, err := t.values(tallies)
	if err != nil {
		return nil, err
	}
	n := probe - t.Constants
	digits, _ := t.code().digits(truth, l.free(), n)
	return t.levelRow(l, reserved+digits[n-1], top), nil
}

// values puts tallies into the order of the fields. The error says what a message can't carry.
func (t *Table) values(tallies map[string][]int) ([]int, error) {
	out := make([]int, len(t.Fields))
	for i, f := range t.Fields {
		counts, ok := tallies[f.Tally]
		switch {
		case !ok:
			return nil, fmt.Errorf("the tally %q is not counted", f.Tally)
		case len(counts) != t.Entries(f.Tally):
			return nil, fmt.Errorf("the tally %q has %d counts, the design %d", f.Tally, len(counts), t.Entries(f.Tally))
		case counts[f.Entry] < f.Cuts[0] || counts[f.Entry] > f.Most:
			return nil, fmt.Errorf("count %d of the tally %q is %d, the design has room for %d to %d", f.Entry, f.Tally, counts[f.Entry], f.Cuts[0], f.Most)
		}
		out[i] = counts[f.Entry]
	}
	return out, t.addsUp(tallies)
}

// addsUp tells whether the topics' rows are all rows, on which an exact message rests.
func (t *Table) addsUp(tallies map[string][]int) error {
	if !t.sendsExactly(Topics) {
		return nil
	}
	sum := 0
	for _, n := range tallies[Topics] {
		sum += n
	}
	if rows := tallies[Rows][0]; sum != rows {
		return fmt.Errorf("the topics have %d rows, the test %d", sum, rows)
	}
	return nil
}

// levelRow is the prediction of a level.
func (t *Table) levelRow(l ladder, level, top int) []float64 {
	from, width := l.level(level)
	return t.scoring(t.aim(from, width, top)*t.unit(), t.share(float64(top)))
}

// top is the first score, on which all levels rest.
func (t *Table) top(scores map[int]string) (int, error) {
	tick, err := t.tick(scores, 1)
	if err == nil && !t.inRange(t.row(0, t.Floor), tick) {
		err = &fault.Error{Msg: fmt.Sprintf("the score %s of probe 1 asks for a share of the first class that is not believed possible", scores[1]), Fix: "Look it up again"}
	}
	return tick, err
}

// tick is a score in units of its last decimal.
func (t *Table) tick(scores map[int]string, probe int) (int, error) {
	text, ok := scores[probe]
	if !ok {
		return 0, &fault.Error{Msg: fmt.Sprintf("the score of probe %d is not known", probe), Fix: "Record it first"}
	}
	r, err := metric.ParseReading(text, t.Decimals)
	if err != nil {
		return 0, fmt.Errorf("probe %d: %w", probe, err)
	}
	return int(math.Round(r.Value * math.Pow10(t.Decimals))), nil
}

// deaf says that the class shares leave the channel no levels.
func (t *Table) deaf(score string) error {
	return &fault.Error{
		Msg: fmt.Sprintf("after the first score %s nothing can be sent: nearly all public rows are of the first class", score),
		Fix: "Let the class that is believed rarest be the first in competition.classes",
		Err: ErrNarrow,
	}
}
