package cli

import (
	"encoding/json"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"lbprobe/results/report"
)

// jsonFlag adds --json to a verb whose output a script may read.
func (a *app) jsonFlag(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().BoolVar(&a.json, "json", false, "print JSON")
	return cmd
}

// printJSON prints a value as indented JSON.
func (a *app) printJSON(value any) error {
	encoder := json.NewEncoder(a.stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// screen fits a report to the terminal, if there is one.
func screen(w io.Writer) report.Options {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return report.Options{}
	}
	_, noColor := os.LookupEnv("NO_COLOR")
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		width = 0
	}
	return report.Options{Width: width, Color: !noColor}
}

// printReport prints the table that a run ends with.
func (a *app) printReport(page *report.Report) error {
	if a.json {
		return a.printJSON(page.Result)
	}
	a.noted = true
	return page.Terminal(a.stdout, screen(a.stdout))
}
