package compare

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"lbprobe/experiments/corpus"
	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/experiments/corpus/language"
	"lbprobe/experiments/corpus/pii"
)

// matcher holds an index of set A while set B streams past: of B it keeps a hash of each different text, to count them.
type matcher struct {
	o    Options
	list *pairList
	a, b *side

	prints   map[duplicates.Print]int // → document
	document []group
	same     []int32           // of each row of A: the next one with the same text, -1 for none
	raw      *duplicates.Index // of the texts
	blind    *duplicates.Index // of the texts without names; the documents have the same numbers
	personal map[int][]value   // of documents with personal data
	named    map[int]gaps      // of documents with placeholders of names

	exact, near, names int // rows of B
	pii                PII
	text               []byte
	finds              []pii.Find
	matches            []duplicates.Match
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
		blind: duplicates.NewIndex(index), personal: map[int][]value{}, named: map[int]gaps{}, pii: PII{Added: map[string]int{}, Removed: map[string]int{}}}
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
	m.blind.Take(duplicates.Normalise(nil, blind(text)))
	m.blind.Add()
	if values := m.valuesOf(text); len(values) > 0 {
		m.personal[doc] = values
	}
	if parts := between(text); parts != nil {
		m.named[doc] = gaps{parts, namesIn(text)}
	}
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

// match finds and lists the counterparts of a row of B.
func (m *matcher) match(row corpus.Row, print duplicates.Print) error {
	same, isExact := m.prints[print]
	if isExact {
		m.exact++
		if err := m.put(row.ID, exact, []duplicates.Match{{Doc: same, Similarity: 1}}); err != nil {
			return err
		}
	}
	m.raw.Take(m.text)
	alike := slices.DeleteFunc(m.raw.Matches(nil), func(d duplicates.Match) bool { return isExact && d.Doc == same })
	renamed := m.renamed(row.Text, alike, same, isExact)
	switch {
	case isExact:
	case len(alike) > 0:
		m.near++
	case len(renamed) > 0:
		m.names++
	}
	m.diff(row.Text, alike)
	m.diff(row.Text, renamed)
	if err := m.put(row.ID, near, alike); err != nil {
		return err
	}
	return m.put(row.ID, names, renamed)
}

// renamed are the documents that say the same as a text if NAME_n on one side stands for a name on the other. Both are as similar without names as near
// duplicates are; and the side with placeholders has, between them, hardly a shingle that the other has not, which capitalised words that are no names do not pass.
func (m *matcher) renamed(text string, alike []duplicates.Match, same int, isExact bool) (found []duplicates.Match) {
	parts := between(text)
	if parts == nil && len(m.named) == 0 {
		return nil
	}
	m.blind.Take(duplicates.Normalise(nil, blind(text)))
	m.matches = m.blind.Matches(m.matches[:0])
	for _, d := range m.matches {
		g, other := m.named[d.Doc]
		if (parts == nil) == !other || isExact && d.Doc == same || slices.ContainsFunc(alike, func(a duplicates.Match) bool { return a.Doc == d.Doc }) {
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
	return Overlap{Exact: share(m.exact, n), Near: share(m.near, n), Names: share(m.names, n), Any: share(m.exact+m.near+m.names, n),
		Threshold: m.raw.Threshold(), Cosine: m.o.Cosine}
}

// side is what is kept of the rows of one set.
type side struct {
	named     bool // the ids are kept: those of A are, for pairs.csv; those of B only where a row is looked at again
	ids       []string
	rows      int
	distinct  int
	profiler  *corpus.Profiler
	lengths   map[string]int
	languages map[string]int
	bad       int
}

func newSide(named bool) *side {
	return &side{named: named, profiler: corpus.NewProfiler(corpus.Filter{}), lengths: map[string]int{}, languages: map[string]int{}}
}

// read goes through a set once.
func (s *side) read(r *corpus.Reader, step step, take func(corpus.Row) error) error {
	for row, err := range r.Rows() {
		if err != nil {
			return err
		}
		if s.named {
			s.ids = append(s.ids, row.ID)
		}
		s.rows++
		s.profiler.Add(row)
		s.lengths[lengthOf(utf8.RuneCountInString(row.Text))]++
		s.languages[string(language.Detect(start(row.Text)))]++
		if err := take(row); err != nil {
			return err
		}
		if s.rows%stepRows == 0 {
			if err := step(r.Progress()); err != nil {
				return err
			}
		}
	}
	s.bad = len(r.Faults().Bad)
	return nil
}

// stepRows is how many rows are one step of progress.
const stepRows = 256

// step is told how far one pass is.
type step func(done, total int64) error

func (o Options) step(name string) step {
	return func(done, total int64) error { return o.Step(name, done, total) }
}

func (s *side) set(r *corpus.Reader) Set {
	return Set{File: r.Files()[0], Rows: s.rows, Distinct: s.distinct, Chars: s.profiler.Profile(r).Chars}
}

// told is how much of a text its language is told by.
const told = 1000

// start is the beginning of a text, of whole characters.
func start(text string) string {
	n := min(told, len(text))
	for n < len(text) && n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// lengthBins are the classes of lengths, in characters: those that arXiv:2309.11998 drops at either end, and three between.
var lengthBins = []struct {
	below int
	name  string
}{{32, "0–31"}, {128, "32–127"}, {512, "128–511"}, {1537, "512–1536"}, {1 << 62, "1537 and more"}}

func lengthOf(chars int) string {
	for _, bin := range lengthBins {
		if chars < bin.below {
			return bin.name
		}
	}
	panic("compare: a text without a length")
}

func (m *matcher) lengths() Table {
	var order []string
	for _, bin := range lengthBins {
		order = append(order, bin.name)
	}
	return newTable(m.a.lengths, m.b.lengths, order)
}

func (m *matcher) languages() Table { return newTable(m.a.languages, m.b.languages, nil) }
