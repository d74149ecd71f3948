package prior

import (
	"cmp"
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/dsp/fourier"
	"gonum.org/v1/gonum/floats"
)

// Radius is that of law. The terms of D are independent given the scale, which the set S of present topics sets; so the tail of their sum is that of
// a convolution, by Fourier's transform, doubled for the condition that all counts sum to n. Sets come in classes by the evidence G that they
// lack. With least evidence lacking g_i, and most G_i, class i is bounded by Chernoff: for every θ ≥ 0
//
//	P(S in i, D > R²) ≤ min(P(S in i), E e^(θ (G − g_i)) · P_θ(D > R² | scale of G_i)),
//
// where P_θ is the law in which topic k is missing with odds e^(θ A_k) times as large.
func (h *hidden) Radius(scores int, excluded float64) (radius2, weight float64) {
	scales := h.scales(excluded / 20)
	spectra := make([]spectrum, len(scales))
	for i, c := range scales {
		spectra[i] = h.spectrum(c)
	}
	radius2, weight = math.Inf(1), 1
	fewest := radius2
	for _, w := range hiddenWeights {
		errors := uniformSquares(w).power(scores)
		tails := make([][]float64, len(scales))
		for i, s := range spectra {
			tails[i] = s.times(errors).tail()
		}
		r2 := reach(scales, tails, excluded/2)
		if points := 0.5*float64(h.Dim())*math.Log(r2) - float64(scores)*math.Log(w); points < fewest {
			fewest, radius2, weight = points, r2, w
		}
	}
	return radius2, weight
}

// hiddenWeights that scores may have: where counts have heavy tails the ball is large, and scores may weigh more.
var hiddenWeights = append(slices.Clone(weights), 4, 5)

// reach is the least R² that the bound allows; +Inf where the grid ends before.
func reach(scales []scale, tails [][]float64, excluded float64) float64 {
	for i := range gridSize {
		sum := 0.0
		for j, c := range scales {
			sum += min(c.p, c.factor*tails[j][i])
		}
		if sum <= excluded {
			return float64(i) * gridStep
		}
	}
	return math.Inf(1)
}

// scale is a class of sets of present topics.
type scale struct {
	p      float64   // its probability
	all    float64   // the least evidence of its present topics
	factor float64   // E e^(θ (G − g))
	absent []float64 // chance that a topic is missing under P_θ
}

// scales sorts the sets of present topics into classes by the evidence that they lack. Each is a tenth as likely as the one before, down to what
// is as rare as least.
func (h *hidden) scales(least float64) []scale {
	sets := h.with(nil, h.but(), scaleSteps)
	slices.SortFunc(sets, func(a, b some) int { return cmp.Compare(a.all, b.all) })
	var out []scale
	below, edge := 0.0, least
	for _, s := range sets {
		if len(out) == 0 || below > edge {
			out = append(out, scale{all: max(s.all, 1e-9)})
			for below > edge {
				edge *= 10
			}
		}
		last := &out[len(out)-1]
		last.p, last.factor = last.p+s.p, s.all // the most evidence, for tilt
		below += s.p
	}
	for i := range out {
		h.tilt(&out[i])
	}
	return out
}

// scaleSteps is how finely the evidence that is left is told apart.
const scaleSteps = 64

// tilt sets the factor of a class, whose most evidence stands there, by the θ that makes the evidence expected to lack what its sets lack at least.
func (h *hidden) tilt(c *scale) {
	lacking := floats.Sum(h.evidence) - c.factor
	at := func(theta float64) (log, mean float64, absent []float64) {
		for _, a := range h.evidence {
			w := h.spec.Absent * math.Exp(theta*a)
			z := 1 - h.spec.Absent + w
			log, mean, absent = log+math.Log(z), mean+a*w/z, append(absent, w/z)
		}
		return log - theta*lacking, mean, absent
	}
	lo, hi := 0.0, 50/slices.Max(h.evidence)
	if _, mean, _ := at(0); mean >= lacking {
		hi = 0
	}
	for range 40 {
		if _, mean, _ := at((lo + hi) / 2); mean < lacking {
			lo = (lo + hi) / 2
		} else {
			hi = (lo + hi) / 2
		}
	}
	log, _, absent := at(lo)
	c.factor, c.absent = math.Exp(log), absent
}

// spectrum is that of D, n uniform on its range, on a scale.
func (h *hidden) spectrum(c scale) spectrum {
	out := unit()
	if !h.known {
		out = uniformSquares(1)
	}
	n := h.spec.Public[1]
	for k, groups := range h.form {
		there, gone := unit(), 0.0
		for _, cell := range groups {
			at := func(x int) float64 {
				d := float64(x) - float64(n)*cell.share
				return d * d / cell.variance
			}
			gone += at(0)
			there = there.times(negativeBinomialUpTo(n, cell.alpha, c.all).spread(at))
		}
		out = out.times(there.mixed(c.absent[k], Point(0).spread(func(int) float64 { return gone })))
	}
	return out
}

// negativeBinomialUpTo is a cell of a sample of n rows on the scale of all evidence.
func negativeBinomialUpTo(n int, alpha, all float64) PMF {
	odds := float64(n) / (float64(n) + all)
	mode := max(0, min(n, int((alpha-1)*odds/(1-odds))))
	return fromRatios(n, mode, true, func(x int) float64 { return (alpha + float64(x)) / float64(x+1) * odds })
}

// The grid on which sums of squares are told apart.
const (
	gridStep = 1.0
	gridSize = 2048
)

// spectrum is the Fourier transform of a distribution on the grid. What lies beyond the grid is missing from it.
type spectrum []complex128

// spread is the spectrum of d(x), each value shared between its two neighbours on the grid so that the mean stays.
func (f PMF) spread(d func(x int) float64) spectrum {
	p := make([]float64, gridSize)
	for i, v := range f.P {
		place(p, d(f.Lo+i)/gridStep, v)
	}
	return transform(p)
}

func place(p []float64, at, mass float64) {
	if i := int(at); i+1 < len(p) {
		part := at - float64(i)
		p[i] += mass * (1 - part)
		p[i+1] += mass * part
	}
}

// uniformSquares is the spectrum of 3 w² U² for U uniform on [0, 1]: the square of w standard deviations of a uniform error.
func uniformSquares(w float64) spectrum {
	const parts = 4096
	p := make([]float64, gridSize)
	for i := range parts {
		u := (float64(i) + 0.5) / parts
		place(p, 3*w*w*u*u/gridStep, 1.0/parts)
	}
	return transform(p)
}

func transform(p []float64) spectrum { return fourier.NewFFT(gridSize).Coefficients(nil, p) }

// unit is the spectrum of 0.
func unit() spectrum { return slices.Repeat(spectrum{1}, gridSize/2+1) }

func (s spectrum) times(o spectrum) spectrum {
	out := make(spectrum, len(s))
	for i := range s {
		out[i] = s[i] * o[i]
	}
	return out
}

func (s spectrum) power(n int) spectrum {
	out := make(spectrum, len(s))
	for i := range s {
		out[i] = cmplx.Pow(s[i], complex(float64(n), 0))
	}
	return out
}

// mixed is the spectrum of a mixture with another that has that weight.
func (s spectrum) mixed(weight float64, o spectrum) spectrum {
	out := make(spectrum, len(s))
	for i := range s {
		out[i] = s[i]*complex(1-weight, 0) + o[i]*complex(weight, 0)
	}
	return out
}

// tail is the probability of more than each value of the grid.
func (s spectrum) tail() []float64 {
	p := fourier.NewFFT(gridSize).Sequence(nil, s)
	left := 1.0
	for i, v := range p {
		left -= v / gridSize
		p[i] = left
	}
	return p
}
