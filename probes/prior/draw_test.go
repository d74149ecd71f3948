package prior

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// TestSampler holds draws against draws made row by row: along random directions, and by their distance from the mean, whose far end is what the search goes by.
func TestSampler(t *testing.T) {
	totals := []int{6, 40, 90, 130, 180, 260, 330, 450}
	var stated [][]float64
	for k := range totals {
		stated = append(stated, []float64{float64(2 + k), 7, 3})
	}
	flat := FlatEvidence(len(totals), 3)
	for name, spec := range map[string]Spec{
		"static, stated":         {Totals: totals, Public: [2]int{400, 400}, Alpha: stated},
		"static, flat, n open":   {Totals: totals, Public: [2]int{390, 410}, Alpha: flat},
		"hidden, stated, n open": {Rows: [2]int{1500, 1500}, Public: [2]int{390, 410}, Alpha: stated, Absent: Absent},
		"hidden, flat":           {Rows: [2]int{1500, 1500}, Public: [2]int{400, 400}, Alpha: flat, Absent: 0.2},
	} {
		spec.Split = math.Inf(1)
		for target, groups := range groupings(3) {
			t.Run(fmt.Sprintf("%s/%s", name, target), func(t *testing.T) {
				t.Parallel()
				spec.Groups = groups
				m, err := New(spec)
				if err != nil {
					t.Fatal(err)
				}
				holdsDraws(t, m, rand.New(rand.NewPCG(3, 4)))
			})
		}
	}
}

func holdsDraws(t *testing.T, m *Model, rng *rand.Rand) {
	t.Helper()
	const slow, fast, directions = 3000, 60000, 6
	form, target := m.Form()
	slopes := mat.NewDense(directions, len(target), nil)
	slopes.Apply(func(int, int, float64) float64 { return rng.NormFloat64() }, slopes)
	measure := func(out [][]float64, z []float64) { // along the directions, then the squared length
		var x, y mat.VecDense
		x.MulVec(form, mat.NewVecDense(len(z), z))
		x.SubVec(&x, mat.NewVecDense(len(target), target))
		y.MulVec(slopes, &x)
		for i, v := range append(y.RawVector().Data, mat.Dot(&x, &x)) {
			out[i] = append(out[i], v)
		}
	}
	exact := func() [][]int { return sampler{m.spec, rng}.counts() }
	if m.spec.Hidden() {
		exact = func() [][]int { return hiddenSampler{m.spec, rng}.counts() }
	}
	want, got := make([][]float64, directions+1), make([][]float64, directions+1)
	for range slow {
		z := make([]float64, m.Dim())
		for i, v := range m.point(exact()) {
			z[i] = float64(v)
		}
		measure(want, z)
	}
	draw, z := m.Sampler(), make([]float64, m.Dim())
	for range fast {
		draw.Draw(rng, z)
		measure(got, z)
	}
	for i := range want {
		slices.Sort(want[i])
		slices.Sort(got[i])
		// Kolmogorov and Smirnov's distance, at a level of about 1e-4; whole numbers are a little apart from real ones.
		if d, most := stat.KolmogorovSmirnov(want[i], nil, got[i], nil), 2.2*math.Sqrt(1.0/slow+1.0/fast)+0.01; d > most {
			t.Errorf("direction %d of %d: draws are %.3f apart, at most %.3f is chance", i, directions, d, most)
		}
	}
	far := got[directions][fast-fast/500]
	at, _ := slices.BinarySearch(want[directions], far)
	if beyond := float64(slow - at); beyond > 0.002*slow+4*math.Sqrt(0.002*slow) {
		t.Errorf("%v of %d draws lie beyond the length %.1f that one in 500 should", beyond, slow, far)
	}
}

// TestSamplerWantsARandomSplit: there is none else.
func TestSamplerWantsARandomSplit(t *testing.T) {
	m, err := New(Spec{Totals: []int{20, 30}, Public: [2]int{12, 12}, Alpha: FlatEvidence(2, 3), Groups: groupings(3)["rows"], Split: 4})
	if err != nil {
		t.Fatal(err)
	}
	if m.Sampler() != nil {
		t.Error("a sampler for a split that is not taken for random")
	}
}
