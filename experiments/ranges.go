package experiments

import (
	"math"
)

// IntRange is a whole number that is known to lie from Lo to Hi, both included.
type IntRange struct{ Lo, Hi int }

// ShareRange is a share that is known to lie from Lo to Hi, both included.
type ShareRange struct{ Lo, Hi float64 }

// shareSlack is how far a public share given as one number may be off: boards state it in whole per cent.
const shareSlack = 0.005

// approximately is the range that a share given as one number stands for: half a per cent either way, whatever its digits; 1 means all.
func approximately(share float64) ShareRange {
	if share == 1 {
		return ShareRange{1, 1}
	}
	return ShareRange{tidy(math.Max(0, share-shareSlack)), tidy(math.Min(1, share+shareSlack))}
}

// tidy takes the dust of binary fractions off a share: 0.26-0.005 is 0.255.
func tidy(x float64) float64 { return math.Round(x*1e12) / 1e12 }

// PublicRange is the least and the most public rows of a test of that many rows. A share counts scored rows only, and is taken outward to
// whole rows, since it is not known how the host rounds. At least one row and at most every row that may be scored is public.
func (c Competition) PublicRange(rows int) (lo, hi int) {
	most := max(rows-c.Unscored.Lo, 1)
	if c.PublicRows != nil {
		return min(c.PublicRows.Lo, most), min(c.PublicRows.Hi, most)
	}
	least := max(rows-c.Unscored.Hi, 0)
	lo = int(math.Floor(c.Public.Lo*float64(least) + 1e-6))
	hi = int(math.Ceil(c.Public.Hi*float64(most) - 1e-6))
	lo = min(max(lo, 1), most)
	return lo, min(max(hi, lo), most)
}

// SimulatedPublic is how many of the scored rows are public on the simulated board: exactly round(public × rows), or what the competition says
// where [simulate] does not: the middle of its range.
func (e *Experiment) SimulatedPublic(scored int) int {
	c := e.Competition
	switch {
	case e.Simulate != nil && e.Simulate.Public != nil:
		return int(math.Round(*e.Simulate.Public * float64(scored)))
	case c.PublicRows != nil:
		return min((c.PublicRows.Lo+c.PublicRows.Hi)/2, scored)
	}
	return int(math.Round((c.Public.Lo + c.Public.Hi) / 2 * float64(scored)))
}

// PresentFrom is how much of a topic makes it present: at least Rows rows where Share is 0, else that share of the rows asked about.
type PresentFrom struct {
	Rows  int
	Share float64
}

// Of is the least count of a present topic where rows are asked about; 1 at least.
func (p PresentFrom) Of(rows int) int {
	if p.Share == 0 {
		return max(p.Rows, 1)
	}
	return max(int(math.Ceil(p.Share*float64(rows)-1e-9)), 1)
}
