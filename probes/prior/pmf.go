package prior

import (
	"math"
	"slices"
	"sync"
)

// PMF is a probability mass function on Lo, Lo+1, …; what is below 1e-20 of its largest mass is cut off.
type PMF struct {
	Lo int
	P  []float64
}

const negligible = 1e-20

// At is the probability of x.
func (f PMF) At(x int) float64 {
	if i := x - f.Lo; i >= 0 && i < len(f.P) {
		return f.P[i]
	}
	return 0
}

// Moments returns mean and variance.
func (f PMF) Moments() (mean, variance float64) {
	for i, p := range f.P {
		mean += p * float64(f.Lo+i)
	}
	for i, p := range f.P {
		d := float64(f.Lo+i) - mean
		variance += p * d * d
	}
	return mean, variance
}

// entropy is in bits.
func (f PMF) entropy() float64 {
	h := 0.0
	for _, p := range f.P {
		if p > 0 {
			h -= p * math.Log2(p)
		}
	}
	return h
}

// fromRatios builds a unimodal or U-shaped mass function on 0…n from the ratio p(x+1)/p(x), starting at x = from so that nothing that
// matters underflows, and normalises it. With one peak, at from, it stops where nothing matters any more.
func fromRatios(n, from int, peaked bool, ratio func(x int) float64) PMF {
	room := scratch.Get().(*[]float64)
	defer scratch.Put(room)
	*room = slices.Grow((*room)[:0], n+1)
	p, least := (*room)[:n+1], 0.0
	if peaked {
		least = negligible
	}
	p[from] = 1
	lo, hi := from, from
	for v := 1.0; lo > 0 && v >= least; p[lo] = v {
		lo--
		v /= ratio(lo)
	}
	for v := 1.0; hi < n && v >= least; p[hi] = v {
		v *= ratio(hi)
		hi++
	}
	f := trimmed(lo, p[lo:hi+1])
	return PMF{f.Lo, slices.Clone(f.P)}
}

// scratch lends fromRatios its room: most of a long range weighs nothing, and is not worth clearing each time.
var scratch = sync.Pool{New: func() any { return new([]float64) }}

// Reweighted is the mass function times a likelihood given by its logarithm, normalised again. It falls back to f where the likelihood
// leaves nothing.
func (f PMF) Reweighted(logLikelihood func(x int) float64) PMF {
	p, most := make([]float64, len(f.P)), math.Inf(-1)
	for i, q := range f.P {
		p[i] = math.Log(q) + logLikelihood(f.Lo+i)
		most = max(most, p[i])
	}
	if math.IsInf(most, -1) || math.IsNaN(most) {
		return f
	}
	for i := range p {
		p[i] = math.Exp(p[i] - most)
	}
	return trimmed(f.Lo, p)
}

// Interval returns the most probable value and an interval about it that holds at least the given probability: the shortest there is where
// the masses have one peak.
func (f PMF) Interval(certainty float64) (lo, best, hi int) {
	b := 0
	for i, p := range f.P {
		if p > f.P[b] {
			b = i
		}
	}
	a, z, held := b, b, f.P[b]
	for held < certainty && (a > 0 || z < len(f.P)-1) {
		if z == len(f.P)-1 || a > 0 && f.P[a-1] >= f.P[z+1] {
			a--
			held += f.P[a]
		} else {
			z++
			held += f.P[z]
		}
	}
	return f.Lo + a, f.Lo + b, f.Lo + z
}

// AtLeast is the probability of x or more.
func (f PMF) AtLeast(x int) float64 {
	below, above := f.around(x)
	return above / (above + below)
}

// Below is the probability of less than x, however small.
func (f PMF) Below(x int) float64 {
	below, above := f.around(x)
	return below / (above + below)
}

// around sums the masses below x, and from x on.
func (f PMF) around(x int) (below, above float64) {
	for i, p := range f.P {
		if f.Lo+i >= x {
			above += p
		} else {
			below += p
		}
	}
	return below, above
}

// Mix is the mixture of mass functions with those weights, which need not sum to 1.
func Mix(weights []float64, parts []PMF) PMF {
	lo, hi := parts[0].Lo, parts[0].Lo
	for _, f := range parts {
		lo, hi = min(lo, f.Lo), max(hi, f.Lo+len(f.P))
	}
	p := make([]float64, hi-lo)
	for i, f := range parts {
		for j, v := range f.P {
			p[f.Lo+j-lo] += weights[i] * v
		}
	}
	return trimmed(lo, p)
}

// Point is the mass function of a count that is known.
func Point(x int) PMF { return PMF{x, []float64{1}} }

// Normal is the mass function on lo to hi that follows a normal density of that mean and variance.
func Normal(mean, variance float64, lo, hi int) PMF {
	p := make([]float64, hi-lo+1)
	for i := range p {
		p[i] = 1
	}
	nearest := math.Min(math.Max(mean, float64(lo)), float64(hi))
	return PMF{lo, p}.Reweighted(func(x int) float64 {
		return logNormal(float64(x), mean, variance) - logNormal(nearest, mean, variance)
	})
}

// trimmed normalises p, not all zero, and cuts its negligible ends.
func trimmed(lo int, p []float64) PMF {
	sum, most := 0.0, 0.0
	for _, v := range p {
		sum += v
		if v > most {
			most = v
		}
	}
	a, b, least := 0, len(p), most*negligible
	for a < b-1 && p[a] <= least {
		a++
	}
	for b > a+1 && p[b-1] <= least {
		b--
	}
	p = p[a:b]
	for i := range p {
		p[i] /= sum
	}
	return PMF{lo + a, p}
}

// binomial is the distribution of the successes among n draws of probability q.
func binomial(n int, q float64) PMF {
	if q >= 1 {
		return PMF{n, []float64{1}}
	}
	mode := min(n, int(float64(n+1)*q))
	odds := q / (1 - q)
	return fromRatios(n, mode, true, func(x int) float64 { return float64(n-x) / float64(x+1) * odds })
}

// betaBinomial is the distribution of the successes among n draws whose probability is Beta(a, b).
func betaBinomial(n int, a, b float64) PMF {
	if b <= 0 {
		return PMF{n, []float64{1}}
	}
	return fromRatios(n, betaBinomialMode(n, a, b), a >= 1 || b >= 1, betaBinomialRatio(n, a, b))
}

// betaBinomialBelow is its probability of less than x. It goes out from the mode, or from x where that is below it.
func betaBinomialBelow(x, n int, a, b float64) float64 {
	switch {
	case x <= 0 || b <= 0 && x <= n:
		return 0
	case x > n:
		return 1
	}
	from, ratio := min(x-1, betaBinomialMode(n, a, b)), betaBinomialRatio(n, a, b)
	first := math.Exp(logBetaBinomial(from, n, a, b))
	sum := first
	for i, p := from, first; i > 0; i-- {
		p /= ratio(i - 1)
		sum += p
	}
	for i, p := from, first; i < x-1; i++ {
		p *= ratio(i)
		sum += p
	}
	return sum
}

func betaBinomialMode(n int, a, b float64) int {
	switch {
	case a > 1 && b > 1:
		return min(n, int(float64(n)*(a-1)/(a+b-2)))
	case a > b:
		return n
	}
	return 0
}

// betaBinomialRatio is that of the masses at i+1 and i.
func betaBinomialRatio(n int, a, b float64) func(i int) float64 {
	N := float64(n)
	return func(i int) float64 {
		x := float64(i)
		return (N - x) / (x + 1) * (a + x) / (b + N - x - 1)
	}
}

// Binomial and hypergeometric coefficients by their logarithms.

func lgamma(x float64) float64 { v, _ := math.Lgamma(x); return v }

// logBinomial is ln P(x of n) for a success probability q; -Inf for an x that can't be.
func logBinomial(x, n int, q float64) float64 {
	switch {
	case x < 0 || x > n || q >= 1 && x < n:
		return math.Inf(-1)
	case q >= 1:
		return 0
	}
	return logChoose(n, x) + float64(x)*math.Log(q) + float64(n-x)*math.Log1p(-q)
}

func logChoose(n, k int) float64 {
	return lgamma(float64(n)+1) - lgamma(float64(k)+1) - lgamma(float64(n-k)+1)
}

// logDirichletMultinomial is ln P(counts | their sum, alpha) of the Dirichlet-multinomial distribution.
func logDirichletMultinomial(counts []int, alpha []float64) float64 {
	n, a, l := 0, 0.0, 0.0
	for i, x := range counts {
		n += x
		a += alpha[i]
		l += lgamma(alpha[i]+float64(x)) - lgamma(alpha[i]) - lgamma(float64(x)+1)
	}
	return l + lgamma(float64(n)+1) + lgamma(a) - lgamma(a+float64(n))
}

// logBetaBinomial is ln P(x of n) for a success probability of Beta(a, b).
func logBetaBinomial(x, n int, a, b float64) float64 {
	return logDirichletMultinomial([]int{x, n - x}, []float64{a, b})
}
