package topics

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/internal/parallel"
)

// run is the end of one restart.
type run struct {
	centroids  blas32.General
	inertia    float64 // of the fitted rows
	iterations int
	restart    int
	status     Status
}

// lloyd assigns every row to its nearest centroid and moves every centroid to the mean of its rows, until an assignment repeats the
// one before. An iteration is one assignment. c is overwritten.
func lloyd(a *assigner, c blas32.General, o Options) run {
	limit := o.MaxIter
	if limit == 0 {
		limit = defaultMaxIter
	}
	r := run{centroids: c, status: IterationLimit}
	label, last := make([]int32, a.x.Rows), make([]int32, a.x.Rows)
	last[0] = -1 // no assignment repeats this one
	for r.iterations < limit {
		r.iterations++
		a.nearest(c, label)
		refilled := refill(a.x, c, label, o.Threads)
		if !refilled && slices.Equal(label, last) {
			r.status = Converged
			break
		}
		moveToMeans(a.x, c, label, o.Threads)
		label, last = last, label
	}
	a.nearest(c, label)
	for _, d := range distances(a.x, c, label, o.Threads) {
		r.inertia += float64(d * d)
	}
	return r
}

// refill gives each cluster without rows, in the order of their numbers, the row that lies farthest from its centroid, a tie going
// to the lowest row; a row that is alone in its cluster stays there. It tells whether any cluster was empty.
func refill(x, c blas32.General, label []int32, threads int) bool {
	size := make([]int, c.Rows)
	for _, t := range label {
		size[t]++
	}
	if slices.Min(size) > 0 {
		return false
	}
	dist := distances(x, c, label, threads)
	for k, n := range size {
		if n > 0 {
			continue
		}
		far, at := math.Inf(-1), 0
		for i, d := range dist {
			if d > far && size[label[i]] > 1 {
				far, at = d, i
			}
		}
		size[label[at]]--
		size[k], label[at], dist[at] = 1, int32(k), 0
	}
	return true
}

// moveToMeans sets every centroid to the mean of its rows. One goroutine adds the rows of a cluster, in their order, in float64.
func moveToMeans(x, c blas32.General, label []int32, threads int) {
	members := byTopic(label, c.Rows)
	parallel.Blocks(c.Rows, 1, threads, func(k, _ int) {
		if len(members[k]) == 0 {
			return
		}
		sum := make([]float64, x.Cols)
		for _, i := range members[k] {
			for j, v := range rowOf(x, i) {
				sum[j] += float64(v)
			}
		}
		for j, s := range sum {
			c.Data[k*c.Stride+j] = float32(s / float64(len(members[k])))
		}
	})
}

// byTopic lists the rows of each of k topics in ascending order.
func byTopic(label []int32, k int) [][]int {
	size := make([]int, k)
	for _, t := range label {
		size[t]++
	}
	members := make([][]int, k)
	for t, n := range size {
		members[t] = make([]int, 0, n)
	}
	for i, t := range label {
		members[t] = append(members[t], i)
	}
	return members
}
