package prior

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// hidden is the belief about a test whose rows are not known by topic. Each topic is missing with the chance absent, whatever the others.
// Of those that are there the cells (topic, class) of any number of rows are Dirichlet-multinomial:
//
//	P(x | n, S) = n! Γ(A_S)/Γ(A_S + n) Π_kc Γ(α_kc + x_kc)/(Γ(α_kc) x_kc!),   A_S = Σ_{k in S} A_k,
//
// which is that of independent negative binomials of shapes α_kc given their sum, whatever the scale that they have in common. Cells may be
// added up, and so may their shapes: the unseen rows of all topics are one more cell, so that masses are exact where classes are
// unseen too.
type hidden struct {
	*frame
	seen     [][]float64 // α by topic and group
	unseen   []float64   // of the classes in no group
	evidence []float64   // A_k, of all classes

	first  []float64      // E 1/A_S where topic k is in S
	second [][]float64    // E 1/(A_S (A_S + 1)) where topics k and l are
	form   [][]cell       // terms of Form
	parts  sync.Map       // of part
	tails  func() []class // for Radius, made when first asked for
	mean   *mat.VecDense  // of Gaussian
	cov    *mat.SymDense
}

func newHidden(f *frame) (*hidden, error) {
	s := f.spec
	switch {
	case s.Public[0] < 1 || s.Public[1] < s.Public[0] || s.Public[1] > s.Rows[1] || s.Rows[1] < s.Rows[0]:
		return nil, fmt.Errorf("public rows %d to %d do not fit a test of %d to %d rows", s.Public[0], s.Public[1], s.Rows[0], s.Rows[1])
	case !(s.Absent >= 0 && s.Absent < 1):
		return nil, fmt.Errorf("a chance of %v that a topic is missing is not at least 0 and below 1", s.Absent)
	case len(s.Alpha) == 0:
		return nil, fmt.Errorf("a hidden test needs evidence of its topics")
	}
	h := &hidden{frame: f}
	for k, alpha := range s.Alpha {
		seen, unseen := f.evidenceOf(k)
		h.seen, h.unseen, h.evidence = append(h.seen, seen), append(h.unseen, unseen), append(h.evidence, floats.Sum(alpha))
	}
	h.first, h.second = h.shares()
	h.mean, h.cov = h.moments()
	h.form = h.cells()
	h.tails = sync.OnceValue(h.newTails)
	return h, nil
}

// some are sets of topics that are there, taken together: their probability, and the evidence of all and of the unseen classes of those topics.
type some struct{ p, all, unseen float64 }

// mostSome is how many sets of present topics are told apart where it matters which they are, and fewSome where they are only averaged over.
const (
	mostSome = 1 << 10
	fewSome  = 8
)

// with lists the sets in which the given topics are there and each open one is or is not. Sets of about the same evidence are merged when
// they are more than so many: what hangs on them is a smooth function of it.
func (h *hidden) with(there, open []int, most int) []some {
	first := some{p: 1}
	for _, k := range there {
		first = some{first.p * (1 - h.spec.Absent), first.all + h.evidence[k], first.unseen + h.unseen[k]}
	}
	out := []some{first}
	for _, k := range open {
		var next []some
		for _, s := range out {
			next = append(next, some{s.p * (1 - h.spec.Absent), s.all + h.evidence[k], s.unseen + h.unseen[k]})
		}
		if h.spec.Absent > 0 {
			for _, s := range out {
				next = append(next, some{s.p * h.spec.Absent, s.all, s.unseen})
			}
		}
		out = merged(next, most)
	}
	return out
}

// merged takes those together that fall into the same of so many steps of the evidence, if they are more. They are sorted by it.
func merged(sets []some, most int) []some {
	if len(sets) <= most {
		slices.SortFunc(sets, func(a, b some) int { return cmp.Compare(a.all, b.all) })
		return sets
	}
	top := 0.0
	for _, s := range sets {
		top = max(top, s.all)
	}
	steps := make([]some, most)
	for _, s := range sets {
		i := min(most-1, int(s.all/top*float64(most)))
		steps[i] = steps[i].and(s)
	}
	return slices.DeleteFunc(steps, func(s some) bool { return s.p == 0 })
}

// and is the mixture of two, with the mean evidence.
func (s some) and(o some) some {
	p := s.p + o.p
	if p == 0 {
		return some{}
	}
	return some{p, (s.p*s.all + o.p*o.all) / p, (s.p*s.unseen + o.p*o.unseen) / p}
}

// but are all topics less some.
func (h *hidden) but(topics ...int) []int {
	var out []int
	for k := range h.evidence {
		if !slices.Contains(topics, k) {
			out = append(out, k)
		}
	}
	return out
}

// logMass is LogMass of a point of the support: exact, but for sets of present topics that are merged where more than ten have no seen row.
func (h *hidden) logMass(counts [][]int, n int) float64 {
	l, unseen := 0.0, n
	var there, open []int
	for k, c := range counts {
		rows := 0
		for g, x := range c {
			l += lgamma(h.seen[k][g]+float64(x)) - lgamma(h.seen[k][g]) - lgamma(float64(x)+1)
			rows += x
		}
		unseen -= rows
		if rows > 0 {
			there = append(there, k)
		} else {
			open = append(open, k)
		}
	}
	sets := h.with(there, open, mostSome)
	logs := make([]float64, len(sets))
	for i, s := range sets {
		logs[i] = s.log(n, unseen)
	}
	return l + floats.LogSumExp(logs)
}

// log is what of ln P(x | n, S) hangs on the set S, n being the public rows and unseen those of them that no unknown counts. No topic at
// all can't have rows.
func (s some) log(n, unseen int) float64 {
	if s.all == 0 || s.unseen == 0 && unseen > 0 {
		return math.Inf(-1)
	}
	N, m := float64(n), float64(unseen)
	l := math.Log(s.p) + lgamma(N+1) + lgamma(s.all) - lgamma(s.all+N)
	if unseen > 0 {
		l += lgamma(s.unseen+m) - lgamma(s.unseen) - lgamma(m+1)
	}
	return l
}
