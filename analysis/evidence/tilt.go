package evidence

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"lbprobe/internal/fault"
)

// reading is one score of one file: value and variance of its interval.
type reading struct {
	file  int
	part  Part
	value float64
	noise float64
}

// meeting is where the pool, tilted, meets the readings.
type meeting struct {
	multiplier []float64 // ν, one a reading
	sums       *sums     // of the rows under the tilt
	relative   float64   // relative entropy of the tilted classes to the pool, in nats, over all rows
}

// The search for a tilt.
const (
	mostTurns  = 200
	searching  = 1e-6  // nats that a full step could still gain, while pools are compared
	settled    = 1e-10 // likewise, for the pool that is kept
	leastStep  = 1e-6
	sufficient = 1e-4 // share of the gain promised by the slope that a step must keep (Armijo)
)

// meet finds the class chances p nearest to the pool whose mean losses meet the readings, as far as these are reliable: the p that minimises
//
//	KL(p ‖ pool)/φ + ½ (y - Hμ(p))ᵀ E⁻¹ (y - Hμ(p))
//
// with y the readings, Hμ(p) the mean loss of each reading's file, E the covariance of readings around it and φ the overdispersion. The minimum
// has the form pool · exp(-Σ_j λ_j loss_j), λ = Hᵀν, and ν minimises the convex dual
//
//	Σ_i ln Z_i(Hᵀν) + N ν·y + N²/(2φ) νᵀEν
//
// which asks for no inverse of E, singular where both scores of a file are known. Newton's method with step halving finds it.
func (f *fitter) meet(p pool, e mat.Symmetric, over float64, start *meeting) (*meeting, error) {
	at := *start
	if at.sums == nil {
		at.sums = f.tilted(p, at.multiplier)
	}
	for range mostTurns {
		step, gain := f.newton(e, over, at)
		if gain < f.within {
			at.relative = f.relative(p, at)
			return &at, nil
		}
		next, ok := f.along(step, gain, p, e, over, at)
		switch {
		case ok:
			at = next
		case gain < searching: // the digits of the sum over rows are used up
			at.relative = f.relative(p, at)
			return &at, nil
		default:
			return nil, f.unmet(at.sums)
		}
	}
	return nil, f.unmet(at.sums)
}

// along takes the step, or half of it, or a quarter, until the dual falls by enough.
func (f *fitter) along(step []float64, gain float64, p pool, e mat.Symmetric, over float64, from meeting) (meeting, bool) {
	value := f.dual(e, over, from)
	for size := 1.0; size >= leastStep; size /= 2 {
		next := meeting{multiplier: make([]float64, len(step))}
		for r, v := range from.multiplier {
			next.multiplier[r] = v + size*step[r]
		}
		next.sums = f.tilted(p, next.multiplier)
		if f.dual(e, over, next) <= value-sufficient*size*gain {
			return next, true
		}
	}
	return from, false
}

// tilted sums the rows when the pool is tilted by the multipliers.
func (f *fitter) tilted(p pool, multiplier []float64) *sums {
	tilt := f.lambda(multiplier)
	addTo(tilt, p.tilt)
	return f.table.at(tilt)
}

// lambda gathers the multipliers of the readings by file.
func (f *fitter) lambda(nu []float64) []float64 {
	out := make([]float64, len(f.table.loss))
	for r, v := range nu {
		out[f.readings[r].file] += v
	}
	return out
}

// dual is the function that [fitter.meet] minimises.
func (f *fitter) dual(e mat.Symmetric, over float64, at meeting) float64 {
	n, v := float64(f.table.rows), at.sums.logZ
	for r, x := range at.multiplier {
		v += n * x * f.readings[r].value
	}
	x := mat.NewVecDense(len(at.multiplier), at.multiplier)
	return v + n*n/(2*over)*mat.Inner(x, e, x)
}

// newton returns the Newton step of the dual, and twice the gain it promises.
func (f *fitter) newton(e mat.Symmetric, over float64, at meeting) (step []float64, gain float64) {
	size, m, n := len(f.readings), len(f.table.loss), float64(f.table.rows)
	scale := n * n / over
	hessian := mat.NewSymDense(size, nil)
	slope := mat.NewVecDense(size, nil)
	slope.MulVec(e, mat.NewVecDense(size, at.multiplier))
	slope.ScaleVec(scale, slope)
	for r, a := range f.readings {
		slope.SetVec(r, slope.AtVec(r)+n*a.value-at.sums.mean[a.file])
		for q := r; q < size; q++ {
			j, k := min(a.file, f.readings[q].file), max(a.file, f.readings[q].file)
			hessian.SetSym(r, q, at.sums.inner[j*m+k]+scale*e.At(r, q))
		}
	}
	out := mat.NewVecDense(size, nil)
	if !solved(factor(hessian).SolveVecTo(out, slope)) {
		out.CopyVec(slope)
	}
	gain = mat.Dot(out, slope)
	out.ScaleVec(-1, out)
	return out.RawVector().Data, gain
}

// unmeetable is by how many standard deviations around its file's mean a reading may lie off at a tilt that serves all of them.
const unmeetable = 12

// fits tells whether the readings are met.
func (f *fitter) fits(s *state) error {
	around := f.around(s.moments, s.drift)
	for r, a := range f.readings {
		if math.Abs(a.value-s.moments.mean[a.file]) > unmeetable*math.Sqrt(around.At(r, r)) {
			return f.unmet(s.meeting.sums)
		}
	}
	return nil
}

// unmet names the reading from which the rows stay farthest.
func (f *fitter) unmet(s *sums) error {
	far, at := -1.0, f.readings[0]
	for _, r := range f.readings {
		if d := math.Abs(r.value - s.mean[r.file]/float64(f.table.rows)); d > far {
			far, at = d, r
		}
	}
	return &fault.Error{
		Msg: fmt.Sprintf("no classes of the rows give these scores: the %s score of file %d, %v, stays %.3g away", at.part, at.file+1, at.value, far),
		Fix: "Check that each score belongs to its file, the decimals and the rounding",
	}
}

// relative is the relative entropy of the tilted classes to the pool.
func (f *fitter) relative(p pool, at meeting) float64 {
	kl := p.logZ - at.sums.logZ
	for j, v := range f.lambda(at.multiplier) {
		kl -= v * at.sums.mean[j]
	}
	return max(kl, 0)
}

// factor is the Cholesky factor of a symmetric matrix that is positive semidefinite but for rounding errors; the least that makes it positive is
// added to its diagonal.
func factor(s *mat.SymDense) *mat.Cholesky {
	var c mat.Cholesky
	for jitter := 0.0; !c.Factorize(s); jitter = max(10*jitter, 1e-15) {
		for i := range s.SymmetricDim() {
			s.SetSym(i, i, s.At(i, i)*(1+jitter)+math.SmallestNonzeroFloat64)
		}
	}
	return &c
}

// solved tells whether a system was: an ill condition is a warning, the solution is there all the same.
func solved(err error) bool {
	_, warning := err.(mat.Condition)
	return err == nil || warning
}
