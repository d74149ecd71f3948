package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/compare"
	"lbprobe/experiments/corpus"
	"lbprobe/experiments/embed"
	"lbprobe/internal/fault"
	"lbprobe/internal/pipeline"
)

// comparing is what the flags of compare say.
type comparing struct {
	columns corpus.Options
	format  string
	npy     string
	topics  string
	out     string
	compare.Options
}

// compare is the verb that holds two sets side by side.
func (a *app) compare() *cobra.Command {
	c := comparing{columns: corpus.Options{Usual: true}}
	cmd := &cobra.Command{
		Use:     "compare A B -o DIR",
		GroupID: data,
		Short:   "Hold two sets of prompts side by side",
		Long: "compare finds what two data files share – equal texts, near duplicates, texts that differ in punctuation, or in a name that one of them hides as NAME_n\n" +
			"– and how they differ: personal data, lengths, languages and topics, with intervals and a test. It writes pairs.csv, comparison.md and comparison.json into DIR.\n" +
			"B streams past an index of A, which is held: name the smaller set first. With --npy A.npy B.npy, vectors of all rows in order, it finds for every\n" +
			"row of B the nearest of A in meaning; each row is held against each. Topics are those of the experiment that --topics names, once it has learned\n" +
			"them, or are fitted on A.",
		Example: "  lbprobe compare train.csv test.csv -o comparison\n  lbprobe compare a.jsonl b.jsonl -o comparison --npy a.npy b.npy",
		Args: func(cmd *cobra.Command, args []string) error {
			if c.npy != "" {
				return vectorFiles(cmd, args)
			}
			return twoFiles(cmd, args)
		},
		RunE: func(cmd *cobra.Command, files []string) error {
			if err := c.check(); err != nil {
				return err
			}
			return a.compareFiles(cmd.Context(), files, c)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&c.out, "out", "o", "", "`folder` for the results")
	flags.Float64Var(&c.Threshold, "threshold", 0.8, "Jaccard `similarity` from which on texts are near duplicates")
	flags.Float64Var(&c.Cosine, "cosine", 0.9, "`cosine` from which on vectors are neighbours")
	flags.StringVar(&c.npy, "npy", "", "vectors of the two sets: --npy `A.npy` B.npy")
	flags.StringVar(&c.topics, "topics", "", "hold both sets against the topics of an `experiment` file")
	flags.IntVar(&c.K, "k", 20, "fit `n` topics, where there is no --topics")
	flags.Uint64Var(&c.Seed, "seed", 1, "`seed` of samples and topics")
	flags.StringVar(&c.columns.Turns, "turns", corpus.AllTurns, "the text is all turns, or the first")
	flags.BoolVar(&c.columns.SkipBad, "skip-bad", false, "leave out rows that cannot be read")
	dataFlags(flags, &c.columns, &c.format)
	return a.jsonFlag(cmd)
}

// vectorFiles wants the two sets and the vectors of the second; those of the first are the flag's value.
func vectorFiles(cmd *cobra.Command, args []string) error {
	if len(args) != 3 {
		return usage("--npy", fmt.Sprintf("takes the vectors of both sets; there are %d arguments besides", len(args)), "Such as: lbprobe compare A B -o DIR --npy A.npy B.npy")
	}
	return nil
}

func (c *comparing) check() error {
	c.columns.Format = corpus.Format(c.format)
	switch {
	case c.out == "":
		return usage("--out", "is missing", "Give -o DIR")
	case !(c.Threshold >= 0.1 && c.Threshold <= 1):
		return usage("--threshold", fmt.Sprintf("%g is not from 0.1 to 1", c.Threshold), "Such as: --threshold 0.8")
	case !(c.Cosine > 0 && c.Cosine <= 1):
		return usage("--cosine", fmt.Sprintf("%g is not above 0 and at most 1", c.Cosine), "Such as: --cosine 0.9")
	case c.K < 2:
		return usage("--k", fmt.Sprintf("%d topics cannot be compared", c.K), "Such as: --k 20")
	}
	return nil
}

// compareFiles does what the flags say.
func (a *app) compareFiles(ctx context.Context, files []string, c comparing) error {
	if err := a.checkThreads(); err != nil {
		return err
	}
	c.Threads = a.options.Threads
	left, err := corpus.Read(files[0], c.columns)
	if err != nil {
		return err
	}
	defer left.Close()
	right, err := corpus.Read(files[1], c.columns)
	if err != nil {
		return err
	}
	defer right.Close()
	if err := a.references(&c, files[2:]); err != nil {
		return err
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	a.progress = newProgress(a.stderr)
	step := ""
	c.Step = func(name string, done, total int64) error {
		if name != step {
			step = name
			a.progress.measure(name)
		}
		a.progress.reached(done, total)
		return interrupted(ctx)
	}
	found, err := c.run(left, right)
	a.progress.stop()
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(found)
	}
	a.printComparison(found, c.out)
	return nil
}

// references opens what the sets are held against besides each other: vectors, those of A being named by the flag, and topics.
func (a *app) references(c *comparing, vectorsB []string) (err error) {
	if c.npy != "" {
		vectors, err := openVectors(append([]string{c.npy}, vectorsB...)...)
		if err != nil {
			return err
		}
		c.VectorsA, c.VectorsB = &vectors[0], &vectors[1]
	}
	if c.topics != "" {
		c.Book, err = a.codebook(c.topics)
	}
	return err
}

// openVectors reads matrices that stay mapped while the process lives.
func openVectors(paths ...string) (all []blas32.General, err error) {
	for _, path := range paths {
		file, err := embed.OpenNPY(path)
		if err != nil {
			return nil, err
		}
		m, err := file.Matrix()
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// codebook reads the topics of an experiment.
func (a *app) codebook(path string) (*compare.Book, error) {
	a.options.Now, a.options.Version = a.now, version()
	s, err := pipeline.Open(path, a.options)
	if err != nil {
		return nil, err
	}
	return s.Codebook()
}

// folder makes the folder of the results.
func (c *comparing) folder() error {
	if err := os.MkdirAll(c.out, 0o777); err != nil {
		return &fault.Error{File: c.out, Msg: "cannot be made: " + fault.Reason(err), Fix: "Name another folder", Err: err}
	}
	return writable(filepath.Join(c.out, "pairs.csv"))
}

// run compares and writes. pairs.csv is written while the second set streams past; it is there in full or not at all.
func (c *comparing) run(left, right *corpus.Reader) (found *compare.Comparison, err error) {
	if err := c.folder(); err != nil {
		return nil, err
	}
	err = writeFile(filepath.Join(c.out, "pairs.csv"), func(w io.Writer) (err error) {
		found, err = compare.Run(left, right, c.Options, w)
		return err
	})
	if err == nil {
		err = writeFile(filepath.Join(c.out, "comparison.md"), found.Markdown)
	}
	if err == nil {
		err = writeFile(filepath.Join(c.out, "comparison.json"), found.WriteJSON)
	}
	return found, err
}

// printComparison prints what matters most.
func (a *app) printComparison(c *compare.Comparison, dir string) {
	line := func(name string, s compare.Share) {
		fmt.Fprintf(a.stdout, "%-22s %8d of %d rows of B, %.2f %% (%.2f to %.2f)\n", name, s.Rows, s.Of, 100*s.Share, 100*s.Lo, 100*s.Hi)
	}
	fmt.Fprintf(a.stdout, "%s (A) and %s (B)\n\n", c.A.File, c.B.File)
	line("equal texts", c.Overlap.Exact)
	line("near duplicates", c.Overlap.Near)
	line("the same words", c.Overlap.Words)
	line("but for a name", c.Overlap.Names)
	if s := c.Overlap.Semantic; s != nil {
		line("neighbours in meaning", *s)
	}
	fmt.Fprintf(a.stdout, "\n%-10s %s\n%-10s %s\n", "lengths", c.Lengths.Test, "languages", c.Languages.Test)
	if t := c.Topics; t != nil {
		fmt.Fprintf(a.stdout, "%-10s %s\n", "topics", t.Test)
		for _, row := range t.Rows {
			if row.Missing {
				fmt.Fprintf(a.stdout, "%-10s missing in B: %s\n", "", row.Name)
			}
		}
		if t.Far.Difference.Lo > 0 {
			fmt.Fprintf(a.stdout, "%-10s far from all of them: %.2f %% of B, %.2f %% of A\n", "", 100*t.Far.B.Share, 100*t.Far.A.Share)
		}
	}
	fmt.Fprintf(a.stdout, "\n%s: pairs.csv, comparison.md, comparison.json\n", strings.TrimSuffix(dir, "/"))
	a.warn(notable(c.Notes))
}

// notable are the notes that not every comparison has.
func notable(notes []string) (rare []string) {
	for _, n := range notes {
		if strings.HasPrefix(n, "topics: ") || strings.HasPrefix(n, "set ") {
			rare = append(rare, n)
		}
	}
	return rare
}
