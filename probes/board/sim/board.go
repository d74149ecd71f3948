package sim

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
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
	noise   *rand.Rand // of scoring.Noise: the same file scores differently each time
}

var _ board.Board = (*Board)(nil)

// New makes a board that scores files against truth, which is kept and must not change; what its classes stand for in a submission of one
// column is read from their names. The error says what is wrong with either: a row that is scored but has no class, ids that occur
// twice, no public row, a rounding that is not settled, a metric that does not fit the columns or the classes.
func New(truth Truth, s metric.Scoring) (*Board, error) {
	s, err := settle(truth, s)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the simulated board can't score this: %w", err)
	case s.Rounding != metric.Round && s.Rounding != metric.Floor:
		return nil, fmt.Errorf("the simulated board needs rounding %s or %s, not %q", metric.Round, metric.Floor, s.Rounding)
	case s.Decimals < 0 || s.Decimals > metric.MaxDecimals:
		return nil, fmt.Errorf("the simulated board can't show %d decimals", s.Decimals)
	}
	row, err := truth.index()
	if err != nil {
		return nil, err
	}
	return &Board{truth: truth, scoring: s, row: row, noise: rand.New(rand.NewPCG(0x6e6f697365, uint64(len(row))))}, nil
}

// settle gives the classes of a submission of one column their numbers.
func settle(truth Truth, s metric.Scoring) (metric.Scoring, error) {
	s.Values = nil
	switch {
	case truth.Number != nil && (truth.Column == "" || !s.Metric.Numeric()):
		return s, fmt.Errorf("%s does not measure numbers in one column", s.Metric)
	case truth.Number != nil:
		return s, nil
	case truth.Column == "" && !s.Metric.TakesClasses():
		return s, fmt.Errorf("%s takes one column, not one a class", s.Metric)
	case truth.Column == "":
		return s, nil
	}
	values, err := metric.Values(s.Metric, truth.Classes)
	s.Values = values
	return s, err
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
	width := len(b.truth.columns())
	var part [Private + 1]*metric.Tally
	for u := range part {
		part[u] = b.scoring.NewTally()
	}
	for i, usage := range b.truth.Usage {
		if usage == Ignored {
			continue
		}
		if err := b.add(part[usage], q[i*width:(i+1)*width], i); err != nil {
			return "", "", fmt.Errorf("id %q: %w", b.truth.IDs[i], err)
		}
	}
	if public, err = b.show(part[Public]); err == nil {
		private, err = b.show(part[Private])
	}
	return public, private, err
}

// add takes row i into a score.
func (b *Board) add(t *metric.Tally, q []float64, i int) error {
	if b.truth.Number != nil {
		return t.AddNumber(q, b.truth.Number[i])
	}
	return t.Add(q, b.truth.Class[i])
}

// show cuts a score to the digits of the board; empty where it has no rows.
func (b *Board) show(t *metric.Tally) (string, error) {
	if t.N() == 0 {
		return "", nil
	}
	score, err := t.Score()
	if err != nil {
		return "", err
	}
	if b.scoring.Noise > 0 {
		score = math.Abs(score + b.scoring.Noise*b.noise.NormFloat64()) // no score is negative: boards show none
	}
	return b.scoring.Show(score, b.scoring.Rounding), nil
}
