package prior

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// Radius is that of law. With K(t) the logarithm of the mean of e^(t·(D + w² Σ_j (e_j/σ_j)²)), it is Chernoff's bound with the
// factor of Bahadur and Ranga Rao (1960),
//
//	P(sum > R²) ≈ e^(K(t) − t R²) / (t √(2π K″(t))) where K′(t) = R²,
//
// doubled for safety and never above the bound without it. The weight is the one of a grid for which the ball holds the fewest lattice
// points, about R^dim/w^scores.
func (m *static) Radius(scores int, excluded float64) (out Ball) {
	var tilts [2]tilts
	logs := m.logLaws()
	k := make([][]float64, len(weights)) // of steps, by weight
	r2, step := make([]float64, len(weights)), make([]int, len(weights))
	for last, t := range steps {
		prior, falling := m.logMGF(t, logs, &tilts), false
		for i, w := range weights {
			k[i] = append(k[i], prior+float64(scores)*logMeanExp(3*t*w*w))
			r2[i], step[i] = chernoff(k[i], excluded)
			falling = falling || step[i] == last
		}
		if !falling {
			break // K is convex: once (K(t) − ln excluded)/t rises, it does so for good
		}
	}
	fewest := math.Inf(1)
	for i, w := range weights {
		if points := 0.5*float64(m.Dim())*math.Log(r2[i]) - float64(scores)*math.Log(w); points < fewest {
			fewest, out = points, Ball{r2[i], w, 1 / steps[step[i]]}
		}
	}
	return out
}

// steps are the values of t that are tried, evenly spaced. K is finite for all of them where tails are no heavier than exponential, and
// infinite or beyond float64 from one of them on otherwise.
var steps = []float64{0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45}

// chernoff is the least radius² that K, given at the first steps, allows, and the step that allows it.
func chernoff(k []float64, excluded float64) (radius2 float64, at int) {
	best := math.Inf(1)
	for i, v := range k {
		if r2 := (v - math.Log(excluded)) / steps[i]; r2 < best {
			best, at = r2, i
		}
	}
	if at < 2 {
		return best, at
	}
	h := steps[1] - steps[0]
	curve := (k[at-2] - 2*k[at-1] + k[at]) / (h * h) // a little before, where it is smaller
	return best - max(0, math.Log(0.5*steps[at]*math.Sqrt(2*math.Pi*curve)))/steps[at], at
}

// weights that scores may have.
var weights = []float64{1, 1.2, 1.4, 1.6, 1.8, 2, 2.3, 2.6, 3}

// logMGF is ln E e^(t D) by Chernoff: with M_k(t, θ) = E e^(t D_k + θ n_k), the condition Σn_k = n on both sides,
//
//	E (e^(t D) | n) = e^(−θ n) Π_k M_k(t, θ) P_tθ(n) / P(n)
//
// for every θ. Here θ is such that the tilted law P_tθ expects n public rows, so that the central limit theorem serves for P_tθ(n). Where
// n is not known it is the larger of those at the ends of the range of n, for given n the bound falls towards the middle. tilts are those
// found so far at either end; logs are those of logLaws.
func (m *static) logMGF(t float64, logs [][]float64, tilts *[2]tilts) float64 {
	classes := make([][]float64, len(m.topics))
	for i := range m.topics {
		if p := &m.topics[i]; p.joint == nil {
			classes[i] = p.classMGF(t)
		}
	}
	lo, hi := m.Public()
	if m.known {
		return m.tilted(t, logs, classes, lo, &tilts[0])
	}
	return max(m.tilted(t, logs, classes, lo, &tilts[0]), m.tilted(t, logs, classes, hi, &tilts[1])) + logMeanExp(3*t)
}

// tilted is ln E (e^(t D) | n): the least over θ of ln Π_k M_k(t, θ) − θ n + ln P_tθ(n) − ln P(n). Newton's method starts where the tilts
// found so far lead to, and ends where the least is met to within a millionth.
func (m *static) tilted(t float64, logs, classes [][]float64, n int, found *tilts) float64 {
	topics := make([]atoms, len(m.topics))
	for i := range m.topics {
		p := &m.topics[i]
		topics[i] = p.atoms(t, logs[i], classes[i], float64(n)*m.part(p))
	}
	theta := found.next()
	l, mean, variance := cumulants(topics, theta)
	for range 30 {
		gap := float64(n) - mean
		if gap*gap < 1e-6*variance {
			break
		}
		step := gap / max(variance, 1e-9)
		next, a, b := cumulants(topics, theta+step)
		for next-step*float64(n) > l+1e-9 { // too far: the sum is convex in theta, and falls at first
			step /= 2
			next, a, b = cumulants(topics, theta+step)
		}
		theta, l, mean, variance = theta+step, next, a, b
	}
	found.add(theta)
	return l - theta*float64(n) + logNormal(float64(n), mean, variance) - m.logSum(n)
}

// tilts are the last three θ of evenly spaced t, the latest first.
type tilts struct {
	theta [3]float64
	known int
}

func (s *tilts) add(theta float64) {
	s.theta = [3]float64{theta, s.theta[0], s.theta[1]}
	s.known++
}

// next goes on along the parabola through the three, or as far as there are fewer.
func (s *tilts) next() float64 {
	a, b, c := s.theta[0], s.theta[1], s.theta[2]
	switch s.known {
	case 0, 1:
		return a
	case 2:
		return 2*a - b
	}
	return 3*a - 3*b + c
}

// atoms are the values of a topic's counts: the log weight p e^(t D) of each, and mean and variance of n_k there.
type atoms struct{ log, mean, variance []float64 }

// logLaws are the log masses of every topic's law.
func (m *static) logLaws() [][]float64 {
	logs := make([][]float64, len(m.topics))
	for i := range m.topics {
		for _, p := range m.topics[i].law().P {
			logs[i] = append(logs[i], math.Log(p))
		}
	}
	return logs
}

// law is the distribution whose values are a topic's atoms: of x_k where classes are unseen, else of n_k.
func (t *topic) law() PMF {
	if t.joint != nil {
		return t.joint.marginal
	}
	return t.split
}

// atoms weighs the values of law, whose log masses are given, by e^(s D_k), for a topic that is expected to have so many public rows.
func (t *topic) atoms(s float64, logs, class []float64, expected float64) atoms {
	lo := t.law().Lo
	out := atoms{make([]float64, len(logs)), t.values.mean, t.values.variance}
	s /= t.formVariance()
	if t.joint != nil {
		expected *= t.shares()[0]
	}
	for i, log := range logs {
		d := float64(lo+i) - expected
		out.log[i] = log + s*d*d
	}
	if t.joint == nil {
		floats.Add(out.log, class[lo:lo+len(logs)])
	}
	return out
}

// cumulants returns Σ_k ln Σ weight e^(θ n_k) over the values of topic k and its first two derivatives: mean and variance of Σn_k in the
// tilted law. At a value n_k is taken as normal: its e^(θ n_k) is e^(θ mean + θ² variance/2), its mean there mean + θ variance.
func cumulants(topics []atoms, theta float64) (log, mean, variance float64) {
	const nothing = -45 // of the log weight, against the largest
	var room []float64
	for _, l := range topics {
		size := len(l.log)
		room = slices.Grow(room[:0], size)
		tilt, means, variances := room[:size], l.mean[:size], l.variance[:size]
		most := math.Inf(-1)
		for i, v := range l.log {
			v += theta * (means[i] + 0.5*theta*variances[i])
			if tilt[i] = v; v > most {
				most = v
			}
		}
		w0, w1, w2 := 0.0, 0.0, 0.0
		for i, v := range tilt {
			if v -= most; v > nothing {
				w, n := math.Exp(v), means[i]+theta*variances[i]
				w0 += w
				w1 += w * n
				w2 += w * (variances[i] + n*n)
			}
		}
		log += most + math.Log(w0)
		mean += w1 / w0
		variance += max(0, w2/w0-w1*w1/(w0*w0))
	}
	return log, mean, variance
}

// logMeanExp is ln E e^(s U²) for U uniform on [0, 1], by its power series.
func logMeanExp(s float64) float64 {
	term, sum := 1.0, 1.0
	for k := 1; k < 200 && term > 1e-17*sum; k++ {
		term *= s / float64(k)
		sum += term / float64(2*k+1)
	}
	return math.Log(sum)
}

// classMGF returns ln E e^(t Σ_g (x_g − r_g p_g)²/(b Q_g v(p_g))), the classes' part of Form, for every n up to the largest possible. The
// groups are drawn one after the other: what group g adds depends on the rows left for it alone, whatever came before.
func (t *topic) classMGF(s float64) []float64 {
	q := t.shares()
	s /= t.classScale(t.mean, t.variance)
	top := t.split.Lo + len(t.split.P)
	out := make([]float64, top)
	for n := range out {
		out[n] = 1 // the last group takes what is left
	}
	last := len(q) - 1
	share := q[last]
	var buf []float64
	for g := last - 1; g >= 0; g-- {
		share += q[g]
		least := 0
		if g == 0 {
			least = t.split.Lo
		}
		next := make([]float64, top)
		for n := least; n < top; n++ {
			buf = t.urns[g].masses(n, buf)
			next[n] = meanExp(buf, out, s/(share*classSpread(q[g]/share)), q[g]/share)
		}
		out = next
	}
	for n, v := range out {
		out[n] = math.Log(v)
	}
	return out
}

// meanExp is Σ_x p(x) e^(scale (x − n q)²) rest(n−x) over x from 0 to n, without what weighs nothing. The exponential goes from one x to
// the next by its ratio, and the ratio by its own.
func meanExp(p, rest []float64, scale, q float64) float64 {
	n := len(p) - 1
	x, end := 0, n
	for x < n && p[x] < negligible {
		x++
	}
	for end > x && p[end] < negligible {
		end--
	}
	d := float64(x) - float64(n)*q
	e, ratio, curve := math.Exp(scale*d*d), math.Exp(scale*(2*d+1)), math.Exp(2*scale)
	sum := 0.0
	for ; x <= end; x++ {
		sum += p[x] * e * rest[n-x]
		e *= ratio
		ratio *= curve
	}
	return sum
}
