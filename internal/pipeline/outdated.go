package pipeline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lbprobe/results"
)

// outdated are probes of a channel that were made with another score of its first probe than the one that stands now. The levels that they aimed at rest
// on that score: theirs can't be read any more, and would seldom but sometimes pass for another message.
type outdated struct {
	probes []int  // by number, ascending
	with   string // the score that they were made with
	now    string // the one that stands
}

// newOutdated looks for them in a ledger. first is the number of the design's first probe, behind whose constants the channel begins. A probe is made
// when it is first recorded, and again when its score is corrected; that a host has rescored it makes it no other.
func newOutdated(entries []results.Entry, first, constants int, now map[int]string) outdated {
	out := outdated{now: now[first]}
	var shown []string           // scores of the first probe, in turn
	madeWith := map[int]string{} // by probe
	for _, e := range entries {
		switch _, made := madeWith[e.Probe]; {
		case !e.Scored():
		case e.Probe == first:
			shown = append(shown, e.Public)
		case now[e.Probe] != "" && e.Probe >= first+constants && (!made || e.Corrects > 0):
			madeWith[e.Probe] = ""
			if len(shown) > 0 {
				madeWith[e.Probe] = shown[len(shown)-1]
			}
		}
	}
	for number, with := range madeWith {
		if with == "" && len(shown) > 0 { // it was recorded before the first probe: what that showed at first is what the notebook knew
			with = shown[0]
		}
		if !sameScore(with, out.now) {
			out.probes = append(out.probes, number)
		}
	}
	slices.Sort(out.probes)
	if len(out.probes) > 0 {
		if out.with = madeWith[out.probes[0]]; out.with == "" {
			out.with = shown[0]
		}
	}
	return out
}

// sameScore tells whether two texts show one number.
func sameScore(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return a == b || errX == nil && errY == nil && x == y
}

// known are the scores that can be read: those before the first probe that has to be made again.
func (o outdated) known(scores map[int]string) map[int]string {
	out := map[int]string{}
	for number, score := range scores {
		if len(o.probes) == 0 || number < o.probes[0] {
			out[number] = score
		}
	}
	return out
}

// why says what has to be made again; empty where nothing has.
func (o outdated) why() string {
	if len(o.probes) == 0 {
		return ""
	}
	var numbers []string
	for _, n := range o.probes {
		numbers = append(numbers, strconv.Itoa(n))
	}
	which, verb := "probe "+numbers[0], "was"
	if last := len(numbers) - 1; last > 0 {
		which, verb = "probes "+strings.Join(numbers[:last], ", ")+" and "+numbers[last], "were"
	}
	return fmt.Sprintf("%s %s made with the score %s of the first probe, which is %s now, and can't be read by it", which, verb, o.with, o.now)
}
