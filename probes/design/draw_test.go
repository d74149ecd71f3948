package design

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// settings are of every target, with usual and extreme floors.
func settings() []setting {
	var out []setting
	for _, kind := range []Kind{Lattice, OneAtATime} {
		for _, target := range []Target{Presence, Rows, Cells} {
			for _, classes := range []int{2, 3, 5} {
				for _, floor := range []float64{1e-12, 1e-6, 1e-2, metric.MaxFloor(classes)} {
					out = append(out, setting{target: target, kind: kind, topics: 4, classes: classes, rows: 50, decimals: 5, floor: floor})
				}
			}
		}
	}
	return out
}

func (s setting) String() string {
	return fmt.Sprintf("%s/%s/C=%d/floor=%.2g", s.kind, s.target, s.classes, s.floor)
}

// TestDrawnProbabilities holds what every scorer relies on: whole numbers of 2^-53 that sum to 2^53, none below the floor, and the same
// prediction for all classes that are counted together.
func TestDrawnProbabilities(t *testing.T) {
	for _, s := range settings() {
		t.Run(s.String(), func(t *testing.T) {
			g := s.make(t, 1)
			d, err := Draw(g.m, g.o)
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Probes) == 0 {
				t.Fatal("no probes")
			}
			for j, p := range d.Probes {
				if p.Number != j+1 || len(p.Q) != s.topics {
					t.Fatalf("probe %d has number %d and %d topics", j+1, p.Number, len(p.Q))
				}
				for _, q := range p.Q {
					checkRow(t, q, s, g.spec.Groups)
				}
			}
		})
	}
}

func checkRow(t *testing.T, q []float64, s setting, groups [][]int) {
	t.Helper()
	sum := 0.0
	for _, v := range q {
		units := v * (1 << 53)
		if units != math.Trunc(units) || v < s.floor*(1-1e-15) || v <= 0 {
			t.Errorf("probability %v: not a whole number of 2^-53 of at least %v", v, s.floor)
		}
		sum += v
	}
	if sum != 1 {
		t.Errorf("%v sums to %v", q, sum)
	}
	for _, group := range groups {
		for _, c := range group {
			if math.Abs(q[c]-q[group[0]]) > 1e-15 {
				t.Errorf("classes %d and %d are counted together: %v", group[0], c, q)
			}
		}
	}
}

func TestDrawIsDeterministic(t *testing.T) {
	for _, s := range settings() {
		g := s.make(t, 1)
		first, err := Draw(g.m, g.o)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := Draw(s.make(t, 1).m, g.o)
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("%v: equal options, other probes:\n%s", s, diff)
		}
		g.o.Count -= 2
		fewer, _ := Draw(g.m, g.o)
		if diff := cmp.Diff(first.Probes[:len(fewer.Probes)], fewer.Probes); diff != "" {
			t.Errorf("%v: fewer probes are not the first ones:\n%s", s, diff)
		}
	}
	s := settings()[0]
	g := s.make(t, 1)
	first, _ := Draw(g.m, g.o)
	g.o.Seed++
	if other, _ := Draw(g.m, g.o); cmp.Equal(first.Probes, other.Probes) {
		t.Error("another seed drew the same probes")
	}
}

// TestOneAtATime holds that every probe moves one topic, each in its turn.
func TestOneAtATime(t *testing.T) {
	for _, target := range []Target{Presence, Rows, Cells} {
		g := setting{target: target, kind: OneAtATime, topics: 4, classes: 3, rows: 50, decimals: 5, floor: 1e-12}.make(t, 1)
		g.o.Count = 100
		d, err := Draw(g.m, g.o)
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Probes) != g.m.Dim() {
			t.Errorf("%s: %d probes for %d unknowns", target, len(d.Probes), g.m.Dim())
		}
		for j, p := range d.Probes {
			moved := g.m.Unknowns()[j].Topic
			for k := range p.Q {
				base := (moved + 1) % len(p.Q)
				if same := cmp.Equal(p.Q[k], p.Q[base]); same != (k != moved) {
					t.Errorf("%s: probe %d, which asks about topic %d: topic %d, %v", target, j+1, moved, k, p.Q[k])
				}
			}
		}
	}
}

// TestGreedyDraw compares the information of the drawn probes with that of many random designs of the same size.
func TestGreedyDraw(t *testing.T) {
	for _, target := range []Target{Presence, Rows, Cells} {
		g := setting{target: target, kind: Lattice, topics: 8, classes: 3, rows: 100, decimals: 5, floor: 1e-12}.make(t, 2)
		d, err := Draw(g.m, g.o)
		if err != nil {
			t.Fatal(err)
		}
		drawn := information(t, g, d.Probes)
		rng := rand.New(rand.NewPCG(8, 8))
		best := 0.0
		for range 200 {
			var probes []Probe
			for j := range g.o.Count {
				p := Probe{Number: j + 1}
				for range g.o.Topics {
					p.Q = append(p.Q, metric.Quantise(g.o.random(rng, g.o.leastLoss()), g.o.Floor))
				}
				probes = append(probes, p)
			}
			best = max(best, information(t, g, probes))
		}
		t.Logf("%s: %.1f bits, best of 200 random designs %.1f", target, drawn, best)
		if drawn < best-0.5 {
			t.Errorf("%s: %.1f bits, a random design has %.1f", target, drawn, best)
		}
	}
}

func information(t *testing.T, g made, probes []Probe) float64 {
	t.Helper()
	g.o.groups = g.spec.Groups
	s, err := expected(g.m, g.o, probes)
	if err != nil {
		t.Fatal(err)
	}
	info := s.Information()
	return info[len(info)-1]
}

func TestDrawRefuses(t *testing.T) {
	for _, c := range []struct {
		edit func(o *Options)
		want string
	}{
		{func(o *Options) { o.Floor = 0 }, "floor of 0"},
		{func(o *Options) { o.Floor = 0.3 }, "floor of 0.3"},
		{func(o *Options) { o.Floor = math.NaN() }, "floor of NaN"},
		{func(o *Options) { o.Target = "sizes" }, `target "sizes" is not available yet`},
		{func(o *Options) { o.Kind = "channel" }, `design "channel" is not available yet`},
	} {
		g := setting{target: Rows, kind: Lattice, topics: 2, classes: 3, rows: 20, decimals: 5, floor: 1e-12}.make(t, 1)
		c.edit(&g.o)
		if _, err := Draw(g.m, g.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("want an error with %q, got %v", c.want, err)
		}
	}
}

func TestBound(t *testing.T) {
	for _, c := range []struct {
		info    []float64
		entropy float64
		want    float64
	}{
		{[]float64{10, 20, 30}, 10, 1},
		{[]float64{10, 20, 30}, 25, 2.5},
		{[]float64{10, 20, 30}, 5, 0.5},
		{[]float64{10, 20, 30}, 0, 0},
		{[]float64{10, 20, 25}, 40, 6}, // past the end every probe brings as much as the last
		{[]float64{10}, 25, 2.5},
		{[]float64{0}, 0, 0},
	} {
		if got := Bound(c.info, c.entropy); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("Bound(%v, %v) = %v, want %v", c.info, c.entropy, got, c.want)
		}
	}
}

// TestSized holds the size of designs against budgets, and that a plan can be written as JSON whatever the test is like.
func TestSized(t *testing.T) {
	for _, target := range []Target{Presence, Rows, Cells} {
		g := setting{target: target, kind: Lattice, topics: 6, classes: 3, rows: 60, decimals: 5, floor: 1e-12}.make(t, 1)
		d, p, err := Sized(g.m, g.flat, g.o, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Probes) != p.Submissions || float64(p.Submissions) < p.Bound+1 || p.Unknowns != g.m.Dim() {
			t.Errorf("%s: %d probes for %+v", target, len(d.Probes), p)
		}
		few, q, err := Sized(g.m, g.flat, g.o, 2)
		if err != nil || len(few.Probes) != 2 || q != p {
			t.Errorf("%s: a budget of 2 gives %d probes, plan %+v, error %v", target, len(few.Probes), q, err)
		}
		g.o.Kind = OneAtATime
		if _, _, err := Sized(g.m, g.flat, g.o, 2); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("takes %d submissions, the budget is 2", g.m.Dim())) {
			t.Errorf("%s: one at a time within a budget of 2: %v", target, err)
		}
	}
	for _, totals := range [][]int{{1}, {0, 1}, {1, 1}, {3, 0, 0}} {
		for _, target := range []Target{Presence, Rows, Cells} {
			groups, _ := target.Groups(3)
			for n := 1; n <= min(3, totals[0]+1); n++ {
				m, err := prior.New(prior.Spec{Totals: totals, Public: [2]int{n, n}, Alpha: prior.FlatEvidence(len(totals), 3), Groups: groups, Split: math.Inf(1)})
				if err != nil {
					continue // more public rows than rows
				}
				g := setting{target: target, kind: Lattice, topics: len(totals), classes: 3, rows: 1, decimals: 5, floor: 1e-12}.make(t, 1)
				_, p, err := Sized(m, m, g.o, 10)
				if err != nil {
					t.Errorf("%v, %s: %v", totals, target, err)
				}
				if _, err := json.Marshal(p); err != nil {
					t.Errorf("%v, %s: %v", totals, target, err)
				}
			}
		}
	}
}

// TestPrivateAlready compares with the hypergeometric tail, written out.
func TestPrivateAlready(t *testing.T) {
	g := setting{target: Presence, kind: Lattice, topics: 3, classes: 3, rows: 30, decimals: 5, floor: 1e-12}.make(t, 1)
	rows := 0
	for _, n := range g.spec.Totals {
		rows += n
	}
	n := g.spec.Public[0]
	for k, total := range g.spec.Totals {
		for _, from := range []int{1, 3, total, total + 1} {
			for _, unscored := range []int{0, 2} {
				want := 0.0
				for public := 0; public <= total-from-unscored; public++ {
					want += math.Exp(logChoose(total, public) + logChoose(rows-total, n-public) - logChoose(rows, n))
				}
				if got := PrivateAlready(g.m, k, unscored, from); math.Abs(got-want) > 1e-9 {
					t.Errorf("topic %d of %d rows, from %d, unscored %d: %v, want %v", k, total, from, unscored, got, want)
				}
			}
		}
	}
}

func logChoose(n, k int) float64 {
	if k < 0 || k > n {
		return math.Inf(-1)
	}
	l := 0.0
	for i := range k {
		l += math.Log(float64(n-i)) - math.Log(float64(i+1))
	}
	return l
}

func BenchmarkSized(b *testing.B) {
	for _, target := range []Target{Presence, Rows} {
		b.Run("target="+string(target), func(b *testing.B) {
			g := setting{target: target, kind: Lattice, topics: 20, classes: 3, rows: 420, decimals: 5, floor: 1e-12}.make(b, 1)
			for b.Loop() {
				if _, _, err := Sized(g.m, g.flat, g.o, 100); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
