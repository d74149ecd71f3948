package prior

import "math"

// urn is the beta-binomial law of how n rows fall into two parts with evidence a and b. It factors,
//
//	P(x | n) = α(x) β(n−x) / γ(n),
//
// into negative binomial masses of shapes a, b and a+b with the same odds, whichever these are. With a table of each, up to the most
// rows there can be, a mass costs two multiplications. The odds are those at which γ expects the mean of n, so that what matters does
// not underflow.
type urn struct {
	logA, logB, logN []float64 // ln Γ(shape+i)/(Γ(shape) i!)
	a, b, n          []float64 // the masses α, β, γ
	odds, shape      float64   // of β
}

func newUrn(a, b float64, most int, mean float64) *urn {
	odds := mean / (mean + a + b)
	u := &urn{logA: rising(a, most), logB: rising(b, most), logN: rising(a+b, most), odds: odds, shape: b}
	u.a, u.b, u.n = negativeBinomial(u.logA, a, odds), negativeBinomial(u.logB, b, odds), negativeBinomial(u.logN, a+b, odds)
	return u
}

// rising is ln Γ(shape+i)/(Γ(shape) i!) for i = 0 to most.
func rising(shape float64, most int) []float64 {
	out := make([]float64, most+1)
	for i := 1; i <= most; i++ {
		out[i] = out[i-1] + math.Log((shape+float64(i-1))/float64(i))
	}
	return out
}

func negativeBinomial(log []float64, shape, odds float64) []float64 {
	out, up, base := make([]float64, len(log)), math.Log(odds), shape*math.Log1p(-odds)
	for i, l := range log {
		out[i] = math.Exp(l + float64(i)*up + base)
	}
	return out
}

// leastMass is the smallest γ(n) that a mass may be divided by: smaller ones have lost digits.
const leastMass = 1e-280

// masses are P(x | n) for x = 0 to n, in a slice that buf may lend.
func (u *urn) masses(n int, buf []float64) []float64 {
	if cap(buf) < n+1 {
		buf = make([]float64, n+1, len(u.n))
	}
	out, scale := buf[:n+1], 1/u.n[n]
	if u.n[n] < leastMass {
		for x := range out {
			out[x] = math.Exp(u.log(x, n))
		}
		return out
	}
	for x := range out {
		out[x] = u.a[x] * u.b[n-x] * scale
	}
	return out
}

// log is ln P(x | n).
func (u *urn) log(x, n int) float64 { return u.logA[x] + u.logB[n-x] - u.logN[n] }
