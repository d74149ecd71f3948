package sim

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"lbprobe/probes/metric"
)

// newCSV reads CSV whose lines all have as many fields as the first. A byte order mark is passed over, as competitions' readers do.
func newCSV(r io.Reader) *csv.Reader {
	const mark = "\ufeff"
	b := bufio.NewReader(r)
	if head, err := b.Peek(len(mark)); err == nil && string(head) == mark {
		_, _ = b.Discard(len(mark)) // what was peeked can be discarded
	}
	c := csv.NewReader(b)
	c.ReuseRecord = true
	return c
}

// parse reads a submission and returns the prediction of every row of the truth, in the truth's order and with its columns' order: one slice
// of rows × columns. An error is the board's message to whoever submitted.
func (b *Board) parse(r io.Reader) ([]float64, error) {
	c := newCSV(r)
	header, err := c.Read()
	if err == io.EOF {
		return nil, fmt.Errorf("the file is empty")
	}
	if err != nil {
		return nil, err
	}
	id, column, err := b.columns(header)
	if err != nil {
		return nil, err
	}
	q := make([]float64, len(b.truth.IDs)*len(column))
	lines := make([]int, len(b.truth.IDs)) // where every row was read
	for {
		record, err := c.Read()
		if err == io.EOF {
			return q, b.complete(lines)
		}
		if err != nil {
			return nil, err
		}
		line, _ := c.FieldPos(id)
		i, err := b.match(record[id], line, lines)
		if err == nil {
			err = b.predictions(q[i*len(column):], record, column)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
}

// match returns the row of the truth that an id stands for, and notes the line it was read on.
func (b *Board) match(id string, line int, lines []int) (int, error) {
	i, known := b.row[id]
	switch {
	case !known:
		return 0, fmt.Errorf("the test has no row with the id %q", id)
	case lines[i] > 0:
		return 0, fmt.Errorf("the id %q stands on line %d too", id, lines[i])
	}
	lines[i] = line
	return i, nil
}

// predictions reads the fields of the columns into the head of q.
func (b *Board) predictions(q []float64, record []string, column []int) error {
	for k, field := range column {
		v, ok := number(record[field])
		if b.scoring.Metric == metric.Accuracy {
			v, ok = b.class(record[field]), record[field] != ""
		}
		if !ok {
			return fmt.Errorf("column %q holds %q, not a number", b.truth.columns()[k], record[field])
		}
		q[k] = v
	}
	return nil
}

// class is the class that a field names, or spells as a number: "1.0" is the class "1". A field that is none of them is no class, and wrong
// for every row.
func (b *Board) class(field string) float64 {
	if c := slices.Index(b.truth.Classes, field); c >= 0 {
		return float64(c)
	}
	v, ok := number(field)
	for c, name := range b.truth.Classes {
		if y, isNumber := number(name); ok && isNumber && v == y {
			return float64(c)
		}
	}
	return metric.NoClass
}

// columns finds where a submission has the id and each column of predictions.
func (b *Board) columns(header []string) (id int, columns []int, err error) {
	want := slices.Concat([]string{b.truth.IDColumn}, b.truth.columns())
	var column []int
	for _, name := range want {
		at := slices.Index(header, name)
		if at < 0 {
			return 0, nil, fmt.Errorf("the file has no column %q", name)
		}
		column = append(column, at)
	}
	for i, name := range header {
		if !slices.Contains(want, name) || slices.Index(header, name) != i {
			return 0, nil, fmt.Errorf("the file has a column %q too many", name)
		}
	}
	return column[0], column[1:], nil
}

// complete reports rows of the test that the file left out.
func (b *Board) complete(lines []int) error {
	missing, first := 0, ""
	for i, at := range lines {
		if at > 0 {
			continue
		}
		if missing++; missing == 1 {
			first = b.truth.IDs[i]
		}
	}
	if missing > 0 {
		return fmt.Errorf("%d of the test's %d rows are missing, the first has the id %q", missing, len(lines), first)
	}
	return nil
}

// number reads a decimal number; NaN, infinities and hexadecimal are none.
func number(text string) (float64, bool) {
	if strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}
