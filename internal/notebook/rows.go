package notebook

import "lbprobe/experiments/corpus"

// Rows are rows as they are counted: of the test, or in its place those of a file that can be seen, in the order of the file.
type Rows struct {
	IDs, Texts []string
	Turns      []int // how many each text has
}

// take adds a row as it was read.
func (r *Rows) take(row corpus.Row) {
	r.IDs, r.Texts, r.Turns = append(r.IDs, row.ID), append(r.Texts, row.Text), append(r.Turns, row.Turns)
}
