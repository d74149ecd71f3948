package channel

import (
	"math/big"
)

// stream is an arithmetic code in exact integers (Rissanen 1976, without its rounding): a message is an interval of [0, 1) as wide as its
// probability, and is sent as the digits of a number in it, so that a message of probability p takes about -log2 p bits. The interval is
// [low, low+width)/scale. A writer narrows it to the symbols of a message; a reader has a cell [at, at+1)/cells, where the digits so far say that the
// number lies, and follows the symbols whose intervals hold all of it.
type stream struct {
	low, width, scale *big.Int
	at, cells         *big.Int // nil for a writer
}

// writer begins a message.
func writer() *stream {
	return &stream{low: new(big.Int), width: big.NewInt(1), scale: big.NewInt(1)}
}

// reader reads a message from its first digits to the base of levels.
func reader(digits []int, levels int) *stream {
	s := writer()
	s.at, s.cells = new(big.Int), big.NewInt(1)
	base := big.NewInt(int64(levels))
	for _, d := range digits {
		s.at.Mul(s.at, base).Add(s.at, big.NewInt(int64(d)))
		s.cells.Mul(s.cells, base)
	}
	return s
}

// pick codes a symbol of those weights: a writer takes truth, a reader finds it. ok is false for a reader whose digits do not settle it, and for a
// writer whose symbol has no weight.
func (s *stream) pick(weights []int, truth int) (symbol int, ok bool) {
	total := 0
	for _, w := range weights {
		total += w
	}
	from, to, ok := s.place(total)
	if !ok {
		return 0, false
	}
	below := 0
	for i, w := range weights {
		if s.at == nil && i == truth || s.at != nil && from < below+w {
			if s.at != nil && to > below+w || w == 0 {
				return 0, false
			}
			s.narrow(below, w, total)
			return i, true
		}
		below += w
	}
	panic("channel: no such symbol")
}

// clone is a copy of a writer to try something on.
func (s *stream) clone() *stream {
	return &stream{low: new(big.Int).Set(s.low), width: new(big.Int).Set(s.width), scale: new(big.Int).Set(s.scale)}
}

// wider tells whether a message has come out more probable than another.
func (s *stream) wider(other *stream) bool {
	return new(big.Int).Mul(s.width, other.scale).Cmp(new(big.Int).Mul(other.width, s.scale)) > 0
}

// number codes one of n numbers that are all alike.
func (s *stream) number(n, truth int) (number int, ok bool) {
	if s.at == nil {
		s.narrow(truth, 1, n)
		return truth, true
	}
	from, to, ok := s.place(n)
	if !ok || to > from+1 {
		return 0, false
	}
	s.narrow(from, 1, n)
	return from, true
}

// narrow moves the interval to the part [below, below+weight)/total of itself.
func (s *stream) narrow(below, weight, total int) {
	all := big.NewInt(int64(total))
	s.low.Mul(s.low, all).Add(s.low, all.Mul(s.width, big.NewInt(int64(below))))
	s.width.Mul(s.width, big.NewInt(int64(weight)))
	s.scale.Mul(s.scale, big.NewInt(int64(total)))
}

// place is where a reader's cell lies in the interval, in units of a total-th of it: from is rounded down, to up. ok is false where the cell is not
// inside the interval, which happens only to the first symbol of a reader without digits; a writer has no cell.
func (s *stream) place(total int) (from, to int, ok bool) {
	if s.at == nil {
		return 0, 0, true
	}
	unit := new(big.Int).Mul(s.cells, s.width)
	begin := new(big.Int).Mul(s.at, s.scale)
	begin.Sub(begin, new(big.Int).Mul(s.low, s.cells))
	end := new(big.Int).Add(begin, s.scale)
	n := big.NewInt(int64(total))
	begin.Mul(begin, n).Div(begin, unit)
	end.Mul(end, n).Add(end, unit).Sub(end, big.NewInt(1)).Div(end, unit)
	if begin.Sign() < 0 || end.Cmp(n) > 0 {
		return 0, 0, false
	}
	return int(begin.Int64()), int(end.Int64()), true
}

// digits are the fewest digits to the base of levels that settle the message: those of the first cell inside its interval.
func (s *stream) digits(levels int) []int {
	base, cells := big.NewInt(int64(levels)), big.NewInt(1)
	end := new(big.Int).Add(s.low, s.width)
	for n := 1; ; n++ {
		cells.Mul(cells, base)
		at := new(big.Int).Mul(s.low, cells)
		at.Add(at, s.scale).Sub(at, big.NewInt(1)).Div(at, s.scale)
		last := new(big.Int).Add(at, big.NewInt(1))
		if last.Mul(last, s.scale).Cmp(new(big.Int).Mul(end, cells)) <= 0 {
			return expand(at, base, n)
		}
	}
}

// expand writes a number to a base, with n digits.
func expand(v, base *big.Int, n int) []int {
	out, rest := make([]int, n), new(big.Int).Set(v)
	for i := n - 1; i >= 0; i-- {
		digit := new(big.Int)
		rest.DivMod(rest, base, digit)
		out[i] = int(digit.Int64())
	}
	return out
}
