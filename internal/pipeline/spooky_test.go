package pipeline

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// root is the folder of the repository, shared that of the data beside it.
const (
	root   = "../.."
	shared = root + "/../shared/data"
)

// options are those of a test.
func options(t *testing.T) Options {
	return Options{Results: t.TempDir(), Version: "test", Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }}
}

// needShared skips the test where the shared data is not there.
func needShared(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("the shared data is not there: %v", err)
	}
}

// variant writes an experiment file of the repository anew with some settings changed, its paths made absolute, and opens it.
func variant(t *testing.T, name string, o Options, replace ...string) *Session {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "experiments", name))
	if err != nil {
		t.Fatal(err)
	}
	data, err := filepath.Abs(shared)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(text), replace[i]) {
			t.Fatalf("%s does not hold %q", name, replace[i])
		}
	}
	replace = append(replace, "../../shared/data", filepath.ToSlash(data))
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.NewReplacer(replace...).Replace(string(text))), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSpooky plays the real competition's rows against a simulated board that reads the files. With at most two submissions more than the bound the
// decoded point is the truth – all 20 not-A counts, or all public and private row counts –, and one more makes it a claim.
func TestSpooky(t *testing.T) {
	needShared(t)
	o := options(t)
	if _, err := variant(t, "spooky.toml", o).Topics(); err != nil { // learned once: rehearsals borrow them
		t.Fatal(err)
	}
	tests := []struct {
		target          string
		public, private int // counts that are asked for
		oneAtATime      int // submissions by hand; the last count of rows follows from the others
	}{
		{"presence", 20, 0, 20},
		{"rows", 60, 20, 39},
	}
	for _, test := range tests {
		t.Run(test.target, func(t *testing.T) {
			s := variant(t, "spooky.toml", o, `target = "presence"`, `target = "`+test.target+`"`, "budget = 15", "budget = 40")
			plan, err := s.Plan()
			if err != nil {
				t.Fatal(err)
			}
			bound := int(math.Ceil(plan.Designs[0].Bound))
			if got := plan.Designs[1].Submissions; got != test.oneAtATime {
				t.Errorf("one at a time takes %d submissions, want %d", got, test.oneAtATime)
			}
			for beyond, exact := range map[int]bool{2: false, 3: true} {
				r, err := s.Rehearse(context.Background(), Play{Trials: 2, Submissions: bound + beyond})
				if err != nil {
					t.Fatal(err)
				}
				for _, trial := range r.Trials {
					checkTrial(t, trial, test.public, test.private, exact)
				}
			}
		})
	}
}

// checkTrial expects every best value to be the truth, no false claim, and where exact is set every count to be claimed.
func checkTrial(t *testing.T, trial Trial, public, private int, exact bool) {
	t.Helper()
	if p := trial.Public; p.Counts != public || p.Best != public || p.ExactWrong > 0 || exact && p.Exact != public {
		t.Errorf("trial %d, %d scores: %s; public %+v, want %d counts", trial.Trial, trial.Read, trial.Conclusion, p, public)
	}
	if p := trial.Private; private > 0 && (p.Counts < private || p.Best != p.Counts || p.ExactWrong > 0 || exact && p.Exact < private) {
		t.Errorf("trial %d, %d scores: %s; private %+v, want %d counts", trial.Trial, trial.Read, trial.Conclusion, p, private)
	}
	if trial.Wrong > 0 {
		t.Errorf("trial %d: %d wrong: %v", trial.Trial, trial.Wrong, trial.Misses)
	}
}
