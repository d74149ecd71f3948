package channel

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"lbprobe/probes/metric"
)

// TestFaults: once the first score is known, every fault is named by its own score at every submission; before, the names that a score allows hold the
// true one, and the first constant itself is never taken for a fault.
func TestFaults(t *testing.T) {
	o := lmsys(Sizes, 3)
	o.Constants = 2
	g := newGame(t, o, rand.New(rand.NewPCG(1, 1)))
	read := func(scores map[int]string) *Reading {
		r, err := g.table.Decode(scores)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	_, clean := g.play(t)
	for _, f := range Faults() {
		early := read(map[int]string{1: g.show(t, g.table.FaultPrediction(1, nil, f))})
		if !slices.Contains(early.Faults, f) || early.Probe != 1 || early.Next != 1 {
			t.Errorf("%s at the first submission: read %v in probe %d", f, early.Faults, early.Probe)
		}
		t.Logf("%s at the first submission is read as %v", f, early.Faults)
		for probe := 2; probe <= len(clean); probe++ {
			scores := map[int]string{}
			for p := 1; p < probe; p++ {
				scores[p] = clean[p]
			}
			scores[probe] = g.show(t, g.table.FaultPrediction(probe, maps.Clone(scores), f))
			if r := read(scores); !slices.Equal(r.Faults, []Fault{f}) || r.Probe != probe || r.Next != probe || r.Tallies != nil {
				t.Errorf("%s at submission %d: read %v in probe %d, next %d", f, probe, r.Faults, r.Probe, r.Next)
			}
		}
	}
	if r := read(clean); len(r.Faults) > 0 || r.Next != 0 {
		t.Errorf("a clean run is read as %+v", r)
	}
}

// TestFaultPredictionNeverFails: whatever the notebook was given, there is a row of probabilities.
func TestFaultPredictionNeverFails(t *testing.T) {
	table, _, err := draft(lmsys(Presence, 3))
	if err != nil {
		t.Fatal(err)
	}
	for _, scores := range []map[int]string{nil, {1: "nonsense"}, {1: "99999999999.999"}, {1: "0.000"}, {1: "18.2"}} {
		for _, f := range []Fault{-1, Other, Damaged, faults, 99} {
			for _, probe := range []int{-1, 1, 2, 50} {
				sum := 0.0
				for _, p := range table.FaultPrediction(probe, scores, f) {
					if !(p > 0 && p < 1) {
						t.Fatalf("%v, fault %v, probe %d: probability %v", scores, f, probe, p)
					}
					sum += p
				}
				if sum != 1 {
					t.Errorf("%v, fault %v, probe %d: sum %v", scores, f, probe, sum)
				}
			}
		}
	}
}

// TestClassShares: intervals hold the truth, and public rows that are called exact are; at 5 decimals with a constant for every class nearly all are.
func TestClassShares(t *testing.T) {
	for _, c := range []struct {
		decimals, constants int
		exact               int // least competitions of 200 whose public rows are determined
	}{{3, 1, 0}, {3, 3, 0}, {5, 1, 0}, {5, 2, 150}, {5, 3, 190}, {6, 2, 200}} {
		o := lmsys(Presence, c.decimals)
		o.Constants = c.constants
		table, _, err := draft(o)
		if err != nil {
			t.Fatal(err)
		}
		exact := 0
		for seed := range 200 {
			g, _ := world(table, o, seed)
			scores := map[int]string{}
			for probe := 1; probe <= c.constants+1; probe++ {
				q, err := table.Prediction(probe, scores, g.tallies)
				if err != nil {
					t.Fatal(err)
				}
				scores[probe] = g.show(t, q)
			}
			r, err := table.Decode(scores)
			if err != nil || r.Rejected != "" || !slices.Contains(r.Roundings, g.rounding) {
				t.Fatalf("%v, %+v", err, r)
			}
			n := 0
			for _, rows := range g.classes {
				n += rows
			}
			for i, rows := range g.classes {
				if share := float64(rows) / float64(n); share < r.Shares[i].Lo || share > r.Shares[i].Hi {
					t.Errorf("%d decimals, %d constants: class %d has the share %v, read %v", c.decimals, c.constants, i, share, r.Shares[i])
				}
			}
			if r.Public != nil {
				exact++
				if r.Public.Rows != n || !slices.Equal(r.Public.Classes, g.classes) {
					t.Errorf("%d decimals, %d constants: read %+v for %v", c.decimals, c.constants, *r.Public, g.classes)
				}
			}
		}
		if exact < c.exact {
			t.Errorf("%d decimals, %d constants: public rows determined in %d of 200, want %d", c.decimals, c.constants, exact, c.exact)
		}
		t.Logf("%d decimals, %d constants: public rows determined in %d of 200", c.decimals, c.constants, exact)
	}
}

// TestPrefix: after every submission what is told so far holds the truth, narrows, and is covered by a checksum only at the end.
func TestPrefix(t *testing.T) {
	g := newGame(t, lmsys(Exact, 4), rand.New(rand.NewPCG(8, 8)))
	_, clean := g.play(t)
	scores, before := map[int]string{}, make([]Count, 20)
	for k := range before {
		before[k] = Count{0, 25000}
	}
	for probe := 1; probe <= len(clean); probe++ {
		scores[probe] = clean[probe]
		r := g.read(t, scores)
		done := probe == len(clean)
		for k, n := range g.tallies[Topics] {
			told, sure := r.Tentative[Topics][k], r.Tallies[Topics][k]
			if told.Lo > n || told.Hi < n || told.Lo < before[k].Lo || told.Hi > before[k].Hi || !done && sure != (Count{0, 25000}) || done && sure != told {
				t.Errorf("after %d submissions topic %d of %d rows is told as %v, before as %v, surely as %v", probe, k, n, told, before[k], sure)
			}
		}
		copy(before, r.Tentative[Topics])
		if first := r.Stages[0]; probe >= 3 && !first.Told || first.Checked != done || r.Longer {
			t.Errorf("after %d submissions: %+v", probe, r.Stages)
		}
	}
	delete(scores, 2)
	if r := g.read(t, scores); r.Next != 2 {
		t.Errorf("without score 2 the next is %d", r.Next)
	}
}

// TestImprobable: counts that the belief all but rules out are sent all the same, over more submissions.
func TestImprobable(t *testing.T) {
	for _, level := range Levels() {
		o := lmsys(level, 3)
		o.Absent, o.Stray, o.Concentration = 1e-9, 1e-9, 4000
		g := newGame(t, o, rand.New(rand.NewPCG(5, 5)))
		for name, counts := range map[string][]int{
			"one topic has all":   append(make([]int, 19), 25000),
			"all equal but one":   append(slices.Repeat([]int{3}, 19), 24943),
			"the reference upset": {9999, 1, 0, 99, 100, 3, 4, 5000, 1, 2, 3, 4, 999, 1000, 0, 0, 1, 2, 3, 7779},
		} {
			g.tallies = map[string][]int{Topics: counts, Rows: {25000}}
			r, scores := g.play(t)
			if !g.told(r, level) {
				t.Errorf("%s, %s: %+v", level, name, r)
			}
			p, err := planLevel(o, 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(scores) > p.Worst {
				t.Errorf("%s, %s: %d submissions, the worst was to be %d", level, name, len(scores), p.Worst)
			}
		}
	}
}

// TestExtras: coarse tallies are read into the class that holds them.
func TestExtras(t *testing.T) {
	o := lmsys(Presence, 3)
	o.Extras = []Extra{
		{Name: "languages", Labels: []string{"en", "de", "zh", "other"}, Train: []int{9000, 500, 400, 100}},
		{Name: "overlap", Labels: []string{"near duplicates"}},
	}
	for seed := range uint64(20) {
		g := newGame(t, o, rand.New(rand.NewPCG(seed, 9)))
		r, _ := g.play(t)
		if r.Rejected != "" {
			t.Fatal(r.Rejected)
		}
		for _, name := range []string{"languages", "overlap"} {
			for i, n := range g.tallies[name] {
				if c := r.Tallies[name][i]; n < c.Lo || n > c.Hi || float64(c.Hi-c.Lo) > 0.11*25000 {
					t.Errorf("%s %d: %d rows, read %v", name, i, n, c)
				}
			}
		}
	}
}

// TestPredictionRefuses what a message can't carry.
func TestPredictionRefuses(t *testing.T) {
	table, _, err := draft(lmsys(Exact, 3))
	if err != nil {
		t.Fatal(err)
	}
	good := append(slices.Repeat([]int{1000}, 19), 6000)
	short := append(slices.Repeat([]int{1000}, 19), 5999)
	for name, c := range map[string]struct {
		probe   int
		scores  map[int]string
		tallies map[string][]int
	}{
		"no such probe":    {0, nil, nil},
		"no first score":   {2, nil, map[string][]int{Topics: good, Rows: {25000}}},
		"no score":         {2, map[int]string{1: "18,2"}, map[string][]int{Topics: good, Rows: {25000}}},
		"an absurd score":  {2, map[int]string{1: "26.9"}, map[string][]int{Topics: good, Rows: {25000}}},
		"no tally":         {2, map[int]string{1: "18.2"}, map[string][]int{Topics: good}},
		"topics missing":   {2, map[int]string{1: "18.2"}, map[string][]int{Topics: good[1:], Rows: {25000}}},
		"too many rows":    {2, map[int]string{1: "18.2"}, map[string][]int{Topics: good, Rows: {25001}}},
		"rows of no topic": {2, map[int]string{1: "18.2"}, map[string][]int{Topics: short, Rows: {25000}}},
	} {
		if _, err := table.Prediction(c.probe, c.scores, c.tallies); err == nil {
			t.Errorf("%s: no error", name)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
	if _, err := table.Prediction(2, map[int]string{1: "18.2"}, map[string][]int{Topics: good, Rows: {25000}}); err != nil {
		t.Error(err)
	}
}

// TestMetrics: every metric that carries a channel does, and the others say why not.
func TestMetrics(t *testing.T) {
	for name, o := range boards() {
		if o.Scoring.Decimals == 2 {
			continue
		}
		table, err := New(o)
		if err != nil {
			t.Fatal(name, err)
		}
		g, _ := world(table, o, 3)
		g.classes = g.classes[:o.Classes]
		if o.Scoring.Rounding != metric.Either {
			g.rounding = o.Scoring.Rounding
		}
		if o.Classes == 2 {
			g.classes = []int{2000, 4500}
		}
		r, scores := g.play(t)
		if !g.told(r, Presence) {
			t.Errorf("%s: %+v", name, r)
		}
		t.Logf("%s: %d submissions, %.2f bits", name, len(scores), r.Bits)
	}
	for _, m := range []metric.Metric{metric.Accuracy, metric.AUC, metric.MAE, metric.MSE, metric.RMSE} {
		o := lmsys(Presence, 3)
		o.Scoring.Metric = m
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", m)
		} else {
			t.Log(err)
		}
	}
}
