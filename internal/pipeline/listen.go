package pipeline

import (
	"fmt"
	"path/filepath"
	"slices"

	"lbprobe/analysis"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/channel"
	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// decode says what the recorded scores of a design tell.
func (s *Session) decode(b *bench) (*analysis.Result, error) {
	if b.manifest.Design == channelDesign {
		return s.listen(b)
	}
	in, err := s.analysisInput(b)
	if err != nil {
		return nil, err
	}
	if told := b.shelf.totals; told != nil {
		if err := told.join(&in); err != nil {
			return nil, err
		}
	}
	r, err := analysis.Analyze(in)
	if err != nil {
		return nil, fmt.Errorf("analyze: %w", err)
	}
	switch {
	case b.shelf.totals != nil:
		r.Probes, r.Read = r.Probes-len(b.shelf.totals.constants), r.Read-len(b.shelf.totals.constants) // those count as the channel's
		r.Assumed = append(r.Assumed, b.shelf.totals.premise())
		b.shelf.totals.doubt(r)
	case s.Experiment.Competition.Hidden:
		r.Assumed = append(r.Assumed, "no channel has told exact totals: those of the topics are only predicted")
	}
	return r, nil
}

// listen decodes the scores of a channel.
func (s *Session) listen(b *bench) (*analysis.Result, error) {
	heard, err := s.hear(b.folder, b.manifest, datasetPlace)
	if err != nil {
		return nil, err
	}
	in := s.analysisSettings(b)
	in.Design = &design.Design{Kind: channelDesign, Target: design.Target(b.manifest.Target), Classes: s.Experiment.Competition.Classes, Topics: len(b.shelf.topics)}
	if in.Belief, err = s.hiddenBelief(b.shelf); err != nil {
		return nil, err
	}
	if in.Belief.Groups, err = s.groups(); err != nil {
		return nil, err
	}
	r, err := analysis.AnalyzeChannel(in, analysis.Message{Table: heard.table, Reading: heard.reading, First: heard.first, Planned: len(b.manifest.Probes),
		Read: len(heard.scores)})
	if err != nil {
		return nil, fmt.Errorf("analyze: %w", err)
	}
	if told := slices.ContainsFunc(heard.reading.Stages, func(s channel.StageReading) bool { return s.Checked }); told {
		if r.Messages, err = s.messagesHeard(heard); err != nil {
			return nil, err
		}
	}
	if why := heard.again.why(); why != "" {
		r.Checks, r.Conclusion = append(r.Checks, analysis.Check{Name: "first score", Message: why}), why
	}
	return r, nil
}

// truthOf is what the simulated board hides in a trial, and the shelf that has the topics of all its rows.
func (s *Session) truthOf(b *bench, trial int) (*shelf, sim.Truth, error) {
	if s.Experiment.Competition.Hidden {
		return s.played(b.folder, b.shelf, trial)
	}
	truth, err := s.truth(b.shelf, trial)
	return b.shelf, truth, err
}

// channelSteps says what to do next where a channel speaks.
func (s *Session) channelSteps(b *bench, r *analysis.Result) ([]string, error) {
	e := s.Experiment
	heard, err := s.hear(b.folder, b.manifest, datasetPlace)
	if err != nil {
		return nil, err
	}
	switch {
	case heard.next() == 0 && heard.trouble() != "":
		return []string{fmt.Sprintf("hold every recorded score against the board's; mend what is wrong: lbprobe record %s NUMBER=SCORE --correct --reason TEXT", e.Path)}, nil
	case heard.next() == 0 && r.Status == analysis.Exact:
		return []string{"nothing is left of this design: every total is exact. " + fmt.Sprintf(countsStep, e.Path)}, nil
	case heard.next() == 0:
		return []string{"nothing: all that was asked is told"}, nil
	}
	return s.bundleSteps(b)
}

// bundleSteps says how the next submission of a notebook is made.
func (s *Session) bundleSteps(b *bench) ([]string, error) {
	e := s.Experiment
	left, err := s.budgetLeft(b.folder, b.manifest)
	switch {
	case err != nil:
		return nil, err
	case left == 0:
		return []string{fmt.Sprintf("the budget of %d submissions is spent; raise it under [probe] to hear the rest", e.Probe.Budget)}, nil
	case e.Competition.Board == simulated:
		return []string{"lbprobe run " + e.Path}, nil
	}
	return []string{"submit what " + b.folder.Path(filepath.FromSlash(nextPlace)) + " says"}, nil
}

// countsStep says how exact totals become exact counts of each part.
const countsStep = `To get the private counts too, write design = "lattice" and target = "rows" under [probe], then: lbprobe run %s --new-round`

// uniformScore is what the board shows for a prediction of all classes alike: by it a notebook tells a fault where there is no channel.
func (s *Session) uniformScore(shown string) bool {
	c := s.Experiment.Competition
	loss, err := c.Scoring().RowLoss(metric.Quantise(slices.Repeat([]float64{1}, len(c.Classes)), 0))
	const grid = 1e-9 // far above what the grid of probabilities leaves between classes that are alike
	if err != nil || slices.Max(loss)-slices.Min(loss) > grid {
		return false // or by a score that the classes' shares move
	}
	reading, err := c.Scoring().Read(shown)
	if err != nil {
		return false
	}
	for _, h := range c.Rounding.Hypotheses() {
		in := c.Scoring().LossInterval(reading.Value, h)
		if in.Lo <= loss[0] && loss[0] <= in.Hi {
			return true
		}
	}
	return false
}
