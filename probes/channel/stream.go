package channel

import (
	"math/big"
)

// stream is an arithmetic code in exact integers (Rissanen 1976, without its rounding): a message is an interval of [0, 1) as wide as its
// probability, and is sent as the digits of a number in it, so that a message of probability p takes about -log2 p bits. The interval is
// [low, low+width)/scale. A writer narrows it to the symbols of a message; a reader has a cell [at, at+1)/cells, where the digits so far say that the
// number lies, and follows the symbols whose intervals hold all of it, or once it has all digits those that hold at/cells.
type stream struct {
	low, width, scale *big.Int
	at, cells         *big.Int // nil for a writer
	point             bool     // a reader has all digits: of the cell its beginning counts
}

// writer begins a message.
func writer() *stream {
	return &stream{low: new(big.Int), width: big.NewInt(1), scale: big.NewInt(1)}
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

// enclose narrows the interval to what a whole message makes of it.
func (s *stream) enclose(message *stream) {
	s.low.Mul(s.low, message.scale).Add(s.low, new(big.Int).Mul(s.width, message.low))
	s.width.Mul(s.width, message.width)
	s.scale.Mul(s.scale, message.scale)
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
	if s.point {
		end.Add(begin, big.NewInt(1))
	}
	if begin.Sign() < 0 || end.Cmp(n) > 0 {
		return 0, 0, false
	}
	return int(begin.Int64()), int(end.Int64()), true
}
