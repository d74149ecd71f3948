package analysis

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"lbprobe/probes/channel"
	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

var weeks = flag.Int("weeks", 1, "competitions of TestWeeks")

// newWeek draws a competition of 25,000 rows and 20 topics as it is believed: the cells' chances from the belief, topics missing by its chance.
func newWeek(t testing.TB, seed uint64) (g *talk, o channel.Options) {
	t.Helper()
	const topics, rows = 20, 25000
	g = &talk{rng: rand.New(rand.NewPCG(seed, 78))}
	train, sums, others := make([][]int, topics), make([]int, topics), 0
	for k := range train {
		train[k] = make([]int, talkClasses)
		for c := range train[k] {
			train[k][c] = 200 + g.rng.IntN(1500)
			sums[k] += train[k][c]
			others += train[k][c] * min(c, 1)
		}
	}
	spec := prior.Hidden(train, [2]int{rows, rows}, [2]int{6375, 6625}, prior.Weak(topics), 0.05)
	spec.Groups, _ = design.Rows.Groups(talkClasses)
	var chances []float64
	for _, alpha := range spec.Alpha {
		there := g.rng.Float64() >= spec.Absent
		for _, a := range alpha {
			x := 0.0
			if there {
				x = distuv.Gamma{Alpha: a, Beta: 1, Src: g.rng}.Rand()
			}
			chances = append(chances, x)
		}
	}
	g.cells = make([][3][]int, topics)
	for k := range g.cells {
		for part := range g.cells[k] {
			g.cells[k][part] = make([]int, talkClasses)
		}
	}
	public := 6375 + g.rng.IntN(251)
	for i := range rows {
		cell, part := drawn(g.rng, chances), 0
		if i >= public {
			part = 1
		}
		g.cells[cell/talkClasses][part][cell%talkClasses]++
	}
	scoring := metric.Scoring{Metric: metric.LogLoss, Decimals: 5, Rounding: metric.Either, Clip: metric.Clip64, Normalise: metric.Divide}
	share := float64(others) / float64(rowsIn(sums))
	o = channel.Options{Scoring: scoring, Classes: talkClasses, Floor: 1e-12, Guard: 1.25, NotA: [2]float64{share - 0.1, share + 0.1}, Constants: 1, Rows: spec.Rows,
		Public: spec.Public, Certainty: 0.99, Train: sums, Concentration: prior.Weak(topics), Absent: 0.05, Stray: 0.02, Level: channel.Exact}
	g.input = Input{Design: &design.Design{Kind: Channel, Target: design.Rows, Classes: classNames(talkClasses), Topics: topics}, Scoring: scoring, Belief: spec,
		Certainty: 0.99, FDR: 0.05, PresentFrom: 1, TrainRows: sums}
	for k := range topics {
		g.input.Names = append(g.input.Names, fmt.Sprint("topic ", k))
	}
	return g, o
}

// TestWeeks: exact private counts of 20 topics at 5 decimals, totals by the channel and public rows by a lattice that starts from them, against the joint bound
// that plan prints: one for the class share, and those that carry the mean message and the entropy of the public rows, each rounded up.
func TestWeeks(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds a competition")
	}
	late := map[int]int{}
	for seed := range uint64(*weeks) {
		g, o := newWeek(t, seed)
		p, err := channel.NewPlan(o, 100)
		if err != nil {
			t.Fatal(err)
		}
		l := p.Levels[len(p.Levels)-1]
		g.table = l.Table
		told, scores := g.listen(t, 100)
		r := g.lattice(t, told, seed)
		_, wrongly, _, _ := g.claims(told)
		_, wrong, _, _ := g.claims(r)
		if told.Status != Exact || wrongly+wrong > 0 {
			t.Fatalf("seed %d: %d wrong claims, %s, %s", seed, wrongly+wrong, told.Conclusion, r.Conclusion)
		}
		bound := 1 + int(math.Ceil((l.Bits-math.Log2(float64(l.Check[0])))/((l.PerSubmission[0]+l.PerSubmission[1])/2))) + int(math.Ceil(g.plan.Bound))
		took := len(scores) + g.exactAfter(t)
		late[took-bound]++
		t.Logf("seed %d: %d + %d submissions, bound %d (lattice %.1f), planned %d + %d", seed, len(scores), took-len(scores), bound, g.plan.Bound, l.Usual, g.plan.Submissions)
	}
	t.Logf("submissions past the joint bound: %v", late)
	for past := range late {
		if past > 3 {
			t.Errorf("%d submissions past the bound", past)
		}
	}
}

// exactAfter is how many of the lattice's scores it takes until every count is exact; one more than there are where all do not.
func (g *talk) exactAfter(t *testing.T) int {
	t.Helper()
	in := g.last
	n := len(in.Scores)
	for all := in.Scores; n > 1; n-- {
		in.Scores = all[:n]
		r, err := Analyze(in)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != Exact {
			break
		}
	}
	return n // the first is the channel's constant
}

// BenchmarkAnalyzeChannel turns a message on sizes into counts and verdicts, where every total lies between wide bounds.
func BenchmarkAnalyzeChannel(b *testing.B) {
	g, o := newWeek(b, 1)
	o.Level = channel.Sizes
	var err error
	if g.table, err = channel.New(o); err != nil {
		b.Fatal(err)
	}
	_, scores := g.listen(b, 100)
	for b.Loop() {
		g.read(b, scores)
	}
}
