package channel

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestStreamAll codes every message of four symbols over a lopsided alphabet: it is read back from every cell that begins in its interval, and from their first
// digits no other is; no message takes more digits than its information and that of the cells asked for; together the cells are all there are.
func TestStreamAll(t *testing.T) {
	weights := []int{1, 50, 3, 7}
	plain := frame{levels: 5}
	const most = 12
	all := new(big.Int)
	for m := range 4 * 4 * 4 * 4 {
		s, p := writer(), 1.0
		for i := range 4 {
			x := m >> (2 * i) & 3
			s.pick(weights, x)
			p *= float64(weights[x]) / 61
		}
		if bits := s.bits(); math.Abs(bits+math.Log2(p)) > 1e-9 {
			t.Fatalf("message %d has %v bits, want %v", m, bits, -math.Log2(p))
		}
		all.Add(all, plain.lay(s, most, plain.cells(most)).cells)
		n := int(math.Ceil(math.Log(3/p) / math.Log(5)))
		l := plain.lay(s, n, plain.cells(n))
		if l.cells.Int64() < 3 {
			t.Errorf("message %d: %v cells in %d digits, its information is %.2f bits", m, l.cells, l.length, s.bits())
		}
		for cell := range l.cells.Int64() {
			digits := plain.spell(new(big.Int).Add(l.first, big.NewInt(cell)), l.length)
			for n := range len(digits) + 1 {
				r, ok := plain.reader(digits[:n])
				r.point = n == len(digits)
				for i := 0; i < 4 && ok; i++ {
					var x int
					if x, ok = r.pick(weights, 0); ok && x != m>>(2*i)&3 {
						t.Fatalf("message %d, digits %v: symbol %d read as %d", m, digits[:n], i, x)
					}
				}
				if r.point && !ok {
					t.Fatalf("message %d, digits %v: not read", m, digits)
				}
			}
		}
	}
	if all.Cmp(plain.cells(most)) != 0 {
		t.Errorf("messages share out %v of %v cells", all, plain.cells(most))
	}
}

// TestFewMessages counts by hand what a book of few surprises lists.
func TestFewMessages(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		fields, most, kinds := rng.IntN(7), rng.IntN(5), 1+rng.IntN(2)
		want, all := 0, 1
		for range fields {
			all *= kinds + 1
		}
		for m := range all {
			odd := 0
			for x := m; x > 0; x /= kinds + 1 {
				if x%(kinds+1) > 0 {
					odd++
				}
			}
			if odd <= most {
				want++
			}
		}
		if got := fewMessages(fields, most, kinds); got != want {
			t.Errorf("%d fields of %d kinds, at most %d: %d messages, by hand %d", fields, kinds, most, got, want)
		}
	}
	if got := fewMessages(3, -1, 2); got != 0 {
		t.Errorf("fewer than no surprises: %d messages", got)
	}
}
