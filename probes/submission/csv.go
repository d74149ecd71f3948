package submission

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Template is what all submissions of a static test share.
type Template struct {
	IDColumn string
	Classes  []string // columns of the predictions, in order
	Column   string   // the one column of the predictions; empty: they have one a class
	Named    bool     // Column holds the classes' names: a prediction is the index of a class, or metric.NoClass
	IDs      []string // of the test rows, in file order
	Topic    []int32  // of the test rows
}

// columns are those of the predictions.
func (t Template) columns() []string {
	if t.Column != "" {
		return []string{t.Column}
	}
	return t.Classes
}

// chunk is how many bytes are gathered before they are written.
const chunk = 1 << 16

// Write writes the submission that predicts q[k], one value a column, for every row of topic k. Values have 17 significant digits, less
// the zeros at their end, so that reading them gives the same float64. Ids are quoted where encoding/csv would; lines end with a line feed.
func (t Template) Write(w io.Writer, q [][]float64) error {
	if err := t.check(q); err != nil {
		return err
	}
	suffix := t.suffixes(q)
	buf := t.header(make([]byte, 0, chunk+1024))
	for i, id := range t.IDs {
		buf = append(appendField(buf, id), suffix[t.Topic[i]]...)
		if len(buf) < chunk {
			continue
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
		buf = buf[:0]
	}
	_, err := w.Write(buf)
	return err
}

// check reports a template or a design that does not fit together.
func (t Template) check(q [][]float64) error {
	if len(t.IDs) != len(t.Topic) {
		return fmt.Errorf("%d ids, but topics of %d rows", len(t.IDs), len(t.Topic))
	}
	for k, row := range q {
		if want := len(t.columns()); len(row) != want {
			return fmt.Errorf("topic %d predicts %d values, the submission has %d columns", k, len(row), want)
		}
		if t.Named && !t.isClass(row[0]) {
			return fmt.Errorf("topic %d predicts class %v, there are %d", k, row[0], len(t.Classes))
		}
	}
	for i, k := range t.Topic {
		if k < 0 || int(k) >= len(q) {
			return fmt.Errorf("row %s is of topic %d, the design predicts %d topics", t.IDs[i], k, len(q))
		}
	}
	return nil
}

// header appends the line of column names.
func (t Template) header(buf []byte) []byte {
	buf = appendField(buf, t.IDColumn)
	for _, column := range t.columns() {
		buf = appendField(append(buf, ','), column)
	}
	return append(buf, '\n')
}

// suffixes prints, for every topic, all of a line behind the id: there are few topics and many rows.
func (t Template) suffixes(q [][]float64) [][]byte {
	suffix := make([][]byte, len(q))
	for k, row := range q {
		for _, v := range row {
			suffix[k] = append(suffix[k], ',')
			if t.Named {
				suffix[k] = appendField(suffix[k], t.className(v))
			} else {
				suffix[k] = strconv.AppendFloat(suffix[k], v, 'g', 17, 64)
			}
		}
		suffix[k] = append(suffix[k], '\n')
	}
	return suffix
}

// appendField appends a field. Most ids are plain and skip the rules of quoting.
func appendField(buf []byte, field string) []byte {
	for i := range len(field) {
		if !plain[field[i]] {
			return append(buf, quoted(field)...)
		}
	}
	return append(buf, field...)
}

// plain marks the bytes that never need quotes, wherever they stand.
var plain = func() (p [256]bool) {
	for _, b := range []byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-./:") {
		p[b] = true
	}
	return p
}()

// quoted is the field as encoding/csv writes it among others.
func quoted(field string) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{field, ""}) // a bytes.Buffer takes everything
	w.Flush()
	return strings.TrimSuffix(b.String(), ",\n")
}
