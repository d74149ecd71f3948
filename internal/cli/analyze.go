package cli

import (
	"context"

	"github.com/spf13/cobra"

	"lbprobe/internal/pipeline"
)

// analyze is the verb that reads the scores.
func (a *app) analyze() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "analyze EXPERIMENT",
		Short: "Decode the recorded scores and write the report",
		Long: "analyze turns the recorded scores into counts and verdicts, and writes analysis.json, counts.csv, verdicts.csv, report.md and shifts.svg. Where the\n" +
			"scores do not tell enough it says how much is missing.",
		Example: "  lbprobe analyze experiments/demo.toml\n  lbprobe analyze experiments/demo.toml --json",
	}
	return a.jsonFlag(a.verb(stages, cmd, func(_ context.Context, s *pipeline.Session, _ []string) error {
		page, err := s.Analyze()
		if err != nil {
			return err
		}
		a.progress.stop()
		return a.printReport(page)
	}))
}
