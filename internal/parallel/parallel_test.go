package parallel

import (
	"fmt"
	"testing"
)

// TestBlocks holds that every number is in one block and no block is larger than asked.
func TestBlocks(t *testing.T) {
	for _, c := range []struct{ n, size, threads int }{{0, 3, 2}, {1, 3, 0}, {10, 3, 1}, {10, 3, 64}, {12, 4, 2}, {1000, 1, 3}} {
		t.Run(fmt.Sprintf("n=%d/size=%d/threads=%d", c.n, c.size, c.threads), func(t *testing.T) {
			seen := make([]int, c.n)
			Blocks(c.n, c.size, c.threads, func(lo, hi int) {
				if hi-lo < 1 || hi-lo > c.size || lo%c.size != 0 {
					t.Errorf("a block from %d to %d", lo, hi)
				}
				for i := lo; i < hi; i++ {
					seen[i]++
				}
			})
			for i, times := range seen {
				if times != 1 {
					t.Errorf("%d is in %d blocks", i, times)
				}
			}
		})
	}
}
