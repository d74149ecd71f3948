package design

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// TestDistinctSums compares the largest members with the sequence of Conway and Guy as published (1, 2, 4, 7, 13, 24, 44, 84, 161, 309, …), and tries all
// subsets.
func TestDistinctSums(t *testing.T) {
	published := []float64{1, 2, 4, 7, 13, 24, 44, 84, 161, 309, 594, 1164, 2284, 4484, 8807, 17305, 34301, 68008}
	for i, want := range published {
		set := distinctSums(i + 1)
		if got := slices.Max(set); got != want {
			t.Errorf("%d numbers: the largest is %v, want %v", i+1, got, want)
		}
		seen := map[float64]bool{}
		for mask := range 1 << len(set) {
			sum := 0.0
			for b, v := range set {
				if mask>>b&1 == 1 {
					sum += v
				}
			}
			if seen[sum] {
				t.Fatalf("%v: two subsets sum to %v", set, sum)
			}
			seen[sum] = true
		}
	}
}

// allPublic is a test of some topics whose rows are all public, under binary log loss with a column, or log loss with three classes.
func allPublic(t *testing.T, totals []int, column string) (*prior.Model, Options) {
	t.Helper()
	o := Options{Kind: Blocks, Target: Presence, Classes: []string{"0", "1"}, Column: column, Topics: len(totals), Floor: 1e-15,
		Scoring: metric.Scoring{Metric: metric.BinaryLogLoss, Decimals: 5, Rounding: metric.Floor, Clip: 1e-15, Normalise: metric.Divide, Values: []float64{0, 1}}}
	if column == "" {
		o.Classes, o.Scoring.Metric, o.Scoring.Values = []string{"a", "b", "c"}, metric.LogLoss, nil
	}
	rows := 0
	for _, n := range totals {
		rows += n
	}
	groups, err := Groups(o.Target, o.Scoring, len(o.Classes), true)
	if err != nil {
		t.Fatal(err)
	}
	m, err := prior.New(prior.Spec{Totals: totals, Public: [2]int{rows, rows}, Alpha: prior.FlatEvidence(len(totals), len(o.Classes)), Groups: groups, Split: math.Inf(1)})
	if err != nil {
		t.Fatal(err)
	}
	return m, o
}

// TestBlocks: every topic is in one block, a score of one part of the answers admits no other, and there are as few blocks as the ruler allows. DSB 2017 had
// 198 rows; doubling costs took 14 submissions.
func TestBlocks(t *testing.T) {
	mixed := []int{3, 1, 0, 7, 2, 1, 1, 12, 1, 5, 1, 1}
	for _, c := range []struct {
		name   string
		totals []int
		column string
		most   int
	}{
		{"198 rows", slices.Repeat([]int{1}, 198), "y", 13},
		{"198 rows of three classes", slices.Repeat([]int{1}, 198), "", 14},
		{"topics of several rows", mixed, "y", 2},
	} {
		m, o := allPublic(t, c.totals, c.column)
		d, err := Draw(m, o)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if len(d.Probes) > c.most {
			t.Errorf("%s: %d blocks, want at most %d", c.name, len(d.Probes), c.most)
		}
		moved := make([]int, len(c.totals))
		for _, p := range d.Probes {
			block := checkBlock(t, o, c.totals, p)
			for _, k := range block {
				moved[k]++
			}
		}
		for k, n := range c.totals {
			if moved[k] != min(n, 1) {
				t.Errorf("%s: topic %d of %d rows is in %d blocks", c.name, k, n, moved[k])
			}
		}
	}
}

// checkBlock draws pairs of answers at random and among neighbours: their scores' intervals have nothing in common.
func checkBlock(t *testing.T, o Options, totals []int, p Probe) (block []int) {
	t.Helper()
	loss := make([][]float64, len(totals))
	rows := 0
	for k, n := range totals {
		var err error
		if loss[k], err = o.Scoring.RowLoss(p.Q[k]); err != nil {
			t.Fatal(err)
		}
		rows += n
		if n > 0 && math.Abs(loss[k][1]-loss[k][0]) > 1e-12 {
			block = append(block, k)
		}
	}
	rng := rand.New(rand.NewPCG(uint64(p.Number), 5))
	for range 2000 {
		a, b := 0.0, 0.0
		differ := false
		for _, k := range block {
			x := rng.IntN(totals[k] + 1)
			y := x
			if rng.IntN(4) == 0 {
				y = rng.IntN(totals[k] + 1)
			}
			differ = differ || x != y
			a, b = a+float64(x)*(loss[k][1]-loss[k][0]), b+float64(y)*(loss[k][1]-loss[k][0])
		}
		if gap := math.Abs(a-b) / float64(rows); differ && gap <= 1e-5 {
			t.Fatalf("probe %d: two answers score within %v of each other", p.Number, gap)
		}
	}
	return block
}

// TestBlocksAgain: more probes ask the same blocks with other weights, and fewer are the first of them.
func TestBlocksAgain(t *testing.T) {
	m, o := allPublic(t, slices.Repeat([]int{1}, 40), "y")
	once, err := Draw(m, o)
	if err != nil {
		t.Fatal(err)
	}
	o.Count = 2*len(once.Probes) + 1
	more, err := Draw(m, o)
	if err != nil {
		t.Fatal(err)
	}
	n := len(once.Probes)
	if diff := cmp.Diff(once.Probes, more.Probes[:n]); diff != "" || len(more.Probes) != o.Count {
		t.Fatalf("%d probes (-first +more):\n%s", len(more.Probes), diff)
	}
	for j := range more.Probes[:len(more.Probes)-n] {
		for k := range o.Topics {
			a, b := more.Probes[j].Q[k], more.Probes[j+n].Q[k]
			if (a[0] == 0.5) != (b[0] == 0.5) {
				t.Errorf("probes %d and %d ask about other topics", j+1, j+n+1)
			}
		}
	}
}

// TestBlocksRefuse: blocks need a metric of logarithms and a test that is public throughout.
func TestBlocksRefuse(t *testing.T) {
	for _, c := range []struct {
		edit func(*contest)
		want string
	}{
		{func(c *contest) { c.metric = metric.Brier }, "blocks are for presence under log-loss or binary-log-loss, not for presence under brier"},
		{func(c *contest) { c.target = Rows }, "blocks are for presence under log-loss or binary-log-loss, not for rows under binary-log-loss"},
		{func(*contest) {}, "blocks need a test whose rows are all public"},
	} {
		x := contests()[0]
		x.kind = Blocks
		c.edit(&x)
		g := x.make(t, 1)
		if _, err := Draw(g.m, g.o); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
	m, o := allPublic(t, []int{1, 1 << 21}, "y")
	if _, err := Draw(m, o); err == nil || !strings.HasPrefix(err.Error(), "topic 1 has more rows than one score of 5 decimals") {
		t.Errorf("a topic of two million rows: %v", err)
	}
}

// TestHadamard: every probe moves about half of the topics, any two topics are moved together equally often, and each group has its turn.
func TestHadamard(t *testing.T) {
	for topics, q := range map[int]int{2: 3, 3: 3, 4: 7, 12: 19, 20: 23, 24: 31} {
		c := contests()[0]
		c.kind, c.topics, c.target = Hadamard, topics, Rows
		g := c.make(t, 1)
		d, err := Draw(g.m, g.o)
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Probes) != 2*q {
			t.Fatalf("%d topics: %d probes, want two times %d", topics, len(d.Probes), q)
		}
		for _, half := range [][]Probe{d.Probes[:q], d.Probes[q:]} {
			base := logs{g.o, g.o.leastLoss()}.base()
			for a := range topics {
				for b := range a + 1 {
					both := 0
					for _, p := range half {
						if p.Q[a][0] != base[0] && p.Q[b][0] != base[0] {
							both++
						}
					}
					if want := (q + 1) / 4; a != b && both != want || a == b && both != (q+1)/2 {
						t.Errorf("%d topics: %d and %d are moved together by %d probes of %d", topics, a, b, both, q)
					}
				}
			}
		}
	}
}
