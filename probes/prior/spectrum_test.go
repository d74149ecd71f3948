package prior

import (
	"math"
	"testing"
)

// TestSpectrum adds two variables on the grid up by hand, one of which is another with a chance: their tails are those of the spectra's product.
func TestSpectrum(t *testing.T) {
	law := func(at ...float64) []float64 {
		p := make([]float64, gridSize)
		for i, v := range at {
			place(p, v, math.Exp2(-float64(min(i+1, len(at)-1))))
		}
		return p
	}
	x, y, other := law(0, 3.5, 700, 41), law(2, 1000, 600.25, 8, 31), law(12, 7)
	const chance = 0.3
	s := transform(x)
	s.add(transform(y), transform(other), chance)
	sums := make([]float64, gridSize)
	for i, p := range x {
		for j := range gridSize - i {
			sums[i+j] += p * ((1-chance)*y[j] + chance*other[j])
		}
	}
	left := 1.0
	for i, got := range s.tail() {
		if left -= sums[i]; math.Abs(got-left) > rounding {
			t.Fatalf("P(sum > %v) = %v, by hand %v", float64(i)*gridStep, got, left)
		}
	}
}

// TestSpectrumPower multiplies one by one.
func TestSpectrumPower(t *testing.T) {
	want, square := unit(), uniformSquares(1.5)
	for n := range 14 {
		tail := want.times(unit()).tail()
		for i, got := range square.power(n).tail() {
			if math.Abs(got-tail[i]) > 10*rounding {
				t.Fatalf("P(sum of %d squares > %v) = %v, by products %v", n, float64(i)*gridStep, got, tail[i])
			}
		}
		want = want.times(square)
	}
}

// TestSpectrumBeyondTheGrid holds that a sum carried beyond the grid makes no tail lighter.
func TestSpectrumBeyondTheGrid(t *testing.T) {
	far := point(gridStep * (gridSize - 2))
	for i, v := range far.times(far).tail() {
		if v < 1-rounding {
			t.Fatalf("P(sum > %v) = %v for a sum beyond the grid", float64(i)*gridStep, v)
		}
	}
}
