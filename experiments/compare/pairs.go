package compare

import (
	"encoding/csv"
	"io"
	"strconv"
)

// The kinds of pairs.
const (
	exact    = "exact"
	near     = "near"
	words    = "words"
	names    = "names"
	semantic = "semantic"
)

// pairList writes pairs.csv.
type pairList struct {
	out      *csv.Writer
	n        int
	unlisted int
}

func newPairList(w io.Writer) (*pairList, error) {
	l := &pairList{out: csv.NewWriter(w)}
	return l, l.out.Write([]string{"id_a", "id_b", "similarity", "kind"})
}

func (l *pairList) put(a, b string, similarity float64, kind string) error {
	l.n++
	return l.out.Write([]string{a, b, strconv.FormatFloat(similarity, 'f', 4, 64), kind})
}

func (l *pairList) flush() error {
	l.out.Flush()
	return l.out.Error()
}
