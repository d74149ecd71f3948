// Package cli is the command line: one file a verb, which turns flags into the options of one call of internal/pipeline and prints what comes
// back. What a script may read goes to stdout. Warnings, errors and, on a terminal, progress go to stderr. An error is one line, and the exit
// status is 2 where the command line or the experiment file is at fault, else 1.
package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lbprobe/internal/fault"
	"lbprobe/internal/pipeline"
)

// Main runs the command of the process and returns its exit status. An interrupt ends it at once: no file is ever half written.
func Main() int {
	return Run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)
}

// Run runs one command and returns its exit status.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	a := &app{stdout: stdout, stderr: stderr, now: time.Now}
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	a.progress.stop()
	if err != nil {
		for line := range strings.Lines(err.Error()) { // several where several scores are refused
			fmt.Fprintf(stderr, "lbprobe: %s\n", strings.TrimSpace(line))
		}
	}
	return fault.ExitStatus(err)
}

// The groups of --help.
const (
	start  = "start"
	loop   = "loop"
	stages = "stages"
	data   = "data"
	tools  = "tools"
)

// app is one run of the command.
type app struct {
	stdout, stderr io.Writer
	now            func() time.Time
	options        pipeline.Options // as the flags set them
	json           bool
	noted          bool // the experiment's notes stand in what was printed
	progress       *progress
}

// root is the command without a verb.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "lbprobe",
		Short: "Ask a leaderboard what its hidden part holds",
		Long: "lbprobe asks a leaderboard which topics are in the private part of a test, and how much of each. It turns one experiment file into as few\n" +
			"submissions as theory allows, and turns their scores back into counts with honest uncertainty.",
		Example:       "  lbprobe init --template demo\n  lbprobe run demo.toml",
		Version:       version(),
		SilenceErrors: true, SilenceUsage: true, SuggestionsMinimumDistance: 2,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownVerb(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetFlagErrorFunc(unknownFlag)
	root.PersistentFlags().StringVar(&a.options.Results, "results", "results", "`folder` of the run folders")
	root.PersistentFlags().IntVar(&a.options.Threads, "threads", 0, "use at most `n` threads; 0 means all. No figure depends on it")
	root.AddGroup(&cobra.Group{ID: start, Title: "Start:"}, &cobra.Group{ID: loop, Title: "Loop:"}, &cobra.Group{ID: stages, Title: "Stages:"},
		&cobra.Group{ID: data, Title: "Data:"}, &cobra.Group{ID: tools, Title: "Tools:"})
	for _, verb := range []func() *cobra.Command{a.init, a.check, a.run, a.submit, a.record, a.status, a.topics, a.plan, a.generate, a.analyze,
		a.report, a.rehearse, a.profile, a.clean, a.compare, a.judge, a.audit, a.rerun} {
		root.AddCommand(verb())
	}
	return root
}

// version is that of the module, as the linker recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// verb completes a command that takes one experiment file.
func (a *app) verb(group string, cmd *cobra.Command, act func(ctx context.Context, s *pipeline.Session, args []string) error) *cobra.Command {
	cmd.GroupID = group
	if cmd.Args == nil {
		cmd.Args = oneExperiment
	}
	cmd.ValidArgsFunction = experimentFiles
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := a.open(args[0])
		if err != nil {
			return err
		}
		err = act(cmd.Context(), s, args[1:])
		a.progress.stop()
		if a.noted {
			s.Warnings = s.Warnings[len(s.Experiment.Notes):]
		}
		a.warn(s.Warnings)
		return err
	}
	return cmd
}

// skipBadFlag adds --skip-bad to a verb that may read texts.
func (a *app) skipBadFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.options.SkipBad, "skip-bad", false, "leave out rows of the corpus and of train that cannot be read")
}

// binaryFlag adds --binary to a verb that may write a bundle.
func (a *app) binaryFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.options.Binary, "binary", "", "lbprobe for linux/amd64, a `file` to put into the bundle of a hidden test")
}

// directFlag adds --direct to a verb that may play a bundle.
func (a *app) directFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.options.Direct, "direct", false, "play the bundle of a hidden test without Python: by the program that probe.py calls")
}

// open loads the experiment with the options of the flags.
func (a *app) open(path string) (*pipeline.Session, error) {
	if err := a.checkThreads(); err != nil {
		return nil, err
	}
	a.progress = newProgress(a.stderr)
	a.noted = false
	a.options.Now, a.options.Version, a.options.Notify = a.now, version(), a.progress.step
	a.options.Advance = a.progress.advance
	return pipeline.Open(path, a.options)
}

// checkThreads refuses a number of threads that is none.
func (a *app) checkThreads() error {
	if a.options.Threads < 0 {
		return usage("--threads", "is negative", "Give 0 for all processors")
	}
	return nil
}

// warn prints remarks, one a line.
func (a *app) warn(warnings []string) {
	for _, text := range warnings {
		fmt.Fprintf(a.stderr, "lbprobe: warning: %s\n", text)
	}
}
