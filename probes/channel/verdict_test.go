package channel

import (
	"math"
	"testing"
)

// TestPresenceCut: the reference competition's 4 at 26 % and 0.99 (0.265^3 = 0.0186, 0.265^4 = 0.0049), and others by hand.
func TestPresenceCut(t *testing.T) {
	for _, c := range []struct {
		public, certainty float64
		want              int
	}{{0.265, 0.99, 4}, {0.3, 0.99, 4}, {0.32, 0.99, 5}, {0.5, 0.5, 1}, {0.5, 0.75, 2}, {0.009, 0.99, 1}} {
		if got := PresenceCut(c.public, c.certainty); got != c.want {
			t.Errorf("%v public, certainty %v: %d rows, want %d", c.public, c.certainty, got, c.want)
		}
	}
}

// TestPrivateChance against all ways to choose 3 public rows out of 7, by their number in binary.
func TestPrivateChance(t *testing.T) {
	const rows, public = 7, 3
	for total := range rows + 1 {
		hit, ways := 0, 0
		for chosen := range 1 << rows {
			n := 0
			for i := range rows {
				n += chosen >> i & 1
			}
			if n != public {
				continue
			}
			ways++
			if chosen&(1<<total-1) != 1<<total-1 {
				hit++
			}
		}
		if got, want := PrivateChance(total, public, rows), float64(hit)/float64(ways); math.Abs(got-want) > 1e-12 {
			t.Errorf("%d rows: chance %v, want %v", total, got, want)
		}
	}
}

// TestNotARange: 400 rows of evidence for the reference competition's 69.1 % leave 59.9 to 78.3 %, and a certain share stays usable.
func TestNotARange(t *testing.T) {
	for _, c := range []struct{ share, evidence, lo, hi float64 }{{0.691, 400, 0.5987, 0.7833}, {0, 10, 0.01, 0.01}, {1, 10, 0.99, 0.99}} {
		got := NotARange(c.share, c.evidence)
		if math.Abs(got[0]-c.lo) > 1e-4 || math.Abs(got[1]-c.hi) > 1e-4 {
			t.Errorf("share %v: %v", c.share, got)
		}
	}
}
