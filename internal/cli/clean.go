package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"lbprobe/experiments/corpus"
	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/internal/table"
)

// cleaning is what the flags of clean say.
type cleaning struct {
	options      corpus.Options
	format       string
	filter       corpus.Filter
	duplicates   string
	quality, pii string
	out          string
	dropped      string
	hashes       string
	dry          bool
}

// clean is the verb that drops and redacts rows of a data file.
func (a *app) clean() *cobra.Command {
	c := cleaning{options: corpus.Options{Usual: true}}
	cmd := &cobra.Command{
		Use:     "clean FILE -o OUT",
		GroupID: data,
		Short:   "Drop rows that are too short, worthless, doubled or personal",
		Long: "clean copies a CSV or JSONL file without the rows that the filter drops, and prints how many rows each rule finds and drops. Its flags bear the keys of\n" +
			"[corpus.filter] in an experiment file, and mean the same. Rows that stay are copied byte for byte, unless --pii redact changes them. Every row that does\n" +
			"not is listed, with its reason, in dropped.csv beside OUT. A row is dropped for the first rule that it meets: length, low quality, personal data,\n" +
			"duplicates of a row that was kept. --dry-run prints the table and writes nothing.",
		Example: "  lbprobe clean train.csv --dry-run\n  lbprobe clean train.csv -o clean.csv --duplicates near --low-quality drop --pii redact",
		Args:    oneFile,
		RunE: func(cmd *cobra.Command, files []string) error {
			if err := c.check(files[0]); err != nil {
				return err
			}
			return a.cleanFile(cmd.Context(), files[0], c)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&c.out, "out", "o", "", "`file` for the rows that are kept")
	flags.BoolVar(&c.dry, "dry-run", false, "print the table only")
	flags.StringVar(&c.dropped, "dropped", "", "`file` for the rows that are dropped; left out: dropped.csv beside OUT")
	flags.StringVar(&c.hashes, "hashes", "", "write the near-duplicate hashes of the kept prompts to a `file`, such as hashes.bin")
	flags.IntVar(&c.filter.MinChars, "min-chars", 32, "least `number` of characters of a prompt")
	flags.IntVar(&c.filter.MaxChars, "max-chars", 1536, "greatest `number` of characters of a prompt")
	flags.StringVar(&c.duplicates, "duplicates", "keep", "keep, or drop exact or near duplicates")
	flags.StringVar(&c.quality, "low-quality", "keep", "keep or drop")
	flags.StringVar(&c.pii, "pii", "keep", "keep, drop or redact rows with personal data")
	flags.StringVar(&c.options.Turns, "turns", corpus.AllTurns, "the prompt is all turns, or the first")
	flags.BoolVar(&c.options.SkipBad, "skip-bad", false, "drop rows that cannot be read")
	dataFlags(flags, &c.options, &c.format)
	userFlag(flags, &c.options)
	return a.jsonFlag(cmd)
}

// check refuses flags that do not go together.
func (c *cleaning) check(file string) error {
	for _, choice := range []struct {
		flag, value string
		words       []string
	}{
		{"--duplicates", c.duplicates, []string{"keep", "exact", "near"}},
		{"--low-quality", c.quality, []string{"keep", "drop"}},
		{"--pii", c.pii, []string{"keep", "drop", "redact"}},
	} {
		if err := oneOf(choice.flag, choice.value, choice.words); err != nil {
			return err
		}
	}
	c.options.Format = corpus.Format(c.format)
	c.filter.Duplicates, c.filter.LowQuality, c.filter.PII = corpus.Choice(c.duplicates), corpus.Choice(c.quality), corpus.Choice(c.pii)
	switch {
	case c.filter.MinChars < 0 || c.filter.MaxChars < 1 || c.filter.MinChars > c.filter.MaxChars:
		return usage("--min-chars", fmt.Sprintf("no length is from %d to %d", c.filter.MinChars, c.filter.MaxChars), "Such as: --min-chars 32 --max-chars 1536")
	case c.dry && (c.out != "" || c.dropped != "" || c.hashes != ""):
		return usage("--dry-run", "writes nothing", "Leave it out, or --out, --dropped and --hashes")
	case !c.dry && c.out == "":
		return usage("--out", "is missing", "Give -o OUT, or --dry-run")
	}
	if c.dry {
		return nil
	}
	if c.dropped == "" {
		c.dropped = filepath.Join(filepath.Dir(c.out), "dropped.csv")
	}
	return c.apart(file)
}

// apart refuses a file that is to be two things at once, and one that cannot be written: that should be known before the work, not after it.
func (c *cleaning) apart(file string) error {
	at := map[string]string{}
	for _, f := range []struct{ role, path string }{{"FILE", file}, {"--out", c.out}, {"--dropped", c.dropped}, {"--hashes", c.hashes}} {
		if f.path == "" {
			continue
		}
		path := filepath.Clean(f.path)
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		if other, ok := at[path]; ok {
			return usage(f.role, fmt.Sprintf("%s is %s already", f.path, other), "Name another file")
		}
		at[path] = f.role
		if f.path == file {
			continue
		}
		if err := writable(f.path); err != nil {
			return err
		}
	}
	return nil
}

// cleanFile does what the flags say.
func (a *app) cleanFile(ctx context.Context, file string, c cleaning) error {
	reader, err := corpus.Read(file, c.options)
	if err != nil {
		return err
	}
	defer reader.Close()
	ctx, stop := interruptible(ctx)
	defer stop()
	a.progress = newProgress(a.stderr)
	a.progress.measure("clean")
	done, err := c.run(reader, func(done, total int64) error {
		a.progress.reached(done, total)
		return interrupted(ctx)
	})
	a.progress.stop()
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(done)
	}
	printCleaned(a.stdout, done)
	if !c.dry {
		fmt.Fprintf(a.stdout, "\n%s: %d rows; %s: %d rows\n", c.out, done.Kept, c.dropped, done.Dropped)
	}
	return nil
}

// run cleans and writes. A file is there in full or not at all.
func (c *cleaning) run(reader *corpus.Reader, step func(done, total int64) error) (done *corpus.Cleaned, err error) {
	o := corpus.CleanOptions{Filter: c.filter, Step: step}
	var prompts duplicates.HashSet
	if c.hashes != "" {
		o.Kept = prompts.Add
	}
	if c.dry {
		return corpus.Clean(reader, o)
	}
	err = writeFile(c.out, func(w io.Writer) (err error) {
		o.Out = w
		done, err = corpus.Clean(reader, o)
		return err
	})
	if err == nil {
		err = writeFile(c.dropped, func(w io.Writer) error { return done.WriteDropped(w) })
	}
	if err == nil && c.hashes != "" {
		err = writeFile(c.hashes, func(w io.Writer) error {
			_, err := prompts.WriteTo(w)
			return err
		})
	}
	return done, err
}

// printCleaned prints the tables.
func printCleaned(w io.Writer, c *corpus.Cleaned) {
	fmt.Fprintf(w, "%s: %d rows, %d kept, %d dropped, %d redacted\n\n", c.File, c.Rows, c.Kept, c.Dropped, c.Redacted)
	rows := [][]string{{"rule", "found", "dropped", "what it means"}}
	for _, r := range c.Rules {
		rows = append(rows, []string{r.Rule, strconv.Itoa(r.Found), strconv.Itoa(r.Dropped), r.Explain})
	}
	table.Text(w, "lrrl", rows)
	fmt.Fprintln(w)
	rows = [][]string{{"in prompts", "rows", "times"}}
	for _, k := range c.PII {
		rows = append(rows, []string{k.Kind, strconv.Itoa(k.Rows), strconv.Itoa(k.Finds)})
	}
	table.Text(w, "lrr", rows)
	fmt.Fprintln(w)
	if c.Users == nil {
		fmt.Fprintln(w, "users: not in this file; --user names their column, if it has another name")
		return
	}
	fmt.Fprintf(w, "users: %d; the busiest 1 %% of them wrote %.1f %% of %d rows; Gini coefficient %.3f\n", c.Users.Users, 100*c.Users.Top, c.Users.Rows, c.Users.Gini)
}
