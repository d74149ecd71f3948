package calibration

import (
	"math"
	"testing"
)

// TestWilson compares with scipy.stats.binomtest(k, n).proportion_ci(method="wilson"), scipy 1.17.1.
func TestWilson(t *testing.T) {
	for _, c := range []struct{ hits, of, confidence, lo, hi float64 }{
		{0, 40, 0.95, 0, 0.08762160119728662},
		{40, 40, 0.95, 0.9123783988027133, 1},
		{1, 10, 0.95, 0.017876213095072896, 0.4041500267952385},
		{37, 40, 0.99, 0.7482310238479385, 0.9808367446706149},
		{950, 1000, 0.95, 0.9346861797557491, 0.9618697376072511},
		{3, 7, 0.99, 0.11637368051613817, 0.8102850959116125},
	} {
		lo, hi := Wilson(c.hits, c.of, c.confidence)
		if math.Abs(lo-c.lo) > 1e-12 || math.Abs(hi-c.hi) > 1e-12 {
			t.Errorf("%v of %v at %v: %v to %v, want %v to %v", c.hits, c.of, c.confidence, lo, hi, c.lo, c.hi)
		}
	}
	if lo, hi := Wilson(0, 0, 0.95); lo != 0 || hi != 1 {
		t.Errorf("of none: %v to %v", lo, hi)
	}
}

// TestUniformity compares with scipy.stats.chisquare, scipy 1.17.1.
func TestUniformity(t *testing.T) {
	for _, c := range []struct {
		counts []int
		p      float64
	}{
		{[]int{10, 10, 10, 10, 10, 10, 10, 10, 10, 10}, 1},
		{[]int{12, 8, 11, 9, 10, 13, 7, 10, 9, 11}, 0.9642949726850891},
		{[]int{30, 5, 5, 10}, 1.9811876641985663e-07},
		{[]int{0, 0, 0, 4}, 0.007383160505359769},
		{[]int{0, 0}, 1},
	} {
		if p := uniformity(c.counts); math.Abs(p-c.p) > 1e-12 {
			t.Errorf("%v: p = %v, want %v", c.counts, p, c.p)
		}
	}
}

// TestClusters holds that trials which always agree within a cluster count as one, and that independent ones all count.
func TestClusters(t *testing.T) {
	var alike, single, apart Share
	for i := range 40 {
		hit := i%4 != 0
		single.one(hit)
		n := 0
		if hit {
			n = 8
		}
		alike.add(n, 8)
		apart.add(6, 8)
	}
	want := [2]float64{}
	want[0], want[1] = Wilson(30, 40, 0.95)
	if lo, hi := single.Interval(); math.Abs(lo-want[0]) > 0.01 || math.Abs(hi-want[1]) > 0.01 {
		t.Errorf("single trials: %v to %v, want about %v", lo, hi, want)
	}
	if lo, hi := alike.Interval(); math.Abs(lo-want[0]) > 0.01 || math.Abs(hi-want[1]) > 0.01 {
		t.Errorf("clusters that agree: %v to %v, want about %v", lo, hi, want)
	}
	want[0], want[1] = Wilson(240, 320, 0.95)
	if lo, hi := apart.Interval(); lo != want[0] || hi != want[1] {
		t.Errorf("clusters that do not: %v to %v, want %v", lo, hi, want)
	}
}
