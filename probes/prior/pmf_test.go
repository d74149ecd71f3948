package prior

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestBetaBinomial compares with scipy.stats.betabinom.logpmf(x, n, a, b) of scipy 1.16.2: by the table of ratios, by gamma functions and by
// the urn.
func TestBetaBinomial(t *testing.T) {
	for _, c := range []struct {
		n    int
		a, b float64
		x    int
		want float64
	}{
		{10, 2, 3, 0, -2.719100037288795},
		{10, 2, 3, 1, -2.208274413522805},
		{10, 2, 3, 3, -1.9389414797392193},
		{10, 2, 3, 10, -4.51085950651685},
		{740, 0.1, 0.1, 0, -1.389266546977955},
		{740, 0.1, 0.1, 1, -3.690634683565326},
		{740, 0.1, 0.1, 370, -8.340481950387332},
		{740, 0.1, 0.1, 740, -1.389266546977955},
		{740, 0.3, 40, 0, -0.8936190299292566},
		{740, 0.3, 40, 246, -21.10136358339207},
		{740, 0.3, 40, 740, -158.6775955377217},
		{400, 200, 150, 0, -196.18739043998016},
		{400, 200, 150, 133, -25.30287024306699},
		{400, 200, 150, 200, -5.527473044737803},
		{400, 200, 150, 400, -136.45236792016},
		{25, 0.5, 7, 8, -4.38856563662668},
		{3000, 12, 28, 0, -54.135438764993985},
		{3000, 12, 28, 1000, -6.471725118415996},
		{3000, 12, 28, 3000, -135.2857338780873},
	} {
		name := fmt.Sprintf("P(%d of %d | %v, %v)", c.x, c.n, c.a, c.b)
		u := newUrn(c.a, c.b, c.n, float64(c.n)/3)
		closeTo(t, name+" by gamma functions", logBetaBinomial(c.x, c.n, c.a, c.b), c.want)
		closeTo(t, name+" by the urn", u.log(c.x, c.n), c.want)
		if c.want > -40 { // what is below is cut off, or underflows
			closeTo(t, name+" by ratios", math.Log(betaBinomial(c.n, c.a, c.b).At(c.x)), c.want)
			closeTo(t, name+" by the urn's masses", math.Log(u.masses(c.n, nil)[c.x]), c.want)
		}
	}
}

// TestBinomial compares with scipy.stats.binom.logpmf(x, n, q) of scipy 1.16.2.
func TestBinomial(t *testing.T) {
	for _, c := range []struct {
		n    int
		q    float64
		x    int
		want float64
	}{
		{10, 0.3, 0, -3.5667494393873245},
		{10, 0.3, 3, -1.321151277766889},
		{10, 0.3, 10, -12.03972804325936},
		{740, 0.3, 0, -263.939458514662},
		{740, 0.3, 246, -5.287639511626651},
		{740, 0.3, 740, -890.9398752011928},
		{5000, 0.02, 0, -101.01353658759724},
		{5000, 0.02, 1666, -3407.1030646284025},
		{1, 0.5, 1, -0.6931471805599453},
	} {
		name := fmt.Sprintf("P(%d of %d | %v)", c.x, c.n, c.q)
		closeTo(t, name, logBinomial(c.x, c.n, c.q), c.want)
		if c.want > -40 {
			closeTo(t, name+" by ratios", math.Log(binomial(c.n, c.q).At(c.x)), c.want)
		}
	}
	for _, x := range []int{-1, 4} {
		if l := logBinomial(x, 3, 0.5); !math.IsInf(l, -1) {
			t.Errorf("ln P(%d of 3) = %v", x, l)
		}
	}
	if logBinomial(3, 3, 1) != 0 || binomial(3, 1).At(3) != 1 {
		t.Error("3 of 3 at probability 1 is not certain")
	}
}

// TestPublicRowsOfIsHypergeometric compares with scipy.stats.hypergeom.logpmf(x, N, K, n) of scipy 1.16.2.
func TestPublicRowsOfIsHypergeometric(t *testing.T) {
	for _, c := range []struct {
		all, total, public, x int
		want                  float64
	}{
		{8392, 740, 2518, 246, -5.412070156961818},
		{100, 7, 30, 0, -2.591761192139592},
		{100, 7, 30, 2, -1.1120158960228599},
		{100, 7, 30, 7, -8.96992757756923},
	} {
		m, err := New(Spec{Totals: []int{c.total, c.all - c.total}, Public: [2]int{c.public, c.public}, Alpha: FlatEvidence(2, 2),
			Groups: [][]int{{1}}, Split: math.Inf(1)})
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, fmt.Sprintf("P(%d public of %d)", c.x, c.total), math.Log(m.PublicRowsOf(0).At(c.x)), c.want)
	}
}

func closeTo(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*(1+math.Abs(want))) {
		t.Errorf("%s: ln P = %.15g, want %.15g", what, got, want)
	}
}

func TestPMF(t *testing.T) {
	f := PMF{Lo: 3, P: []float64{0.1, 0.5, 0.3, 0.1}}
	mean, variance := f.Moments()
	if math.Abs(mean-4.4) > 1e-12 || math.Abs(variance-0.64) > 1e-12 {
		t.Errorf("moments %v, %v, want 4.4, 0.64", mean, variance)
	}
	for x, want := range map[int]float64{2: 0, 3: 0.1, 6: 0.1, 7: 0} {
		if f.At(x) != want {
			t.Errorf("At(%d) = %v, want %v", x, f.At(x), want)
		}
	}
	for x, want := range map[int]float64{-5: 1, 3: 1, 4: 0.9, 6: 0.1, 7: 0} {
		if got := f.AtLeast(x); math.Abs(got-want) > 1e-12 {
			t.Errorf("AtLeast(%d) = %v, want %v", x, got, want)
		}
	}
	for certainty, want := range map[float64][3]int{0.4: {4, 4, 4}, 0.8: {4, 4, 5}, 0.85: {3, 4, 5}, 1: {3, 4, 6}} {
		lo, best, hi := f.Interval(certainty)
		if got := [3]int{lo, best, hi}; got != want {
			t.Errorf("Interval(%v) = %v, want %v", certainty, got, want)
		}
	}
	if h := (PMF{P: []float64{0.5, 0.25, 0.25, 0}}).entropy(); math.Abs(h-1.5) > 1e-12 {
		t.Errorf("entropy %v, want 1.5", h)
	}
}

func TestReweighted(t *testing.T) {
	f := PMF{Lo: 1, P: []float64{0.5, 0.25, 0.25}}
	for name, c := range map[string]struct {
		log  func(x int) float64
		want PMF
	}{
		"by a likelihood":       {func(x int) float64 { return math.Log(float64(x)) - 500 }, PMF{1, []float64{2.0 / 7, 2.0 / 7, 3.0 / 7}}},
		"one value left":        {func(x int) float64 { return map[bool]float64{true: 0, false: math.Inf(-1)}[x == 2] }, PMF{2, []float64{1}}},
		"nothing left":          {func(int) float64 { return math.Inf(-1) }, f},
		"a likelihood of NaN":   {func(int) float64 { return math.NaN() }, f},
		"far from what is left": {func(x int) float64 { return -1000 * float64(x) }, PMF{1, []float64{1}}},
	} {
		if diff := cmp.Diff(c.want, f.Reweighted(c.log), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestMix(t *testing.T) {
	got := Mix([]float64{1, 3}, []PMF{Point(5), {Lo: 3, P: []float64{0.5, 0.5}}})
	if diff := cmp.Diff(PMF{3, []float64{0.375, 0.375, 0.25}}, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNormal(t *testing.T) {
	f := Normal(5, 4, 0, 10)
	if mean, variance := f.Moments(); math.Abs(mean-5) > 1e-9 || math.Abs(variance-4) > 0.3 {
		t.Errorf("moments %v, %v", mean, variance)
	}
	if r := f.At(7) / f.At(5); math.Abs(r-math.Exp(-0.5)) > 1e-12 {
		t.Errorf("P(7)/P(5) = %v, want e^-1/2", r)
	}
	if far := Normal(1e6, 1, 0, 10); far.At(10) < 0.99 {
		t.Errorf("a mean far above the range: P(10) = %v", far.At(10))
	}
}

// TestUrnUnderflow takes a case in which the tables of the urn hold nothing: evidence so strong, and a count so unlikely, that only logarithms
// carry it.
func TestUrnUnderflow(t *testing.T) {
	u := newUrn(1e7, 2e7, 4000, 4000)
	got := u.masses(40, nil)
	sum := 0.0
	for _, p := range got {
		sum += p
	}
	if math.Abs(sum-1) > 1e-6 {
		t.Errorf("masses sum to %v", sum)
	}
	closeTo(t, "P(13 of 40)", math.Log(got[13]), math.Log(polyaMass(13, 40, 1e7, 2e7)))
}

// TestBetaBinomialBelow sums the masses one by one: of laws with one peak, with two at the ends, falling, rising, certain, and far in a tail.
func TestBetaBinomialBelow(t *testing.T) {
	for _, c := range []struct {
		n    int
		a, b float64
	}{{0, 1, 2}, {12, 3, 5}, {12, 0.2, 0.3}, {12, 0.5, 4}, {12, 4, 0.5}, {12, 2, 0}, {3000, 40, 900}, {3000, 900, 40}} {
		want := 0.0
		for x := range min(c.n+2, 300) {
			if got := betaBinomialBelow(x, c.n, c.a, c.b); math.Abs(got-want) > 1e-9*want {
				t.Errorf("P(X < %d) of %d with evidence %v and %v: %v, by sums %v", x, c.n, c.a, c.b, got, want)
			}
			switch {
			case c.b > 0:
				want += math.Exp(logBetaBinomial(x, c.n, c.a, c.b))
			case x == c.n:
				want = 1
			}
		}
	}
}
