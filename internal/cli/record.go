package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"lbprobe/internal/pipeline"
	"lbprobe/results"
)

// record is the verb that takes scores down.
func (a *app) record() *cobra.Command {
	var brought pipeline.Scores
	cmd := &cobra.Command{
		Use:   "record EXPERIMENT FILE | NUMBER=SCORE…",
		Short: "Take down the scores that the board has shown",
		Long: "record reads scores from a list of submissions (a CSV with at least fileName and publicScore, what the kaggle client prints, or Meta Kaggle's\n" +
			"Submissions.csv), or from the command line: 1=1.09861 is the public score of probe 1, 2=1.20112/1.19873 the public and the private score of\n" +
			"probe 2. Where one score is refused none is recorded. What is recorded stays: a correction stands beside what it corrects.",
		Example: "  lbprobe record experiments/spooky.toml 1=1.09861 2=1.20112\n  lbprobe record experiments/spooky.toml scores.csv\n" +
			"  lbprobe record experiments/spooky.toml 2=1.20121 --correct --reason \"two digits were swapped\"",
		Args: scoresToo,
	}
	cmd.Flags().BoolVar(&brought.Correct, "correct", false, "replace a recorded score; both stay in the ledger")
	cmd.Flags().BoolVar(&brought.NewEpoch, "new-epoch", false, "the host has rescored: do not mix these scores with those before")
	cmd.Flags().StringVar(&brought.Reason, "reason", "", "why, for --correct and --new-epoch")
	cmd.Flags().StringVar(&brought.Others, "files", "", "`folder` with the files of submissions that are no probes")
	a.verb(loop, cmd, func(_ context.Context, s *pipeline.Session, args []string) error {
		if brought.File = ""; strings.Contains(args[0], "=") {
			brought.Typed = args
		} else {
			brought.File = args[0]
		}
		matched, err := s.Record(brought)
		if err != nil {
			return err
		}
		return a.printRecorded(s, matched)
	})
	cmd.ValidArgsFunction = scoreFiles
	return a.jsonFlag(cmd)
}

// scoresToo wants an experiment file, and either one file or typed scores.
func scoresToo(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) < 2:
		return usage("record", "needs an experiment file and scores", "Such as: "+firstExample(cmd))
	case len(args) > 2 && !strings.Contains(args[1], "="):
		return usage("record", "takes one file of scores", "Such as: lbprobe record EXPERIMENT scores.csv")
	}
	return nil
}

// scoreFiles completes an experiment file, then any file.
func scoreFiles(cmd *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return experimentFiles(cmd, args, start)
	}
	return nil, cobra.ShellCompDirectiveDefault
}

// printRecorded says what was recorded, what was passed over, and why.
func (a *app) printRecorded(s *pipeline.Session, m results.Matched) error {
	if a.json {
		return a.printJSON(recordedJSON{m.New, m.Same, append([]string{}, m.SkippedBy()...), append([]string{}, m.Notes...)})
	}
	fmt.Fprintf(a.stdout, "%s: %s\n", s.Experiment.Name, m)
	for _, e := range m.New {
		name := e.File
		if e.Probe > 0 {
			name = fmt.Sprintf("probe %d", e.Probe)
		}
		scores := e.Public
		if e.Private != "" {
			scores += " / " + e.Private
		}
		fmt.Fprintf(a.stdout, "  %s  %s\n", name, scores)
	}
	for _, note := range m.Notes {
		fmt.Fprintf(a.stdout, "  note: %s\n", note)
	}
	return nil
}

// recordedJSON is what record --json prints.
type recordedJSON struct {
	Recorded []results.Entry `json:"recorded"`
	Same     int             `json:"recorded_before"`
	Skipped  []string        `json:"skipped"`
	Notes    []string        `json:"notes"`
}
