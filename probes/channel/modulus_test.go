package channel

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"lbprobe/probes/metric"
)

// TestModulus spells messages of a channel of few levels in every way: as many ways as the modulus says lead to the same symbols, one alone is read, and of one digit more
// one level alone.
func TestModulus(t *testing.T) {
	o := lmsys(Presence, 1)
	o.Scoring.Rounding, o.Train, o.Check = metric.Round, []int{100, 200, 300}, 10
	table, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	c, rng := table.code(), rand.New(rand.NewPCG(6, 6))
	levels := table.NumbersAt(0.6)
	for range 5 {
		truth, err := table.values(o.Draw(rng))
		if err != nil {
			t.Fatal(err)
		}
		sent, l := c.digits(truth, levels, 2)
		if l.length != 2 {
			t.Fatalf("%d digits", l.length)
		}
		read := func(digits ...int) *Reading {
			r := &Reading{Levels: levels}
			c.read(r, digits)
			return r
		}
		r := read(sent...)
		if r.Modulus < o.Check {
			t.Fatalf("%v is read as %+v", sent, r)
		}
		walked := func(digits []int) *walk {
			f, _ := c.frameOf(digits, levels)
			s, _ := f.reader(digits)
			s.point = true
			if length, _ := f.lengthOf(s); length != 2 {
				return nil
			}
			return c.pass(s, nil)
		}
		ways, right, want := 0, 0, walked(sent)
		for i := range levels * levels {
			digits := []int{i / levels, i % levels}
			w := walked(digits)
			if w == nil || !slices.Equal(w.known, want.known) {
				continue
			}
			if bytes.Equal(w.coded, want.coded) { // by the same books
				ways++
			}
			if again := read(digits...); again.Modulus > 0 {
				right++
			}
		}
		if ways != r.Modulus || right != 1 {
			t.Errorf("modulo %d: %d read of %d ways", r.Modulus, right, ways)
		}
		more := 0
		for d := range levels {
			if again := read(sent[0], sent[1], d); again.Modulus == r.Modulus*levels {
				more++
			}
		}
		long, _ := c.digits(truth, levels, 12)
		if most := read(long...).Modulus; more != 1 || most != mostModulus {
			t.Errorf("modulo %d with one more: %d of %d levels; with ten more modulo %d", r.Modulus*levels, more, levels, most)
		}
	}
}
