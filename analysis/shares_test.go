package analysis

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// TestShares tells the analysis class shares with their errors. Where too few scores are read the intervals become narrower and still hold the
// truth; where the counts are exact nothing changes, however wrong the shares are.
func TestShares(t *testing.T) {
	for _, target := range []design.Target{design.Presence, design.Rows, design.Cells} {
		t.Run(string(target), func(t *testing.T) {
			t.Parallel()
			width, narrow, outside, counts := 0, 0, 0, 0
			for seed := range uint64(games(8)) {
				r := rules{target: target, topics: 5, rows: [2]int{40, 200}, decimals: 5, rounding: metric.Round, extra: planned, width: 4}
				g := play(t, r, seed)
				before, err := Analyze(g.input)
				if err != nil {
					t.Fatal(err)
				}
				g.input.Shares = []ClassShare{{publicPart, 0, 0.9, 0.001}, {publicPart, 1, 0.05, 0.001}}
				after, err := Analyze(g.input)
				if err != nil {
					t.Fatal(err)
				}
				if before.Status == Exact && !cmp.Equal(before.Counts, after.Counts) && target != design.Presence {
					t.Errorf("seed %d: exact counts hang on past submissions: %s", seed, cmp.Diff(before.Counts, after.Counts))
				}
				g.input.Scores = g.input.Scores[:1]
				g.input.Shares = nil
				less, err := Analyze(g.input)
				if err != nil {
					t.Fatal(err)
				}
				const sd = 0.004
				rng := rand.New(rand.NewPCG(seed, 9))
				for c := range g.classes {
					share := float64(g.count(publicPart, AllTopics, g.input.Design.Classes[c])) / float64(g.n)
					g.input.Shares = append(g.input.Shares, ClassShare{publicPart, c, share + sd*rng.NormFloat64(), sd})
				}
				more, err := Analyze(g.input)
				if err != nil {
					t.Fatal(err)
				}
				for i, c := range more.Counts {
					if c.Split == "total" || c.Class == every {
						continue
					}
					counts++
					width, narrow = width+less.Counts[i].Hi-less.Counts[i].Lo, narrow+c.Hi-c.Lo
					if want := g.count(c.Split, c.Topic, c.Class); want < c.Lo || want > c.Hi {
						outside++
					}
				}
			}
			t.Logf("intervals of %d rows became %d; %d of %d miss", width, narrow, outside, counts)
			if narrow >= width || outside*30 > counts+30 {
				t.Errorf("intervals of %d rows became %d; %d of %d miss", width, narrow, outside, counts)
			}
		})
	}
}
