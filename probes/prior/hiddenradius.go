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
func (h *hidden) Radius(scores int, excluded float64) (out Ball) {
	classes := h.tails()
	best, fewest := hiddenStart, math.Inf(1)
	try := func(i int) bool {
		w := hiddenWeights[i]
		r2 := reach(classes, uniformSquares(w).power(scores), excluded/2)
		points := h.points(r2, w, scores)
		if points >= fewest && i != hiddenStart {
			return false
		}
		best, fewest, out = i, points, Ball{Radius2: r2, Weight: w}
		return true
	}
	try(hiddenStart)
	for best+1 < len(hiddenWeights) && try(best+1) {
	}
	for best <= hiddenStart && best > 0 && try(best-1) {
	}
	return out
}

// Envelopes is that of law: none are known.
func (h *hidden) Envelopes() []Envelope { return nil }

// points is the logarithm of the number of lattice points in a ball, up to a constant.
func (h *hidden) points(radius2, weight float64, scores int) float64 {
	return 0.5*float64(h.Dim())*math.Log(radius2) - float64(scores)*math.Log(weight)
}

// hiddenWeights that scores may have: where counts have heavy tails the ball is large, and scores may weigh more. The number of points falls and then
// rises with the weight; the search goes from hiddenStart, which is often the best, to where it is least.
var hiddenWeights = []float64{1, 1.5, 2, 2.5, 3, 4}

const hiddenStart = 4

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
func reach(classes []class, errors spectrum, excluded float64) float64 {
	sum := make([]float64, gridSize)
	for _, c := range classes {
		least := slices.Repeat([]float64{1}, gridSize)
		for _, b := range c.bounds {
			for i, v := range b.spectrum.times(errors).tail() {
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
	total float64 // evidence of all topics
	// A sum of that evidence spreads by one part in its root: classes are no further apart, and scales, whose radius hardly hangs on it, by three of them.
	classes float64            // number of equal parts of the evidence
	step    float64            // ratio of scales
	counts  [][]count          // by topic and group
	there   map[int][]spectrum // each topic's terms of D, where it is there, by scale as far as it was asked for
	gone    []spectrum         // where it is missing
	n       spectrum           // the term of n
}

func (h *hidden) newBounder() *bounder {
	b := &bounder{hidden: h, total: floats.Sum(h.evidence), there: map[int][]spectrum{}}
	root := math.Sqrt(b.total)
	b.classes, b.step = math.Max(24, root), 1+math.Min(0.2, 3/root)
	for k, groups := range h.form {
		b.gone = append(b.gone, point(h.gone(k)))
		var counts []count
		for _, c := range groups {
			counts = append(counts, newCount(c, h.spec.Public[1]))
		}
		b.counts = append(b.counts, counts)
	}
	if b.n = unit(); !h.known {
		b.n = uniformSquares(1)
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
				b.there[i] = b.topicSpectra(all)
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
func (b *bounder) topicSpectra(all float64) []spectrum {
	out, p := make([]spectrum, len(b.counts)), make([]float64, gridSize)
	for k, groups := range b.counts {
		for g := range groups {
			groups[g].placed(p, all)
			if s := transform(p); g == 0 {
				out[k] = s
			} else {
				out[k] = out[k].times(s)
			}
		}
	}
	return out
}

// count is one of n public rows, negative binomial on some scale, with its term of D.
type count struct {
	cell
	n      int
	ratios []float64 // (α+x)/(x+1): of the masses at x+1 and x but for the odds
}

func newCount(c cell, n int) count {
	out := count{c, n, make([]float64, n)}
	for x := range out.ratios {
		out.ratios[x] = (c.alpha + float64(x)) / float64(x+1)
	}
	return out
}

// placed is the distribution of its term on the scale on which evidence all expects n. It goes out from the mode, up to n, as far as anything is left.
func (c *count) placed(p []float64, all float64) {
	clear(p)
	odds := float64(c.n) / (float64(c.n) + all)
	mode := max(0, min(c.n, int((c.alpha-1)*odds/(1-odds))))
	place(p, c.term(mode, c.n), 1)
	sum := 1.0
	for x, v := mode, 1.0; x < c.n && v >= negligible; x++ {
		v *= c.ratios[x] * odds
		sum += v
		place(p, c.term(x+1, c.n), v)
	}
	for x, v := mode-1, 1.0; x >= 0 && v >= negligible; x-- {
		v /= c.ratios[x] * odds
		sum += v
		place(p, c.term(x, c.n), v)
	}
	for i := range p {
		p[i] /= sum
	}
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
