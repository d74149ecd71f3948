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
	Column   string    // the one column of a submission behind the id; empty: it has one a class
	Classes  []string  // columns of a submission, whose order in a file is free; with Column, what the rows may be
	IDs      []string  // of the test rows, all different
	Class    []int     // of every row, by index into Classes; -1 where an ignored row has none
	Number   []float64 // of every row, where the truth is numbers rather than classes: then there are no Classes, and Class is nil
	Usage    []Usage   // of every row; nil until a split is drawn
}

// columns are those of a submission behind the id.
func (t Truth) columns() []string {
	if t.Column != "" {
		return []string{t.Column}
	}
	return t.Classes
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
	if len(t.Class)+len(t.Number) != n || len(t.Usage) != n {
		return nil, fmt.Errorf("truth has %d ids, %d classes and %d usages", n, len(t.Class)+len(t.Number), len(t.Usage))
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
		if t.Number == nil && (t.Class[i] < 0 || t.Class[i] >= len(t.Classes)) {
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
