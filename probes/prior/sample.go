package prior

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// Labels draws a class for every row of a test from the Dirichlet-multinomial of its topic. topic holds the topic of each row.
func (s Spec) Labels(topic []int32, rng *rand.Rand) []int32 {
	shares := make([][]float64, len(s.Alpha))
	for k, alpha := range s.Alpha {
		shares[k] = dirichlet(alpha, rng)
	}
	out := make([]int32, len(topic))
	for i, k := range topic {
		out[i] = pick(shares[k], rng.Float64())
	}
	return out
}

func dirichlet(alpha []float64, rng *rand.Rand) []float64 {
	p, sum := make([]float64, len(alpha)), 0.0
	for c, a := range alpha {
		p[c] = distuv.Gamma{Alpha: a, Beta: 1, Src: rng}.Rand()
		sum += p[c]
	}
	for c := range p {
		if sum > 0 {
			p[c] /= sum
		} else {
			p[c] = 1 / float64(len(p))
		}
	}
	return p
}

func pick(p []float64, u float64) int32 {
	for c, v := range p[:len(p)-1] {
		if u -= v; u < 0 {
			return int32(c)
		}
	}
	return int32(len(p) - 1)
}
