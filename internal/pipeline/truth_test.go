package pipeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/analysis"
	"lbprobe/probes/board/sim"
)

// TestTrueCounts counts a table of seven rows by hand. The truth lists its rows in another order than the test, as a file may.
func TestTrueCounts(t *testing.T) {
	h := &shelf{topics: make([]topic, 2), ids: []string{"a", "b", "c", "d", "e", "f", "g"}, of: []int32{0, 0, 1, 1, 1, 0, 1}}
	truth := sim.Truth{Classes: []string{"x", "y"}, IDs: []string{"g", "f", "e", "d", "c", "b", "a"}, Class: []int{-1, 1, 0, 1, 1, 0, 1},
		Usage: []sim.Usage{sim.Ignored, sim.Public, sim.Private, sim.Public, sim.Public, sim.Private, sim.Private}}
	type place struct {
		split string
		topic int
		class string
	}
	got := map[place]int{}
	for _, c := range h.trueCounts(truth) {
		got[place{c.Split, c.Topic, c.Class}] = c.Best
	}
	want := map[place]int{
		{"public", analysis.AllTopics, "*"}: 3, {"private", analysis.AllTopics, "*"}: 3, {"total", analysis.AllTopics, "*"}: 7,
		{"public", analysis.AllTopics, "x"}: 0, {"public", analysis.AllTopics, "y"}: 3,
		{"public", 0, "*"}: 1, {"public", 0, "!x"}: 1, {"private", 0, "*"}: 2, {"private", 0, "x"}: 1, {"total", 0, "*"}: 3,
		{"public", 1, "*"}: 2, {"public", 1, "y"}: 2, {"private", 1, "!x"}: 0, {"private", 1, "x"}: 1, {"total", 1, "*"}: 4,
	}
	for p, rows := range want {
		if n, ok := got[p]; !ok || n != rows {
			t.Errorf("%+v: %d rows (known %t), want %d", p, n, ok, rows)
		}
	}
}

// TestRecovered tells right, wrong and undecided claims apart.
func TestRecovered(t *testing.T) {
	truth := []analysis.Count{{Split: "public", Topic: 0, Class: "!x", Best: 5}, {Split: "public", Topic: 1, Class: "!x", Best: 7}, {Split: "public", Topic: 2, Class: "!x", Best: 9}}
	found := []analysis.Count{
		{Split: "public", Topic: analysis.AllTopics, Class: "!x", Best: 99},          // not a topic's
		{Split: "public", Topic: 0, Class: "*", Best: 99},                            // not asked for
		{Split: "private", Topic: 0, Class: "!x", Best: 99},                          // of the other part
		{Split: "public", Topic: 0, Class: "!x", Lo: 5, Best: 5, Hi: 5, Exact: true}, // right
		{Split: "public", Topic: 1, Class: "!x", Lo: 6, Best: 6, Hi: 6, Exact: true}, // a false claim
		{Split: "public", Topic: 2, Class: "!x", Lo: 3, Best: 8, Hi: 12},             // an interval that holds the truth
	}
	want := Recovered{Counts: 3, Best: 1, Exact: 2, ExactWrong: 1, Inside: 2}
	if diff := cmp.Diff(want, recovered("public", []string{"!x"}, found, truth)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
