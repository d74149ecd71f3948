package prior

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// Elsewhere is that of law, the rows elsewhere being one more sample of the same test: beta-binomial given the public rows of a topic that is there.
func (h *hidden) Elsewhere(k int, public PMF) PMF { return h.predicted(k, public, 0) }

// Total is that of law: the public rows and what they predict of the others.
func (h *hidden) Total(k int, public PMF) PMF { return h.predicted(k, public, 1) }

// FewElsewhere is that of law, without the whole distribution.
func (h *hidden) FewElsewhere(k int, public PMF, below int) float64 {
	few, all := 0.0, 0.0
	for _, p := range h.predictions(k, public) {
		all += p.weight
		if p.rows == 0 {
			few += p.weight * Point(0).Below(below)
		} else {
			few += p.weight * betaBinomialBelow(below, p.rows, p.a, p.b)
		}
	}
	return few / all
}

// predicted is the distribution of a topic's rows elsewhere, plus so many times its public rows.
func (h *hidden) predicted(k int, public PMF, times int) PMF {
	var weights []float64
	var parts []PMF
	for _, p := range h.predictions(k, public) {
		part := Point(0)
		if p.rows > 0 {
			part = betaBinomial(p.rows, p.a, p.b)
		}
		weights, parts = append(weights, p.weight), append(parts, shifted(part, times*p.at))
	}
	return Mix(weights, parts)
}

// prediction is of a topic's rows elsewhere for so many public ones: beta-binomial among rows, with evidence a of the topic and b of the others. Without
// rows there are none: elsewhere, or of a topic that is missing.
type prediction struct {
	weight   float64
	at, rows int
	a, b     float64
}

// predictions are those of all public rows that a topic may have, the topic that is missing first.
func (h *hidden) predictions(k int, public PMF) []prediction {
	sets, sizes := h.with([]int{k}, h.but(k), fewSome), h.elsewhere()
	gone := public.At(0) * h.missing(k, h.evidence[k])
	out := []prediction{{weight: gone * float64(len(sizes))}}
	n := int(h.middle())
	for _, x := range public.steps() {
		weight := x.p
		if x.at == 0 {
			weight -= gone
		}
		others := max(n-x.at, 0)
		a, b := h.evidence[k]+float64(x.at), h.others(k, sets, x.at, others)+float64(others)
		for _, rows := range sizes {
			out = append(out, prediction{weight, x.at, rows, a, b})
		}
	}
	return out
}

// others is the expected evidence of the other topics that are there, given the public rows of one and those of all others.
func (h *hidden) others(k int, sets []some, rows, others int) float64 {
	weights, mean := make([]float64, len(sets)), 0.0
	for i, s := range sets {
		b := s.all - h.evidence[k]
		switch {
		case b > 0:
			weights[i] = math.Log(s.p) + logBetaBinomial(rows, rows+others, h.evidence[k], b)
		case others > 0:
			weights[i] = math.Inf(-1)
		default:
			weights[i] = math.Log(s.p)
		}
	}
	total := floats.LogSumExp(weights)
	for i, s := range sets {
		mean += math.Exp(weights[i]-total) * (s.all - h.evidence[k])
	}
	return mean
}

// elsewhere are numbers of rows that are not public.
func (h *hidden) elsewhere() []int {
	return fewOf([2]int{max(0, h.spec.Rows[0]-h.spec.Public[1]), max(0, h.spec.Rows[1]-h.spec.Public[0])})
}

// fewOf are values that stand for a range of sample sizes: its middle, or several if it is so wide that they matter.
func fewOf(r [2]int) []int {
	lo, hi := r[0], r[1]
	const parts, wide = 5, 0.05
	if float64(hi-lo) <= wide*float64(hi) {
		return []int{(lo + hi) / 2}
	}
	var out []int
	for i := range parts {
		if v := lo + (hi-lo)*i/(parts-1); len(out) == 0 || v > out[len(out)-1] {
			out = append(out, v)
		}
	}
	return out
}

// mass is the probability of one value.
type mass struct {
	at int
	p  float64
}

// steps is the mass function on some of its values, each with the mass of its neighbourhood, which is about as wide as the spread of a sample
// that has as many rows; 0 stands for itself alone.
func (f PMF) steps() []mass {
	const least = 1e-12
	var out []mass
	for i := 0; i < len(f.P); {
		x := f.Lo + i
		size := min(1+int(1.5*math.Sqrt(float64(x))), len(f.P)-i)
		m := mass{at: x + size/2}
		for _, p := range f.P[i : i+size] {
			m.p += p
		}
		if m.p > least {
			out = append(out, m)
		}
		i += size
	}
	return out
}
