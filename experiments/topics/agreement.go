package topics

import "math"

// NMI is the mutual information of two groupings of the same rows over the arithmetic mean of their entropies: 1 when each tells
// the other, near 0 when they are unrelated. Two groupings that are both of one group agree: 1. It panics if a and b differ in length.
func NMI(a, b []int32) float64 {
	t := newContingency(a, b)
	ha, hb := entropy(t.rows, t.n), entropy(t.cols, t.n)
	if ha+hb == 0 {
		return 1
	}
	mutual := 0.0
	for _, c := range t.cells {
		p := float64(c.count) / t.n
		mutual += p * math.Log(float64(c.count)*t.n/(t.rows[c.a]*t.cols[c.b]))
	}
	return min(max(2*mutual/(ha+hb), 0), 1)
}

// AdjustedRand is the share of row pairs on which two groupings agree, set to 0 at what chance would give and to 1 at full
// agreement (Hubert and Arabie 1985). It panics if a and b differ in length.
func AdjustedRand(a, b []int32) float64 {
	t := newContingency(a, b)
	together := 0.0
	for _, c := range t.cells {
		together += pairs(float64(c.count))
	}
	inA, inB := 0.0, 0.0
	for _, n := range t.rows {
		inA += pairs(n)
	}
	for _, n := range t.cols {
		inB += pairs(n)
	}
	most := (inA + inB) / 2
	if inA == inB && (inA == 0 || inA == pairs(t.n)) {
		return 1 // both put all rows together, or every row alone
	}
	chance := inA * inB / pairs(t.n)
	return (together - chance) / (most - chance)
}

// contingency counts rows by their pair of groups; groups are numbered by first appearance, so that sums have one order.
type contingency struct {
	n          float64
	rows, cols []float64 // rows of each group of a and of b
	cells      []cell
}

type cell struct{ a, b, count int }

func newContingency(a, b []int32) contingency {
	if len(a) != len(b) {
		panic("topics: two groupings differ in length")
	}
	t := contingency{n: float64(len(a))}
	ga, gb, at := map[int32]int{}, map[int32]int{}, map[[2]int]int{}
	for i := range a {
		x, y := number(ga, a[i], &t.rows), number(gb, b[i], &t.cols)
		c, ok := at[[2]int{x, y}]
		if !ok {
			c = len(t.cells)
			at[[2]int{x, y}] = c
			t.cells = append(t.cells, cell{a: x, b: y})
		}
		t.cells[c].count++
	}
	return t
}

// number looks a group up, gives it the next number if it is new, and counts one row of it.
func number(seen map[int32]int, group int32, count *[]float64) int {
	n, ok := seen[group]
	if !ok {
		n = len(seen)
		seen[group] = n
		*count = append(*count, 0)
	}
	(*count)[n]++
	return n
}

func entropy(counts []float64, n float64) (h float64) {
	for _, c := range counts {
		h -= c / n * math.Log(c/n)
	}
	return h
}

func pairs(n float64) float64 { return n * (n - 1) / 2 }
