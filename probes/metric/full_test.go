package metric

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestFull sums costs of a large test in float64, forwards and backwards, without compensation: the interval of what is then shown in full holds the
// true mean, summed without rounding.
func TestFull(t *testing.T) {
	s := Scoring{Metric: LogLoss, Decimals: FullDecimals, Full: true}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		const n = 25_000
		exact := new(big.Float).SetPrec(200)
		costs := make([]float64, n)
		up, down := 0.0, 0.0
		for i := range costs {
			costs[i] = 28 * rng.Float64()
			up += costs[i]
			exact.Add(exact, big.NewFloat(costs[i]))
		}
		for i := range costs {
			down += costs[n-1-i]
		}
		truth, _ := exact.Quo(exact, big.NewFloat(n)).Float64()
		for _, sum := range []float64{up, down} {
			r, err := s.Read(s.Show(sum/n, Round))
			if err != nil {
				t.Fatal(err)
			}
			if r.Value != sum/n {
				t.Errorf("%v is read as %v", sum/n, r.Value)
			}
			if in := s.LossInterval(r.Value, Round); truth < in.Lo || truth > in.Hi || in.Hi-in.Lo > 1.01e-9 {
				t.Errorf("%v lies in %v", truth, in)
			}
		}
	}
	for _, text := range []string{"1e-3", "-0.5", "", "12345678901.5", "0,5"} {
		if r, err := s.Read(text); err == nil {
			t.Errorf("%q is read as %v", text, r)
		}
	}
	if got := s.Show(math.Inf(1), Round); got != "Infinity" {
		t.Errorf("an infinite score is shown as %q", got)
	}
}
