package analysis

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"lbprobe/analysis/lattice"
	"lbprobe/internal/parallel"
	"lbprobe/probes/prior"
)

// Where a ball is too large to walk, the region that is walked instead is found by drawing: counts and rounding errors from the belief itself, and how far out they
// lie along the last one, two, … directions of the walk. No ball that surely holds them follows their law nearly as closely where tails are heavy: far out, only few
// counts at a time are.
//
// Bounds on squared lengths have the shape base + s·slope, by depth: the lengths that 6 of a number of draws exceed, and what they grew by since ten times as many did. Where
// the walk visits little they are as wide as costs little. The farthest of n other draws has a share of the belief beyond it that is 1/n on average. From there s goes on
// to where 10^-lastDecade is beyond, as squared lengths do whose tails are those of exponential variables, the heaviest that counts have: with the square of the decades.
const (
	drawnFrom  = 1 << 25 // nodes from which it is worth the time
	fewDraws   = 1 << 15 // for the shape, and for s
	manyDraws  = 1 << 20 // for s where manyFrom nodes are left: they bring it nearer
	manyFrom   = 1 << 27
	hopeNodes  = 1 << 33 // from where on they would not bring it near enough
	exceeding  = 6.5     // draws, for the mean share of the belief past the seventh farthest
	lastDecade = 6.2
	little     = 1.0 / 32 // of the most nodes that are visited at any depth
	blockDraws = 1 << 12
)

// weights are those of scores that are tried: where bounds follow the counts closely they weigh less than in a ball.
var weights = []float64{1.25, 1.5}

// redraw replaces the ball by a region of fewer nodes, if draws find one, and says so.
func (b *ball) redraw() (replaced bool, err error) {
	if b.stretch > 1 || b.model.Sampler() == nil {
		return false, nil
	}
	var best *cloud
	var least shape
	for _, weight := range weights {
		c, err := newCloud(b, weight)
		if err != nil {
			return false, err
		}
		if s := c.shape(fewDraws); best == nil || c.hope(s) < best.hope(least) {
			best, least = c, s
		}
	}
	n := fewDraws
	switch hope := best.hope(least); {
	case hope > hopeNodes:
		return false, nil
	case hope > manyFrom:
		n = manyDraws
	}
	region := best.region(best.widened(least), n)
	if best.basis.Nodes(best.target, region) >= b.estimate() {
		return false, nil
	}
	b.basis, b.target, b.region = best.basis, best.target, region
	return true, nil
}

// cloud is what is drawn, along the directions of a walk, the last one first: rows·(counts, errors within ±1) − shift.
type cloud struct {
	basis  *lattice.Basis
	target []float64
	model  *prior.Model
	rows   *mat.Dense // directions × (counts, errors)
	shift  []float64
}

func newCloud(b *ball, weight float64) (*cloud, error) {
	form, target := stacked(b.system, b.model, weight)
	basis, err := lattice.Reduce(form, b.basis)
	if err != nil {
		return nil, fmt.Errorf("reduce the lattice of %d counts: %w", b.model.Dim(), err)
	}
	last := fromLast(basis.Directions())
	m, r := last.Dims()
	scores, dim := len(b.system.Sigma), b.model.Dim()
	terms := r - scores
	counts := last.Slice(0, m, 0, terms)
	c := &cloud{basis: basis, target: target, model: b.model, rows: mat.NewDense(m, dim+scores, nil)}
	c.rows.Slice(0, m, 0, dim).(*mat.Dense).Mul(counts, form.Slice(0, terms, 0, dim))
	c.rows.Slice(0, m, dim, dim+scores).(*mat.Dense).Scale(weight*math.Sqrt(3), last.Slice(0, m, terms, r))
	var shift mat.VecDense
	shift.MulVec(counts, mat.NewVecDense(terms, target[:terms]))
	c.shift = shift.RawVector().Data
	return c, nil
}

// shape is that of bounds on squared lengths, by depth: base is exceeded by one in 10^decades, slope is what it grew by in the last decade.
type shape struct {
	base, slope []float64
	decades     float64
}

// shape is found by n draws.
func (c *cloud) shape(n int) shape {
	m, blocks := len(c.shift), (n+blockDraws-1)/blockDraws
	farthest := make([][]top, blocks)
	for i := range farthest {
		farthest[i] = make([]top, m)
	}
	c.each(0, n, func(i int, l []float64) {
		for k, v := range l {
			farthest[i/blockDraws][k].add(v)
		}
	})
	out := shape{make([]float64, m), make([]float64, m), math.Log10(float64(n) / exceeding)}
	for k := range m {
		all := &farthest[0][k]
		for i := 1; i < blocks; i++ {
			for _, v := range farthest[i][k].values {
				all.add(v)
			}
		}
		base := all.values[len(all.values)-7]
		out.base[k], out.slope[k] = base, max(base-all.values[0], 1e-9*base)
	}
	return out
}

// top keeps the largest of the values that are added, in ascending order: a decade of lengths from the seventh farthest down.
type top struct{ values []float64 }

func (t *top) add(v float64) {
	const most = 10 * exceeding
	if len(t.values) < most {
		at, _ := slices.BinarySearch(t.values, v)
		t.values = slices.Insert(t.values, at, v)
	} else if v > t.values[0] {
		at, _ := slices.BinarySearch(t.values, v)
		copy(t.values, t.values[1:at])
		t.values[at-1] = v
	}
}

// onward is how many slopes it is from where one in n is beyond to the last decade. A length that is the square of d decades grows by 2d − 1 in the last of them.
func (s shape) onward(n float64) float64 {
	reached := math.Log10(n)
	return (lastDecade*lastDecade - reached*reached) / (2*s.decades - 1)
}

// region is bounded by so many slopes, along the first direction of the walk the last.
func (s shape) region(slopes float64) lattice.Region {
	out := lattice.Region{Radius2: math.Inf(1)}
	for k := len(s.base) - 1; k >= 0; k-- {
		out.Within = append(out.Within, s.base[k]+slopes*s.slope[k])
	}
	return out
}

// least is the region to the last decade, if each bound were the only one.
func (s shape) least() lattice.Region { return s.region(s.onward(math.Pow(10, s.decades))) }

// hope is about how many nodes a region has at least.
func (c *cloud) hope(s shape) float64 { return c.basis.Nodes(c.target, s.least()) }

// widened is the shape with larger bounds where few nodes are.
func (c *cloud) widened(s shape) shape {
	least := s.least()
	even := c.basis.Even(little * slices.Max(c.basis.NodesAt(c.target, least)))
	out := shape{slices.Clone(s.base), s.slope, s.decades}
	for k := range out.base {
		at := len(even) - 1 - k
		out.base[k] += max(0, even[at]-least.Within[at])
	}
	return out
}

// region holds all of n draws, and what is beyond them to the last decade.
func (c *cloud) region(s shape, n int) lattice.Region {
	blocks := slices.Repeat([]float64{math.Inf(-1)}, (n+blockDraws-1)/blockDraws)
	c.each(1, n, func(i int, l []float64) {
		for k, v := range l {
			blocks[i/blockDraws] = max(blocks[i/blockDraws], (v-s.base[k])/s.slope[k])
		}
	})
	return s.region(slices.Max(blocks) + s.onward(float64(n)))
}

// each calls f with the lengths of n draws. Draws are made side by side, those of a stream always the same.
func (c *cloud) each(stream uint64, n int, f func(i int, lengths []float64)) {
	parallel.Blocks(n, blockDraws, 0, func(lo, hi int) {
		rng, sampler := rand.New(rand.NewPCG(stream, uint64(lo))), c.model.Sampler()
		_, width := c.rows.Dims()
		x, lengths := make([]float64, width), make([]float64, len(c.shift))
		counts, errors := x[:c.model.Dim()], x[c.model.Dim():]
		for i := lo; i < hi; i++ {
			sampler.Draw(rng, counts)
			for j := range errors {
				errors[j] = 2*rng.Float64() - 1
			}
			c.measure(x, lengths)
			f(i, lengths)
		}
	})
}

// measure are the squared lengths of x, counts and errors, along the last one, two, … directions.
func (c *cloud) measure(x, lengths []float64) {
	sum := 0.0
	for k := range lengths {
		y := floats.Dot(c.rows.RawRowView(k), x) - c.shift[k]
		sum += y * y
		lengths[k] = sum
	}
}
