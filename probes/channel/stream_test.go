package channel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestStreamAll codes every message of four symbols over a lopsided alphabet: each is read back from its digits and from any digits after them, no
// message is shorter than its information, none longer by more than the digit that a cell may need, and together they fill the interval.
func TestStreamAll(t *testing.T) {
	weights := []int{1, 50, 3, 7}
	const levels = 5
	filled := 0.0
	for m := range 4 * 4 * 4 * 4 {
		s, p := writer(), 1.0
		for i := range 4 {
			x := m >> (2 * i) & 3
			s.pick(weights, x)
			p *= float64(weights[x]) / 61
		}
		filled += p
		s.number(7, m%7)
		p /= 7
		digits := s.digits(levels)
		if bits := s.bits(); math.Abs(bits+math.Log2(p)) > 1e-9 {
			t.Fatalf("message %d has %v bits, want %v", m, bits, -math.Log2(p))
		}
		if least := -math.Log(p) / math.Log(levels); float64(len(digits)) < least-1e-9 || float64(len(digits)) > least+math.Log(2)/math.Log(levels)+1 {
			t.Errorf("message %d takes %d digits, its information is %.2f", m, len(digits), least)
		}
		for tail := range levels {
			r := reader(append(digits, tail), levels)
			for i := range 4 {
				if x, ok := r.pick(weights, 0); !ok || x != m>>(2*i)&3 {
					t.Fatalf("message %d, digits %v: symbol %d read as %d (%v)", m, digits, i, x, ok)
				}
			}
			if n, ok := r.number(7, 0); !ok || n != m%7 {
				t.Fatalf("message %d: number read as %d (%v)", m, n, ok)
			}
		}
		r, ok := reader(digits[:len(digits)-1], levels), true
		for i := 0; i < 4 && ok; i++ {
			var x int
			if x, ok = r.pick(weights, 0); ok && x != m>>(2*i)&3 {
				t.Fatalf("message %d: too few digits give another symbol", m)
			}
		}
	}
	if math.Abs(filled-1) > 1e-9 {
		t.Errorf("the messages fill %v of the interval", filled)
	}
}

// TestFewMessages counts by hand what a book of few surprises lists.
func TestFewMessages(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		fields, most, kinds := rng.IntN(7), rng.IntN(5), 1+rng.IntN(2)
		want, all := 0, 1
		for range fields {
			all *= kinds + 1
		}
		for m := range all {
			odd := 0
			for x := m; x > 0; x /= kinds + 1 {
				if x%(kinds+1) > 0 {
					odd++
				}
			}
			if odd <= most {
				want++
			}
		}
		if got := fewMessages(fields, most, kinds); got != want {
			t.Errorf("%d fields of %d kinds, at most %d: %d messages, by hand %d", fields, kinds, most, got, want)
		}
	}
	if got := fewMessages(3, -1, 2); got != 0 {
		t.Errorf("fewer than no surprises: %d messages", got)
	}
}
