package channel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestBelief compares the chances of counts with those of draws from the mixture: a beta chance, then its rows one by one.
func TestBelief(t *testing.T) {
	b := belief{expected: 0.05, concentration: 60, absent: 0.1, stray: 0.2, rows: [2]int{300, 300}}
	o := Options{Train: []int{5, 95}, Concentration: b.concentration, Absent: b.absent}
	rng := rand.New(rand.NewPCG(1, 1))
	const n = 40000
	for _, below := range []int{1, 2, 4, 10, 30, 100} {
		hits, harmonic := 0, 0.0
		for k := 1; k <= 300; k++ {
			harmonic += 1 / float64(k)
		}
		for range n {
			count := 0
			switch p := rng.Float64(); {
			case p < b.absent:
			case p < b.absent+b.stray:
				u := rng.Float64() * harmonic
				for u > 0 {
					count++
					u -= 1 / float64(count)
				}
			default:
				only := o
				only.Absent = 0
				count = only.drawCounts([]int{5, 95}, 300, rng)[0]
			}
			if count < below {
				hits++
			}
		}
		want, got := float64(hits)/n, b.below(below)
		if sd := math.Sqrt(want * (1 - want) / n); math.Abs(got-want) > 4*sd+1e-3 {
			t.Errorf("P(count < %d) = %.4f, drawn %.4f ± %.4f", below, got, want, sd)
		}
	}
	if b.below(0) != 0 || b.below(301) != 1 {
		t.Errorf("P(count < 0) = %v, P(count < 301) = %v", b.below(0), b.below(301))
	}
}

// TestBetaBinomialBelow: sums and the beta distribution meet where one takes over from the other, and firm evidence does not underflow.
func TestBetaBinomialBelow(t *testing.T) {
	for _, c := range []struct {
		rows int
		a, b float64
	}{{25000, 20, 380}, {25000, 2, 30}, {30000, 70_000, 930_000}, {1_000_000_000, 0.5, 1e5}} {
		sum, beta := betaBinomialBelow(mostSummed, c.rows, c.a, c.b), betaBinomialBelow(mostSummed+1, c.rows, c.a, c.b)
		if beta < sum-1e-3 || beta > sum+0.02 {
			t.Errorf("%+v: %v summed, %v by the beta distribution one further", c, sum, beta)
		}
	}
}
