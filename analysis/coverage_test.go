package analysis

import (
	"fmt"
	"testing"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// TestCoverage holds that intervals contain the truth as often as they say, before the counts are identified: without a score, and with some
// but too few. Counts are whole, so intervals hold a little more than asked for, which shows at 50 %; with some hundred counts a kind the
// share is known to within a few hundredths.
func TestCoverage(t *testing.T) {
	for _, r := range []rules{
		{target: design.Presence, extra: -100},
		{target: design.Presence, extra: -1},
		{target: design.Presence, extra: -2, width: 60},
		{target: design.Rows, extra: -2},
		{target: design.Rows, extra: -1, width: 60},
		{target: design.Cells, extra: -100, width: 60},
		{target: design.Cells, extra: -1},
		{target: design.Presence, extra: -100, hidden: true},
		{target: design.Presence, extra: -2, width: 60, hidden: true},
		{target: design.Rows, extra: -2, hidden: true},
	} {
		r.topics, r.rows, r.decimals, r.rounding = 8, [2]int{30, 300}, 4, metric.Round
		t.Run(fmt.Sprintf("%s/extra=%d/width=%d/hidden=%t", r.target, r.extra, r.width, r.hidden), func(t *testing.T) {
			t.Parallel()
			certainties := []float64{0.5, 0.95, 0.99}
			inside, all := make([]map[string]int, 3), make([]map[string]int, 3)
			for i := range certainties {
				inside[i], all[i] = map[string]int{}, map[string]int{}
			}
			for seed := range uint64(games(40)) {
				g := play(t, r, seed)
				for i, certainty := range certainties {
					g.input.Certainty = certainty
					result, err := Analyze(g.input)
					if err != nil {
						t.Fatal(err)
					}
					if result.Status != NoScores && result.Status != NotIdentified {
						t.Fatalf("status %q", result.Status)
					}
					for _, c := range result.Counts {
						if c.Exact || c.Topic == AllTopics {
							continue
						}
						kind := c.Split + " " + c.Class
						all[i][kind]++
						if want := g.count(c.Split, c.Topic, c.Class); c.Lo <= want && want <= c.Hi {
							inside[i][kind]++
						}
					}
				}
			}
			for i, certainty := range certainties {
				for kind, n := range all[i] {
					share := float64(inside[i][kind]) / float64(n)
					t.Logf("%v of %s: %.3f of %d", certainty, kind, share, n)
					if share < certainty-[]float64{0.07, 0.03, 0.015}[i] || share > certainty+0.15 {
						t.Errorf("%v of %s are in %.3f of %d intervals", certainty, kind, share, n)
					}
				}
			}
		})
	}
}

// TestIntervalsAreNotWide holds that scores narrow the intervals before they identify the counts.
func TestIntervalsAreNotWide(t *testing.T) {
	r := rules{target: design.Rows, topics: 4, rows: [2]int{100, 300}, decimals: 5, rounding: metric.Round, extra: -1}
	g := play(t, r, 1)
	width := func(in Input) (sum int) {
		result, err := Analyze(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range result.Counts {
			if c.Split == "public" && c.Topic != AllTopics {
				sum += c.Hi - c.Lo
			}
		}
		return sum
	}
	read := width(g.input)
	g.input.Scores = nil
	if before := width(g.input); read >= before {
		t.Errorf("intervals are %d rows wide before any score, %d with scores", before, read)
	}
}
