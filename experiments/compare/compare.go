package compare

import (
	"errors"
	"io"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/corpus"
	"lbprobe/experiments/embed"
	"lbprobe/experiments/topics"
)

// Options say how to compare. The zero value compares texts alone, with the usual thresholds.
type Options struct {
	Threshold float64 // Jaccard similarity from which on texts are near duplicates; 0: duplicates.DefaultThreshold
	Most      int     // pairs of one row of B and one kind that are listed; 0: 10
	Cosine    float64 // cosine from which on vectors are neighbours; 0: 0.9

	VectorsA, VectorsB *blas32.General // n×d, row i being the i-th row of the set; nil: none

	Book    *Book // topics; nil: fitted on A
	K       int   // topics to fit; 0: 20
	Sample  int   // texts of A to fit on; 0: 20,000
	Seed    uint64
	Threads int // 0: all

	Step func(name string, done, total int64) error // told how far a pass over a set is; its error ends the work; may be nil
}

// Book is a codebook that an experiment has learned.
type Book struct {
	From     string // the experiment's name
	Topics   topics.Codebook
	Embedder *embed.TFIDF // nil: rows are assigned by their vectors
	Keywords [][]string   // of each topic; may be shorter
}

func (o Options) filled() Options {
	if o.Most == 0 {
		o.Most = 10
	}
	if o.Cosine == 0 {
		o.Cosine = 0.9
	}
	if o.K == 0 {
		o.K = 20
	}
	if o.Sample == 0 {
		o.Sample = 20_000
	}
	if o.Step == nil {
		o.Step = func(string, int64, int64) error { return nil }
	}
	return o
}

// Comparison is comparison.json.
type Comparison struct {
	A         Set         `json:"a"`
	B         Set         `json:"b"`
	Overlap   Overlap     `json:"overlap"`
	PII       PII         `json:"pii"`
	Lengths   Table       `json:"lengths"`
	Languages Table       `json:"languages"`
	Topics    *TopicTable `json:"topics"` // null: the sets are too small or too alike to have topics
	Notes     []string    `json:"notes"`  // what limits these figures
}

// Set is what one set is.
type Set struct {
	File     string         `json:"file"`
	Rows     int            `json:"rows"`
	Distinct int            `json:"distinct"` // texts that differ after normalisation
	Chars    corpus.Lengths `json:"chars"`
}

// Overlap counts the rows of B that have a counterpart in A. Each kind counts rows that no kind before it has: a share adds up.
type Overlap struct {
	Exact    Share  `json:"exact"`    // equal after normalisation
	Near     Share  `json:"near"`     // Jaccard similarity of shingles at least Threshold
	Words    Share  `json:"words"`    // the same words, quotes and sentence marks aside; short texts are not near then
	Names    Share  `json:"names"`    // as near, once a name on one side and NAME_n on the other count as the same
	Any      Share  `json:"any"`      // one of these
	Semantic *Share `json:"semantic"` // nearest vector at a cosine of at least Cosine, whatever the text; null: there are no vectors

	Threshold float64 `json:"threshold"`
	Cosine    float64 `json:"cosine"`
	Pairs     int     `json:"pairs"`          // listed in pairs.csv
	Unlisted  int     `json:"pairs_unlisted"` // further ones of rows with more than the list takes
}

// Run compares set A with set B and writes pairs.csv: id_a,id_b,similarity,kind, kind being exact, near, words, names or semantic. The readers are gone through several times.
func Run(a, b *corpus.Reader, o Options, pairs io.Writer) (*Comparison, error) {
	o = o.filled()
	c := &Comparison{Notes: []string{}}
	list, err := newPairList(pairs)
	if err != nil {
		return nil, err
	}
	m := newMatcher(o, list)
	if err := m.readA(a); err != nil {
		return nil, err
	}
	if err := m.readB(b); err != nil {
		return nil, err
	}
	c.A, c.B = m.a.set(a), m.b.set(b)
	c.Overlap, c.PII = m.overlap(), m.pii
	c.Lengths, c.Languages = m.lengths(), m.languages()
	if o.VectorsA != nil && o.VectorsB != nil {
		n, err := m.neighbours()
		if err != nil {
			return nil, err
		}
		s := share(n, m.b.rows)
		c.Overlap.Semantic = &s
	}
	c.Overlap.Pairs, c.Overlap.Unlisted = list.n, list.unlisted
	var none *noTopics
	if c.Topics, err = topicTable(a, b, m, o); errors.As(err, &none) {
		c.Notes = append(c.Notes, "topics: "+none.Error())
	} else if err != nil {
		return nil, err
	}
	c.Notes = append(c.Notes, m.notes()...)
	return c, list.flush()
}
