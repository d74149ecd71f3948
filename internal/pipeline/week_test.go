package pipeline

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lbprobe/analysis"
)

// reopened is a session on an experiment that is changed first, and that plays without Python.
func reopened(t *testing.T, dir string, renew bool, changes ...string) *Session {
	t.Helper()
	path := filepath.Join(dir, "hidden.toml")
	text := read(t, path)
	if out := strings.NewReplacer(changes...).Replace(text); out != text {
		write(t, path, out)
	} else if len(changes) > 0 {
		t.Fatalf("%q changes nothing", changes)
	}
	s, err := Open(path, Options{Results: filepath.Join(dir, "results"), Now: time.Now, Binary: filepath.Join(dir, "lbprobe-linux"), Direct: true, Renew: renew})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestChannelResult: what a channel has told goes the way of every analysis, for each target, and no claim is wrong.
func TestChannelResult(t *testing.T) {
	for target, want := range map[string]analysis.Status{"presence": analysis.Told, "sizes": analysis.Told, "rows": analysis.Exact} {
		t.Run(target, func(t *testing.T) {
			_, dir := small(t)
			changes := []string{`target = "rows"`, `target = "` + target + `"`}
			if target == "rows" {
				changes = nil
			}
			s := reopened(t, dir, false, changes...)
			ran, err := s.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			r := ran.Report.Result
			t.Log(ran.Report.Summary(), "|", r.Conclusion)
			if r.Status != want || ran.Report.Truth.Wrong > 0 || ran.Report.Truth.Right == 0 || r.Probes < r.Read {
				t.Errorf("%+v, %+v", ran.Report.Truth, r)
			}
			again, err := reopened(t, dir, false).Report()
			if err != nil || again.Summary() != ran.Report.Summary() {
				t.Errorf("rendered again: %+v, %v", again, err)
			}
			st, err := s.Status()
			if err != nil || len(st.Pending) > 0 || !strings.HasPrefix(st.Next, "nothing") {
				t.Errorf("%+v, %v", st, err)
			}
		})
	}
}
