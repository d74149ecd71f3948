package cli

import (
	"fmt"
	"strconv"
	"strings"

	"lbprobe/internal/notebook"

	"github.com/spf13/cobra"
)

// rerun is the verb that probe.py calls where the test rows are. Nobody else needs it, so it is not listed.
func (a *app) rerun() *cobra.Command {
	var r notebook.Rerun
	var scores string
	var texts bool
	cmd := &cobra.Command{
		Use:    "rerun --test FILE --dataset DIR --probe N --output FILE",
		Short:  "Write a probe in the rerun of a code competition",
		Hidden: true,
		Long: "rerun gives every row of a test file its topic, by the frozen codebook of a bundle's data set, and writes the submission of one probe. What is wrong with\n" +
			"the test or the embedder becomes a submission with one prediction for all rows, whose score tells it. With --texts it only prints the texts to embed,\n" +
			"the reference first, as JSON strings line by line.",
		Example: "  lbprobe rerun --test test.csv --dataset results/my/probes/bundle/dataset --probe 2 --scores 1=18.021 --output submission.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			r.Threads = a.options.Threads
			if texts {
				return r.Texts(a.stdout)
			}
			if r.Scores, err = scoreList(scores); err != nil {
				return err
			}
			done, err := r.Write()
			if err != nil {
				return err
			}
			a.printReran(r.Output, done)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.Test, "test", "", "test `file` of the competition")
	f.StringVar(&r.Dataset, "dataset", "", "`folder` of the bundle's data set")
	f.IntVar(&r.Probe, "probe", 1, "`number` of the probe")
	f.StringVar(&scores, "scores", "", "scores of earlier probes, such as `1=1.099,2=4.123`")
	f.StringVar(&r.Output, "output", "submission.csv", "`file` to write")
	f.StringVar(&r.Embeddings, "embeddings", "", ".npy `file` with a vector a test row")
	f.StringVar(&r.Reference, "reference", "", ".npy `file` with the vectors of the reference texts, by the same embedder")
	f.StringVar(&r.Fault, "fault", "", "tell this `fault` in place of the probe")
	f.BoolVar(&texts, "texts", false, "print the texts to embed, and do nothing else")
	return cmd
}

// scoreList reads 1=1.099,2=4.123.
func scoreList(text string) (map[int]string, error) {
	out := map[int]string{}
	for pair := range strings.SplitSeq(text, ",") {
		if pair == "" {
			continue
		}
		number, score, ok := strings.Cut(pair, "=")
		n, err := strconv.Atoi(strings.TrimSpace(number))
		if !ok || err != nil || n < 1 || out[n] != "" {
			return nil, usage("--scores", fmt.Sprintf("%q is not the score of one probe", pair), "Such as: --scores 1=1.099,2=4.123")
		}
		out[n] = strings.TrimSpace(score)
	}
	return out, nil
}

// printReran prints sums, and nothing of any row.
func (a *app) printReran(path string, r *notebook.Reran) {
	fmt.Fprintf(a.stdout, "%s: probe %d of %s: %d rows", path, r.Probe, r.Experiment, r.Rows)
	if r.Fault != "" {
		fmt.Fprintf(a.stdout, ", all alike: they tell the fault %q\n%s\n", r.Fault, r.Detail)
		return
	}
	fmt.Fprintf(a.stdout, " of %d topics", r.Topics)
	if r.Blank > 0 {
		fmt.Fprintf(a.stdout, ", %d without a text that can be read", r.Blank)
	}
	if r.Unchecked {
		fmt.Fprint(a.stdout, "; the vectors were given, and not checked")
	}
	fmt.Fprintln(a.stdout)
}
