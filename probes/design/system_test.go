package design

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gonum.org/v1/gonum/mat"

	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// scored is a setting with a drawn truth and the scores that a board shows for it.
func scored(t *testing.T, s setting, seed uint64) (g made, sys *System, truth []int) {
	t.Helper()
	g = s.make(t, seed)
	d, err := Draw(g.m, g.o)
	if err != nil {
		t.Fatal(err)
	}
	cells, n := g.cells(rand.New(rand.NewPCG(seed, 6)))
	var middle []float64
	for _, p := range d.Probes {
		middle = append(middle, g.shown(p, cells, n))
	}
	sys, err = NewSystem(g.m, g.spec.Groups, g.o.Scoring, d.Probes, g.means(middle))
	if err != nil {
		t.Fatal(err)
	}
	return g, sys, g.point(cells, n)
}

// TestInformation compares with ½ log₂ det(1 + Σ^-½ A C Aᵀ Σ^-½), and the posterior with (C⁻¹ + Aᵀ Σ⁻¹ A)⁻¹.
func TestInformation(t *testing.T) {
	for _, s := range []setting{
		{target: Presence, kind: Lattice, topics: 5, classes: 3, rows: 60, decimals: 3, floor: 1e-12},
		{target: Presence, kind: Lattice, topics: 5, classes: 3, rows: 60, decimals: 3, floor: 1e-12, width: 9},
		{target: Rows, kind: Lattice, topics: 5, classes: 3, rows: 60, decimals: 4, floor: 1e-12},
		{target: Cells, kind: OneAtATime, topics: 4, classes: 3, rows: 60, decimals: 2, floor: 1e-12, width: 5},
	} {
		g, sys, _ := scored(t, s, 3)
		mean, cov := g.m.Gaussian()
		var want []float64
		for j := range sys.Sigma {
			want = append(want, directBits(sys, cov, j+1))
		}
		if diff := cmp.Diff(want, sys.Information(), cmpopts.EquateApprox(1e-6, 1e-6)); diff != "" {
			t.Errorf("%v: bits (-want +got):\n%s", s, diff)
		}
		wantMean, wantCov := directPosterior(t, sys, mean, cov)
		gotMean, gotCov := sys.Posterior()
		if !mat.EqualApprox(wantCov, gotCov, 1e-6) {
			t.Errorf("%v: posterior covariance\n%v, want\n%v", s, mat.Formatted(gotCov), mat.Formatted(wantCov))
		}
		if !mat.EqualApprox(wantMean, gotMean, 1e-4) {
			t.Errorf("%v: posterior mean %v, want %v", s, mat.Formatted(gotMean.T()), mat.Formatted(wantMean.T()))
		}
		a := mat.NewVecDense(g.m.Dim(), sys.A.RawRowView(1))
		gap := sys.Target[1] - mat.Dot(a, mean)
		if got, want := sys.Surprise(1), math.Abs(gap)/math.Sqrt(mat.Inner(a, cov, a)+sys.Sigma[1]*sys.Sigma[1]); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v: surprise %v, want %v", s, got, want)
		}
	}
}

func directBits(sys *System, cov *mat.SymDense, scores int) float64 {
	_, d := sys.A.Dims()
	a := mat.DenseCopyOf(sys.A.Slice(0, scores, 0, d))
	for j := range scores {
		for i := range d {
			a.Set(j, i, a.At(j, i)/sys.Sigma[j])
		}
	}
	var ac, m mat.Dense
	ac.Mul(a, cov)
	m.Mul(&ac, a.T())
	for j := range scores {
		m.Set(j, j, m.At(j, j)+1)
	}
	l, _ := mat.LogDet(&m)
	return 0.5 * l / math.Ln2
}

func directPosterior(t *testing.T, sys *System, mean *mat.VecDense, cov *mat.SymDense) (*mat.VecDense, *mat.Dense) {
	t.Helper()
	scores, d := sys.A.Dims()
	var precision, inverse mat.Dense
	if err := precision.Inverse(cov); err != nil {
		t.Fatal(err)
	}
	var pull mat.VecDense
	pull.MulVec(&precision, mean)
	for j := range scores {
		w := 1 / (sys.Sigma[j] * sys.Sigma[j])
		a := mat.NewVecDense(d, sys.A.RawRowView(j))
		precision.RankOne(&precision, w, a, a)
		pull.AddScaledVec(&pull, w*sys.Target[j], a)
	}
	if err := inverse.Inverse(&precision); err != nil {
		t.Fatal(err)
	}
	out := new(mat.VecDense)
	out.MulVec(&inverse, &pull)
	return out, &inverse
}

// TestTruthIsAdmitted draws competitions from the belief: the true point lies inside every score's interval, in at least 99.9 % of them where
// rows of class A are not counted and only widen it, and always where every row is.
func TestTruthIsAdmitted(t *testing.T) {
	for _, c := range []struct {
		setting
		games int
		least float64
	}{
		{setting{target: Presence, kind: Lattice, topics: 10, classes: 3, rows: 80, decimals: 5, floor: 1e-12}, 1500, 0.999},
		{setting{target: Presence, kind: Lattice, topics: 10, classes: 3, rows: 80, decimals: 3, floor: 1e-12}, 1500, 0.999},
		{setting{target: Presence, kind: Lattice, topics: 10, classes: 3, rows: 80, decimals: 5, floor: 1e-6, width: 20}, 1500, 0.999},
		{setting{target: Presence, kind: OneAtATime, topics: 6, classes: 2, rows: 80, decimals: 5, floor: 1e-12}, 500, 0.999},
		{setting{target: Rows, kind: Lattice, topics: 10, classes: 3, rows: 80, decimals: 5, floor: 1e-12, width: 20}, 500, 1},
		{setting{target: Cells, kind: Lattice, topics: 5, classes: 4, rows: 80, decimals: 8, floor: 1e-12}, 500, 1},
	} {
		g := c.make(t, 5)
		d, err := Draw(g.m, g.o)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(9, 9))
		admitted := 0
		for range c.games {
			cells, n := g.cells(rng)
			var middle []float64
			for _, p := range d.Probes {
				middle = append(middle, g.shown(p, cells, n))
			}
			sys, err := NewSystem(g.m, g.spec.Groups, g.o.Scoring, d.Probes, g.means(middle))
			if err != nil {
				t.Fatal(err)
			}
			if z := g.point(cells, n); sys.Admits(z) && !math.IsInf(sys.LogLikelihood(z), -1) {
				admitted++
			}
		}
		if float64(admitted) < c.least*float64(c.games) {
			t.Errorf("%v, %d decimals: the truth was admitted in %d of %d", c.setting, c.decimals, admitted, c.games)
		}
	}
}

// TestWrongPointsAreNot moves one count by one: no score stands for both.
func TestWrongPointsAreNot(t *testing.T) {
	for _, target := range []Target{Presence, Rows, Cells} {
		_, sys, z := scored(t, setting{target: target, kind: Lattice, topics: 6, classes: 3, rows: 60, decimals: 5, floor: 1e-12}, 3)
		for i := range z {
			for _, d := range []int{-1, 1} {
				z[i] += d
				if sys.Admits(z) {
					t.Errorf("%s: coordinate %d moved by %d is admitted", target, i, d)
				}
				z[i] -= d
			}
		}
		if !sys.Admits(z) {
			t.Errorf("%s: the truth is not admitted", target)
		}
	}
}

func TestNewSystemRefuses(t *testing.T) {
	g := setting{target: Presence, kind: Lattice, topics: 2, classes: 3, rows: 20, decimals: 5, floor: 1e-12}.make(t, 1)
	for want, q := range map[string][]float64{
		"probe 7, topic 1: classes 1 and 2 are counted together but lose": {0.5, 0.3, 0.2},
		"probe 7, topic 1: class 0 is NaN":                                {math.NaN(), 0.5, 0.5},
	} {
		p := Probe{Number: 7, Q: [][]float64{{0.5, 0.25, 0.25}, q}}
		_, err := NewSystem(g.m, g.spec.Groups, metric.Scoring{Metric: metric.LogLoss, Decimals: 5, Normalise: metric.Divide}, []Probe{p},
			[]metric.Interval{{Lo: 1, Hi: 1}})
		if err == nil || len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
			t.Errorf("want an error that starts with %q, got %v", want, err)
		}
	}
}

// TestConstantTellsSums: a prediction that is the same for every topic tells the rows of each group over all topics, and no more than their entropy, however many
// decimals there are. With points written out.
func TestConstantTellsSums(t *testing.T) {
	groups, _ := Rows.Groups(3)
	m, err := prior.New(prior.Spec{Totals: []int{30, 25}, Public: [2]int{20, 20}, Alpha: prior.FlatEvidence(2, 3), Groups: groups, Split: math.Inf(1)})
	if err != nil {
		t.Fatal(err)
	}
	p := map[int]float64{} // of the rows of class A
	all := 0.0
	for a := range 21 {
		for b := range 21 - a {
			for c := range 21 - a - b {
				mass := math.Exp(m.LogMass([]int{a, b, c}))
				p[a+c] += mass
				all += mass
			}
		}
	}
	want := 0.0
	for _, mass := range p {
		want -= mass / all * math.Log2(mass/all)
	}
	q := metric.Quantise([]float64{1, 1e-12, 1e-12}, 1e-12)
	for decimals := 1; decimals <= 6; decimals++ {
		s := metric.Scoring{Metric: metric.LogLoss, Decimals: decimals, Rounding: metric.Round, Normalise: metric.None}
		probe := Probe{Number: 1, Q: [][]float64{q, q}}
		sys, err := NewSystem(m, groups, s, []Probe{probe}, []metric.Interval{{Lo: 18 - s.HalfWidth(18), Hi: 18 + s.HalfWidth(18)}})
		if err != nil {
			t.Fatal(err)
		}
		if bits := sys.Information()[0]; bits > want+0.1 || bits < want-0.3 {
			t.Errorf("%d decimals: %.2f bits, the rows of class A are worth %.2f", decimals, bits, want)
		}
	}
}
