package analysis

import (
	"errors"
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
// Bounds on squared lengths have the shape base + s·slope, by depth: the lengths that one in thousands of draws exceeds, and what they grew by in the last decade. Where the
// walk visits little they are as wide as costs little. How large s must be for other draws is told by how the largest of theirs lie. Both tails are followed beyond the draws
// as squared lengths grow whose tails are those of exponential variables, the heaviest that counts have: with the square of the decades.
const (
	drawnFrom  = 1 << 25 // nodes from which it is worth the time
	soonNodes  = 1 << 24 // that need no other weight
	hopeNodes  = 1 << 33 // from where on it is hopeless
	byWeight   = 1 << 4  // times fewer at most, by another weight
	leastDraws = 1 << 14
	shapeDraws = 1 << 16 // at most for the shape
	mostDraws  = 1 << 20 // for s
	drawNodes  = 1 << 8  // for each of which there is a draw
	blockDraws = 1 << 12
	lastDecade = 6.2
	little     = 1.0 / 32 // of the most nodes that are visited at any depth
)

// weights are those of scores that are tried: where bounds follow the counts closely they weigh less than in a ball.
var weights = []float64{1.5, 1.25, 1.75}

// redraw replaces the ball by a region of fewer nodes, if draws find one, and says so.
func (b *ball) redraw() (replaced bool, err error) {
	if b.stretch > 1 || b.model.Sampler() == nil {
		return false, nil
	}
	c, hope, err := b.best()
	if err != nil || hope > hopeNodes {
		return false, err
	}
	region := c.region(hope)
	if c.basis.Nodes(c.target, region) >= b.estimate() {
		return false, nil
	}
	b.basis, b.target, b.region = c.basis, c.target, region
	return true, nil
}

// best is the cloud of the weight that promises fewest nodes, and how many.
func (b *ball) best() (*cloud, float64, error) {
	clouds, errs := make([]*cloud, len(weights)), make([]error, len(weights))
	hopes := slices.Repeat([]float64{math.Inf(1)}, len(weights))
	try := func(i int) {
		if clouds[i], errs[i] = newCloud(b, weights[i]); errs[i] == nil {
			hopes[i] = clouds[i].hope(clouds[i].shape(leastDraws))
		}
	}
	if try(0); hopes[0] > soonNodes && hopes[0] < byWeight*hopeNodes {
		parallel.Blocks(len(weights)-1, 1, 0, func(i, _ int) { try(i + 1) })
	}
	i := floats.MinIdx(hopes)
	return clouds[i], hopes[i], errors.Join(errs...)
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
type shape []tail

// tail is how the farthest of draws lie: one in 10^decades is beyond base, which grew by slope in the last decade.
type tail struct{ base, slope, decades float64 }

// last is where 10^-lastDecade is beyond, if the tail goes on as the square of the decades, of which d grow by 2d − 1 in the last.
func (t tail) last() float64 {
	return t.base + t.slope*(lastDecade*lastDecade-t.decades*t.decades)/(2*t.decades-1)
}

// shape is found by n draws.
func (c *cloud) shape(n int) (s shape) {
	for _, t := range c.tails(0, n, len(c.shift), func(lengths []float64) []float64 { return lengths }) {
		t.slope = max(t.slope, 1e-9*t.base)
		s = append(s, t)
	}
	return s
}

// tails are those of so many values of a draw.
func (c *cloud) tails(stream uint64, n, values int, of func(lengths []float64) []float64) []tail {
	farthest := make([][]top, (n+blockDraws-1)/blockDraws)
	for i := range farthest {
		farthest[i] = make([]top, values)
	}
	c.each(stream, n, func(i int, lengths []float64) {
		for k, v := range of(lengths) {
			farthest[i/blockDraws][k].add(v)
		}
	})
	out := make([]tail, values)
	for k := range out {
		all := &farthest[0][k]
		for _, block := range farthest[1:] {
			for _, v := range block[k].values {
				all.add(v)
			}
		}
		out[k] = all.tail(n)
	}
	return out
}

// top keeps the largest of the values that are added, in ascending order: the farthest, and from there a decade down.
type top struct{ values []float64 }

const (
	farther   = 6             // values than the base of a tail
	exceeding = farther + 0.5 // of as many are beyond it, on average
	kept      = 10 * exceeding
)

func (t *top) add(v float64) {
	if len(t.values) < kept {
		at, _ := slices.BinarySearch(t.values, v)
		t.values = slices.Insert(t.values, at, v)
	} else if v > t.values[0] {
		at, _ := slices.BinarySearch(t.values, v)
		copy(t.values, t.values[1:at])
		t.values[at-1] = v
	}
}

// tail is that of n values.
func (t *top) tail(n int) tail {
	base := t.values[kept-1-farther]
	return tail{base, base - t.values[0], math.Log10(float64(n) / exceeding)}
}

// reaching is the region of so many slopes.
func (s shape) reaching(slopes float64) lattice.Region {
	return s.region(func(t tail) float64 { return t.base + slopes*t.slope })
}

// least is the region to the last decade, if each bound were the only one.
func (s shape) least() lattice.Region { return s.region(tail.last) }

// region has the bounds in the order of lattice.Region: that on all directions first.
func (s shape) region(bound func(tail) float64) lattice.Region {
	out := lattice.Region{Radius2: math.Inf(1)}
	for _, t := range slices.Backward(s) {
		out.Within = append(out.Within, bound(t))
	}
	return out
}

// region leaves out 10^-lastDecade of the belief, as draws tell: the more of them the more nodes are hoped for.
func (c *cloud) region(hope float64) lattice.Region {
	n := leastDraws
	for n < mostDraws && float64(n)*drawNodes < hope {
		n *= 2
	}
	s := c.widened(c.shape(min(n, shapeDraws)))
	return s.reaching(c.slopes(s, n).last())
}

// hope is about how many nodes a region has at least.
func (c *cloud) hope(s shape) float64 { return c.basis.Nodes(c.target, s.least()) }

// widened is the shape with larger bounds where few nodes are.
func (c *cloud) widened(s shape) shape {
	least := s.least()
	even := c.basis.Even(little * slices.Max(c.basis.NodesAt(c.target, least)))
	out := slices.Clone(s)
	for k := range out {
		at := len(even) - 1 - k
		out[k].base += max(0, even[at]-least.Within[at])
	}
	return out
}

// slopes are how many of them hold n other draws.
func (c *cloud) slopes(s shape, n int) tail {
	return c.tails(1, n, 1, func(lengths []float64) []float64 {
		most := math.Inf(-1)
		for k, v := range lengths {
			most = max(most, (v-s[k].base)/s[k].slope)
		}
		return []float64{most}
	})[0]
}

// each calls f with the lengths of n draws. Draws are made side by side, those of a stream always the same.
func (c *cloud) each(stream uint64, n int, f func(i int, lengths []float64)) {
	parallel.Blocks(n, blockDraws, 0, func(lo, hi int) {
		rng, sampler := rand.New(rand.NewPCG(stream, uint64(lo))), c.model.Sampler()
		_, width := c.rows.Dims()
		x, lengths := make([]float64, width), make([]float64, len(c.shift))
		counts, off := x[:c.model.Dim()], x[c.model.Dim():]
		for i := lo; i < hi; i++ {
			sampler.Draw(rng, counts)
			for j := range off {
				off[j] = 2*rng.Float64() - 1
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
