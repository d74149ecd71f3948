package sim

import (
	"fmt"
	"io"

	"lbprobe/probes/metric"
)

// ReadSubmission reads a submission as the board does, from a competition whose truth need not be known: of t only the ids and the columns
// count. It returns rows × columns in the order of t.IDs, which must all be different. The error is what the board would say.
func ReadSubmission(r io.Reader, t Truth, m metric.Metric) ([][]float64, error) {
	b := Board{truth: t, scoring: metric.Scoring{Metric: m}, row: make(map[string]int, len(t.IDs))}
	for i, id := range t.IDs {
		if _, twice := b.row[id]; twice {
			return nil, fmt.Errorf("the test has two rows with the id %q", id)
		}
		b.row[id] = i
	}
	flat, err := b.parse(r)
	if err != nil {
		return nil, err
	}
	width := len(t.columns())
	rows := make([][]float64, len(t.IDs))
	for i := range rows {
		rows[i] = flat[i*width : (i+1)*width : (i+1)*width]
	}
	return rows, nil
}
