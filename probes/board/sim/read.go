package sim

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"lbprobe/internal/fault"
)

// TruthColumns names the columns of a truth file.
type TruthColumns struct {
	ID      string   // column of the ids
	Classes []string // the classes, in the order of the submission; none: Label holds numbers
	Label   string   // column that holds the class; empty: every class has a column of 0 and 1
	Column  string   // of the submission, where it has one behind the id
}

// ReadTruth reads a CSV of the hidden classes: the id, the class, and an optional column Usage of Public, Private and Ignored, without which
// Truth.Usage is nil. Columns may stand in any order and others are passed over; an ignored row need not have a class. name is the
// file's, for the messages, which are *fault.Error.
func ReadTruth(r io.Reader, name string, c TruthColumns) (Truth, error) {
	f := truthFile{name: name, columns: c, csv: newCSV(r), seen: map[string]int{}}
	if err := f.header(); err != nil {
		return Truth{}, err
	}
	t := Truth{IDColumn: c.ID, Column: c.Column, Classes: slices.Clone(c.Classes)}
	for {
		record, err := f.csv.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return Truth{}, f.unreadable(err)
		}
		if err := f.row(&t, record); err != nil {
			return Truth{}, err
		}
	}
	if len(t.IDs) == 0 {
		return Truth{}, &fault.Error{File: name, Msg: "has no rows", Fix: "Give the class of every test row"}
	}
	return t, nil
}

// truthFile is a truth file while it is read.
type truthFile struct {
	name    string
	columns TruthColumns
	csv     *csv.Reader
	seen    map[string]int // line of every id

	id, usage int   // column, -1 for none
	class     []int // the label's column, or one column a class
}

// header finds the columns.
func (f *truthFile) header() error {
	names, err := f.csv.Read()
	if err == io.EOF {
		return &fault.Error{File: f.name, Msg: "is empty", Fix: "Give a CSV with the id and the class of every test row"}
	}
	if err != nil {
		return f.unreadable(err)
	}
	want := f.columns.Classes
	if f.columns.Label != "" {
		want = []string{f.columns.Label}
	}
	f.usage = slices.IndexFunc(names, func(s string) bool { return strings.EqualFold(s, "Usage") })
	for _, column := range slices.Concat([]string{f.columns.ID}, want) {
		if !slices.Contains(names, column) {
			return &fault.Error{File: f.name, Line: 1, Field: column, Msg: "no such column among " + strings.Join(names, ", "),
				Fix: "The truth needs the id and either one column a class or the label"}
		}
		f.class = append(f.class, slices.Index(names, column))
	}
	f.id, f.class = f.class[0], f.class[1:]
	return nil
}

// row appends one record to the truth.
func (f *truthFile) row(t *Truth, record []string) error {
	id := record[f.id]
	line, _ := f.csv.FieldPos(f.id)
	if first, twice := f.seen[id]; twice {
		return f.fault(line, f.columns.ID, fmt.Sprintf("the id %q stands on line %d too", id, first), "Keep one row an id")
	}
	f.seen[id] = line
	usage := Private // any part that is scored; there is no split in the file
	if f.usage >= 0 {
		var ok bool
		if usage, ok = parseUsage(record[f.usage]); !ok {
			return f.fault(line, "Usage", fmt.Sprintf("%q is none of Public, Private, Ignored", record[f.usage]), "Write one of them")
		}
		t.Usage = append(t.Usage, usage)
	}
	problem := f.truth(t, record)
	if problem != "" && usage != Ignored {
		return f.fault(line, f.columns.Label, problem, "Correct the row, or mark it Ignored in a column Usage")
	}
	t.IDs = append(t.IDs, id)
	return nil
}

// truth appends the class or the number of a record, and says why it has none.
func (f *truthFile) truth(t *Truth, record []string) (problem string) {
	if len(f.columns.Classes) > 0 {
		class, problem := f.classOf(record)
		t.Class = append(t.Class, class)
		return problem
	}
	v, ok := number(record[f.class[0]])
	t.Number = append(t.Number, v)
	if !ok {
		return fmt.Sprintf("%q is not a number", record[f.class[0]])
	}
	return ""
}

// classOf returns the class of a record, or -1 and why it has none.
func (f *truthFile) classOf(record []string) (class int, problem string) {
	if f.columns.Label != "" {
		label := record[f.class[0]]
		if class = slices.Index(f.columns.Classes, label); class < 0 {
			problem = fmt.Sprintf("%q is none of the classes %s", label, strings.Join(f.columns.Classes, ", "))
		}
		return class, problem
	}
	class = -1
	for c, column := range f.class {
		switch v, err := strconv.ParseFloat(record[column], 64); {
		case err != nil || (v != 0 && v != 1):
			return -1, fmt.Sprintf("column %q holds %q, want 0 or 1", f.columns.Classes[c], record[column])
		case v == 1 && class >= 0:
			return -1, fmt.Sprintf("the row is of %q and of %q", f.columns.Classes[class], f.columns.Classes[c])
		case v == 1:
			class = c
		}
	}
	if class < 0 {
		return -1, "no class is 1"
	}
	return class, ""
}

func (f *truthFile) fault(line int, field, msg, fix string) error {
	return &fault.Error{File: f.name, Line: line, Field: field, Msg: msg, Fix: fix}
}

// unreadable is the fault of a file that is not CSV.
func (f *truthFile) unreadable(err error) error {
	line, msg := 0, err.Error()
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		line, msg = p.Line, p.Err.Error()
	}
	return &fault.Error{File: f.name, Line: line, Msg: "not readable as CSV: " + msg, Fix: "Correct the line", Err: err}
}

// parseUsage reads the part of a row as Kaggle's solution files write it.
func parseUsage(text string) (Usage, bool) {
	switch strings.ToLower(text) {
	case "public":
		return Public, true
	case "private":
		return Private, true
	case "ignored":
		return Ignored, true
	}
	return 0, false
}
