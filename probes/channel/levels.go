package channel

import "lbprobe/probes/metric"

// reserved is how many levels, the lowest ones, name faults.
const reserved = 16

// ladder are the levels of a channel submission: scores, in ticks, that the board can be made to show. Level i covers the ticks from[i] to
// from[i]+width[i]-1, and whatever the board shows of the prediction for it lies there. Levels follow each other without a gap in zones of equal
// width.
//
// What makes a level safe. The first submission showed T ticks, so the score with the share of A still open lies within half a tick of T
// (round) or from T to T + 1 (floor). A prediction (a, b, …, b) has a score that is linear in that share: with ρ the ratio of the slopes, at most
// the ratio of the scores, it is known to within ρ times that. Aim at c = m + x, for tick m and with a level of k ticks:
//
//	round: c ± gρ/2 must round to m…m+k-1:     -1/2 + gρ/2 ≤ x ≤ k - 1/2 - gρ/2
//	floor: c + ρ/2 ± gρ/2 must floor to them:  (g-1)ρ/2 ≤ x ≤ k - (g+1)ρ/2
//
// with g the guard. There is such an x for round, and for floor, if gρ ≤ k, for both at once if (2g-1)ρ ≤ 2k - 1, and the middle of
// what is left is taken. ρ is bounded from above by integers, so that integers alone decide how many levels there are. A margin of (g-1)ρ/2 ticks is
// left for what floats do.
type ladder struct{ zones []zone }

// zone is count levels of width ticks each, from the tick from on.
type zone struct{ from, width, count int }

// ladder returns the levels after a first score of top ticks.
func (t *Table) ladder(top int) ladder {
	var out ladder
	at := t.First
	for width := 1; at+width <= top; width++ {
		end := min(top, t.reach(width, top))
		n := max(0, (end-at)/width)
		if n > 0 {
			out.zones = append(out.zones, zone{at, width, n})
		}
		at += n * width
		if end == top {
			break
		}
	}
	return out
}

// reach is the highest tick up to which levels of that width are safe.
func (t *Table) reach(width, top int) int {
	if t.Rounding == metric.Either {
		return 1000 * (2*width - 1) * top / (2*t.Guard - 1000)
	}
	return 1000 * width * top / t.Guard
}

// count is how many levels there are.
func (l ladder) count() int {
	n := 0
	for _, z := range l.zones {
		n += z.count
	}
	return n
}

// free is how many levels a message may use.
func (l ladder) free() int { return max(0, l.count()-reserved) }

// level returns the first tick of level i and its width.
func (l ladder) level(i int) (from, width int) {
	for _, z := range l.zones {
		if i < z.count {
			return z.from + i*z.width, z.width
		}
		i -= z.count
	}
	panic("channel: no such level")
}

// at returns the level that a shown tick belongs to.
func (l ladder) at(tick int) (i int, ok bool) {
	for _, z := range l.zones {
		if tick >= z.from && tick < z.from+z.count*z.width {
			return i + (tick-z.from)/z.width, true
		}
		i += z.count
	}
	return 0, false
}

// aim is the score, in ticks, that a level aims at for a share of A that makes the first score exactly top.
func (t *Table) aim(from, width, top int) float64 {
	m, k := float64(from), float64(width)
	ratio := m / float64(top)
	switch t.Rounding {
	case metric.Round:
		return m + (k-1)/2
	case metric.Floor:
		return m + (k-ratio)/2
	}
	return m + (2*k-1-ratio)/4
}
