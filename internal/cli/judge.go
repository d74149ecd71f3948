package cli

import (
	"context"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/spf13/cobra"

	"lbprobe/experiments/judge"
	"lbprobe/internal/pipeline"
	"lbprobe/internal/table"
)

// judge is the verb that has a language model say which response is better.
func (a *app) judge() *cobra.Command {
	var o pipeline.JudgeOptions
	cmd := &cobra.Command{
		Use:   "judge EXPERIMENT",
		Short: "Have a language model say which of two responses is better",
		Long: "judge asks the model of [judge] about every corpus row that the filter keeps, twice, the responses once in each order, and writes the probabilities\n" +
			"in the columns of the competition to judge/targets.csv. What it costs at most is said first, and never exceeds budget_usd. Every reply is kept in\n" +
			"judge/cache.jsonl: nothing is paid for twice, and after any stop the same command goes on. With --pairs two conversations with different models that begin with\n" +
			"the same prompt make up a row. With --calibrate the verdicts are measured against the votes in the corpus, and corrected.",
		Example: "  lbprobe judge my.toml --dry-run\n  lbprobe judge my.toml --rows 500 --calibrate\n  lbprobe judge chats.toml --pairs",
	}
	cmd.Flags().IntVar(&o.Rows, "rows", 0, "judge `n` rows at most, drawn by the seed; 0 means all")
	cmd.Flags().BoolVar(&o.Pairs, "pairs", false, "make pairs of conversations that have one response each")
	cmd.Flags().Float64Var(&o.Near, "near", 1, "for --pairs: prompts of this Jaccard `similarity` are alike; 1 means equal, but for case, spaces and forms of letters")
	cmd.Flags().BoolVar(&o.Calibrate, "calibrate", false, "measure the verdicts against votes, and correct them")
	cmd.Flags().BoolVar(&o.DryRun, "dry-run", false, "say what it would cost, and ask nothing")
	a.skipBadFlag(cmd)
	return a.jsonFlag(a.verb(data, cmd, func(ctx context.Context, s *pipeline.Session, _ []string) error {
		if o.Rows < 0 {
			return usage("--rows", "is negative", "Give 0 for all rows")
		}
		if !(o.Near >= 0.1 && o.Near <= 1) {
			return usage("--near", "is not from 0.1 to 1", "Such as: --near 0.8")
		}
		ctx, stop := interruptible(ctx)
		defer stop()
		o.Tell = a.tell
		done, err := s.Judge(ctx, o)
		if err != nil {
			return err
		}
		a.progress.stop()
		if a.json {
			return a.printJSON(done)
		}
		return printJudgement(a.stdout, s.Experiment.Name, done)
	}))
}

// tell prints a line that must be seen before the work goes on.
func (a *app) tell(text string) {
	a.progress.stop()
	fmt.Fprintf(a.stderr, "lbprobe: %s\n", text)
	a.progress.resume()
}

// printJudgement says what has come of judging.
func printJudgement(w io.Writer, name string, j *pipeline.Judgement) error {
	if j.Path == "" {
		_, err := fmt.Fprintf(w, "%s: %d rows: %s\n", name, j.Rows, j.Offer)
		return err
	}
	fmt.Fprintf(w, "%s: %d of %d rows judged, $%.4f spent in all: %s\n", name, j.Judged, j.Rows, j.Spent, j.Path)
	if j.Gap != nil {
		fmt.Fprintf(w, "the response shown first is favoured by %+.3f on average; the mean of both orders does not depend on it\n", *j.Gap)
	}
	if j.Calibration == nil {
		return nil
	}
	return printCalibration(w, j.Calibration)
}

// printCalibration prints the agreement with votes as a table.
func printCalibration(w io.Writer, c *judge.Calibration) error {
	rows := [][]string{{"agreement with votes", "votes", "accuracy", "kappa", "log loss"}}
	line := func(name string, a judge.Agreement) {
		kappa := "–"
		if a.Kappa != nil {
			kappa = fmt.Sprintf("%.3f", math.Round(1000**a.Kappa)/1000+0) // no -0.000
		}
		rows = append(rows, []string{name, strconv.Itoa(a.Votes), estimate(a.Accuracy, 3), kappa, estimate(a.LogLoss, 4)})
	}
	line("A shown first", c.FirstOrder)
	line("B shown first", c.OtherOrder)
	line("both orders", c.Before)
	line("both, corrected (prompts left out)", c.After)
	for _, t := range c.Topics {
		line(fmt.Sprint("topic ", t.Topic), t.Before)
		line(fmt.Sprintf("topic %d, corrected", t.Topic), t.After)
	}
	rows = append(rows, []string{"votes' own shares for every row", strconv.Itoa(c.Before.Votes), "", "", fmt.Sprintf("%.4f", c.Constant)})
	fmt.Fprintln(w)
	table.Text(w, "lrlll", rows)
	_, err := fmt.Fprintf(w, "correcting gains %s nats a vote; the winner changes with the order in %.1f %% of the rows\n", estimate(c.Gain, 4), 100*c.Position.Flips)
	return err
}

// estimate prints a mean with its standard error.
func estimate(e judge.Estimated, digits int) string {
	if e.SE == nil {
		return fmt.Sprintf("%.*f", digits, e.Mean)
	}
	return fmt.Sprintf("%.*f ± %.*f", digits, e.Mean, digits, *e.SE)
}
