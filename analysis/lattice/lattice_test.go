package lattice

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/mat"
)

// random returns an r×m matrix whose columns look like a decoding problem: a few rows far longer than the rest.
func random(rng *rand.Rand, r, m, long int, factor float64) *mat.Dense {
	b := mat.NewDense(r, m, nil)
	b.Apply(func(i, _ int, _ float64) float64 {
		if i < long {
			return factor * rng.NormFloat64()
		}
		return rng.NormFloat64()
	}, b)
	return b
}

// all admits every point.
func all([]int) bool { return true }

// TestNearFindsAllPoints compares the walk with trying every integer point of a box.
func TestNearFindsAllPoints(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			m := 1 + int(seed%4)
			b := random(rng, m+2, m, 1, 3)
			target := make([]float64, m+2)
			for i := range target {
				target[i] = 2 * rng.NormFloat64()
			}
			radius2 := 4 + 20*rng.Float64()
			basis, err := Reduce(b, nil)
			if err != nil {
				t.Skip("a singular draw:", err)
			}
			got, s := basis.Near(target, Region{Radius2: radius2}, 1e8, 1e8, all, nil)
			if !s.Complete {
				t.Error("the walk was not complete")
			}
			want, cut := box(b, target, radius2, 14)
			if cut {
				t.Skip("the ball leaves the box that is tried")
			}
			slices.SortFunc(got, slices.Compare)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("points (-want +got):\n%s", d)
			}
		})
	}
}

// drawn is a random form, a target near no point of it, and its basis.
func drawn(t *testing.T, rng *rand.Rand, r, m int) (b *mat.Dense, target []float64, basis *Basis) {
	t.Helper()
	b, target = random(rng, r, m, 1, 3), make([]float64, r)
	for i := range target {
		target[i] = 2 * rng.NormFloat64()
	}
	basis, err := Reduce(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b, target, basis
}

// TestNearWithinARegion walks a region narrower than its ball, and takes out of the ball's points those that are not in it, by the directions.
func TestNearWithinARegion(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 9))
		m := 2 + int(seed%5)
		b, target, basis := drawn(t, rng, m+3, m)
		directions := basis.Directions()
		var product mat.Dense
		product.Mul(directions.T(), directions)
		if one := mat.NewDiagDense(m, slices.Repeat([]float64{1}, m)); !mat.EqualApprox(&product, one, 1e-9) {
			t.Fatalf("seed %d: the directions are not orthonormal: %v", seed, mat.Formatted(&product))
		}
		region := Region{Radius2: 60}
		for k := range m {
			region.Within = append(region.Within, 30*rng.Float64()*float64(m-k)/float64(m))
		}
		want, whole := basis.Near(target, Region{Radius2: region.Radius2}, 1e8, 1e8, func(z []int) bool { return inside(b, directions, z, target, region.Within) }, nil)
		got, part := basis.Near(target, region, 1e8, 1e8, all, nil)
		slices.SortFunc(want, slices.Compare)
		slices.SortFunc(got, slices.Compare)
		if d := cmp.Diff(want, got); d != "" || !part.Complete {
			t.Errorf("seed %d: points (-want +got):\n%s", seed, d)
		}
		if part.Nodes > whole.Nodes || basis.Nodes(target, region) > basis.Nodes(target, Region{Radius2: 60}) {
			t.Errorf("seed %d: %d nodes of the region, %d of the ball", seed, part.Nodes, whole.Nodes)
		}
	}
}

// inside says whether B z − t is within all bounds along the last directions.
func inside(b, directions *mat.Dense, z []int, target, within []float64) bool {
	x := mat.NewVecDense(len(target), nil)
	coordinates := make([]float64, len(z))
	for i, v := range z {
		coordinates[i] = float64(v)
	}
	x.MulVec(b, mat.NewVecDense(len(z), coordinates))
	x.SubVec(x, mat.NewVecDense(len(target), target))
	sum := 0.0
	for k := len(within) - 1; k >= 0; k-- {
		d := mat.Dot(directions.ColView(k), x)
		if sum += d * d; sum > within[k] {
			return false
		}
	}
	return true
}

func distance2(b *mat.Dense, z []int, target []float64) float64 {
	s := 0.0
	for i := range target {
		d := -target[i]
		for j, v := range z {
			d += b.At(i, j) * float64(v)
		}
		s += d * d
	}
	return s
}

// box lists the points of [-side, side]^m within the radius, in order; cut says that one of them is at the border.
func box(b *mat.Dense, target []float64, radius2 float64, side int) (points [][]int, cut bool) {
	_, m := b.Dims()
	z := make([]int, m)
	for i := range z {
		z[i] = -side
	}
	for {
		if distance2(b, z, target) <= radius2 {
			points = append(points, slices.Clone(z))
			for _, v := range z {
				cut = cut || v == side || v == -side
			}
		}
		i := m - 1
		for ; i >= 0 && z[i] == side; i-- {
			z[i] = -side
		}
		if i < 0 {
			return points, cut
		}
		z[i]++
	}
}

// TestReducedBasis checks what defines a reduced basis, and that it spans the same lattice: the combinations have determinant ±1 and
// give the vectors.
func TestReducedBasis(t *testing.T) {
	for _, m := range []int{2, 5, 20, 40, 60} {
		t.Run(fmt.Sprint("m=", m), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(7, uint64(m)))
			b := random(rng, m+m/2, m, m/2, 3000)
			basis, err := Reduce(b, nil)
			if err != nil {
				t.Fatal(err)
			}
			g := basis.gram
			for k := range m {
				norm := 0.0
				for j := range k {
					if c := math.Abs(g.r[k][j] / g.r[j][j]); c > eta {
						t.Errorf("coefficient %d,%d is %v, above %v", k, j, c, eta)
					}
				}
				for i := k; i >= 0; i-- {
					norm += g.r[k][i] * g.r[k][i]
					if norm < delta*g.r[i][i]*g.r[i][i]*(1-1e-9) {
						t.Errorf("vector %d belongs at place %d", k, i)
					}
				}
			}
			if d := determinant(basis.comb); math.Abs(math.Abs(d)-1) > 1e-3 {
				t.Errorf("the combinations have determinant %v, want ±1", d)
			}
		})
	}
}

// TestReduceFromStart holds that a start changes the way only: the result is reduced, spans the same lattice and finds the same points.
func TestReduceFromStart(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	like, b := random(rng, 14, 10, 4, 1000), random(rng, 14, 10, 4, 1000)
	target := make([]float64, 14)
	for i := range target {
		target[i] = 5 * rng.NormFloat64()
	}
	start, err := Reduce(like, nil)
	if err != nil {
		t.Fatal(err)
	}
	var found [2][][]int
	for i, from := range []*Basis{nil, start} {
		basis, err := Reduce(b, from)
		if err != nil {
			t.Fatal(err)
		}
		if d := determinant(basis.comb); math.Abs(math.Abs(d)-1) > 1e-3 {
			t.Errorf("the combinations have determinant %v, want ±1", d)
		}
		var s Search
		found[i], s = basis.Near(target, Region{Radius2: 4000}, 1e8, 1e8, all, nil)
		for _, z := range found[i] {
			if d2 := distance2(b, z, target); d2 > 4000*(1+1e-5) {
				t.Errorf("%v lies at %v, outside", z, d2)
			}
		}
		if !s.Complete || len(found[i]) == 0 {
			t.Fatalf("complete %v, %d points", s.Complete, len(found[i]))
		}
		slices.SortFunc(found[i], slices.Compare)
	}
	if d := cmp.Diff(found[0], found[1]); d != "" {
		t.Errorf("points without and with a start:\n%s", d)
	}
}

// TestNearFarFromOrigin asks for a point millions of units away, in a form as steep as that of scores with ten decimals: the squared length of
// the target has no digit left for the distance, which must not lose the point.
func TestNearFarFromOrigin(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 5))
		const m = 6
		b := random(rng, m+3, m, 3, 1e9)
		z := make([]int, m)
		for i := range z {
			z[i] = 1000 + rng.IntN(1000)
		}
		target := make([]float64, m+3)
		for i := range target {
			for j, v := range z {
				target[i] += b.At(i, j) * float64(v)
			}
			if i >= 3 {
				target[i] += rng.NormFloat64()
			}
		}
		basis, err := Reduce(b, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, s := basis.Near(target, Region{Radius2: 30}, 1e6, 1e6, func(got []int) bool { return slices.Equal(got, z) }, nil)
		if len(got) != 1 || !s.Complete {
			t.Errorf("seed %d: found %d times, complete %v", seed, len(got), s.Complete)
		}
	}
}

// TestNodes compares the estimate of a walk with the walk, which also visits a coordinate or two past each end.
func TestNodes(t *testing.T) {
	for _, m := range []int{8, 16, 24} {
		rng := rand.New(rand.NewPCG(11, uint64(m)))
		b := random(rng, m+m/2, m, m/2, 100)
		basis, err := Reduce(b, nil)
		if err != nil {
			t.Fatal(err)
		}
		target := make([]float64, m+m/2)
		for i := range target { // a point of the lattice and a little, much of which no point reaches: far from the lattice no coordinate may be near
			for j := range m {
				target[i] += 3 * b.At(i, j)
			}
			target[i] += 2 * rng.NormFloat64()
		}
		radius2 := 1.0
		for basis.Nodes(target, Region{Radius2: radius2}) < 1e5 {
			radius2 *= 1.1
		}
		_, s := basis.Near(target, Region{Radius2: radius2}, 1e8, 1e8, all, nil)
		if ratio := float64(s.Nodes) / basis.Nodes(target, Region{Radius2: radius2}); !s.Complete || ratio < 0.3 || ratio > 10 {
			t.Errorf("m=%d: %d nodes, estimated %.0f", m, s.Nodes, basis.Nodes(target, Region{Radius2: radius2}))
		}
	}
}

// TestClosest compares the closest admitted point with that of a list of all points, at radii that hold many, one and none.
func TestClosest(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 8))
		m := 1 + int(seed%4)
		b := random(rng, m+2, m, 1, 3)
		target := make([]float64, m+2)
		for i := range target {
			target[i] = 2 * rng.NormFloat64()
		}
		basis, err := Reduce(b, nil)
		if err != nil {
			continue // a singular draw
		}
		even := func(z []int) bool { return z[0]%2 == 0 }
		radius2 := 25 * rng.Float64()
		var want []int
		least := math.Inf(1)
		near, _ := basis.Near(target, Region{Radius2: radius2}, 1e8, 1e8, even, nil)
		for _, z := range near {
			if d2 := distance2(b, z, target); d2 < least {
				want, least = z, d2
			}
		}
		got, d2, s := basis.Closest(target, radius2, 1e8, even)
		if !s.Complete || !slices.Equal(got, want) || want != nil && math.Abs(d2-least) > 1e-6*(1+least) {
			t.Errorf("seed %d: %v at %v (complete %v), of all that are near %v at %v", seed, got, d2, s.Complete, want, least)
		}
	}
}

// TestReach holds that Reach is the inverse of Nodes, and Even of NodesAt.
func TestReach(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	b := random(rng, 20, 12, 4, 100)
	basis, err := Reduce(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	target := make([]float64, 20)
	for i := range target {
		target[i] = 30 * rng.NormFloat64()
	}
	for _, nodes := range []float64{1e3, 1e5, 1e9} {
		if got := basis.Nodes(target, Region{Radius2: basis.Reach(target, nodes)}); got < nodes || got > 1.1*nodes {
			t.Errorf("at the radius for %g nodes there are %g", nodes, got)
		}
		for k, got := range basis.NodesAt(target, Region{Radius2: math.Inf(1), Within: basis.Even(nodes)}) {
			if math.Abs(got/nodes-1) > 1e-9 {
				t.Errorf("at the bounds for %g nodes a depth there are %g at depth %d", nodes, got, k)
			}
		}
	}
}

// TestLogShare compares the share of points of a dense lattice with their sum over all points, one by one.
func TestLogShare(t *testing.T) {
	b := mat.NewDense(3, 2, []float64{0.3, 0.1, -0.05, 0.25, 0.1, 0.1})
	target := []float64{0.4, -0.7, 1.1}
	basis, err := Reduce(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for x := -60; x <= 60; x++ {
		for y := -60; y <= 60; y++ {
			sum += math.Exp(-0.5 * distance2(b, []int{x, y}, target))
		}
	}
	for _, z := range [][]int{{0, 0}, {2, -3}, {-4, 1}} {
		d2 := distance2(b, z, target)
		if got, want := basis.LogShare(target, d2), -0.5*d2-math.Log(sum); math.Abs(got-want) > 1e-6 {
			t.Errorf("log share of %v: %v, by the sum %v", z, got, want)
		}
		if got := basis.Distance2(target, basis.LogShare(target, d2)); math.Abs(got-d2) > 1e-9*d2 {
			t.Errorf("%v has its log share at %v, not %v", z, got, d2)
		}
	}
}

func determinant(rows [][]int64) float64 {
	m := mat.NewDense(len(rows), len(rows), nil)
	for i, row := range rows {
		for j, v := range row {
			m.Set(i, j, float64(v))
		}
	}
	return mat.Det(m)
}

func TestReduceRefuses(t *testing.T) {
	for name, b := range map[string]*mat.Dense{
		"fewer rows than columns": mat.NewDense(1, 2, []float64{1, 2}),
		"dependent columns":       mat.NewDense(2, 2, []float64{1, 1, 1, 1}),
	} {
		if _, err := Reduce(b, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func BenchmarkReduce(b *testing.B) {
	for _, m := range []int{20, 40, 60} {
		b.Run(fmt.Sprint("m=", m), func(b *testing.B) {
			a := random(rand.New(rand.NewPCG(7, uint64(m))), m+m/2, m, m/2, 3000)
			for b.Loop() {
				if _, err := Reduce(a, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
