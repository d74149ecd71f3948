package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lbprobe/experiments/corpus"
	"lbprobe/internal/atomicfile"
	"lbprobe/internal/fault"
)

// dataFlags adds the flags that say where the texts of a data file stand.
func dataFlags(flags *pflag.FlagSet, o *corpus.Options, format *string) {
	flags.StringVar(format, "input", "", "read as kaggle-lmsys, lmsys-chat-1m, jsonl or csv; left out, the file tells")
	flags.StringVar(&o.Text, "text", "", "`column` of the prompts or conversations; left out: text, prompt, conversation or conversation_a")
	flags.StringVar(&o.ID, "id", "", "`column` of the ids; left out: id, conversation_id or question_id, or the lines of the rows")
}

// userFlag adds the flag that says who wrote the texts.
func userFlag(flags *pflag.FlagSet, o *corpus.Options) {
	flags.StringVar(&o.User, "user", "", "`column` of the users; left out: user, user_id, judge or hashed_ip, if there is one")
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

// writable refuses a path at which no file can be written.
func writable(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return &fault.Error{File: path, Msg: "is a folder, not a file to write", Fix: "Name a file in it"}
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return &fault.Error{File: path, Msg: "its folder does not exist", Fix: "Make it first: mkdir -p " + dir}
	}
	probe, err := os.CreateTemp(dir, ".lbprobe-*.tmp")
	if err != nil {
		return &fault.Error{File: path, Msg: "cannot be written: " + fault.Reason(err), Fix: "Name another folder", Err: err}
	}
	_ = probe.Close()
	return os.Remove(probe.Name())
}

// writeFile is atomicfile.Write, but for faults of what is read while it is written: those speak for themselves.
func writeFile(path string, write func(io.Writer) error) error {
	err := atomicfile.Write(path, write)
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	return err
}

// oneOf refuses a flag's value that is none of its words.
func oneOf(flag, value string, words []string) error {
	if slices.Contains(words, value) {
		return nil
	}
	return usage(flag, fmt.Sprintf("%q is none of %s", value, strings.Join(words, ", ")), "Such as: "+flag+" "+words[len(words)-1])
}
