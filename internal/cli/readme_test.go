package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const repository = "../.."

// TestREADME runs every command of the README's shell blocks that is lbprobe's, in order, in a folder that holds the shipped experiments, and
// finds every other one in the Makefile or the CI script.
func TestREADME(t *testing.T) {
	readme := read(t, "README.md")
	ci := read(t, ".ci/run")
	makefile := read(t, "Makefile")
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "experiments"), os.DirFS(filepath.Join(repository, "experiments"))); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	ran := 0
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(readme, -1) {
		for line := range strings.Lines(block[1]) {
			command := strings.TrimSpace(line)
			words := strings.Fields(strings.Replace(command, "go run ./cmd/lbprobe", "lbprobe", 1))
			if words[0] != "lbprobe" {
				if !strings.Contains(ci, command) {
					t.Errorf("%q is neither lbprobe's nor in .ci/run", command)
				}
				continue
			}
			var out, errs bytes.Buffer
			if status := Run(context.Background(), words[1:], &out, &errs); status != 0 {
				t.Errorf("%s: exit status %d\n%s", command, status, errs.String())
			}
			ran++
		}
	}
	if ran < 5 {
		t.Errorf("the README shows %d commands of lbprobe: the test reads it wrongly", ran)
	}
	for _, target := range regexp.MustCompile("`make ([a-z-]+)`").FindAllStringSubmatch(readme, -1) {
		if !strings.Contains(makefile, "\n"+target[1]+":") {
			t.Errorf("the README speaks of make %s, which the Makefile does not have", target[1])
		}
	}
}

// TestREADMEResult holds the end of the first command against what the README shows of it, and the picture against docs/report.svg.
func TestREADMEResult(t *testing.T) {
	readme, picture := read(t, "README.md"), read(t, "docs/report.svg")
	dir := t.TempDir()
	var out, errs bytes.Buffer
	args := []string{"run", filepath.Join(repository, "experiments", "demo.toml"), "--results", dir}
	if status := Run(context.Background(), args, &out, &errs); status != 0 {
		t.Fatalf("exit status %d: %s", status, errs.String())
	}
	shown := regexp.MustCompile("(?s)ends like this:\n\n```\n(.*?)```").FindStringSubmatch(readme)
	if shown == nil {
		t.Fatal("the README does not show how the first command ends")
	}
	for line := range strings.Lines(shown[1]) {
		if !strings.Contains(out.String(), strings.TrimSpace(line)) {
			t.Errorf("the command does not print %q, but\n%s", strings.TrimSpace(line), out.String())
		}
	}
	drawn, err := os.ReadFile(filepath.Join(dir, "demo", "analysis", "shifts.svg"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(picture, string(drawn)); d != "" {
		t.Errorf("docs/report.svg is not what the demo draws: make picture (-docs +drawn)\n%s", d)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
