package prior

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// TestSubGaussian looks for a slope that the bound does not hold at, and for one at which it is nearly met. Kearns and Saul (1998) give the bound of one
// draw of probability q as (1 − 2q)/(2 ln((1−q)/q)); that of a symmetric uniform law is its variance.
func TestSubGaussian(t *testing.T) {
	draw := func(q float64) PMF { return PMF{3, []float64{1 - q, q}} }
	uniform := PMF{-4, make([]float64, 9)}
	for i := range uniform.P {
		uniform.P[i] = 1.0 / 9
	}
	_, variance := uniform.Moments()
	for _, c := range []struct {
		name string
		f    PMF
		want float64 // 0: not known
	}{
		{"a draw of 0.1", draw(0.1), 0.8 / (2 * math.Log(9))},
		{"a draw of 0.7", draw(0.7), -0.4 / (2 * math.Log(3.0/7))},
		{"uniform", uniform, variance},
		{"binomial", binomial(20, 0.26), 20 * 0.48 / (2 * math.Log(0.74/0.26))},
		{"beta-binomial", betaBinomial(300, 2, 1), 0},
		{"beta-binomial of little evidence", betaBinomial(300, 0.2, 3), 0},
	} {
		mean, s := c.f.subGaussian()
		if c.want > 0 && !(s >= c.want*(1-1e-6) && s < 1.02*c.want) {
			t.Errorf("%s: %v, wanted hardly above %v", c.name, s, c.want)
		}
		_, variance := c.f.Moments()
		most := 0.0
		for step := 0.02; step < 60; step *= 1.01 {
			for _, slope := range []float64{-step / math.Sqrt(variance), step / math.Sqrt(variance)} {
				k := 0.0
				for i, p := range c.f.P {
					k += p * math.Exp(slope*(float64(c.f.Lo+i)-mean))
				}
				if !math.IsInf(k, 1) {
					most = max(most, 2*math.Log(k)/(slope*slope))
				}
			}
		}
		if s < most*(1-1e-4) || s > 1.02*most {
			t.Errorf("%s: %v, but the slopes need %v", c.name, s, most)
		}
	}
	if mean, s := Point(7).subGaussian(); mean != 7 || s != 0 {
		t.Errorf("a point: mean %v, %v", mean, s)
	}
}

// TestEnvelopes compares exponential moments of draws from the belief itself with their bound, along many directions.
func TestEnvelopes(t *testing.T) {
	totals := []int{5, 9, 14, 20, 30, 42, 60, 80}
	var stated [][]float64
	for k := range totals {
		stated = append(stated, []float64{float64(2 + k), 7, 3})
	}
	flat := FlatEvidence(len(totals), 3)
	for _, c := range []struct {
		alpha  [][]float64
		split  float64
		public [2]int
	}{{stated, math.Inf(1), [2]int{80, 80}}, {stated, math.Inf(1), [2]int{75, 85}}, {stated, 40, [2]int{80, 80}}, {flat, 16, [2]int{70, 90}}} {
		t.Run(fmt.Sprintf("evidence=%v/split=%v/n=%v", c.alpha[0], c.split, c.public), func(t *testing.T) {
			t.Parallel()
			s := Spec{Totals: totals, Public: c.public, Alpha: c.alpha, Groups: groupings(3)["presence"], Split: c.split}
			m, err := New(s)
			if err != nil {
				t.Fatal(err)
			}
			ends := []int{c.public[0], c.public[1]}
			for i, e := range m.Envelopes() {
				s.Public = [2]int{ends[i], ends[i]}
				holdMoments(t, m, e, sampler{s, rand.New(rand.NewPCG(5, uint64(i)))})
			}
		})
	}
}

// holdMoments draws counts with a known n.
func holdMoments(t *testing.T, m *Model, e Envelope, draw sampler) {
	t.Helper()
	const draws, directions = 3000, 60
	form, target := m.Form()
	slopes := mat.NewDense(directions, len(target), nil)
	slopes.Apply(func(i, _ int, _ float64) float64 {
		return draw.rng.NormFloat64() * 2 * float64(i+1) / directions / math.Sqrt(float64(len(target)))
	}, slopes)
	sums := make([]float64, directions)
	for range draws {
		z := m.point(draw.counts())
		x := mat.NewVecDense(len(target), nil)
		coordinates := make([]float64, len(z))
		for i, v := range z {
			coordinates[i] = float64(v)
		}
		x.MulVec(form, mat.NewVecDense(len(z), coordinates))
		x.SubVec(x, mat.NewVecDense(len(target), target))
		for i := range sums {
			sums[i] += math.Exp(mat.Dot(slopes.RowView(i), x)) / draws
		}
	}
	for i, moment := range sums {
		bound, spread := 0.0, 0.0
		for j, v := range slopes.RawRowView(i) {
			bound += v*e.Shift[j] + 0.5*e.Spread[j]*v*v
			spread += e.Spread[j] * v * v
		}
		noise := 4 * math.Sqrt(math.Expm1(spread)/draws)
		if moment > e.Factor*math.Exp(bound)*(1+noise) {
			t.Errorf("direction %d: E e^(λ·x) = %v, bound %v times %v", i, moment, e.Factor, math.Exp(bound))
		}
	}
}
