package analysis

import (
	"math"
	"testing"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// TestChances holds what a plan says of its budget against competitions that are played: how often the likeliest counts hold the certainty, which
// they must not overstate, and how often all are claimed exact.
func TestChances(t *testing.T) {
	for name, r := range map[string]rules{
		"presence, 5 decimals": {target: design.Presence, topics: 10, rows: [2]int{40, 200}, decimals: 5, rounding: metric.Round, width: 6},
		"presence, 3 decimals": {target: design.Presence, topics: 10, rows: [2]int{40, 200}, decimals: 3, rounding: metric.Round},
		"rows, 4 decimals":     {target: design.Rows, topics: 5, rows: [2]int{40, 200}, decimals: 4, rounding: metric.Round},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for extra := range 5 {
				r.extra = extra - 1
				var said design.Chances
				certain, exact, n := 0.0, 0.0, games(12)
				for seed := range uint64(n) {
					g := play(t, r, seed)
					c := g.chances(t)
					said.Certain, said.Exact = said.Certain+c.Certain/float64(n), said.Exact+c.Exact/float64(n)
					result, err := Analyze(g.input)
					if err != nil {
						t.Fatal(err)
					}
					if result.Status == Exact {
						exact += 1 / float64(n)
					}
					if g.settled(result) {
						certain += 1 / float64(n)
					}
				}
				t.Logf("bound %+d: certain %.2f, said %.2f; exact %.2f, said %.2f", r.extra, certain, said.Certain, exact, said.Exact)
				chance := func(p float64) float64 { return 3*math.Sqrt(p*(1-p)/float64(n)) + 0.05 }
				if low := said.Certain - certain; low > chance(said.Certain) || r.extra > 0 && -low > chance(said.Certain) {
					t.Errorf("bound %+d: %.2f of competitions are certain, said %.2f", r.extra, certain, said.Certain)
				}
				if math.Abs(exact-said.Exact) > chance(said.Exact) {
					t.Errorf("bound %+d: %.2f of competitions are exact, said %.2f", r.extra, exact, said.Exact)
				}
			}
		})
	}
}

// settled says that every public count asked for is right, its likeliest value with the asked certainty.
func (g *game) settled(r *Result) bool {
	for _, c := range r.Counts {
		if c.Split == publicPart && c.Topic != AllTopics && c.Class != every && (c.Posterior < g.input.Certainty || c.Best != g.count(c.Split, c.Topic, c.Class)) {
			return false
		}
	}
	return true
}

// chances are those of the game's probes.
func (g *game) chances(t *testing.T) design.Chances {
	t.Helper()
	spec := g.input.Belief
	spec.Groups = g.input.Design.Groups
	m, err := prior.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	flat, err := prior.New(prior.Beliefs(spec)[prior.Flat])
	if err != nil {
		t.Fatal(err)
	}
	d := g.input.Design
	o := design.Options{Kind: d.Kind, Target: d.Target, Classes: d.Classes, Topics: d.Topics, Scoring: g.input.Scoring, Floor: g.floor}
	c, err := design.NewChances(m, flat, o, d, len(d.Probes), g.input.Certainty)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
