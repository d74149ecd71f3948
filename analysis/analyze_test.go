package analysis

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

func small(target design.Target, extra int) rules {
	return rules{target: target, topics: 5, rows: [2]int{40, 200}, decimals: 5, rounding: metric.Round, extra: extra}
}

func analyzed(t *testing.T, in Input) *Result {
	t.Helper()
	r, err := Analyze(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestNotIdentifiedSaysHowMuchMore holds the words that a reader goes by, and that the number of submissions in them is about right.
func TestNotIdentifiedSaysHowMuchMore(t *testing.T) {
	g := play(t, rules{target: design.Rows, topics: 12, rows: [2]int{60, 300}, decimals: 5, rounding: metric.Round, extra: 1}, 3)
	all := g.input.Scores
	for read := 1; read <= len(all); read++ {
		g.input.Scores = all[:read]
		r := analyzed(t, g.input)
		id := r.Identified
		if id.Bits >= id.Needed {
			if r.Status == NotIdentified && read == len(all) && strings.Contains(r.Conclusion, "bits") {
				t.Errorf("%.1f of %.1f bits, yet %s", id.Bits, id.Needed, r.Conclusion)
			}
			continue
		}
		plural := "s"
		if id.SubmissionsMore == 1 {
			plural = ""
		}
		want := fmt.Sprintf("not identified yet: %.0f of about %.0f bits; about %d more submission%s", id.Bits, id.Needed, id.SubmissionsMore, plural)
		if r.Status != NotIdentified || r.Conclusion != want {
			t.Errorf("after %d scores: %q, want %q", read, r.Conclusion, want)
		}
		if most := int(math.Ceil(g.plan.Bound)) + 1; read+id.SubmissionsMore > most {
			t.Errorf("after %d scores %d more are asked for; the bound is %.1f", read, id.SubmissionsMore, g.plan.Bound)
		}
	}
}

// TestEveryStatus holds one result of each kind against its words.
func TestEveryStatus(t *testing.T) {
	none := play(t, small(design.Presence, 3), 1)
	none.input.Scores = nil
	doubled := play(t, rules{target: design.Rows, topics: 3, rows: [2]int{40, 60}, decimals: 5, rounding: metric.Round, extra: 6,
		split: func(g *game) {
			for k := range g.cells {
				g.cells[k] = []int{4 * k, 4, 2}
			}
			g.n = 30
		}}, 1)
	doubled.input.Belief.Public = [2]int{10, 70}
	spoilt := play(t, small(design.Rows, 3), 1)
	spoil(t, spoilt, 1)
	for _, c := range []struct {
		g          *game
		status     Status
		conclusion string
	}{
		{none, NoScores, "no scores yet: 5 probes wait; what is said below rests on the split alone"},
		{play(t, small(design.Rows, 3), 1), Exact, "10/10 public counts exact"},
		{play(t, small(design.Presence, 3), 1), Exact, "5/5 public counts exact"},
		{doubled, Candidates, "points fit every score, their counts being multiples of one another, which no score can tell apart: narrow public_rows"},
		{spoilt, Misfit, "a score is wrong: no counts fit all scores; without that of probe"},
	} {
		r := analyzed(t, c.g.input)
		if r.Status != c.status || !strings.Contains(r.Conclusion, c.conclusion) {
			t.Errorf("status %q, conclusion %q, want %q with %q", r.Status, r.Conclusion, c.status, c.conclusion)
		}
		checkSound(t, c.g, r)
	}
}

// TestEqualInputEqualBytes holds that neither a second run nor the order of the scores changes a byte.
func TestEqualInputEqualBytes(t *testing.T) {
	for _, extra := range []int{-1, 0, 3} {
		g := play(t, small(design.Rows, extra), 2)
		want, err := json.Marshal(analyzed(t, g.input))
		if err != nil {
			t.Fatal(err)
		}
		rand.New(rand.NewPCG(1, 1)).Shuffle(len(g.input.Scores), func(i, j int) {
			g.input.Scores[i], g.input.Scores[j] = g.input.Scores[j], g.input.Scores[i]
		})
		before := fmt.Sprint(g.input)
		got, err := json.Marshal(analyzed(t, g.input))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("two runs differ: %s", cmp.Diff(string(want), string(got)))
		}
		if fmt.Sprint(g.input) != before {
			t.Error("the input was changed")
		}
	}
}

func TestAnalyzeRefuses(t *testing.T) {
	for want, edit := range map[string]func(in *Input){
		"a score for probe 99, which the design does not have": func(in *Input) { in.Scores[0].Probe = 99 },
		"two scores for probe 2":                               func(in *Input) { in.Scores[0].Probe = 2 },
		`target "sizes" is not available yet`:                  func(in *Input) { in.Design.Target = "sizes" },
		"do not fit a test of":                                 func(in *Input) { in.Belief.Public = [2]int{1, 1e6} },
	} {
		g := play(t, small(design.Rows, 1), 2)
		edit(&g.input)
		if _, err := Analyze(g.input); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
}

// TestRoundingIsTold holds that a board of unknown rounding is found out.
func TestRoundingIsTold(t *testing.T) {
	for _, rounding := range []metric.Rounding{metric.Round, metric.Floor} {
		r := small(design.Rows, 3)
		r.rounding, r.either = rounding, true
		if got := analyzed(t, play(t, r, 5).input).Rounding; got != string(rounding) {
			t.Errorf("the board's rounding is %s, told %s", rounding, got)
		}
	}
}

// TestSources holds that a verdict which follows from the split alone is never presented as found by probing, and that one which goes against it
// is.
func TestSources(t *testing.T) {
	g := play(t, small(design.Rows, 3), 1)
	g.input.Scores = nil
	for _, v := range analyzed(t, g.input).Verdicts {
		if v.Verdict != Present || v.Source != "split-model" || v.Exact {
			t.Errorf("without a score: %+v", v)
		}
	}
	r := small(design.Rows, 4)
	r.split = whole
	result := analyzed(t, play(t, r, 1).input)
	if v := result.Verdicts[0]; v.Verdict != Absent || v.Source != "probes" || !v.Exact || v.PPrivate != 0 {
		t.Errorf("a topic that is wholly public: %+v", v)
	}
	if len(result.Warnings) == 0 || !strings.Contains(result.Warnings[0], "not drawn at random") {
		t.Errorf("a topic that is wholly public, without a warning: %q", result.Warnings)
	}
}

// TestPrivateNeedsAllRowsScored holds that a private count is exact only where no row is ignored, and otherwise an interval of that width.
func TestPrivateNeedsAllRowsScored(t *testing.T) {
	g := play(t, small(design.Rows, 3), 1)
	g.input.Unscored = [2]int{0, 7}
	r := analyzed(t, g.input)
	if r.Status != Exact {
		t.Fatalf("status %q", r.Status)
	}
	for _, v := range r.Verdicts {
		if want := g.count("private", v.Topic, "*"); v.Exact || v.PrivateHi != want || v.PrivateLo != max(0, want-7) {
			t.Errorf("%+v: not scored are 0 to 7 rows, all others %d", v, want)
		}
	}
}

// TestPresenceFrom holds thresholds in rows and in shares of the private rows.
func TestPresentFrom(t *testing.T) {
	g := play(t, small(design.Rows, 3), 1)
	most := g.count("private", 0, "*")
	for from, want := range map[float64]Presence{1: Present, float64(most): Present, float64(most) + 1: Absent, 0.999: Absent, 0.001: Present} {
		g.input.PresentFrom = from
		if v := analyzed(t, g.input).Verdicts[0]; v.Verdict != want {
			t.Errorf("%d private rows, present from %v: %s, want %s", most, from, v.Verdict, want)
		}
	}
}

// TestFalseVerdictsAreHeld takes verdicts of known chances: the least certain go until the expected share of false ones is small enough.
func TestFalseVerdictsAreHeld(t *testing.T) {
	a := analyst{Input: Input{FDR: 0.05}}
	r := &Result{}
	for _, p := range []float64{0.99, 0.9, 0.7, 0.02, 0.5} {
		v := Verdict{PPrivate: p, Verdict: Present}
		if p < 0.3 {
			v.Verdict = Absent
		}
		r.Verdicts = append(r.Verdicts, v)
	}
	a.holdFalseVerdicts(r)
	var got []Presence
	for _, v := range r.Verdicts {
		got = append(got, v.Verdict)
	}
	// Expected false: 0.01 + 0.1 + 0.3 + 0.02 + 0.5; without the last 0.43 of 4, without 0.7 0.13 of 3, which is 0.043.
	if diff := cmp.Diff([]Presence{Present, Present, Undetermined, Absent, Undetermined}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestShiftNeedsTrainRows holds that shares and shifts are finite with topics, or a whole train set, without rows.
func TestShiftNeedsTrainRows(t *testing.T) {
	g := play(t, small(design.Rows, 3), 1)
	g.input.TrainRows[0] = 0
	r := analyzed(t, g.input)
	if v := r.Verdicts[0]; v.TrainShare != 0 || v.Shift != 0 {
		t.Errorf("a topic without train rows: %+v", v)
	}
	sum := 0
	for _, n := range g.input.TrainRows {
		sum += n
	}
	v := r.Verdicts[1]
	want := float64(v.PrivateBest) / (float64(sumOf(g.totals)-g.n) * float64(g.input.TrainRows[1]) / float64(sum))
	if math.Abs(v.Shift-want) > 1e-12 {
		t.Errorf("shift %v, want %v", v.Shift, want)
	}
	clear(g.input.TrainRows)
	checkSound(t, g, analyzed(t, g.input))
}

func TestWriteCounts(t *testing.T) {
	r := &Result{
		Counts: []Count{
			{Split: "public", Topic: 0, Class: "!a,b", Lo: 1, Best: 2, Hi: 3, Posterior: 0.123456789},
			{Split: "total", Topic: AllTopics, Class: "*", Lo: 9, Best: 9, Hi: 9, Exact: true, Posterior: 1},
		},
		Verdicts: []Verdict{
			{Topic: 3, Name: "x \"y\"", TrainShare: 0.25, PublicLo: 1, PublicBest: 2, PublicHi: 3, PrivateLo: 4, PrivateBest: 5, PrivateHi: 6, PPrivate: 1,
				Verdict: Present, Exact: true, Source: "both", ShiftLo: 0.5, Shift: 1, ShiftHi: 1.5},
			{Topic: 4, Verdict: Undetermined, Source: "split-model"},
		},
	}
	var counts, verdicts bytes.Buffer
	if err := WriteCounts(&counts, r); err != nil {
		t.Fatal(err)
	}
	if err := WriteVerdicts(&verdicts, r); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`split,topic,class,lo,best,hi,exact,posterior
public,0,"!a,b",1,2,3,false,0.123457
total,*,*,9,9,9,true,1
`, counts.String()); diff != "" {
		t.Errorf("counts.csv (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(`topic,name,train_share,public_lo,public_best,public_hi,private_lo,private_best,private_hi,p_private,verdict,exact,source,shift_lo,shift,shift_hi
3,"x ""y""",0.25,1,2,3,4,5,6,1,present,true,both,0.5,1,1.5
4,,0,0,0,0,0,0,0,0,undetermined,false,split-model,,,
`, verdicts.String()); diff != "" {
		t.Errorf("verdicts.csv (-want +got):\n%s", diff)
	}
}

// BenchmarkAnalyze is the whole of Analyze, at the size of the "Spooky" competition: 20 topics, 8,392 test rows, 2,518 of them public.
func BenchmarkAnalyze(b *testing.B) {
	for _, c := range []struct {
		target design.Target
		topics int
		extra  int
		width  int
	}{
		{design.Presence, 20, -1, 0}, {design.Presence, 20, 2, 0}, {design.Presence, 20, planned, 0}, {design.Presence, 20, planned, 42},
		{design.Rows, 20, -1, 42}, {design.Rows, 20, 2, 0}, {design.Rows, 20, planned, 0}, {design.Rows, 20, planned, 42},
		{design.Presence, 50, planned, 0},
	} {
		read := fmt.Sprint("bound+", c.extra)
		if c.extra == planned {
			read = "planned"
		}
		b.Run(fmt.Sprintf("target=%s/topics=%d/read=%s/width=%d", c.target, c.topics, read, c.width), func(b *testing.B) {
			r := rules{target: c.target, topics: c.topics, rows: [2]int{100, 740}, decimals: 5, rounding: metric.Round, extra: c.extra, width: c.width}
			g := play(b, r, 1)
			b.ReportAllocs()
			exact, nodes := 0.0, 0
			for b.Loop() {
				result, err := Analyze(g.input)
				if err != nil {
					b.Fatal(err)
				}
				nodes = result.Nodes
				if result.Status == Exact {
					exact = 1
				}
			}
			b.ReportMetric(exact, "exact")
			b.ReportMetric(float64(nodes), "nodes")
		})
	}
}

// BenchmarkDecode is the search for points alone: from equations to points with their masses, under all three beliefs.
func BenchmarkDecode(b *testing.B) {
	for _, target := range []design.Target{design.Presence, design.Rows} {
		g := play(b, rules{target: target, topics: 20, rows: [2]int{100, 740}, decimals: 5, rounding: metric.Round, extra: planned}, 1)
		a, err := newAnalyst(g.input)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("target=%s/unknowns=%d", target, a.models[stated].Dim()), func(b *testing.B) {
			for b.Loop() {
				a.decoder.basis = nil
				if err := a.decoder.search(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNearest finds the counts of competitions of the goals' size two submissions past the bound, three for cells: from the scores to the points within reach of the
// stated belief. Every iteration is another competition; p95-ms is the 95th percentile of their times, to be run with -benchtime 40x or more.
func BenchmarkNearest(b *testing.B) {
	twenty := rules{target: design.Presence, topics: 20, rows: [2]int{600, 1900}, share: 0.26, width: 120, decimals: 5, extra: 2}
	edited := func(edit func(r *rules)) rules { r := twenty; edit(&r); return r }
	for _, r := range []rules{
		twenty,
		edited(func(r *rules) { r.decimals = 3 }),
		edited(func(r *rules) { r.target = design.Rows }),
		edited(func(r *rules) { r.target, r.decimals = design.Rows, 3 }),
		edited(func(r *rules) { r.topics, r.rows, r.width = 50, [2]int{300, 1000}, 160 }),
		edited(func(r *rules) { r.target, r.width, r.extra = design.Cells, 0, 3 }),
	} {
		for _, hidden := range []bool{false, true} {
			r.hidden, r.rounding = hidden, metric.Round
			b.Run(fmt.Sprintf("hidden=%v/%s/topics=%d/decimals=%d", hidden, r.target, r.topics, r.decimals), func(b *testing.B) {
				var times []float64
				wrong := 0
				for i := range b.N {
					g := play(b, r, uint64(i))
					start := time.Now()
					a, err := newAnalyst(g.input)
					if err != nil {
						b.Fatal(err)
					}
					a.decoder.models = a.models[:stated+1]
					if err := a.decoder.search(); err != nil {
						b.Fatal(err)
					}
					times = append(times, float64(time.Since(start).Microseconds())/1000)
					if points := a.decoder.ranked(); len(points) == 0 || !g.holds(a, points[0]) {
						wrong++
					}
				}
				slices.Sort(times)
				b.ReportMetric(times[len(times)/2], "median-ms")
				b.ReportMetric(times[len(times)*95/100], "p95-ms")
				b.ReportMetric(float64(wrong), "wrong")
			})
		}
	}
}
