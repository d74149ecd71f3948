package topics

import (
	"math"

	"gonum.org/v1/gonum/blas/blas32"
)

func newMatrix(rows, cols int) blas32.General {
	return blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float32, rows*cols)}
}

// rowOf is row i of m, shared with it.
func rowOf(m blas32.General, i int) []float32 { return m.Data[i*m.Stride : i*m.Stride+m.Cols] }

func clone(m blas32.General) blas32.General {
	c := newMatrix(m.Rows, m.Cols)
	for i := range m.Rows {
		copy(rowOf(c, i), rowOf(m, i))
	}
	return c
}

// squaredDistance is Σ(a-b)² in float64. Four partial sums in a fixed order keep the processor busy; the conversions forbid fused
// multiply-adds, which would give other bits on other machines.
func squaredDistance(a, b []float32) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		d0, d1 := float64(a[i])-float64(b[i]), float64(a[i+1])-float64(b[i+1])
		d2, d3 := float64(a[i+2])-float64(b[i+2]), float64(a[i+3])-float64(b[i+3])
		s0 += float64(d0 * d0)
		s1 += float64(d1 * d1)
		s2 += float64(d2 * d2)
		s3 += float64(d3 * d3)
	}
	for ; i < len(a); i++ {
		d := float64(a[i]) - float64(b[i])
		s0 += float64(d * d)
	}
	return (s0 + s1) + (s2 + s3)
}

// squaredNorm is Σa² in float64.
func squaredNorm(a []float32) (s float64) {
	for _, v := range a {
		s += float64(float64(v) * float64(v))
	}
	return s
}

// neighbours is for each centroid the nearest other one, the first of several; -1 for a single centroid.
func neighbours(centroids blas32.General) []int {
	out := make([]int, centroids.Rows)
	for k := range out {
		out[k] = -1
		least := math.Inf(1)
		for other := range centroids.Rows {
			if d := squaredDistance(rowOf(centroids, k), rowOf(centroids, other)); other != k && d < least {
				out[k], least = other, d
			}
		}
	}
	return out
}
