package prior

import (
	"math/big"
	"testing"
)

// TestHypergeometric holds the law against a count of all draws.
func TestHypergeometric(t *testing.T) {
	for _, c := range [][3]int{{3, 7, 4}, {0, 5, 2}, {5, 5, 3}, {2, 6, 6}, {4, 9, 0}} {
		marked, all, drawn := c[0], c[1], c[2]
		counts, sets := map[int]int64{}, int64(0)
		for set := range 1 << all {
			size, hit := 0, 0
			for i := range all {
				if set>>i&1 == 1 {
					size++
					if i < marked {
						hit++
					}
				}
			}
			if size == drawn {
				counts[hit]++
				sets++
			}
		}
		f := Hypergeometric(marked, all, drawn)
		for x := range all + 1 {
			want, _ := big.NewRat(counts[x], sets).Float64()
			if got := f.At(x); got < want-1e-12 || got > want+1e-12 {
				t.Errorf("P(%d of %d marked among %d of %d) = %v, want %v", x, marked, drawn, all, got, want)
			}
		}
	}
}
