package pipeline

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/embed"
	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
	"lbprobe/results"
)

// The sources of vectors.
const (
	tfidfSVD = "tfidf-svd" // built in
	npy      = "npy"       // made elsewhere
	python   = "python"    // made by the user's script
	endpoint = "openai"    // made by a model behind an endpoint
)

// embedder says in one line what turns texts into vectors.
func (s *Session) embedder() string {
	switch v := s.Experiment.Embedding; v.Source {
	case npy:
		return "npy " + s.named(v.Path)
	case endpoint:
		return v.Model + " at " + v.URL
	case python:
		return "python " + s.named(v.Script)
	}
	return fmt.Sprintf("%s, seed %d", s.Experiment.Embedding.Source, s.Experiment.Seed)
}

// vectors turns sets of rows into matrices, one row a text. It is closed when they are no longer needed.
type vectors struct {
	session *Session
	tfidf   *embed.TFIDF      // nil: not built in
	remote  *endpointEmbedder // nil: no endpoint; where both are nil, vectors are read from files or made by the script
	mapped  []*embed.NPY
}

// newVectors prepares the embedder. The built-in one is fitted on the kept rows of the corpus and frozen in the run folder.
func (s *Session) newVectors(folder *results.Folder, from *rows) (*vectors, error) {
	v := &vectors{session: s}
	var err error
	switch s.Experiment.Embedding.Source {
	case npy, python:
		return v, nil
	case endpoint:
		v.remote, err = s.newEndpoint(folder)
		return v, err
	}
	var texts []string
	for i, keep := range from.keep {
		if keep {
			texts = append(texts, from.texts[i])
		}
	}
	if v.tfidf, err = embed.FitTFIDF(texts, embed.TFIDFOptions{Seed: s.Experiment.Seed, Threads: s.options.Threads}); err != nil {
		return nil, s.pointed("corpus.path", err)
	}
	return v, folder.Write(notebook.EmbedderPlace, func(w io.Writer) error {
		_, err := v.tfidf.WriteTo(w)
		return err
	})
}

// of returns the vectors of rows, n×d.
func (v *vectors) of(r *rows) (blas32.General, error) {
	switch {
	case v.tfidf != nil:
		return v.tfidf.Embed(r.texts)
	case v.remote != nil:
		return v.remote.of(r)
	}
	s, e := v.session, v.session.Experiment.Embedding
	if e.Source == python {
		return s.encode(r.texts)
	}
	key, path, idKey, ids := "embedding.path", e.Path, "embedding.ids", e.IDs
	switch {
	case r.set == "test":
		key, path, idKey, ids = "embedding.test_path", e.TestPath, "embedding.test_ids", e.TestIDs
	case r.set == "train" && !s.Experiment.TrainIsCorpus():
		key, path, idKey, ids = "embedding.train_path", e.TrainPath, "embedding.train_ids", e.TrainIDs
	}
	file, err := embed.OpenNPY(path)
	if err != nil {
		return blas32.General{}, s.pointed(key, err)
	}
	v.mapped = append(v.mapped, file)
	if err := s.Experiment.CheckVectors(key, file.Rows, s.fileOf(r.set), len(r.ids)); err != nil {
		return blas32.General{}, err
	}
	if ids != "" {
		if err := embed.CheckIDs(ids, r.ids); err != nil {
			return blas32.General{}, s.pointed(idKey, err)
		}
	}
	m, err := file.Matrix()
	return m, s.pointed(key, err)
}

// close gives the mapped files back.
func (v *vectors) close() {
	for _, file := range v.mapped {
		_ = file.Close() // mapped for reading: there is nothing to lose
	}
	if v.remote != nil {
		_ = v.remote.cache.Close() // every reply has reached the disk
	}
}

// fileOf is the file that a set of rows comes from.
func (s *Session) fileOf(set string) string {
	switch set {
	case "test":
		return s.Experiment.Competition.Test
	case "train":
		return s.Experiment.Competition.Train
	}
	return s.Experiment.Corpus.Paths[0]
}

// pointed places a fault of a stage at the key of the experiment file that is to be changed; nil stays nil.
func (s *Session) pointed(key string, err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	msg := f.Msg
	switch {
	case f.File != "" && f.Line > 0:
		msg = fmt.Sprintf("%s, line %d: %s", filepath.Base(f.File), f.Line, msg)
	case f.File != "":
		msg = fmt.Sprintf("%s: %s", filepath.Base(f.File), msg)
	}
	return s.Experiment.Fault(key, msg, f.Fix)
}

// gathered copies the kept rows of a matrix; where all are kept it is the matrix itself.
func gathered(m blas32.General, keep []bool, count int) blas32.General {
	if count == m.Rows {
		return m
	}
	out := blas32.General{Rows: count, Cols: m.Cols, Stride: m.Cols, Data: make([]float32, 0, count*m.Cols)}
	for i, k := range keep {
		if k {
			out.Data = append(out.Data, m.Data[i*m.Stride:i*m.Stride+m.Cols]...)
		}
	}
	return out
}
