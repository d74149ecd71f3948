package duplicates

import "math"

// sketch fills bins with samples of a set, the same samples for equal sets.
//
// Round after round every member is thrown into a bin; there the least hash of the first round that reached the bin stays. Once no bin is empty
// further rounds change nothing, so that two sets may stop at different rounds. After as many rounds as there are bins – a set of a few members – round
// bins+i throws all into bin i alone, which ends it. (Dahlgaard, Knudsen and Thorup 2017, §2; sets of n members and b bins take O(b log b + n).)
// The bins of an empty set stay empty.
func sketch(bins []uint64, members []uint32) {
	for i := range bins {
		bins[i] = empty
	}
	if len(members) == 0 {
		return
	}
	left, n := len(bins), uint64(len(bins))
	for round := uint64(0); left > 0; round++ {
		seed := mix(round + multiplier)
		for _, m := range members {
			h := mix(uint64(m)*multiplier ^ seed)
			at := h >> 32 * n >> 32
			if round >= n {
				at = round - n
			}
			if value := round<<32 | h&math.MaxUint32; value < bins[at] {
				if bins[at] == empty {
					left--
				}
				bins[at] = value
			}
		}
	}
}

// empty is a bin without a sample: more than any sample.
const empty = math.MaxUint64

// mostMissed is the chance at most that two texts exactly as similar as the threshold meet in no band.
const mostMissed = 1e-3

// mostBands keeps the memory of an index in bounds.
const mostBands = 18

// shape cuts a sketch for a threshold into bands of rows bins: as many rows, for few vain meetings, as mostBands allows. Two sets of similarity s meet
// in a band with a chance of s^rows.
func shape(threshold float64) (bands, rows int) {
	for r := 1; ; r++ {
		b := int(math.Ceil(math.Log(mostMissed) / math.Log1p(-math.Pow(threshold, float64(r)))))
		if r > 1 && b > mostBands || r > mostRows {
			return bands, rows
		}
		bands, rows = max(b, 1), r
	}
}

// mostRows matters for thresholds near 1 alone.
const mostRows = 8
