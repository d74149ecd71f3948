package design

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// contest is a setting under another metric, with submissions of one column unless it has none.
type contest struct {
	setting
	metric  metric.Metric
	classes []string
	column  string
	span    *metric.Interval // truth of numbers
	inside  bool             // predictions must be what a row can be
}

func (c contest) String() string { return fmt.Sprintf("%s/%s/%d", c.metric, c.target, len(c.classes)) }

// contests are of every metric and target that can be asked.
func contests() []contest {
	two, five := []string{"0", "1"}, []string{"1", "2", "3.5", "4", "5"}
	var out []contest
	add := func(m metric.Metric, column string, classes []string, targets ...Target) {
		for _, t := range targets {
			s := setting{target: t, kind: Lattice, topics: 5, classes: len(classes), rows: 80, decimals: 5, floor: 1e-12}
			out = append(out, contest{setting: s, metric: m, classes: classes, column: column})
		}
	}
	add(metric.BinaryLogLoss, "y", two, Presence, Rows, Cells)
	add(metric.BinaryLogLoss, "y", []string{"1", "0"}, Presence, Rows)
	add(metric.Brier, "y", two, Presence, Rows, Cells)
	add(metric.Brier, "", []string{"a", "b", "c"}, Presence, Rows, Cells)
	add(metric.Accuracy, "y", two, Presence, Rows, Cells)
	add(metric.Accuracy, "y", []string{"a", "b", "c"}, Presence, Cells)
	for _, m := range []metric.Metric{metric.MAE, metric.MSE, metric.RMSE} {
		add(m, "y", two, Presence, Rows, Cells)
		add(m, "y", five, Presence)
	}
	add(metric.MAE, "y", five, Cells)
	for _, m := range []metric.Metric{metric.MAE, metric.MSE, metric.RMSE} {
		add(m, "y", nil, Presence)
		out[len(out)-1].span = &metric.Interval{Lo: -1, Hi: 4}
	}
	for _, m := range []metric.Metric{metric.MSE, metric.RMSE} {
		add(m, "y", two, Presence)
		out[len(out)-1].inside = true
	}
	return out
}

// make draws a belief and its model.
func (c contest) make(t testing.TB, seed uint64) made {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 40))
	scoring := metric.Scoring{Metric: c.metric, Decimals: c.decimals, Rounding: metric.Round, Clip: metric.Clip64, Normalise: metric.Refuse, Range: c.span}
	if c.column != "" && c.span == nil {
		values, err := metric.Values(c.metric, c.classes)
		if err != nil {
			t.Fatal(err)
		}
		scoring.Values = values
	}
	classes := max(1, len(c.classes))
	groups, err := Groups(c.target, scoring, classes, !c.inside)
	if err != nil {
		t.Fatal(err)
	}
	spec, rows := prior.Spec{Groups: groups, Split: math.Inf(1)}, 0
	for range c.topics {
		n := c.rows/2 + rng.IntN(c.rows+1)
		rows += n
		spec.Totals = append(spec.Totals, n)
		alpha := make([]float64, classes)
		for i := range alpha {
			alpha[i] = 2 + 10*rng.Float64()
		}
		spec.Alpha = append(spec.Alpha, alpha)
	}
	n := 3 * rows / 10
	spec.Public = [2]int{n - c.width, n + c.width}
	m, err := prior.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	s := c.setting
	s.classes = classes
	return made{setting: s, spec: spec, m: m, o: Options{Kind: c.kind, Target: c.target, Classes: c.classes, Column: c.column, Topics: c.topics,
		Scoring: scoring, Outside: !c.inside, Floor: c.floor, Count: 6, Seed: seed}}
}

// score asks the metric itself: a row at a time, numbers of a range anywhere in it.
func (c contest) score(t testing.TB, s metric.Scoring, p Probe, cells [][]int, rng *rand.Rand) string {
	t.Helper()
	tally := s.NewTally()
	for k, counts := range cells {
		for class, n := range counts {
			for range n {
				var err error
				if c.span != nil {
					err = tally.AddNumber(p.Q[k], c.span.Lo+(c.span.Hi-c.span.Lo)*rng.Float64())
				} else {
					err = tally.Add(p.Q[k], class)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	score, err := tally.Score()
	if err != nil {
		t.Fatal(err)
	}
	return metric.Show(score, s.Decimals, s.Rounding)
}

// TestMetricsAdmitTheTruth: whatever is asked under whatever metric, the true counts lie inside the interval of every score that a board shows.
func TestMetricsAdmitTheTruth(t *testing.T) {
	for _, c := range contests() {
		for _, kind := range []Kind{Lattice, OneAtATime, Hadamard} {
			for _, width := range []int{0, 10} {
				c.kind, c.width = kind, width
				g := c.make(t, 3)
				d, err := Draw(g.m, g.o)
				if err != nil {
					t.Fatalf("%v: %v", c, err)
				}
				rng := rand.New(rand.NewPCG(7, 7))
				for range 5 {
					cells, n := g.cells(rng)
					var means []metric.Interval
					for _, p := range d.Probes {
						r, err := metric.ParseReading(c.score(t, g.o.Scoring, p, cells, rng), c.decimals)
						if err != nil {
							t.Fatalf("%v: %v", c, err)
						}
						means = append(means, g.o.Scoring.LossInterval(r.Value, metric.Round))
					}
					sys, err := NewSystem(g.m, g.spec.Groups, g.o.Scoring, d.Probes, means)
					if err != nil {
						t.Fatal(err)
					}
					if z := g.point(cells, n); !sys.Admits(z) || math.IsInf(sys.LogLikelihood(z), -1) {
						t.Errorf("%v, %s, n ± %d: the truth is not admitted", c, kind, width)
					}
				}
			}
		}
	}
}

// TestMetricsAreTold: lattice probes tell the unknowns: their information reaches the entropy with as many as Sized gives, and those are fewer than
// twice the unknowns.
func TestMetricsAreTold(t *testing.T) {
	for _, c := range contests() {
		g := c.make(t, 5)
		flat := g.spec
		flat.Alpha = prior.FlatEvidence(c.topics, len(g.spec.Alpha[0]))
		m, err := prior.New(flat)
		if err != nil {
			t.Fatal(err)
		}
		d, p, err := Sized(g.m, m, g.o, 1000)
		if err != nil {
			t.Errorf("%v: %v", c, err)
			continue
		}
		if len(d.Probes) != p.Submissions || p.Bound > float64(p.Submissions) || p.Bound > float64(p.Unknowns)+1 {
			t.Errorf("%v: %d probes for %+v", c, len(d.Probes), p)
		}
	}
}

// TestGroups: what each target counts under each metric, and why some can't be asked.
func TestGroups(t *testing.T) {
	numbers := func(m metric.Metric) metric.Scoring { return metric.Scoring{Metric: m} }
	ranged := func(m metric.Metric) metric.Scoring {
		return metric.Scoring{Metric: m, Range: &metric.Interval{Lo: 0, Hi: 1}}
	}
	tests := []struct {
		target  Target
		scoring metric.Scoring
		classes int
		inside  bool
		want    [][]int
		fail    string
	}{
		{Presence, numbers(metric.LogLoss), 3, true, [][]int{{1, 2}}, ""},
		{Presence, numbers(metric.BinaryLogLoss), 2, true, [][]int{{1}}, ""},
		{Presence, numbers(metric.Brier), 3, true, [][]int{{0}, {1, 2}}, ""},
		{Presence, numbers(metric.Accuracy), 2, false, [][]int{{1}}, ""},
		{Presence, numbers(metric.Accuracy), 3, false, [][]int{{0}}, ""},
		{Presence, numbers(metric.MAE), 3, false, [][]int{{0, 1, 2}}, ""},
		{Presence, numbers(metric.RMSE), 2, true, [][]int{{0}, {1}}, ""},
		{Presence, ranged(metric.RMSE), 1, false, [][]int{{0}}, ""},
		{Cells, numbers(metric.MAE), 3, false, [][]int{{0}, {1}, {2}}, ""},
		{Presence, numbers(metric.AUC), 2, false, nil, "auc can't be read: it compares pairs of rows"},
		{Presence, numbers(metric.Accuracy), 2, true, nil, "accuracy tells only differences between the classes of a topic"},
		{Rows, numbers(metric.Accuracy), 3, false, nil, "accuracy can't count the rows of several classes together"},
		{Presence, ranged(metric.MAE), 1, true, nil, "mae of a prediction within the range mixes up"},
		{Rows, ranged(metric.MAE), 1, false, nil, "a range has no classes that rows could count"},
		{Presence, numbers(metric.MAE), 2, true, nil, "mae within the numbers of the classes tells only differences"},
		{Cells, numbers(metric.RMSE), 3, false, nil, "rmse tells of each topic its rows, the sum of their numbers and that of their squares, too little for 3"},
		{Rows, numbers(metric.MAE), 3, false, nil, "mae can't count the rows of several classes together"},
		{"sizes", numbers(metric.LogLoss), 3, false, nil, `target "sizes" is not available yet`},
	}
	for _, test := range tests {
		got, err := Groups(test.target, test.scoring, test.classes, !test.inside)
		if diff := cmp.Diff(test.want, got); diff != "" || (err == nil) != (test.fail == "") || err != nil && !strings.HasPrefix(err.Error(), test.fail) {
			t.Errorf("%s under %s of %d classes: error %v, want %q (-want +got):\n%s", test.target, test.scoring.Metric, test.classes, err, test.fail, diff)
		}
	}
}

// TestRefusedGroupsAreNotTold shows by the rank of the equations that what Groups refuses really can't be told: probes of every kind of prediction that
// is left do not span the unknowns.
func TestRefusedGroupsAreNotTold(t *testing.T) {
	const topics = 4
	within := func(lo, hi float64) func(*rand.Rand) float64 {
		return func(rng *rand.Rand) float64 { return lo + (hi-lo)*rng.Float64() }
	}
	tests := []struct {
		metric  metric.Metric
		classes []string
		predict func(*rand.Rand) float64
		told    int // unknown counts of the 4 topics, n with them
	}{
		{metric.Accuracy, []string{"a", "b"}, func(rng *rand.Rand) float64 { return float64(rng.IntN(2)) }, topics + 1},
		{metric.Accuracy, []string{"a", "b"}, func(rng *rand.Rand) float64 { return float64(rng.IntN(3) - 1) }, 2 * topics},
		{metric.MAE, []string{"0", "1"}, within(0, 1), topics + 1},
		{metric.MAE, []string{"0", "1"}, within(-3, 4), 2 * topics},
		{metric.MSE, []string{"0", "1"}, within(0, 1), 2 * topics},
		{metric.MSE, []string{"0", "1", "2"}, within(-9, 9), 2*topics + 1},
		{metric.MAE, []string{"0", "1", "2"}, within(-9, 9), 3 * topics},
		{metric.Brier, []string{"0", "1"}, within(0, 1), 2 * topics},
	}
	for _, test := range tests {
		values, err := metric.Values(test.metric, test.classes)
		if err != nil {
			t.Fatal(err)
		}
		s := metric.Scoring{Metric: test.metric, Values: values}
		rng := rand.New(rand.NewPCG(1, 2))
		var rows [][]float64
		for range 40 {
			var row []float64
			for range topics {
				loss, err := s.RowLoss([]float64{test.predict(rng)})
				if err != nil {
					t.Fatal(err)
				}
				row = append(row, loss...)
			}
			rows = append(rows, row)
		}
		if got := rank(rows); got != test.told {
			t.Errorf("%s of %q: rank %d, want %d", test.metric, test.classes, got, test.told)
		}
	}
}

// rank is that of a matrix, by elimination.
func rank(a [][]float64) (r int) {
	for col := range a[0] {
		best := r
		for i := r; i < len(a); i++ {
			if math.Abs(a[i][col]) > math.Abs(a[best][col]) {
				best = i
			}
		}
		if r == len(a) || math.Abs(a[best][col]) < 1e-8 {
			continue
		}
		a[r], a[best] = a[best], a[r]
		for i := r + 1; i < len(a); i++ {
			f := a[i][col] / a[r][col]
			for j := range a[i] {
				a[i][j] -= f * a[r][j]
			}
		}
		r++
	}
	return r
}
