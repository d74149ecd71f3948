package prior

import (
	"math"
	"math/cmplx"
	"slices"
)

// Sums of squares are told apart on a grid: values 0, gridStep, 2 gridStep and so on.
const (
	gridStep = 2.0
	gridSize = 1024
)

// spectrum is the transform of a distribution p on the grid: the values of the polynomial Σ_j p_j X^j at half of the roots of X^gridSize = −1, those
// of X^(gridSize/2) = i, in an order of its own; at the others it is conjugate. Products of spectra are those of sums of independent variables. What
// lies beyond the grid is missing from a spectrum, and what a sum carries beyond it is taken off at its other end: tails do not become too light by it.
type spectrum []complex128

// turns are e^(iπ j/gridSize), which take the polynomial's half of the roots to those of X^(gridSize/2) = 1. roots are those of the stages of the
// transform: at half+k stands e^(−iπ k/half).
var turns, roots = unitRoots()

func unitRoots() (turns, roots spectrum) {
	turns, roots = make(spectrum, gridSize/2), make(spectrum, gridSize/2)
	for j := range turns {
		turns[j] = cmplx.Rect(1, math.Pi*float64(j)/gridSize)
	}
	for half := 1; half < gridSize/2; half *= 2 {
		for k := range half {
			roots[half+k] = cmplx.Rect(1, -math.Pi*float64(k)/float64(half))
		}
	}
	return turns, roots
}

// transform is the spectrum of masses on the grid (decimation in frequency: Gentleman and Sande 1966).
func transform(p []float64) spectrum {
	s := make(spectrum, gridSize/2)
	for j := range s {
		s[j] = complex(p[j], p[j+gridSize/2]) * turns[j]
	}
	for half := gridSize / 4; half >= 1; half /= 2 {
		w := roots[half : 2*half]
		for at := 0; at < len(s); at += 2 * half {
			low, high := s[at:at+half], s[at+half:at+2*half]
			for k, a := range low {
				b := high[k]
				low[k], high[k] = a+b, (a-b)*w[k]
			}
		}
	}
	return s
}

// tail is the probability of more than each value of the grid. It takes the transform back, in the room of s (decimation in time: Cooley and Tukey
// 1965).
func (s spectrum) tail() []float64 {
	for half := 1; half < gridSize/2; half *= 2 {
		w := roots[half : 2*half]
		for at := 0; at < len(s); at += 2 * half {
			low, high := s[at:at+half], s[at+half:at+2*half]
			for k, a := range low {
				b := high[k] * cmplx.Conj(w[k])
				low[k], high[k] = a+b, a-b
			}
		}
	}
	p := make([]float64, gridSize)
	for j, v := range s {
		v *= cmplx.Conj(turns[j])
		p[j], p[j+gridSize/2] = real(v), imag(v)
	}
	left := 1.0
	for i, v := range p {
		left -= v / (gridSize / 2)
		p[i] = left
	}
	return p
}

// place puts mass at a value, shared between its two neighbours on the grid so that the mean stays and the spread does not fall.
func place(p []float64, at, mass float64) {
	at /= gridStep
	if i := int(at); i+1 < len(p) {
		part := at - float64(i)
		p[i] += mass * (1 - part)
		p[i+1] += mass * part
	}
}

// point is the spectrum of one value.
func point(at float64) spectrum {
	p := make([]float64, gridSize)
	place(p, at, 1)
	return transform(p)
}

// unit is the spectrum of 0.
func unit() spectrum { return slices.Repeat(spectrum{1}, gridSize/2) }

// uniformSquares is the spectrum of 3 w² U² for U uniform on [0, 1]: the square of w standard deviations of a uniform error.
func uniformSquares(w float64) spectrum {
	const parts = 4096
	p := make([]float64, gridSize)
	for i := range parts {
		u := (float64(i) + 0.5) / parts
		place(p, 3*w*w*u*u, 1.0/parts)
	}
	return transform(p)
}

// times is the spectrum of a sum of independent variables.
func (s spectrum) times(o spectrum) spectrum {
	out := make(spectrum, len(s))
	for i := range s {
		out[i] = s[i] * o[i]
	}
	return out
}

// power is the spectrum of a sum of n independent variables of the same distribution.
func (s spectrum) power(n int) spectrum {
	out := unit()
	for square := s; n > 0; n /= 2 {
		if n%2 == 1 {
			out = out.times(square)
		}
		square = square.times(square)
	}
	return out
}

// add turns s into the spectrum of a sum with an independent variable that has one spectrum, or with that chance another.
func (s spectrum) add(one, other spectrum, chance float64) {
	p, q := complex(1-chance, 0), complex(chance, 0)
	for i := range s {
		s[i] *= p*one[i] + q*other[i]
	}
}
