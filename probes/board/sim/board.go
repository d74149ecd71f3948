package sim

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"lbprobe/probes/board"
	"lbprobe/probes/metric"
)

// Board is a simulated leaderboard. It is not safe for concurrent use.
type Board struct {
	truth   Truth
	scoring metric.Scoring
	row     map[string]int // index into the truth, by id
	shown   []board.Row
}

var _ board.Board = (*Board)(nil)

// New makes a board that scores files against truth, which is kept and must not change. The error says what is wrong with either: a row that
// is scored but has no class, ids that occur twice, no public row, a rounding that is not settled, a metric that is not available.
func New(truth Truth, s metric.Scoring) (*Board, error) {
	switch {
	case !s.Metric.Available():
		return nil, fmt.Errorf("the simulated board can't score %q", s.Metric)
	case s.Rounding != metric.Round && s.Rounding != metric.Floor:
		return nil, fmt.Errorf("the simulated board needs rounding %s or %s, not %q", metric.Round, metric.Floor, s.Rounding)
	case s.Decimals < 0 || s.Decimals > metric.MaxDecimals:
		return nil, fmt.Errorf("the simulated board can't show %d decimals", s.Decimals)
	}
	row, err := truth.index()
	if err != nil {
		return nil, err
	}
	return &Board{truth: truth, scoring: s, row: row}, nil
}

// Submit scores one file and returns its reference, which counts from 1. A file that can't be scored is taken all the same. An error means
// that it could not be opened or ctx is done.
func (b *Board) Submit(ctx context.Context, s board.Submission) (ref string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	file, err := s.Open()
	if err != nil {
		return "", err
	}
	defer file.Close()
	row := board.Row{Ref: strconv.Itoa(len(b.shown) + 1), File: s.Name, Description: s.Message}
	q, err := b.parse(file)
	if err == nil {
		row.Public, row.Private, err = b.score(q)
	}
	row.Status = board.Complete
	if err != nil {
		row.Status, row.Message = board.Error, err.Error()
	}
	b.shown = append(b.shown, row)
	return row.Ref, nil
}

// Scores lists the submissions in the order of arrival. The board has no clock: Time is empty. Private scores are shown from the start.
func (b *Board) Scores(ctx context.Context) ([]board.Row, error) {
	return slices.Clone(b.shown), ctx.Err()
}

// score returns the shown scores of predictions as of [Board.parse]. Rows are added in the truth's order, so that the order of a file
// does not reach the score. Where no row is private there is no private score.
func (b *Board) score(q []float64) (public, private string, err error) {
	classes := len(b.truth.Classes)
	var mean [Private + 1]metric.Mean
	for i, usage := range b.truth.Usage {
		if usage == Ignored {
			continue
		}
		loss, err := b.scoring.Loss(q[i*classes:(i+1)*classes], b.truth.Class[i])
		if err != nil {
			return "", "", fmt.Errorf("id %q: %w", b.truth.IDs[i], err)
		}
		mean[usage].Add(loss)
	}
	return b.show(mean[Public]), b.show(mean[Private]), nil
}

// show cuts a mean to the digits of the board.
func (b *Board) show(m metric.Mean) string {
	if m.N() == 0 {
		return ""
	}
	return metric.Show(m.Value(), b.scoring.Decimals, b.scoring.Rounding)
}
