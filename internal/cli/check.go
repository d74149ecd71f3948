package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"lbprobe/experiments"
	"lbprobe/internal/pipeline"
)

// check is the verb that looks at an experiment file, or at the machine.
func (a *app) check() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "check [EXPERIMENT]",
		GroupID: start,
		Short:   "Check an experiment file, or this machine",
		Long: "check prints every key of an experiment with the value that holds, and where it came from, or the first thing that is wrong with the file. Without a file\n" +
			"it looks at the machine: the kaggle client and its version, whether credentials are there (they are never read), and the clock.",
		Example:           "  lbprobe check experiments/demo.toml\n  lbprobe check",
		ValidArgsFunction: experimentFiles,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return oneExperiment(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.checkMachine(pipeline.LookAround(cmd.Context(), a.now))
			}
			e, err := experiments.Load(args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(e)
			}
			a.warn(e.Notes)
			return e.Effective(a.stdout)
		},
	}
	return a.jsonFlag(cmd)
}

// checkMachine prints what there is to work with.
func (a *app) checkMachine(m pipeline.Machine) error {
	if a.json {
		return a.printJSON(m)
	}
	fmt.Fprintf(a.stdout, "lbprobe      %s\n", version())
	fmt.Fprintf(a.stdout, "client       %s\n", m.Client.Remark)
	fmt.Fprintf(a.stdout, "credentials  %s\n", map[bool]string{true: "there (not read)", false: "none found"}[m.Credentials])
	fmt.Fprintf(a.stdout, "clock        %s UTC; the day's quota begins anew in %s\n", m.Clock.Format("2006-01-02 15:04:05"), m.UntilMidnight)
	return nil
}
