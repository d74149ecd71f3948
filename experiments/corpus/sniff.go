package corpus

import (
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Header is what can be told of a file without knowing what it is for.
type Header struct {
	Format  Format
	Columns []Column // in the file's order; JSONL: the fields of the first object
	Rows    int      // rows that can be read
	Bad     int      // rows that cannot
}

// Column is one column of a Header.
type Column struct {
	Name      string
	Samples   []string // of the first rows, shortened
	Values    []string // all different values, sorted; nil where they are many or long
	Filled    int      // rows that have a value
	MeanChars float64  // mean length of the values there are, in characters
}

const (
	samples     = 3  // of a column
	sampleRunes = 80 // of a sample
	manyValues  = 32 // more are not listed
	longValue   = 64 // bytes; such values are no labels
)

// Sniff reads a file from end to end, rows that cannot be read left out, and tells its format, columns and rows. Cells are taken as they stand: in
// JSONL, lists and objects are their JSON text; in Parquet they count as empty.
func Sniff(path string) (Header, error) {
	in, err := look(path, "")
	if err != nil {
		return Header{}, err
	}
	defer in.file.Close()
	src, err := in.everything()
	if err != nil {
		return Header{}, in.unreadable(err)
	}
	h := Header{Format: in.format}
	tallies := make([]tally, len(in.columns))
	for {
		rec, err := src.next()
		var bad *rowError
		switch {
		case err == io.EOF:
			h.Columns = columnsOf(in.columns, tallies)
			return h, nil
		case errors.As(err, &bad):
			h.Bad++
			continue
		case err != nil:
			return Header{}, in.unreadable(err)
		}
		h.Rows++
		for i, cell := range rec.cells {
			tallies[i].add(in.plain(cell))
		}
	}
}

// everything reads all columns.
func (in *input) everything() (source, error) {
	switch in.format {
	case JSONL:
		s := newJSONL(in.file, in.offset)
		s.want(in.columns)
		return s, nil
	case LMSYSChat1M:
		return newParquet(in, in.plainColumns())
	}
	s := newCSV(in.file, in.offset, 0)
	columns, err := s.header()
	all := make([]int, len(columns))
	for i := range all {
		all[i] = i
	}
	s.want(all)
	return s, err
}

// plain is a cell as text where it is a single value, else as it stands.
func (in *input) plain(cell string) string {
	if in.format == JSONL {
		if text, err := jsonScalar(cell); err == nil {
			return text
		}
	}
	return cell
}

// tally collects what a Column says.
type tally struct {
	samples []string
	values  map[string]struct{}
	many    bool
	filled  int
	chars   int
}

func (t *tally) add(value string) {
	if len(t.samples) < samples {
		t.samples = append(t.samples, shorten(value))
	}
	if value == "" {
		return
	}
	t.filled++
	t.chars += utf8.RuneCountInString(value)
	if t.many {
		return
	}
	if t.values == nil {
		t.values = map[string]struct{}{}
	}
	if _, ok := t.values[value]; !ok {
		t.values[strings.Clone(value)] = struct{}{}
		t.many = len(t.values) > manyValues || len(value) > longValue
	}
}

// shorten copies a value up to sampleRunes.
func shorten(value string) string {
	n := 0
	for i := range value {
		if n++; n > sampleRunes {
			return value[:i] + "…"
		}
	}
	return strings.Clone(value)
}

func columnsOf(names []string, tallies []tally) []Column {
	columns := make([]Column, len(names))
	for i, t := range tallies {
		columns[i] = Column{Name: names[i], Samples: t.samples, Filled: t.filled}
		if t.filled > 0 {
			columns[i].MeanChars = float64(t.chars) / float64(t.filled)
		}
		if t.many || t.filled == 0 {
			continue
		}
		for value := range t.values {
			columns[i].Values = append(columns[i].Values, value)
		}
		slices.Sort(columns[i].Values)
	}
	return columns
}
