package topics

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/blas/blas32"
)

// defaultMaxIter is far above the few dozen iterations that texts take.
const defaultMaxIter = 300

// Fit clusters the rows of x (n×d). Its errors are faults in the options or the rows, with Field set to the experiment's key.
func Fit(x blas32.General, o Options) (*Result, error) {
	if err := check(x, o); err != nil {
		return nil, err
	}
	fitted := x
	if o.Sample > 0 && o.Sample < x.Rows {
		fitted = sampleRows(x, o.Sample, o.Seed)
	}
	if err := checkDistinct(fitted, o.K); err != nil {
		return nil, err
	}
	best := bestRestart(fitted, o)
	return finish(x, best, o), nil
}

// bestRestart runs the restarts one after another, each with all threads, and keeps the least inertia.
func bestRestart(x blas32.General, o Options) run {
	a := newAssigner(x, o.Threads)
	if o.Init != nil {
		return lloyd(a, clone(*o.Init), o)
	}
	var best run
	for restart := range max(o.Restarts, 1) {
		rng := rand.New(rand.NewPCG(o.Seed, uint64(restart)))
		r := lloyd(a, seedCentroids(x, o.K, o.Threads, rng), o)
		r.restart = restart
		if restart == 0 || r.inertia < best.inertia {
			best = r
		}
	}
	return best
}

// finish assigns every row to the centroids found, sets the radius of "other" and numbers the topics.
func finish(x blas32.General, r run, o Options) *Result {
	res := &Result{
		Codebook:   Codebook{Centroids: r.centroids, OtherRadius: math.Inf(1)},
		Iterations: r.iterations, Restart: r.restart, Status: r.status,
	}
	res.Assignment, res.Distance = res.Assign(x, o.Threads)
	for _, d := range res.Distance {
		res.Inertia += float64(d * d)
	}
	if o.Other > 0 && o.Other < 1 {
		res.OtherRadius = quantile(res.Distance, o.Other)
		res.markOther(res.Assignment, res.Distance)
	}
	if o.Init == nil {
		res.renumber()
	}
	res.Sizes = make([]int, res.Topics())
	for _, t := range res.Assignment {
		res.Sizes[t]++
	}
	return res
}

// quantile is the smallest of the values that has at least the share q of them at or below it; q in (0, 1).
func quantile(values []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(values))
	return s[max(int(math.Ceil(q*float64(len(s))))-1, 0)]
}

// renumber orders the topics by rows, the largest first; of two that are equal the one whose first row comes first in x. "other"
// keeps the last place.
func (r *Result) renumber() {
	k := r.Centroids.Rows
	size, first := make([]int, k+1), make([]int, k+1)
	for i, t := range r.Assignment {
		if size[t] == 0 {
			first[t] = i
		}
		size[t]++
	}
	order := make([]int, k)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if size[a] != size[b] {
			return size[b] - size[a]
		}
		return first[a] - first[b]
	})
	r.permute(order)
}

// permute makes the topic order[i] the topic i.
func (r *Result) permute(order []int) {
	number := make([]int32, len(order)+1)
	number[len(order)] = int32(len(order))
	old := r.Centroids
	r.Centroids = newMatrix(old.Rows, old.Cols)
	for i, t := range order {
		number[t] = int32(i)
		copy(rowOf(r.Centroids, i), rowOf(old, t))
	}
	for i, t := range r.Assignment {
		r.Assignment[i] = number[t]
	}
}

// sampleRows copies n rows drawn without replacement, in their old order.
func sampleRows(x blas32.General, n int, seed uint64) blas32.General {
	// The stream of the sample stands apart from those of the restarts, which are small numbers.
	picked := rand.New(rand.NewPCG(seed, math.MaxUint64)).Perm(x.Rows)[:n]
	slices.Sort(picked)
	s := newMatrix(n, x.Cols)
	for i, row := range picked {
		copy(rowOf(s, i), rowOf(x, row))
	}
	return s
}
