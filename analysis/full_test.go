package analysis

import (
	"math"
	"strconv"
	"testing"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// TestFineScores reads scores of 6 to 12 decimals, and uncut float64 sums: every claim is true, and the finer the scores the fewer it takes.
func TestFineScores(t *testing.T) {
	for _, target := range []design.Target{design.Presence, design.Rows} {
		before := math.MaxInt
		for _, decimals := range []int{6, 7, metric.FullDecimals, 12} {
			exact, n, submissions := 0, games(4), 0
			for seed := range uint64(n) {
				g := play(t, rules{target: target, topics: 8, rows: [2]int{40, 200}, decimals: decimals, rounding: metric.Round, extra: planned, width: 5}, seed)
				if decimals == metric.FullDecimals {
					g.uncut(t)
				}
				result, err := Analyze(g.input)
				if err != nil {
					t.Fatal(err)
				}
				submissions = max(submissions, len(g.input.Scores))
				if result.Status == Exact {
					exact++
				}
				if wrong, _ := g.outcome(result); len(wrong) > 0 {
					t.Errorf("%s, %d decimals, seed %d: wrongly called exact: %v", target, decimals, seed, wrong)
				}
			}
			if exact < n {
				t.Errorf("%s, %d decimals: %d of %d called exact", target, decimals, exact, n)
			}
			if submissions > before {
				t.Errorf("%s: %d submissions at %d decimals, %d at fewer", target, submissions, decimals, before)
			}
			before = submissions
		}
	}
}

// uncut shows every score in full, summed in float64 row by row.
func (g *game) uncut(t *testing.T) {
	t.Helper()
	g.input.Scoring.Full = true
	for j, p := range g.input.Design.Probes {
		sum := 0.0
		for k, counts := range g.cells {
			for c, n := range counts {
				for range n {
					sum -= math.Log(p.Q[k][c])
				}
			}
		}
		r, err := g.input.Scoring.Read(strconv.FormatFloat(sum/float64(g.n), 'f', -1, 64))
		if err != nil {
			t.Fatal(err)
		}
		g.input.Scores[j].Public = r
	}
}
