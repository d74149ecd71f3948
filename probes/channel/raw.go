package channel

import "fmt"

// The channel without its code: a number a submission. The audit of a competition measures with it.

// Numbers is how many numbers a submission after the constants may send once the first score is known; 0 where that can't be its score.
func (t *Table) Numbers(scores map[int]string) int {
	top, err := t.top(scores)
	if err != nil {
		return 0
	}
	return t.ladder(top).free()
}

// NumbersAt is how many there are where not-A rows are that share of the public ones.
func (t *Table) NumbersAt(notA float64) int {
	own, other := t.costs(t.row(0, t.Floor), 0)
	return t.ladder(int((own + notA*(other-own)) / t.unit())).free()
}

// Send is the prediction whose score tells a number from 0 to [Table.Numbers] - 1; the higher the number, the higher the score.
func (t *Table) Send(scores map[int]string, number int) ([]float64, error) {
	top, err := t.top(scores)
	if err != nil {
		return nil, err
	}
	l := t.ladder(top)
	if number < 0 || number >= l.free() {
		return nil, fmt.Errorf("number %d of %d", number, l.free())
	}
	return t.levelRow(l, reserved+number, top), nil
}

// Receive is the number that a score tells; ok is false where it tells none.
func (t *Table) Receive(scores map[int]string, probe int) (number int, ok bool) {
	top, err := t.top(scores)
	if err != nil {
		return 0, false
	}
	tick, err := t.tick(scores, probe)
	if err != nil {
		return 0, false
	}
	level, ok := t.ladder(top).at(tick)
	return level - reserved, ok && level >= reserved
}
