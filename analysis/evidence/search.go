package evidence

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// The search for the pool: a grid that is coarse but wide, then a compass search from its best point. The peak is flat: a step of the last
// size changes the likelihood by a few hundredths.
var (
	gridTrust     = []float64{0, 2}
	gridSharpness = []float64{0.7, 1.4, 2.8}
)

const (
	trustStep = 0.4
	sharpStep = 1.2 // a factor
	leastSize = 0.5 // of a step
	mostTries = 60
)

// search finds the belief of the highest marginal likelihood. Where no pool that is tried can meet the readings, the first error is returned.
func (f *fitter) search(start Belief) (*state, error) {
	f.within = searching
	best, err := f.first(start)
	if err != nil {
		return nil, err
	}
	size, tries := 1.0, 0
	if start.Sharpness > 0 { // the grid was left out, so this is close already
		size = leastSize
	}
	for ; size >= leastSize; size /= 2 {
		for moved := true; moved && tries < mostTries; {
			moved = false
			for _, b := range best.belief.neighbours(size) {
				tries++
				if s, err := f.at(b, best); err == nil && s.logLik > best.logLik {
					best, moved = s, true
					break
				}
			}
		}
	}
	return best, nil
}

// The beliefs that are averaged: points of a lattice around the best, as far as a likelihood is not below e^-reach of the best.
const (
	latticeTrust = 0.8
	latticeSharp = 1.2 // a factor
	reach        = 2.0
	mostStates   = 24
)

// average lists fits for the beliefs around the best, that one first, each reached from its neighbour, with their shares of the likelihood.
func (f *fitter) average(best *state) (states []*state, share []float64, err error) {
	f.within = settled
	if best, err = f.at(best.belief, best); err != nil {
		return nil, nil, err
	}
	states, share = []*state{best}, []float64{1}
	seen := map[[2]int]bool{{}: true}
	places := [][2]int{{}}
	for k := 0; k < len(states); k++ {
		for _, step := range [][2]int{{0, 1}, {0, -1}, {1, 0}, {-1, 0}} {
			at := [2]int{places[k][0] + step[0], places[k][1] + step[1]}
			b := Belief{
				Trust:     best.belief.Trust + latticeTrust*float64(at[0]),
				Sharpness: best.belief.Sharpness * math.Pow(latticeSharp, float64(at[1])),
			}
			if seen[at] || b.Trust < 0 || len(states) == mostStates {
				continue
			}
			seen[at] = true
			s, err := f.at(b, states[k])
			if err != nil || s.logLik < best.logLik-reach {
				continue
			}
			states, places, share = append(states, s), append(places, at), append(share, math.Exp(s.logLik-best.logLik))
		}
	}
	floats.Scale(1/floats.Sum(share), share)
	return states, share, nil
}

// neighbours are the beliefs one step to either side in trust and in sharpness.
func (b Belief) neighbours(size float64) []Belief {
	factor := 1 + (sharpStep-1)*size
	out := []Belief{
		{Trust: b.Trust, Sharpness: b.Sharpness * factor},
		{Trust: b.Trust, Sharpness: b.Sharpness / factor},
		{Trust: b.Trust + trustStep*size, Sharpness: b.Sharpness},
	}
	if b.Trust > 0 {
		out = append(out, Belief{Trust: max(b.Trust-trustStep*size, 0), Sharpness: b.Sharpness})
	}
	return out
}

// first is the state to start from: that of a belief, or the best of the grid.
func (f *fitter) first(start Belief) (*state, error) {
	if start.Sharpness > 0 {
		return f.at(start, nil)
	}
	var best *state
	var failed error
	for _, trust := range gridTrust {
		for _, sharp := range gridSharpness {
			s, err := f.at(Belief{Trust: trust, Sharpness: sharp}, best)
			switch {
			case err != nil && failed == nil:
				failed = err
			case err == nil && (best == nil || s.logLik > best.logLik):
				best = s
			}
		}
	}
	if best == nil {
		return nil, failed
	}
	return best, nil
}
