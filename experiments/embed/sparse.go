package embed

import (
	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/internal/parallel"
)

// sparse is a matrix by rows: row i holds value[p] in column col[p] for start[i] ≤ p < start[i+1], columns ascending.
type sparse struct {
	rows, cols int
	start      []int
	col        []int32
	value      []float32
}

// transposed keeps the values of each column in the order of the rows.
func (s sparse) transposed() sparse {
	t := sparse{rows: s.cols, cols: s.rows, start: make([]int, s.cols+1), col: make([]int32, len(s.col)), value: make([]float32, len(s.col))}
	for _, c := range s.col {
		t.start[c+1]++
	}
	for c := range t.rows {
		t.start[c+1] += t.start[c]
	}
	next := append([]int(nil), t.start[:t.rows]...)
	for i := range s.rows {
		for p := s.start[i]; p < s.start[i+1]; p++ {
			at := next[s.col[p]]
			next[s.col[p]]++
			t.col[at], t.value[at] = int32(i), s.value[p]
		}
	}
	return t
}

// times is the dense product s·x. Each of its rows is added up by one goroutine, column after column.
func (s sparse) times(x blas32.General, threads int) blas32.General {
	y := newMatrix(s.rows, x.Cols)
	parallel.Blocks(s.rows, denseBlock, threads, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			to := blas32.Vector{N: x.Cols, Inc: 1, Data: rowOf(y, i)}
			for p := s.start[i]; p < s.start[i+1]; p++ {
				blas32.Axpy(s.value[p], blas32.Vector{N: x.Cols, Inc: 1, Data: rowOf(x, int(s.col[p]))}, to)
			}
		}
	})
	return y
}

// denseBlock rows of a dense matrix are one goroutine's work at a time.
const denseBlock = 64

func newMatrix(rows, cols int) blas32.General {
	return blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float32, rows*cols)}
}

// rowOf is row i of m, shared with it.
func rowOf(m blas32.General, i int) []float32 { return m.Data[i*m.Stride : i*m.Stride+m.Cols] }
