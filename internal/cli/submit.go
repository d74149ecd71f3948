package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"lbprobe/internal/pipeline"
)

// submit is the verb that hands probes to the board.
func (a *app) submit() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "submit EXPERIMENT",
		Short: "Score the probes on a simulated board, or print what to upload",
		Long: "submit hands every probe without a score to the simulated board and records what it shows. Where the uploads are made by hand it prints them in order,\n" +
			"as probes/NEXT.md has them; their scores come back by lbprobe record.",
		Example: "  lbprobe submit experiments/demo.toml",
	}
	return a.verb(loop, cmd, func(ctx context.Context, s *pipeline.Session, _ []string) error {
		done, err := s.Submit(ctx)
		if err != nil {
			return err
		}
		a.progress.stop()
		if done.Next != "" {
			fmt.Fprint(a.stdout, done.Next)
			return nil
		}
		fmt.Fprintf(a.stdout, "%s: %d scored now, %d without a score\n", s.Experiment.Name, done.Scored, done.Pending)
		return nil
	})
}
