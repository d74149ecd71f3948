package channel

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"lbprobe/internal/fault"
	"lbprobe/probes/metric"
)

// Version is that of the form of a [Table] and of the code it stands for. A table of another version is refused.
const Version = 2

// MaxDecimals is the most decimals of a board that a channel reads: beyond them a scorer's own rounding errors are as large as a tick.
const MaxDecimals = 7

// Table is all that encoder and decoder need to know of a design. It never changes within a design. Everything that both of them must find
// alike – how many levels there are, what each symbol costs – follows from the integers in it and from shown digits, by integer arithmetic.
type Table struct {
	Version   int             `json:"version"`
	Metric    metric.Metric   `json:"metric"`
	Column    bool            `json:"column,omitempty"` // the submission has one column: the probability of the class that stands for 1
	Classes   int             `json:"classes"`          // the first is A
	Decimals  int             `json:"decimals"`
	Rounding  metric.Rounding `json:"rounding"`
	Floor     float64         `json:"floor"`     // least probability that is predicted
	Guard     int             `json:"guard"`     // thousandths: how many times its true size the uncertainty of the class share is taken for
	First     int             `json:"first"`     // ticks: the lowest level, just above the score that tells nothing
	NotA      [2]int          `json:"not_a"`     // thousandths: least and most share of rows that are not of class A, as believed
	Constants int             `json:"constants"` // submissions that read class shares, the first that of A
	Public    [2]int          `json:"public"`    // least and most public rows
	Rows      [2]int          `json:"rows"`      // least and most rows of the test
	Cut       int             `json:"cut"`       // t: a topic of so many rows has one in the private part with the certainty asked
	Planned   int             `json:"planned"`   // submissions of the design, the constants included
	Check     int             `json:"check"`     // least modulus of the checksum: one level in so many, or more, is right for the message
	Marks     int             `json:"marks"`     // digits that name the length of the message: 1 or 2
	Bits      []int           `json:"bits"`      // eighths, that messages take, checksum included: quantiles of what is believed, ascending
	Even      int             `json:"even"`      // weight of the usual length and of the next one in the marks, beyond that of its quantiles
	Fields    []Field         `json:"fields"`    // what is sent, number by number
	Stages    []Stage         `json:"stages"`    // in which order and how finely
}

// Field is one count of a message and what is believed of it. Cuts are the least counts of its buckets, ascending; the last bucket ends
// with Most. Weights, all positive, are proportional to the chance of each bucket; within a bucket all counts are alike.
type Field struct {
	Tally    string `json:"tally"`
	Entry    int    `json:"entry"`           // index into the tally
	Label    string `json:"label,omitempty"` // what is counted, for people
	Cuts     []int  `json:"cuts"`
	Weights  []int  `json:"weights"`
	Most     int    `json:"most"`
	Evidence int    `json:"evidence,omitempty"` // thousandths of a row that the count's share is worth, for topics that are sent exactly
}

// Stage is a part of the message that can be read for itself: all fields of some tallies, refined to the classes that begin at Cuts, to buckets
// where Cuts is empty, to single counts if Exact; topics then by their share of the rows that are left. A message is coded by one of Books; without them by what is
// [Believed].
type Stage struct {
	Name    string   `json:"name"`
	Tallies []string `json:"tallies"`
	Cuts    []int    `json:"cuts,omitempty"`
	Exact   bool     `json:"exact,omitempty"`
	Books   []Book   `json:"books,omitempty"`
}

// Probes is how many submissions the design plans. An improbable message takes more: [Reading.Next] says so.
func (t *Table) Probes() int { return t.Planned }

// Entries is how many counts the tally of that name has; 0 for one that is not sent.
func (t *Table) Entries(tally string) int {
	n := 0
	for _, f := range t.Fields {
		if f.Tally == tally {
			n = max(n, f.Entry+1)
		}
	}
	return n
}

// Labels are what the counts of a tally stand for.
func (t *Table) Labels(tally string) []string {
	out := make([]string, t.Entries(tally))
	for _, f := range t.Fields {
		if f.Tally == tally {
			out[f.Entry] = f.Label
		}
	}
	return out
}

// Write writes the table as JSON. Equal tables give equal bytes.
func (t *Table) Write(w io.Writer) error {
	text, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// ReadTable reads what [Table.Write] has written. The error is a *fault.Error without a file, which the caller knows: text that is not such
// JSON, keys that are not known, another version, figures that do not go together.
func ReadTable(r io.Reader) (*Table, error) {
	t := new(Table)
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(t); err != nil {
		return nil, &fault.Error{Msg: fmt.Sprintf("is not the table of a channel: %v", err), Fix: "Generate the bundle anew", Err: err}
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, &fault.Error{Msg: "goes on after the table of the channel", Fix: "Generate the bundle anew"}
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	return t, nil
}

// Bounds of what a table may say, far beyond any use: they keep the arithmetic inside 64 bits and a forged file from taking all memory.
const (
	mostRows      = 1 << 40
	mostWeight    = 1 << 32
	mostClasses   = 1 << 16
	mostCuts      = 1 << 16
	mostCheck     = 1 << 30
	mostFew       = 16
	mostQuantiles = 1 << 10
	mostBits      = 1 << 16
	mostEven      = 1 << 20
	leastGuard    = 1100
	mostGuard     = 100_000
)

// check names the first thing in a table that can't be.
func (t *Table) check() error {
	rule := []struct {
		field string
		ok    bool
		why   string
	}{
		{"version", t.Version == Version, fmt.Sprintf("is %d, this program reads %d", t.Version, Version)},
		{"metric", t.Metric == metric.LogLoss || t.Metric == metric.BinaryLogLoss || t.Metric == metric.Brier, fmt.Sprintf("%q can't carry a channel", t.Metric)},
		{"classes", t.Classes >= 2 && t.Classes <= mostClasses && !(t.Column && t.Classes > 2), fmt.Sprintf("can't be %d", t.Classes)},
		{"column", t.Column == (t.Metric == metric.BinaryLogLoss) || t.Metric == metric.Brier, "does not go with the metric"},
		{"decimals", t.Decimals >= 1 && t.Decimals <= MaxDecimals, fmt.Sprintf("is %d, want 1 to %d", t.Decimals, MaxDecimals)},
		{"rounding", slices.Contains([]metric.Rounding{metric.Either, metric.Round, metric.Floor}, t.Rounding), fmt.Sprintf("can't be %q", t.Rounding)},
		{"floor", t.Floor > 0 && t.Floor < metric.MaxFloor(max(t.Classes, 2)), fmt.Sprintf("can't be %v", t.Floor)},
		{"guard", t.Guard >= leastGuard && t.Guard <= mostGuard, fmt.Sprintf("is %d thousandths, want %d to %d", t.Guard, leastGuard, mostGuard)},
		{"first", t.First > 0 && t.First < mostRows, fmt.Sprintf("can't be %d ticks", t.First)},
		{"not_a", ordered(t.NotA, 1, 999), fmt.Sprintf("can't be %v thousandths", t.NotA)},
		{"constants", t.Constants >= 1 && t.Constants <= t.Classes, fmt.Sprintf("is %d, want 1 to %d", t.Constants, t.Classes)},
		{"rows", ordered(t.Rows, 2, mostRows), fmt.Sprintf("can't be %v", t.Rows)},
		{"public", ordered(t.Public, 1, t.Rows[1]), fmt.Sprintf("can't be %v", t.Public)},
		{"cut", t.Cut >= 1 && t.Cut <= mostRows, fmt.Sprintf("can't be %d", t.Cut)},
		{"planned", t.Planned > t.Constants && t.Planned < mostClasses, fmt.Sprintf("can't be %d", t.Planned)},
		{"check", t.Check >= 2 && t.Check <= mostCheck, fmt.Sprintf("can't be %d", t.Check)},
		{"marks", t.Marks == 1 || t.Marks == 2, fmt.Sprintf("can't be %d", t.Marks)},
		{"bits", len(t.Bits) > 0 && len(t.Bits) <= mostQuantiles && slices.IsSorted(t.Bits) && t.Bits[0] >= 0 && t.Bits[len(t.Bits)-1] <= mostBits, "are no quantiles"},
		{"even", t.Even >= 0 && t.Even <= mostEven, fmt.Sprintf("can't be %d", t.Even)},
		{"fields", len(t.Fields) > 0, "is empty"},
		{"stages", len(t.Stages) > 0, "is empty"},
	}
	for _, r := range rule {
		if !r.ok {
			return wrong(r.field, r.why)
		}
	}
	return t.checkMessage()
}

// checkMessage looks at fields and stages.
func (t *Table) checkMessage() error {
	for i, f := range t.Fields {
		if why := f.fault(); why != "" {
			return wrong(fmt.Sprintf("fields[%d]", i), why)
		}
	}
	for i, s := range t.Stages {
		where := fmt.Sprintf("stages[%d]", i)
		if why := cmp.Or(s.fault(), t.exactFault(s)); why != "" {
			return wrong(where, why)
		}
		for _, b := range s.Books {
			if !t.countable(s, b) {
				return wrong(where, "lists more messages than can be counted")
			}
		}
		for _, name := range s.Tallies {
			if t.Entries(name) == 0 {
				return wrong(where, fmt.Sprintf("sends %q, which no field counts", name))
			}
		}
	}
	return nil
}

// exactFault says why the rows of topics can't be sent exactly in a stage; empty where they can.
func (t *Table) exactFault(s Stage) string {
	if !s.Exact || !slices.Contains(s.Tallies, Topics) {
		return ""
	}
	rows := slices.IndexFunc(t.Fields, func(f Field) bool { return f.Tally == Rows })
	if rows < 0 || rows > slices.IndexFunc(t.Fields, func(f Field) bool { return f.Tally == Topics }) || !slices.Contains(s.Tallies, Rows) {
		return "sends the rows of topics, but not all rows before them"
	}
	evidence := 0
	for _, f := range t.Fields {
		if f.Tally == Topics && (f.Evidence < 1 || f.Evidence > mostEvidence) {
			return fmt.Sprintf("sends a topic of evidence %d", f.Evidence)
		}
		if evidence += f.Evidence; evidence > mostEvidence || f.Most > mostTest {
			return "sends the rows of topics that have too many, or too much evidence"
		}
	}
	return ""
}

// fault says what is wrong with a stage; empty where nothing is.
func (s Stage) fault() string {
	if len(s.Books) > 0 && (s.Exact || s.Books[len(s.Books)-1].Kind != Any) {
		return "has books that leave out some message"
	}
	for _, b := range s.Books {
		if !slices.Contains([]string{Believed, Hedged, Few, Any}, b.Kind) || b.Weight < 1 || b.Weight > mostWeight || b.Most < 0 || b.Most > mostFew {
			return fmt.Sprintf("can't have the book %+v", b)
		}
	}
	return ""
}

// sendsExactly tells whether a stage sends single counts of a tally.
func (t *Table) sendsExactly(tally string) bool {
	return slices.ContainsFunc(t.Stages, func(s Stage) bool { return s.Exact && slices.Contains(s.Tallies, tally) })
}

// fault says what is wrong with a field; empty where nothing is.
func (f Field) fault() string {
	switch {
	case f.Tally == "" || f.Entry < 0 || f.Entry >= mostClasses:
		return "counts nothing that could be named"
	case len(f.Cuts) == 0 || len(f.Cuts) > mostCuts || len(f.Cuts) != len(f.Weights):
		return fmt.Sprintf("has %d cuts and %d weights", len(f.Cuts), len(f.Weights))
	case f.Cuts[0] < 0 || f.Most > mostRows || f.Most < f.Cuts[len(f.Cuts)-1]:
		return "has cuts out of bounds"
	}
	total := 0
	for i, w := range f.Weights {
		if w < 1 || w > mostWeight {
			return fmt.Sprintf("has the weight %d", w)
		}
		if i > 0 && f.Cuts[i] <= f.Cuts[i-1] {
			return "has cuts that do not ascend"
		}
		if total += w; total > math.MaxInt32 {
			return "has weights that sum to more than 2^31"
		}
	}
	return ""
}

func wrong(field, why string) error {
	return &fault.Error{Field: field, Msg: why, Fix: "Generate the bundle anew"}
}

func ordered(v [2]int, least, most int) bool { return least <= v[0] && v[0] <= v[1] && v[1] <= most }
