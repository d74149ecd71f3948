package prior

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestFullEntropy holds the entropies of the flat and the loose belief against those of all their points, written out: putting large
// counts right must not make them too small, or the scores would seem to tell more than they do.
func TestFullEntropy(t *testing.T) {
	for _, c := range []struct {
		target string
		totals []int
		public [2]int
		split  float64
	}{
		{"presence", []int{200, 150, 100}, [2]int{90, 90}, 6},
		{"presence", []int{200, 150, 100}, [2]int{90, 90}, math.Inf(1)},
		{"presence", []int{200, 150}, [2]int{90, 95}, 4},
		{"presence", []int{200, 150}, [2]int{90, 95}, math.Inf(1)},
		{"rows", []int{200, 150}, [2]int{90, 90}, 4},
		{"rows", []int{200, 150}, [2]int{90, 90}, math.Inf(1)},
	} {
		t.Run(fmt.Sprintf("%s/n=%v/split=%v", c.target, c.public, c.split), func(t *testing.T) {
			m, err := New(Spec{Totals: c.totals, Public: c.public, Alpha: FlatEvidence(len(c.totals), 3), Groups: groupings(3)[c.target], Split: c.split})
			if err != nil {
				t.Fatal(err)
			}
			want, full, gaussian := writtenOut(m, c.public[1]), m.FullEntropy(), m.Entropy()
			t.Logf("written out %.2f, full %.2f, most counts taken for Gaussian %.2f bits", want, full, gaussian)
			if full < want-0.1 || full >= gaussian {
				t.Errorf("%v bits: not between the true %v and the %v of a Gaussian", full, want, gaussian)
			}
		})
	}
}

// writtenOut is the entropy of all points whose coordinates are at most n, in bits.
func writtenOut(m *Model, n int) float64 {
	z, sum, logs := make([]int, m.Dim()), 0.0, 0.0
	for {
		if l := m.LogMass(z); !math.IsInf(l, -1) {
			sum += math.Exp(l)
			logs += math.Exp(l) * l
		}
		i := 0
		for ; i < len(z) && z[i] == n; i++ {
			z[i] = 0
		}
		if i == len(z) {
			return (math.Log(sum) - logs/sum) / math.Ln2
		}
		z[i]++
	}
}

// TestEntropyOfManyTopics holds the entropies of a week's counts, 20 topics of known totals with about a quarter public, against those of points drawn from the flat and
// the loose belief: the bits of a claim "exact" are reckoned with neither too few nor many too many.
func TestEntropyOfManyTopics(t *testing.T) {
	for _, target := range []string{"presence", "rows", "cells"} {
		for _, split := range []float64{math.Inf(1), 40} {
			t.Run(fmt.Sprintf("%s/split=%v", target, split), func(t *testing.T) {
				t.Parallel()
				s := Spec{Alpha: FlatEvidence(20, 3), Groups: groupings(3)[target], Split: split}
				rows := 0
				for k := range s.Alpha {
					s.Totals = append(s.Totals, 900+37*k)
					rows += s.Totals[k]
				}
				s.Public = [2]int{rows*26/100 - 125, rows*26/100 + 125}
				m, err := New(s)
				if err != nil {
					t.Fatal(err)
				}
				rng := rand.New(rand.NewPCG(1, 2))
				holdsEntropy(t, m, 1000, 2, func() []int { return drawnCounts(m, rng) })
			})
		}
	}
}

// holdsEntropy compares the full entropy of a belief whose n is unknown with the mean bits of points drawn from it: it may be too large by most, and not too small.
func holdsEntropy(t *testing.T, m *Model, draws int, most float64, draw func() []int) {
	t.Helper()
	lo, hi := m.Public()
	var sum, squares float64
	for range draws {
		bits := math.Log2(float64(hi-lo+1)) - m.LogMass(draw())/math.Ln2
		sum, squares = sum+bits, squares+bits*bits
	}
	mean := sum / float64(draws)
	sd := math.Sqrt((squares/float64(draws) - mean*mean) / float64(draws))
	full, gaussian := m.FullEntropy(), m.Entropy()
	t.Logf("drawn %.2f ± %.2f, full %.2f, most counts taken for Gaussian %.2f bits", mean, sd, full, gaussian)
	if full < mean-3*sd || full > mean+most || full >= gaussian {
		t.Errorf("%v bits: not just above the %v of drawn points", full, mean)
	}
}

// drawnCounts are drawn from a static belief about three classes, n being unknown: the topics' public rows one by one, until their sum is one that the public
// part may have.
func drawnCounts(m *Model, rng *rand.Rand) (z []int) {
	lo, hi := m.Public()
	for {
		z, sum := z[:0], 0
		for _, topic := range m.law.(*static).topics {
			u, n := rng.Float64(), topic.split.Lo
			for _, p := range topic.split.P {
				if u -= p; u < 0 {
					break
				}
				n++
			}
			share, classes := dirichlet(m.spec.Alpha[topic.index], rng), make([]int, 3)
			for range n {
				u, c := rng.Float64(), 0
				for ; c < 2 && u >= share[c]; c++ {
					u -= share[c]
				}
				classes[c]++
			}
			for _, group := range m.spec.Groups {
				rows := 0
				for _, c := range group {
					rows += classes[c]
				}
				z = append(z, rows)
			}
			sum += n
		}
		if sum >= lo && sum <= hi {
			if m.latent {
				z = append(z, sum)
			}
			return z
		}
	}
}

// TestEntropyOfHiddenTopics is the same of a hidden test under the flat belief. There the entropy may be a few bits too large: the cells of a topic are missing together.
func TestEntropyOfHiddenTopics(t *testing.T) {
	for _, target := range []string{"presence", "rows", "cells"} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			s := Spec{Rows: [2]int{7800, 7800}, Absent: Absent, Public: [2]int{2000, 2050}, Alpha: FlatEvidence(20, 3), Groups: groupings(3)[target], Split: math.Inf(1)}
			m, err := New(s)
			if err != nil {
				t.Fatal(err)
			}
			draw := hiddenSampler{s, rand.New(rand.NewPCG(1, 2))}
			holdsEntropy(t, m, 400, 8, func() []int { return m.point(draw.counts()) })
		})
	}
}
