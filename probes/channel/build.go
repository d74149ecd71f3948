package channel

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"lbprobe/internal/fault"
	"lbprobe/probes/metric"
)

// Level is how much of the hidden test is asked for. Each holds the ones before it.
type Level string

// The levels of answer.
const (
	Presence Level = "presence" // of each topic: absent, 1 to t-1 rows, t or more
	Sizes    Level = "sizes"    // and 1 to t-1, t to 99, 100 to 999, 1,000 or more
	Exact    Level = "rows"     // the rows themselves
)

// Levels are all levels of answer.
func Levels() []Level { return []Level{Presence, Sizes, Exact} }

// Extra is another tally to be sent, coarsely: each of its counts as a share of the rows, in classes of [ShareClasses].
type Extra struct {
	Name   string   // of the tally: languages, lengths, turns, overlap
	Labels []string // what each count stands for
	Train  []int    // the same counts in the reference; nil where there are none
}

// Options say what a channel is to carry and over which board.
type Options struct {
	Scoring       metric.Scoring
	Classes       int
	Floor         float64    // least probability; raised where the grid of float64 demands it
	Guard         float64    // how many times its size the uncertainty of the class share is taken for, from 1.1
	NotA          [2]float64 // least and most share of rows not of the first class, as believed
	Constants     int        // submissions that read class shares, 1 to Classes
	Rows          [2]int     // of the test
	Public        [2]int     // rows
	Certainty     float64
	Train         []int   // rows by topic in the reference, other last where there is one
	Concentration float64 // rows of evidence that it is worth
	Absent        float64 // chance that a topic is missing
	Stray         float64 // chance that a topic's rows have nothing to do with the reference
	Level         Level
	Extras        []Extra
	Check         int // least modulus of the checksum; 0 means [ShortCheck]
}

// NotARange is the share of public rows outside a class that a reference of that share leaves open, for [Options.NotA]: four standard deviations to
// either side of a beta distribution worth so many rows of evidence. It stays within 0.01 and 0.99.
func NotARange(share, evidence float64) [2]float64 {
	sd := math.Sqrt(share * (1 - share) / (evidence + 1))
	inside := func(p float64) float64 { return min(max(p, 0.01), 0.99) }
	return [2]float64{inside(share - 4*sd), inside(share + 4*sd)}
}

// ShortCheck is the least modulus of a checksum: of 128 messages that a wrong score has spoilt one may pass. Mostly the last submission of a message leaves far more
// levels over ([Reading.Modulus]), and every submission beyond multiplies them by the number of levels.
const ShortCheck = 128

// ShareClasses are the shares, in thousandths, at which the classes of an [Extra] begin, after those of no row and of any.
var ShareClasses = []int{1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 400, 500, 600, 700, 800, 900}

// New makes the table of a channel. The error says what can't carry one, and what would.
func New(o Options) (*Table, error) {
	p, err := planLevel(o, 0)
	if err != nil {
		return nil, err
	}
	return p.Table, p.Table.check()
}

// draft is the table without the number of submissions that are planned, and messages drawn for it.
func draft(o Options) (*Table, draws, error) {
	if err := o.check(); err != nil {
		return nil, draws{}, err
	}
	t := &Table{Version: Version, Metric: o.Scoring.Metric, Column: o.Scoring.Values != nil, Classes: o.Classes,
		Decimals: o.Scoring.Decimals, Rounding: o.Scoring.Rounding, Floor: onGrid(max(o.Floor, leastFloor(o.Scoring.Decimals))),
		Guard: int(math.Ceil(1000 * o.Guard)), NotA: [2]int{max(1, int(math.Floor(1000*o.NotA[0]))), min(999, int(math.Ceil(1000*o.NotA[1])))},
		Constants: o.Constants, Public: o.Public, Rows: o.Rows}
	t.First = int(math.Ceil(uniform(t.Metric, t.Column, t.Classes)*math.Pow10(t.Decimals))) + 2
	t.Cut = PresenceCut(float64(o.Public[1])/float64(o.Rows[0]), o.Certainty)
	if t.NumbersAt(float64(t.NotA[0])/1000) < 2 {
		return nil, draws{}, &fault.Error{Field: "competition.classes", Usage: true,
			Msg: fmt.Sprintf("if only %.1f %% of the public rows are outside the first class, a board of %d decimals carries no message", float64(t.NotA[0])/10, t.Decimals),
			Fix: "Let the class that is believed rarest be the first", Err: ErrNarrow}
	}
	t.message(o)
	drawn, err := t.draw(o, planDraws)
	if err == nil {
		t.measure(o, drawn)
	}
	return t, drawn, err
}

// leastFloor is the least probability that is set finely enough. Predictions are multiples of 2^-53 so that rows sum to exactly 1; near the
// floor b that moves a score by up to 2^-54/b, which is kept below 0.03 ticks, a part of the guard.
func leastFloor(decimals int) float64 { return 0x1p-54 * math.Pow10(decimals) / 0.03 }

// onGrid is the next multiple of 2^-53, so that no processor rounds the constants to another.
func onGrid(p float64) float64 { return math.Ceil(p*0x1p53) / 0x1p53 }

// check names what can't be built.
func (o Options) check() error {
	type rule struct {
		field, why, fix string
		ok              bool
	}
	m := o.Scoring.Metric
	for _, r := range []rule{
		{"competition.metric", refusal(m), "Probe the public part only, or leave design at auto", refusal(m) == ""},
		{"competition.decimals", fmt.Sprintf("%d decimals are not for a score channel", o.Scoring.Decimals), fmt.Sprintf("Give 1 to %d", MaxDecimals),
			o.Scoring.Decimals >= 1 && o.Scoring.Decimals <= MaxDecimals},
		{"probe.channel.guard", fmt.Sprintf("%v leaves no room for the 2^-53 steps of a probability", o.Guard), "Give 1.1 to 100", o.Guard >= 1.1 && o.Guard <= 100},
		{"analysis.certainty", fmt.Sprintf("%v is not inside (0, 1)", o.Certainty), "Give a probability such as 0.99", o.Certainty > 0 && o.Certainty < 1},
		{"competition.public", fmt.Sprintf("%v of %v rows is no part of the test", o.Public, o.Rows), "Give a range below the rows of the test",
			o.Public[0] >= 1 && o.Public[0] <= o.Public[1] && o.Public[1] < o.Rows[0] && o.Rows[0] <= o.Rows[1]},
		{"competition.classes", fmt.Sprintf("%v is no range of the share of rows outside the first class", o.NotA), "Give shares inside (0, 1)",
			o.NotA[0] > 0 && o.NotA[0] <= o.NotA[1] && o.NotA[1] < 1},
		{"competition.rows", fmt.Sprintf("%d rows are too many for exact counts", o.Rows[1]), "Ask for sizes", o.Level != Exact || o.Rows[1] <= mostTest},
		{"analysis.concentration", fmt.Sprintf("%v rows of evidence", o.Concentration), "Give a number above 0 and up to 1e9", o.Concentration > 0 && o.Concentration <= 1e9},
		{"probe.target", fmt.Sprintf("%q is no level of answer of a channel", o.Level), "Choose presence, sizes or rows", slices.Contains(Levels(), o.Level)},
	} {
		if !r.ok {
			return &fault.Error{Field: r.field, Msg: r.why, Fix: r.fix, Usage: true}
		}
	}
	return nil
}

// refusal says why a metric can't carry a channel; empty where it can.
func refusal(m metric.Metric) string {
	switch m {
	case metric.LogLoss, metric.BinaryLogLoss, metric.Brier:
		return ""
	case metric.Accuracy:
		return "accuracy can't carry a channel: a constant prediction is one of the classes, and the classes' shares are all the scores there are"
	case metric.AUC:
		return "auc can't carry a channel: every constant prediction scores 0.5"
	}
	return fmt.Sprintf("a channel over %s is not available: log-loss, binary-log-loss and brier carry one", m)
}

// message sets fields and stages.
func (t *Table) message(o Options) {
	t.Stages = []Stage{{Name: string(Presence), Tallies: []string{Topics}, Cuts: []int{0, 1, t.Cut}, Books: presenceBooks}}
	if !o.alone() {
		t.Stages[0].Books = beforeMore
	}
	if o.Level != Presence {
		t.Stages = append(t.Stages, Stage{Name: string(Sizes), Tallies: []string{Topics}, Cuts: sizeCuts(t.Cut), Books: sizeBooks})
	}
	t.topics(o)
	for i := range t.Stages {
		s := &t.Stages[i]
		s.Books = slices.DeleteFunc(slices.Clone(s.Books), func(b Book) bool { return !t.countable(*s, b) })
	}
	for _, e := range o.Extras {
		t.extra(e, o)
		t.Stages = append(t.Stages, Stage{Name: e.Name, Tallies: []string{e.Name}, Books: extraBooks})
	}
	if o.Level == Exact {
		all := Field{Tally: Rows, Label: "all rows", Cuts: []int{o.Rows[0]}, Weights: []int{1}, Most: o.Rows[1]}
		t.Fields = slices.Insert(t.Fields, 0, all)
		t.Stages = append(t.Stages, Stage{Name: string(Exact), Tallies: []string{Rows, Topics}, Exact: true})
		t.Stages[0].Books = []Book{{Kind: Believed, Weight: 62}, {Kind: Few, Most: 4, Weight: 1}, {Kind: Any, Weight: 1}}
		t.Stages[1].Books = []Book{{Kind: Believed, Weight: 63}, {Kind: Any, Weight: 1}}
	}
	t.Check = cmp.Or(o.Check, ShortCheck)
}

// alone says that presence is all that is asked.
func (o Options) alone() bool { return o.Level == Presence && len(o.Extras) == 0 }

// presenceBooks, of a presence alone, let up to 4 absent or rare topics of 20 cost no more than 17.5 bits, up to 8 no more than 29.5, and up to 12 no more than 32: what fits two digits of
// 3 decimals and three, with the marks of their length and the checksum.
var presenceBooks = []Book{{Kind: Believed, Weight: 1}, {Kind: Few, Most: 4, Weight: 8}, {Kind: Few, Most: 8, Weight: 1},
	{Kind: Few, Most: 12, Weight: 6}, {Kind: Any, Weight: 1}}

// beforeMore are those of a presence that something else follows.
var beforeMore = []Book{{Kind: Believed, Weight: 5}, {Kind: Few, Most: 4, Weight: 4}, {Kind: Few, Most: 8, Weight: 4},
	{Kind: Few, Most: 12, Weight: 2}, {Kind: Any, Weight: 1}}

// sizeBooks expect the sizes of the reference, but not too firmly.
var sizeBooks = []Book{{Kind: Hedged, Weight: 3}, {Kind: Any, Weight: 1}}

// extraBooks hedge: a hidden test may have been gathered in another way than the reference, and then all of its lengths, turns or languages differ.
var extraBooks = sizeBooks

// sizeCuts are the size classes.
func sizeCuts(cut int) []int {
	cuts := []int{0, 1, cut, 100, 1000}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}

// topics adds the fields of the topics.
func (t *Table) topics(o Options) {
	all := 0
	for _, n := range o.Train {
		all += n
	}
	for k, n := range o.Train {
		b := belief{expected: max(float64(n), 0.5) / (float64(all) + 1), concentration: o.Concentration, absent: o.Absent, stray: o.Stray, rows: o.Rows}
		f := Field{Tally: Topics, Entry: k, Label: fmt.Sprintf("topic %d", k), Most: o.Rows[1]}
		for _, c := range sizeCuts(t.Cut) {
			if c <= f.Most {
				f.Cuts = append(f.Cuts, c)
			}
		}
		f.weigh(b)
		if o.Level == Exact {
			f.Evidence = max(1, int(1000*b.expected*b.concentration))
		}
		t.Fields = append(t.Fields, f)
	}
}

// extra adds the fields of a coarse tally.
func (t *Table) extra(e Extra, o Options) {
	cuts := []int{1}
	for _, c := range ShareClasses {
		cuts = append(cuts, max(1, (o.Rows[1]*c+999)/1000))
	}
	slices.Sort(cuts)
	cuts = slices.Compact(append([]int{0}, cuts...))
	all := 0
	for _, n := range e.Train {
		all += n
	}
	for i, label := range e.Labels {
		f := Field{Tally: e.Name, Entry: i, Label: label, Cuts: cuts, Most: o.Rows[1]}
		if e.Train == nil {
			f.Weights = slices.Repeat([]int{1}, len(cuts))
		} else {
			b := belief{expected: (float64(e.Train[i]) + 0.5) / (float64(all) + 1), concentration: o.Concentration, absent: o.Absent, stray: max(o.Stray, 0.1), rows: o.Rows}
			f.weigh(b)
		}
		t.Fields = append(t.Fields, f)
	}
}
