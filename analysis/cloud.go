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
// Bounds on squared lengths have the shape base + s·slope, by depth: the lengths that one in 10^decades draws exceeds, and what they grew by in the last decade. The
// farthest of n other draws has a share of the belief beyond it that is 1/n on average. From there s goes on to where 10^-lastDecade is beyond, as squared lengths do
// whose tails are those of exponential variables, the heaviest that counts have: with the square of the decades.
const (
	drawnFrom   = 1 << 25 // nodes from which it is worth the time
	fewDraws    = 1 << 16 // for the shape, and for s
	manyDraws   = 1 << 20 // for s where manyFrom nodes are left: they bring it nearer
	manyFrom    = 1 << 28
	hopeNodes   = 1 << 33 // from where on they would not bring it near enough
	decades     = 4
	lastDecade  = 6.2
	blockDraws  = 1 << 12
	drawnWeight = 1.5 // of scores: where bounds follow the counts closely they weigh less than in a ball
)

// redraw replaces the ball by a region of fewer nodes, if draws find one, and says so.
func (b *ball) redraw() (replaced bool, err error) {
	if b.stretch > 1 || b.model.Sampler() == nil {
		return false, nil
	}
	c, err := newCloud(b, drawnWeight)
	if err != nil {
		return false, err
	}
	shape := c.shape()
	for _, n := range []int{fewDraws, manyDraws} {
		if region := c.region(shape, n); c.basis.Nodes(c.target, region) < b.estimate() {
			b.basis, b.target, b.region, replaced = c.basis, c.target, region, true
		}
		if left := b.estimate(); left < manyFrom || left > hopeNodes {
			break
		}
	}
	return replaced, nil
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

// shape is that of bounds on squared lengths, by depth.
type shape struct{ base, slope []float64 }

func (c *cloud) shape() shape {
	lengths := make([][]float64, fewDraws)
	c.each(0, fewDraws, func(i int, l []float64) { lengths[i] = slices.Clone(l) })
	out := shape{make([]float64, len(c.shift)), make([]float64, len(c.shift))}
	parallel.Blocks(len(c.shift), 1, 0, func(k, _ int) {
		column := make([]float64, fewDraws)
		for i, l := range lengths {
			column[i] = l[k]
		}
		slices.Sort(column)
		far := int(fewDraws * math.Pow10(-decades))
		base := column[fewDraws-1-far]
		out.base[k], out.slope[k] = base, max(base-column[fewDraws-1-10*far], 1e-9*base)
	})
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
	far := slices.Max(blocks) + onward(n)
	out, m := lattice.Region{Radius2: math.Inf(1)}, len(c.shift)
	for k := range m {
		out.Within = append(out.Within, s.base[m-1-k]+far*s.slope[m-1-k])
	}
	return out
}

// onward is how many slopes it is from the farthest of n draws to the last decade. A length that is the square of d decades grows by 2d − 1 in the last of them.
func onward(n int) float64 {
	reached := math.Log10(float64(n))
	return (lastDecade*lastDecade - reached*reached) / (2*decades - 1)
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
