package pipeline

import (
	"fmt"
	"strings"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/topics"
	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
	"lbprobe/results"
)

// topicSettings are the settings that the topics depend on.
var topicSettings = []string{"seed", "corpus", "embedding", "topics", "competition.classes", "competition.label", "competition.id",
	"competition.train", "competition.test"}

// topicOutputs are the files of the stage. The frozen embedder is written where that is the built-in one, the reference where the test is hidden.
var topicOutputs = []string{notebook.EmbedderPlace, notebook.ReferencePlace + ".jsonl", notebook.ReferencePlace + ".npy", "corpus/profile.json", "corpus/dropped.csv", "topics/topics.csv", "topics/exemplars.csv",
	"topics/assignment.csv", notebook.CentroidsPlace, notebook.CodebookPlace, topicPicture}

// Topics learns the topics and gives every row its own, unless that was done with the same inputs. done tells whether there was anything to do.
func (s *Session) Topics() (done bool, err error) {
	hash, err := s.topicInputs()
	if err != nil {
		return false, err
	}
	folder, err := s.create()
	if err != nil {
		return false, err
	}
	if folder.Fresh("topics", hash) {
		return false, nil
	}
	outputs, err := s.learn(folder)
	if err != nil {
		return false, err
	}
	return true, folder.Done("topics", hash, outputs...)
}

// topicInputs is the hash of what the topics are made of.
func (s *Session) topicInputs() (string, error) {
	e := s.Experiment
	v := e.Embedding
	return s.inputs(topicSettings, append(e.Corpus.Paths[:len(e.Corpus.Paths):len(e.Corpus.Paths)], e.Competition.Train, e.Competition.Test,
		v.Path, v.TrainPath, v.TestPath, v.IDs, v.TrainIDs, v.TestIDs, e.Script())...)
}

// learn does the work of the stage and returns what it has written.
func (s *Session) learn(folder *results.Folder) (outputs []string, err error) {
	s.step("reading texts")
	sets, err := s.readAll(folder)
	if err != nil {
		return nil, err
	}
	s.step("embedding")
	v, err := s.newVectors(folder, sets[0])
	if err != nil {
		return nil, err
	}
	defer v.close()
	found, err := s.cluster(v, sets[0])
	if err != nil {
		return nil, err
	}
	for _, set := range sets[1:] {
		if err := found.assign(v, set); err != nil {
			return nil, err
		}
	}
	if err := found.freeze(v); err != nil {
		return nil, err
	}
	if err := s.release(folder, found.made()); err != nil {
		return nil, err
	}
	return s.topicOutputs(), found.write(folder)
}

// topicOutputs are the files that the stage leaves for the embedder and the test of the experiment.
func (s *Session) topicOutputs() (outputs []string) {
	for _, place := range topicOutputs {
		if place == notebook.EmbedderPlace && s.Experiment.Embedding.Source != tfidfSVD || strings.HasPrefix(place, notebook.ReferencePlace) && !s.Experiment.Competition.Hidden {
			continue
		}
		outputs = append(outputs, place)
	}
	return outputs
}

// readAll reads all parts of the experiment, and checks what could not be checked before they were read.
func (s *Session) readAll(folder *results.Folder) ([]*rows, error) {
	parts := s.parts()
	first, err := s.readCorpus(folder, parts[0])
	if err != nil {
		return nil, err
	}
	if err := s.Experiment.CheckTopics(first.kept()); err != nil {
		return nil, err
	}
	sets := []*rows{first}
	for _, p := range parts[1:] {
		r, err := s.readRows(p)
		if err != nil {
			return nil, err
		}
		sets = append(sets, r)
	}
	last := len(sets) - 1
	if s.Experiment.Competition.Hidden {
		return sets, s.checkClasses(sets[last])
	}
	if err := s.checkClasses(sets[last-1]); err != nil {
		return nil, err
	}
	return sets, s.Experiment.CheckTestRows(len(sets[last].ids))
}

// checkClasses refuses a class that no train row has.
func (s *Session) checkClasses(train *rows) error {
	if train.set != "train" {
		return nil // no labels: Load has warned
	}
	counts := make([]int, len(s.Experiment.Competition.Classes))
	if len(counts) == 0 {
		return nil // the truth is numbers
	}
	for _, c := range train.class {
		counts[c]++
	}
	return s.Experiment.CheckClassCounts(counts)
}

// clustering is the topics of all sets, on their way to the files.
type clustering struct {
	session  *Session
	book     *topics.Codebook
	sets     []*rows
	topic    [][]int32 // of the rows of each set
	distance [][]float64

	codebook  notebook.Codebook
	reference *reference // for the notebook of a hidden test; nil where there is none
}

// cluster learns the topics from the kept rows of the corpus, and assigns all of its rows.
func (s *Session) cluster(v *vectors, from *rows) (*clustering, error) {
	x, err := v.of(from)
	if err != nil {
		return nil, err
	}
	s.step("clustering")
	t := s.Experiment.Topics
	fit, err := topics.Fit(gathered(x, from.keep, from.kept()), topics.Options{K: t.K, Seed: s.Experiment.Seed, Restarts: t.Restarts,
		Threads: s.options.Threads, Sample: t.Sample, Other: t.Other})
	if err != nil {
		return nil, s.unclustered(err)
	}
	if fit.Status == topics.IterationLimit {
		s.warn("topics: k-means was stopped after %d iterations, before it settled", fit.Iterations)
	}
	c := &clustering{session: s, book: &fit.Codebook}
	c.join(from, x)
	if s.Experiment.Competition.Hidden {
		c.reference = newReference(x, from)
	}
	return c, nil
}

// unclustered points a fault of k-means at the key that it names.
func (s *Session) unclustered(err error) error {
	if f, ok := err.(*fault.Error); ok && f.Field != "" {
		return s.pointed(f.Field, err)
	}
	return err
}

// assign gives the rows of a further set their topics.
func (c *clustering) assign(v *vectors, set *rows) error {
	x, err := v.of(set)
	if err != nil {
		return err
	}
	if x.Cols != c.book.Centroids.Cols {
		return c.session.Experiment.Fault("embedding."+set.set+"_path", fmt.Sprintf("its vectors have %d numbers, those of the corpus %d", x.Cols,
			c.book.Centroids.Cols), "Embed all texts with one model")
	}
	c.join(set, x)
	return nil
}

func (c *clustering) join(set *rows, x blas32.General) {
	topic, distance := c.book.Assign(x, c.session.options.Threads)
	c.sets, c.topic, c.distance = append(c.sets, set), append(c.topic, topic), append(c.distance, distance)
}

// made is what a design is made for: the topics of the test rows, or where these are hidden the codebook that gives them theirs.
func (c *clustering) made() string {
	if c.session.Experiment.Competition.Hidden {
		return c.codebook.Hash
	}
	last := len(c.sets) - 1
	return assignmentHash(c.sets[last].ids, c.topic[last])
}
