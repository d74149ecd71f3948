package analysis

import (
	"math"
	"slices"
	"testing"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// TestNearestChance holds that the nearest counts are right as often as they are said to be, at numbers of scores from too few to enough.
func TestNearestChance(t *testing.T) {
	stated, variance, right, of := 0.0, 0.0, 0, 0
	for _, r := range []rules{
		{target: design.Rows, topics: 8, rows: [2]int{20, 90}, decimals: 5, rounding: metric.Round, hidden: true},
		{target: design.Presence, topics: 10, rows: [2]int{20, 90}, decimals: 4, rounding: metric.Round, width: 4},
		{target: design.Rows, topics: 6, rows: [2]int{20, 90}, decimals: 4, rounding: metric.Floor, either: true},
	} {
		for _, r.extra = range []int{-1, 0, 1} {
			for seed := range uint64(12) {
				g := play(t, r, seed)
				if len(g.input.Scores) == 0 {
					continue
				}
				a, err := newAnalyst(g.input)
				if err != nil {
					t.Fatal(err)
				}
				chance, err := a.nearest()
				if err != nil {
					t.Fatal(err)
				}
				of++
				if stated, variance = stated+chance, variance+chance*(1-chance); chance > 0 && g.holds(a, a.decoder.points[0]) {
					right++
				}
			}
		}
	}
	t.Logf("right %d of %d, expected %.1f ± %.1f", right, of, stated, math.Sqrt(variance))
	if math.Abs(float64(right)-stated) > 3*math.Sqrt(variance)+1 || stated < 0.2*float64(of) || stated > 0.9*float64(of) {
		t.Errorf("right %d of %d, expected %.1f ± %.1f", right, of, stated, math.Sqrt(variance))
	}
}

// TestNearestOfCells asks for all 59 cells of a hidden test: a list of what fits would be endless, the nearest counts are found.
func TestNearestOfCells(t *testing.T) {
	g := play(t, rules{target: design.Cells, topics: 20, rows: [2]int{900, 1600}, share: 0.26, decimals: 5, rounding: metric.Round, hidden: true, extra: 1}, 1)
	r, err := Analyze(g.input)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != Candidates || r.Candidates != 0 {
		t.Errorf("%s, %d candidates listed: %s", r.Status, r.Candidates, r.Conclusion)
	}
	if wrong, right := g.outcome(r); len(wrong) > 0 || !right {
		t.Errorf("all right: %v; wrong: %v", right, wrong)
	}
	if slices.ContainsFunc(r.Counts, func(c Count) bool { return c.Exact && c.Split == "public" && c.Topic >= 0 }) {
		t.Error("a count is called exact without a list of all that fit")
	}
}

// holds says that a point is the truth.
func (g *game) holds(a *analyst, p *point) bool {
	counts, n, _ := a.models[stated].Counts(p.z)
	for k := range g.cells {
		for i, group := range a.groups {
			want := 0
			for _, c := range group {
				want += g.cells[k][c]
			}
			if counts[k] == nil && want > 0 || counts[k] != nil && counts[k][i] != want {
				return false
			}
		}
	}
	return n == g.n
}
