package topics

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas32"
)

const (
	// LeastCosine is how alike the vector of a text must be when it is embedded again.
	LeastCosine = 0.999
	// NearTie is the share by which a text's second nearest centroid may be farther than its nearest for the two to change places: other processors
	// and other batches move a vector a little, and such a text by right belongs to either.
	NearTie = 0.02
)

// Differs holds vectors against those of the same texts, row by row, that the codebook was made with. It is empty where they are as good as equal;
// else it says of the first row that is not how it differs: in its cosine, below [LeastCosine], or in its topic although that was no [NearTie].
func (c *Codebook) Differs(reference, again blas32.General) string {
	if again.Rows != reference.Rows || again.Cols != reference.Cols {
		return fmt.Sprintf("%d×%d vectors in place of %d×%d", again.Rows, again.Cols, reference.Rows, reference.Cols)
	}
	before, _ := c.Assign(reference, 1)
	after, _ := c.Assign(again, 1)
	for i := range reference.Rows {
		row := rowOf(reference, i)
		if cos := cosine(row, rowOf(again, i)); !(cos >= LeastCosine) {
			return fmt.Sprintf("reference text %d has the cosine %.4f with its vector", i, cos)
		}
		if before[i] != after[i] && !c.nearTie(row) {
			return fmt.Sprintf("reference text %d goes to topic %d in place of %d", i, after[i], before[i])
		}
	}
	return ""
}

// cosine is 1 for two rows of zeros and 0 where only one is.
func cosine(x, y []float32) float64 {
	dot, xx, yy := 0.0, squaredNorm(x), squaredNorm(y)
	for j, v := range x {
		dot += float64(v) * float64(y[j])
	}
	switch {
	case xx == 0 && yy == 0:
		return 1
	case xx == 0 || yy == 0:
		return 0
	}
	return dot / math.Sqrt(xx*yy)
}

// nearTie tells whether a row is about as far from two topics, the border of "other" being one of them.
func (c *Codebook) nearTie(x []float32) bool {
	nearest, second := math.Inf(1), math.Inf(1)
	for k := range c.Centroids.Rows {
		switch d := math.Sqrt(squaredDistance(x, rowOf(c.Centroids, k))); {
		case d < nearest:
			nearest, second = d, nearest
		case d < second:
			second = d
		}
	}
	return second <= nearest*(1+NearTie) || math.Abs(c.OtherRadius-nearest) <= nearest*NearTie
}
