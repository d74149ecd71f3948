package embed

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"lbprobe/internal/parallel"
)

const (
	oversample = 10  // more directions than asked for, so that the last asked for are found well
	powers     = 4   // rounds of power iteration
	gramBlock  = 512 // rows whose products are added up together
	// negligible is the share of the greatest eigenvalue below which one is rounding error of float32 values.
	negligible = 1e-9
)

// termVectors returns V·Σ (terms × at most dim) of the truncated singular value decomposition X ≈ U·Σ·Vᵀ of texts × terms, without
// the first component: that is what all texts have in common. There are fewer columns where X has a lower rank.
//
// The decomposition is the randomized one of Halko, Martinsson and Tropp (2011, algorithms 4.4 and 5.1): the range of X is caught by
// a random projection sharpened by power iteration, Q is a basis of it, and XᵀQ, which is small, is decomposed exactly.
func termVectors(x sparse, dim int, rng *rand.Rand, threads int) blas32.General {
	xt := x.transposed()
	width := min(dim+1+oversample, x.rows, x.cols)
	q := orthonormal(x.times(gaussian(x.cols, width, rng), threads), threads)
	for range powers {
		q = orthonormal(x.times(xt.times(q, threads), threads), threads)
	}
	z := xt.times(q, threads) // V·Σ, but for a rotation
	square, rotation := eigen(gram(z, threads))
	kept := 0
	for kept < min(dim+1, width) && square[kept] > negligible*square[0] {
		kept++
	}
	turn := newMatrix(width, max(kept-1, 0))
	for i := range turn.Rows {
		for j := range turn.Cols {
			turn.Data[i*turn.Stride+j] = float32(rotation.At(i, j+1))
		}
	}
	return product(z, turn, threads)
}

// gaussian is a matrix of standard normal numbers.
func gaussian(rows, cols int, rng *rand.Rand) blas32.General {
	m := newMatrix(rows, cols)
	for i := range m.Data {
		m.Data[i] = float32(rng.NormFloat64())
	}
	return m
}

// orthonormal returns a matrix with the column space of y and orthonormal columns, of which those beyond y's rank are zero:
// y·W·Λ^(-1/2) where W·Λ·Wᵀ = yᵀy.
func orthonormal(y blas32.General, threads int) blas32.General {
	square, w := eigen(gram(y, threads))
	scaled := newMatrix(y.Cols, y.Cols)
	for j, s := range square {
		if s <= negligible*square[0] {
			break
		}
		for i := range y.Cols {
			scaled.Data[i*scaled.Stride+j] = float32(w.At(i, j) / math.Sqrt(s))
		}
	}
	return product(y, scaled, threads)
}

// gram is yᵀy in float64. Blocks of rows are added up on their own and then in their order.
func gram(y blas32.General, threads int) *mat.SymDense {
	parts := make([]blas64.Symmetric, (y.Rows+gramBlock-1)/gramBlock)
	parallel.Blocks(y.Rows, gramBlock, threads, func(lo, hi int) {
		block := blas64.General{Rows: hi - lo, Cols: y.Cols, Stride: y.Cols, Data: make([]float64, (hi-lo)*y.Cols)}
		for i := lo; i < hi; i++ {
			for j, v := range rowOf(y, i) {
				block.Data[(i-lo)*y.Cols+j] = float64(v)
			}
		}
		part := blas64.Symmetric{Uplo: blas.Upper, N: y.Cols, Stride: y.Cols, Data: make([]float64, y.Cols*y.Cols)}
		blas64.Syrk(blas.Trans, 1, block, 0, part)
		parts[lo/gramBlock] = part
	})
	sum := mat.NewSymDense(y.Cols, nil)
	for _, part := range parts {
		for i, v := range part.Data {
			sum.RawSymmetric().Data[i] += v
		}
	}
	return sum
}

// eigen decomposes s with the greatest eigenvalue first; vectors are columns.
func eigen(s *mat.SymDense) (values []float64, vectors *mat.Dense) {
	var e mat.EigenSym
	if !e.Factorize(s, true) {
		panic("embed: the eigenvalues of a finite symmetric matrix did not converge")
	}
	ascending := e.Values(nil)
	var v mat.Dense
	e.VectorsTo(&v)
	n := len(ascending)
	values, vectors = make([]float64, n), mat.NewDense(n, n, nil)
	for j := range n {
		values[j] = ascending[n-1-j]
		vectors.SetCol(j, mat.Col(nil, n-1-j, &v))
	}
	return values, vectors
}

// product is the dense a·b, b being small.
func product(a, b blas32.General, threads int) blas32.General {
	c := newMatrix(a.Rows, b.Cols)
	if b.Cols == 0 {
		return c
	}
	parallel.Blocks(a.Rows, denseBlock, threads, func(lo, hi int) {
		from := blas32.General{Rows: hi - lo, Cols: a.Cols, Stride: a.Stride, Data: a.Data[lo*a.Stride:]}
		to := blas32.General{Rows: hi - lo, Cols: c.Cols, Stride: c.Stride, Data: c.Data[lo*c.Stride:]}
		blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, from, b, 0, to)
	})
	return c
}
