package design

import "fmt"

// Target is what a design asks about every topic.
type Target string

// The targets of design.md §2. Sizes needs the score channel of a hidden test.
const (
	Presence Target = "presence" // one unknown a topic: its rows not of class A
	Rows     Target = "rows"     // two unknowns a topic: its rows of class A and not of class A
	Cells    Target = "cells"    // one unknown a topic and class
)

// Kind is how probes are laid out.
type Kind string

// The kinds of design that are built.
const (
	OneAtATime Kind = "one-at-a-time" // every probe moves one topic
	Lattice    Kind = "lattice"       // every probe moves every topic by a different random loss
	Hadamard   Kind = "hadamard"      // every probe moves half of the topics, for boards whose scores are coarse or noisy
	Blocks     Kind = "blocks"        // every probe moves topics of its own, where all test rows are public
)

// Probe is one submission made to be read: the prediction for every row of every topic.
type Probe struct {
	Number int         // from 1; never reused in a run folder
	Q      [][]float64 // topics × columns of the submission; with a column a class every row is a probability vector of metric.Quantise
}

// Design is a set of probes that are generated together.
type Design struct {
	Kind    Kind
	Target  Target
	Classes []string // in the order of the submission's columns, if it has one a class; A is the first
	Columns []string // of the submission behind the id
	Groups  [][]int  // the classes that each unknown of a topic counts, as of Groups
	Topics  int      // with the topic "other", if there is one, as the last
	Probes  []Probe
}

// Groups tells which classes each unknown of a topic counts, by index into classes.
func (t Target) Groups(classes int) ([][]int, error) {
	rest := make([]int, 0, classes)
	for c := 1; c < classes; c++ {
		rest = append(rest, c)
	}
	switch t {
	case Presence:
		return [][]int{rest}, nil
	case Rows:
		return [][]int{{0}, rest}, nil
	case Cells:
		all := make([][]int, classes)
		for c := range all {
			all[c] = []int{c}
		}
		return all, nil
	}
	return nil, fmt.Errorf("target %q is not available yet", t)
}
