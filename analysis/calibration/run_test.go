package calibration

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/analysis"
	"lbprobe/probes/design"
)

// few is a catalogue of tiny competitions.
func few() Catalogue {
	tiny := edited(small, func(s *Setting) { s.Topics, s.Public, s.Decimals = 3, 60, 3 })
	return Catalogue{
		Claims:    []Setting{games(tiny, 3, 2), games(edited(tiny, func(s *Setting) { s.Target, s.Truth = design.Rows, Strata }), 2, 2)},
		Intervals: []Setting{games(edited(tiny, func(s *Setting) { s.Target, s.Topics, s.Width = design.Rows, 4, 0 }), 2, 2)},
		Verdicts:  []VerdictRow{{Setting: games(edited(sparse, func(s *Setting) { s.Topics, s.Public = 8, 30 }), 3, 2), Certainty: 0.75, FDR: 0.05}},
		Slips:     []SlipRow{{Setting: games(tiny, 2, 2), Slip: Digit}, {Setting: games(tiny, 2, 2), Slip: Tick}},
	}
}

// TestRunIsDeterministic holds that equal seeds give equal figures, pages and pictures at any number of threads.
func TestRunIsDeterministic(t *testing.T) {
	var reports []*Report
	var printed [2]string
	for i, threads := range []int{1, 4} {
		r, err := Run(few(), Options{Seed: 5, Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, r)
		var b bytes.Buffer
		if err := errors.Join(r.Markdown(&b, "test", "test.svg"), r.SVG(&b)); err != nil {
			t.Fatal(err)
		}
		printed[i] = b.String()
	}
	if d := cmp.Diff(reports[0], reports[1]); d != "" {
		t.Errorf("one thread (-) and four (+):\n%s", d)
	}
	if printed[0] != printed[1] {
		t.Error("pages differ")
	}
	other, err := Run(few(), Options{Seed: 6, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	if cmp.Equal(reports[0].Intervals, other.Intervals) {
		t.Error("another seed gives the same intervals")
	}
}

// TestSVGIsXML reads the picture back.
func TestSVGIsXML(t *testing.T) {
	c := few()
	r := &Report{Claims: []ClaimRow{{Setting: c.Claims[0]}, {Setting: c.Claims[1]}}}
	for e := range r.Claims[0].At {
		r.Claims[0].At[e].Recovered.one(e > 1)
	}
	var b bytes.Buffer
	if err := r.SVG(&b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "NaN") {
		t.Error("the picture has NaN coordinates")
	}
	for d := xml.NewDecoder(&b); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// halved is an analysis whose intervals are half as wide as they should be.
func halved(in analysis.Input) (*analysis.Result, error) {
	r, err := analysis.Analyze(in)
	if err == nil {
		for i, c := range r.Counts {
			r.Counts[i].Lo, r.Counts[i].Hi = (c.Lo+c.Best+1)/2, (c.Hi+c.Best)/2
		}
	}
	return r, err
}

// TestOverconfidenceIsCaught holds that intervals half as wide as they should be are found, by coverage and by ranks, and true ones are not.
func TestOverconfidenceIsCaught(t *testing.T) {
	c := Catalogue{Intervals: few().Intervals}
	c.Intervals[0].Worlds = 15
	honest, err := (&runner{Options{Seed: 1, Threads: 2}, analysis.Analyze}).run(c)
	if err != nil {
		t.Fatal(err)
	}
	if f := honest.Findings(); len(f) > 0 {
		t.Errorf("true intervals: %v", f)
	}
	fake, err := (&runner{Options{Seed: 1, Threads: 2}, halved}).run(c)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(fake.Findings(), "\n")
	if !strings.Contains(text, "hold") || !strings.Contains(text, "ranks") {
		t.Errorf("half intervals: %s", text)
	}
}

// TestFalseClaimIsCaught holds that a claim of one row too many is found, counted, and named so that it can be played again.
func TestFalseClaimIsCaught(t *testing.T) {
	boast := func(in analysis.Input) (*analysis.Result, error) {
		r, err := analysis.Analyze(in)
		if err == nil && r.Status == analysis.Exact {
			c := &r.Counts[0]
			c.Lo, c.Best, c.Hi = c.Lo+1, c.Best+1, c.Hi+1
		}
		return r, err
	}
	r, err := (&runner{Options{Seed: 9}, boast}).run(Catalogue{Claims: few().Claims[:1]})
	if err != nil {
		t.Fatal(err)
	}
	_, exact, wrong := r.Totals()
	if exact == 0 || len(wrong) < exact {
		t.Errorf("%d called exact, %d claims found wrong", exact, len(wrong))
	}
	if len(wrong) > 0 && !strings.Contains(wrong[0], "seed 9, world 0, game 0, bound + ") {
		t.Errorf("named as %q", wrong[0])
	}
}

// TestErrorIsTheFirst holds that an analysis that fails ends the run with the place.
func TestErrorIsTheFirst(t *testing.T) {
	fails := func(analysis.Input) (*analysis.Result, error) { return nil, errors.New("no") }
	_, err := (&runner{Options{Seed: 2, Threads: 3}, fails}).run(few())
	if err == nil || !strings.Contains(err.Error(), "world 0, game 0: no") {
		t.Error(err)
	}
}

// TestRank plays intervals of a known distribution, values 0 to 9 of mass 1/10 each, entering in order: the rank of value v is uniform between
// v/10 and (v+1)/10.
func TestRank(t *testing.T) {
	const topics = 2
	w, err := newWorld(edited(small, func(s *Setting) { s.Topics = topics }), 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.play(0)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for value := range 10 {
		lowest := sum(c.public[0]) - value
		r := &runner{analyze: func(in analysis.Input) (*analysis.Result, error) {
			held := int(math.Ceil(in.Certainty*10)) - 1
			return &analysis.Result{Counts: []analysis.Count{{Split: "public", Class: "*", Lo: lowest, Best: lowest, Hi: lowest + held}}}, nil
		}}
		least, most := 1.0, 0.0
		for range 200 {
			rank, err := r.rank(c, 0, 0, rng)
			if err != nil {
				t.Fatal(err)
			}
			least, most = min(least, rank), max(most, rank)
		}
		if lo, hi := float64(value)/10, float64(value+1)/10; math.Abs(least-lo) > 0.01 || math.Abs(most-hi) > 0.01 {
			t.Errorf("value %d: ranks from %.3f to %.3f, want %.1f to %.1f", value, least, most, lo, hi)
		}
	}
}
