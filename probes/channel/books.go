package channel

import "slices"

// Book is a way to code the classes of a stage, chosen with chances proportional to Weight. The notebook takes the one that makes the message
// shortest.
type Book struct {
	Kind   string `json:"kind"`
	Most   int    `json:"most,omitempty"` // of Few
	Weight int    `json:"weight"`
}

// The kinds of books.
const (
	Believed = "believed" // by the weights of the fields
	Hedged   = "hedged"   // seven parts of Believed and one of Any
	Few      = "few"      // all messages alike in which at most Most counts are below their last class
	Any      = "any"      // all messages alike: the way out where the counts are not what was believed
)

// weights are those of the parts of a field in a book, from those that are believed. Few counts the messages that are left after each part, if rest
// fields of as many parts follow.
func (b Book) weights(believed []int, rest int) []int {
	last := len(believed) - 1
	switch b.Kind {
	case Few:
		out := slices.Repeat([]int{fewMessages(rest, b.Most-1, last)}, last+1)
		out[last] = fewMessages(rest, b.Most, last)
		return out
	case Any:
		return slices.Repeat([]int{1}, last+1)
	case Hedged:
		total := 0
		for _, w := range believed {
			total += w
		}
		out := make([]int, last+1)
		for i, w := range believed {
			out[i] = 7*w*(last+1) + total
		}
		return out
	}
	return believed
}

// fewMessages is Σ C(fields, i)·kinds^i over i from 0 to most.
func fewMessages(fields, most, kinds int) int {
	sum, choose, power := 0, 1, 1
	for i := 0; i <= min(fields, most); i++ {
		sum += power * choose
		choose = choose * (fields - i) / (i + 1)
		power *= kinds
	}
	return sum
}

// countable tells whether the messages of a book are few enough for the arithmetic of [Book.weights].
func (t *Table) countable(s Stage, b Book) bool {
	fields, kinds := t.sent(s), 1
	for _, f := range fields {
		kinds = max(kinds, len(t.cuts(s, f))-1)
	}
	sum, term := 0.0, 1.0 // C(n,i)·kinds^i
	for i := 0; i <= min(len(fields), b.Most); i++ {
		sum += term
		term *= float64(len(fields)-i) / float64(i+1) * float64(kinds)
	}
	return b.Kind != Few || sum*float64(len(fields)) < 1<<60
}
