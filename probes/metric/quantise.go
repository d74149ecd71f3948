package metric

import (
	"fmt"
	"math"
)

// one is 1 in the units of [Quantise].
const one = 1 << 53

// MaxFloor is the largest floor that [Quantise] takes for that many classes.
func MaxFloor(classes int) float64 { return 1 / (2 * float64(classes)) }

// Quantise returns the probabilities nearest to q, up to a few 2^-53, that every scorer reads alike:
//
//   - every value is an integer number of units of 2^-53, at least one,
//   - the integers sum to exactly 2^53,
//   - every value is at least floor, and so at most 1 - (len(q)-1)·floor.
//
// Why the sum is safe: adding some of the values, in any order, gives an integer number of units between 0 and 2^53, and float64 holds each
// of these exactly. So no addition rounds, and the sum is 1 and not 1 ± 2^-53, whoever adds.
//
// q holds non-negative weights, not all zero; only their proportions count. Classes below floor are raised to it and the others
// scaled down together. Of the rest each is rounded to the nearest unit, and the largest class, the first of equals, takes what is left.
// q is not modified. Quantise panics for other weights, and unless 0 ≤ floor ≤ MaxFloor(len(q)).
func Quantise(q []float64, floor float64) []float64 {
	if !(floor >= 0 && floor <= MaxFloor(len(q))) {
		panic(fmt.Sprintf("metric: floor %v for %d classes, want 0 to %v", floor, len(q), MaxFloor(len(q))))
	}
	least := max(1, math.Ceil(floor*one))
	units := raise(q, least)
	left := float64(one)
	for c, u := range units {
		units[c] = math.Round(u)
		left -= units[c]
	}
	units[largest(units)] += left
	for c := range units {
		units[c] /= one
	}
	return units
}

// raise scales the weights q to sum to 2^53, none of them below least. Raising a class takes from the others, which may bring one of them
// below least in turn: at most len(q) turns settle it. The largest is never raised, for least is at most half of the mean.
func raise(q []float64, least float64) []float64 {
	units := make([]float64, len(q))
	raised := make([]bool, len(q))
	for settled := false; !settled; {
		settled = true
		free, total := unraised(q, raised, least)
		for c, v := range q {
			if raised[c] {
				continue
			}
			units[c] = free * (v / total)
			if units[c] < least {
				units[c], raised[c], settled = least, true, false
			}
		}
	}
	return units
}

// unraised returns the units left for the classes that are not raised, and the sum of their weights.
func unraised(q []float64, raised []bool, least float64) (free, total float64) {
	free = one
	for c, v := range q {
		switch {
		case !(v >= 0 && v <= math.MaxFloat64/float64(len(q))):
			panic(fmt.Sprintf("metric: weight %v", v))
		case raised[c]:
			free -= least
		default:
			total += v
		}
	}
	if total == 0 {
		panic("metric: no weight above zero")
	}
	return free, total
}

// largest returns the index of the first largest value.
func largest(v []float64) int {
	top := 0
	for c := range v {
		if v[c] > v[top] {
			top = c
		}
	}
	return top
}
