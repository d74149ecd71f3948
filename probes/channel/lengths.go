package channel

import (
	"math"
	"math/big"
	"slices"
)

// What the marks of a message's length cost follows from how likely the length is, and that from the number of levels, which the first score decides. So the table
// holds quantiles of the bits of messages drawn from the belief, and every length gets weight by integer arithmetic.

// quantiles is how many there are, each the middle of as many equal parts: the last is what 119 of 120 messages need at most.
const quantiles = 60

// measure sets what the weights of lengths follow from.
func (t *Table) measure(o Options, drawn draws) {
	bits := make([]int, len(drawn.streams))
	for i, s := range drawn.streams {
		bits[i] = int(math.Ceil(8 * (s.bits() + math.Log2(float64(t.Check)))))
	}
	slices.Sort(bits)
	for i := range quantiles {
		t.Bits = append(t.Bits, bits[(2*i+1)*len(bits)/(2*quantiles)])
	}
	switch t.Marks = 2; {
	case o.Level == Exact:
		t.Marks = 1 // a second would cost more than it saves: a wrong first digit is one wrong score in a dozen
	case o.alone():
		t.Even = 1000
	default:
		t.Even = 45
	}
}

// lengths are weights of messages of 1, 2, … digits to the base of levels; the last is that of all longer ones. Even is added to the usual length and to the one
// above it: a test that is less like its reference than believed is to take one digit more, not two. Where one digit is usual that digit is the only mark, so that
// hardly any level may look like the mark of a longer message; else messages have two digits at least.
func (t *Table) lengths(levels int) []int {
	const mark = 7 // eighths of a bit that one costs
	digits := digitsFor(t.Bits, t.Marks*mark, levels)
	least, usual := digits[0], digits[(len(digits)*19+19)/20-1]
	if usual == 1 {
		return []int{254, 1, 1}
	}
	least = max(least, 2)
	out := make([]int, max(usual+1, digits[len(digits)-1])+1)
	for n := least; n <= len(out); n++ {
		out[n-1] = 1
	}
	for _, n := range digits {
		out[max(n, 2)-1]++
	}
	out[usual-1] += t.Even
	out[usual] += t.Even
	return out
}

// digitsFor are the least numbers of digits that tell as many messages apart as some eighths of bits, ascending, and a few more do.
func digitsFor(eighths []int, more, levels int) (out []int) {
	base := new(big.Int).Exp(big.NewInt(int64(levels)), big.NewInt(8), nil)
	cells, n := base, 1
	for _, bits := range eighths {
		for cells.BitLen()-1 < bits+more {
			cells, n = new(big.Int).Mul(cells, base), n+1
		}
		out = append(out, n)
	}
	return out
}
