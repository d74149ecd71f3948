package cli

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"lbprobe/experiments/corpus"
)

// profile is the verb that says what there is in data files.
func (a *app) profile() *cobra.Command {
	options := corpus.Options{Whole: true, SkipBad: true}
	var as, format string
	cmd := &cobra.Command{
		Use:     "profile FILE…",
		GroupID: data,
		Short:   "Count what there is in files of conversations",
		Long: "profile reads files of conversations – the competition's CSV, LMSYS-Chat-1M's Parquet, JSON lines, plain CSV – and prints the table that\n" +
			"LMSYS-Chat-1M publishes: conversations, models, users, languages, average turns, average tokens of prompts and responses. Below it stand the\n" +
			"quantiles of lengths, null and empty messages, encoding faults, and the classes, models and languages. Several files are one corpus. A row is a\n" +
			"conversation, a turn a prompt with what is answered. Tokens are GPT-4's (cl100k_base). The language is the file's, if it has such a column; else\n" +
			"it is detected in the prompts. Rows that cannot be read are counted and left out.",
		Example: "  lbprobe profile train.csv\n  lbprobe profile data/*.parquet --format markdown",
		Args:    someFiles,
		RunE: func(_ *cobra.Command, files []string) error {
			if err := oneOf("--format", as, []string{"csv", "markdown", "text"}); err != nil {
				return err
			}
			options.Format = corpus.Format(format)
			return a.printProfile(files, options, pages[as])
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&as, "format", "text", "print as text, markdown or csv")
	dataFlags(flags, &options, &format)
	userFlag(flags, &options)
	flags.StringVar(&options.Model, "model", "", "`column` of the model that answers")
	flags.StringVar(&options.Language, "language", "", "`column` of the language")
	flags.BoolVar(&options.Detect, "detect", false, "detect the languages even if a column tells them")
	flags.StringVar(&options.Label, "label", "", "`column` of the class")
	return a.jsonFlag(cmd)
}

// pages are the layouts of a profile.
var pages = map[string]func(corpus.Profile, io.Writer) error{
	"text": corpus.Profile.Text, "markdown": corpus.Profile.Markdown, "csv": corpus.Profile.CSV,
}

// printProfile reads the files and prints what is in them.
func (a *app) printProfile(files []string, o corpus.Options, write func(corpus.Profile, io.Writer) error) error {
	if err := a.checkThreads(); err != nil {
		return err
	}
	reader, err := corpus.ReadFiles(files, o)
	if err != nil {
		return err
	}
	defer reader.Close()
	debug.SetGCPercent(400) // much is made and little lives long: a larger heap, 1.7 GB for a million conversations, saves a sixth of the time
	a.progress = newProgress(a.stderr)
	a.progress.measure("profile")
	p, err := corpus.Survey(reader, a.options.Threads, a.progress.reached)
	a.progress.stop()
	if err != nil {
		return err
	}
	if bad := p.Faults.Bad; len(bad) > 0 {
		a.warn([]string{leftOut(bad)})
	}
	if a.json {
		return a.printJSON(p)
	}
	return write(p, a.stdout)
}

// leftOut says how many rows could not be read, and what ails the first.
func leftOut(bad []corpus.Dropped) string {
	return fmt.Sprintf("rows left out because they cannot be read: %d; the first, %s:%d: %s", len(bad), bad[0].File, bad[0].Line, bad[0].Reason)
}
