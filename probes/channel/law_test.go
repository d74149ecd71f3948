package channel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLaw compares the integer law with the beta-binomial by log gammas, where it is above the floor, and codes counts through it.
func TestLaw(t *testing.T) {
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	rng := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		rows := 1 + rng.IntN(3000)
		own, others := 1+rng.IntN(60_000), 1+rng.IntN(400_000)
		lo := rng.IntN(rows + 1)
		hi := lo + rng.IntN(rows+1-lo)
		l := newLaw(rows, own, others, lo, hi)
		if l.from < lo || l.from+len(l.middle) > hi+1 || slices.Min(l.middle) < lawFloor || slices.Max(l.middle) != lawTop {
			t.Fatalf("%d rows, %d and %d, %d to %d: middle from %d, %d long", rows, own, others, lo, hi, l.from, len(l.middle))
		}
		a, b, n := float64(own)/1000, float64(others)/1000, float64(rows)
		logMass := func(x float64) float64 { return lg(a+x) - lg(x+1) + lg(b+n-x) - lg(n-x+1) }
		mode := slices.Index(l.middle, lawTop)
		for i, w := range l.middle {
			want := logMass(float64(l.from+i)) - logMass(float64(l.from+mode))
			if got := math.Log(float64(w) / lawTop); w < lawTop && math.Abs(got-want) > 1e-4 {
				t.Fatalf("%d rows, %d and %d: count %d has log weight %v, want %v", rows, own, others, l.from+i, got, want)
			}
		}
		for _, n := range []int{lo, hi, lo + rng.IntN(hi-lo+1)} {
			s := writer()
			l.code(s, n)
			if got, ok := l.code(resent(s), 0); !ok || got != n {
				t.Fatalf("%d rows, %d and %d, %d to %d: count %d is read as %d (%v)", rows, own, others, lo, hi, n, got, ok)
			}
		}
	}
}

// TestLawBounds: the largest tests and evidence stay inside the integers.
func TestLawBounds(t *testing.T) {
	for _, own := range []int{1, 1001, mostEvidence / 2} {
		for _, others := range []int{1, 5_000_000, mostEvidence / 2} {
			l := newLaw(mostTest, own, others, 0, mostTest)
			s := writer()
			if l.code(s, mostTest); s.width.Sign() <= 0 {
				t.Errorf("evidence %d and %d: no room for a count", own, others)
			}
			if got, ok := l.code(resent(s), 0); !ok || got != mostTest {
				t.Errorf("evidence %d and %d: %d is read as %d (%v)", own, others, mostTest, got, ok)
			}
		}
	}
}

// resent is a reader of a message's first cell among those of digits enough.
func resent(s *stream) *stream {
	plain, n := frame{levels: 1000}, 1
	l := plain.lay(s, n, plain.cells(n))
	for ; l.cells.Sign() == 0; l = plain.lay(s, n, plain.cells(n)) {
		n++
	}
	r, _ := plain.reader(plain.spell(l.first, n))
	r.point = true
	return r
}
