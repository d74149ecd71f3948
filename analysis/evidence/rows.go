package evidence

import (
	"math"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// table is the files side by side, with what their rows have in common.
type table struct {
	loss    [][][]float64 // files × rows × classes
	base    [][]float64   // rows × classes, or nil
	rows    int
	classes int
	threads int
}

// blockRows is the number of rows summed at a time: sums are added in the order of the blocks, whoever computed them.
const blockRows = 256

// sums gathers, over rows i whose class c has chance p_ic, what the moments of mean losses are made of; l_ij is a file's loss under the
// row's class and a_ij its expectation. Square matrices are files × files, of which the upper triangle counts.
type sums struct {
	logZ   float64   // Σ_i ln Σ_c base_ic e^(-Σ_j tilt_j loss_ijc)
	mean   []float64 // Σ_i a_ij, by file
	inner  []float64 // Σ_i Cov(l_ij, l_ik)
	outer  []float64 // Σ_i a_ij a_ik
	share  []float64 // Σ_i p_ic, by class
	square []float64 // Σ_i p_ic²
	cross  []float64 // Σ_i p_ic loss_ijc, files × classes
	level  []float64 // Σ_i p_ic a_ij, files × classes
}

func newSums(files, classes int) *sums {
	return &sums{
		mean: make([]float64, files), inner: make([]float64, files*files), outer: make([]float64, files*files),
		share: make([]float64, classes), square: make([]float64, classes),
		cross: make([]float64, files*classes), level: make([]float64, files*classes),
	}
}

func (s *sums) add(t *sums) {
	s.logZ += t.logZ
	addTo(s.mean, t.mean)
	addTo(s.inner, t.inner)
	addTo(s.outer, t.outer)
	addTo(s.share, t.share)
	addTo(s.square, t.square)
	addTo(s.cross, t.cross)
	addTo(s.level, t.level)
}

func addTo(dst, v []float64) {
	for i := range dst {
		dst[i] += v[i]
	}
}

// at returns the sums of the rows whose class chances are tilted by the losses of the files, one number a file.
func (t *table) at(tilt []float64) *sums {
	blocks := make([]*sums, (t.rows+blockRows-1)/blockRows)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range max(1, min(t.threads, len(blocks))) {
		wait.Go(func() {
			w := newWorker(t)
			for b := int(next.Add(1)) - 1; b < len(blocks); b = int(next.Add(1)) - 1 {
				blocks[b] = w.block(tilt, b*blockRows, min((b+1)*blockRows, t.rows))
			}
		})
	}
	wait.Wait()
	for _, b := range blocks[1:] {
		blocks[0].add(b)
	}
	return blocks[0]
}

// chunkCells is about how many rows times classes are multiplied at a time: few enough to stay in a core's cache.
const chunkCells = 1024

// worker holds the space that one chunk of rows needs. Both matrices have a line a file, so that their products are of long vectors.
type worker struct {
	t       *table
	chunk   int       // rows
	p, root []float64 // class chances of one row and their roots
	spread  []float64 // √p_ic (loss_ijc - a_ij), files × (rows·classes)
	centres []float64 // a_ij, files × rows
}

func newWorker(t *table) *worker {
	m, chunk := len(t.loss), max(1, min(chunkCells/t.classes, blockRows))
	return &worker{t, chunk, make([]float64, t.classes), make([]float64, t.classes), make([]float64, m*chunk*t.classes), make([]float64, m*chunk)}
}

// block sums the rows from lo to hi.
func (w *worker) block(tilt []float64, lo, hi int) *sums {
	s := newSums(len(w.t.loss), w.t.classes)
	for ; lo < hi; lo += w.chunk {
		n := min(w.chunk, hi-lo)
		for i := range n {
			s.logZ += w.chances(tilt, lo+i)
			w.row(s, lo+i, i, n)
		}
		gram(s.inner, w.spread, len(s.mean), n*w.t.classes)
		gram(s.outer, w.centres, len(s.mean), n)
	}
	return s
}

// chances fills p with the class chances of row i, and returns ln of what they were divided by.
func (w *worker) chances(tilt []float64, i int) float64 {
	clear(w.p)
	if w.t.base != nil {
		for c, b := range w.t.base[i] {
			w.p[c] = math.Log(b)
		}
	}
	for j, v := range tilt {
		for c, l := range w.t.loss[j][i] {
			w.p[c] -= v * l
		}
	}
	most, sum := math.Inf(-1), 0.0
	for _, v := range w.p {
		most = max(most, v)
	}
	for c, v := range w.p {
		w.p[c] = math.Exp(v - most)
		sum += w.p[c]
	}
	for c := range w.p {
		w.p[c] /= sum
		w.root[c] = math.Sqrt(w.p[c])
	}
	return most + math.Log(sum)
}

// row adds row i to the sums of single files, and fills its place among the n rows of the chunk.
func (w *worker) row(s *sums, i, place, n int) {
	classes := w.t.classes
	for j, loss := range w.t.loss {
		l := loss[i]
		a := 0.0
		for c, p := range w.p {
			a += p * l[c]
		}
		s.mean[j] += a
		w.centres[j*n+place] = a
		x := w.spread[(j*n+place)*classes:][:classes]
		cross, level := s.cross[j*classes:][:classes], s.level[j*classes:][:classes]
		for c, p := range w.p {
			cross[c] += p * l[c]
			level[c] += p * a
			x[c] = w.root[c] * (l[c] - a)
		}
	}
	for c, p := range w.p {
		s.share[c] += p
		s.square[c] += p * p
	}
}

// gram adds x xᵀ to dst, x of m lines.
func gram(dst, x []float64, m, line int) {
	blas64.Syrk(blas.NoTrans, 1, blas64.General{Rows: m, Cols: line, Stride: line, Data: x[:m*line]}, 1,
		blas64.Symmetric{N: m, Stride: m, Data: dst, Uplo: blas.Upper})
}

// logZ is the one sum of that name.
func (t *table) logZ(tilt []float64) float64 {
	w, sum := newWorker(t), 0.0
	for i := range t.rows {
		sum += w.chances(tilt, i)
	}
	return sum
}
