package prior

import (
	"math"
	"testing"
)

// TestJoint sums over n one by one: the marginal of x and mean and variance of n given x, of a split that is nearly certain, of a wide one, and where γ
// underflows.
func TestJoint(t *testing.T) {
	for _, c := range []struct {
		name  string
		split PMF
		a, b  float64
	}{
		{"a random split", binomial(400, 0.26), 12, 5},
		{"a split that is not trusted", betaBinomial(400, 3, 9), 2, 1},
		{"hardly any evidence", betaBinomial(300, 3, 9), 0.1, 0.3},
		{"much evidence, far from the mean", binomial(900, 0.5), 3000, 10},
	} {
		u := newUrn(c.a, c.b, 900, 40)
		got := newJoint(c.split, u)
		for x := got.marginal.Lo; x < got.marginal.Lo+len(got.marginal.P); x += 7 {
			p, mean, variance := 0.0, 0.0, 0.0
			each := func(add func(n int, q float64)) {
				for i, w := range c.split.P {
					if n := c.split.Lo + i; n >= x {
						add(n, w*math.Exp(u.log(x, n)))
					}
				}
			}
			each(func(n int, q float64) { p, mean = p+q, mean+q*float64(n) })
			mean /= p
			each(func(n int, q float64) { variance += q / p * (float64(n) - mean) * (float64(n) - mean) })
			if math.Abs(got.marginal.At(x)-p) > 1e-9*p || math.Abs(got.mean[x]-mean) > 1e-7*mean || math.Abs(got.spread[x]-variance) > 1e-6*(1+variance) {
				t.Errorf("%s: P(x = %d) = %v, n there %v ± %v²; one by one %v, %v ± %v²", c.name, x, got.marginal.At(x), got.mean[x], got.spread[x], p, mean, variance)
			}
		}
	}
}
