package channel

import (
	"math"
	"math/big"
	"math/bits"
)

// How many digits a message takes is said by its first ones, the marks: the levels are divided among the lengths, in proportion to [Table.lengths], and every mark
// lies in the part of the message's own length. Two marks that disagree show that one is wrong, at once. Without them a wrong digit would often look like the
// beginning of a longer message, and be refused with the next score only.

// frame is how messages of one length are laid out.
type frame struct {
	length int    // digits; 0: more than the table foresees, and the message itself begins with how many
	least  int    // digits of the shortest
	marks  []part // of the first digits
	levels int    // of the others
}

// part is a range of levels.
type part struct{ from, width int }

// leastPart is how many levels a length must have in a mark. Where any has fewer no length is marked.
const leastPart = 2

// frames are the layouts for so many levels, the shortest messages first.
func (t *Table) frames(levels int) []frame {
	lengths := t.lengths(levels)
	marks := [][]part{divided(levels, lengths)}
	if t.Marks > 1 {
		longer := append([]int{0}, lengths[1:]...) // a message of one digit has no second
		marks = append(marks, divided(levels, longer))
	}
	last := len(lengths) - 1
	var out []frame
	for i, w := range lengths {
		if w == 0 {
			continue
		}
		f := frame{length: i + 1, least: i + 1, levels: levels}
		if i == last {
			f.length = 0
		}
		for j, m := range marks {
			if j > i {
				break
			}
			if m[i].width < leastPart {
				return []frame{{least: 1, levels: levels}}
			}
			f.marks = append(f.marks, m[i])
		}
		out = append(out, f)
	}
	return out
}

// divided are levels in proportion to weights.
func divided(levels int, weights []int) []part {
	total, below := 0, 0
	for _, w := range weights {
		total += w
	}
	var out []part
	for _, w := range weights {
		from := levels * below / total
		below += w
		out = append(out, part{from, levels*below/total - from})
	}
	return out
}

// base is how many values digit i, counted from 0, may have.
func (f frame) base(i int) int {
	if i < len(f.marks) {
		return f.marks[i].width
	}
	return f.levels
}

// from is the level of the value 0 of digit i.
func (f frame) from(i int) int {
	if i < len(f.marks) {
		return f.marks[i].from
	}
	return 0
}

// cells is how many messages n digits tell apart.
func (f frame) cells(n int) *big.Int {
	out := big.NewInt(1)
	for i := range n {
		out.Mul(out, big.NewInt(int64(f.base(i))))
	}
	return out
}

// spell writes a number of n digits.
func (f frame) spell(at *big.Int, n int) []int {
	out, rest := make([]int, n), new(big.Int).Set(at)
	for i := n - 1; i >= 0; i-- {
		digit := new(big.Int)
		rest.DivMod(rest, big.NewInt(int64(f.base(i))), digit)
		out[i] = f.from(i) + int(digit.Int64())
	}
	return out
}

// reader reads the first digits of a message. ok is false where they are not of this frame.
func (f frame) reader(digits []int) (s *stream, ok bool) {
	s = writer()
	s.at, s.cells = new(big.Int), f.cells(len(digits))
	for i, d := range digits {
		value := d - f.from(i)
		if value < 0 || value >= f.base(i) {
			return nil, false
		}
		s.at.Mul(s.at, big.NewInt(int64(f.base(i)))).Add(s.at, big.NewInt(int64(value)))
	}
	return s, true
}

// lengthOf is how many digits a message of the frame has; known is false where those that a reader has do not say.
func (f frame) lengthOf(s *stream) (length int, known bool) {
	if f.length > 0 {
		return f.length, true
	}
	n, ok := s.beyond(0)
	return f.least + n, ok
}

// beyond codes how many digits a message has beyond the least of its frame: the size of that number in bits, each half as likely as the one before, then the number.
func (s *stream) beyond(truth int) (n int, ok bool) {
	var weights []int
	for size := range longest {
		weights = append(weights, 1<<(longest-1-size))
	}
	size, ok := s.pick(weights, bits.Len(uint(truth+1))-1)
	if !ok {
		return 0, false
	}
	n, ok = s.number(1<<size, truth+1-1<<(bits.Len(uint(truth+1))-1))
	return n + 1<<size - 1, ok
}

// longest bounds the size.
const longest = 32

// laid is a message laid out: one of the cells that begin in its interval is sent. Which one its hash says, so that all the levels that a message leaves over are a
// checksum: of so many cells one is right.
type laid struct {
	frame  frame
	length int
	first  *big.Int
	cells  *big.Int // from first on
}

// lay finds the least number of digits in which at least check cells begin in the interval of a message.
func (t *Table) lay(message *stream, levels int) laid {
	frames, least := t.frames(levels), big.NewInt(int64(t.Check))
	last := frames[len(frames)-1]
	for _, f := range frames[:len(frames)-1] {
		if l := f.lay(message, f.length, f.cells(f.length)); l.cells.Cmp(least) >= 0 {
			return l
		}
	}
	for n, cells := last.least, last.cells(last.least); ; n++ {
		s := writer()
		s.beyond(n - last.least)
		s.enclose(message)
		if l := last.lay(s, n, cells); l.cells.Cmp(least) >= 0 {
			return l
		}
		cells.Mul(cells, big.NewInt(int64(last.base(n))))
	}
}

// lay lays a message out in n digits, which tell so many cells apart.
func (f frame) lay(s *stream, n int, cells *big.Int) laid {
	end := new(big.Int).Add(s.low, s.width)
	l := laid{frame: f, length: n, first: ceiling(s.low, cells, s.scale), cells: ceiling(end, cells, s.scale)}
	l.cells.Sub(l.cells, l.first)
	return l
}

// ceiling is ⌈a·b/c⌉.
func ceiling(a, b, c *big.Int) *big.Int {
	v := new(big.Int).Mul(a, b)
	return v.Add(v, c).Sub(v, big.NewInt(1)).Div(v, c)
}

// markBits is what marking the length costs the longest messages, at most.
func (t *Table) markBits(levels int) float64 {
	f := t.frames(levels)
	cost := 1 + 2*math.Log2(128+t.worst()) // every digit carries a bit or more
	for i := range f[len(f)-1].marks {
		cost += math.Log2(float64(levels) / float64(f[len(f)-1].base(i)))
	}
	return cost
}
