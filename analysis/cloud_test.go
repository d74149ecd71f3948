package analysis

import (
	"math"
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

// TestRegionHoldsDraws counts draws of another stream that lie outside a region of few draws: as many as the margin says, or fewer.
func TestRegionHoldsDraws(t *testing.T) {
	const made, tried = 1 << 11, 1 << 15
	for i, r := range clouds {
		_, balls := balls(t, r, uint64(i))
		for belief, b := range balls {
			c, err := newCloud(b, 1.5)
			if err != nil {
				t.Fatal(err)
			}
			region, out := c.region(c.shape(made, 2), made), atomic.Int64{}
			c.each(7, tried, func(_ int, lengths []float64) {
				if outside(region, lengths) {
					out.Add(1)
				}
			})
			expected := tried / made * math.Pow(10, -margin)
			t.Logf("competition %d, belief %d: %d of %d outside, %.1f expected", i, belief, out.Load(), tried, expected)
			if float64(out.Load()) > 8*expected { // the farthest of some draws is exponential about its mean
				t.Errorf("competition %d, belief %d: %d of %d draws lie outside, %.1f are expected", i, belief, out.Load(), tried, expected)
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
			a.decoder.models, a.decoder.narrow, a.decoder.drawn, a.decoder.draws = a.models[flat:flat+1], math.Inf(1), drawn, 1<<14
			a.decoder.readings[0] = a.decoder.readings[0][flat:]
			if err := a.decoder.search(); err != nil || !a.decoder.complete() {
				t.Fatalf("competition %d: not complete, %v", i, err)
			}
			return &a.decoder
		}
		whole, drawn := search(math.Inf(1)), search(1)
		t.Logf("competition %d: %d nodes, drawn %d", i, whole.nodes, drawn.nodes)
		if drawn.nodes > whole.nodes/2 {
			t.Errorf("competition %d: %d nodes, drawn %d", i, whole.nodes, drawn.nodes)
		}
		if d := cmp.Diff(whole.points, drawn.points, cmp.AllowUnexported(point{})); d != "" || len(whole.points) == 0 {
			t.Errorf("competition %d: points (-whole +drawn):\n%s", i, d)
		}
	}
}
