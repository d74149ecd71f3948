// Package lattice finds the integer points near a given point in a positive definite form: which z make |B z − t|² small?
//
//  1. Reduce takes B (r×m, full column rank, r ≥ m), brings it to a triangle, rounds that to an exact integer basis and reduces it:
//     LLL with deep insertions. Reduction changes the basis, never the lattice.
//  2. Basis.Near walks the tree of coordinates, nearest first, and returns every point in a region, or says that it was stopped.
//
// Everything is exact in the integers; Gram–Schmidt coefficients are float64. Sources: Lenstra, Lenstra and Lovász 1982; Schnorr and
// Euchner 1994 (deep insertion, order of enumeration).
package lattice

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Basis is a reduced basis of the lattice B·Z^m. Basis vectors are rows here.
type Basis struct {
	q     *mat.Dense // r×m, orthonormal columns: B = q·triangle
	scale float64    // the integer basis is the triangle times scale, rounded
	vec   [][]int64  // reduced vectors, in scaled coordinates
	comb  [][]int64  // the same as combinations of the columns of B
	gram  orthogonal
}

// orthogonal is the Gram–Schmidt decomposition vec[k] = Σ_{j≤k} r[k][j] unit[j].
type orthogonal struct {
	unit [][]float64
	r    [][]float64
}

const (
	bits  = 44    // of the largest entry of the integer basis
	delta = 0.999 // of the Lovász condition
	eta   = 0.501 // bound on |r[k][j]| / r[j][j] after size reduction
)

// ErrOverflow says that a basis could not be reduced in 64-bit integers: the form is too ill-conditioned.
var ErrOverflow = errors.New("lattice: the form is too ill-conditioned for 64-bit integers")

// Reduce reduces the lattice spanned by the columns of b, r×m with r ≥ m. Where start is not nil it is a reduced basis of a like form of
// the same dimension: its combinations are applied first, which leaves little to do.
func Reduce(b mat.Matrix, start *Basis) (*Basis, error) {
	rows, m := b.Dims()
	if rows < m {
		return nil, fmt.Errorf("lattice: %d rows cannot span %d dimensions", rows, m)
	}
	comb := combinations(m, start)
	var first mat.Dense
	first.Mul(b, transposed(comb))
	var qr mat.QR
	qr.Factorize(&first)
	var q, tri mat.Dense
	qr.QTo(&q)
	qr.RTo(&tri)
	out := &Basis{q: mat.DenseCopyOf(q.Slice(0, rows, 0, m)), scale: math.Ldexp(1, bits) / mat.Max(absolute(&tri)), comb: comb}
	for j := range m {
		v := make([]int64, m)
		for i := 0; i <= j; i++ {
			v[i] = int64(math.Round(tri.At(i, j) * out.scale))
		}
		if v[j] == 0 {
			return nil, fmt.Errorf("lattice: column %d depends on those before it", j)
		}
		out.vec = append(out.vec, v)
	}
	out.gram = orthogonal{unit: matrix(m), r: matrix(m)}
	return out, out.reduce()
}

// combinations are those of start, or each column by itself.
func combinations(m int, start *Basis) [][]int64 {
	out := make([][]int64, m)
	for j := range out {
		out[j] = make([]int64, m)
		out[j][j] = 1
		if start != nil {
			copy(out[j], start.comb[j])
		}
	}
	return out
}

// transposed is a matrix whose column j is row j.
func transposed(rows [][]int64) *mat.Dense {
	t := mat.NewDense(len(rows), len(rows), nil)
	for j, row := range rows {
		for i, v := range row {
			t.Set(i, j, float64(v))
		}
	}
	return t
}

func absolute(m *mat.Dense) *mat.Dense {
	var a mat.Dense
	a.Apply(func(_, _ int, v float64) float64 { return math.Abs(v) }, m)
	return &a
}

func matrix(m int) [][]float64 {
	flat, rows := make([]float64, m*m), make([][]float64, m)
	for i := range rows {
		rows[i] = flat[i*m : (i+1)*m]
	}
	return rows
}

// reduce makes the basis size-reduced and, for every vector k and every place i < k, keeps the part of vector k that is orthogonal to
// the first i vectors no shorter than √δ times that of vector i. Insertions go deeper from pass to pass: shallow ones are cheap, and
// leave little to do for deep ones.
func (b *Basis) reduce() error {
	for depth := 1; ; depth *= 2 {
		if err := b.pass(depth); err != nil || depth >= len(b.vec) {
			return err
		}
	}
}

// pass is LLL that inserts a vector at most depth places before its own; 1 is plain LLL.
func (b *Basis) pass(depth int) error {
	b.orthogonalise(0)
	for k := 1; k < len(b.vec); {
		if err := b.sizeReduce(k); err != nil {
			return err
		}
		i := b.place(k, depth)
		if i == k {
			k++
			continue
		}
		b.insert(k, i)
		b.orthogonalise(i)
		k = max(i, 1)
	}
	return nil
}

// orthogonalise computes row k of the decomposition from the integer vector, by modified Gram–Schmidt.
func (b *Basis) orthogonalise(k int) {
	g, w := &b.gram, b.gram.unit[k]
	for i, v := range b.vec[k] {
		w[i] = float64(v)
	}
	for j := range k {
		c := floats.Dot(w, g.unit[j])
		g.r[k][j] = c
		floats.AddScaled(w, -c, g.unit[j])
	}
	norm := math.Sqrt(floats.Dot(w, w))
	g.r[k][k] = norm
	for i := range w {
		w[i] /= norm
	}
}

// exact is the largest multiple of a vector that may be taken off another without computing its coefficients anew: they lose 12 of their
// 53 bits at most.
const exact = 1 << 12

// sizeReduce takes whole multiples of the vectors before k off vector k until every coefficient is at most eta.
func (b *Basis) sizeReduce(k int) error {
	for {
		b.orthogonalise(k)
		again := false
		row := b.gram.r[k]
		for j := k - 1; j >= 0; j-- {
			base := b.gram.r[j]
			ratio := row[j] / base[j]
			if math.Abs(ratio) <= eta {
				continue
			}
			c := math.Round(ratio)
			if math.Abs(c) > 1<<62 || !subtract(b.vec[k], b.vec[j], int64(c)) || !subtract(b.comb[k], b.comb[j], int64(c)) {
				return ErrOverflow
			}
			floats.AddScaled(row[:j+1], -c, base[:j+1])
			again = again || math.Abs(c) > exact
		}
		if !again {
			return nil
		}
	}
}

// subtract computes a -= c·v and reports whether everything fitted into 62 bits.
func subtract(a, v []int64, c int64) bool {
	const most = 1 << 62
	for i, x := range v {
		if math.Abs(float64(c))*math.Abs(float64(x)) >= most {
			return false
		}
		if a[i] -= c * x; a[i] >= most || a[i] <= -most {
			return false
		}
	}
	return true
}

// place is the first place, at most depth before k, where vector k, made orthogonal to what stands before it, is clearly shorter than
// what stands there; k itself where there is none.
func (b *Basis) place(k, depth int) int {
	row, first := b.gram.r[k], max(0, k-depth)
	rest := floats.Dot(row[first:k+1], row[first:k+1])
	for i := first; i < k; i++ {
		if rest < delta*b.gram.r[i][i]*b.gram.r[i][i] {
			return i
		}
		rest -= row[i] * row[i]
	}
	return k
}

func (b *Basis) insert(from, to int) {
	v, c := b.vec[from], b.comb[from]
	copy(b.vec[to+1:from+1], b.vec[to:from])
	copy(b.comb[to+1:from+1], b.comb[to:from])
	b.vec[to], b.comb[to] = v, c
}

// Dim is the dimension m.
func (b *Basis) Dim() int { return len(b.vec) }
