package channel

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"strconv"
	"testing"

	"lbprobe/probes/board"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/metric"
	"lbprobe/probes/submission"
)

// TestThroughFiles plays against a board that reads submission files and knows nothing of a channel: 3,000 rows of five topics, one of them absent,
// of which 780 are public. Every rule of small print reads the same message, and the games of the other tests, which score from counts, show the same scores.
func TestThroughFiles(t *testing.T) {
	const rows, public = 3000, 780
	classes := []string{"a", "b", "c"}
	for i, rule := range []metric.Normalise{metric.Divide, metric.ClipThenDivide, metric.None, metric.Refuse} {
		o := lmsys(Exact, 3+i)
		o.Rows, o.Public, o.Train = [2]int{rows, rows}, [2]int{750, 810}, []int{500, 400, 300, 200, 100}
		o.Scoring.Normalise = rule
		table, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(uint64(i), 1))
		g := game{table: table, scoring: o.Scoring, classes: make([]int, 3), tallies: map[string][]int{Topics: {1400, 900, 0, 697, 3}, Rows: {rows}},
			rounding: []metric.Rounding{metric.Round, metric.Floor}[i%2]}
		truth := sim.Truth{IDColumn: "id", Classes: classes, Usage: sim.DrawSplit(rows, public, 0, rng)}
		for r := range rows {
			truth.IDs = append(truth.IDs, strconv.Itoa(r))
			truth.Class = append(truth.Class, rng.IntN(3))
			if truth.Usage[r] == sim.Public {
				g.classes[truth.Class[r]]++
			}
		}
		scoring := o.Scoring
		scoring.Rounding = g.rounding
		b, err := sim.New(truth, scoring)
		if err != nil {
			t.Fatal(err)
		}
		file := submission.Template{IDColumn: "id", Classes: classes, IDs: truth.IDs, Topic: make([]int32, rows)}
		scores := map[int]string{}
		r := g.read(t, scores)
		for r.wants() {
			q, err := table.Prediction(r.Next, scores, g.tallies)
			if err != nil {
				t.Fatal(err)
			}
			var text bytes.Buffer
			if err := file.Write(&text, [][]float64{q}); err != nil {
				t.Fatal(err)
			}
			if _, err := b.Submit(context.Background(), board.Submission{Name: "submission.csv",
				Open: func() (io.ReadCloser, error) { return io.NopCloser(&text), nil }}); err != nil {
				t.Fatal(err)
			}
			shown, err := b.Scores(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			scores[r.Next] = shown[len(shown)-1].Public
			if counted := g.show(t, q); counted != scores[r.Next] {
				t.Errorf("%s, probe %d: the file scores %s, its counts %s", rule, r.Next, scores[r.Next], counted)
			}
			r = g.read(t, scores)
		}
		if !g.told(r, Exact) {
			t.Errorf("%s: %+v", rule, r)
		}
		t.Logf("%s, %d decimals: %d submissions", rule, o.Scoring.Decimals, len(scores))
	}
}
