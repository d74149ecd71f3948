package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"lbprobe/analysis/audit"
)

// audit is the verb that does the arithmetic from the host's chair.
func (a *app) audit() *cobra.Command {
	o := audit.Options{}
	cmd := &cobra.Command{
		Use:     "audit",
		GroupID: tools,
		Short:   "Say what the scores of a competition give away, and what would stop it",
		Long: "audit is for hosts. It says how many bits the scores of a log loss board give away, a submission and over the competition, what they tell of the test,\n" +
			"and what each counter-measure would leave: fewer decimals, fewer public rows, a floor on probabilities, jitter, a Ladder. Each figure is what a simulated\n" +
			"attack reads, over boards with that measure.",
		Example: "  lbprobe audit --kind hidden --decimals 3 --rows 25000 --public 0.26\n  lbprobe audit --kind static --decimals 5 --rows 8392 --public 0.3 --days 60 --json",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			r, err := audit.Run(o)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(r)
			}
			a.printAudit(o, r)
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar((*string)(&o.Kind), "kind", string(audit.Hidden), "hidden (a code competition) or static")
	flags.IntVar(&o.Decimals, "decimals", 3, "decimals that the board shows")
	flags.IntVar(&o.Rows, "rows", 25000, "rows of the test")
	flags.Float64Var(&o.Public, "public", 0.26, "share of them that is public")
	flags.IntVar(&o.Quota, "quota", 5, "submissions a day")
	flags.IntVar(&o.Days, "days", 90, "days that the competition runs")
	flags.IntVar(&o.Classes, "classes", 3, "classes")
	flags.IntVar(&o.Competitions, "competitions", 200, "simulated competitions for every figure")
	flags.Uint64Var(&o.Seed, "seed", 1, "seed of the simulation")
	_ = cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions([]string{string(audit.Hidden), string(audit.Static)}, cobra.ShellCompDirectiveNoFileComp))
	return a.jsonFlag(cmd)
}

// printAudit prints a line a board.
func (a *app) printAudit(o audit.Options, r *audit.Report) {
	fmt.Fprintf(a.stdout, "A %s test of %d rows, %d of them public, %d classes by log loss at %d decimals; %d submissions a day for %d days.\n\n",
		o.Kind, o.Rows, r.Findings[0].Board.Public, o.Classes, o.Decimals, o.Quota, o.Days)
	risk := fmt.Sprintf("%16s %12s %5s", "topics: verdict", "their rows", "t")
	if o.Kind == audit.Static {
		risk = fmt.Sprintf("%16s", "labels read")
	}
	fmt.Fprintf(a.stdout, "%-26s %9s %12s %9s %s  %s\n", "board", "bits each", "submissions", "bits", risk, "read wrongly")
	for _, f := range r.Findings {
		risk := fmt.Sprintf("%16d %12d %5d", f.Verdicts, f.Counts, f.Cut)
		if o.Kind == audit.Static {
			risk = fmt.Sprintf("%16d", f.Labels)
		}
		fmt.Fprintf(a.stdout, "%-26s %9.1f %12d %9.0f %s  %d of %d\n", f.Name, f.Bits, f.Submissions, f.Total, risk, f.Check.Wrong, f.Check.Sent)
	}
	fmt.Fprintf(a.stdout, "\nChecked by %d simulated competitions a line.\n%s\n", o.Competitions, strings.Join(auditNotes[o.Kind], "\n"))
}

// auditNotes say what the columns mean.
var auditNotes = map[audit.Kind][]string{
	audit.Hidden: {
		"What a notebook sees in the rerun goes out as the score of one constant prediction; public rows hardly matter to that.",
		"A topic of t rows or more has a private one with certainty 0.99. A Ladder stops a team that has shown a good score: nothing worse is shown again.",
	},
	audit.Static: {
		"Labels, first class or not, of rows that are known to be public: the worst case. Counts of topics leak faster; plan says how fast for an experiment.",
	},
}
