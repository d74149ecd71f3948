package cli

import (
	"context"

	"github.com/spf13/cobra"

	"lbprobe/internal/pipeline"
)

// report is the verb that renders the last analysis.
func (a *app) report() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "report EXPERIMENT",
		Short:   "Render the last analysis again",
		Long:    "report writes report.md and shifts.svg anew from the last analysis, and prints the table. No score is read again.",
		Example: "  lbprobe report experiments/demo.toml",
	}
	return a.verb(stages, cmd, func(_ context.Context, s *pipeline.Session, _ []string) error {
		page, err := s.Report()
		if err != nil {
			return err
		}
		return a.printReport(page)
	})
}
