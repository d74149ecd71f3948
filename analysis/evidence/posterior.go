package evidence

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Posterior is what the files and their known scores say together.
type Posterior struct {
	fitter    *fitter
	state     *state // of the best belief
	states    []*state
	share     []float64 // of each state
	names     []string
	certainty float64
	warnings  []string
}

// Belief returns the four numbers of the highest marginal likelihood.
func (p *Posterior) Belief() Belief { return p.state.belief }

// Warnings say what should be known before an estimate is used.
func (p *Posterior) Warnings() []string { return slices.Clone(p.warnings) }

// Public estimates the mean loss of file i over the public rows; where the score is known, it is that.
func (p *Posterior) Public(i int) Estimate {
	return p.estimate(func(m *moments) target { return m.file(i) }, 1, unit(Public), "public score")
}

// Private estimates the mean loss of file i over the private rows. ok is false where there may be none.
func (p *Posterior) Private(i int) (e Estimate, ok bool) {
	if !p.fitter.draw.private {
		return Estimate{}, false
	}
	return p.estimate(func(m *moments) target { return m.file(i) }, 1, unit(Private), "private score"), true
}

// Difference estimates public minus private mean loss of file i. ok is false where there may be no private rows.
func (p *Posterior) Difference(i int) (e Estimate, ok bool) {
	if !p.fitter.draw.private {
		return Estimate{}, false
	}
	return p.estimate(func(m *moments) target { return m.file(i) }, 0, [2]float64{1, -1}, "public - private score"), true
}

// Shares estimates the share of every class in a part. ok is false for the private part where there may be no private rows.
func (p *Posterior) Shares(part Part) (shares []Estimate, ok bool) {
	if part == Private && !p.fitter.draw.private {
		return nil, false
	}
	for c := range p.fitter.table.classes {
		e := p.estimate(func(m *moments) target { return m.class[c] }, 1, unit(part), "class share, "+part.String()+" rows")
		e.Lo, e.Hi = max(e.Lo, 0), min(e.Hi, 1)
		shares = append(shares, e)
	}
	return shares, true
}

// estimate averages what the states say of a target: whole times its mean over all rows, and a combination of how its parts lie around that.
func (p *Posterior) estimate(of func(*moments) target, whole float64, parts [2]float64, what string) Estimate {
	var value, square, variance float64
	for k, s := range p.states {
		v, within := p.fitter.given(s, of(s.moments), whole, parts)
		value += p.share[k] * v
		square += p.share[k] * v * v
		variance += p.share[k] * within
	}
	return p.interval(value, math.Sqrt(max(variance+square-value*value, 0)), what)
}

// given conditions a target on the readings.
func (f *fitter) given(s *state, t target, whole float64, parts [2]float64) (value, variance float64) {
	with := mat.NewVecDense(len(f.readings), nil)
	value = whole * t.mean
	for r, a := range f.readings {
		around := f.cross(s.moments, t, parts, a, s.drift)
		value += around * s.weight[r] // the label part of the shift is in t.mean already: the tilt put it there
		with.SetVec(r, whole*s.over*t.label[a.file]+around)
	}
	drift := 0.0
	for _, v := range t.drift {
		drift += s.drift * s.drift * v * v
	}
	variance = whole*whole*s.over*t.selfLabel + f.parted(parts, parts, t.selfRows, drift)
	explained := mat.NewVecDense(len(f.readings), nil)
	if solved(s.factor.SolveVecTo(explained, with)) {
		variance -= mat.Dot(explained, with)
	}
	return value, max(variance, 0)
}

// interval takes Student's distribution, with the readings behind the overdispersion as its degrees of freedom.
func (p *Posterior) interval(value, sd float64, what string) Estimate {
	freedom := priorReadings + p.state.labelled
	reach := sd * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: freedom}.Quantile((1+p.certainty)/2)
	return Estimate{
		Value: value, SD: sd, Lo: value - reach, Hi: value + reach, Certainty: p.certainty, N: p.fitter.known,
		Method: fmt.Sprintf("linear-Gaussian, %s given %d readings of %d files, Student's t with %.1f degrees of freedom",
			what, p.fitter.known, len(p.names), freedom),
		Warnings: p.Warnings(),
	}
}

// Split weighs the evidence for a split that drifts by class.
func (p *Posterior) Split() SplitEvidence {
	return SplitEvidence{Drift: p.state.drift, LogLR: p.state.logLR, Files: p.fitter.complete()}
}

// Bits is what the known readings of file i add to those of the other files: ½ log₂ of their generalised variance given the others over that of
// their rounding, uniform error counted as its variance. It is 0 where no reading is known. A reading without rounding counts as rounded to 1e-8.
func (p *Posterior) Bits(i int) float64 {
	own, given := p.alone(i)
	if len(own) == 0 {
		return 0
	}
	bits := factor(given).LogDet()
	for _, r := range own {
		bits -= math.Log(p.fitter.readings[r].noise)
	}
	return max(bits/2/math.Ln2, 0)
}

// Residuals compares the known readings of file i with what the other files make of them. A file whose score or rows are not its own shows here.
// The belief and the tilt are those fitted to all files; to leave a file out altogether, fit again without its scores.
func (p *Posterior) Residuals(i int) []Residual {
	own, given := p.alone(i)
	out := make([]Residual, len(own))
	for k, r := range own {
		a, off := p.fitter.readings[r], 0.0
		for l, q := range own {
			off += given.At(k, l) * p.state.weight[q]
		}
		out[k] = Residual{File: i, Part: a.part, Reading: a.value, Expected: a.value - off, SD: math.Sqrt(given.At(k, k))}
	}
	return out
}

// alone lists the readings of file i and their covariance given all other readings: the inverse of their block in the inverse.
func (p *Posterior) alone(i int) (own []int, cov *mat.SymDense) {
	for r, a := range p.fitter.readings[:p.fitter.known] {
		if a.file == i {
			own = append(own, r)
		}
	}
	if len(own) == 0 {
		return nil, nil
	}
	var inverse, block mat.SymDense
	if !solved(p.state.factor.InverseTo(&inverse)) {
		return nil, nil
	}
	block.SubsetSym(&inverse, own)
	cov = new(mat.SymDense)
	if !solved(factor(&block).InverseTo(cov)) {
		return nil, nil
	}
	return own, cov
}
