package analysis

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// Truths that are not what is believed.

// absentLabels leaves three topics without one of their classes.
func absentLabels(g *game) {
	for k := range min(3, g.topics) {
		g.shares[k] = make([]float64, g.classes)
		g.shares[k][k%g.classes] = 1
	}
}

// shifted triples the share of one class in every topic.
func shifted(g *game) {
	for _, p := range g.shares {
		p[0] *= 3
		sum := 0.0
		for _, v := range p {
			sum += v
		}
		for c := range p {
			p[c] /= sum
		}
	}
}

// allA makes every row of class A.
func allA(g *game) {
	for k := range g.shares {
		g.shares[k] = make([]float64, g.classes)
		g.shares[k][0] = 1
	}
}

// whole puts one topic wholly into the public part, and draws the rest at random.
func whole(g *game) { taken(g, func(k int) (all, none bool) { return k == 0, false }) }

// private keeps one topic out of the public part.
func private(g *game) { taken(g, func(k int) (all, none bool) { return false, k == 0 }) }

// strata puts even topics' rows first, as a host would who cut the file without shuffling.
func strata(g *game) {
	n := g.n
	for _, odd := range []int{0, 1} {
		for k := odd; k < g.topics; k += 2 {
			for _, c := range g.labels[k] {
				if n > 0 && g.rng.Float64() < 0.9 {
					g.cells[k][c]++
					n--
				}
			}
		}
	}
	g.n -= n
}

func taken(g *game, of func(k int) (all, none bool)) {
	type row struct{ topic, class int }
	var first, rest []row
	for k := range g.labels {
		all, none := of(k)
		for _, c := range g.labels[k] {
			switch {
			case all:
				first = append(first, row{k, c})
			case !none:
				rest = append(rest, row{k, c})
			}
		}
	}
	g.rng.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	g.n = min(max(g.n, len(first)), len(first)+len(rest))
	for _, r := range append(first, rest...)[:g.n] {
		g.cells[r.topic][r.class]++
	}
}

func TestClaims(t *testing.T) {
	if os.Getenv("GAMES") == "" {
		t.Skip()
	}
	games := 10
	if v, err := strconv.Atoi(os.Getenv("GAMES")); err == nil {
		games = v
	}
	base := rules{target: design.Presence, topics: 20, rows: [2]int{60, 400}, decimals: 5, rounding: metric.Round}
	for _, c := range []struct {
		name string
		edit func(r *rules)
	}{
		{"right prior", func(r *rules) {}},
		{"concentration ×10", func(r *rules) {
			r.concentration = 200
			r.wrong = func(g *game) {
				g.concentration = 20
				for k := range g.shares {
					g.shares[k] = g.dirichlet(g.alpha()[k])
				}
				g.concentration = 200
			}
		}},
		{"concentration ÷10", func(r *rules) {
			r.concentration = 2
			r.wrong = func(g *game) {
				g.concentration = 20
				for k := range g.shares {
					g.shares[k] = g.dirichlet(g.alpha()[k])
				}
				g.concentration = 2
			}
		}},
		{"absent", func(r *rules) { r.wrong = absentLabels }},
		{"shifted", func(r *rules) { r.wrong = shifted }},
		{"all A", func(r *rules) { r.wrong = allA }},
		{"whole", func(r *rules) { r.split = whole }},
		{"private", func(r *rules) { r.split = private }},
		{"strata", func(r *rules) { r.split = strata }},
	} {
		for _, target := range []design.Target{design.Presence, design.Rows} {
			for _, extra := range []int{2, 3, 4} {
				r := base
				r.target = target
				if target == design.Rows {
					r.topics = 10
				}
				r.extra = extra
				c.edit(&r)
				exact, right, false1 := 0, 0, 0
				status := map[Status]int{}
				conc := ""
				var took time.Duration
				for seed := range games {
					g := play(t, r, uint64(seed))
					t0 := time.Now()
					res, err := Analyze(g.input)
					if err != nil {
						t.Fatal(err)
					}
					took += time.Since(t0)
					wrong, ok := g.outcome(res)
					if len(wrong) > 0 {
						false1++
						t.Errorf("%s seed %d: %v", c.name, seed, wrong)
					}
					status[res.Status]++
					if res.Status == Exact {
						exact++
					} else {
						conc = res.Conclusion
					}
					if ok {
						right++
					}
				}
				fmt.Println(c.name, target, "+", extra, "right", right, "exact", exact, "false", false1, "of", games, status, took/time.Duration(games), conc)
			}
		}
	}
}
