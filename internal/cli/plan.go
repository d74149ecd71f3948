package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"lbprobe/internal/pipeline"
)

// plan is the verb that says what an answer costs.
func (a *app) plan() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "plan EXPERIMENT",
		Short: "Say what needs no submission, and what the rest costs",
		Long: "plan says which topics are in the private part already if the split is random, and then, for every design: the entropy of what is asked, the bits that\n" +
			"a probe brings, the bound, the submissions until every count is exact, and how many rows of a topic move a score by one tick. Nothing is spent.",
		Example: "  lbprobe plan experiments/demo.toml\n  lbprobe plan experiments/demo.toml --json",
	}
	a.skipBadFlag(cmd)
	return a.jsonFlag(a.verb(stages, cmd, func(_ context.Context, s *pipeline.Session, _ []string) error {
		p, err := s.Plan()
		if err != nil {
			return err
		}
		a.progress.stop()
		if a.json {
			if err := a.printJSON(p); err != nil {
				return err
			}
			return p.Refusal
		}
		a.printPlan(p)
		return p.Refusal
	}))
}

// printPlan prints what needs no submission, then a line a design.
func (a *app) printPlan(p *pipeline.Planned) {
	if p.Hidden {
		a.printHidden(p)
		return
	}
	fmt.Fprintf(a.stdout, "%s: %d test rows, %s public\n\n", p.Experiment, p.TestRows, between(p.Public))
	a.printAlready(p)
	fmt.Fprintf(a.stdout, "Probes buy counts, the mix of classes, and evidence on whether the split is random.\n")
	if p.Readings > 1 {
		fmt.Fprintf(a.stdout, "Every submission brings two readings, a public and a private score; the figures are for the counts of the %s part.\n", p.Read)
	}
	fmt.Fprintln(a.stdout)
	a.printDesigns(p)
	fmt.Fprintf(a.stdout, "\n%s: %s. %d submissions; the budget leaves %d.\n", p.Chosen, p.Why, p.Submissions, p.Budget)
}

// printAlready prints which topics need no submission.
func (a *app) printAlready(p *pipeline.Planned) {
	fmt.Fprintf(a.stdout, "Without any submission: %d of %d topics are in the private part with certainty %g, if the split is random.\n", p.Already, len(p.Topics),
		p.Certainty)
	for _, t := range p.Topics {
		if t.Private < p.Certainty {
			fmt.Fprintf(a.stdout, "  not so topic %d (%s): %d test rows, chance %.3f\n", t.Topic, t.Name, t.TestRows, t.Private)
		}
	}
}

// printDesigns prints a line a design.
func (a *app) printDesigns(p *pipeline.Planned) {
	fmt.Fprintf(a.stdout, "%-14s %8s %9s %12s %7s %12s %5s %9s %8s  %s\n", "design", "unknowns", "entropy", "bits a probe", "bound", "submissions", "days",
		"P(certain)", "P(exact)", "one tick is")
	for i, d := range p.Designs {
		fmt.Fprintf(a.stdout, "%-14s %8d %9.0f %12.1f %7.1f %12d %5d %10.2f %8.2f  %.2g rows\n", d.Kind, d.Unknowns, d.Entropy, d.BitsEach, d.Bound, d.Submissions,
			p.Days[i], p.Chances[i].Certain, p.Chances[i].Exact, d.Resolution)
	}
	fmt.Fprintf(a.stdout, "P: that %d submissions settle the counts with certainty %g, and that they are enough to claim all of them exact, if all is as believed.\n",
		p.Budget, p.Certainty)
}

// printHidden prints what each level of answer costs by the channel, and what the other designs cost.
func (a *app) printHidden(p *pipeline.Planned) {
	fmt.Fprintf(a.stdout, "%s: a hidden test of at most %d rows, %s public\n", p.Experiment, p.TestRows, between(p.Public))
	if len(p.Channel) > 0 {
		fmt.Fprintf(a.stdout, "\nBy the channel, for both parts together:\n%-10s %7s %12s %9s %12s %8s %5s %14s\n", "target", "bits", "bits each", "expected", "submissions",
			"at most", "days", "in the budget")
	}
	for _, c := range p.Channel {
		fmt.Fprintf(a.stdout, "%-10s %7.0f %12s %9.1f %12d %8d %5d %14.2f\n", c.Target, c.Bits, fmt.Sprintf("%.1f to %.1f", c.PerSubmission[0], c.PerSubmission[1]), c.Expected,
			c.Usual, c.Worst, c.Days, c.Within)
	}
	if len(p.Channel) > 0 {
		fmt.Fprintf(a.stdout, "\nSubmissions are enough for 19 of 20 messages, the first reading the class shares; at most one in %d wrong scores passes for right.\n",
			p.Channel[0].Check[0])
	}
	for _, m := range p.Messages {
		fmt.Fprintf(a.stdout, "With %s (%d counts): %.0f bits, %.1f submissions more on average.\n", m.Message, m.Counts, m.Bits, m.Expected)
	}
	if len(p.Designs) > 0 {
		fmt.Fprintf(a.stdout, "\nBy probes, for public rows:\n")
		a.printDesigns(p)
	}
	if j := p.Joint; j != nil {
		fmt.Fprintf(a.stdout, "\nExact counts of both parts, by a channel for rows and a lattice that starts from its totals: %d + %.1f + %.1f, so %d submissions at the least; about %d.\n",
			j.Constants, j.Channel, j.Lattice, j.Bound, j.Submissions)
	}
	fmt.Fprintf(a.stdout, "\n%s: %s. %d submissions; the budget leaves %d.\n", p.Chosen, p.Why, p.Submissions, p.Budget)
}

// between prints a range of rows.
func between(r [2]int) string {
	if r[0] == r[1] {
		return fmt.Sprint(r[0])
	}
	return fmt.Sprintf("%d to %d", r[0], r[1])
}
