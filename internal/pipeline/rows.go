package pipeline

import (
	"errors"
	"path/filepath"
	"strings"

	"lbprobe/experiments/corpus"
	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
	"lbprobe/results"
)

// rows are the texts of the corpus, of train or of test, in the order of their file.
type rows struct {
	set        string // as in assignment.csv: corpus, train or test
	ids, texts []string
	turns      []int  // how many each text has
	class      []int  // by index into the classes; -1 where there is no label
	keep       []bool // topics are learned from the row; nil: from none
}

// take adds a row as it was read.
func (r *rows) take(row corpus.Row) {
	r.ids, r.texts, r.class = append(r.ids, row.ID), append(r.texts, row.Text), append(r.class, row.Class)
	r.turns = append(r.turns, row.Turns)
}

// counted are the rows as a notebook counts them.
func (r *rows) counted() *notebook.Rows {
	return &notebook.Rows{IDs: r.ids, Texts: r.texts, Turns: r.turns}
}

// kept is how many rows topics are learned from.
func (r *rows) kept() (n int) {
	for _, k := range r.keep {
		if k {
			n++
		}
	}
	return n
}

// columns are where the texts and ids stand in a file of train or test: as in the corpus, as far as they are alike.
func (s *Session) columns(path string) corpus.Options {
	c := s.Experiment.Corpus
	o := corpus.Options{Format: corpus.Format(c.Format), Text: c.Text, ID: s.Experiment.Competition.ID, Turns: c.Turns}
	return o.Beside(c.Paths[0], path)
}

// labelled is columns with the classes of the train rows.
func (s *Session) labelled() corpus.Options {
	o := s.columns(s.Experiment.Competition.Train)
	o.Label, o.Classes, o.SkipBad = s.Experiment.Competition.Label, s.Experiment.Competition.Classes, s.options.SkipBad
	return o
}

// part is a set of rows and where it stands.
type part struct {
	set      string
	paths    []string
	columns  corpus.Options
	filtered bool // topics are learned from it
}

// parts lists the sets in the order in which they are read and embedded: the corpus, train where that is another file, the test unless it is hidden.
func (s *Session) parts() []part {
	e := s.Experiment
	first := part{"corpus", e.Corpus.Paths, s.columns(e.Corpus.Paths[0]), true}
	if e.TrainIsCorpus() {
		first.set, first.columns = "train", s.labelled()
	}
	first.columns.ID, first.columns.SkipBad = e.Corpus.ID, s.options.SkipBad
	out := []part{first}
	if e.Competition.Train != "" && !e.TrainIsCorpus() {
		out = append(out, part{"train", []string{e.Competition.Train}, s.labelled(), false})
	}
	if e.Competition.Hidden {
		return out
	}
	return append(out, part{"test", []string{e.Competition.Test}, s.columns(e.Competition.Test), false})
}

// filter chooses the rows that topics are learned from. What it redacts is redacted in every text of the corpus: kept or not, it is embedded.
func (s *Session) filter() corpus.Filter {
	f := s.Experiment.Corpus.Filter
	return corpus.Filter{MinChars: f.MinChars, MaxChars: f.MaxChars, Duplicates: corpus.Choice(f.Duplicates), LowQuality: corpus.Choice(f.LowQuality),
		PII: corpus.Choice(f.PII)}
}

// readCorpus reads what topics are learned from, and writes what there is in it to the run folder.
func (s *Session) readCorpus(folder *results.Folder, p part) (*rows, error) {
	reader, err := corpus.ReadFiles(p.paths, p.columns)
	if err != nil {
		return nil, s.unread(err)
	}
	defer reader.Close()
	filter := s.filter()
	profiler := corpus.NewProfiler(filter)
	out := &rows{set: p.set}
	for row, err := range reader.Rows() {
		if err != nil {
			return nil, s.unread(err)
		}
		out.keep = append(out.keep, profiler.Add(row))
		row.Text = filter.Redacted(row.Text)
		out.take(row)
	}
	s.tellBad(p.set, len(reader.Faults().Bad))
	if err := folder.Write("corpus/profile.json", profiler.Profile(reader).Write); err != nil {
		return nil, err
	}
	return out, folder.Write("corpus/dropped.csv", writer(reader, profiler.WriteDropped))
}

// readRows reads the train or the test file.
func (s *Session) readRows(p part) (*rows, error) {
	reader, err := corpus.ReadFiles(p.paths, p.columns)
	if err != nil {
		return nil, s.unread(err)
	}
	defer reader.Close()
	out := &rows{set: p.set}
	for row, err := range reader.Rows() {
		if err != nil {
			return nil, s.unread(err)
		}
		out.take(row)
	}
	s.tellBad(p.set, len(reader.Faults().Bad))
	return out, nil
}

// tellBad says how many rows --skip-bad has left out.
func (s *Session) tellBad(set string, bad int) {
	if bad > 0 {
		s.warn("%s: rows left out because they cannot be read: %d", set, bad)
	}
}

// keyOf is the setting that an option of the corpus reader comes from.
var keyOf = map[string]string{"id": "corpus.id", "text": "corpus.text", "label": "competition.label", "classes": "competition.classes"}

// unread points the faults of a file that the experiment file is to blame for at its key.
func (s *Session) unread(err error) error {
	e := s.Experiment
	if m, ok := errors.AsType[*corpus.Missing](err); ok {
		if m.Option == "id" && !samePath(e.Corpus.Paths, m.File) {
			return e.Fault("competition.id", m.Error(), m.Fix)
		}
		return e.Fault(keyOf[m.Option], m.Error(), m.Fix)
	}
	f, isFault := errors.AsType[*fault.Error](err)
	if u, ok := errors.AsType[*corpus.UnknownLabel](err); ok && isFault {
		return e.UnknownLabel(filepath.Base(f.File), f.Line, u.Label)
	}
	if isFault && samePath([]string{e.Competition.Test}, f.File) {
		whole := *f // every test row needs a prediction
		whole.Fix = strings.TrimSuffix(f.Fix, ", or skip such rows with --skip-bad")
		return &whole
	}
	return err
}

// samePath tells whether a path is one of several.
func samePath(paths []string, path string) bool {
	for _, p := range paths {
		if p != "" && filepath.Clean(p) == filepath.Clean(path) {
			return true
		}
	}
	return false
}
