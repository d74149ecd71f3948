package evidence

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// fitter is the input made ready.
type fitter struct {
	table    *table
	draw     draw
	readings []reading
	known    int       // of the readings; those behind them are expectations
	level    []float64 // about the mean loss of each file, NaN without a reading
	within   float64   // how well a tilt must meet the readings, in nats
	drifting bool      // some file has both scores, so that a drift can be told from labels
}

// The prior of the overdispersion is scaled inverse chi-square: as if so many readings had been seen with that overdispersion. It keeps two or
// three files from claiming that labels err independently. For comparison: 27 files of one text competition came to 10.6, 9 of Titanic to 2.3.
const (
	priorReadings = 4.0
	priorOver     = 4.0
)

// The prior of the pool: trust is exponential with this mean, ln sharpness normal around this centre with deviation 1.
const (
	priorTrust     = 2.0
	priorSharpness = 1.4
)

func (b Belief) logPrior() float64 {
	x := math.Log(b.Sharpness / priorSharpness)
	return -b.Trust/priorTrust - x*x/2
}

// state is a fit for one pool.
type state struct {
	belief   Belief
	pool     pool
	over     float64
	drift    float64
	meeting  *meeting
	moments  *moments
	factor   *mat.Cholesky // of the covariance of the readings
	weight   []float64     // that covariance, inverted, times what the readings lie off the pool
	logLik   float64
	logLR    float64 // ln likelihood at drift over that at none
	labelled float64 // readings' worth of what is known of the labels, at most one a file
}

// rounds is how often the two scales and the classes are fitted in turn.
const rounds = 8

// at fits everything but the pool, starting from another fit.
func (f *fitter) at(b Belief, from *state) (*state, error) {
	p := f.pool(b)
	s := &state{belief: b, pool: p, over: priorOver, meeting: &meeting{multiplier: make([]float64, len(f.readings))}}
	if from != nil {
		s.over, s.drift, s.moments = from.over, from.drift, from.moments
		s.meeting = f.carried(from, p)
	} else {
		s.moments = f.table.at(p.tilt).moments(f.table.rows)
	}
	for round := 1; ; round++ {
		met, err := f.meet(p, f.around(s.moments, s.drift), s.over, s.meeting)
		if err != nil {
			return nil, err
		}
		s.meeting, s.moments = met, met.sums.moments(f.table.rows)
		f.weigh(s)
		over, drift := f.scales(s)
		if round == rounds || (round > 1 || from != nil) && math.Abs(math.Log(over/s.over)) < 0.01 && math.Abs(drift-s.drift) < 0.02*s.drift+1e-4 {
			s.belief.Overdispersion, s.belief.Drift = s.over, s.drift
			return s, nil
		}
		s.over, s.drift = over, drift
	}
}

// carried is the meeting of another fit for a new pool: the multipliers take up what the pool changed, so that the rows stay tilted as they
// were. That is close to the new meeting, since the readings are the same. The parts of a file share the change in proportion to their rows.
func (f *fitter) carried(from *state, p pool) *meeting {
	old := from.pool
	out := &meeting{multiplier: append([]float64(nil), from.meeting.multiplier...), sums: from.meeting.sums}
	for r, a := range f.readings {
		share := 1.0
		if f.both(r) {
			share = [2]float64{f.draw.share, 1 - f.draw.share}[a.part]
		}
		out.multiplier[r] += share * (old.tilt[a.file] - p.tilt[a.file])
	}
	return out
}

// pool is what is believed of the classes before the scores are met: a tilt of the base.
type pool struct {
	tilt []float64 // by file
	logZ float64   // as in sums
}

func (f *fitter) pool(b Belief) pool {
	best, spread := f.spread()
	out, sum := make([]float64, len(f.level)), 0.0
	for j, v := range f.level {
		if !math.IsNaN(v) {
			out[j] = math.Exp(-b.Trust * (v - best) / spread)
			sum += out[j]
		}
	}
	for j := range out {
		out[j] *= b.Sharpness / sum
	}
	return pool{out, f.table.logZ(out)}
}

// spread returns the best level and the standard deviation of all, 1 where they are all alike.
func (f *fitter) spread() (best, sd float64) {
	best = math.Inf(1)
	n, sum, square := 0.0, 0.0, 0.0
	for _, v := range f.level {
		if !math.IsNaN(v) {
			best = min(best, v)
			n, sum, square = n+1, sum+v, square+v*v
		}
	}
	if sd = math.Sqrt(max(square/n-sum*sum/(n*n), 0)); sd < 1e-9 {
		return best, 1
	}
	return best, sd
}

// around is the covariance of the readings around the means over all rows of their files.
func (f *fitter) around(m *moments, drift float64) *mat.SymDense {
	out := mat.NewSymDense(len(f.readings), nil)
	for r, a := range f.readings {
		t := m.file(a.file)
		for q := r; q < len(f.readings); q++ {
			v := f.cross(m, t, unit(a.part), f.readings[q], drift)
			if q == r {
				v += a.noise
			}
			out.SetSym(r, q, v)
		}
	}
	return out
}

// unit is the coefficients of a part itself.
func unit(p Part) (coefficients [2]float64) {
	if p != All {
		coefficients[p] = 1
	}
	return coefficients
}

// cross is the covariance of a target's parts, combined by coefficients, with a reading: both around their means over all rows.
func (f *fitter) cross(m *moments, t target, coefficients [2]float64, r reading, drift float64) float64 {
	together := 0.0
	for c, v := range t.drift {
		together += v * m.drift.At(r.file, c)
	}
	return f.parted(coefficients, unit(r.part), t.rows[r.file], drift*drift*together)
}

// parted is the covariance of two combinations of the parts, for values with that covariance over rows and that shared drift.
func (f *fitter) parted(a, b [2]float64, rows, drift float64) float64 {
	v := 0.0
	for p, x := range a {
		for q, y := range b {
			v += x * y * (f.draw.cov[p][q]*rows + f.draw.reach[p]*f.draw.reach[q]*drift)
		}
	}
	return v
}

// weigh completes a state whose readings are met: covariance, weights and likelihood. At the tilt the residual y - Hμ is -(N/φ)Eν, and it is
// E times the weights: so the weights are -(N/φ)ν.
func (f *fitter) weigh(s *state) {
	e := f.around(s.moments, s.drift)
	s.factor = factor(f.covariance(s.moments, e, s.over))
	s.weight = make([]float64, len(f.readings))
	for r, v := range s.meeting.multiplier {
		s.weight[r] = -float64(f.table.rows) / s.over * v
	}
	w := mat.NewVecDense(len(s.weight), s.weight)
	s.logLik = -s.factor.LogDet()/2 - s.meeting.relative/s.over - mat.Inner(w, e, w)/2 -
		priorReadings/2*(math.Log(s.over)+priorOver/s.over) + logPriorDrift(s.drift) + s.belief.logPrior()
}

// covariance is that of the readings: of the labels, wider by over, and around.
func (f *fitter) covariance(m *moments, around *mat.SymDense, over float64) *mat.SymDense {
	out := mat.NewSymDense(len(f.readings), nil)
	for r, a := range f.readings {
		for q := r; q < len(f.readings); q++ {
			out.SetSym(r, q, over*m.label.At(a.file, f.readings[q].file)+around.At(r, q))
		}
	}
	return out
}
