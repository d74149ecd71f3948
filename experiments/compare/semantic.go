package compare

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/internal/fault"
	"lbprobe/internal/parallel"
)

const (
	blockB = 64   // rows of B that go through a product at a time
	blockA = 1024 // rows of A: a product stays in the fast cache
)

// neighbours lists, for each row of B, the row of A with the greatest cosine, the earliest of several, where that is at least Options.Cosine; it returns for how
// many rows there is one. Every row is held against every other: n_A × n_B × d multiplications.
func (m *matcher) neighbours() (rows int, err error) {
	if err := m.checkVectors(); err != nil {
		return 0, err
	}
	a, b := *m.o.VectorsA, *m.o.VectorsB
	best, cosine := nearest(a, b, m.o.Threads)
	for i, at := range best {
		if cosine[i] < m.o.Cosine {
			continue
		}
		rows++
		if err := m.list.put(m.a.ids[at], m.b.ids[i], cosine[i], semantic); err != nil {
			return 0, err
		}
	}
	return rows, nil
}

// checkVectors sees to it that every row has its vector.
func (m *matcher) checkVectors() error {
	a, b := m.o.VectorsA, m.o.VectorsB
	if a.Rows != m.a.rows || b.Rows != m.b.rows {
		return &fault.Error{Field: "--npy", Msg: fmt.Sprintf("the vectors are of %d and %d rows, the sets have %d and %d", a.Rows, b.Rows, m.a.rows, m.b.rows),
			Fix: "Embed every row of both sets, in order"}
	}
	if a.Cols != b.Cols {
		return &fault.Error{Field: "--npy", Msg: fmt.Sprintf("the vectors of A have %d numbers, those of B %d", a.Cols, b.Cols), Fix: "Embed both sets with one model"}
	}
	return nil
}

// nearest finds, for each row of b, the row of a with the greatest cosine, and the cosine. A row of zeros has a cosine of 0 with everything.
func nearest(a, b blas32.General, threads int) (best []int, cosine []float64) {
	best, cosine = make([]int, b.Rows), make([]float64, b.Rows)
	lengths := scales(a)
	parallel.Blocks(b.Rows, blockB, threads, func(lo, hi int) {
		rows := part(b, lo, hi)
		own := scales(rows)
		dots := blas32.General{Rows: hi - lo, Cols: blockA, Stride: blockA, Data: make([]float32, (hi-lo)*blockA)}
		for i := lo; i < hi; i++ {
			cosine[i] = math.Inf(-1)
		}
		for from := 0; from < a.Rows; from += blockA {
			to := min(from+blockA, a.Rows)
			dots.Cols = to - from
			blas32.Gemm(blas.NoTrans, blas.Trans, 1, rows, part(a, from, to), 0, dots)
			for i := range hi - lo {
				for k, dot := range dots.Data[i*dots.Stride : i*dots.Stride+dots.Cols] {
					if c := float64(dot) * own[i] * lengths[from+k]; c > cosine[lo+i] {
						best[lo+i], cosine[lo+i] = from+k, c
					}
				}
			}
		}
	})
	return best, cosine
}

func part(x blas32.General, from, to int) blas32.General {
	return blas32.General{Rows: to - from, Cols: x.Cols, Stride: x.Stride, Data: x.Data[from*x.Stride : (to-1)*x.Stride+x.Cols]}
}

// scales are the reciprocals of the rows' Euclidean lengths; 0 for a row of zeros.
func scales(x blas32.General) []float64 {
	out := make([]float64, x.Rows)
	for i := range out {
		sum := 0.0
		for _, v := range x.Data[i*x.Stride : i*x.Stride+x.Cols] {
			sum += float64(v) * float64(v)
		}
		if sum > 0 {
			out[i] = 1 / math.Sqrt(sum)
		}
	}
	return out
}
