package topics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"lbprobe/experiments/topics"
)

// The figures are of scikit-learn 1.9.1: normalized_mutual_info_score and adjusted_rand_score.
func TestAgreementScikitLearn(t *testing.T) {
	for _, c := range []struct {
		a, b     []int32
		nmi, ari float64
	}{
		{[]int32{0, 0, 1, 1, 2, 2, 2, 0}, []int32{1, 1, 0, 0, 2, 2, 1, 2}, 0.5588730382170323, 0.23809523809523808},
		{[]int32{0, 0, 0, 1, 1, 1}, []int32{0, 1, 2, 0, 1, 2}, 0, -0.36363636363636365},
		{[]int32{0, 1, 2, 3}, []int32{5, 5, 6, 6}, 0.6666666666666666, 0},
		{[]int32{0, 0, 0, 0}, []int32{0, 1, 2, 3}, 0, 0},
		{[]int32{0, 0, 0}, []int32{1, 1, 1}, 1, 1},
		{[]int32{0, 1, 2}, []int32{2, 0, 1}, 1, 1},
		{[]int32{0, 0, 1, 2, 2}, []int32{0, 0, 1, 1, 1}, 0.7789794173345359, 0.5454545454545454},
	} {
		if got := topics.NMI(c.a, c.b); math.Abs(got-c.nmi) > 1e-12 {
			t.Errorf("NMI(%v, %v) = %v, want %v", c.a, c.b, got, c.nmi)
		}
		if got := topics.AdjustedRand(c.a, c.b); math.Abs(got-c.ari) > 1e-12 {
			t.Errorf("AdjustedRand(%v, %v) = %v, want %v", c.a, c.b, got, c.ari)
		}
	}
}

// AdjustedRand counted over the pairs themselves.
func TestAdjustedRandByPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		a, b := make([]int32, 40), make([]int32, 40)
		for i := range a {
			a[i], b[i] = rng.Int32N(4), rng.Int32N(3)
		}
		both, inA, inB, all := 0.0, 0.0, 0.0, 0.0
		for i := range a {
			for j := range i {
				all++
				if a[i] == a[j] {
					inA++
				}
				if b[i] == b[j] {
					inB++
				}
				if a[i] == a[j] && b[i] == b[j] {
					both++
				}
			}
		}
		want := (both - inA*inB/all) / ((inA+inB)/2 - inA*inB/all)
		if got := topics.AdjustedRand(a, b); math.Abs(got-want) > 1e-12 {
			t.Errorf("AdjustedRand = %v, want %v", got, want)
		}
	}
}
