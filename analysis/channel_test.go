package analysis

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lbprobe/probes/channel"
	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// talk is a small hidden competition whose notebook speaks through a channel.
type talk struct {
	rng     *rand.Rand
	table   *channel.Table
	ignored int
	floor   bool // else the board rounds
	input   Input
	cells   [][3][]int  // rows by topic, part (public, private, ignored) and class
	plan    design.Plan // of the lattice
	drawing design.Options
	model   *prior.Model
	last    Input // of its analysis
}

const (
	talkTopics  = 5
	talkClasses = 3
)

// newTalk draws one: train rows, then a test like it or, in every third, one that is not.
func newTalk(t testing.TB, seed uint64, level channel.Level, decimals int) *talk {
	t.Helper()
	g := &talk{rng: rand.New(rand.NewPCG(seed, 77)), floor: seed%5 < 2}
	train := make([][]int, talkTopics)
	for k := range train {
		train[k] = make([]int, talkClasses)
		for c := range train[k] {
			train[k][c] = 1 + g.rng.IntN(200)
		}
	}
	rows := 150 + g.rng.IntN(300)
	public := rows/4 + g.rng.IntN(rows/8)
	if seed%4 == 0 {
		g.ignored = g.rng.IntN(4)
	}
	spec := prior.Hidden(train, [2]int{rows - 20, rows + 20}, [2]int{max(1, public-10), public + 10}, prior.Weak(talkTopics), 0.05)
	spec.Groups, _ = design.Rows.Groups(talkClasses)
	g.truth(rows, public, train, seed)
	scoring := metric.Scoring{Metric: metric.LogLoss, Decimals: decimals, Rounding: metric.Either, Clip: metric.Clip64, Normalise: metric.Divide}
	var sums []int
	for _, classes := range train {
		sums = append(sums, sumOf(classes))
	}
	var err error
	g.table, err = channel.New(channel.Options{Scoring: scoring, Classes: talkClasses, Floor: 1e-12, Guard: 1.25, NotA: [2]float64{0.05, 0.98}, Constants: 1,
		Rows: spec.Rows, Public: spec.Public, Certainty: 0.99, Train: sums, Concentration: prior.Weak(talkTopics), Absent: 0.05, Stray: 0.02, Level: level})
	if err != nil {
		t.Fatal(err)
	}
	d := &design.Design{Kind: Channel, Target: design.Target(level), Classes: classNames(talkClasses), Topics: talkTopics}
	g.input = Input{Design: d, Scoring: scoring, Belief: spec, Unscored: [2]int{0, g.ignored}, Certainty: 0.99, FDR: 0.05, PresentFrom: 1, TrainRows: sums}
	for k := range talkTopics {
		g.input.Names = append(g.input.Names, fmt.Sprint("topic ", k))
	}
	return g
}

// truth draws topics and classes, then splits the rows at random.
func (g *talk) truth(rows, public int, train [][]int, seed uint64) {
	weights := make([]float64, talkTopics)
	for k, classes := range train {
		weights[k] = float64(sumOf(classes))
		switch {
		case g.rng.Float64() < 0.1:
			weights[k] = 0
		case seed%3 == 0:
			weights[k] *= math.Exp(2 * g.rng.NormFloat64())
		}
	}
	if slices.Max(weights) == 0 {
		weights[0] = 1
	}
	g.cells = make([][3][]int, talkTopics)
	for k := range g.cells {
		for part := range g.cells[k] {
			g.cells[k][part] = make([]int, talkClasses)
		}
	}
	for _, at := range g.rng.Perm(rows) {
		k := drawn(g.rng, weights)
		part := 1
		switch {
		case at < public:
			part = 0
		case at < public+g.ignored:
			part = 2
		}
		classes := make([]float64, talkClasses)
		for c, n := range train[k] {
			classes[c] = float64(n)
		}
		g.cells[k][part][drawn(g.rng, classes)]++
	}
}

func drawn(rng *rand.Rand, weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	u := rng.Float64() * sum
	for i, w := range weights {
		if u -= w; u < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// rows are those of a topic in some parts.
func (g *talk) rows(k int, parts ...int) (n int) {
	for _, p := range parts {
		n += sumOf(g.cells[k][p])
	}
	return n
}

// score is what the board shows for a prediction a topic.
func (g *talk) score(q func(k int) []float64) string {
	sum, n := 0.0, 0
	for k := range g.cells {
		loss, _ := g.input.Scoring.RowLoss(q(k))
		for c, rows := range g.cells[k][0] {
			sum += float64(rows) * loss[c]
			n += rows
		}
	}
	unit := math.Pow10(g.input.Scoring.Decimals)
	cut := math.Round
	if g.floor {
		cut = math.Floor
	}
	return strconv.FormatFloat(cut(sum/float64(n)*unit)/unit, 'f', g.input.Scoring.Decimals, 64)
}

// listen plays the channel to the end of its message, or to a number of submissions.
func (g *talk) listen(t testing.TB, most int) (*Result, map[int]string) {
	t.Helper()
	tally := make([]int, len(g.cells))
	all := 0
	for k := range tally {
		tally[k] = g.rows(k, 0, 1, 2)
		all += tally[k]
	}
	scores := map[int]string{}
	for {
		r, err := g.table.Decode(scores)
		if err != nil {
			t.Fatal(err)
		}
		if r.Next == 0 || len(scores) == most {
			return g.read(t, scores), scores
		}
		q, err := g.table.Prediction(r.Next, scores, map[string][]int{channel.Topics: tally, channel.Rows: {all}})
		if err != nil {
			t.Fatal(err)
		}
		scores[r.Next] = g.score(func(int) []float64 { return q })
	}
}

// read analyses scores of the channel.
func (g *talk) read(t testing.TB, scores map[int]string) *Result {
	t.Helper()
	reading, err := g.table.Decode(scores)
	if err != nil {
		t.Fatal(err)
	}
	r, err := AnalyzeChannel(g.input, Message{Table: g.table, Reading: reading, First: 1, Planned: max(g.table.Probes(), len(scores)), Read: len(scores)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// claims counts exact counts and verdicts, and those of them that are false.
func (g *talk) claims(r *Result) (given, wrong, outside, intervals int) {
	parts := map[string][]int{"public": {0}, "private": {1}, "total": {0, 1, 2}}
	for _, c := range r.Counts {
		if c.Topic == AllTopics || c.Class != every {
			continue
		}
		truth := g.rows(c.Topic, parts[c.Split]...)
		switch {
		case c.Exact:
			given++
			if c.Best != truth {
				wrong++
			}
		default:
			intervals++
			if truth < c.Lo || truth > c.Hi {
				outside++
			}
		}
	}
	for _, v := range r.Verdicts {
		if v.Verdict == Undetermined {
			continue
		}
		given++
		if (v.Verdict == Present) != (g.rows(v.Topic, 1) > 0) {
			wrong++
		}
	}
	return given, wrong, outside, intervals
}

// lattice asks the public rows, starting from the totals that the channel has told.
func (g *talk) lattice(t testing.TB, told *Result, seed uint64) *Result {
	t.Helper()
	in := g.input
	totals := make([]int, len(g.cells))
	for _, c := range told.Counts {
		if c.Split == "total" && c.Topic != AllTopics {
			totals[c.Topic] = c.Best
		}
	}
	in.Belief = prior.Spec{Totals: totals, Public: in.Belief.Public, Alpha: g.input.Belief.Alpha, Groups: in.Belief.Groups, Split: math.Inf(1)}
	beliefs := prior.Beliefs(in.Belief)
	m, err := prior.New(beliefs[prior.Stated])
	if err != nil {
		t.Fatal(err)
	}
	flatModel, err := prior.New(beliefs[prior.Flat])
	if err != nil {
		t.Fatal(err)
	}
	q, err := g.table.Prediction(1, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	constant := design.Probe{Number: 1 << 20, Q: slices.Repeat([][]float64{q}, len(totals))} // its score is an equation too
	g.model, g.drawing = m, design.Options{Kind: design.Lattice, Target: design.Rows, Classes: classNames(talkClasses), Topics: len(totals),
		Scoring: in.Scoring, Floor: 1e-12, Seed: seed, Known: []design.Probe{constant}, Polish: true}
	d, plan, err := design.Sized(m, flatModel, g.drawing, 1000)
	if err != nil {
		t.Fatal(err)
	}
	probes := append([]design.Probe{constant}, d.Probes...)
	d.Probes = nil
	in.Design, g.plan = d, plan
	g.last = in
	return g.probe(t, probes)
}

// probe submits probes of the lattice beside those before, and analyses all.
func (g *talk) probe(t testing.TB, probes []design.Probe) *Result {
	t.Helper()
	d := *g.last.Design
	d.Probes = slices.Concat(d.Probes, probes)
	for _, p := range probes {
		shown, err := g.last.Scoring.Read(g.score(func(k int) []float64 { return p.Q[k] }))
		if err != nil {
			t.Fatal(err)
		}
		g.last.Scores = append(g.last.Scores, Score{Probe: p.Number, Public: shown})
	}
	g.last.Design = &d
	r, err := Analyze(g.last)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestTalks plays small hidden competitions through channel and lattice: no exact count and no verdict is wrong, intervals hold what they should, and the
// private counts come out exact where no row is ignored. LBPROBE_GAMES makes it longer.
func TestTalks(t *testing.T) {
	games := 60
	if n, err := strconv.Atoi(os.Getenv("LBPROBE_GAMES")); err == nil {
		games = n
	}
	exact, given, outside, intervals := 0, 0, 0, 0
	for seed := range uint64(games) {
		level := channel.Levels()[seed%3]
		if seed%2 == 0 {
			level = channel.Exact
		}
		g := newTalk(t, seed, level, 4+int(seed/2%2))
		told, _ := g.listen(t, 100)
		claimed, wrong, missed, all := g.claims(told)
		given += claimed
		if level == channel.Exact || seed%3 > 0 { // else the totals within the bounds are not as believed
			outside, intervals = outside+missed, intervals+all
		}
		if wrong > 0 || told.Status != map[bool]Status{true: Exact, false: Told}[level == channel.Exact] {
			t.Errorf("seed %d: %d wrong claims: %+v", seed, wrong, told)
		}
		if level != channel.Exact {
			continue
		}
		r := g.lattice(t, told, seed)
		claimed, wrong, missed, all = g.claims(r)
		given, outside, intervals = given+claimed, outside+missed, intervals+all
		if wrong > 0 {
			t.Errorf("seed %d: %d wrong claims: %+v", seed, wrong, r)
		}
		private := slices.IndexFunc(r.Counts, func(c Count) bool { return c.Split == "private" && !c.Exact })
		if r.Status == Exact && (private < 0) == (g.ignored > 0) {
			t.Errorf("seed %d: %d ignored: %+v", seed, g.ignored, r.Counts)
		}
		if r.Status == Exact {
			exact++
		}
	}
	t.Logf("%d games: %d claims, none wrong; %d lattices exact; %d of %d intervals miss", games, given, exact, outside, intervals)
	if float64(outside) > 0.02*float64(intervals)+3 {
		t.Errorf("%d of %d intervals at 0.99 do not hold the truth", outside, intervals)
	}
}

// TestPrivateLaw holds what is said of a topic's private rows against every way to split a tiny test.
func TestPrivateLaw(t *testing.T) {
	const rows, public = 9, 3
	for total := 0; total <= 5; total++ {
		for _, other := range []int{total, min(total+2, 5)} {
			l := &listener{analyst: &analyst{rows: [2]int{rows, rows}}, Message: Message{Table: &channel.Table{Cut: 20}}, split: map[[2]int]prior.PMF{}}
			l.Belief.Public = [2]int{public, public}
			weights := prior.Mix([]float64{1, 3}, []prior.PMF{prior.Point(total), prior.Point(other)})
			in, out := l.parts(weights)
			want := map[int]float64{}
			for i, marked := range []int{total, other} {
				ways, all := map[int]float64{}, 0.0
				for set := range 1 << rows {
					drawn, found := 0, 0
					for row := range rows {
						if set>>row&1 == 1 {
							drawn++
							if row < marked {
								found++
							}
						}
					}
					if drawn == public {
						ways[found]++
						all++
					}
				}
				for x, n := range ways {
					want[x] += []float64{0.25, 0.75}[i] * n / all
				}
			}
			sum := 0.0
			for x := range rows {
				if math.Abs(in.At(x)-want[x]) > 1e-12 {
					t.Errorf("totals %d and %d: P(%d public) = %v, want %v", total, other, x, in.At(x), want[x])
				}
				sum += out.At(x)
			}
			if total == other && math.Abs(out.At(total)-want[0]) > 1e-12 || math.Abs(sum-1) > 1e-12 {
				t.Errorf("totals %d and %d: private rows %v sum to %v", total, other, out, sum)
			}
		}
	}
}

// TestChannelTroubles: what keeps a message from being read is a status and a check that blames a probe, and nothing is claimed then.
func TestChannelTroubles(t *testing.T) {
	g := newTalk(t, 2, channel.Exact, 5)
	whole, scores := g.listen(t, 100)
	fault := map[int]string{1: scores[1]}
	q := g.table.FaultPrediction(2, fault, channel.Memory)
	fault[2] = g.score(func(int) []float64 { return q })
	wrong := map[int]string{}
	for n, s := range scores {
		wrong[n] = s
	}
	wrong[2], wrong[3] = wrong[3], wrong[2]
	for _, test := range []struct {
		name   string
		scores map[int]string
		status Status
		check  string
		probe  int
	}{
		{"none", nil, NoScores, "", 0},
		{"the first alone", map[int]string{1: scores[1]}, NotIdentified, "", 0},
		{"a notebook without memory", fault, NotIdentified, "notebook", 2},
		{"two scores exchanged", wrong, Misfit, "", 0},
		{"no level", map[int]string{1: scores[1], 2: "34.00000"}, Misfit, "levels", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := g.read(t, test.scores)
			i := slices.IndexFunc(r.Checks, func(c Check) bool { return !c.OK })
			switch {
			case r.Status != test.status:
				t.Errorf("status %q: %s, want %q", r.Status, r.Conclusion, test.status)
			case test.check != "" && (i < 0 || r.Checks[i].Name != test.check || r.Checks[i].Probe != test.probe):
				t.Errorf("%+v, want %s blaming %d", r.Checks, test.check, test.probe)
			case len(r.Verdicts) != talkTopics || len(r.Counts) < len(whole.Counts)-talkClasses:
				t.Errorf("%d verdicts, %d counts", len(r.Verdicts), len(r.Counts))
			case slices.ContainsFunc(r.Verdicts, func(v Verdict) bool { return v.Source != "split-model" || v.Exact }):
				t.Errorf("%+v", r.Verdicts)
			}
		})
	}
}

// TestWeakChecksum: what a message tells is called exact where the checksum that it has passed is a strong one, whatever least its table asks for, and every modulus that
// is printed is that of the reading.
func TestWeakChecksum(t *testing.T) {
	seen := map[Status]int{}
	for seed := range uint64(30) {
		g := newTalk(t, seed, channel.Exact, 4)
		g.table.Check = 2
		r, scores := g.listen(t, 100)
		reading, err := g.table.Decode(scores)
		if err != nil {
			t.Fatal(err)
		}
		want := map[bool]Status{true: Exact, false: Told}[reading.Modulus >= channel.ShortCheck]
		seen[want]++
		exact := slices.ContainsFunc(r.Counts, func(c Count) bool { return c.Exact && c.Split == totalPart && c.Topic != AllTopics })
		if r.Status != want || exact != (want == Exact) {
			t.Errorf("seed %d: a checksum modulo %d is enough for %q, exact totals %v", seed, reading.Modulus, r.Status, exact)
		}
		modulo := fmt.Sprintf("modulo %d", reading.Modulus)
		if !slices.ContainsFunc(r.Checks, func(c Check) bool { return c.OK && strings.HasSuffix(c.Message, modulo) }) ||
			!slices.ContainsFunc(r.Exactness, func(c Check) bool {
				return c.OK == (want == Exact) && strings.HasPrefix(c.Message, modulo+", of 128 needed")
			}) {
			t.Errorf("seed %d, %s: %+v, %+v", seed, modulo, r.Checks, r.Exactness)
		}
	}
	if seen[Exact] == 0 || seen[Told] == 0 {
		t.Errorf("%v", seen)
	}
}
