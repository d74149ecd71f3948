package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
	"lbprobe/probes/channel"
	"lbprobe/probes/design"
	"lbprobe/probes/prior"
	"lbprobe/results"
)

// topicColumns are the columns of topics.csv before those of the classes.
var topicColumns = []string{"topic", "name", "rows", "share", "keywords", "train_rows", "test_rows", "named_by", "summary"}

// classColumns name the train rows of each class in topics.csv.
func classColumns(classes []string) []string {
	out := make([]string, len(classes))
	for i, c := range classes {
		out[i] = "train:" + c
	}
	return out
}

// shelf is what the topics stage has left for the others, read back from its files.
type shelf struct {
	topics []topic
	ids    []string // of the test rows, in file order; none where they are hidden
	of     []int32  // topic of each test row
	made   string   // what a design is made for, as clustering.made
	totals *totals  // of a hidden test, where a channel has told them exactly; nil else

	tallies map[string][]int // of the rows that stand for hidden ones, by message besides the topics
}

// topic is one line of topics.csv.
type topic struct {
	name     string
	namedBy  string // the language model that made the name up; empty: nobody
	summary  string // by the same model
	keywords []string
	tally
}

// shelf reads topics.csv and the test rows of assignment.csv.
func (s *Session) shelf(folder *results.Folder) (*shelf, error) {
	out, classes := &shelf{}, classColumns(s.Experiment.Competition.Classes)
	err := readTable(folder, "topics/topics.csv", append(topicColumns[:len(topicColumns):len(topicColumns)], classes...), func(cell func(string) string) error {
		t, err := readTopic(cell, classes)
		out.topics = append(out.topics, t)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &fault.Error{File: folder.Dir, Msg: "there are no topics yet", Fix: "Begin with: lbprobe topics " + s.Experiment.Path, Err: err}
	}
	if err != nil {
		return nil, err
	}
	if s.Experiment.Competition.Hidden {
		book, err := notebook.ReadCodebook(folder.Path(filepath.FromSlash(notebook.CodebookPlace)))
		if err != nil {
			return nil, err
		}
		out.made = book.Hash
		if s.given != nil {
			out.totals = s.given
			return out, nil
		}
		out.totals, err = s.toldTotals(folder, out.made)
		return out, err
	}
	err = readTable(folder, "topics/assignment.csv", []string{"id", "set", "topic"}, func(cell func(string) string) error {
		if cell("set") != "test" {
			return nil
		}
		k, err := number(cell("topic"))
		if err == nil && k >= len(out.topics) {
			err = fmt.Errorf("there is no topic %d", k)
		}
		out.ids, out.of = append(out.ids, strings.Clone(cell("id"))), append(out.of, int32(k))
		return err
	})
	out.made = assignmentHash(out.ids, out.of)
	return out, err
}

func readTopic(cell func(string) string, classes []string) (t topic, err error) {
	t.name, t.namedBy, t.summary = strings.Clone(cell("name")), strings.Clone(cell("named_by")), strings.Clone(cell("summary"))
	if words := cell("keywords"); words != "" {
		t.keywords = strings.Split(strings.Clone(words), "; ")
	}
	counts := make([]int, 3+len(classes))
	for i, name := range append([]string{"rows", "train_rows", "test_rows"}, classes...) {
		if counts[i], err = number(cell(name)); err != nil {
			return t, fmt.Errorf("%s: %w", name, err)
		}
	}
	t.tally = tally{learned: counts[0], train: counts[1], test: counts[2], classes: counts[3:]}
	return t, nil
}

// eachExemplar goes through exemplars.csv, the nearest of a topic first.
func eachExemplar(folder *results.Folder, topics int, take func(topic int, text string)) error {
	return readTable(folder, "topics/exemplars.csv", []string{"topic", "text"}, func(cell func(string) string) error {
		k, err := number(cell("topic"))
		if err == nil && k >= topics {
			err = fmt.Errorf("there is no topic %d", k)
		}
		if err == nil {
			take(k, strings.Clone(cell("text")))
		}
		return err
	})
}

// assignmentHash is the identity of which test row has which topic: what a design is made for.
func assignmentHash(ids []string, topic []int32) string {
	sum := sha256.New()
	for i, id := range ids {
		fmt.Fprintf(sum, "%d:%s=%d;", len(id), id, topic[i])
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// trainRows are the rows of each topic against whose shares shifts are measured: those of train, or where there is no train those that the
// topics were learned from.
func (h *shelf) trainRows() []int {
	out, sum := make([]int, len(h.topics)), 0
	for k, t := range h.topics {
		out[k] = t.train
		sum += t.train
	}
	if sum == 0 {
		for k, t := range h.topics {
			out[k] = t.learned
		}
	}
	return out
}

// belief is what is believed about the counts before any score, for a target.
func (s *Session) belief(h *shelf) (prior.Spec, error) {
	groups, err := s.groups()
	if err != nil {
		return prior.Spec{}, err
	}
	var spec prior.Spec
	if s.Experiment.Competition.Hidden && h.totals == nil {
		spec, err = s.hiddenBelief(h)
	} else {
		spec = s.staticBelief(h, h.testRows())
	}
	spec.Groups = groups
	return spec, err
}

// testRows are the rows of each topic in the test, as they are seen here or as a channel has told them.
func (h *shelf) testRows() []int {
	if h.totals != nil {
		return h.totals.rows
	}
	out := make([]int, len(h.topics))
	for k, t := range h.topics {
		out[k] = t.test
	}
	return out
}

// staticBelief is that about a test whose rows of each topic are known.
func (s *Session) staticBelief(h *shelf, totals []int) prior.Spec {
	e := s.Experiment
	all := 0
	for _, n := range totals {
		all += n
	}
	lo, hi := e.Competition.PublicRange(all)
	spec := prior.Spec{Totals: slices.Clone(totals), Public: [2]int{lo, hi}, Split: math.Inf(1)}
	train, labels := make([][]int, len(h.topics)), 0
	for k, t := range h.topics {
		train[k] = t.classes
		labels += t.train
	}
	classes := max(1, len(e.Competition.Classes)) // a truth of numbers is believed to be of one class
	if labels == 0 || classes == 1 {
		spec.Alpha = prior.FlatEvidence(len(h.topics), classes)
	} else {
		spec.Alpha = prior.ClassEvidence(train, s.concentration(h))
	}
	return spec
}

// hiddenBelief is that about a test of which only the number of rows is known, within a range: it is like the train set in topics and classes. Without
// labels the rows that the topics were learned from stand for it, and classes are taken for equally likely.
func (s *Session) hiddenBelief(h *shelf) (prior.Spec, error) {
	e := s.Experiment
	rows := e.Competition.Rows
	if rows == nil {
		return prior.Spec{}, e.Fault("competition.rows", "is missing; the rows of a hidden test can't be counted", "Add to [competition]: rows = 25000, or rows = [20000, 30000]")
	}
	train, labels := make([][]int, len(h.topics)), 0
	for k, t := range h.topics {
		train[k] = t.classes
		for _, n := range t.classes {
			labels += n
		}
	}
	if labels == 0 {
		for k, n := range h.trainRows() {
			train[k] = slices.Repeat([]int{n}, max(1, len(e.Competition.Classes)))
		}
	}
	lo, _ := e.Competition.PublicRange(rows.Lo)
	_, hi := e.Competition.PublicRange(rows.Hi)
	return prior.Hidden(train, [2]int{rows.Lo, rows.Hi}, [2]int{lo, hi}, s.concentration(h), e.Analysis.Absent), nil
}

// concentration is how many rows of evidence the train set stands for.
func (s *Session) concentration(h *shelf) float64 {
	if c := s.Experiment.Analysis.Concentration; c != nil {
		return *c
	}
	return prior.Weak(len(h.topics))
}

// groups are the classes that each unknown of a topic counts, or the fault that says why the metric can't tell.
func (s *Session) groups() ([][]int, error) {
	e := s.Experiment
	c := e.Competition
	target := design.Target(e.Probe.Target)
	if e.Probe.Target == string(channel.Sizes) {
		target = design.Presence // classes have no part in it
	}
	groups, err := design.Groups(target, c.Scoring(), max(1, len(c.Classes)), c.Outside)
	if err != nil {
		return nil, e.Fault("probe.target", err.Error(), "")
	}
	return groups, nil
}

// isOther tells the topic of rows that are far from every centroid from one that a machine has called so.
func (t topic) isOther() bool { return t.name == otherName && t.namedBy == "" }

// called is what a message calls a topic. A name that a machine has made up says by whom.
func (t topic) called(k int) string {
	switch {
	case t.namedBy != "":
		return t.name + " (" + t.namedBy + ")"
	case t.name != "":
		return t.name
	case len(t.keywords) > 0:
		return strings.Join(t.keywords[:min(3, len(t.keywords))], ", ")
	}
	return "topic " + strconv.Itoa(k)
}

// sorted learns the topics, if need be, and returns the run folder with its shelf.
func (s *Session) sorted() (*results.Folder, *shelf, error) {
	if _, err := s.Topics(); err != nil {
		return nil, nil, err
	}
	return s.shelved()
}

// shelved is the run folder with its shelf.
func (s *Session) shelved() (*results.Folder, *shelf, error) {
	folder, err := s.open()
	if err != nil {
		return nil, nil, err
	}
	h, err := s.shelf(folder)
	return folder, h, err
}
