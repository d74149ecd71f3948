package analysis

import (
	"flag"
	"math"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/mat"

	"lbprobe/analysis/lattice"
	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// clouds are kinds of competitions in which counts have heavy tails.
var clouds = []rules{
	{target: design.Presence, topics: 24, hidden: true, width: 20},
	{target: design.Rows, topics: 16, hidden: true},
	{target: design.Cells, topics: 11},
	{target: design.Presence, topics: 30, width: 10},
}

// balls makes an analyst of a competition, and one ball a belief that trusts the split.
func balls(t *testing.T, r rules, seed uint64) (a *analyst, out []*ball) {
	t.Helper()
	r.rows, r.decimals, r.rounding, r.extra = [2]int{60, 200}, 4, metric.Round, 3
	a, err := newAnalyst(play(t, r, seed).input)
	if err != nil {
		t.Fatal(err)
	}
	for b, m := range a.models[:flat+1] {
		out = append(out, &ball{reading: &a.decoder.readings[0][b], model: m, stretch: 1})
	}
	return a, out
}

// TestRegionHoldsDraws counts the draws of another stream that lie beyond as many slopes as few of some draws exceed: as many exceed them on average; and none the
// way to the last decade.
func TestRegionHoldsDraws(t *testing.T) {
	const made, tried = 1 << 13, 1 << 16
	for i, r := range clouds {
		_, balls := balls(t, r, uint64(i))
		for _, belief := range []int{stated, flat}[i%2:] {
			c, err := newCloud(balls[belief], weights[0])
			if err != nil {
				t.Fatal(err)
			}
			s := c.widened(c.shape(leastDraws))
			slopes := c.slopes(s, made)
			near, whole := s.reaching(slopes.base), s.reaching(slopes.last())
			var out, far atomic.Int64
			c.each(7, tried, func(_ int, lengths []float64) {
				if outside(near, lengths) {
					out.Add(1)
				}
				if outside(whole, lengths) {
					far.Add(1)
				}
			})
			expected := int64(exceeding * tried / made)
			t.Logf("competition %d, belief %d: %d of %d beyond what %d of %d exceed, %d beyond the region", i, belief, out.Load(), tried, farther, made, far.Load())
			if out.Load() < expected/3 || out.Load() > 3*expected || far.Load() > 0 { // a gamma variable of 7 over its mean lies there in all but one of thousands
				t.Errorf("competition %d, belief %d: %d of %d lie beyond what %d are expected to; %d lie beyond the region", i, belief, out.Load(), tried, expected, far.Load())
			}
		}
	}
}

var leftOut = flag.Int("leftout", 0, "draws of each belief of TestLeftOut")

// TestLeftOut counts how many draws of another stream the regions of long searches leave out, of competitions as large as docs/searches.md has.
func TestLeftOut(t *testing.T) {
	if *leftOut == 0 {
		t.Skip("takes a minute for each million draws: -leftout")
	}
	large := rules{topics: 20, rows: [2]int{1000, 1500}, share: 0.26, decimals: 5, rounding: metric.Round, extra: 3}
	edited := func(edit func(r *rules)) rules { r := large; edit(&r); return r }
	var out atomic.Int64
	drawn := 0
	for _, r := range []rules{
		edited(func(r *rules) { r.target, r.hidden, r.width, r.extra = design.Rows, true, 125, 2 }),
		edited(func(r *rules) { r.target, r.hidden, r.width, r.decimals, r.extra = design.Rows, true, 125, 3, 1 }),
		edited(func(r *rules) { r.target, r.topics, r.rows, r.width = design.Presence, 50, [2]int{300, 1000}, 160 }),
		edited(func(r *rules) {
			r.target, r.topics, r.rows, r.width, r.hidden = design.Presence, 50, [2]int{300, 1000}, 160, true
		}),
		edited(func(r *rules) { r.target = design.Cells }),
	} {
		for seed := range uint64(3) {
			a, err := newAnalyst(play(t, r, seed).input)
			if err != nil {
				t.Fatal(err)
			}
			b := &ball{reading: &a.decoder.readings[0][flat], model: a.models[flat], stretch: 1}
			c, hope, err := b.best()
			if err != nil {
				t.Fatal(err)
			}
			region := c.region(hope)
			before := out.Load()
			c.each(9, *leftOut, func(_ int, lengths []float64) {
				if outside(region, lengths) {
					out.Add(1)
				}
			})
			drawn += *leftOut
			t.Logf("%s of %d topics, hidden %v, seed %d: 2^%.1f nodes; %d of %d draws left out", r.target, r.topics, r.hidden, seed,
				math.Log2(c.basis.Nodes(c.target, region)), out.Load()-before, *leftOut)
		}
	}
	share := float64(out.Load()) / float64(drawn)
	t.Logf("left out: %.2g", share)
	if sure := 3 * math.Sqrt(float64(out.Load())) / float64(drawn); share-sure > excluded {
		t.Errorf("the regions leave out %g of the belief, wanted at most %g", share, excluded)
	}
}

// TestShape compares the shape of a cloud with all lengths in order, and holds that the widened one gives each depth the nodes that it had, or a few, not more.
func TestShape(t *testing.T) {
	const made = 1 << 13
	for i, r := range clouds {
		_, balls := balls(t, r, uint64(i))
		c, err := newCloud(balls[flat], weights[1])
		if err != nil {
			t.Fatal(err)
		}
		lengths := make([][]float64, len(c.shift))
		for k := range lengths {
			lengths[k] = make([]float64, made)
		}
		c.each(0, made, func(i int, l []float64) {
			for k, v := range l {
				lengths[k][i] = v
			}
		})
		s := c.shape(made)
		for k, all := range lengths {
			slices.Sort(all)
			if want := (tail{all[made-7], all[made-7] - all[made-65], math.Log10(made / 6.5)}); s[k] != want {
				t.Errorf("competition %d, %d directions: %v, wanted %v", i, k+1, s[k], want)
			}
		}
		before, after := c.basis.NodesAt(c.target, s.least()), c.basis.NodesAt(c.target, c.widened(s).least())
		few := little * slices.Max(before)
		for k := range before {
			if want := max(before[k], few); math.Abs(after[k]/want-1) > 1e-6 {
				t.Errorf("competition %d, depth %d: %v nodes, widened %v, wanted %v", i, k, before[k], after[k], want)
			}
		}
	}
}

func outside(region lattice.Region, lengths []float64) bool {
	for k, v := range lengths {
		if v > region.Within[len(lengths)-1-k] {
			return true
		}
	}
	return false
}

// TestCloudMeasures compares the lengths of the truth, with the errors that it leaves in the scores, with those along the directions of the walk.
func TestCloudMeasures(t *testing.T) {
	const weight = 1.25
	for i, r := range clouds {
		_, balls := balls(t, r, uint64(i))
		b := balls[0]
		c, err := newCloud(b, weight)
		if err != nil {
			t.Fatal(err)
		}
		z, x := make([]int, b.model.Dim()), make([]float64, b.model.Dim())
		for k := range z { // any counts will do
			z[k] = 7 + k*k%31
			x[k] = float64(z[k])
		}
		for j := range b.system.Sigma {
			x = append(x, b.system.Residual(j, z)/b.system.Reach(j))
		}
		lengths := make([]float64, len(c.shift))
		c.measure(x, lengths)
		form, target := stacked(b.system, b.model, weight)
		var y, along mat.VecDense
		y.MulVec(form, mat.NewVecDense(len(z), x[:len(z)]))
		y.SubVec(&y, mat.NewVecDense(len(target), target))
		along.MulVec(c.basis.Directions().T(), &y)
		want := 0.0
		for k := range lengths {
			v := along.AtVec(len(lengths) - 1 - k)
			if want += v * v; math.Abs(lengths[k]-want) > 1e-6*(1+want) {
				t.Errorf("competition %d, %d directions: %v, wanted %v", i, k+1, lengths[k], want)
			}
		}
	}
}

// TestDrawnSearch holds that a search in a drawn region visits fewer nodes than one in the whole ball and lists the same points.
func TestDrawnSearch(t *testing.T) {
	for i, r := range clouds {
		search := func(drawn float64) *decoder {
			a, _ := balls(t, r, uint64(10+i))
			a.decoder.models, a.decoder.narrow, a.decoder.drawn = a.models[flat:flat+1], math.Inf(1), drawn
			a.decoder.readings[0] = a.decoder.readings[0][flat:]
			if err := a.decoder.search(); err != nil || !a.decoder.complete() {
				t.Fatalf("competition %d: not complete, %v", i, err)
			}
			return &a.decoder
		}
		whole, drawn := search(math.Inf(1)), search(1)
		if whole.sampled || !drawn.sampled {
			t.Errorf("competition %d: draws are said to have been made %v and %v", i, whole.sampled, drawn.sampled)
		}
		t.Logf("competition %d: %d nodes, drawn %d", i, whole.nodes, drawn.nodes)
		if drawn.nodes >= whole.nodes {
			t.Errorf("competition %d: %d nodes, drawn %d", i, whole.nodes, drawn.nodes)
		}
		if d := cmp.Diff(whole.points, drawn.points, cmp.AllowUnexported(point{})); d != "" || len(whole.points) == 0 {
			t.Errorf("competition %d: points (-whole +drawn):\n%s", i, d)
		}
	}
}
