// Package parallel spreads work over goroutines in a way that leaves no trace in the result.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Blocks calls f for consecutive blocks [lo, hi) of at most size of the numbers 0…n-1, on so many goroutines (0: GOMAXPROCS).
// Which goroutine does which block is left to chance: f must write only to what belongs to its block.
func Blocks(n, size, threads int, f func(lo, hi int)) {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	blocks := (n + size - 1) / size
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(threads, blocks) {
		wg.Go(func() {
			for b := int(next.Add(1)) - 1; b < blocks; b = int(next.Add(1)) - 1 {
				f(b*size, min((b+1)*size, n))
			}
		})
	}
	wg.Wait()
}
