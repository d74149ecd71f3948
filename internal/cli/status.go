package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"lbprobe/internal/pipeline"
)

// status is the verb that says where an experiment stands.
func (a *app) status() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "status EXPERIMENT",
		Short:   "Say where the experiment stands",
		Long:    "status says which stages are fresh, how many scores are read, and how many submissions are left today and in the budget. It changes nothing.",
		Example: "  lbprobe status experiments/demo.toml\n  lbprobe status experiments/demo.toml --json",
	}
	return a.jsonFlag(a.verb(loop, cmd, func(_ context.Context, s *pipeline.Session, _ []string) error {
		st, err := s.Status()
		if err != nil {
			return err
		}
		if a.json {
			return a.printJSON(st)
		}
		var parts []string
		for _, stage := range st.Stages {
			parts = append(parts, stage.Stage+" "+stage.State)
		}
		fmt.Fprintf(a.stdout, "%s (%s)\n  stages   %s\n  scores   %d of %d read\n", st.Experiment, st.Folder, strings.Join(parts, ", "), st.Read, st.Probes)
		fmt.Fprintf(a.stdout, "  left     %d of the budget of %d", st.Left, st.Budget)
		if st.Board != "simulated" {
			fmt.Fprintf(a.stdout, "; today %d of %d, as far as scores are recorded", st.LeftToday, st.PerDay)
		}
		fmt.Fprintf(a.stdout, "\n  next     %s\n", st.Next)
		return nil
	}))
}
