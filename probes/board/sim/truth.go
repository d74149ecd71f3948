package sim

import (
	"fmt"
	"math/rand/v2"
)

// Usage is the part of the test that a row belongs to.
type Usage uint8

// The parts of a test.
const (
	Ignored Usage = iota // not scored
	Public
	Private
)

// Truth is what the board hides.
type Truth struct {
	IDColumn string
	Classes  []string // columns of a submission; their order in a file is free
	IDs      []string // of the test rows, all different
	Class    []int    // of every row, by index into Classes; -1 where an ignored row has none
	Usage    []Usage  // of every row; nil until a split is drawn
}

// DrawSplit draws which of n rows are public, private and ignored: exactly so many, all choices equally likely. It panics for counts that
// are negative or exceed n.
func DrawSplit(n, public, ignored int, rng *rand.Rand) []Usage {
	if public < 0 || ignored < 0 || public+ignored > n {
		panic(fmt.Sprintf("sim: %d public and %d ignored of %d rows", public, ignored, n))
	}
	usage := make([]Usage, n)
	for i := range usage {
		switch {
		case i < public:
			usage[i] = Public
		case i >= public+ignored:
			usage[i] = Private
		}
	}
	rng.Shuffle(n, func(i, j int) { usage[i], usage[j] = usage[j], usage[i] })
	return usage
}

// index returns the row of every id, or what keeps the truth from being one.
func (t Truth) index() (map[string]int, error) {
	n := len(t.IDs)
	if len(t.Class) != n || len(t.Usage) != n {
		return nil, fmt.Errorf("truth has %d ids, %d classes and %d usages", n, len(t.Class), len(t.Usage))
	}
	row := make(map[string]int, n)
	public := 0
	for i, id := range t.IDs {
		if _, twice := row[id]; twice {
			return nil, fmt.Errorf("truth has two rows with the id %q", id)
		}
		row[id] = i
		if t.Usage[i] == Ignored {
			continue
		}
		if c := t.Class[i]; c < 0 || c >= len(t.Classes) {
			return nil, fmt.Errorf("truth has no class for the scored row %q", id)
		}
		if t.Usage[i] == Public {
			public++
		}
	}
	if public == 0 {
		return nil, fmt.Errorf("no row of the truth is public, so there is nothing to show")
	}
	return row, nil
}
