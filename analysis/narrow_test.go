package analysis

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/mat"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// TestWithinLeavesOutLittle draws Gaussian counts and uniform errors, and counts those beyond any of the bounds along random directions.
func TestWithinLeavesOutLittle(t *testing.T) {
	const terms, scores, m, draws = 14, 9, 12, 20000
	rng := rand.New(rand.NewPCG(1, 2))
	directions := orthonormal(rng, terms+scores, m)
	e := prior.Envelope{Factor: 1}
	for range terms {
		e.Shift, e.Spread = append(e.Shift, 0.3*rng.NormFloat64()), append(e.Spread, 0.5+rng.Float64())
	}
	for _, weight := range []float64{1, 1.6, 3} {
		for _, excluded := range []float64{1e-1, 1e-2, 1e-3} {
			bounds := within(directions, []prior.Envelope{e}, weight, excluded)
			out, x := 0, make([]float64, terms+scores)
			for range draws {
				for i := range x {
					if i < terms {
						x[i] = e.Shift[i] + math.Sqrt(e.Spread[i])*rng.NormFloat64()
					} else {
						x[i] = weight * math.Sqrt(3) * (2*rng.Float64() - 1)
					}
				}
				if beyond(directions, x, bounds) {
					out++
				}
			}
			most := excluded * draws
			t.Logf("weight %v, excluded %v: beyond %.2g; bounds %.1f", weight, excluded, float64(out)/draws, bounds)
			if float64(out) > most+3*math.Sqrt(most) {
				t.Errorf("weight %v: %d of %d draws lie beyond bounds that leave out %v", weight, out, draws, excluded)
			}
		}
	}
}

// beyond says whether x is farther out along the last directions than one of the bounds.
func beyond(directions *mat.Dense, x, bounds []float64) bool {
	sum := 0.0
	for k := len(bounds) - 1; k >= 0; k-- {
		d := mat.Dot(directions.ColView(k), mat.NewVecDense(len(x), x))
		if sum += d * d; sum > bounds[k] {
			return true
		}
	}
	return false
}

func orthonormal(rng *rand.Rand, r, m int) *mat.Dense {
	var qr mat.QR
	g := mat.NewDense(r, m, nil)
	g.Apply(func(int, int, float64) float64 { return rng.NormFloat64() }, g)
	qr.Factorize(g)
	var q mat.Dense
	qr.QTo(&q)
	return mat.DenseCopyOf(q.Slice(0, r, 0, m))
}

// TestLogMoments computes determinant and inverse of every upper left part by themselves.
func TestLogMoments(t *testing.T) {
	const m = 9
	rng := rand.New(rand.NewPCG(3, 4))
	u := orthonormal(rng, 20, m)
	var spread mat.Dense
	spread.Mul(u.T(), u)
	shift := make([]float64, m)
	for i := range shift {
		shift[i] = rng.NormFloat64()
		for j := range m {
			spread.Set(i, j, spread.At(i, j)*math.Exp2(float64(i+j)/m))
		}
	}
	for _, at := range []float64{0.1, 0.3, 0.45} {
		got := logMoments(&spread, shift, at)
		for size := 1; size <= m; size++ {
			part := mat.NewSymDense(size, nil)
			for i := range size {
				part.SetSym(i, i, 1-2*at*spread.At(i, i))
				for j := range i {
					part.SetSym(i, j, -2*at*spread.At(i, j))
				}
			}
			var c mat.Cholesky
			if !c.Factorize(part) {
				if len(got) >= size {
					t.Errorf("t=%v: a moment along %d directions, of which there is none", at, size)
				}
				break
			}
			d, solved := mat.NewVecDense(size, shift[:size]), mat.NewVecDense(size, nil)
			if err := c.SolveVecTo(solved, d); err != nil {
				t.Fatal(err)
			}
			if want := at*mat.Dot(d, solved) - 0.5*c.LogDet(); len(got) < size || math.Abs(got[size-1]-want) > 1e-9*(1+math.Abs(want)) {
				t.Errorf("t=%v, %d directions: %v, wanted %v", at, size, got, want)
			}
		}
	}
}

// TestErrorCost tries many slopes: the bound holds at each, and is met at one.
func TestErrorCost(t *testing.T) {
	for _, kappa := range kappas {
		cost, most := errorCost(kappa), 0.0
		for x := 0.001; x < 60; x += 0.001 { // √3 λ
			most = max(most, math.Log(math.Sinh(x)/x)-kappa*x*x/6)
		}
		if math.Abs(cost-most) > 1e-6 {
			t.Errorf("κ = %v: %v, the slopes need %v", kappa, cost, most)
		}
	}
}

// TestNarrowedSearch holds that a narrowed search visits fewer nodes and lists the same points: here scores leave one.
func TestNarrowedSearch(t *testing.T) {
	for seed := range uint64(4) {
		g := play(t, rules{target: design.Presence, topics: 32 + 3*int(seed), rows: [2]int{40, 120}, decimals: 4, rounding: metric.Round,
			width: int(seed%3) * 4, extra: 3}, seed)
		search := func(narrow float64) *decoder {
			a, err := newAnalyst(g.input)
			if err != nil {
				t.Fatal(err)
			}
			a.decoder.narrow = narrow
			if err := a.decoder.search(); err != nil || !a.decoder.complete() {
				t.Fatalf("seed %d: not complete, %v", seed, err)
			}
			return &a.decoder
		}
		whole, narrowed := search(math.Inf(1)), search(1)
		if narrowed.nodes > whole.nodes/2 {
			t.Errorf("seed %d: %d nodes, narrowed %d", seed, whole.nodes, narrowed.nodes)
		}
		if d := cmp.Diff(whole.points, narrowed.points, cmp.AllowUnexported(point{})); d != "" || len(whole.points) != 1 {
			t.Errorf("seed %d: points (-whole +narrowed):\n%s", seed, d)
		}
	}
}
