package prior

import (
	"math"
	"slices"
)

// Radius is that of law. With K(t) the logarithm of the mean of e^(t·(D + w² Σ_j (e_j/σ_j)²)), it is Chernoff's bound with the
// factor of Bahadur and Ranga Rao (1960),
//
//	P(sum > R²) ≈ e^(K(t) − t R²) / (t √(2π K″(t))) where K′(t) = R²,
//
// doubled for safety and never above the bound without it.
func (m *static) Radius(scores int, excluded float64) (radius2, weight float64) {
	prior := make([]float64, len(steps))
	for i, t := range steps {
		prior[i] = m.logMGF(t)
	}
	radius2, weight = math.Inf(1), 1
	fewest := radius2
	for _, w := range weights {
		k := slices.Clone(prior)
		for i, t := range steps {
			k[i] += float64(scores) * logMeanExp(3*t*w*w)
		}
		r2 := chernoff(k, excluded)
		if points := 0.5*float64(m.Dim())*math.Log(r2) - float64(scores)*math.Log(w); points < fewest {
			fewest, radius2, weight = points, r2, w
		}
	}
	return radius2, weight
}

// steps are the values of t that are tried, evenly spaced. K is finite for all of them where tails are no heavier than exponential, and
// infinite or beyond float64 from one of them on otherwise.
var steps = []float64{0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45}

// chernoff is the least radius² that K, given at steps, allows.
func chernoff(k []float64, excluded float64) float64 {
	best, at := math.Inf(1), 0
	for i, t := range steps {
		if r2 := (k[i] - math.Log(excluded)) / t; r2 < best {
			best, at = r2, i
		}
	}
	if at < 2 {
		return best
	}
	h := steps[1] - steps[0]
	curve := (k[at-2] - 2*k[at-1] + k[at]) / (h * h) // a little before, where it is smaller
	return best - max(0, math.Log(0.5*steps[at]*math.Sqrt(2*math.Pi*curve)))/steps[at]
}

// weights that scores may have.
var weights = []float64{1, 1.2, 1.4, 1.6, 1.8, 2, 2.3, 2.6, 3}

// logMGF is ln E e^(t D) by Chernoff: with M_k(t, θ) = E e^(t D_k + θ n_k), the condition Σn_k = n on both sides,
//
//	E (e^(t D) | n) = e^(−θ n) Π_k M_k(t, θ) P_tθ(n) / P(n)
//
// for every θ. Here θ is such that the tilted law P_tθ expects n public rows, so that the central limit theorem serves for P_tθ(n). Where
// n is not known it is the larger of those at the ends of the range of n, for given n the bound falls towards the middle.
func (m *static) logMGF(t float64) float64 {
	classes := make([][]float64, len(m.topics))
	for i := range m.topics {
		if p := &m.topics[i]; p.joint == nil {
			classes[i] = p.classMGF(t)
		}
	}
	lo, hi := m.Public()
	if m.known {
		return m.tilted(t, classes, lo)
	}
	return max(m.tilted(t, classes, lo), m.tilted(t, classes, hi)) + logMeanExp(3*t)
}

// tilted is ln E (e^(t D) | n): the least over θ of ln Π_k M_k(t, θ) − θ n + ln P_tθ(n) − ln P(n), to the accuracy of Newton's method.
func (m *static) tilted(t float64, classes [][]float64, n int) float64 {
	atoms := make([][]atom, len(m.topics))
	for i := range m.topics {
		p := &m.topics[i]
		atoms[i] = p.atoms(t, classes[i], float64(n)*m.part(p))
	}
	theta := 0.0
	l, mean, variance := cumulants(atoms, theta)
	for range 30 {
		step := (float64(n) - mean) / max(variance, 1e-9)
		next, a, b := cumulants(atoms, theta+step)
		for next-step*float64(n) > l+1e-9 { // too far: the sum is convex in theta, and falls at first
			step /= 2
			next, a, b = cumulants(atoms, theta+step)
		}
		theta, l, mean, variance = theta+step, next, a, b
		if math.Abs(step) < 1e-9 {
			break
		}
	}
	return l - theta*float64(n) + logNormal(float64(n), mean, variance) - m.logSum(n)
}

// atom is a value of a topic's counts: its log weight p e^(t D), and mean and variance of n_k there.
type atom struct{ log, mean, variance float64 }

// atoms spells out the distribution of a topic that is expected to have so many public rows, weighed by e^(s D_k).
func (t *topic) atoms(s float64, class []float64, expected float64) []atom {
	s /= t.formVariance()
	if t.joint != nil {
		f, q := t.joint.marginal, t.shares()[0]
		out := make([]atom, len(f.P))
		for i, p := range f.P {
			x := f.Lo + i
			d := float64(x) - expected*q
			out[i] = atom{math.Log(p) + s*d*d, t.joint.mean[x], t.joint.spread[x]}
		}
		return out
	}
	out := make([]atom, len(t.split.P))
	for i, p := range t.split.P {
		n := t.split.Lo + i
		d := float64(n) - expected
		out[i] = atom{math.Log(p) + s*d*d + class[n], float64(n), 0}
	}
	return out
}

// cumulants returns Σ_k ln Σ_atoms weight e^(θ n_k) and its first two derivatives: mean and variance of Σn_k in the tilted law.
func cumulants(topics [][]atom, theta float64) (log, mean, variance float64) {
	for _, atoms := range topics {
		most := math.Inf(-1)
		for _, a := range atoms {
			most = max(most, a.tilt(theta))
		}
		w0, w1, w2 := 0.0, 0.0, 0.0
		for _, a := range atoms {
			w, n := math.Exp(a.tilt(theta)-most), a.mean+theta*a.variance
			w0, w1, w2 = w0+w, w1+w*n, w2+w*(a.variance+n*n)
		}
		log += most + math.Log(w0)
		mean += w1 / w0
		variance += max(0, w2/w0-w1*w1/(w0*w0))
	}
	return log, mean, variance
}

// tilt is the log weight of an atom times E e^(θ n_k), n_k taken as normal there.
func (a atom) tilt(theta float64) float64 {
	return a.log + theta*a.mean + 0.5*theta*theta*a.variance
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
