package pipeline

import (
	"context"

	"lbprobe/results/report"
)

// Ran is what a run has come to.
type Ran struct {
	Report *report.Report
	Stages []Stage // in order
}

// Stage is one stage of a run.
type Stage struct {
	Name string `json:"stage"`
	Done bool   `json:"done"` // false: nothing had changed
}

// Run does everything that can be done now: topics, probes, the scores of a simulated board, and the report.
func (s *Session) Run(ctx context.Context) (*Ran, error) {
	out := &Ran{}
	done, err := s.Topics()
	if err != nil {
		return nil, err
	}
	generated, err := s.Generate()
	if err != nil {
		return nil, err
	}
	out.Stages = append(out.Stages, Stage{"topics", done}, Stage{"generate", generated.Done})
	if s.Experiment.Competition.Board == simulated {
		submitted, err := s.Submit(ctx)
		if err != nil {
			return nil, err
		}
		out.Stages = append(out.Stages, Stage{"submit", submitted.Scored > 0})
	}
	out.Report, err = s.Analyze()
	return out, err
}
