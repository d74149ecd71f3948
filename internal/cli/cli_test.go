package cli

import (
	"context"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"lbprobe/internal/openaitest"
	"lbprobe/probes/board"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/metric"
)

// TestMain lets the test binary run as lbprobe, so that scripts meet the real thing: exit status, pipes and all.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lbprobe": func() { os.Exit(Main()) }})
}

var update = flag.Bool("update", false, "write the messages into the scripts anew")

// TestScripts runs the commands of testdata/script.
func TestScripts(t *testing.T) {
	endpoint := openaitest.Start(t, sound)
	endpoint.Embed = letterCounts
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			if err := os.CopyFS(env.WorkDir, smallFiles()); err != nil {
				return err
			}
			parquet := os.DirFS(filepath.Join("..", "..", "experiments", "corpus", "testdata", "parquet"))
			if err := os.CopyFS(filepath.Join(env.WorkDir, "parquet"), parquet); err != nil {
				return err
			}
			if err := writePast(env.WorkDir); err != nil {
				return err
			}
			env.Setenv("ENDPOINT", endpoint.URL)
			if err := errors.Join(writeArena(env.WorkDir, 121), writeChats(env.WorkDir), writeProgram(env.WorkDir)); err != nil {
				return err
			}
			return writeVectors(env.WorkDir)
		},
		Cmds:                map[string]func(ts *testscript.TestScript, neg bool, args []string){"fails": fails, "edit": edit, "line": line, "notebook": byHand},
		RequireExplicitExec: true,
		UpdateScripts:       *update,
	})
}

// writeProgram puts the head of a program for linux/amd64 into a folder: enough to go into a bundle that nobody runs.
func writeProgram(dir string) error {
	head := make([]byte, 64)
	copy(head, "\x7fELF\x02\x01\x01")
	head[16], head[18], head[20], head[52] = 2, 62, 1, 64 // an executable, x86-64, version 1, its own size
	return os.WriteFile(filepath.Join(dir, "program"), head, 0o666)
}

// smallFiles is the competition that the scripts play with.
func smallFiles() fs.FS { return os.DirFS(filepath.Join("testdata", "small")) }

// fails runs a command that must end with the given status, one line of error, and nothing on stdout.
func fails(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: fails STATUS COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != want {
		ts.Fatalf("ended with %v, want status %d", err, want)
	}
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("a failure prints on stdout: %s", out)
	}
}

// edit replaces text in a file, which must be there; \n is a line break.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	path := ts.MkAbs(args[0])
	text := ts.ReadFile(args[0])
	before, after := strings.ReplaceAll(args[1], `\n`, "\n"), strings.ReplaceAll(args[2], `\n`, "\n")
	if !strings.Contains(text, before) {
		ts.Fatalf("%s does not hold %q", args[0], before)
	}
	ts.Check(os.WriteFile(path, []byte(strings.Replace(text, before, after, 1)), 0o666))
}

// line expects a file, such as stderr, of exactly one line.
func line(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: line FILE")
	}
	text := ts.ReadFile(args[0])
	if one := strings.Count(text, "\n") == 1 && strings.HasSuffix(text, "\n"); one == neg {
		ts.Fatalf("%s has %d lines", args[0], strings.Count(text, "\n"))
	}
}

// byHand does what NEXT.md says of a bundle, once for every number: it writes that probe as probe.py would, scores it on a board that hides truth.csv, and
// records the score.
func byHand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: notebook EXPERIMENT NUMBER…")
	}
	file, err := os.Open(ts.MkAbs("truth.csv"))
	ts.Check(err)
	defer file.Close()
	truth, err := sim.ReadTruth(file, "truth.csv", sim.TruthColumns{ID: "id", Classes: []string{"a", "b", "c"}, Label: "label"})
	ts.Check(err)
	order := regexp.MustCompile(`(?m)^PROBE, SCORES = (\d+), \{(.*)\}$`)
	for _, number := range args[1:] {
		line := order.FindStringSubmatch(ts.ReadFile("results/small/probes/bundle/kernel/probe.py"))
		if line == nil || line[1] != number {
			ts.Fatalf("probe.py asks %q, not probe %s", line, number)
		}
		scores := strings.NewReplacer(": ", "=", `"`, "", " ", "").Replace(line[2])
		ts.Check(ts.Exec("lbprobe", "rerun", "--test", "test.csv", "--dataset", "results/small/probes/bundle/dataset", "--probe", number, "--scores", scores,
			"--output", "submission.csv"))
		b, err := sim.New(truth, metric.Scoring{Metric: metric.LogLoss, Decimals: 5, Rounding: metric.Round, Clip: metric.Clip64, Normalise: metric.Divide})
		ts.Check(err)
		_, err = b.Submit(context.Background(), board.Submission{Name: "submission.csv", Open: func() (io.ReadCloser, error) { return os.Open(ts.MkAbs("submission.csv")) }})
		ts.Check(err)
		shown, err := b.Scores(context.Background())
		ts.Check(err)
		ts.Check(ts.Exec("lbprobe", "record", args[0], number+"="+shown[0].Public))
	}
}
