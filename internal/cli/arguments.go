package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lbprobe/internal/fault"
)

// usage is a fault of the command line.
func usage(field, msg, fix string) error {
	return &fault.Error{Field: field, Msg: msg, Fix: fix, Usage: true}
}

// oneExperiment wants exactly one argument.
func oneExperiment(cmd *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return usage(cmd.Name(), "needs an experiment file", "Such as: "+firstExample(cmd))
	case 1:
		return nil
	}
	return usage(cmd.Name(), fmt.Sprintf("takes one experiment file, not %d arguments", len(args)), "Such as: "+firstExample(cmd))
}

// someFiles wants at least one argument.
func someFiles(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usage(cmd.Name(), "needs a file", "Such as: "+firstExample(cmd))
	}
	return nil
}

// firstExample is the first line of a verb's examples.
func firstExample(cmd *cobra.Command) string {
	first, _, _ := strings.Cut(strings.TrimSpace(cmd.Example), "\n")
	return first
}

// unknownVerb is the fault of a first word that is no verb.
func unknownVerb(root *cobra.Command, word string) error {
	if near := root.SuggestionsFor(word); len(near) > 0 {
		return usage(word, "is not a verb of lbprobe", "Did you mean: lbprobe "+near[0])
	}
	return usage(word, "is not a verb of lbprobe", "See: lbprobe --help")
}

// unknownFlag is the fault of a flag that the verb does not have, or cannot read.
func unknownFlag(cmd *cobra.Command, err error) error {
	msg := err.Error()
	name, isUnknown := strings.CutPrefix(msg, "unknown flag: --")
	if !isUnknown {
		return usage(cmd.Name(), msg, fmt.Sprintf("See: %s --help", cmd.CommandPath()))
	}
	var flags []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { flags = append(flags, f.Name) })
	if near := meant(name, flags); near != "" {
		return usage("--"+name, "is not a flag of "+cmd.CommandPath(), "Did you mean --"+near+"?")
	}
	return usage("--"+name, "is not a flag of "+cmd.CommandPath(), fmt.Sprintf("See: %s --help", cmd.CommandPath()))
}

// meant is the flag that a word with slips in it, or the beginning of one, stands for; empty where none is near.
func meant(word string, flags []string) string {
	if near, distance := fault.Nearest(word, flags); 2*distance <= len(word) {
		return near
	}
	if i := slices.IndexFunc(flags, func(flag string) bool { return strings.HasPrefix(flag, word) }); i >= 0 {
		return flags[i]
	}
	return ""
}

// experimentFiles completes the first argument.
func experimentFiles(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"toml"}, cobra.ShellCompDirectiveFilterFileExt
}
