package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lbprobe/experiments/corpus"
)

// dataFlags adds the flags that say where the texts of a data file stand.
func dataFlags(flags *pflag.FlagSet, o *corpus.Options, format *string) {
	flags.StringVar(format, "input", "", "read as kaggle-lmsys, jsonl or csv; left out, the file tells")
	flags.StringVar(&o.Text, "text", "", "`column` of the prompts or conversations")
	flags.StringVar(&o.ID, "id", "", "`column` of the ids")
	flags.StringVar(&o.User, "user", "", "`column` of the users")
}

// oneFile wants exactly one data file.
func oneFile(cmd *cobra.Command, args []string) error { return files(cmd, args, 1) }

// twoFiles wants exactly two.
func twoFiles(cmd *cobra.Command, args []string) error { return files(cmd, args, 2) }

func files(cmd *cobra.Command, args []string, want int) error {
	if len(args) != want {
		return usage(cmd.Name(), fmt.Sprintf("takes %d data file(s), not %d", want, len(args)), "Such as: "+firstExample(cmd))
	}
	return nil
}

// oneOf refuses a flag's value that is none of its words.
func oneOf(flag, value string, words []string) error {
	if slices.Contains(words, value) {
		return nil
	}
	return usage(flag, fmt.Sprintf("%q is none of %s", value, strings.Join(words, ", ")), "Such as: "+flag+" "+words[len(words)-1])
}
