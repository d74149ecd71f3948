package channel

import (
	"math"
	"math/big"
	"slices"

	"lbprobe/probes/metric"
)

// Reading is what scores tell.
type Reading struct {
	Levels    int                // of a channel submission that a message may use; 0 before the first score
	Bits      float64            // that a channel submission carries: their logarithm
	Shares    []Share            // of the public rows, by class
	Public    *PublicCounts      // the public rows exactly; nil where they are not determined
	Roundings []metric.Rounding  // those that no score contradicts
	Stages    []StageReading     // parts of the message, in the order of the table
	Tallies   map[string][]Count // once all of the message is there and its checksum has fitted; before, all that is possible
	Tentative map[string][]Count // as far as the scores go
	Faults    []Fault            // what the notebook says went wrong, in the submission Probe
	Rejected  string             // why the scores can't be those of this design; empty where they may be
	Probe     int                // the submission that Faults or Rejected is about; 0: no single one
	Next      int                // the number of the submission that is wanted next; 0: all is told, or all was rejected and no single score blamed
	Whole     int                // submissions that the message takes, constants included; 0: not said yet
	Modulus   int                // of the checksum that has fitted, at most 10^9: one in so many messages that a wrong score has spoilt passes it; 0: none has fitted yet
	Longer    bool               // the message goes on where the plan ends: its counts are improbable, or a score is wrong
}

// Share is a class's share of the public rows.
type Share struct{ Lo, Hi float64 }

// PublicCounts are the public rows by class, and all of them.
type PublicCounts struct {
	Rows    int
	Classes []int
}

// Count is what is told of a count: it is from Lo to Hi.
type Count struct{ Lo, Hi int }

// StageReading is a part of the message.
type StageReading struct {
	Name    string
	Told    bool // all its symbols are
	Checked bool // and so are all others, and the checksum has fitted
}

// Decode reads scores, by probe number, of which those from the first on without a gap are used. The error says that a text is no score of this
// board; scores that are, but can't be of this design, are rejected in the Reading.
func (t *Table) Decode(scores map[int]string) (*Reading, error) {
	r := &Reading{Roundings: t.Rounding.Hypotheses()}
	var ticks []int
	for probe := 1; ; probe++ {
		if _, ok := scores[probe]; !ok {
			break
		}
		tick, err := t.tick(scores, probe)
		if err != nil {
			return nil, err
		}
		ticks = append(ticks, tick)
	}
	r.Next = len(ticks) + 1
	if len(ticks) == 0 || !t.constants(r, ticks) {
		return r, nil
	}
	t.receive(r, ticks)
	if r.Rejected == "" && !t.classes(r, ticks) {
		r.reject("no share of the first class shows all of these scores, rounded or floored: one of them is wrong")
	}
	return r, nil
}

// constants reads the first scores. It returns false where they stop the reading.
func (t *Table) constants(r *Reading, ticks []int) bool {
	if found := t.earlyFaults(ticks[0]); len(found) > 0 {
		return r.stop(1, found, "")
	}
	if !t.inRange(t.row(0, t.Floor), ticks[0]) {
		return r.stop(1, nil, "no share of the first class that is believed possible shows this score")
	}
	l := t.ladder(ticks[0])
	r.Levels = l.free()
	if r.Levels < 2 {
		return r.stop(1, nil, "nearly all public rows are of the first class: no message fits")
	}
	r.Bits = math.Log2(float64(r.Levels))
	for probe := 2; probe <= min(t.Constants, len(ticks)); probe++ {
		if i, ok := l.at(ticks[probe-1]); ok && i < int(faults) && t.improbable(probe, ticks) {
			return r.stop(probe, []Fault{Fault(i)}, "")
		}
	}
	return true
}

// improbable tells whether a constant's score lies so low that its class would hold more rows than the first score leaves it.
func (t *Table) improbable(probe int, ticks []int) bool {
	own, other := t.costs(t.row(probe-1, t.Floor), probe-1)
	least := own + (1-t.share(float64(ticks[0])+1))*(other-own)
	return float64(ticks[probe-1]) < least/t.unit()-1.5
}

// stop ends a reading at a submission.
func (r *Reading) stop(probe int, found []Fault, why string) bool {
	r.Probe, r.Faults, r.Rejected, r.Next = probe, found, why, probe
	return false
}

// reject throws away what was read of a message.
func (r *Reading) reject(why string) {
	r.Rejected, r.Next, r.Modulus = why, 0, 0
	r.Stages, r.Tallies, r.Tentative, r.Shares, r.Public = nil, nil, nil, nil, nil
}

// receive reads the message.
func (t *Table) receive(r *Reading, ticks []int) {
	l := t.ladder(ticks[0])
	var digits []int
	for i := t.Constants; i < len(ticks); i++ {
		level, ok := l.at(ticks[i])
		switch {
		case !ok:
			r.stop(i+1, nil, "no level of the design shows this score")
			return
		case level < int(faults):
			r.stop(i+1, []Fault{Fault(level)}, "")
			return
		case level < reserved:
			r.stop(i+1, nil, "the score is at a level that nothing uses")
			return
		}
		digits = append(digits, level-reserved)
	}
	t.code().read(r, digits)
}

// read puts what digits tell into a Reading. The marks say how long the message is. When all of it is there it is encoded once more: the digits must be those that a
// notebook sends.
func (c code) read(r *Reading, digits []int) {
	f, ok := c.frameOf(digits, r.Levels)
	if !ok {
		r.reject("the first scores of the message do not agree on its length: one of them is wrong")
		return
	}
	s, _ := f.reader(digits)
	length, known := f.lengthOf(s)
	whole := known && len(digits) >= length
	if whole {
		s, _ = f.reader(digits[:length])
		s.point = true
		f.lengthOf(s)
	}
	w := &walk{known: c.possible(), sound: true}
	if known {
		w = c.pass(s, nil)
	}
	spelt := w.stages == len(c.Stages) // perhaps before all of it is there
	modulus := 0
	if spelt {
		modulus = c.modulus(w, digits, length, r.Levels)
	}
	if !w.sound || (whole || spelt) && modulus == 0 {
		r.reject("the checksum does not fit: a score is wrong, or belongs to another design")
		return
	}
	if known {
		r.Whole = c.Constants + length
	}
	r.Tallies, r.Tentative = c.tallies(c.possible()), c.tallies(w.known)
	if whole {
		r.Next, r.Tallies, r.Modulus = 0, r.Tentative, modulus
	}
	r.Longer = max(r.Next, r.Whole) > c.Planned
	for i, s := range c.Stages {
		r.Stages = append(r.Stages, StageReading{s.Name, i < w.stages, whole})
	}
}

// frameOf is the layout that the marks among some digits name; without digits none is. ok is false where they name none, or two.
func (c code) frameOf(digits []int, levels int) (f frame, ok bool) {
	frames := c.frames(levels)
	if len(digits) == 0 {
		return frames[len(frames)-1], true
	}
	for _, f := range frames {
		n := len(digits)
		if f.length > 0 {
			n = min(n, f.length)
		}
		if _, ok := f.reader(digits[:n]); ok {
			return f, true
		}
	}
	return frame{}, false
}

// mostModulus caps [Reading.Modulus]: beyond it a wrong score is the least of all doubts.
const mostModulus = 1_000_000_000

// modulus is that of the checksum if a notebook sends those digits, of a message of so many, for what a walk has read, else 0. One of the cells that the message was
// laid out in was right, and of every digit that follows it one level.
func (c code) modulus(w *walk, digits []int, length, levels int) int {
	sent, l := c.digits(w.least(), levels, len(digits))
	if l.length != length || !slices.Equal(sent, digits) {
		return 0
	}
	for range digits[min(length, len(digits)):] {
		l.cells.Mul(l.cells, big.NewInt(int64(levels)))
	}
	if l.cells.Cmp(big.NewInt(mostModulus)) > 0 {
		return mostModulus
	}
	return int(l.cells.Int64())
}

// possible is what is known of every field before a message is read.
func (t *Table) possible() []span {
	var out []span
	for _, f := range t.Fields {
		out = append(out, span{f.Cuts[0], f.Most})
	}
	return out
}

// tallies puts the fields into the order of the tallies.
func (t *Table) tallies(known []span) map[string][]Count {
	out := map[string][]Count{}
	for f, field := range t.Fields {
		if out[field.Tally] == nil {
			out[field.Tally] = make([]Count, t.Entries(field.Tally))
		}
		out[field.Tally][field.Entry] = Count{known[f].lo, known[f].hi}
	}
	return out
}
