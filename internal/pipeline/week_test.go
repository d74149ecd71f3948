package pipeline

import (
	"context"
	"flag"
	"math"
	"path/filepath"
	"slices"
	"strconv"
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

// week plays a whole week: a channel for the totals, then in a new round a lattice for the public rows. It returns the bound that plan has printed, and the
// submissions that the two rounds took until all counts were exact.
func week(t *testing.T, s *Session) (joint *Joint, channel, lattice int) {
	t.Helper()
	planned, err := s.Plan()
	if err != nil {
		t.Fatal(err)
	}
	ran, err := s.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if r := ran.Report; r.Result.Status != analysis.Exact || r.Truth.Wrong > 0 {
		t.Fatalf("%s: %v", r.Summary(), r.Truth.Misses)
	}
	channel = ran.Report.Result.Read
	s.Experiment.Probe.Design, s.Experiment.Probe.Target, s.options.Renew = "lattice", "rows", true
	if ran, err = s.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	r := ran.Report
	if r.Truth.Wrong > 0 {
		t.Fatalf("%s: %v", r.Summary(), r.Truth.Misses)
	}
	t.Logf("joint %+v: %d + %d, %s", *planned.Joint, channel, r.Result.Read, r.Summary())
	for _, c := range r.Result.Counts {
		if r.Result.Status == analysis.Exact && c.Split != "public" && c.Topic != analysis.AllTopics && !c.Exact {
			t.Errorf("%+v", c)
		}
	}
	return planned.Joint, channel, s.needed(t)
}

// needed is after how many of a lattice's scores every count was exact; more than there are where that did not come about.
func (s *Session) needed(t *testing.T) int {
	t.Helper()
	b, err := s.bench()
	if err != nil {
		t.Fatal(err)
	}
	in, err := s.analysisInput(b)
	if err != nil {
		t.Fatal(err)
	}
	n := len(in.Scores)
	for all, d := in.Scores, in.Design; n > 0; n-- {
		in.Scores, in.Design = slices.Clone(all[:n]), d
		if err := b.shelf.totals.join(&in); err != nil {
			t.Fatal(err)
		}
		r, err := analysis.Analyze(in)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != analysis.Exact {
			break
		}
	}
	return n + 1
}

// TestWeek plays small competitions, other labels and another split in each.
func TestWeek(t *testing.T) {
	_, dir := small(t)
	for seed := range 4 {
		s := reopened(t, dir, false)
		s.options.Results = filepath.Join(dir, "week", strconv.Itoa(seed))
		s.Experiment.Simulate.Seed, s.Experiment.Competition.Decimals, s.Experiment.Probe.Budget = uint64(seed), 5, 30
		joint, channel, lattice := week(t, s)
		if channel+lattice > joint.Bound+3 {
			t.Errorf("seed %d: exact after %d + %d submissions, the bound is %+v", seed, channel, lattice, *joint)
		}
		planned, err := s.Plan()
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Rehearse(context.Background(), Play{Trials: 2, Submissions: lattice})
		if err != nil {
			t.Fatal(err)
		}
		if want := planned.plan("lattice").Bound; math.Abs(r.Bound-want) > 0.1 { // it starts from the constant's score too, as every truth has it
			t.Errorf("seed %d: a rehearsal with the bound %.2f, planned with %.2f", seed, r.Bound, want)
		}
		for _, trial := range r.Trials {
			if trial.Status != analysis.Exact || trial.Public.ExactWrong+trial.Wrong > 0 || trial.Read != lattice {
				t.Errorf("seed %d, exact after %d probes: rehearsed %+v", seed, lattice, trial)
			}
		}
	}
}

// TestDoubt: where totals that a channel told do not go with the public rows, a misread score of the channel is named among the causes; where they do, nothing is.
func TestDoubt(t *testing.T) {
	_, dir := small(t)
	s := reopened(t, dir, false)
	s.Experiment.Competition.Decimals, s.Experiment.Probe.Budget = 5, 30
	week(t, s)
	b, err := s.bench()
	if err != nil {
		t.Fatal(err)
	}
	doubts := func() bool {
		r, err := s.decode(b)
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(r.Warnings, func(w string) bool { return strings.Contains(w, "perhaps a score of the channel in probes/round-") })
	}
	if doubts() {
		t.Error("right totals are doubted")
	}
	rows := b.shelf.totals.rows
	most, least := slices.Index(rows, slices.Max(rows)), slices.Index(rows, slices.Min(rows))
	rows[most], rows[least] = rows[least], rows[most]
	if !doubts() {
		t.Errorf("totals %v, two of them exchanged, are not doubted", rows)
	}
}

// TestWeekOfChats plays the week over real texts: votes of MT-Bench as train, 4,729 chat prompts as hidden test.
func TestWeekOfChats(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds a seed")
	}
	path := hiddenCase{target: "rows", decimals: "5", simulate: `test_embedding = "{shared}chat_prompts.minilm.npy"`,
		embedding: "source = \"npy\"\npath = \"{shared}mtbench_human_votes.minilm.npy\"\nids = \"{shared}mtbench_human_votes.minilm.ids.txt\"\nscript = \"embed.py\""}.folder(t)
	dir := filepath.Dir(path)
	write(t, filepath.Join(dir, "embed.py"), "raise SystemExit('not to be run: the vectors are given')")
	write(t, filepath.Join(dir, "lbprobe-linux"), string(emptyProgram()))
	for seed := range *weeks {
		s, err := Open(path, Options{Results: filepath.Join(dir, "week", strconv.Itoa(seed)), Now: time.Now, Binary: filepath.Join(dir, "lbprobe-linux"), Direct: true})
		if err != nil {
			t.Fatal(err)
		}
		s.Experiment.Simulate.Seed = uint64(seed)
		joint, channel, lattice := week(t, s)
		t.Logf("seed %d: exact after %d + %d submissions, joint bound %d", seed, channel, lattice, joint.Bound)
		if channel+lattice > joint.Bound+3 {
			t.Errorf("seed %d: exact after %d + %d submissions, the bound is %+v", seed, channel, lattice, *joint)
		}
	}
}

var weeks = flag.Int("weeks", 1, "simulated competitions that TestWeekOfChats plays")

// TestHiddenDesigns: every design goes through a bundle, with the belief about a hidden test, and no claim is wrong.
func TestHiddenDesigns(t *testing.T) {
	_, dir := small(t)
	for _, test := range []struct{ design, target, split string }{
		{"lattice", "presence", "private"}, {"lattice", "cells", "public"}, {"one-at-a-time", "rows", "public"}, {"hadamard", "presence", "private"},
		{"auto", "cells", "private"}, {"auto", "rows", "public"},
	} {
		t.Run(test.design+" "+test.target+" "+test.split, func(t *testing.T) {
			s := reopened(t, dir, false)
			s.options.Results = t.TempDir()
			p := &s.Experiment.Probe
			p.Design, p.Target, p.Split, p.Budget, s.Experiment.Competition.Decimals = test.design, test.target, test.split, 40, 5
			planned, err := s.Plan()
			if err != nil {
				t.Fatal(err)
			}
			ran, err := s.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			r := ran.Report.Result
			t.Log(ran.Report.Summary())
			if ran.Report.Truth.Wrong > 0 || r.Design != string(planned.Chosen) || r.Design == channelDesign || len(planned.Channel) != 3 {
				t.Errorf("%+v, %+v", ran.Report.Truth, planned)
			}
			if r.Design == "lattice" && r.Status != analysis.Exact {
				t.Errorf("%s: %s", r.Status, r.Conclusion)
			}
		})
	}
}
