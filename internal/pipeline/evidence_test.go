package pipeline

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lbprobe/analysis/evidence"
	"lbprobe/probes/metric"
	"lbprobe/probes/submission"
	"lbprobe/results"
	"lbprobe/results/report"
)

// realScore is a line of the real competition's scores.
type realScore struct{ file, public, private string }

func realScores(t *testing.T) (out []realScore) {
	t.Helper()
	for _, r := range readRecords(t, filepath.Join(shared, "spooky", "lb_scores.csv")) {
		out = append(out, realScore{r[6], r[2], r[1]})
	}
	return out
}

// readRecords are the records of a CSV file below its header.
func readRecords(t *testing.T, path string) [][]string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(read(t, path))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records[1:]
}

// writeScores makes the list that a user would bring.
func writeScores(t *testing.T, scores []realScore) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("fileName,publicScore,privateScore\n")
	for _, s := range scores {
		text.WriteString(s.file + "," + s.public + "," + s.private + "\n")
	}
	path := filepath.Join(t.TempDir(), "scores.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// direct is what analysis/evidence says of the files when nothing of this package is in between.
func direct(t *testing.T, scores []realScore) *evidence.Posterior {
	t.Helper()
	value := func(text string) float64 {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	scoring := metric.Scoring{Metric: metric.LogLoss, Clip: 2.22e-16, Normalise: metric.None} // the defaults of an experiment
	var all []evidence.Submission
	for _, s := range scores {
		var q [][]float64
		for _, r := range readRecords(t, filepath.Join(shared, "spooky", "submissions", s.file)) {
			q = append(q, []float64{value(r[1]), value(r[2]), value(r[3])})
		}
		loss, err := evidence.Losses(scoring, q)
		if err != nil {
			t.Fatal(err)
		}
		one := evidence.Submission{Name: s.file, Loss: loss}
		for shown, part := range map[string]**metric.Interval{s.public: &one.Public, s.private: &one.Private} {
			if shown != "" {
				in := metric.ScoreInterval(value(shown), 5, metric.Round)
				*part = &in
			}
		}
		all = append(all, one)
	}
	p, err := evidence.Fit(all, evidence.Options{Public: [2]int{2518, 2518}, Certainty: 0.99})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func plainEstimate(e evidence.Estimate) report.PastEstimate {
	return report.PastEstimate{Value: e.Value, SD: e.SD, Lo: e.Lo, Hi: e.Hi, Method: e.Method}
}

// recordPast records real submissions and analyses them.
func recordPast(t *testing.T, s *Session, scores []realScore, epoch bool) *report.Report {
	t.Helper()
	brought := Scores{File: writeScores(t, scores), Others: filepath.Join(shared, "spooky", "submissions"), NewEpoch: epoch, Reason: "another list"}
	m, err := s.Record(brought)
	if err != nil || len(m.New) != len(scores) {
		t.Fatalf("%d recorded, %v", len(m.New), err)
	}
	page, err := s.Analyze()
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// TestPastSpooky: the real submissions of the real competition, recorded and analysed, tell what analysis/evidence says of them.
func TestPastSpooky(t *testing.T) {
	needShared(t)
	s := variant(t, "spooky.toml", options(t), "k = 20", "k = 3\nrestarts = 1") // topics do not matter here, and take long to learn
	if _, err := s.Topics(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Generate(); err != nil {
		t.Fatal(err)
	}
	scores := realScores(t)
	few := append([]realScore(nil), scores[:5]...)
	few[2].private, few[4].private = "", ""
	page := recordPast(t, s, few, false)
	comparePast(t, page, few)
	for _, i := range []int{2, 4} { // the true private score, which was kept back
		if e, truth := page.Past.Submissions[i].Expected, parsed(t, scores[i].private); truth < e.Lo || truth > e.Hi {
			t.Errorf("%s: %v to %v, truth %v", scores[i].file, e.Lo, e.Hi, truth)
		}
	}
	if testing.Short() {
		t.Skip("54 fits")
	}
	page = recordPast(t, s, scores, true)
	comparePast(t, page, scores)
	want := report.PastLeftOut{Files: 27, Others: 0.0072, Own: 0.0060, Mean: 0.0133} // as the README has them
	got := *page.Past.LeftOut
	for _, v := range []*float64{&got.Others, &got.Own, &got.Mean} {
		*v = math.Round(*v*1e4) / 1e4
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("leave one out (-want +got):\n%s", diff)
	}
	var screen bytes.Buffer
	if err := page.Terminal(&screen, report.Options{Width: 300}); err != nil {
		t.Fatal(err)
	}
	line := "past submissions: 27 files, 54 scores; shares of public and private rows: EAP 41.5–42.5 % and 38.6–39.2 %; HPL "
	if !strings.Contains(screen.String(), line) {
		t.Errorf("no %q in\n%s", line, screen.String())
	}
}

func parsed(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// comparePast holds a page against [direct], to the last bit.
func comparePast(t *testing.T, page *report.Report, scores []realScore) {
	t.Helper()
	p := direct(t, scores)
	var shares []report.PastShare
	for part, split := range map[evidence.Part]string{evidence.Public: "public", evidence.Private: "private", evidence.All: "total"} {
		all, _ := p.Shares(part)
		for c, class := range []string{"EAP", "HPL", "MWS"} {
			shares = append(shares, report.PastShare{Split: split, Class: class, Share: plainEstimate(all[c])})
		}
	}
	for _, want := range shares {
		for _, got := range page.Past.Shares {
			if got.Split == want.Split && got.Class == want.Class {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("shares (-want +got):\n%s", diff)
				}
			}
		}
	}
	if len(page.Past.Shares) != len(shares) || len(page.Past.Submissions) != len(scores) {
		t.Fatalf("%d shares, %d submissions", len(page.Past.Shares), len(page.Past.Submissions))
	}
	for i, s := range scores {
		got := page.Past.Submissions[i]
		want := report.PastFile{File: s.file, SHA256: got.SHA256, Public: s.public, Private: s.private, Bits: p.Bits(i)}
		if s.private == "" {
			private, _ := p.Private(i)
			difference, _ := p.Difference(i)
			a, b := plainEstimate(private), plainEstimate(difference)
			want.Expected, want.Difference = &a, &b
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	split := p.Split()
	if diff := cmp.Diff(report.PastSplit{Drift: split.Drift, LogLR: split.LogLR, Files: split.Files}, page.Past.Split); diff != "" {
		t.Errorf("split (-want +got):\n%s", diff)
	}
}

// TestStrangers: neither a probe's entry, nor a copy of its file under another name, nor a former epoch is evidence beside the probes.
func TestStrangers(t *testing.T) {
	ledger, err := results.OpenLedger(filepath.Join(t.TempDir(), "ledger.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	entry := func(epoch, probe int, file, sha, public string) results.Entry {
		return results.Entry{Epoch: epoch, Probe: probe, File: file, SHA256: strings.Repeat(sha, 64), Public: public, Source: "typed"}
	}
	err = ledger.Append(entry(1, 0, "former.csv", "1", "0.5"), entry(2, 1, "p-001.csv", "a", "0.5"), entry(2, 0, "copy.csv", "b", "0.5"),
		entry(2, 0, "past.csv", "2", "0.5"), entry(2, 0, "waits.csv", "3", ""), entry(2, 9, "p-009.csv", "c", "0.5"))
	if err != nil {
		t.Fatal(err)
	}
	m := manifestOf("a", "b")
	if got := strangers(ledger, m); len(got) != 1 || got[0].File != "past.csv" {
		t.Errorf("%+v", got)
	}
}

// TestPastScale: costs and their differences on the scale that the board shows.
func TestPastScale(t *testing.T) {
	e := evidence.Estimate{Value: 0.25, SD: 0.01, Lo: 0.16, Hi: 0.36}
	tests := []struct {
		metric            metric.Metric
		value, sd, lo, hi float64 // shown
		difference        float64 // of a difference of costs of 0.1
	}{
		{metric.LogLoss, 0.25, 0.01, 0.16, 0.36, 0.1},
		{metric.Accuracy, 0.75, 0.01, 0.64, 0.84, -0.1},
		{metric.RMSE, 0.5, 0.01, 0.4, 0.6, 0.1},
	}
	for _, test := range tests {
		w := &weighing{scoring: metric.Scoring{Metric: test.metric}}
		got := w.shown(e)
		want := evidence.Estimate{Value: test.value, SD: test.sd, Lo: test.lo, Hi: test.hi}
		if diff := cmp.Diff(want, got, cmpFloats); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.metric, diff)
		}
		if d := scaled(evidence.Estimate{Value: 0.1}, w.slope(e.Value)); math.Abs(d.Value-test.difference) > 1e-15 {
			t.Errorf("%s: difference %v, want %v", test.metric, d.Value, test.difference)
		}
	}
}

// cmpFloats allows for the last digits.
var cmpFloats = cmpopts.EquateApprox(1e-14, 1e-15)

// manifestOf lists probes whose hashes are one digit over and over.
func manifestOf(digits ...string) *submission.Manifest {
	m := &submission.Manifest{}
	for i, d := range digits {
		m.Probes = append(m.Probes, submission.Entry{Number: i + 1, SHA256: strings.Repeat(d, 64)})
	}
	return m
}
