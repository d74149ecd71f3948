package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/analysis"
	"lbprobe/internal/golden"
)

// TestGolden holds every form of every kind of result. Run with -update after a wanted change, and look at the pictures.
func TestGolden(t *testing.T) {
	for name, r := range map[string]Report{
		"exact": example(), "not-identified": notIdentified(), "candidates": candidates(), "no-scores": noScores(), "misfit": misfit(), "told": told(), "empty": {Experiment: "empty"},
	} {
		forms := map[string]func(io.Writer) error{
			".md": r.Markdown, ".svg": r.SVG,
			".txt":        func(w io.Writer) error { return r.Terminal(w, Options{Width: 110}) },
			".narrow.txt": func(w io.Writer) error { return r.Terminal(w, Options{Width: 60}) },
			".color.txt":  func(w io.Writer) error { return r.Terminal(w, Options{Width: 110, Color: true}) },
		}
		for form, write := range forms {
			t.Run(name+form, func(t *testing.T) { checkGolden(t, name+form, write) })
		}
	}
}

func checkGolden(t *testing.T, name string, write func(io.Writer) error) {
	t.Helper()
	var got bytes.Buffer
	if err := write(&got); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, name, got.String())
}

// TestWideText: a table keeps its columns whatever script its names are in, and no line is wider than the window but the two that are for
// scripts and for copying.
func TestWideText(t *testing.T) {
	for _, width := range []int{40, 60, 80, 100, 140} {
		var b bytes.Buffer
		if err := example().Terminal(&b, Options{Width: width}); err != nil {
			t.Fatal(err)
		}
		verdicts := map[int]int{}
		for line := range strings.Lines(b.String()) {
			line = strings.TrimRight(line, "\n")
			if w := wide.StringWidth(line); w > width && width >= 60 && !strings.HasPrefix(line, "report: ") && !strings.HasPrefix(line, "demo: ") {
				t.Errorf("width %d: %d columns: %s", width, w, line)
			}
			for _, verdict := range []string{"  present", "  absent", "  verdict"} {
				if before, _, ok := strings.Cut(line, verdict); ok {
					verdicts[wide.StringWidth(before)]++
				}
			}
		}
		if len(verdicts) != 1 {
			t.Errorf("width %d: verdicts begin in columns %v", width, verdicts)
		}
	}
}

// TestForeignText: what a data set holds cannot command a terminal, break out of Markdown or make the SVG ill-formed.
func TestForeignText(t *testing.T) {
	nasty := "a\x1b[31m\u202eb\x00<script>|\n# x ```` & \xff\ufffe"
	r := example()
	r.Competition = nasty
	for i := range r.Topics {
		r.Topics[i] = Topic{Name: nasty, Keywords: []string{nasty}, Exemplars: []string{nasty}}
		r.Result.Verdicts[i].Name = nasty
	}
	r.Past = past()
	r.Past.Rounding, r.Past.Warnings, r.Past.Shares[0].Class, r.Past.Submissions[0].File = nasty, []string{nasty}, nasty, nasty
	r.Result.Warnings, r.Next, r.Assumed = []string{nasty}, []string{nasty}, []string{nasty}
	for name, write := range map[string]func(io.Writer) error{"terminal": func(w io.Writer) error { return r.Terminal(w, Options{}) }, "markdown": r.Markdown, "svg": r.SVG} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(b.String(), "\x1b\x00\u202e") {
			t.Errorf("%s lets control characters through", name)
		}
		if name == "svg" {
			wellFormed(t, b.Bytes())
		}
		if name == "markdown" && strings.Count(b.String(), "<script>") != strings.Count(b.String(), "`````text") {
			t.Error("markdown has HTML outside the fenced exemplars")
		}
	}
}

func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		if _, err := decoder.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("SVG: %v", err)
		}
	}
}

// TestPicturesAreXML reads every golden picture, and holds that numbers in them are finite.
func TestPicturesAreXML(t *testing.T) {
	for _, r := range []Report{example(), notIdentified(), candidates(), noScores(), misfit(), {}} {
		var b bytes.Buffer
		if err := r.SVG(&b); err != nil {
			t.Fatal(err)
		}
		wellFormed(t, b.Bytes())
		if strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "Inf") {
			t.Error("a coordinate is not a number")
		}
	}
}

// TestNothingFoundWithoutScores: whatever source the verdicts claim, before a score is read and when scores contradict each other nothing is presented as found.
func TestNothingFoundWithoutScores(t *testing.T) {
	for _, r := range []Report{noScores(), misfit()} {
		for i := range r.Result.Verdicts {
			r.Result.Verdicts[i].Source = "probes"
		}
		if lead := r.leading(5); len(lead) > 0 {
			t.Errorf("%s: leads with %v", r.Result.Status, lead)
		}
		var b bytes.Buffer
		if err := r.SVG(&b); err != nil {
			t.Fatal(err)
		}
		if hollow := strings.Count(b.String(), " ring\""); hollow != len(places)-2+1 { // all but two arrows, and the legend
			t.Errorf("%s: %d hollow dots", r.Result.Status, hollow)
		}
		for _, v := range r.Result.Verdicts {
			if r.source(v) != "split model" {
				t.Errorf("%s: topic %d has source %s", r.Result.Status, v.Topic, r.source(v))
			}
		}
	}
}

// TestRank: what is sure counts before what is large, and a row more in a tiny topic is no large shift.
func TestRank(t *testing.T) {
	verdicts := []analysis.Verdict{
		{Topic: 0, TrainShare: 0.5, PrivateLo: 500, PrivateBest: 500, PrivateHi: 500, Shift: 0.99, ShiftLo: 0.99, ShiftHi: 0.99},
		{Topic: 1, TrainShare: 0.1, PrivateLo: 10, PrivateBest: 300, PrivateHi: 900, Shift: 3, ShiftLo: 0.1, ShiftHi: 9},
		{Topic: 2, TrainShare: 0.2, PrivateLo: 90, PrivateBest: 100, PrivateHi: 110, Shift: 0.5, ShiftLo: 0.45, ShiftHi: 0.55},
		{Topic: 3, TrainShare: 0.1995, PrivateLo: 109, PrivateBest: 109, PrivateHi: 109, Shift: 0.54, ShiftLo: 0.54, ShiftHi: 0.54},
		{Topic: 4, TrainShare: 0.0005},
		{Topic: 5},
	}
	var order []int
	for _, v := range rank(verdicts) {
		order = append(order, v.Topic)
	}
	if diff := cmp.Diff([]int{3, 2, 4, 0, 1, 5}, order); diff != "" {
		t.Error(diff)
	}
}

// TestCompare holds claims against a truth worked out by hand.
func TestCompare(t *testing.T) {
	count := func(split string, topic int, class string, lo, best, hi int, exact bool) analysis.Count {
		return analysis.Count{Split: split, Topic: topic, Class: class, Lo: lo, Best: best, Hi: hi, Exact: exact}
	}
	result := analysis.Result{
		Target: "presence",
		Counts: []analysis.Count{
			count("public", 0, "!A", 7, 7, 7, true), count("public", 1, "!A", 8, 8, 8, true), count("public", 2, "!A", 1, 4, 9, false),
			count("public", 3, "!A", 0, 0, 0, true), count("private", 0, "*", 20, 25, 30, false), count("private", 2, "*", 0, 3, 5, false),
			count("public", analysis.AllTopics, "*", 100, 100, 100, false), count("public", 3, "*", 1, 1, 1, true),
		},
		Verdicts: []analysis.Verdict{{Topic: 0, Verdict: analysis.Present}, {Topic: 1, Verdict: analysis.Present}, {Topic: 2, Verdict: analysis.Undetermined}, {Topic: 3, Verdict: analysis.Absent}},
	}
	truth := []analysis.Count{
		{Split: "public", Topic: 0, Class: "!A", Best: 7}, {Split: "public", Topic: 1, Class: "!A", Best: 9}, {Split: "public", Topic: 2, Class: "!A", Best: 4},
		{Split: "public", Topic: 3, Class: "!A", Best: 0}, {Split: "private", Topic: 0, Class: "*", Best: 25}, {Split: "private", Topic: 1, Class: "*", Best: 3},
		{Split: "private", Topic: 2, Class: "*", Best: 6}, {Split: "private", Topic: 3, Class: "*", Best: 1},
	}
	want := &Truth{Right: 1, Wrong: 2, Open: 1, Intervals: 3, Outside: 1, Misses: []string{
		"topic 1, public rows, class !A: 8 said to be exact, truth 9",
		"topic 2, private rows, class *: 0 to 5 said, truth 6",
		"topic 3 is said to be absent, and has 1 private rows",
	}}
	if diff := cmp.Diff(want, Compare(result, truth, 1)); diff != "" {
		t.Error(diff)
	}
	if got, want := want.String(), "1 right, 2 wrong, 1 open, outside 1 of 3 intervals"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Compare(result, truth, 2); got.Wrong != 1 {
		t.Errorf("absent means fewer than 2 rows, and %d topics are wrong", got.Wrong)
	}
}

// TestSummary is the line that a run ends with.
func TestSummary(t *testing.T) {
	r := Report{Experiment: "demo", Truth: &Truth{Right: 20}, Result: analysis.Result{
		Target: "presence", Status: analysis.Exact, Probes: 12, Read: 12, Identified: analysis.Identified{Bits: 171.6, Needed: 160.2}}}
	for t := range 20 {
		r.Result.Counts = append(r.Result.Counts, analysis.Count{Split: "public", Topic: t, Class: "!A", Exact: true}, analysis.Count{Split: "public", Topic: t, Class: "*"})
	}
	want := "demo: 12 of 12 scores read · 172 of 160 bits · 20/20 public counts exact · truth known: 20 right, 0 wrong"
	if got := r.Summary(); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestNumbers holds what is printed for a number.
func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{
		probability(0.99996): ">0.9999", probability(1): "1", probability(0.00002): "<0.0001", probability(0.87): "0.87", probability(0): "0",
		rows(3, 4, 9, false): "3–9", rows(4, 4, 4, false): "≈4", rows(4, 4, 4, true): "4",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// brokenPipe fails every write.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestWriteError: a page that could not be written is an error.
func TestWriteError(t *testing.T) {
	r := example()
	for name, err := range map[string]error{"terminal": r.Terminal(brokenPipe{}, Options{}), "markdown": r.Markdown(brokenPipe{}), "svg": r.SVG(brokenPipe{})} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestPastSplit holds the words for the evidence on the split.
func TestPastSplit(t *testing.T) {
	for want, s := range map[string]PastSplit{
		"can't be told":          {LogLR: 5, Files: 1},
		"Nothing speaks against": {LogLR: 2, Files: 2},
		"by more than a random":  {LogLR: 2.1, Files: 2},
	} {
		if got := s.String(); !strings.Contains(got, want) {
			t.Errorf("%+v: %q, want %q in it", s, got, want)
		}
	}
}

// TestPastNothing: files that could not be read leave a section that says so, and no line in the terminal.
func TestPastNothing(t *testing.T) {
	r := Report{Experiment: "x", Past: &Past{Warnings: []string{"it has changed"}}}
	var md, screen bytes.Buffer
	if err := r.Markdown(&md); err != nil {
		t.Fatal(err)
	}
	if err := r.Terminal(&screen, Options{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(md.String(), "Nothing could be read from them") || strings.Contains(screen.String(), "past submissions:") ||
		!strings.Contains(screen.String(), "warning: it has changed") {
		t.Errorf("%s\n%s", md.String(), screen.String())
	}
}
