package prior

import (
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/dsp/fourier"
)

// grid is on which sums of squares are told apart: values 0, gridStep, 2 gridStep and so on.
type grid struct{ fft *fourier.FFT }

const (
	gridStep = 2.0
	gridSize = 1024
)

func newGrid() grid { return grid{fourier.NewFFT(gridSize)} }

// spectrum is the Fourier transform of a distribution on the grid. What lies beyond the grid is missing from it.
type spectrum []complex128

// place puts mass at a value, shared between its two neighbours on the grid so that the mean stays and the spread does not fall.
func place(p []float64, at, mass float64) {
	at /= gridStep
	if i := int(at); i+1 < len(p) {
		part := at - float64(i)
		p[i] += mass * (1 - part)
		p[i+1] += mass * part
	}
}

// transform is the spectrum of masses on the grid.
func (g grid) transform(p []float64) spectrum { return g.fft.Coefficients(nil, p) }

// point is the spectrum of one value.
func (g grid) point(at float64) spectrum {
	p := make([]float64, gridSize)
	place(p, at, 1)
	return g.transform(p)
}

// unit is the spectrum of 0.
func (g grid) unit() spectrum { return slices.Repeat(spectrum{1}, gridSize/2+1) }

// uniformSquares is the spectrum of 3 w² U² for U uniform on [0, 1]: the square of w standard deviations of a uniform error.
func (g grid) uniformSquares(w float64) spectrum {
	const parts = 4096
	p := make([]float64, gridSize)
	for i := range parts {
		u := (float64(i) + 0.5) / parts
		place(p, 3*w*w*u*u, 1.0/parts)
	}
	return g.transform(p)
}

// tail is the probability of more than each value of the grid.
func (g grid) tail(s spectrum) []float64 {
	p := g.fft.Sequence(nil, s)
	left := 1.0
	for i, v := range p {
		left -= v / gridSize
		p[i] = left
	}
	return p
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
	out := make(spectrum, len(s))
	for i := range s {
		out[i] = cmplx.Pow(s[i], complex(float64(n), 0))
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
