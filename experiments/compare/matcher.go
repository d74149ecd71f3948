package compare

import (
	"cmp"
	"slices"

	"lbprobe/experiments/corpus"
	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/experiments/corpus/pii"
)

// matcher holds an index of set A while set B streams past: of B it keeps a hash of each different text, to count them.
type matcher struct {
	o    Options
	list *pairList
	a, b *side

	prints   map[duplicates.Print]int // → document
	document []group
	same     []int32                    // of each row of A: the next one with the same text, -1 for none
	raw      *duplicates.Index          // of the texts
	words    map[duplicates.Print][]int // documents by their words, marks aside
	blind    *duplicates.Index          // of the texts without names; the documents have the same numbers
	personal map[int][]value            // of documents with personal data
	named    map[int]gaps               // of documents with placeholders of names

	exact, near, sameWords, names int // rows of B
	pii                           PII
	text, bare                    []byte
	known                         map[int]bool // documents that are counterparts of the row in hand
	finds                         []pii.Find
	matches                       []duplicates.Match
}

// group is the rows of A that share a text.
type group struct{ first, last, rows int32 }

// gaps is a text with placeholders of names.
type gaps struct {
	parts [][]byte
	names int
}

// value is a piece of personal data, by its hash.
type value struct {
	kind pii.Kind
	hash uint64
}

func newMatcher(o Options, list *pairList) *matcher {
	index := duplicates.Options{Threshold: o.Threshold}
	return &matcher{o: o, list: list, a: newSide(true), b: newSide(o.VectorsB != nil), prints: map[duplicates.Print]int{}, raw: duplicates.NewIndex(index),
		words: map[duplicates.Print][]int{}, known: map[int]bool{}, blind: duplicates.NewIndex(index), personal: map[int][]value{}, named: map[int]gaps{}, pii: PII{Added: map[string]int{}, Removed: map[string]int{}}}
}

// readA indexes the first set.
func (m *matcher) readA(r *corpus.Reader) error {
	return m.a.read(r, m.o.step("reading "+r.Files()[0]), func(row corpus.Row) error {
		m.same = append(m.same, -1)
		m.text = duplicates.Normalise(m.text[:0], row.Text)
		print := duplicates.Fingerprint(m.text)
		n := int32(len(m.same) - 1)
		if doc, ok := m.prints[print]; ok {
			g := &m.document[doc]
			m.same[g.last] = n
			g.last = n
			g.rows++
			return nil
		}
		m.prints[print] = len(m.document)
		m.add(row.Text, n)
		return nil
	})
}

// add makes a text that is new a document of both indexes.
func (m *matcher) add(text string, row int32) {
	doc := len(m.document)
	m.document = append(m.document, group{row, row, 1})
	m.raw.Take(m.text)
	m.raw.Add()
	if print, ok := m.wordsOf(); ok {
		m.words[print] = append(m.words[print], doc)
	}
	m.blind.Take(duplicates.Normalise(nil, blind(text)))
	m.blind.Add()
	if values := m.valuesOf(text); len(values) > 0 {
		m.personal[doc] = values
	}
	if parts := between(text); parts != nil {
		m.named[doc] = gaps{parts, namesIn(text)}
	}
}

// wordsOf is the fingerprint of the words of the text in hand; false where it has none.
func (m *matcher) wordsOf() (duplicates.Print, bool) {
	m.bare = duplicates.Words(m.bare[:0], m.text)
	return duplicates.Fingerprint(m.bare), len(m.bare) > 0
}

// readB holds the second set against the index.
func (m *matcher) readB(r *corpus.Reader) error {
	distinct := map[duplicates.Print]bool{}
	err := m.b.read(r, m.o.step("comparing "+r.Files()[0]), func(row corpus.Row) error {
		m.text = duplicates.Normalise(m.text[:0], row.Text)
		print := duplicates.Fingerprint(m.text)
		distinct[print] = true
		return m.match(row, print)
	})
	m.a.distinct, m.b.distinct = len(m.document), len(distinct)
	return err
}

// match finds and lists the counterparts of a row of B. A document is one of the first kind that fits, and so is the row counted.
func (m *matcher) match(row corpus.Row, print duplicates.Print) error {
	clear(m.known)
	m.raw.Take(m.text)
	counted := false
	for _, kind := range []struct {
		name string
		rows *int
		find func() []duplicates.Match
	}{
		{exact, &m.exact, func() []duplicates.Match { return m.equal(print) }},
		{near, &m.near, func() []duplicates.Match { return m.raw.Matches(nil) }},
		{words, &m.sameWords, m.worded},
		{names, &m.names, func() []duplicates.Match { return m.renamed(row.Text) }},
	} {
		found := slices.DeleteFunc(kind.find(), func(d duplicates.Match) bool { return m.known[d.Doc] })
		for _, d := range found {
			m.known[d.Doc] = true
		}
		if len(found) > 0 && !counted {
			*kind.rows++
			counted = true
		}
		if kind.name != exact {
			m.diff(row.Text, found)
		}
		if err := m.put(row.ID, kind.name, found); err != nil {
			return err
		}
	}
	return nil
}

// equal is the document with the text in hand, if there is one.
func (m *matcher) equal(print duplicates.Print) []duplicates.Match {
	if doc, ok := m.prints[print]; ok {
		return []duplicates.Match{{Doc: doc, Similarity: 1}}
	}
	return nil
}

// worded are the documents that have the words of the text in hand, marks aside.
func (m *matcher) worded() (found []duplicates.Match) {
	if print, ok := m.wordsOf(); ok {
		for _, doc := range m.words[print] {
			found = append(found, duplicates.Match{Doc: doc, Similarity: 1})
		}
	}
	return found
}

// renamed are the documents that say the same as a text if NAME_n on one side stands for a name on the other. Both are as similar without names as near
// duplicates are; and the side with placeholders has, between them, hardly a shingle that the other has not, which capitalised words that are no names do not pass.
func (m *matcher) renamed(text string) (found []duplicates.Match) {
	parts := between(text)
	if parts == nil && len(m.named) == 0 {
		return nil
	}
	m.blind.Take(duplicates.Normalise(nil, blind(text)))
	m.matches = m.blind.Matches(m.matches[:0])
	for _, d := range m.matches {
		g, other := m.named[d.Doc]
		if (parts == nil) == !other || m.known[d.Doc] {
			continue
		}
		covered := 0.0
		if other {
			covered = m.raw.CoveredNow(g.parts)
		} else {
			covered = m.raw.Covered(parts, d.Doc)
		}
		if covered >= mostlyCovered {
			found = append(found, d)
		}
	}
	return found
}

// mostlyCovered is the share of the shingles between placeholders that the other text must have.
const mostlyCovered = 0.9

// put lists pairs of one row of B and one kind, the most similar first, and counts those that are too many.
func (m *matcher) put(id, kind string, found []duplicates.Match) error {
	slices.SortStableFunc(found, func(a, b duplicates.Match) int { return cmp.Compare(b.Similarity, a.Similarity) })
	listed := 0
	for _, d := range found {
		g := m.document[d.Doc]
		for row := g.first; row >= 0 && listed < m.o.Most; row = m.same[row] {
			if err := m.list.put(m.a.ids[row], id, d.Similarity, kind); err != nil {
				return err
			}
			listed++
		}
		m.list.unlisted += int(g.rows)
	}
	m.list.unlisted -= listed
	return nil
}

// overlap sums the matches up.
func (m *matcher) overlap() Overlap {
	n := m.b.rows
	return Overlap{Exact: share(m.exact, n), Near: share(m.near, n), Words: share(m.sameWords, n), Names: share(m.names, n),
		Any:       share(m.exact+m.near+m.sameWords+m.names, n),
		Threshold: m.raw.Threshold(), Cosine: m.o.Cosine}
}
