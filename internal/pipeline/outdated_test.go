package pipeline

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lbprobe/results"
)

// TestFirstScoreCorrected: probes that were made with a first score that is corrected since are not read but asked for again; undone, they are read as
// before.
func TestFirstScoreCorrected(t *testing.T) {
	s, dir := small(t)
	g := newGame(t, s, dir)
	first, _ := g.play(g.rerun(1, nil))
	wrong := first[:len(first)-1] + string('0'+('9'-first[len(first)-1])) // another last digit: a slip of the pen
	record := func(score string, correct bool) {
		t.Helper()
		if _, err := s.Record(Scores{Typed: []string{score}, Correct: correct, Reason: "a test"}); err != nil {
			t.Fatal(err)
		}
	}
	heard := func() *hearing {
		t.Helper()
		h, err := hearingOf(t, s)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	record("1="+wrong, false)
	second, _ := g.play(g.rerun(2, map[int]string{1: wrong}))
	record("2="+second, false)
	before := heard()
	third, _ := g.play(g.rerun(3, map[int]string{1: wrong}))
	record("3="+third, false)
	record("1="+first, true)
	h := heard()
	want := "probes 2 and 3 were made with the score " + wrong + " of the first probe, which is " + first + " now, and can't be read by it"
	if h.Trouble != want || h.Next != 2 || len(h.Topics) > 0 {
		t.Errorf("%q, next %d, want %q", h.Trouble, h.Next, want)
	}
	text := read(t, filepath.Join(dir, "results", "small", "probes", "NEXT.md"))
	if !strings.Contains(text, "Probe 2 has to be submitted again: "+want) || !strings.Contains(text, `PROBE, SCORES = 2, {1: "`+first+`"}`) {
		t.Errorf("%s", text)
	}
	record("1="+wrong, true)
	if undone := heard(); undone.Trouble != "" && strings.Contains(undone.Trouble, "made with") || undone.Bits != before.Bits {
		t.Errorf("undone: %+v", undone)
	}
	record("1="+first, true)
	second, _ = g.play(g.rerun(2, map[int]string{1: first}))
	record("2="+second, true)
	if h := heard(); !strings.HasPrefix(h.Trouble, "probe 3 was made with") || h.Next != 3 {
		t.Errorf("%q, next %d", h.Trouble, h.Next)
	}
	third, _ = g.play(g.rerun(3, map[int]string{1: first}))
	record("3="+third, true)
	if h := heard(); h.Trouble != "" || h.Wrong > 0 {
		t.Errorf("%+v", h)
	}
}

// TestOutdated: what a probe was made with follows from the order of the ledger alone.
func TestOutdated(t *testing.T) {
	entry := func(probe int, public string, corrects int) results.Entry {
		return results.Entry{Probe: probe, Public: public, Corrects: corrects, Epoch: 1}
	}
	again := func(e results.Entry) results.Entry { e.Epoch++; return e }
	for _, c := range []struct {
		name    string
		entries []results.Entry
		now     map[int]string
		want    []int
	}{
		{"as it should be", []results.Entry{entry(4, "18.02", 0), entry(5, "4.10", 0)}, map[int]string{4: "18.02", 5: "4.10"}, nil},
		{"recorded the other way round", []results.Entry{entry(5, "4.10", 0), entry(4, "18.02", 0)}, map[int]string{4: "18.02", 5: "4.10"}, nil},
		{"the other way round, then corrected", []results.Entry{entry(5, "4.10", 0), entry(4, "18.02", 0), entry(4, "18.01", 2)}, map[int]string{4: "18.01", 5: "4.10"}, []int{5}},
		{"the same number", []results.Entry{entry(4, "18.02", 0), entry(5, "4.10", 0), entry(4, "18.020", 1)}, map[int]string{4: "18.020", 5: "4.10"}, nil},
		{"a slip in a later score", []results.Entry{entry(4, "18.02", 0), entry(5, "4.10", 0), entry(5, "4.11", 2)}, map[int]string{4: "18.02", 5: "4.11"}, nil},
		{"rescored by the host", []results.Entry{entry(4, "18.02", 0), entry(5, "4.10", 0), again(entry(4, "18.05", 0)), again(entry(5, "4.12", 0))},
			map[int]string{4: "18.05", 5: "4.12"}, []int{5}},
		{"another design's", []results.Entry{entry(1, "17.00", 0), entry(4, "18.02", 0), entry(5, "4.10", 0), entry(1, "17.01", 1)}, map[int]string{4: "18.02", 5: "4.10"}, nil},
	} {
		if got := newOutdated(c.entries, 4, 1, c.now).probes; !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
