package prior

import (
	"math"
)

// Envelope bounds the exponential moments of the counts by those of a Gaussian: with x = F z − t of Form and any event A about z,
//
//	P(A | n) ≤ Factor Q(A) for a law Q with E_Q e^(λ·x) ≤ e^(λ·Shift + ½ Σ_i Spread_i λ_i²) for every λ.
//
// It tells how far out x lies along any directions, where Radius tells it only for all of them together.
type Envelope struct {
	Factor        float64
	Shift, Spread []float64 // by rows of Form
}

// Envelopes is that of law. The topics, independent but for the sum of their rows, are tilted so that they expect n public rows; Q is their law then.
// With the seen counts x
//
//	P(A | n) ≤ Q(A) max_x Q(n | x)/Q(n),
//
// the second factor being, by the central limit theorem, the root of the variance of n over that of the unseen rows alone. Twice that is allowed for,
// as the unseen rows of extreme counts vary less. For given n the bound falls towards the middle of its range.
func (m *static) Envelopes() []Envelope {
	if !m.latent {
		return nil // then n hangs on the counts alone
	}
	laws := make([]atoms, len(m.topics))
	for i, logs := range m.logLaws() {
		laws[i] = m.topics[i].atoms(0, logs, nil, 0)
	}
	lo, hi := m.Public()
	out := []Envelope{m.envelope(laws, lo)}
	if hi > lo {
		out = append(out, m.envelope(laws, hi))
	}
	return out
}

// envelope is that given n.
func (m *static) envelope(laws []atoms, n int) (out Envelope) {
	theta, variance := tiltTo(float64(n), laws)
	unseen := 0.0
	for i := range m.topics {
		t, sd := &m.topics[i], math.Sqrt(m.topics[i].formVariance())
		p := laws[i].tilted(theta)
		for x, v := range p {
			unseen += v * laws[i].variance[x]
		}
		mean, spread := PMF{t.law().Lo, p}.subGaussian()
		out.Shift = append(out.Shift, (mean-float64(n)*m.part(t)*t.shares()[0])/sd)
		out.Spread = append(out.Spread, spread/(sd*sd))
	}
	if !m.known {
		out.Shift = append(out.Shift, (float64(n)-m.middle())/math.Sqrt(m.publicVariance()))
		out.Spread = append(out.Spread, 0)
	}
	out.Factor = 2 * math.Sqrt(max(variance, 1.0/12)/max(unseen, 1.0/12))
	return out
}

// tiltTo is the θ for which topics expect n public rows under e^(θ n), by Newton's method, and the variance of n then.
func tiltTo(n float64, laws []atoms) (theta, variance float64) {
	_, mean, variance := cumulants(laws, theta)
	for range 30 {
		gap := n - mean
		if gap*gap < 1e-6*variance {
			break
		}
		theta += gap / max(variance, 1e-9)
		_, mean, variance = cumulants(laws, theta)
	}
	return theta, variance
}

// tilted are the masses of a topic's values under e^(θ n_k), n_k being taken as normal at a value.
func (l atoms) tilted(theta float64) []float64 {
	p, most := make([]float64, len(l.log)), math.Inf(-1)
	for i, v := range l.log {
		p[i] = v + theta*(l.mean[i]+0.5*theta*l.variance[i])
		most = max(most, p[i])
	}
	sum := 0.0
	for i, v := range p {
		p[i] = math.Exp(v - most)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// Slopes λ at which subGaussian looks, in standard deviations: the first, and the ratio of neighbours.
const (
	firstSlope = 0.01
	slopeRatio = 1.2
)

// subGaussian returns the mean of f and an s, hardly above the least, for which E e^(λ (x − mean)) ≤ e^(s λ²/2) for every λ. K(λ), the logarithm of the
// left side, is convex: between two values of λ it lies below its chord c + dλ, and 2 (c + dλ)/λ² is largest at λ = −2c/d. Far out K is below |λ| times
// the distance of the last value.
func (f PMF) subGaussian() (mean, s float64) {
	mean, s = f.Moments()
	if len(f.P) == 1 {
		return mean, 0
	}
	first := firstSlope / math.Sqrt(s)
	for _, sign := range []float64{-1, 1} {
		last := float64(f.Lo+len(f.P)-1) - mean
		if sign < 0 {
			last = mean - float64(f.Lo)
		}
		a, ka := first, f.logMoment(sign*first)-sign*first*mean
		for s = max(s, 2*ka/(a*a)); 2*last > s*a; {
			b := a * slopeRatio
			kb := f.logMoment(sign*b) - sign*b*mean
			d := (kb - ka) / (b - a)
			c := ka - d*a
			at := min(max(-2*c/d, a), b)
			s = max(s, 2*(c+d*at)/(at*at))
			a, ka = b, kb
		}
	}
	return mean, s
}

// logMoment is ln E e^(λ x), by Horner's rule towards the end where e^(λ x) is largest.
func (f PMF) logMoment(lambda float64) float64 {
	sum, ratio, last := 0.0, math.Exp(-math.Abs(lambda)), len(f.P)-1
	if lambda > 0 {
		for _, p := range f.P {
			sum = sum*ratio + p
		}
		return math.Log(sum) + lambda*float64(f.Lo+last)
	}
	for i := last; i >= 0; i-- {
		sum = sum*ratio + f.P[i]
	}
	return math.Log(sum) + lambda*float64(f.Lo)
}
