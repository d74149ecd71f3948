package sim

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
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

// parse reads a submission and returns the prediction of every row of the truth, in the truth's order and with its classes' order: one slice
// of rows × classes. An error is the board's message to whoever submitted.
func (b *Board) parse(r io.Reader) ([]float64, error) {
	c := newCSV(r)
	header, err := c.Read()
	if err == io.EOF {
		return nil, fmt.Errorf("the file is empty")
	}
	if err != nil {
		return nil, err
	}
	id, class, err := b.columns(header)
	if err != nil {
		return nil, err
	}
	q := make([]float64, len(b.truth.IDs)*len(class))
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
			err = b.predictions(q[i*len(class):], record, class)
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

// predictions reads the fields of the classes into the head of q.
func (b *Board) predictions(q []float64, record []string, class []int) error {
	for k, field := range class {
		v, ok := number(record[field])
		if !ok {
			return fmt.Errorf("column %q holds %q, not a number", b.truth.Classes[k], record[field])
		}
		q[k] = v
	}
	return nil
}

// columns finds where a submission has the id and each class.
func (b *Board) columns(header []string) (id int, class []int, err error) {
	want := slices.Concat([]string{b.truth.IDColumn}, b.truth.Classes)
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
