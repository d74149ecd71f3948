package evidence

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// scales returns better values of overdispersion and drift for the classes as they are tilted now.
//
// The overdispersion φ enters the log likelihood as -½ ln|K(φ)| - KL/φ (the rest is at its minimum, so its slope in φ is nothing), and with d
// the trace of K⁻¹ times the label part of K the maximum is at φ = 2 KL/d, here with the prior's readings added to both (the fixed point of
// MacKay, Neural Computation 4 (1992) 415). The drift is searched on a line.
func (f *fitter) scales(s *state) (over, drift float64) {
	s.labelled = f.labelled(s)
	over = (2*s.meeting.relative + priorReadings*priorOver) / (s.labelled + priorReadings)
	if !f.drifting {
		return over, 0
	}
	off := f.off(s)
	bare := f.covariance(s.moments, f.around(s.moments, 0), s.over)
	slope := f.covariance(s.moments, f.around(s.moments, 1), s.over)
	minus := mat.NewSymDense(len(f.readings), nil)
	minus.ScaleSym(-1, bare)
	slope.AddSym(slope, minus) // per unit of the drift squared, in which the covariance is linear
	at := func(x float64) float64 { return likelihood(bare, slope, off, math.Exp(x)) }
	none := likelihood(bare, slope, off, 0)
	x, best := climb(at, math.Log(leastDrift), math.Log(mostDrift))
	if best <= none {
		s.logLR = 0
		return over, 0
	}
	s.logLR = best - none
	return over, math.Exp(x)
}

// The prior of the drift is half a normal distribution of this width: public and private odds of a class differ by some per cent, where they do.
const priorDrift = 0.1

func logPriorDrift(drift float64) float64 { return -drift * drift / (2 * priorDrift * priorDrift) }

// A drift below the least is none, and no more than the most is looked for.
const (
	leastDrift = 1e-3
	mostDrift  = 1
)

// climb finds the maximum of a function with one peak between lo and hi by golden section, to 0.03.
func climb(f func(float64) float64, lo, hi float64) (x, best float64) {
	const golden = 0.6180339887498949
	a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
	fa, fb := f(a), f(b)
	for hi-lo > 0.03 {
		if fa >= fb {
			hi, b, fb = b, a, fa
			a = hi - golden*(hi-lo)
			fa = f(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + golden*(hi-lo)
			fb = f(b)
		}
	}
	if fa >= fb {
		return a, fa
	}
	return b, fb
}

// labelled is the trace of K⁻¹ times the label part of K, the number of independent things that the readings tell of the labels.
func (f *fitter) labelled(s *state) float64 {
	n := len(f.readings)
	part := f.covariance(s.moments, mat.NewSymDense(n, nil), s.over)
	var labels mat.Dense
	if !solved(s.factor.SolveTo(&labels, part)) {
		return float64(n)
	}
	return min(max(mat.Trace(&labels), 0), float64(n))
}

// off is what the readings lie off the pool: their covariance times their weights.
func (f *fitter) off(s *state) *mat.VecDense {
	var k mat.SymDense
	s.factor.ToSym(&k)
	out := mat.NewVecDense(len(s.weight), nil)
	out.MulVec(&k, mat.NewVecDense(len(s.weight), s.weight))
	return out
}

// likelihood is the Gaussian log likelihood of what the readings lie off, at another drift and with its prior.
func likelihood(bare, slope *mat.SymDense, off *mat.VecDense, drift float64) float64 {
	var k mat.SymDense
	k.ScaleSym(drift*drift, slope)
	k.AddSym(&k, bare)
	c := factor(&k)
	x := mat.NewVecDense(off.Len(), nil)
	if !solved(c.SolveVecTo(x, off)) {
		return math.Inf(-1)
	}
	return -c.LogDet()/2 - mat.Dot(x, off)/2 + logPriorDrift(drift)
}
