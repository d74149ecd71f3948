package analysis

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// possible is one way in which the public rows of a game may fall into topics and classes, with its prior probability.
type possible struct {
	cells [][]int
	p     float64
}

// allPossible writes out every way: a random subset of the rows, classes from Pólya's urn.
func allPossible(g *game) (out []possible) {
	alpha := g.alpha()
	rows := sumOf(g.totals)
	lo, hi := g.input.Belief.Public[0], g.input.Belief.Public[1]
	cells := make([][]int, g.topics)
	var topic func(k, left int, p float64)
	topic = func(k, left int, p float64) {
		if k == g.topics {
			if left == 0 {
				c := make([][]int, g.topics)
				for i := range cells {
					c[i] = slices.Clone(cells[i])
				}
				out = append(out, possible{c, p})
			}
			return
		}
		for n := 0; n <= min(left, g.totals[k]); n++ {
			for _, c := range compositions(n, g.classes) {
				cells[k] = c
				topic(k+1, left-n, p*choose(g.totals[k], n)*polya(c, alpha[k]))
			}
		}
	}
	for n := lo; n <= hi; n++ {
		topic(0, n, 1/choose(rows, n)/float64(hi-lo+1))
	}
	return out
}

// allHidden writes out every way for a hidden test: every set of topics that are there, and all their cells from one urn.
func allHidden(g *game) (out []possible) {
	alpha := g.alpha()
	lo, hi := g.input.Belief.Public[0], g.input.Belief.Public[1]
	for set := 1; set < 1<<g.topics; set++ {
		p, urn := 1.0, []float64{}
		for k := range alpha {
			if set>>k&1 == 0 {
				p *= prior.Absent
				continue
			}
			p *= 1 - prior.Absent
			urn = append(urn, alpha[k]...)
		}
		for n := lo; n <= hi; n++ {
			for _, x := range compositions(n, len(urn)) {
				cells, at := make([][]int, g.topics), 0
				for k := range cells {
					cells[k] = make([]int, g.classes)
					if set>>k&1 == 1 {
						at += copy(cells[k], x[at:])
					}
				}
				out = append(out, possible{cells, p * polya(x, urn)})
			}
		}
	}
	return out
}

func compositions(n, parts int) [][]int {
	if parts == 1 {
		return [][]int{{n}}
	}
	var out [][]int
	for first := 0; first <= n; first++ {
		for _, rest := range compositions(n-first, parts-1) {
			out = append(out, append([]int{first}, rest...))
		}
	}
	return out
}

// polya is the chance of these counts: the number of orders of drawing them, times that of one order.
func polya(counts []int, alpha []float64) float64 {
	p, drawn, sum := 1.0, 0, 0.0
	for _, a := range alpha {
		sum += a
	}
	for c, n := range counts {
		for i := range n {
			p *= (alpha[c] + float64(i)) / (sum + float64(drawn)) * float64(drawn+1) / float64(i+1)
			drawn++
		}
	}
	return p
}

func choose(n, k int) float64 {
	c := 1.0
	for i := range k {
		c = c * float64(n-i) / float64(i+1)
	}
	return c
}

// TestPosterior compares the decoder's masses with Bayes' rule over all ways in which tiny competitions may come, each scored by the board and
// kept if it shows the same digits. Where rows of class A are not counted the decoder takes their losses, and the sum of the public rows,
// for normal: with as few rows as here masses may be off by a tenth.
func TestPosterior(t *testing.T) {
	for _, c := range []struct {
		rules
		scores    int
		tolerance float64
	}{
		{rules{target: design.Rows, topics: 3, rows: [2]int{3, 6}, decimals: 2, rounding: metric.Round}, 1, 1e-5},
		{rules{target: design.Rows, topics: 3, rows: [2]int{3, 6}, decimals: 2, rounding: metric.Floor}, 1, 1e-5},
		{rules{target: design.Rows, topics: 2, rows: [2]int{3, 8}, decimals: 0, rounding: metric.Round, width: 1}, 1, 1e-5},
		{rules{target: design.Cells, topics: 2, rows: [2]int{4, 8}, decimals: 1, rounding: metric.Round}, 1, 1e-5},
		{rules{target: design.Cells, topics: 3, rows: [2]int{0, 5}, decimals: 1, rounding: metric.Floor}, 1, 1e-5},
		{rules{target: design.Rows, topics: 3, rows: [2]int{3, 6}, decimals: 2, rounding: metric.Round, hidden: true}, 1, 1e-5},
		{rules{target: design.Rows, topics: 3, rows: [2]int{3, 6}, decimals: 1, rounding: metric.Floor, width: 1, hidden: true}, 1, 1e-5},
		{rules{target: design.Cells, topics: 2, rows: [2]int{4, 8}, decimals: 1, rounding: metric.Round, hidden: true}, 1, 1e-5},
		{rules{target: design.Presence, topics: 3, rows: [2]int{4, 6}, decimals: 0, rounding: metric.Round, hidden: true}, 1, 0.1},
		{rules{target: design.Presence, topics: 3, rows: [2]int{4, 6}, decimals: 0, rounding: metric.Round}, 1, 0.1},
		{rules{target: design.Presence, topics: 3, rows: [2]int{4, 6}, decimals: 0, rounding: metric.Floor, width: 1}, 1, 0.1},
	} {
		t.Run(fmt.Sprintf("%s/%s/decimals=%d/width=%d/hidden=%t", c.target, c.rounding, c.decimals, c.width, c.hidden), func(t *testing.T) {
			several := 0
			for seed := range uint64(6) {
				c.share, c.extra = 0.4, 9
				g := play(t, c.rules, seed)
				g.input.Scores = g.input.Scores[:c.scores]
				want := bayes(t, g)
				if len(want) > 1 {
					several++
				}
				got := decoded(t, g)
				for key, p := range want {
					if math.Abs(got[key]-p) > c.tolerance {
						t.Errorf("seed %d: counts %s have mass %.6f, want %.6f", seed, key, got[key], p)
					}
				}
				for key, p := range got {
					if want[key] == 0 && p > c.tolerance {
						t.Errorf("seed %d: counts %s have mass %.6f and do not fit", seed, key, p)
					}
				}
			}
			if several < 2 {
				t.Errorf("only %d of 6 games left several points: the test says little", several)
			}
		})
	}
}

// bayes is the posterior of what a target counts, by brute force.
func bayes(t *testing.T, g *game) map[string]float64 {
	t.Helper()
	groups, err := g.target.Groups(g.classes)
	if err != nil {
		t.Fatal(err)
	}
	out, total := map[string]float64{}, 0.0
	all := allPossible
	if g.hidden {
		all = allHidden
	}
	for _, w := range all(g) {
		truth := *g
		truth.cells, truth.n = w.cells, 0
		for _, c := range w.cells {
			truth.n += sumOf(c)
		}
		fits := true
		for j, s := range g.input.Scores {
			fits = fits && truth.score(t, g.input.Design.Probes[j]).Text == s.Public.Text
		}
		if fits {
			out[counted(w.cells, groups, truth.n)] += w.p
			total += w.p
		}
	}
	for k := range out {
		out[k] /= total
	}
	return out
}

func counted(cells [][]int, groups [][]int, n int) string {
	var z []int
	for _, c := range cells {
		for _, group := range groups {
			x := 0
			for _, i := range group {
				x += c[i]
			}
			z = append(z, x)
		}
	}
	return fmt.Sprint(z, n)
}

// decoded are the masses under the stated belief, by the counts.
func decoded(t *testing.T, g *game) map[string]float64 {
	t.Helper()
	a, err := newAnalyst(g.input)
	if err != nil {
		t.Fatal(err)
	}
	a.decoder.models = a.models[:stated+1]
	if err := a.decoder.search(); err != nil {
		t.Fatal(err)
	}
	if !a.decoder.complete() {
		t.Fatal("the search was not complete")
	}
	out := map[string]float64{}
	for _, p := range a.decoder.ranked() {
		counts, n, _ := a.models[stated].Counts(p.z)
		var z []int
		for k := range g.totals {
			if counts[k] == nil {
				counts[k] = make([]int, len(a.groups))
			}
			z = append(z, counts[k]...)
		}
		out[fmt.Sprint(z, n)] = p.mass[stated]
	}
	return out
}
