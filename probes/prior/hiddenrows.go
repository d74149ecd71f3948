package prior

import (
	"math"
	"slices"
)

// Marginal is that of law.
func (h *hidden) Marginal(u Unknown) PMF {
	if u.Group == PublicRows {
		return h.publicRange()
	}
	return h.part(u.Topic, h.seen[u.Topic][u.Group])
}

// PublicRowsOf is that of law.
func (h *hidden) PublicRowsOf(k int) PMF { return h.part(k, h.evidence[k]) }

// part is the distribution of public rows of a topic that stand for evidence a of the topic's: beta-binomial where it is there. It is worked out
// once.
func (h *hidden) part(k int, a float64) PMF {
	type key struct {
		topic    int
		evidence float64
	}
	if f, ok := h.parts.Load(key{k, a}); ok {
		return f.(PMF)
	}
	f := h.newPart(k, a)
	h.parts.Store(key{k, a}, f)
	return f
}

func (h *hidden) newPart(k int, a float64) PMF {
	public := fewOf(h.spec.Public)
	weights, parts := []float64{h.spec.Absent * float64(len(public))}, []PMF{Point(0)}
	for _, s := range h.with([]int{k}, h.but(k), fewSome) {
		for _, n := range public {
			weights, parts = append(weights, s.p), append(parts, betaBinomial(n, a, s.all-a))
		}
	}
	return Mix(weights, parts)
}

// PublicRowsSeen is that of law. The unseen rows are beta-binomial given the seen ones, here of a few pieces of their distribution each
// with its mean.
func (h *hidden) PublicRowsSeen(k, lo, hi int, seen func(x int) float64) PMF {
	f := h.Marginal(Unknown{Topic: k}).Reweighted(func(x int) float64 {
		if x < lo || x > hi {
			return math.Inf(-1)
		}
		return seen(x)
	})
	if h.unseen[k] == 0 {
		return f
	}
	rest := h.with([]int{k}, h.but(k), 1)[0].all - h.evidence[k]
	gone := f.At(0) * h.missing(k, h.seen[k][0])
	parts := []PMF{{0, []float64{gone}}}
	if f.Lo == 0 {
		f = PMF{0, slices.Clone(f.P)}
		f.P[0] -= gone
	}
	const pieces = 12
	size := (len(f.P) + pieces - 1) / pieces
	for at := 0; at < len(f.P); at += size {
		piece := PMF{f.Lo + at, f.P[at:min(at+size, len(f.P))]}
		left := h.middle() - float64(piece.Lo) - float64(len(piece.P))/2
		parts = append(parts, convolved(piece, betaBinomial(max(0, int(left)), h.unseen[k], rest)))
	}
	return Mix(slices.Repeat([]float64{1}, len(parts)), parts)
}

// convolved is the distribution of a sum; what weighs next to nothing is left out.
func convolved(f, g PMF) PMF {
	out := PMF{f.Lo + g.Lo, make([]float64, len(f.P)+len(g.P)-1)}
	for i, p := range f.P {
		if p < 1e-12 {
			continue
		}
		for j, q := range g.P {
			out.P[i+j] += p * q
		}
	}
	return out
}

// missing is the chance that a topic is missing, given that it has none of the public rows that stand for evidence a.
func (h *hidden) missing(k int, a float64) float64 {
	none, n := 0.0, h.middle()
	for _, s := range h.with([]int{k}, h.but(k), fewSome) {
		if b := s.all - a; b > 0 {
			none += s.p * math.Exp(lgamma(b+n)-lgamma(b)+lgamma(s.all)-lgamma(s.all+n))
		}
	}
	if h.spec.Absent == 0 {
		return 0
	}
	return h.spec.Absent / (h.spec.Absent + none)
}

// PublicRowsAt is that of law: the unseen rows of all topics that are there are Dirichlet-multinomial.
func (h *hidden) PublicRowsAt(k int, counts [][]int, n int) PMF {
	x, unseen := counts[k][0], n
	var there, open []int
	for l, c := range counts {
		unseen -= c[0]
		switch {
		case l == k:
		case c[0] > 0:
			there = append(there, l)
		default:
			open = append(open, l)
		}
	}
	var logs []float64
	var parts []PMF
	for _, s := range h.with(append(there, k), open, fewSome) {
		logs, parts = append(logs, s.log(n, unseen)), append(parts, shifted(betaBinomial(unseen, h.unseen[k], s.unseen-h.unseen[k]), x))
	}
	if x == 0 && h.spec.Absent > 0 {
		for _, s := range h.with(there, open, fewSome) {
			logs, parts = append(logs, math.Log(h.spec.Absent)+s.log(n, unseen)), append(parts, Point(0))
		}
	}
	most := slices.Max(logs)
	for i := range logs {
		logs[i] = math.Exp(logs[i] - most)
	}
	return Mix(logs, parts)
}

func shifted(f PMF, by int) PMF { return PMF{f.Lo + by, f.P} }
