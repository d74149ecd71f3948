package calibration

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"

	"lbprobe/probes/board"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/submission"
)

// TestBoardIsThatOfFiles writes the files of probes for every row of a competition and has the simulated board score them: the shown
// scores must be those computed from the counts.
func TestBoardIsThatOfFiles(t *testing.T) {
	scores := 0
	for _, target := range []design.Target{design.Presence, design.Rows, design.Cells} {
		for _, decimals := range []int{3, 5, 9} {
			for _, rounding := range []metric.Rounding{metric.Round, metric.Floor} {
				s := edited(small, func(s *Setting) { s.Target, s.Decimals, s.Rounding = target, decimals, rounding })
				for world := range 2 {
					w, err := newWorld(s, 3, world)
					if err != nil {
						t.Fatal(err)
					}
					c, err := w.play(0)
					if err != nil {
						t.Fatal(err)
					}
					for j, shown := range scoredFiles(t, c) {
						if scores++; shown != c.scores[j].Public.Text {
							t.Errorf("%s, probe %d: files score %s, counts %s", c.where(), j+1, shown, c.scores[j].Public.Text)
						}
					}
				}
			}
		}
	}
	t.Logf("%d scores", scores)
}

// scoredFiles are the public scores of all probes' files.
func scoredFiles(t *testing.T, c *competition) (shown []string) {
	t.Helper()
	truth := sim.Truth{IDColumn: "id", Classes: c.input.Design.Classes}
	file := submission.Template{IDColumn: "id", Classes: c.input.Design.Classes}
	part := func(counts [][]int, usage sim.Usage) {
		for k, of := range counts {
			for class, n := range of {
				for range n {
					id := fmt.Sprint("r", len(truth.IDs))
					truth.IDs, file.IDs = append(truth.IDs, id), append(file.IDs, id)
					truth.Class, truth.Usage = append(truth.Class, class), append(truth.Usage, usage)
					file.Topic = append(file.Topic, int32(k))
				}
			}
		}
	}
	part(c.private, sim.Private)
	part(c.public, sim.Public)
	scoring := c.input.Scoring
	scoring.Rounding = c.shows
	b, err := sim.New(truth, scoring)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range c.input.Design.Probes {
		var text bytes.Buffer
		if err := file.Write(&text, p.Q); err != nil {
			t.Fatal(err)
		}
		open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text.Bytes())), nil }
		if _, err := b.Submit(context.Background(), board.Submission{Name: "p.csv", Open: open}); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := b.Scores(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		shown = append(shown, r.Public)
	}
	return shown
}

// TestTruths holds that truths depart from the belief as they say, and only so.
func TestTruths(t *testing.T) {
	for _, truth := range append(append([]Truth{AsBelieved}, wrongClasses...), wrongSplits...) {
		w, err := newWorld(edited(medium, func(s *Setting) { s.Truth = truth }), 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		c, err := w.play(0)
		if err != nil {
			t.Fatal(err)
		}
		ratio := map[Truth]float64{Overconfident: 10, Underconfident: 0.125}[truth]
		if ratio == 0 {
			ratio = 1
		}
		if got := w.input.Belief.Alpha[0][1] / w.truth[0][1]; got < ratio*0.99 || got > ratio*1.01 {
			t.Errorf("%s: believed over true evidence is %v, want %v", truth, got, ratio)
		}
		n := 0
		for k := range w.totals {
			n += sum(c.public[k])
			if sum(c.public[k])+sum(c.private[k]) != w.totals[k] {
				t.Errorf("%s: rows of topic %d are lost", truth, k)
			}
		}
		if r := w.input.Belief.Public; n < r[0] || n > r[1] {
			t.Errorf("%s: %d public rows, believed %v", truth, n, r)
		}
		if whole := sum(c.private[0]) == 0; whole != (truth == WhollyPublic) {
			t.Errorf("%s: the first topic is wholly public: %v", truth, whole)
		}
		if single := c.public[1][0]+c.public[1][2] == 0; single != (truth == SingleClass) {
			t.Errorf("%s: the second topic is of one class: %v", truth, single)
		}
	}
}

// TestHiddenTruths holds that topics are missing, or larger, as a truth about a hidden test says.
func TestHiddenTruths(t *testing.T) {
	const competitions = 40
	mean := map[Truth]float64{}
	for _, truth := range append([]Truth{AsBelieved}, wrongTopics...) {
		missing := 0
		for game := range competitions {
			w, err := newWorld(edited(unseen, func(s *Setting) { s.Topics, s.Truth = 20, truth }), 1, game)
			if err != nil {
				t.Fatal(err)
			}
			c, err := w.play(0)
			if err != nil {
				t.Fatal(err)
			}
			if sum(c.totals) != w.rows() || w.input.Belief.Totals != nil {
				t.Fatalf("%s: %d rows, %d wanted; the belief knows totals %v", truth, sum(c.totals), w.rows(), w.input.Belief.Totals)
			}
			for k, n := range c.totals {
				if n == 0 {
					missing++
				}
				if k < 3 {
					mean[truth] += float64(n)
				}
			}
			if truth == TopicsAbsent && sum(c.totals[:3]) > 0 {
				t.Errorf("rows of absent topics: %v", c.totals[:3])
			}
		}
		if truth != TopicsAbsent && (missing < competitions/3 || missing > 3*competitions) {
			t.Errorf("%s: %d topics missing in %d competitions of 20", truth, missing, competitions)
		}
	}
	if ratio := mean[TopicsShifted] / mean[AsBelieved]; ratio < 1.8 || ratio > 3 {
		t.Errorf("three topics that are three times as large have %.1f times the rows", ratio)
	}
}
