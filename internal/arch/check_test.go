package arch

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// TestModule holds the table for the code as it is.
func TestModule(t *testing.T) {
	found, err := Violations(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Error(v)
	}
}

// TestModuleIsRead: on a wrong folder, or with a wrong name of the module, TestModule would find nothing to blame.
func TestModuleIsRead(t *testing.T) {
	text, err := os.ReadFile("../../go.mod")
	if err != nil || !strings.HasPrefix(string(text), "module "+module+"\n") {
		t.Errorf("go.mod, error %v, does not begin with module %s", err, module)
	}
	if _, err := os.Stat("../../probes/metric/score.go"); err != nil {
		t.Error(err)
	}
}

// TestViolations: every kind of violation is seen, in a module made for it.
func TestViolations(t *testing.T) {
	tests := []struct {
		name, file, source string
		want               []string
	}{
		{"a package without a row", "probes/utils/a.go", "package utils", []string{"probes/utils/a.go: package probes/utils has no row in the table"}},
		{"an import that the row lacks", "probes/design/a.go", "package design\nimport \"lbprobe/results\"",
			[]string{"probes/design/a.go:2:8: probes/design must not import results"}},
		{"an import that the row names", "probes/design/a.go", "package design\nimport \"lbprobe/probes/metric\"", nil},
		{"a stage that knows the experiment file", "analysis/a.go", "package analysis\nimport \"lbprobe/experiments\"",
			[]string{"analysis/a.go:2:8: analysis must not import experiments"}},
		{"internal packages are open", "probes/design/a.go", "package design\nimport \"lbprobe/internal/fault\"", nil},
		{"but the pure stay pure", "probes/design/a.go", "package design\nimport \"lbprobe/internal/atomicfile\"",
			[]string{"probes/design/a.go:2:8: probes/design is pure and must not import internal/atomicfile, which is not"}},
		{"and the command line is nobody's", "results/a.go", "package results\nimport \"lbprobe/internal/cli\"",
			[]string{"results/a.go:2:8: results must not import internal/cli"}},
		{"the command line imports all", "internal/cli/a.go", "package cli\nimport _ \"lbprobe/experiments\"\nimport _ \"os/exec\"", nil},
		{"files in a pure package", "analysis/a.go", "package analysis\nimport \"os\"\nimport \"io/ioutil\"",
			[]string{"analysis/a.go:2:8: analysis must not import os", "analysis/a.go:3:8: analysis must not import io/ioutil"}},
		{"files in a streaming one", "experiments/corpus/a.go", "package corpus\nimport \"os\"", nil},
		{"network in a streaming one", "experiments/corpus/a.go", "package corpus\nimport \"net/http\"",
			[]string{"experiments/corpus/a.go:2:8: experiments/corpus must not import net/http"}},
		{"addresses are no network", "analysis/a.go", "package analysis\nimport \"net/url\"", nil},
		{"the clock", "analysis/a.go", "package analysis\nimport \"time\"\nvar t = time.Now()\nvar d = time.Second",
			[]string{"analysis/a.go:3:9: analysis must not use time.Now"}},
		{"the clock under another name", "analysis/a.go", "package analysis\nimport clock \"time\"\nvar f = clock.Since",
			[]string{"analysis/a.go:3:9: analysis must not use time.Since"}},
		{"the clock where it is allowed", "results/a.go", "package results\nimport \"time\"\nvar t = time.Now()", nil},
		{"global randomness", "probes/design/a.go", "package design\nimport \"math/rand/v2\"\nvar x = rand.IntN(3)\nvar r = rand.New(nil)",
			[]string{"probes/design/a.go:3:9: probes/design must not use math/rand/v2.IntN"}},
		{"standard output", "analysis/a.go", "package analysis\nimport \"fmt\"\nfunc f() { fmt.Println() }",
			[]string{"analysis/a.go:3:12: analysis must not use fmt.Println"}},
		{"the old generator, anywhere", "internal/cli/a_test.go", "package cli\nimport \"math/rand\"",
			[]string{"internal/cli/a_test.go:2:8: internal/cli must not import math/rand"}},
		{"cgo, anywhere", "results/a.go", "package results\nimport \"C\"", []string{"results/a.go:2:8: results must not import C"}},
		{"tests are free", "analysis/a_test.go", "package analysis\nimport \"os\"\nimport \"lbprobe/probes/board/sim\"", nil},
		{"data of tests is no code", "analysis/testdata/a.go", "not Go", nil},
		{"neither are hidden folders", ".ci/a.go", "not Go", nil},
		{"nor nested modules", "bench/a.go", "package bench\nimport \"os\"", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			module := fstest.MapFS{"go.mod": {}, "bench/go.mod": {}, test.file: {Data: []byte(test.source)}}
			got, err := Violations(module)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnreadableSource(t *testing.T) {
	_, err := Violations(fstest.MapFS{"analysis/a.go": {Data: []byte("pakage analysis")}})
	if err == nil || !strings.HasPrefix(err.Error(), "analysis/a.go:1:1:") {
		t.Errorf("error %v, want the place", err)
	}
}

// TestTable: the table itself allows no cycle, no import of experiments by a stage, and no name that has no row.
func TestTable(t *testing.T) {
	var visit func(dir string, above []string)
	visit = func(dir string, above []string) {
		if slices.Contains(above, dir) {
			t.Errorf("cycle: %s → %s", strings.Join(above, " → "), dir)
			return
		}
		for _, next := range rooms[dir].may {
			if _, known := rooms[next]; next != "*" && !known {
				t.Errorf("%s may import %s, which has no row", dir, next)
			}
			if next == "experiments" {
				t.Errorf("%s may import experiments", dir)
			}
			visit(next, append(slices.Clone(above), dir))
		}
	}
	for dir := range rooms {
		visit(dir, nil)
	}
	for dir := range limited {
		if _, known := rooms[dir]; !known {
			t.Errorf("limited names %s, which has no row", dir)
		}
	}
}
