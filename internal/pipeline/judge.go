package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"

	"lbprobe/experiments/judge"
	"lbprobe/internal/fault"
)

// JudgeOptions are what the command line adds to [judge].
type JudgeOptions struct {
	Rows      int               // judge so many rows at most, drawn by the seed; 0: all. A larger number has the rows of a smaller one among it
	Near      float64           // for Pairs: prompts of this similarity are alike; 1, or 0: equal ones alone
	Pairs     bool              // make pairs of conversations that have one response each
	Calibrate bool              // measure and correct the verdicts by the votes of the corpus
	DryRun    bool              // say what it would cost, and ask nothing
	Tell      func(text string) // told what it will cost, before anything is asked; may be nil
}

// Judgement is what has come of judging.
type Judgement struct {
	Offer       Offer              `json:"offer"`
	Rows        int                `json:"rows"`   // asked about
	Judged      int                `json:"judged"` // with a verdict
	Failed      int                `json:"failed"` // in failed.csv
	Spent       float64            `json:"spent_usd"`
	Gap         *float64           `json:"order_gap"` // mean over the judged rows
	Calibration *judge.Calibration `json:"calibration"`
	Path        string             `json:"targets"` // empty after a dry run
}

// Judge asks a language model which of two responses is better, for every row of the corpus that its filter keeps, and writes judge/targets.csv. It learns
// the topics first, if need be. The rows of a test are never judged.
func (s *Session) Judge(ctx context.Context, o JudgeOptions) (out *Judgement, err error) {
	key, err := s.needJudge(o.DryRun)
	if err != nil {
		return nil, err
	}
	if c := s.Experiment.Competition; samePath(s.Experiment.Corpus.Paths, c.Test) && c.Board != simulated {
		return nil, s.Experiment.Fault("corpus.path", "the corpus is the test file: judging it would label test rows, which lbprobe does not do",
			"Name texts of other origin")
	}
	columns, err := s.outcomes()
	if err != nil {
		return nil, err
	}
	template, err := s.template()
	if err != nil {
		return nil, err
	}
	folder, _, err := s.sorted()
	if err != nil {
		return nil, err
	}
	s.step("reading responses")
	work, err := s.matters(folder, o, columns)
	if err != nil {
		return nil, err
	}
	m, err := s.newModel(folder, template, key)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	out, err = s.quote(m, work, o)
	if err != nil || o.DryRun {
		return out, err
	}
	s.step("judging")
	judged, err := m.Run(ctx, work.items(), s.options.Advance)
	if err != nil {
		return nil, s.stopped(m, err)
	}
	out.Spent = m.Client.Spent()
	docket := &docket{session: s, matters: work, judged: judged, columns: columns, template: template, out: out}
	return out, docket.close(folder, o)
}

// quote says what it will cost, and refuses what costs too much.
func (s *Session) quote(m *model, work matters, o JudgeOptions) (*Judgement, error) {
	s.step("counting tokens")
	estimate, err := m.Estimate(work.items())
	if err != nil {
		return nil, err
	}
	out := &Judgement{Offer: s.offer(m, estimate), Rows: len(work)}
	out.Spent = out.Offer.Spent
	if o.DryRun {
		return out, nil
	}
	if err := s.affordable(out.Offer, fewerRows(out)); err != nil {
		return nil, err
	}
	if o.Tell != nil {
		o.Tell(out.Offer.String())
	}
	return out, nil
}

// fewerRows is the advice to judge as many rows as the budget allows, if it allows any.
func fewerRows(j *Judgement) string {
	n := math.Floor(float64(j.Rows) * (j.Offer.Budget - j.Offer.Spent) / j.Offer.USD)
	if !(n >= 1 && n < float64(j.Rows)) {
		return ""
	}
	return fmt.Sprintf(", or judge fewer rows, such as: --rows %.0f", n)
}

// template is the prompt for the judge.
func (s *Session) template() (*judge.Template, error) {
	path := s.Experiment.Judge.Prompt
	if path == "" {
		return judge.DefaultTemplate(), nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("prompt: %w", err)
	}
	t, err := judge.ParseTemplate(string(text))
	if f, ok := errors.AsType[*fault.Error](err); ok {
		placed := *f
		placed.File = path
		return nil, &placed
	}
	return t, err
}

// outcomes tells the class of each outcome by the names of the classes.
func (s *Session) outcomes() (class [3]int, err error) {
	classes := s.Experiment.Competition.Classes
	var found [3]int
	for i, name := range classes {
		lower := strings.ToLower(name)
		o := judge.Outcome(-1)
		switch {
		case strings.Contains(lower, "tie") || strings.Contains(lower, "draw"):
			o = judge.Tie
		case lower == "a" || strings.HasSuffix(lower, "_a"):
			o = judge.WinsA
		case lower == "b" || strings.HasSuffix(lower, "_b"):
			o = judge.WinsB
		default:
			continue
		}
		class[o] = i
		found[o]++
	}
	if len(classes) != 3 || found != [3]int{1, 1, 1} {
		return class, s.Experiment.Fault("competition.classes", fmt.Sprintf("judging needs three classes, one that ends in _a, one in _b and one with tie in it, not %s",
			strings.Join(classes, ", ")), `Such as: classes = ["winner_model_a", "winner_model_b", "winner_tie"]`)
	}
	return class, nil
}
