package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"lbprobe/internal/pipeline"
)

// rehearse is the verb that plays the experiment before it is spent.
func (a *app) rehearse() *cobra.Command {
	var play pipeline.Play
	cmd := &cobra.Command{
		Use:   "rehearse EXPERIMENT",
		Short: "Play the whole chain against a board of known truth",
		Long: "rehearse makes the submissions in a passing folder, scores the files on a simulated board, decodes the scores, and compares what was found with the\n" +
			"truth: that of [simulate], or one that is drawn from what is believed. The run folder and its ledger are not touched. Each further trial draws another\n" +
			"split, and other classes where they are drawn.",
		Example: "  lbprobe rehearse experiments/spooky.toml\n  lbprobe rehearse experiments/demo.toml --trials 20 --json",
	}
	cmd.Flags().IntVar(&play.Trials, "trials", 1, "play against `n` truths")
	cmd.Flags().IntVar(&play.Submissions, "submissions", 0, "read the first `n` scores only; 0 means all")
	a.skipBadFlag(cmd)
	a.binaryFlag(cmd)
	a.directFlag(cmd)
	return a.jsonFlag(a.verb(stages, cmd, func(ctx context.Context, s *pipeline.Session, _ []string) error {
		if play.Trials < 1 || play.Submissions < 0 {
			return usage("rehearse", "--trials must be 1 or more and --submissions not negative", "Such as: --trials 20")
		}
		r, err := s.Rehearse(ctx, play)
		if err != nil {
			return err
		}
		a.progress.stop()
		if a.json {
			return a.printJSON(r)
		}
		a.printRehearsal(r)
		return nil
	}))
}

// printRehearsal prints a line a trial, and what was wrong.
func (a *app) printRehearsal(r *pipeline.Rehearsal) {
	fmt.Fprintf(a.stdout, "%s: %s, %s, bound %.1f submissions; truth: %s\n\n", r.Experiment, r.Target, r.Design, r.Bound, r.Truth)
	parts := []string{"public right", "private right"}
	if r.Hidden {
		parts = append(parts, "total right")
	}
	fmt.Fprintf(a.stdout, "%5s %6s  %-20s", "trial", "scores", "status")
	for _, part := range append(parts, "exact wrong") {
		fmt.Fprintf(a.stdout, " %*s", max(len(part), 12), part)
	}
	fmt.Fprintln(a.stdout)
	for _, t := range r.Trials {
		fmt.Fprintf(a.stdout, "%5d %6d  %-20s", t.Trial, t.Read, t.Status)
		for i, found := range []pipeline.Recovered{t.Public, t.Private, t.Total}[:len(parts)] {
			fmt.Fprintf(a.stdout, " %*s", max(len(parts[i]), 12), of(found.Best, found.Counts))
		}
		fmt.Fprintf(a.stdout, " %12d\n", t.Public.ExactWrong+t.Private.ExactWrong+t.Total.ExactWrong)
		for _, miss := range t.Misses {
			fmt.Fprintf(a.stdout, "      not the truth: %s\n", miss)
		}
	}
	best, exact, topics := r.Sum()
	fmt.Fprintf(a.stdout, "\n%s: best values right: %s · exact claims: %d right, %d wrong · topics by their claims: %s\n", r.Experiment,
		of(best.Best, best.Counts), exact.Exact-exact.ExactWrong, exact.ExactWrong, topics)
}

// of prints a part of a whole.
func of(part, whole int) string {
	if whole == 0 {
		return "not asked"
	}
	return fmt.Sprintf("%d of %d", part, whole)
}
