package pipeline

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/experiments"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// hiddenSession is a session about a hidden test. No experiment file can ask for one yet.
func hiddenSession(edit func(e *experiments.Experiment)) *Session {
	e := &experiments.Experiment{}
	e.Competition = experiments.Competition{Metric: metric.LogLoss, Classes: []string{"a", "b", "c"}, Hidden: true, Decimals: 3,
		Rows: &experiments.IntRange{Lo: 24000, Hi: 26000}, Public: &experiments.ShareRange{Lo: 0.255, Hi: 0.265}}
	e.Probe.Target, e.Analysis.Absent = "presence", 0.05
	edit(e)
	return &Session{Experiment: e}
}

// TestHiddenBelief reads the belief about a hidden test off the train rows, the ranges and the settings.
func TestHiddenBelief(t *testing.T) {
	h := &shelf{topics: []topic{{tally: tally{learned: 70, train: 60, classes: []int{30, 20, 10}}}, {tally: tally{learned: 50, train: 40, classes: []int{0, 5, 35}}}}}
	labelled := [][]int{{30, 20, 10}, {0, 5, 35}}
	want := func(train [][]int, rows, public [2]int, concentration float64) prior.Spec {
		s := prior.Hidden(train, rows, public, concentration, 0.05)
		s.Groups = [][]int{{1, 2}}
		return s
	}
	for name, c := range map[string]struct {
		edit func(e *experiments.Experiment)
		bare bool // no labels
		want prior.Spec
	}{
		"weak": {func(*experiments.Experiment) {}, false, want(labelled, [2]int{24000, 26000}, [2]int{6120, 6890}, 40)},
		"concentration and public rows": {func(e *experiments.Experiment) {
			e.Analysis.Concentration = new(float64)
			*e.Analysis.Concentration = 400
			e.Competition.Public, e.Competition.PublicRows = nil, &experiments.IntRange{Lo: 6500, Hi: 6500}
			e.Competition.Rows = &experiments.IntRange{Lo: 25000, Hi: 25000}
		}, false, want(labelled, [2]int{25000, 25000}, [2]int{6500, 6500}, 400)},
		"no labels": {func(*experiments.Experiment) {}, true, want([][]int{{70, 70, 70}, {50, 50, 50}}, [2]int{24000, 26000}, [2]int{6120, 6890}, 40)},
	} {
		shelf := &shelf{topics: append([]topic{}, h.topics...)}
		if c.bare {
			for k := range shelf.topics {
				shelf.topics[k].train, shelf.topics[k].classes = 0, make([]int, 3)
			}
		}
		got, err := hiddenSession(c.edit).belief(shelf)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if _, err := prior.New(got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := hiddenSession(func(e *experiments.Experiment) { e.Competition.Rows = nil }).belief(h)
	if err == nil || !strings.Contains(err.Error(), "the rows of a hidden test can't be counted") {
		t.Errorf("without rows: %v", err)
	}
}
