package lattice

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/mat"

	"lbprobe/internal/parallel"
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

// Near walks side by side: the walk is cut into branches at the depth where there are branches or more, and so many at a time are walked. quota is what a branch asks
// for at a time of the nodes that are left.
const (
	branches = 256
	atATime  = 64
	quota    = 1 << 10
)

// Near returns the integer points z with B z − t in the region, t of length r, that are admitted; near branches come first. Where there are more than maxPoints, or more
// than maxNodes coordinates to visit, the search is not complete and the points are some of them, at any number of threads the same. admit is called from several
// goroutines, with a slice that it must not keep. walked, if it is not nil, is told how many branches of the walk are done, by one goroutine at a time.
//
// Distances are off by rounding B to integers, relatively about 1e-10: widen the region where its edge matters.
func (b *Basis) Near(t []float64, region Region, maxNodes, maxPoints int, admit func(z []int) bool, walked func(done, all int)) (points [][]int, s Search) {
	y, outside := b.project(t)
	if region.Radius2 < outside {
		return nil, Search{Complete: true}
	}
	fresh := func() *walk {
		w := newWalk(b, y)
		w.within(region, outside, b.scale)
		return w
	}
	cut := b.Dim()
	all := []branch{{}}
	for ; cut > 1 && len(all) > 0 && len(all) < branches && s.Nodes <= maxNodes; cut-- {
		all, s.Nodes = fresh().split(all, cut-1, s.Nodes)
	}
	var told sync.Mutex
	done := 0
	for chunk := range slices.Chunk(all, atATime) {
		lists, ends := make([][][]int, len(chunk)), make([]Search, len(chunk))
		var left atomic.Int64
		left.Store(int64(maxNodes - s.Nodes))
		parallel.Blocks(len(chunk), 1, 0, func(i, _ int) {
			w, z := fresh(), make([]int, b.Dim())
			w.more = func() bool { return left.Add(-quota) >= 0 }
			w.set(chunk[i], cut)
			ends[i] = w.run(cut-1, 0, func(c []float64, _ float64) bool {
				if b.point(z, c); admit(z) {
					lists[i] = append(lists[i], slices.Clone(z))
				}
				return len(lists[i]) < maxPoints
			})
			if walked != nil {
				told.Lock()
				defer told.Unlock()
				done++
				walked(done, len(all))
			}
		})
		if left.Load() < 0 {
			return points, Search{Nodes: maxNodes}
		}
		for i, list := range lists {
			points = append(points, list[:min(len(list), maxPoints-len(points))]...)
			if s.Nodes += ends[i].Nodes; len(points) == maxPoints {
				return points, s
			}
		}
	}
	s.Complete = s.Nodes <= maxNodes
	return points, s
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
	s = w.run(b.Dim()-1, maxNodes, func(c []float64, d2 float64) bool {
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

// Nodes estimates how many coordinates Near visits.
func (b *Basis) Nodes(t []float64, region Region) (nodes float64) {
	for _, n := range b.NodesAt(t, region) {
		nodes += n
	}
	return nodes
}

// NodesAt estimates it for each depth k, where a ball of the last m−k dimensions holds about its volume over that of a cell (the Gaussian heuristic).
func (b *Basis) NodesAt(t []float64, region Region) []float64 {
	nodes := make([]float64, b.Dim())
	_, outside := b.project(t)
	if region.Radius2 <= outside {
		return nodes
	}
	for k, cell := range b.cells() {
		nodes[k] = math.Exp(0.5*float64(b.Dim()-k)*math.Log(region.bound(k, outside)) - cell)
	}
	return nodes
}

// Even are bounds for Region.Within at which so many coordinates are visited at every depth, as NodesAt estimates.
func (b *Basis) Even(nodes float64) []float64 {
	within := make([]float64, b.Dim())
	for k, cell := range b.cells() {
		within[k] = math.Exp(2 * (math.Log(nodes) + cell) / float64(b.Dim()-k))
	}
	return within
}

// cells are, for each depth k, the logarithms of the volume that a point of the last m−k dimensions has to itself, over that of their unit ball.
func (b *Basis) cells() []float64 {
	m := b.Dim()
	out, logCell := make([]float64, m), 0.0
	for k := m - 1; k >= 0; k-- {
		logCell += math.Log(b.gram.r[k][k] / b.scale)
		half := float64(m-k) / 2
		gamma, _ := math.Lgamma(half + 1)
		out[k] = logCell + gamma - half*math.Log(math.Pi)
	}
	return out
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
