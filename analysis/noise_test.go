package analysis

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// TestNoisyBoard adds noise of 30 ticks to every score. Told of it, the analysis claims nothing that is wrong, its intervals hold the truth, and more
// submissions than a board without noise needs settle the counts; not told, it finds that the scores do not fit.
func TestNoisyBoard(t *testing.T) {
	const noise = 3e-4
	settled, outside, intervals, n := 0, 0, 0, games(6)
	for seed := range uint64(n) {
		g := play(t, rules{target: design.Presence, topics: 8, rows: [2]int{40, 200}, decimals: 5, rounding: metric.Round, extra: 6}, seed)
		rng := rand.New(rand.NewPCG(seed, 5))
		for j := range g.input.Scores {
			text := strconv.FormatFloat(g.input.Scores[j].Public.Value+noise*rng.NormFloat64(), 'f', 5, 64)
			r, err := metric.ParseReading(text, 5)
			if err != nil {
				t.Fatal(err)
			}
			g.input.Scores[j].Public = r
		}
		deaf, err := Analyze(g.input)
		if err != nil {
			t.Fatal(err)
		}
		if deaf.Status != Misfit {
			t.Errorf("seed %d: noise that is not stated: %s: %s", seed, deaf.Status, deaf.Conclusion)
		}
		g.input.Scoring.Noise = noise
		result, err := Analyze(g.input)
		if err != nil {
			t.Fatal(err)
		}
		wrong, right := g.outcome(result)
		if len(wrong) > 0 {
			t.Errorf("seed %d: wrongly called exact: %v", seed, wrong)
		}
		if right {
			settled++
		}
		for _, c := range result.Counts {
			if !c.Exact {
				intervals++
				if want := g.count(c.Split, c.Topic, c.Class); want < c.Lo || want > c.Hi {
					outside++
				}
			}
		}
	}
	t.Logf("%d of %d right; %d of %d intervals miss", settled, n, outside, intervals)
	if settled < n-1 || outside*20 > intervals+20 {
		t.Errorf("%d of %d right; %d of %d intervals of 99 %% miss", settled, n, outside, intervals)
	}
}
