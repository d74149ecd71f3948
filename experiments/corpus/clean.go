package corpus

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"

	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/experiments/corpus/pii"
	"lbprobe/experiments/corpus/quality"
	"lbprobe/internal/fault"
)

// Cleaned is what Clean found in a file, and what it made of it. Rows = Kept + Dropped.
type Cleaned struct {
	File     string         `json:"file"`
	Format   Format         `json:"format"`
	Rows     int            `json:"rows"` // with those that could not be read
	Kept     int            `json:"kept"`
	Dropped  int            `json:"dropped"`
	Redacted int            `json:"redacted"` // rows kept with placeholders in the place of what was personal
	Rules    []Tally        `json:"rules"`    // in the order in which they are asked, those that no row met as well
	PII      []KindTally    `json:"pii"`      // in the prompts
	Users    *Concentration `json:"users"`    // null: not in this file, or its column was not named
	Faults   Faults         `json:"faults"`
	List     []Dropped      `json:"-"` // in the order of the file
}

// KindTally counts one kind of personal data, among the rows that neither length nor quality has dropped.
type KindTally struct {
	Kind  string `json:"kind"`
	Rows  int    `json:"rows"`
	Finds int    `json:"finds"`
}

// CleanOptions say what Clean does.
type CleanOptions struct {
	Filter Filter
	Out    io.Writer                     // nil: nothing is written
	Kept   func(text string)             // told the prompt of each row that is kept, as the filter leaves it; may be nil
	Step   func(done, total int64) error // told now and then how many bytes are done; its error ends the work; may be nil
}

// Clean reads the one file of a Reader, CSV or JSONL, and writes the rows that the filter keeps: header, columns and order are those of the file, and each
// row is copied byte for byte but for what is redacted.
//
// Rules look at the prompt. Redaction reaches the cells of the answers too (see saidIn) and every string of a JSONL conversation, because what is redacted in
// one place is often repeated there.
func Clean(r *Reader, o CleanOptions) (*Cleaned, error) {
	in := r.inputs[0]
	if len(r.inputs) > 1 || in.format != CSV && in.format != KaggleLMSYS && in.format != JSONL {
		return nil, &fault.Error{File: in.path, Msg: "is not one file of CSV or JSONL, whose rows can be copied as they stand", Fix: "Write it as JSONL first: " + toJSONL}
	}
	c := &cleaner{CleanOptions: o, reader: r, in: in, sieve: NewMeasure(o.Filter), done: &Cleaned{File: in.path, Format: in.format}, users: map[string]int{}}
	if o.Out != nil {
		if err := c.header(); err != nil {
			return nil, err
		}
	}
	for row, err := range r.Rows() {
		if err != nil {
			return nil, err
		}
		if err := c.take(row); err != nil {
			return nil, err
		}
		if o.Step != nil && c.done.Rows%stepRows == 0 {
			if err := o.Step(r.Progress()); err != nil {
				return nil, err
			}
		}
	}
	return c.sum(), nil
}

// toJSONL turns Parquet into JSONL.
const toJSONL = `python -c "import polars; polars.scan_parquet('FILE').sink_ndjson('FILE.jsonl')"`

// stepRows is how many rows are one step of progress.
const stepRows = 256

// cleaner is a pass of Clean.
type cleaner struct {
	CleanOptions
	reader *Reader
	in     *input
	sieve  *Sieve
	done   *Cleaned
	users  map[string]int // rows of each
}

// header copies everything before the first row.
func (c *cleaner) header() error {
	end := c.in.offset
	if c.in.format != JSONL {
		s := newCSV(c.in.file, c.in.offset, 0)
		if _, err := s.header(); err != nil {
			return c.in.unreadable(err)
		}
		end = s.done()
	}
	_, err := io.Copy(c.Out, io.NewSectionReader(c.in.file, 0, end))
	return err
}

func (c *cleaner) take(row Row) error {
	c.done.Rows++
	if row.User != "" {
		c.users[row.User]++
	}
	v := c.sieve.Judge(row)
	if !v.Keep {
		c.done.List = append(c.done.List, v.dropped(row))
		return nil
	}
	c.done.Kept++
	if c.Kept != nil {
		c.Kept(v.Text)
	}
	raw, err := c.reader.record()
	if err != nil {
		return err
	}
	if c.Filter.PII == Redact {
		clean, err := c.in.redact(raw, row.Text)
		if err != nil {
			return &fault.Error{File: row.File, Line: row.Line, Msg: "cannot be redacted: " + err.Error(), Fix: "Use --pii drop"}
		}
		if !bytes.Equal(clean, raw) {
			c.done.Redacted++
		}
		raw = clean
	}
	if c.Out == nil {
		return nil
	}
	_, err = c.Out.Write(raw)
	return err
}

// sum closes the books.
func (c *cleaner) sum() *Cleaned {
	d := c.done
	d.Faults = c.reader.Faults()
	d.Rows += len(d.Faults.Bad)
	d.List = append(d.List, d.Faults.Bad...)
	slices.SortStableFunc(d.List, func(a, b Dropped) int { return cmp.Compare(a.Line, b.Line) })
	d.Dropped = len(d.List)
	d.Rules = c.sieve.Tallies()
	if n := len(d.Faults.Bad); n > 0 {
		d.Rules = slices.Insert(d.Rules, 0, Tally{Rule: Unreadable, Explain: "the row is not sound; dropped.csv says what ails it", Found: n, Dropped: n})
	}
	d.PII = c.sieve.PII()
	if c.in.options.User != "" {
		d.Users = concentration(c.users)
	}
	return d
}

// WriteDropped writes dropped.csv: line,id,reason of every row that was dropped, in the order of the file.
func (d *Cleaned) WriteDropped(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"line", "id", "reason"}); err != nil {
		return err
	}
	for _, row := range d.List {
		if err := out.Write([]string{fmt.Sprint(row.Line), row.ID, row.Reason}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Tallies are the counts of all rules in the order in which they are asked.
func (s *Sieve) Tallies() []Tally {
	all := []Tally{
		{Rule: s.filter.tooShort(), Explain: "characters (code points) of the prompt, its turns joined"},
		{Rule: s.filter.tooLong(), Explain: "as above"},
	}
	if s.filter.MaxChars == 0 {
		all = all[:1]
	}
	for _, rule := range quality.Rules() {
		all = append(all, Tally{Rule: lowQuality + rule.Name, Explain: rule.Explain})
	}
	all = append(all,
		Tally{Rule: personalData, Explain: "e-mail, phone, card, IBAN, IP address or key in the prompt; placeholders such as NAME_1 do not count"},
		Tally{Rule: ownDuplicate, Explain: "equal after normalisation, and by the same user"},
		Tally{Rule: exactDuplicate, Explain: "equal after normalisation (NFKC, lower case, white space) to a row that was kept"},
		Tally{Rule: nearDuplicate, Explain: fmt.Sprintf("Jaccard similarity of three-word shingles with a row that was kept at least %g, or the same words, punctuation aside", duplicates.DefaultThreshold)})
	for i := range all {
		if t := s.tally[all[i].Rule]; t != nil {
			all[i].Found, all[i].Dropped = t.Found, t.Dropped
		}
	}
	return all
}

// PII counts what was found in prompts, by kind.
func (s *Sieve) PII() []KindTally {
	var all []KindTally
	for _, kind := range pii.Kinds() {
		all = append(all, KindTally{kind.String(), s.pii[kind][0], s.pii[kind][1]})
	}
	return all
}

// Concentration says how unevenly the rows are spread over the users.
type Concentration struct {
	Users int     `json:"users"`
	Rows  int     `json:"rows"`                // that name a user
	Top   float64 `json:"top_1_percent_share"` // share of the rows of the busiest hundredth of the users, at least one user
	Gini  float64 `json:"gini"`                // 0: all alike, towards 1: one has all
}

// concentration sums up rows by user. With n users of x_1 ≤ … ≤ x_n rows the Gini coefficient is Σ(2i - n - 1)x_i / (n Σx_i).
func concentration(users map[string]int) *Concentration {
	var rows []int
	for _, n := range users {
		rows = append(rows, n)
	}
	slices.Sort(rows)
	c := &Concentration{Users: len(rows)}
	weighted := 0.0
	for i, x := range rows {
		c.Rows += x
		weighted += float64(2*(i+1)-len(rows)-1) * float64(x)
	}
	if c.Rows == 0 {
		return c
	}
	c.Gini = weighted / (float64(len(rows)) * float64(c.Rows))
	top := 0
	for _, x := range rows[len(rows)-(len(rows)+99)/100:] {
		top += x
	}
	c.Top = float64(top) / float64(c.Rows)
	return c
}
