package topics

import (
	"math"

	"gonum.org/v1/gonum/blas/blas32"
)

// Options says how Fit clusters.
type Options struct {
	K        int     // clusters, from 1 to the number of distinct rows
	Seed     uint64  // of the sample and of every seeding
	Restarts int     // independent seedings of which the least inertia wins, a tie the earliest; 0 means 1
	MaxIter  int     // Lloyd iterations of one restart at most; 0 means 300
	Threads  int     // goroutines at most; 0 means GOMAXPROCS. No figure of the result depends on it
	Sample   int     // fit on at most so many rows, drawn without replacement; every row is assigned all the same. 0 means all
	Other    float64 // rows farther than this quantile of all rows' distances form the topic "other"; 0 and 1 mean no such topic

	// Init holds K starting centroids in place of the seeding; there is then one restart, and topic i is what became of row i.
	Init *blas32.General
}

// Status says how the iterations of the restart that won came to their end.
type Status string

// The ways to end.
const (
	Converged      Status = "converged"       // no row changed its cluster
	IterationLimit Status = "iteration limit" // MaxIter was met first: the result is valid, but not Lloyd's fixed point
)

// Result is a fitted set of topics and what became of the rows it was fitted on.
type Result struct {
	Codebook
	Assignment []int32   // topic of each row, as Codebook.Assign gives it
	Distance   []float64 // Euclidean, of each row to its nearest centroid
	Sizes      []int     // rows of each topic; without Init they fall from left to right, "other" standing last whatever its size
	Inertia    float64   // sum over all rows of the squared distance to the nearest centroid
	Iterations int       // of the restart that won
	Restart    int       // which restart won, from 0
	Status     Status
}

// Codebook is what must be kept to give new rows their topics.
type Codebook struct {
	Centroids   blas32.General // K×d
	OtherRadius float64        // rows farther than this from every centroid belong to "other"; +Inf: there is no such topic
}

// HasOther tells whether the last topic is "other".
func (c *Codebook) HasOther() bool { return !math.IsInf(c.OtherRadius, 1) }

// Topics is the number of topics: the centroids, and "other" if there is one.
func (c *Codebook) Topics() int {
	if c.HasOther() {
		return c.Centroids.Rows + 1
	}
	return c.Centroids.Rows
}

// Assign gives each row of x (n×d, finite) the number of its nearest centroid, a tie going to the lowest, and its Euclidean
// distance to it; rows beyond OtherRadius get the topic "other", number K. It panics if x has another width than the centroids.
func (c *Codebook) Assign(x blas32.General, threads int) (topic []int32, dist []float64) {
	if x.Cols != c.Centroids.Cols {
		panic("topics: rows and centroids differ in width")
	}
	topic = make([]int32, x.Rows)
	newAssigner(x, threads).nearest(c.Centroids, topic)
	dist = distances(x, c.Centroids, topic, threads)
	c.markOther(topic, dist)
	return topic, dist
}

// markOther moves the rows beyond the radius to the last topic.
func (c *Codebook) markOther(topic []int32, dist []float64) {
	for i, d := range dist {
		if d > c.OtherRadius {
			topic[i] = int32(c.Centroids.Rows)
		}
	}
}
