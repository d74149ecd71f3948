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
// The bounds have the shape base + s·slope, by depth, from two quantiles of some draws, a decade apart. Of other draws the one farthest out decides the least s: the
// share of the belief beyond that is 1/mostDraws on average. The margin, most of one decade more, brings it to about 2e-7.
const (
	drawnFrom  = 1 << 26 // nodes from which it is worth the time
	mostDraws  = 1 << 20
	margin     = 0.75
	shapeDraws = 1 << 16
	tryDraws   = 1 << 12 // for the choice among weights of the scores
	blockDraws = 1 << 12
)

// drawnWeights are those of the scores: where bounds follow the counts closely, scores weigh less than in a ball.
var drawnWeights = []float64{1.5, 1.25, 2}

// redraw replaces the ball by a region of fewer nodes, if draws find one.
func (b *ball) redraw(draws int) error {
	if b.stretch > 1 || b.model.Sampler() == nil {
		return nil
	}
	var best *cloud
	fewest := min(b.estimate(), maxNodes)
	for _, w := range drawnWeights {
		c, err := newCloud(b, w)
		if err != nil {
			return err
		}
		region := c.region(c.shape(tryDraws, 2), tryDraws)
		if nodes := c.basis.Nodes(c.target, region); nodes < fewest {
			best, fewest = c, nodes
		}
	}
	if best == nil {
		return nil
	}
	region := best.region(best.shape(shapeDraws, 3), draws)
	if best.basis.Nodes(best.target, region) < b.estimate() {
		b.basis, b.target, b.region = best.basis, best.target, region
	}
	return nil
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

// shape has for base the lengths that one in 10^decades of so many draws exceeds, and a decade for slope.
func (c *cloud) shape(n, decades int) (s shape) {
	lengths := make([][]float64, n)
	c.each(0, n, func(i int, l []float64) { lengths[i] = slices.Clone(l) })
	decade, column := int(float64(n)*math.Pow10(-decades)), make([]float64, n)
	for k := range c.shift {
		for i, l := range lengths {
			column[i] = l[k]
		}
		slices.Sort(column)
		far, near := column[n-1-decade], column[n-1-10*decade]
		s.base, s.slope = append(s.base, far), append(s.slope, max(far-near, 1e-9*far))
	}
	return s
}

// region holds all of so many draws, and the margin.
func (c *cloud) region(s shape, n int) lattice.Region {
	far := slices.Repeat([]float64{math.Inf(-1)}, (n+blockDraws-1)/blockDraws)
	c.each(1, n, func(i int, l []float64) {
		for k, v := range l {
			far[i/blockDraws] = max(far[i/blockDraws], (v-s.base[k])/s.slope[k])
		}
	})
	out, m := lattice.Region{Radius2: math.Inf(1)}, len(c.shift)
	for k := range m {
		out.Within = append(out.Within, s.base[m-1-k]+(slices.Max(far)+margin)*s.slope[m-1-k])
	}
	return out
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
