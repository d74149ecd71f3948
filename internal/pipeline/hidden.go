package pipeline

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
	"lbprobe/probes/board"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/submission"
	"lbprobe/results"
)

// played is the truth that a trial is played against, and the shelf with the rows of [simulate].test, which stand for the hidden ones.
func (s *Session) played(folder *results.Folder, h *shelf, trial int) (*shelf, sim.Truth, error) {
	if s.stand == nil {
		var err error
		if s.stand, err = s.standIn(folder, h); err != nil {
			return nil, sim.Truth{}, err
		}
	}
	truth, err := s.truth(s.stand, trial)
	return s.stand, truth, err
}

// standIn gives the rows of [simulate].test their topics: what the notebook will find out, found out here.
func (s *Session) standIn(folder *results.Folder, h *shelf) (*shelf, error) {
	e := s.Experiment
	if e.Simulate == nil || e.Simulate.Test == "" {
		return nil, e.Fault("simulate.test", "is missing; it holds the rows that stand for the hidden test", `Add to [simulate]: test = "full_test.csv"`)
	}
	test, err := s.readRows(part{"test", []string{e.Simulate.Test}, s.columns(e.Simulate.Test), false})
	if err != nil {
		return nil, err
	}
	if err := e.CheckTestRows(len(test.ids)); err != nil {
		return nil, err
	}
	s.step("embedding the rows of the hidden test")
	x, err := s.playedVectors(folder, test.texts)
	if err != nil {
		return nil, err
	}
	book, err := notebook.Thaw(folder.Path("topics"))
	if err != nil {
		return nil, err
	}
	if dim := book.Centroids.Cols; x.Rows != len(test.ids) || x.Cols != dim {
		return nil, e.Fault("simulate.test_embedding", fmt.Sprintf("it holds %d×%d numbers for %d rows and topics of %d dimensions", x.Rows, x.Cols, len(test.ids), dim),
			"Embed the rows of simulate.test, in order, as those of the corpus")
	}
	out := *h
	out.ids = test.ids
	if out.tallies, err = s.standTallies(folder, test); err != nil {
		return nil, err
	}
	out.of, _ = book.Assign(x, s.options.Threads)
	out.topics = slices.Clone(h.topics)
	for k, rows := range notebook.CountTopics(out.of, len(out.topics)) {
		out.topics[k].test = rows
	}
	return &out, nil
}

// playedVectors embeds the texts of the rows that stand for the hidden ones.
func (s *Session) playedVectors(folder *results.Folder, texts []string) (x blas32.General, err error) {
	e := s.Experiment
	switch given := e.Simulate.TestEmbedding; {
	case e.Script() != "" && given != "":
		x, err = notebook.ReadMatrix(given)
		return x, s.pointed("simulate.test_embedding", err)
	case e.Script() != "":
		return s.encode(texts)
	}
	tfidf, err := readEmbedder(folder.Path(filepath.FromSlash(notebook.EmbedderPlace)))
	if err != nil {
		return x, err
	}
	tfidf.Threads = s.options.Threads
	return tfidf.Embed(texts)
}

// submitBundle plays the bundle against the simulated board until all is told, or the budget is spent. For a board by hand it says what to do.
func (s *Session) submitBundle(ctx context.Context, folder *results.Folder, m *submission.Manifest) (*Submitted, error) {
	h, err := s.hear(folder, m, datasetPlace)
	if err != nil {
		return nil, err
	}
	if s.Experiment.Competition.Board != simulated {
		if err := s.writeNextBundle(folder, m); err != nil {
			return nil, err
		}
		next, err := s.nextBundle(folder, m, h)
		if err != nil {
			return nil, err
		}
		pending := 0
		if next.Probe != nil {
			pending = 1
		}
		return &Submitted{Pending: pending, Next: submission.NextBundleSteps(next)}, nil
	}
	shelf, err := s.shelf(folder)
	if err != nil {
		return nil, err
	}
	_, truth, err := s.played(folder, shelf, 0)
	if err != nil {
		return nil, err
	}
	scored, err := s.playBundle(ctx, folder, m, truth, unlimited)
	if err != nil {
		return nil, err
	}
	out := &Submitted{Scored: scored}
	if h, err = s.hear(folder, m, datasetPlace); err == nil && h.next() > 0 {
		out.Pending = 1
	}
	return out, err
}

// playBundle runs the notebook for one probe after the other, each knowing the scores before it, and records what a board of that truth shows. It
// stops where all is told, where a score tells of a fault, after `most` submissions, or where the budget is spent.
func (s *Session) playBundle(ctx context.Context, folder *results.Folder, m *submission.Manifest, truth sim.Truth, most int) (scored int, err error) {
	board, err := sim.New(truth, s.playScoring())
	if err != nil {
		return 0, s.Experiment.Fault("simulate", err.Error(), "")
	}
	rerun, err := s.rerunner(folder, m)
	if err != nil {
		return 0, err
	}
	defer rerun.close()
	for {
		h, err := s.hear(folder, m, datasetPlace)
		if err != nil {
			return scored, err
		}
		if err := s.writeNextBundle(folder, m); err != nil {
			return scored, err
		}
		left, err := s.budgetLeft(folder, m)
		if err != nil || h.next() == 0 || h.trouble() != "" || left == 0 || scored == most {
			return scored, err
		}
		s.step(fmt.Sprintf("rerun of probe %d", h.next()))
		if err := s.playProbe(ctx, folder, m, rerun, board, h); err != nil {
			return scored, err
		}
		scored++
	}
}

// playProbe runs the notebook for the next probe, hands in what it writes, and records the score.
func (s *Session) playProbe(ctx context.Context, folder *results.Folder, m *submission.Manifest, rerun rerunner, b *sim.Board, h *heard) error {
	entry := m.Probes[h.next()-h.first]
	path, log, err := rerun.rerun(ctx, entry.Number, h.scores)
	if err != nil {
		return err
	}
	if _, err := b.Submit(ctx, board.Submission{Name: entry.File, Message: entry.Tag, Open: func() (io.ReadCloser, error) { return os.Open(path) }}); err != nil {
		return err
	}
	shown, err := b.Scores(ctx)
	if err != nil {
		return err
	}
	row := shown[len(shown)-1]
	if row.Status == board.Error {
		return &fault.Error{File: path, Msg: "the simulated board refuses the file: " + row.Message + "; probe.py said: " + lastLine(log, nil)}
	}
	rows := []results.Row{{File: row.File, Description: row.Description, Status: row.Status, Public: row.Public}}
	_, err = s.take(folder, m, rows, results.Rules{Source: simulated})
	return err
}
