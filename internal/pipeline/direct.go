package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"lbprobe/internal/notebook"
	"lbprobe/probes/submission"
	"lbprobe/results"
)

// rerunner runs the probes of a bundle, one at a time. The log is what it has printed.
type rerunner interface {
	rerun(ctx context.Context, probe int, scores map[int]string) (path, log string, err error)
	close()
}

// rerunner is probe.py in an emulated rerun, or with [Options.Direct] what it calls.
func (s *Session) rerunner(folder *results.Folder, m *submission.Manifest) (rerunner, error) {
	if !s.options.Direct {
		return s.emulate(folder, m)
	}
	dir, err := os.MkdirTemp("", "lbprobe-rerun-*")
	if err != nil {
		return nil, fmt.Errorf("rerun: %w", err)
	}
	sim := s.Experiment.Simulate
	r := notebook.Rerun{Test: sim.Test, Dataset: folder.Path(filepath.FromSlash(datasetPlace)), Output: filepath.Join(dir, "submission.csv"), Threads: s.options.Threads}
	if s.Experiment.Script() != "" {
		r.Embeddings = sim.TestEmbedding
	}
	return &inProcess{r, dir}, nil
}

// inProcess is a rerun without Python: the same order for every probe.
type inProcess struct {
	notebook.Rerun
	dir string
}

func (p *inProcess) rerun(_ context.Context, probe int, scores map[int]string) (path, log string, err error) {
	p.Probe, p.Scores = probe, scores
	out, err := p.Write()
	if err != nil {
		return "", "", err
	}
	return p.Output, out.Detail, nil
}

func (p *inProcess) close() { _ = os.RemoveAll(p.dir) }
