package analysis

import (
	"fmt"
	"os"
	"strconv"
	"testing"

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

// mistaken draws the class shares from a belief of 20 rows a topic, whatever the stated one.
func mistaken(g *game) {
	stated := g.concentration
	g.concentration = 20
	for k, alpha := range g.alpha() {
		g.shares[k] = g.dirichlet(alpha)
	}
	g.concentration = stated
}

// truths are ways in which a competition may differ from what is believed.
var truths = map[string]func(r *rules){
	"as believed":         func(*rules) {},
	"overconfident":       func(r *rules) { r.concentration, r.wrong = 200, mistaken },
	"underconfident":      func(r *rules) { r.concentration, r.wrong = 2, mistaken },
	"single classes":      func(r *rules) { r.wrong = absentLabels },
	"shares times three":  func(r *rules) { r.wrong = shifted },
	"all of class A":      func(r *rules) { r.wrong = allA },
	"a topic all public":  func(r *rules) { r.split = whole },
	"a topic all private": func(r *rules) { r.split = private },
	"strata":              func(r *rules) { r.split = strata },
}

// games is how many competitions of each kind are simulated: LBPROBE_GAMES, for a long run by hand, or a few.
func games(few int) int {
	if n, err := strconv.Atoi(os.Getenv("LBPROBE_GAMES")); err == nil {
		return n
	}
	return few
}

// TestClaims simulates competitions whose truth is as believed or far from it. Nothing that is called exact may be wrong. Two submissions
// past the bound the likeliest counts are the truth, if that is as believed. With as many as planned they are called exact, as believed or
// not, unless the public rows are as far from a random draw as strata.
func TestClaims(t *testing.T) {
	for name, bend := range truths {
		for _, target := range []design.Target{design.Presence, design.Rows} {
			for _, extra := range []int{0, 2, planned} {
				r := rules{target: target, topics: 14, rows: [2]int{40, 300}, decimals: 5, rounding: metric.Round, extra: extra}
				if target == design.Rows {
					r.topics = 8
				}
				bend(&r)
				t.Run(fmt.Sprintf("%s/%s/extra=%d", name, target, min(extra, 9)), func(t *testing.T) {
					t.Parallel()
					o := tally(t, r, games(4))
					t.Logf("of %d: %d right, %d exact, %v", games(4), o.right, o.exact, o.status)
					if name == "as believed" && extra >= 2 && o.right < games(4)*95/100 {
						t.Errorf("the likeliest counts were the truth in %d of %d", o.right, games(4))
					}
					if name != "strata" && extra == planned && o.exact < games(4)*9/10 {
						t.Errorf("called exact in %d of %d: %v", o.exact, games(4), o.status)
					}
				})
			}
		}
	}
}

// TestFarFromAnyBelief holds that counts which no belief would have expected are found, given a submission more, and not taken for a wrong score.
func TestFarFromAnyBelief(t *testing.T) {
	for name, bend := range map[string]func(r *rules){"strata": truths["strata"], "all of class A": truths["all of class A"]} {
		r := rules{target: design.Presence, topics: 14, rows: [2]int{40, 300}, decimals: 5, rounding: metric.Round, extra: 4}
		bend(&r)
		if o := tally(t, r, games(4)); o.exact < games(4)*9/10 {
			t.Errorf("%s: called exact in %d of %d: %v", name, o.exact, games(4), o.status)
		}
	}
}

// outcomes count how a number of games ended.
type outcomes struct {
	right, exact int
	status       map[Status]int
}

// tally plays games and reports every wrong claim.
func tally(t *testing.T, r rules, games int) outcomes {
	t.Helper()
	o := outcomes{status: map[Status]int{}}
	for seed := range uint64(games) {
		g := play(t, r, seed)
		result, err := Analyze(g.input)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		wrong, right := g.outcome(result)
		if len(wrong) > 0 {
			t.Errorf("seed %d: wrongly called exact: %v", seed, wrong)
		}
		checkSound(t, g, result)
		o.status[result.Status]++
		if right {
			o.right++
		}
		if result.Status == Exact {
			o.exact++
		}
	}
	return o
}

// TestShapes plays competitions of unusual shape. least is how many of ten the likeliest counts must be the truth, two submissions past the
// bound.
func TestShapes(t *testing.T) {
	presence, rows, cells := design.Presence, design.Rows, design.Cells
	base := rules{topics: 6, rows: [2]int{0, 200}, decimals: 5, rounding: metric.Round, extra: 2}
	for name, edit := range map[string]func(r *rules){
		"one tiny topic, presence": func(r *rules) { r.target, r.topics, r.rows = presence, 1, [2]int{2, 30} },
		"one tiny topic, cells":    func(r *rules) { r.target, r.topics, r.rows = cells, 1, [2]int{2, 30} },
		"tiny test, presence":      func(r *rules) { r.target, r.topics, r.rows = presence, 3, [2]int{1, 8} },
		"tiny test, rows":          func(r *rules) { r.target, r.topics, r.rows = rows, 3, [2]int{1, 8} },
		"all public, presence":     func(r *rules) { r.target, r.share = presence, 1 },
		"all public, rows":         func(r *rules) { r.target, r.share = rows, 1 },
		"0 decimals":               func(r *rules) { r.target, r.topics, r.rows, r.decimals = rows, 3, [2]int{1, 30}, 0 },
		"1 decimal":                func(r *rules) { r.target, r.rows, r.decimals = presence, [2]int{1, 60}, 1 },
		"3 decimals, floored":      func(r *rules) { r.target, r.decimals, r.rounding = presence, 3, metric.Floor },
		"8 decimals":               func(r *rules) { r.target, r.decimals = rows, 8 },
		"10 decimals":              func(r *rules) { r.target, r.decimals = presence, 10 },
		"13 decimals":              func(r *rules) { r.target, r.decimals = cells, 13 },
		"floor of 1e-6":            func(r *rules) { r.target, r.floor = presence, 1e-6 },
		"floor of 1e-3":            func(r *rules) { r.target, r.floor = presence, 1e-3 },
		"floor of 1e-2, rows":      func(r *rules) { r.target, r.floor = rows, 1e-2 },
		"either, truly rounded":    func(r *rules) { r.target, r.either = rows, true },
		"either, truly floored":    func(r *rules) { r.target, r.either, r.rounding = presence, true, metric.Floor },
		"n within 20":              func(r *rules) { r.target, r.width = presence, 20 },
		"n within 150":             func(r *rules) { r.target, r.topics, r.rows, r.width = rows, 5, [2]int{50, 300}, 150 },
		"n within 40, either":      func(r *rules) { r.target, r.topics, r.width, r.either = cells, 3, 40, true },
		"two classes":              func(r *rules) { r.target, r.classes = rows, 2 },
		"four classes":             func(r *rules) { r.target, r.topics, r.classes = cells, 4, 4 },
		"unscored rows":            func(r *rules) { r.target, r.unscored = rows, 20 },
	} {
		r := base
		edit(&r)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := tally(t, r, games(6))
			t.Logf("of %d: %d right, %d exact, %v", games(6), o.right, o.exact, o.status)
			if o.right < games(6)*9/10 {
				t.Errorf("the likeliest counts were the truth in %d of %d", o.right, games(6))
			}
			if o.status[Misfit] > 0 {
				t.Errorf("a score was called wrong: %v", o.status)
			}
		})
	}
}
