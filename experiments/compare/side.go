package compare

import (
	"unicode/utf8"

	"lbprobe/experiments/corpus"
	"lbprobe/experiments/corpus/language"
)

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
