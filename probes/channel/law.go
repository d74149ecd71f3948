package channel

import (
	"math/bits"
	"slices"
)

// How the rows of a topic are coded. A topic with evidence a of its own and b of the topics after it has, of the R rows that the topics before it
// left, x by the Dirichlet-multinomial's conditional law, the beta-binomial with the ratio
//
//	p(x+1)/p(x) = (R-x)(a+x) / ((x+1)(b+R-x-1))
//
// It is worked out in integers, alike on every machine: from lawTop at the mode outwards until it falls to lawFloor, which all counts beyond have, so
// that none is impossible.
const (
	lawTop       = 1 << 40
	lawFloor     = 1 << 26
	mostTest     = 1 << 22 // rows of a test for which products stay inside 64 bits and sums inside 63
	mostEvidence = 1 << 40 // thousandths of a row, over all topics
)

// law gives the counts lo to hi their weights: those of middle from the count from on, lawFloor before and after.
type law struct {
	lo, hi, from int
	middle       []int
}

// newLaw is the law of a topic's count, known to be lo to hi, among rows that are left; evidence is in thousandths of a row.
func newLaw(rows, own, others, lo, hi int) law {
	mode := min(max(peak(rows, own, others), lo), hi)
	middle := []int{}
	for x, p := mode-1, uint64(lawTop); x >= lo; x-- {
		p = scaled(p, uint64(x+1)*uint64(others+1000*(rows-x-1)), uint64(rows-x)*uint64(own+1000*x))
		if p < lawFloor {
			break
		}
		middle = append(middle, int(p))
	}
	slices.Reverse(middle)
	l := law{lo: lo, hi: hi, from: mode - len(middle)}
	middle = append(middle, lawTop)
	for x, p := mode, uint64(lawTop); x < hi; x++ {
		p = scaled(p, uint64(rows-x)*uint64(own+1000*x), uint64(x+1)*uint64(others+1000*(rows-x-1)))
		if p < lawFloor {
			break
		}
		middle = append(middle, int(p))
	}
	l.middle = middle
	return l
}

// peak is where the law is greatest, or one of its two peaks.
func peak(rows, own, others int) int {
	switch {
	case own <= 1000 && (others > 1000 || own <= others):
		return 0
	case others <= 1000:
		return rows
	}
	return min(rows, (rows+1)*(own-1000)/(own+others-2000))
}

// scaled is p·up/down, at most lawTop.
func scaled(p, up, down uint64) uint64 {
	hi, lo := bits.Mul64(p, up)
	if hi >= down {
		return lawTop
	}
	q, _ := bits.Div64(hi, lo, down)
	return min(q, lawTop)
}

// code codes a count by the law: before the middle, in it, or after it.
func (l law) code(s *stream, truth int) (count int, ok bool) {
	before, after := l.from-l.lo, l.hi-l.from-len(l.middle)+1
	weights := slices.Concat([]int{before * lawFloor}, l.middle, []int{after * lawFloor})
	place := min(max(truth-l.from+1, 0), len(l.middle)+1)
	if place, ok = s.pick(weights, place); !ok {
		return 0, false
	}
	switch place {
	case 0:
		count, ok = s.number(before, truth-l.lo)
		return l.lo + count, ok
	case len(l.middle) + 1:
		start := l.from + len(l.middle)
		count, ok = s.number(after, truth-start)
		return start + count, ok
	}
	return l.from + place - 1, true
}
