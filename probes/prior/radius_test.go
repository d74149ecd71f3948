package prior

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// distance is D(z), and weight² times the sum of squares of rounding errors of standard deviation 1.
func distance(form *mat.Dense, target []float64, z []int, weight float64, scores int, rng *rand.Rand) float64 {
	x := make([]float64, len(z))
	for i, v := range z {
		x[i] = float64(v)
	}
	r := mat.NewVecDense(len(target), nil)
	r.MulVec(form, mat.NewVecDense(len(x), x))
	r.SubVec(r, mat.NewVecDense(len(target), target))
	d := mat.Dot(r, r)
	for range scores {
		e := weight * math.Sqrt(3) * (2*rng.Float64() - 1)
		d += e * e
	}
	return d
}

// TestRadius draws competitions from the belief itself and counts those outside the radius.
func TestRadius(t *testing.T) {
	totals := []int{5, 9, 14, 20, 30, 42, 60, 80} // 260 rows
	stated, flat4 := [][]float64{}, FlatEvidence(len(totals), 4)
	for k := range totals {
		stated = append(stated, []float64{float64(2 + k), 7, 3})
	}
	flat3 := FlatEvidence(len(totals), 3)
	inf, flat := math.Inf(1), 2*float64(len(totals))
	for _, c := range []struct {
		target string
		alpha  [][]float64
		split  float64
		public [2]int
		scores int
	}{
		{"presence", stated, inf, [2]int{80, 80}, 0},
		{"presence", stated, inf, [2]int{75, 85}, 5},
		{"presence", stated, inf, [2]int{50, 110}, 5},
		{"presence", flat3, flat, [2]int{80, 80}, 5},
		{"rows", stated, inf, [2]int{80, 80}, 6},
		{"rows", stated, inf, [2]int{50, 110}, 0},
		{"rows", flat3, flat, [2]int{75, 85}, 6},
		{"cells", stated, inf, [2]int{80, 80}, 12},
		{"cells", flat3, flat, [2]int{78, 82}, 12},
		{"cells", flat4, inf, [2]int{80, 80}, 0},
		{"cells", flat4, flat, [2]int{70, 90}, 16},
	} {
		t.Run(fmt.Sprintf("%s/C=%d/split=%v/n=%v", c.target, len(c.alpha[0]), c.split, c.public), func(t *testing.T) {
			t.Parallel()
			s := Spec{Totals: totals, Public: c.public, Alpha: c.alpha, Groups: groupings(len(c.alpha[0]))[c.target], Split: c.split}
			m, err := New(s)
			if err != nil {
				t.Fatal(err)
			}
			for _, excluded := range []float64{1e-2, 1e-3} {
				rng := rand.New(rand.NewPCG(3, uint64(c.scores)))
				draw := sampler{s, rng}
				form, target := m.Form()
				ball := m.Radius(c.scores, excluded)
				radius2, weight := ball.Radius2, ball.Weight
				draws, out := radiusDraws, 0
				for range draws {
					if distance(form, target, m.point(draw.counts()), weight, c.scores, rng) > radius2 {
						out++
					}
				}
				t.Logf("excluded %v: R² %.1f, weight %v, outside %.2g", excluded, radius2, weight, float64(out)/float64(draws))
				most := excluded * float64(draws)
				if float64(out) > most+3*math.Sqrt(most) {
					t.Errorf("%d of %d draws lie outside a radius that leaves out %v", out, draws, excluded)
				}
			}
		})
	}
}

const radiusDraws = 4000

// TestRadiusShrinks holds the order that any bound has: less may be left out, or more errors come in, and the ball grows.
func TestRadiusShrinks(t *testing.T) {
	s := Spec{Totals: []int{50, 70, 20}, Public: [2]int{40, 40}, Alpha: FlatEvidence(3, 3), Groups: [][]int{{0}, {1, 2}}, Split: math.Inf(1)}
	m, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	wide := m.Radius(0, 1e-6).Radius2
	narrow := m.Radius(0, 1e-3).Radius2
	scored := m.Radius(9, 1e-6).Radius2
	if !(narrow < wide && wide < scored) {
		t.Errorf("R² %v for 1e-3, %v for 1e-6, %v with 9 scores", narrow, wide, scored)
	}
}

// TestRadiusLeavesOutNothing computes K at every step anew, each search for the tilt from nought, and takes the best of all: Radius, which
// goes on from the last tilt and stops early, must say the same.
func TestRadiusLeavesOutNothing(t *testing.T) {
	totals := []int{30, 50, 80, 120, 20}
	for target, groups := range groupings(3) {
		for _, split := range []float64{math.Inf(1), 10} {
			for _, public := range [][2]int{{90, 90}, {80, 100}} {
				s := Spec{Totals: totals, Public: public, Alpha: FlatEvidence(len(totals), 3), Groups: groups, Split: split}
				m, err := New(s)
				if err != nil {
					t.Fatal(err)
				}
				static := m.law.(*static)
				for _, scores := range []int{0, 4, 40} {
					ball := m.Radius(scores, 1e-6)
					got, weight := ball.Radius2, ball.Weight
					var k []float64
					for _, step := range steps {
						var tilts [2]tilts
						k = append(k, static.logMGF(step, static.logLaws(), &tilts)+float64(scores)*logMeanExp(3*step*weight*weight))
					}
					if want, _ := chernoff(k, 1e-6); math.Abs(got-want) > 1e-4*want {
						t.Errorf("%s, split %v, n=%v, %d scores: R² %v, of all steps %v", target, split, public, scores, got, want)
					}
				}
			}
		}
	}
}

func BenchmarkRadius(b *testing.B) {
	for _, target := range []string{"presence", "rows", "cells"} {
		b.Run("target="+target, func(b *testing.B) {
			s := Spec{Public: [2]int{2518, 2518}, Groups: groupings(3)[target], Split: 40, Alpha: FlatEvidence(20, 3)}
			for k := range 20 {
				s.Totals = append(s.Totals, 120+30*k)
			}
			m, err := New(s)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				m.Radius(12, 1e-6)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for _, split := range []float64{math.Inf(1), 40} {
		b.Run(fmt.Sprint("split=", split), func(b *testing.B) {
			s := Spec{Public: [2]int{2518, 2518}, Groups: [][]int{{1, 2}}, Split: split, Alpha: FlatEvidence(20, 3)}
			for k := range 20 {
				s.Totals = append(s.Totals, 120+30*k)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := New(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
