package lattice

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// walk is a depth-first walk over the coefficients c of the reduced vectors, the last vector first. At depth k the coefficients above k
// are fixed; the target's coordinate along unit vector k then asks for c[k] = centre[k], and c[k] runs over the integers by distance.
type walk struct {
	length2 []float64   // r[k][k]²
	mu      [][]float64 // mu[k][i] = r[i][k] / r[k][k], i > k
	goal    []float64   // target along unit vector k over r[k][k]
	limit   []float64   // of rest
	more    func() bool // allows quota nodes more; nil: none

	c, centre, step []float64
	sums            [][]float64 // sums[k][i] = Σ_{l ≥ i} c[l] mu[k][l]
	stale           []int       // sums[k][i] is out of date for i ≤ stale[k]
	rest            []float64   // squared distance of the coordinates ≥ k
}

func newWalk(b *Basis, y []float64) *walk {
	m := b.Dim()
	w := &walk{mu: matrix(m), sums: make([][]float64, m), stale: make([]int, m), rest: make([]float64, m+1)}
	w.length2, w.goal, w.limit = make([]float64, m), make([]float64, m), make([]float64, m)
	w.c, w.centre, w.step = make([]float64, m), make([]float64, m), make([]float64, m)
	for k := range m {
		r := b.gram.r[k][k]
		w.length2[k] = r * r
		w.goal[k] = floats.Dot(y, b.gram.unit[k]) * b.scale / r
		for i := k + 1; i < m; i++ {
			w.mu[k][i] = b.gram.r[i][k] / r
		}
		w.sums[k] = make([]float64, m+1)
		w.stale[k] = m - 1
	}
	return w
}

// enter fixes the centre of depth k and starts at the nearest integer.
func (w *walk) enter(k int) {
	top := w.stale[k]
	sums, mu, c := w.sums[k][k+1:top+2], w.mu[k][k+1:top+1], w.c[k+1:top+1]
	s := sums[len(mu)]
	for i := len(mu) - 1; i >= 0; i-- {
		s += c[i] * mu[i]
		sums[i] = s
	}
	if k > 0 {
		w.stale[k-1] = max(w.stale[k-1], top)
	}
	w.stale[k] = k
	centre := w.goal[k] - s
	nearest := math.RoundToEven(centre)
	w.centre[k], w.c[k], w.step[k] = centre, nearest, 1
	if nearest > centre {
		w.step[k] = -1
	}
}

// next moves c[k] to the next integer by distance from the centre: one side, then the other, ever farther.
func (w *walk) next(k int) {
	step := w.step[k]
	w.c[k] += step
	w.step[k] = -step - math.Copysign(1, step)
	if k > 0 && w.stale[k-1] < k {
		w.stale[k-1] = k
	}
}

// within is a region if the rest of t takes outside.
func (w *walk) within(region Region, outside, scale float64) {
	for k := range w.limit {
		w.limit[k] = region.bound(k, outside) * scale * scale
	}
}

// limitTo is a ball.
func (w *walk) limitTo(limit float64) {
	for k := range w.limit {
		w.limit[k] = limit
	}
}

// run walks below the coefficients of the depths above top, which are set.
func (w *walk) run(top, maxNodes int, found func(c []float64, d2 float64) bool) Search {
	k, nodes := top, 0
	for w.enter(k); ; {
		if nodes++; nodes > maxNodes {
			if w.more == nil || !w.more() {
				return Search{Nodes: nodes}
			}
			maxNodes += quota
		}
		d := w.c[k] - w.centre[k]
		rest := w.rest[k+1] + d*d*w.length2[k]
		switch {
		case rest > w.limit[k]:
			if k++; k > top {
				return Search{Complete: true, Nodes: nodes}
			}
			w.next(k)
		case k > 0:
			w.rest[k] = rest
			k--
			w.enter(k)
		default:
			if !found(w.c, rest) {
				return Search{Nodes: nodes}
			}
			w.next(0)
		}
	}
}

// branch is a walk as far as some depth: the coefficients from there up, the last first, and the squared distance along them.
type branch struct {
	c    []float64
	rest float64
}

// set puts a walk at the end of a branch that reaches down to a depth.
func (w *walk) set(b branch, depth int) {
	for i, v := range b.c {
		w.c[len(w.c)-1-i] = v
	}
	w.rest[depth] = b.rest
	for k := range w.stale {
		w.stale[k] = len(w.c) - 1
	}
}

// split carries branches on by the depth k, in the order of the walk, and counts the coordinates visited.
func (w *walk) split(branches []branch, k, nodes int) (out []branch, _ int) {
	for _, b := range branches {
		w.set(b, k+1)
		for w.enter(k); ; w.next(k) {
			nodes++
			d := w.c[k] - w.centre[k]
			rest := b.rest + d*d*w.length2[k]
			if rest > w.limit[k] {
				break
			}
			out = append(out, branch{append(slices.Clone(b.c), w.c[k]), rest})
		}
	}
	return out, nodes
}
