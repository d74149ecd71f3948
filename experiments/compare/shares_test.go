package compare

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas32"
)

func close(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

// TestShare: Wilson's interval by statsmodels 0.15.0, proportion_confint(method="wilson").
func TestShare(t *testing.T) {
	for _, c := range []struct {
		rows, of int
		lo, hi   float64
	}{
		{0, 10, 0, 0.27753279986288926}, {3, 10, 0.10779126740630104, 0.6032218525388546}, {10, 10, 0.7224672001371106, 1},
		{113, 2430, 0.03882165533471049, 0.05561401876711153}, {1, 100000, 1.7652477303783092e-06, 5.664709659040968e-05}, {0, 0, 0, 1},
	} {
		if s := share(c.rows, c.of); !close(s.Lo, c.lo) || !close(s.Hi, c.hi) {
			t.Errorf("%d of %d: %g to %g, want %g to %g", c.rows, c.of, s.Lo, s.Hi, c.lo, c.hi)
		}
	}
}

// TestDifference: Newcombe's interval by statsmodels 0.15.0, confint_proportions_2indep(method="newcomb", compare="diff").
func TestDifference(t *testing.T) {
	for _, c := range []struct {
		a, na, b, nb int
		lo, hi       float64
	}{
		{56, 70, 48, 80, -0.33387265403690614, -0.05243147240236498}, {9, 10, 3, 10, -0.809017973535488, -0.1705227239345029},
		{0, 10, 0, 20, -0.27753279986288926, 0.1611251580528194}, {5, 56, 0, 29, -0.19256001385511165, 0.038137147903936536},
	} {
		if d := difference(share(c.a, c.na), share(c.b, c.nb)); !close(d.Lo, c.lo) || !close(d.Hi, c.hi) {
			t.Errorf("%d of %d, %d of %d: %g to %g, want %g to %g", c.a, c.na, c.b, c.nb, d.Lo, d.Hi, c.lo, c.hi)
		}
	}
}

// TestHomogeneity: figures by scipy 1.17.1, chi2_contingency(correction=False) and association(method="cramer").
func TestHomogeneity(t *testing.T) {
	for _, c := range []struct {
		a, b            []int
		chi, p, v       float64
		freedom, merged int
	}{
		{[]int{20, 30, 50}, []int{30, 30, 40}, 3.1111111111111107, 0.21107208779109024, 0.1247219128924647, 2, 0},
		{[]int{113, 250, 17, 88}, []int{90, 310, 40, 60}, 22.57930572202804, 4.941460213207492e-05, 0.15272763028241437, 3, 0},
		{[]int{113, 0, 250, 9, 88, 8}, []int{90, 0, 310, 34, 60, 6}, 0, 0, 0, 0, -1}, // categories without rows count for nothing
	} {
		got := homogeneity(c.a, c.b)
		if c.merged < 0 {
			if got.Freedom != 4 || got.Merged != 0 {
				t.Errorf("%v, %v: %+v", c.a, c.b, got)
			}
			continue
		}
		if !close(got.ChiSquare, c.chi) || !close(got.P, c.p) || !close(got.V, c.v) || got.Freedom != c.freedom {
			t.Errorf("%v, %v: %+v", c.a, c.b, got)
		}
	}
	if got := homogeneity([]int{100, 5, 3, 100}, []int{100, 3, 5, 100}); got.Merged != 2 || got.Freedom != 2 {
		t.Errorf("rare categories: %+v", got)
	}
	for _, none := range [][2][]int{{{5}, {7}}, {{5, 0}, {7, 0}}, {{0, 0}, {3, 4}}, {nil, nil}} {
		if got := homogeneity(none[0], none[1]); got != nil {
			t.Errorf("%v: %+v", none, got)
		}
	}
}

// TestHomogeneityNull: among sets drawn from one distribution p is below 0.05 about one time in twenty, and the corrected V is 0 on average, near enough.
func TestHomogeneityNull(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	const trials = 2000
	low, v := 0, 0.0
	for range trials {
		a, b := make([]int, 12), make([]int, 12)
		for i := range 700 {
			k := int(rng.ExpFloat64() * 3)
			if i < 300 {
				a[min(k, 11)]++
			} else {
				b[min(k, 11)]++
			}
		}
		got := homogeneity(a, b)
		if got.P < 0.05 {
			low++
		}
		v += got.VCorrected / trials
	}
	if share := float64(low) / trials; share < 0.035 || share > 0.065 || v > 0.04 {
		t.Errorf("p < 0.05 in %g of the trials, mean corrected V %g", share, v)
	}
}

// TestNearest: by brute force in float64, at one thread and several.
func TestNearest(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	matrix := func(rows, cols int) blas32.General {
		m := blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float32, rows*cols)}
		for i := range m.Data {
			m.Data[i] = float32(rng.NormFloat64())
		}
		return m
	}
	a, b := matrix(2500, 7), matrix(131, 7)
	clear(a.Data[:7])
	clear(b.Data[14:21])
	copy(b.Data[7:14], a.Data[7*2000:])
	for _, threads := range []int{1, 4} {
		best, cosine := nearest(a, b, threads)
		for i := range b.Rows {
			want := math.Inf(-1)
			for k := range a.Rows {
				want = max(want, cosineOf(a.Data[7*k:7*k+7], b.Data[7*i:7*i+7]))
			}
			if got := cosineOf(a.Data[7*best[i]:7*best[i]+7], b.Data[7*i:7*i+7]); math.Abs(got-want) > 1e-6 || math.Abs(cosine[i]-want) > 1e-6 {
				t.Errorf("row %d: %d at %g, want %g", i, best[i], cosine[i], want)
			}
		}
		if best[1] != 2000 || best[2] != 0 || cosine[2] != 0 {
			t.Errorf("a copy has neighbour %d, zeros have %d at %g", best[1], best[2], cosine[2])
		}
	}
}

func cosineOf(a, b []float32) float64 {
	dot, s, t := 0.0, 0.0, 0.0
	for i := range a {
		dot, s, t = dot+float64(a[i])*float64(b[i]), s+float64(a[i])*float64(a[i]), t+float64(b[i])*float64(b[i])
	}
	if s == 0 || t == 0 {
		return 0
	}
	return dot / math.Sqrt(s*t)
}

// TestTooFewToTest: what is merged and still too rare for Pearson's approximation makes no category of its own.
func TestTooFewToTest(t *testing.T) {
	if got := homogeneity([]int{5, 1}, []int{4600, 129}); got != nil {
		t.Errorf("six rows are tested: %v", got)
	}
	got := homogeneity([]int{50, 40, 1}, []int{60, 30, 1})
	want := homogeneity([]int{50, 41}, []int{60, 31})
	if got == nil || got.ChiSquare != want.ChiSquare || got.Freedom != 1 || got.Merged != 1 {
		t.Errorf("%+v, want %+v", got, want)
	}
}
