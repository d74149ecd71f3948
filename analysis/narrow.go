package analysis

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"lbprobe/analysis/lattice"
	"lbprobe/probes/prior"
)

// A long walk is worth narrowing: a ball that holds x = (F z − t, w e/σ) but for a millionth is, along the few last directions of the walk, much wider
// than x is there. narrowFrom is the number of nodes from which that is done, and narrowed the share of the excluded mass that it may take.
const (
	narrowFrom = 1 << 20
	narrowed   = 0.5
)

// bound sets the region: the ball, narrowed if it has so many nodes, and fewer then. A narrowed ball leaves out less, and the bounds that narrow it the
// rest of what is excluded. A stretched ball is to reach farther than the belief, and stays whole.
func (b *ball) bound(radius prior.Ball, nodes float64) {
	const edge = 1 + 1e-6 // for the rounding of distances
	b.region = lattice.Region{Radius2: radius.Radius2 * b.stretch * edge}
	many := b.estimate()
	if b.stretch > 1 || many < nodes {
		return
	}
	envelopes := b.model.Envelopes()
	if len(envelopes) == 0 {
		return
	}
	whole := b.region
	b.region = lattice.Region{Radius2: (radius.Radius2 - radius.PerNat*math.Log1p(-narrowed)) * edge}
	for _, r2 := range within(b.basis.Directions(), envelopes, radius.Weight, narrowed*excluded) {
		b.region.Within = append(b.region.Within, r2*edge)
	}
	if b.estimate() > many {
		b.region = whole
	}
}

// within bounds |U x|² for the last one, two, … directions U of a walk, by the depth of the first of them: at most the mass excluded lies beyond any
// of the bounds. By Chernoff, and by e^(t|Ux|²) = E e^(√(2t) g·Ux) for a Gaussian g,
//
//	P(|U x|² > r²) ≤ e^(−t r²) E e^(t |U x|²) ≤ e^(−t r²) factor det(M)^-½ e^(t δ·M⁻¹δ),   M = 1 − 2t U S Uᵀ,
//
// with the envelope's spreads S and δ = U shift. An error of a score, symmetric and unimodal within ±√3 w, has e^(cost + κ w² λ²/2) for an envelope.
func within(directions *mat.Dense, envelopes []prior.Envelope, weight, excluded float64) []float64 {
	_, m := directions.Dims()
	bound := make([]float64, m)
	for _, e := range envelopes {
		for k, r2 := range newEllipsoids(directions, e, weight).bounds(excluded / float64(m)) {
			bound[k] = max(bound[k], r2)
		}
	}
	return bound
}

// ellipsoids are the envelope of x along the directions of a walk, the last one first: in each set of the first few it is the upper left part.
type ellipsoids struct {
	counts, errors *mat.Dense // U S Uᵀ, of counts and, for κ w² = 1, of errors
	shift          []float64
	factor, weight float64
	scores         int
}

func newEllipsoids(directions *mat.Dense, e prior.Envelope, weight float64) *ellipsoids {
	last := fromLast(directions)
	m, r := last.Dims()
	terms := len(e.Spread)
	counts, errors := last.Slice(0, m, 0, terms), last.Slice(0, m, terms, r)
	out := &ellipsoids{counts: new(mat.Dense), errors: new(mat.Dense), factor: e.Factor, weight: weight, scores: r - terms}
	var spread mat.Dense
	spread.Mul(counts, mat.NewDiagDense(terms, e.Spread))
	out.counts.Mul(&spread, counts.T())
	out.errors.Mul(errors, errors.T())
	var shift mat.VecDense
	shift.MulVec(counts, mat.NewVecDense(terms, e.Shift))
	out.shift = shift.RawVector().Data
	return out
}

// fromLast are directions by rows, the last one first.
func fromLast(directions *mat.Dense) *mat.Dense {
	r, m := directions.Dims()
	out := mat.NewDense(m, r, nil)
	for i := range m {
		out.SetRow(i, mat.Col(nil, m-1-i, directions))
	}
	return out
}

// The values of t and κ that are tried.
const stepT = 0.025

var kappas = []float64{1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4}

// bounds are the least r² whose excess has at most the given probability, by depth.
func (e *ellipsoids) bounds(excluded float64) []float64 {
	m := len(e.shift)
	least := slices.Repeat([]float64{math.Inf(1)}, m)
	spread := mat.NewDense(m, m, nil)
	for _, kappa := range kappas {
		spread.Scale(kappa*e.weight*e.weight, e.errors)
		spread.Add(spread, e.counts)
		log := math.Log(e.factor/excluded) + float64(e.scores)*errorCost(kappa)
		for t := stepT; t < 0.5; t += stepT {
			for i, moment := range logMoments(spread, e.shift, t) {
				least[m-1-i] = min(least[m-1-i], (moment+log)/t)
			}
		}
	}
	return least
}

// logMoments are −½ ln det M + t δ·M⁻¹δ for the first one, two, … rows and columns of M = 1 − 2t spread, as far as it is positive definite: by
// Cholesky's decomposition M = L Lᵀ, row by row, which also solves L y = δ.
func logMoments(spread *mat.Dense, shift []float64, t float64) (out []float64) {
	m := len(shift)
	l, y, sum := mat.NewDense(m, m+1, nil), make([]float64, 0, m), 0.0
	for i := range m {
		row, s := l.RawRowView(i), spread.RawRowView(i)
		for j := range i {
			above := l.RawRowView(j)
			v := -2 * t * s[j]
			for q, a := range above[:j] {
				v -= row[q] * a
			}
			row[j] = v / above[j]
		}
		pivot, rest := 1-2*t*s[i], shift[i]
		for q, a := range row[:i] {
			pivot -= a * a
			rest -= a * y[q]
		}
		if pivot < leastPivot {
			return out
		}
		row[i] = math.Sqrt(pivot)
		y = append(y, rest/row[i])
		sum += t*y[i]*y[i] - 0.5*math.Log(pivot)
		out = append(out, sum)
	}
	return out
}

// leastPivot is far above what rounding does to a pivot.
const leastPivot = 1e-6

// errorCost is the least c with E e^(λ U) ≤ e^(c + κ λ²/2) for every λ, U uniform of variance 1 – and so for every mixture of such that are narrower: the
// largest ln(sinh x/x) − κ x²/6, at the one x with coth x − 1/x = κ x/3.
func errorCost(kappa float64) float64 {
	if kappa >= 1 {
		return 0
	}
	lo, hi := 1e-3, 3/kappa
	for range 60 {
		if x := (lo + hi) / 2; 1/math.Tanh(x)-1/x > kappa*x/3 {
			lo = x
		} else {
			hi = x
		}
	}
	return math.Log(math.Sinh(hi)/hi) - kappa*hi*hi/6
}
