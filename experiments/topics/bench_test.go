package topics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/topics"
)

// clumps is rows of norm 1 about centres of norm 1, as embeddings of texts are.
func clumps(rows, cols, centres int, spread float64, seed uint64) blas32.General {
	rng := rand.New(rand.NewPCG(seed, 0))
	middle := make([][]float64, centres)
	for c := range middle {
		middle[c] = unit(cols, func(int) float64 { return rng.NormFloat64() })
	}
	m := blas32.General{Rows: rows, Cols: cols, Stride: cols}
	for range rows {
		c := middle[rng.IntN(centres)]
		for _, v := range unit(cols, func(j int) float64 { return c[j] + spread*rng.NormFloat64()/math.Sqrt(float64(cols)) }) {
			m.Data = append(m.Data, float32(v))
		}
	}
	return m
}

func unit(n int, value func(j int) float64) []float64 {
	v, square := make([]float64, n), 0.0
	for j := range v {
		v[j] = value(j)
		square += v[j] * v[j]
	}
	for j := range v {
		v[j] /= math.Sqrt(square)
	}
	return v
}

// BenchmarkFit clusters to convergence, four restarts.
func BenchmarkFit(b *testing.B) {
	for _, size := range []struct{ rows, cols, k int }{{20_000, 384, 20}, {100_000, 768, 20}, {15_000, 384, 150}} {
		b.Run(fmt.Sprintf("rows=%d/cols=%d/k=%d", size.rows, size.cols, size.k), func(b *testing.B) {
			x := clumps(size.rows, size.cols, 30, 1.5, 1)
			iterations := 0
			for b.Loop() {
				r, err := topics.Fit(x, topics.Options{K: size.k, Seed: 1, Restarts: 4})
				if err != nil {
					b.Fatal(err)
				}
				iterations = r.Iterations
			}
			b.ReportMetric(float64(iterations), "iterations")
		})
	}
}

// BenchmarkAssign gives new rows their topics.
func BenchmarkAssign(b *testing.B) {
	x := clumps(20_000, 384, 30, 1.5, 1)
	r, err := topics.Fit(x, topics.Options{K: 20, Seed: 1, MaxIter: 5})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r.Assign(x, 0)
	}
	b.ReportMetric(float64(b.N)*float64(x.Rows)/b.Elapsed().Seconds(), "rows/s")
}
