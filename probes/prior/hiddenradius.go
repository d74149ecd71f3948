package prior

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// Radius is that of law. Given the set S of present topics the counts are independent negative binomials given their sum n, whatever the scale u
// that they have in common: so for every u
//
//	P(D > R² | n, S) ≤ P_u(D > R² | S) max_m P_u(m | S)/P_u(n | S)
//
// if no count has so large a part in the sum that the others do not spread it; twice that is allowed for. The tail of D on the right is that of a
// sum of independent terms, by Fourier's transform. A small u serves best far out, where one count is so large that the others must be small.
// Sets are taken together in classes.
func (h *hidden) Radius(scores int, excluded float64) (radius2, weight float64) {
	classes, g := h.tails(), newGrid()
	radius2, weight = math.Inf(1), 1
	fewest := radius2
	for _, w := range hiddenWeights {
		r2 := g.reach(classes, g.uniformSquares(w).power(scores), excluded/2)
		if points := 0.5*float64(h.Dim())*math.Log(r2) - float64(scores)*math.Log(w); points < fewest {
			fewest, radius2, weight = points, r2, w
		}
	}
	return radius2, weight
}

// hiddenWeights that scores may have: where counts have heavy tails the ball is large, and scores may weigh more.
var hiddenWeights = []float64{1, 1.5, 2, 2.5, 3, 4}

// class holds sets S of present topics that lack about as much evidence. Within it topics are taken to be missing independently, with odds that make
// the evidence expected to lack as much as that of any of its sets.
type class struct {
	p      float64 // P(S in the class)
	bounds []bound // by u
}

// bound is the spectrum of D for some u, and max P_u(m)/P_u(n).
type bound struct {
	spectrum spectrum
	factor   float64
}

// reach is the least R² for which the bound is low enough, errors being the spectrum of what is added to D; +Inf where the grid ends before.
func (g grid) reach(classes []class, errors spectrum, excluded float64) float64 {
	sum := make([]float64, gridSize)
	for _, c := range classes {
		least := slices.Repeat([]float64{1}, gridSize)
		for _, b := range c.bounds {
			for i, v := range g.tail(b.spectrum.times(errors)) {
				least[i] = min(least[i], b.factor*max(v, rounding))
			}
		}
		floats.AddScaled(sum, c.p, least)
	}
	for i, v := range sum {
		if v <= excluded {
			return float64(i) * gridStep
		}
	}
	return math.Inf(1)
}

// What is rarer than rarest is one class more. Scales are of use while their factor is not above mostFactor. Probabilities by Fourier's transform
// are right to about rounding.
const (
	rarest     = 1e-8
	mostFactor = 1e6
	rounding   = 1e-15
)

// newTails sorts the sets of present topics into classes and bounds each.
func (h *hidden) newTails() (out []class) {
	b := h.newBounder()
	sets := h.with(nil, h.but(), int(8*b.classes)) // by rising evidence
	if sets[0].all == 0 {
		sets = sets[1:] // no topic at all can't have rows
	}
	step := func(i int) float64 { return math.Round(sets[i].all / b.total * b.classes) }
	for at := 0; at < len(sets); {
		from, p := at, 0.0
		for ; at < len(sets) && (p < rarest || step(at) == step(at-1)); at++ {
			p += sets[at].p
		}
		out = append(out, class{p, b.bounds(sets[from].all, sets[at-1].all)})
	}
	return out
}

// bounder makes the bounds of classes.
type bounder struct {
	*hidden
	grid  grid
	total float64 // evidence of all topics
	// A sum of that evidence spreads by one part in its root: classes and scales are no further apart.
	classes float64            // number of equal parts of the evidence
	step    float64            // ratio of scales
	there   map[int][]spectrum // each topic's terms of D, where it is there, by scale as far as it was asked for
	gone    []spectrum         // where it is missing
	n       spectrum           // the term of n
}

func (h *hidden) newBounder() *bounder {
	b := &bounder{hidden: h, grid: newGrid(), total: floats.Sum(h.evidence), there: map[int][]spectrum{}}
	root := math.Sqrt(b.total)
	b.classes, b.step = math.Max(24, root), 1+math.Min(0.1, 1.5/root)
	for k := range h.form {
		b.gone = append(b.gone, b.grid.point(h.gone(k)))
	}
	if b.n = b.grid.unit(); !h.known {
		b.n = b.grid.uniformSquares(1)
	}
	return b
}

// bounds are those of sets whose evidence is from lo to hi.
func (b *bounder) bounds(lo, hi float64) (out []bound) {
	n := b.spec.Public[1]
	absent := b.lacking(b.total - lo)
	start := int(math.Round(math.Log(b.total/lo) / math.Log(b.step)))
	for i := start + 1; ; i-- {
		all := b.total * math.Pow(b.step, -float64(i))
		factor := max(peak(n, lo, all), peak(n, hi, all))
		switch {
		case factor <= mostFactor:
			if b.there[i] == nil {
				b.there[i] = b.topicSpectra(b.grid, all)
			}
			s := slices.Clone(b.n)
			for k, t := range b.there[i] {
				s.add(t, b.gone[k], absent[k])
			}
			out = append(out, bound{s, factor})
		case i < start:
			return out
		}
	}
}

// peak is how much likelier than n the likeliest sum of negative binomials is, whose shapes sum to evidence, and whose scale is that on which evidence
// all expects n.
func peak(n int, evidence, all float64) float64 {
	odds := float64(n) / (float64(n) + all)
	mode := math.Max(0, math.Floor((evidence-1)*odds/(1-odds)))
	log := func(m float64) float64 { return lgamma(evidence+m) - lgamma(m+1) + m*math.Log(odds) }
	return math.Exp(log(mode) - log(float64(n)))
}

// topicSpectra are those of each topic's terms of D, where it is there.
func (h *hidden) topicSpectra(g grid, all float64) []spectrum {
	n := h.spec.Public[1]
	out := make([]spectrum, len(h.form))
	for k, groups := range h.form {
		out[k] = g.unit()
		for _, c := range groups {
			p := make([]float64, gridSize)
			f := negativeBinomialUpTo(n, c.alpha, all)
			for i, v := range f.P {
				place(p, c.term(f.Lo+i, n), v)
			}
			out[k] = out[k].times(g.transform(p))
		}
	}
	return out
}

// gone is what a missing topic adds to D.
func (h *hidden) gone(k int) (d float64) {
	for _, c := range h.form[k] {
		d += c.term(0, h.spec.Public[1])
	}
	return d
}

// term is that of x of n rows in D.
func (c cell) term(x, n int) float64 {
	d := float64(x) - float64(n)*c.share
	return d * d / c.variance
}

// negativeBinomialUpTo is a count of that shape, on the scale on which evidence all expects n, up to n.
func negativeBinomialUpTo(n int, shape, all float64) PMF {
	odds := float64(n) / (float64(n) + all)
	mode := max(0, min(n, int((shape-1)*odds/(1-odds))))
	return fromRatios(n, mode, true, func(x int) float64 { return (shape + float64(x)) / float64(x+1) * odds })
}

// lacking are the chances that topics are missing if the evidence is expected to lack so much, their odds being e^(θ A_k) times those of the prior.
func (h *hidden) lacking(evidence float64) []float64 {
	at := func(theta float64) (absent []float64, mean float64) {
		for _, a := range h.evidence {
			w := h.spec.Absent * math.Exp(theta*a)
			absent = append(absent, w/(1-h.spec.Absent+w))
			mean += a * absent[len(absent)-1]
		}
		return absent, mean
	}
	most := 50 / slices.Max(h.evidence)
	lo, hi := -most, most
	for range 50 {
		if _, mean := at((lo + hi) / 2); mean < evidence {
			lo = (lo + hi) / 2
		} else {
			hi = (lo + hi) / 2
		}
	}
	absent, _ := at(hi)
	return absent
}
