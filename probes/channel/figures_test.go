package channel

import (
	"flag"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

var competitions = flag.Int("competitions", 40, "simulated competitions of each figure")

func TestFigures(t *testing.T) {
	for _, c := range []struct {
		name     string
		level    Level
		decimals int
	}{{"presence", Presence, 3}, {"sizes", Sizes, 3}, {"rows", Exact, 3}, {"rows", Exact, 5}} {
		hist, few := map[int]int{}, map[int]int{}
		bits, n, excess := 0.0, 0, 0.0
		over := map[int]int{}
		o := lmsys(c.level, c.decimals)
		table, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range *competitions {
			rng := rand.New(rand.NewPCG(uint64(seed), 7))
			public := o.Public[0] + rng.IntN(o.Public[1]-o.Public[0]+1)
			a := int(float64(public) * (0.28 + 0.1*rng.Float64()))
			b := (public - a) / 2
			w := o
			w.Stray = 0
			g := game{table, o.Scoring, []int{a, b, public - a - b}, w.Draw(rng), "round"}
			if seed%2 == 0 {
				g.rounding = "floor"
			}
			odd := 0
			if c.level != Exact {
				odd = plant(g.tallies[Topics], rng)
			}
			r, scores := g.play(t)
			hist[len(scores)]++
			if odd <= 4 {
				few[len(scores)]++
			}
			bits += r.Bits
			n++
			if c.level == Exact {
				h := selfInformation(o, g.tallies[Topics])
				over[len(scores)-1-int(math.Ceil(h/r.Bits))]++
				excess += float64(len(scores)-1) - h/r.Bits
			}
		}
		t.Logf("%s %d: %v, at most 4 odd %v, %.2f bits, excess %.2f %v", c.name, c.decimals, hist, few, bits/float64(n), excess/float64(n), over)
	}
}

// plant makes some topics absent and others tiny.
func plant(counts []int, rng *rand.Rand) (odd int) {
	for _, k := range rng.Perm(len(counts))[:rng.IntN(9)] {
		n := 0
		if rng.IntN(2) == 0 {
			n = 1 + rng.IntN(5)
		}
		for j := range counts {
			if j != k && counts[j] > 1000 {
				counts[j] += counts[k] - n
				break
			}
		}
		counts[k] = n
	}
	for _, n := range counts {
		if n < 4 {
			odd++
		}
	}
	return odd
}

// selfInformation of counts under absence and the Dirichlet-multinomial, bits.
func selfInformation(o Options, counts []int) float64 {
	all, l, A, N := 0, 0.0, 0.0, 0
	for _, n := range o.Train {
		all += n
	}
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	for k, n := range counts {
		if n == 0 {
			l += math.Log(o.Absent)
			continue
		}
		l += math.Log(1 - o.Absent)
		a := o.Concentration * float64(o.Train[k]) / float64(all+1)
		l += lg(a+float64(n)) - lg(a) - lg(float64(n)+1)
		A += a
		N += n
	}
	l += lg(A) + lg(float64(N)+1) - lg(A+float64(N))
	return -l / math.Ln2
}

var _ = strconv.Itoa
