package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"lbprobe/experiments"
	"lbprobe/internal/atomicfile"
	"lbprobe/internal/fault"
)

// init is the verb that writes the first experiment file.
func (a *app) init() *cobra.Command {
	var from, template, output string
	cmd := &cobra.Command{
		Use:     "init",
		GroupID: start,
		Short:   "Write the first experiment file",
		Long: "init --from looks at the heads of train, test and sample_submission in a folder and writes an experiment file for them, with a remark at every guess.\n" +
			"init --template writes a commented one to start from; \"demo\" comes with its data and plays by itself. No file is ever overwritten.",
		Example: "  lbprobe init --from data\n  lbprobe init --template demo\n  lbprobe init --template static -o - | less",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case (from == "") == (template == ""):
				return usage("init", "needs either --from or --template", "Such as: lbprobe init --from data")
			case from != "":
				return a.initFrom(from, output)
			case template == "demo" && output != "-":
				return a.initDemo(output)
			}
			return a.initTemplate(template, output)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "`folder` with the files of a competition")
	cmd.Flags().StringVar(&template, "template", "", "`name` of a template")
	cmd.Flags().StringVarP(&output, "output", "o", "", "`file` to write, for the demo a folder; - prints it")
	_ = cmd.RegisterFlagCompletionFunc("template", cobra.FixedCompletions(experiments.Templates(), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.MarkFlagDirname("from")
	return cmd
}

// initFrom writes the experiment file for the data in a folder.
func (a *app) initFrom(dir, output string) error {
	if output == "" {
		output = filepath.Join(dir, experiments.InitName(dir)+".toml")
	}
	saveIn := filepath.Dir(output)
	if output == "-" {
		saveIn = "."
	}
	text, err := experiments.InitFor(dir, saveIn)
	if err != nil {
		return err
	}
	return a.writeNew(output, text)
}

// initTemplate writes a template.
func (a *app) initTemplate(name, output string) error {
	text, err := experiments.Template(name)
	if err != nil {
		return err
	}
	if output == "" {
		output = name + ".toml"
	}
	return a.writeNew(output, text)
}

// initDemo writes the demonstration with its data.
func (a *app) initDemo(dir string) error {
	if dir == "" {
		dir = "."
	}
	if err := experiments.WriteDemo(dir); err != nil {
		return err
	}
	path := filepath.Join(dir, "demo.toml")
	fmt.Fprintf(a.stdout, "%s: written, with its data. Now: lbprobe run %s\n", path, path)
	return nil
}

// writeNew writes a file that must not be there yet; "-" is the standard output.
func (a *app) writeNew(path, text string) error {
	if path == "-" {
		_, err := fmt.Fprint(a.stdout, text)
		return err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return &fault.Error{File: path, Msg: "exists already", Fix: "Remove it, or name another: -o FILE", Usage: true, Err: err}
	}
	if err := atomicfile.WriteBytes(path, []byte(text)); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s: written. Read what is marked as a guess, then: lbprobe check %s\n", path, path)
	return nil
}

// noArguments wants none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(cmd.Name(), fmt.Sprintf("takes no argument %q", args[0]), "Such as: "+firstExample(cmd))
	}
	return nil
}
