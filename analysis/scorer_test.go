package analysis

import (
	"fmt"
	"strings"
	"testing"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// TestScorer plays boards with other small print than is stated: a clip of float32 that bends the probes. The scores contradict what is stated and
// fit what is true, nothing is called exact; once that is stated the counts are.
func TestScorer(t *testing.T) {
	for _, target := range []design.Target{design.Presence, design.Rows} {
		for _, truth := range []scorer{{0x1p-23, metric.Divide}, {1e-6, metric.None}, {1e-5, metric.ClipThenDivide}} {
			if target == design.Presence && truth.clip > 0x1p-23 {
				continue // too little is left of the probes to tell
			}
			t.Run(fmt.Sprintf("%s/%s", target, truth), func(t *testing.T) {
				t.Parallel()
				g := play(t, rules{target: target, topics: 6, rows: [2]int{40, 200}, decimals: 5, rounding: metric.Round, extra: planned}, 3)
				g.scoredBy(t, truth)
				result, err := Analyze(g.input)
				if err != nil {
					t.Fatal(err)
				}
				if wrong, _ := g.outcome(result); len(wrong) > 0 || result.Status != Misfit {
					t.Fatalf("%s: %s; wrong: %v", result.Status, result.Conclusion, wrong)
				}
				named := false
				for _, c := range result.Checks {
					named = named || c.Name == "scorer" && !c.OK && strings.Contains(c.Message, fmt.Sprintf("fit clip = %.3g", truth.clip))
				}
				if !named {
					t.Errorf("the board has %s; said is: %s", truth, result.Conclusion)
				}
				g.input.Scoring.Clip, g.input.Scoring.Normalise = truth.clip, truth.normalise
				if result, err = Analyze(g.input); err != nil {
					t.Fatal(err)
				}
				if wrong, _ := g.outcome(result); len(wrong) > 0 || result.Status == Misfit || result.Status == NotIdentified {
					t.Errorf("told the clip: %s: %s; wrong: %v", result.Status, result.Conclusion, wrong)
				}
			})
		}
	}
}

// scoredBy has another board score all probes.
func (g *game) scoredBy(t *testing.T, s scorer) {
	t.Helper()
	scoring := g.input.Scoring
	scoring.Clip, scoring.Normalise = s.clip, s.normalise
	for j, p := range g.input.Design.Probes {
		mean := metric.Mean{}
		for k, counts := range g.cells {
			loss, err := scoring.RowLoss(p.Q[k])
			if err != nil {
				t.Fatal(err)
			}
			for c, n := range counts {
				for range n {
					mean.Add(loss[c])
				}
			}
		}
		r, err := metric.ParseReading(metric.Show(mean.Value(), g.decimals, g.rounding), g.decimals)
		if err != nil {
			t.Fatal(err)
		}
		g.input.Scores[j].Public = r
	}
}

// TestScorerThatFits says of scores that fit which small print they contradict and which makes no difference.
func TestScorerThatFits(t *testing.T) {
	g := play(t, rules{target: design.Presence, topics: 6, rows: [2]int{40, 200}, decimals: 5, rounding: metric.Round, extra: planned}, 5)
	result, err := Analyze(g.input)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range result.Checks {
		if c.Name != "scorer" {
			continue
		}
		for _, want := range []string{`fit clip = 2.22e-16, normalise = "divide"`, "contradict clip = 1.19e-07", "other rules cost these probes the same"} {
			if !strings.Contains(c.Message, want) {
				t.Errorf("%q is missing in: %s", want, c.Message)
			}
		}
		return
	}
	t.Error("nothing is said of the scorer")
}

// TestTickGrid says when a board shows fewer decimals than stated.
func TestTickGrid(t *testing.T) {
	for shown, ok := range map[int]bool{4: false, 5: true} {
		g := play(t, rules{target: design.Presence, topics: 10, rows: [2]int{40, 200}, decimals: shown, rounding: metric.Round, extra: planned}, 5)
		g.input.Scoring.Decimals = 5
		result, err := Analyze(g.input)
		if err != nil {
			t.Fatal(err)
		}
		if wrong, _ := g.outcome(result); len(wrong) > 0 {
			t.Errorf("%d decimals shown: wrongly called exact: %v", shown, wrong)
		}
		for _, c := range result.Checks {
			if c.Name == "tick grid" && c.OK != ok {
				t.Errorf("%d decimals shown: %+v", shown, c)
			}
		}
	}
}
