package lattice

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNearIsOneWalk compares points and nodes with those of the walk in one piece, at one thread and at several.
func TestNearIsOneWalk(t *testing.T) {
	for seed := range uint64(24) {
		rng := rand.New(rand.NewPCG(seed, 5))
		m := 1 + int(seed%8)
		_, target, basis := drawn(t, rng, m+2, m)
		region := Region{Radius2: 4 + 60*rng.Float64()}
		even := func(z []int) bool { return z[0]%2 == 0 }
		y, outside := basis.project(target)
		w, z, want := newWalk(basis, y), make([]int, m), [][]int(nil)
		w.within(region, outside, basis.scale)
		whole := w.run(m-1, 1e9, func(c []float64, _ float64) bool {
			if basis.point(z, c); even(z) {
				want = append(want, slices.Clone(z))
			}
			return true
		})
		for _, threads := range []int{1, 3} {
			t.Run(fmt.Sprintf("seed=%d/threads=%d", seed, threads), func(t *testing.T) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
				got, s := basis.Near(target, region, 1e9, 1e9, even, nil)
				if d := cmp.Diff(want, got); d != "" || !s.Complete {
					t.Errorf("complete: %v; points (-one +branches):\n%s", s.Complete, d)
				}
				if s.Nodes != whole.Nodes && whole.Nodes > m { // a region that holds nothing ends a level earlier
					t.Errorf("%d nodes, %d in one piece", s.Nodes, whole.Nodes)
				}
			})
		}
	}
}

// TestNearStops holds that a list that is cut short says so, and is the same at any number of threads; and that a whole walk tells each of its branches.
func TestNearStops(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 6))
	const m = 9
	b := random(rng, m, m, 1, 3)
	basis, err := Reduce(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	target := make([]float64, m)
	region := Region{Radius2: basis.Reach(target, 50000)}
	var told [][2]int
	whole, s := basis.Near(target, region, 1e9, 1e9, all, func(done, all int) { told = append(told, [2]int{done, all}) })
	for i, progress := range told {
		if progress != [2]int{i + 1, len(told)} {
			t.Errorf("branch %d of %d: told %v", i+1, len(told), progress)
		}
	}
	if len(told) < branches {
		t.Errorf("%d branches told", len(told))
	}
	if !s.Complete || len(whole) < 1000 || len(whole) > 100000 {
		t.Fatalf("%d points, complete: %v", len(whole), s.Complete)
	}
	for _, limit := range []struct{ nodes, points int }{{1e9, 500}, {1e9, len(whole)}, {s.Nodes / 2, 1e9}, {10, 1e9}} {
		var lists [][][]int
		for _, threads := range []int{1, 2, 5} {
			old := runtime.GOMAXPROCS(threads)
			list, s := basis.Near(target, region, limit.nodes, limit.points, all, nil)
			runtime.GOMAXPROCS(old)
			if s.Complete {
				t.Errorf("%+v: %d points, called complete", limit, len(list))
			}
			lists = append(lists, list)
		}
		if len(lists[0]) > limit.points || !slices.EqualFunc(lists[0], whole[:len(lists[0])], slices.Equal) {
			t.Errorf("%+v: %d points, not the first of the walk", limit, len(lists[0]))
		}
		for _, list := range lists[1:] {
			if d := cmp.Diff(lists[0], list); d != "" {
				t.Errorf("%+v: threads change the list:\n%s", limit, d)
			}
		}
	}
}
