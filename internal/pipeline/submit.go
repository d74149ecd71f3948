package pipeline

import (
	"context"
	"io"
	"os"

	"lbprobe/internal/fault"
	"lbprobe/probes/board"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/submission"
	"lbprobe/results"
)

// simulated is the name of the board that is played here.
const simulated = "simulated"

// Submitted is what became of the probes without a score.
type Submitted struct {
	Scored  int    // probes that were scored and recorded now
	Pending int    // probes that still wait for a score
	Next    string // NEXT.md, where the uploads are the user's to make
}

// Submit hands every probe without a score to the simulated board and records its scores. For a board that takes uploads by hand it only says
// what to upload.
func (s *Session) Submit(ctx context.Context) (*Submitted, error) {
	folder, err := s.open()
	if err != nil {
		return nil, err
	}
	m, err := s.probed(folder)
	if err != nil {
		return nil, err
	}
	if m.Bundle != "" {
		return s.submitBundle(ctx, folder, m)
	}
	next, err := s.next(folder, m)
	if err != nil {
		return nil, err
	}
	if s.Experiment.Competition.Board != simulated {
		return &Submitted{Pending: len(next.Pending), Next: submission.NextSteps(next)}, s.writeNext(folder, m)
	}
	h, err := s.shelf(folder)
	if err != nil {
		return nil, err
	}
	truth, err := s.truth(h, 0)
	if err != nil {
		return nil, err
	}
	left, err := s.budgetLeft(folder, m)
	if err != nil {
		return nil, err
	}
	now := next.Pending[:min(left, len(next.Pending))]
	if err := s.play(ctx, folder, m, now, truth); err != nil {
		return nil, err
	}
	return &Submitted{Scored: len(now), Pending: len(next.Pending) - len(now)}, s.writeNext(folder, m)
}

// play hands files to a simulated board of the given truth and records what it shows.
func (s *Session) play(ctx context.Context, folder *results.Folder, m *submission.Manifest, pending []submission.Entry, truth sim.Truth) error {
	if len(pending) == 0 {
		return nil
	}
	s.step("scoring submissions")
	b, err := sim.New(truth, s.playScoring())
	if err != nil {
		return s.Experiment.Fault("simulate", err.Error(), "")
	}
	for _, p := range pending {
		open := func() (io.ReadCloser, error) { return os.Open(folder.Path("probes", p.File)) }
		if _, err := b.Submit(ctx, board.Submission{Name: p.File, Message: p.Tag, Open: open}); err != nil {
			return err
		}
	}
	shown, err := b.Scores(ctx)
	if err != nil {
		return err
	}
	rows := make([]results.Row, len(shown))
	for i, row := range shown {
		if row.Status == board.Error {
			return &fault.Error{File: folder.Path("probes", row.File), Msg: "the simulated board refuses the file: " + row.Message, Fix: "Make it anew: lbprobe generate " + s.Experiment.Path}
		}
		// Its refs count from 1 each time it is played, so they identify nothing.
		rows[i] = results.Row{File: row.File, Description: row.Description, Status: row.Status, Public: row.Public}
		if s.Experiment.Competition.PrivateScores { // they are not shown before the deadline
			rows[i].Private = row.Private
		}
	}
	_, err = s.take(folder, m, rows, results.Rules{Source: simulated})
	return err
}
