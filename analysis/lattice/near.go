package lattice

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Search is how a walk ended.
type Search struct {
	Complete bool // every point within the radius was reported
	Nodes    int  // visited coordinates
}

// Region is where points are looked for.
type Region struct {
	Radius2 float64   // most |B z − t|²
	Within  []float64 // most of it along Directions k, k+1, …, for every k; nil where only the radius bounds it
}

// bound is the largest squared distance along Directions k, k+1, … if the rest of t takes outside.
func (r Region) bound(k int, outside float64) float64 {
	if r.Within == nil {
		return r.Radius2 - outside
	}
	return min(r.Radius2-outside, r.Within[k])
}

// Near reports every integer point z with B z − t in the region, t of length r, in no particular order but with near branches first.
// found gets a slice that it must not keep and the squared distance; it returns false to stop. The walk also stops, incomplete, after
// maxNodes coordinates.
//
// Distances are off by rounding B to integers, relatively about 1e-10: widen the region where its edge matters.
func (b *Basis) Near(t []float64, region Region, maxNodes int, found func(z []int, distance2 float64) bool) Search {
	y, outside := b.project(t)
	if region.Radius2 < outside {
		return Search{Complete: true}
	}
	w := newWalk(b, y)
	for k := range w.limit {
		w.limit[k] = region.bound(k, outside) * b.scale * b.scale
	}
	z := make([]int, b.Dim())
	return w.run(maxNodes, func(c []float64, d2 float64) bool {
		b.point(z, c)
		return found(z, d2/(b.scale*b.scale)+outside)
	})
}

// Closest is the integer point z with the least |B z − t|² of those that are admitted and within radius2, and that distance; nil where there is
// none or none was met before maxNodes coordinates. It is surely the closest only if the search is complete.
func (b *Basis) Closest(t []float64, radius2 float64, maxNodes int, admit func(z []int) bool) (z []int, distance2 float64, s Search) {
	y, outside := b.project(t)
	if radius2 < outside {
		return nil, 0, Search{Complete: true}
	}
	w, at := newWalk(b, y), make([]int, b.Dim())
	w.limitTo((radius2 - outside) * b.scale * b.scale)
	s = w.run(maxNodes, func(c []float64, d2 float64) bool {
		if b.point(at, c); admit(at) {
			w.limitTo(d2)
			z, distance2 = slices.Clone(at), d2/(b.scale*b.scale)+outside
		}
		return true
	})
	return z, distance2, s
}

// Directions are orthonormal, r×m: column k is the one along which a walk chooses the coordinate at depth k, the last first.
func (b *Basis) Directions() *mat.Dense {
	var out mat.Dense
	unit := mat.NewDense(b.Dim(), b.Dim(), nil)
	for k, u := range b.gram.unit {
		unit.SetCol(k, u)
	}
	out.Mul(b.q, unit)
	return &out
}

// project splits t into its coordinates y in the space that B spans and the squared length of the rest, which no z reaches.
func (b *Basis) project(t []float64) (y []float64, outside float64) {
	y = make([]float64, b.Dim())
	in, all := mat.NewVecDense(len(y), y), mat.NewVecDense(len(t), t)
	in.MulVec(b.q.T(), all)
	rest := mat.NewVecDense(len(t), nil)
	rest.MulVec(b.q, in)
	rest.SubVec(all, rest)
	return y, mat.Dot(rest, rest)
}

// Nodes estimates how many coordinates Near visits: at depth k a ball of the last m−k dimensions holds about its volume over that of a
// cell (the Gaussian heuristic).
func (b *Basis) Nodes(t []float64, region Region) float64 {
	_, outside := b.project(t)
	if region.Radius2 <= outside {
		return 0
	}
	m := b.Dim()
	nodes, logCell := 0.0, 0.0
	for k := m - 1; k >= 0; k-- {
		logCell += math.Log(b.gram.r[k][k] / b.scale)
		half := float64(m-k) / 2
		gamma, _ := math.Lgamma(half + 1)
		nodes += math.Exp(half*math.Log(math.Pi*region.bound(k, outside)) - gamma - logCell)
	}
	return nodes
}

// Reach is the radius² at which Nodes estimates so many.
func (b *Basis) Reach(t []float64, nodes float64) float64 {
	_, outside := b.project(t)
	lo, hi := outside, outside+1
	for b.Nodes(t, Region{Radius2: hi}) < nodes {
		lo, hi = hi, outside+2*(hi-outside)
	}
	for hi-lo > 1e-3*(hi-outside) {
		if middle := (lo + hi) / 2; b.Nodes(t, Region{Radius2: middle}) < nodes {
			lo = middle
		} else {
			hi = middle
		}
	}
	return hi
}

// LogShare is the logarithm of e^(−d²/2) over the integral of e^(−|B z − t|²/2) over all real z: of the mass that a point at the distance d has among all
// points, if these lie so dense that their sum is that integral.
func (b *Basis) LogShare(t []float64, distance2 float64) float64 {
	_, outside := b.project(t)
	return -0.5*(distance2-outside) + b.logCell() - 0.5*float64(b.Dim())*math.Log(2*math.Pi)
}

// Distance2 is the squared distance of points that have that LogShare.
func (b *Basis) Distance2(t []float64, logShare float64) float64 {
	return 2 * (b.LogShare(t, 0) - logShare)
}

// logCell is the logarithm of the volume that one point has to itself.
func (b *Basis) logCell() (log float64) {
	for k := range b.gram.r {
		log += math.Log(b.gram.r[k][k] / b.scale)
	}
	return log
}

// point spells out the combination c of reduced vectors in the columns of B.
func (b *Basis) point(z []int, c []float64) {
	clear(z)
	for k, v := range c {
		if v != 0 {
			for i, u := range b.comb[k] {
				z[i] += int(v) * int(u)
			}
		}
	}
}

// walk is a depth-first walk over the coefficients c of the reduced vectors, the last vector first. At depth k the coefficients above k
// are fixed; the target's coordinate along unit vector k then asks for c[k] = centre[k], and c[k] runs over the integers by distance.
type walk struct {
	length2 []float64   // r[k][k]²
	mu      [][]float64 // mu[k][i] = r[i][k] / r[k][k], i > k
	goal    []float64   // target along unit vector k over r[k][k]
	limit   []float64   // of rest

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

// limitTo is a ball.
func (w *walk) limitTo(limit float64) {
	for k := range w.limit {
		w.limit[k] = limit
	}
}

func (w *walk) run(maxNodes int, found func(c []float64, d2 float64) bool) Search {
	m := len(w.c)
	k, nodes := m-1, 0
	for w.enter(k); ; {
		if nodes++; nodes > maxNodes {
			return Search{Nodes: nodes}
		}
		d := w.c[k] - w.centre[k]
		rest := w.rest[k+1] + d*d*w.length2[k]
		switch {
		case rest > w.limit[k]:
			if k++; k == m {
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
