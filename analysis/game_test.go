package analysis

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// rules are how a competition is drawn, and what is believed of it.
type rules struct {
	target   design.Target
	topics   int
	classes  int
	rows     [2]int // of a topic in the test
	share    float64
	decimals int
	rounding metric.Rounding // what the board does; metric.Either believes both
	either   bool
	width    int // n is believed within ± width of the truth's neighbourhood
	unscored int
	floor    float64
	hidden   bool // topics' rows are not known: they are drawn from the belief
	extra    int  // submissions past the bound

	concentration float64       // believed, in rows a topic; 0 is 20
	wrong         func(g *game) // bends the truth away from the belief, before labels are drawn
	split         func(g *game) // replaces the random split
}

// planned is the extra that stands for as many submissions as the plan asks for.
const planned = math.MaxInt32

// game is one simulated competition: what is true, and what an analysis gets to see.
type game struct {
	rules
	rng    *rand.Rand
	totals []int
	train  [][]int
	shares [][]float64 // topics × classes, true
	labels [][]int     // topic × row: class
	n      int
	cells  [][]int // public rows by topic and class
	input  Input
	plan   design.Plan
}

// play draws a competition by the rules and asks as many probes as they say.
func play(t testing.TB, r rules, seed uint64) *game {
	t.Helper()
	g := draw(r, seed)
	r = g.rules
	spec := g.belief()
	groups, err := r.target.Groups(r.classes)
	if err != nil {
		t.Fatal(err)
	}
	spec.Groups = groups
	m, err := prior.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	scoring := metric.Scoring{Metric: metric.LogLoss, Decimals: r.decimals, Rounding: r.rounding, Clip: metric.Clip64, Normalise: metric.Divide}
	if r.either {
		scoring.Rounding = metric.Either
	}
	o := design.Options{Kind: design.Lattice, Target: r.target, Classes: classNames(r.classes), Topics: r.topics, Scoring: scoring,
		Floor: g.floor, Seed: seed}
	flatModel, err := prior.New(prior.Beliefs(spec)[prior.Flat])
	if err != nil {
		t.Fatal(err)
	}
	d, plan, err := design.Sized(m, flatModel, o, 1000)
	if err != nil {
		t.Fatal(err)
	}
	g.plan = plan
	o.Count = int(math.Ceil(plan.Bound)) + r.extra
	if r.extra == planned {
		o.Count = plan.Submissions
	}
	if o.Count > len(d.Probes) {
		if d, err = design.Draw(m, o); err != nil {
			t.Fatal(err)
		}
	}
	d.Probes = d.Probes[:max(0, o.Count)]
	spec.Groups = nil
	g.input = Input{Design: d, Scoring: scoring, Belief: spec, Unscored: [2]int{0, r.unscored}, Certainty: 0.99, FDR: 0.05, PresentFrom: 1}
	for k := range r.topics {
		g.input.Names = append(g.input.Names, fmt.Sprint("topic ", k))
		g.input.TrainRows = append(g.input.TrainRows, sumOf(g.train[k]))
	}
	for _, p := range d.Probes {
		g.input.Scores = append(g.input.Scores, Score{Probe: p.Number, Public: g.score(t, p)})
	}
	return g
}

func classNames(n int) []string { return strings.Split("abcdefgh", "")[:n] }

// draw makes the truth: topic sizes, train rows, labels and split.
func draw(r rules, seed uint64) *game {
	if r.classes == 0 {
		r.classes = 3
	}
	if r.share == 0 {
		r.share = 0.3
	}
	if r.floor == 0 {
		r.floor = 1e-12
	}
	if r.concentration == 0 {
		r.concentration = 20
	}
	g := &game{rules: r, rng: rand.New(rand.NewPCG(seed, 77))}
	for range r.topics {
		g.totals = append(g.totals, r.rows[0]+g.rng.IntN(r.rows[1]-r.rows[0]+1))
		counts := make([]int, r.classes)
		for c := range counts {
			counts[c] = 20 + g.rng.IntN(180)
		}
		g.train = append(g.train, counts)
	}
	if r.hidden {
		g.hide()
	}
	for k := range r.topics {
		g.shares = append(g.shares, g.dirichlet(g.alpha()[k]))
	}
	if r.wrong != nil {
		r.wrong(g)
	}
	for k, n := range g.totals {
		g.labels = append(g.labels, make([]int, n))
		for i := range n {
			g.labels[k][i] = g.pick(g.shares[k])
		}
	}
	g.n = max(1, int(math.Round(r.share*float64(sumOf(g.totals)))))
	if g.width > 0 {
		g.n += g.rng.IntN(2*g.width+1) - g.width
		g.n = min(max(g.n, 1), sumOf(g.totals))
	}
	g.cells = make([][]int, r.topics)
	for k := range g.cells {
		g.cells[k] = make([]int, r.classes)
	}
	if r.split != nil {
		r.split(g)
	} else {
		g.randomSplit()
	}
	return g
}

// hide draws the topics' rows anew: some topics are missing, the others share all rows by their evidence.
func (g *game) hide() {
	evidence := make([]float64, g.topics)
	for k, alpha := range g.alpha() {
		for _, a := range alpha {
			evidence[k] += a
		}
		if k > 0 && g.rng.Float64() < prior.Absent {
			evidence[k] = 1e-9
		}
	}
	share, rows := g.dirichlet(evidence), sumOf(g.totals)
	clear(g.totals)
	for range rows {
		g.totals[g.pick(share)]++
	}
}

// alpha is the belief about the classes.
func (g *game) alpha() [][]float64 {
	return prior.ClassEvidence(g.train, g.concentration*float64(g.topics))
}

// belief is what the analysis is told. The range of n has the truth anywhere in it.
func (g *game) belief() prior.Spec {
	lo, hi := g.n, g.n
	if g.width > 0 {
		middle := int(math.Round(g.share * float64(sumOf(g.totals))))
		lo, hi = max(1, middle-g.width), min(middle+g.width, sumOf(g.totals))
	}
	if g.hidden {
		rows := sumOf(g.totals)
		return prior.Hidden(g.train, [2]int{rows, rows}, [2]int{lo, hi}, g.concentration*float64(g.topics), prior.Absent)
	}
	return prior.Spec{Totals: g.totals, Public: [2]int{lo, hi}, Alpha: g.alpha(), Split: math.Inf(1)}
}

func (g *game) dirichlet(alpha []float64) []float64 {
	p, sum := make([]float64, len(alpha)), 0.0
	for c, a := range alpha {
		p[c] = distuv.Gamma{Alpha: a, Beta: 1, Src: g.rng}.Rand()
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
	return p
}

func (g *game) pick(p []float64) int {
	u := g.rng.Float64()
	for c, v := range p {
		if u -= v; u < 0 {
			return c
		}
	}
	return len(p) - 1
}

func (g *game) randomSplit() {
	type row struct{ topic, class int }
	var all []row
	for k := range g.labels {
		for _, c := range g.labels[k] {
			all = append(all, row{k, c})
		}
	}
	g.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, r := range all[:g.n] {
		g.cells[r.topic][r.class]++
	}
}

// score is the board: -ln of every public row's own class, summed without rounding, over n, shown to the last decimal.
func (g *game) score(t testing.TB, p design.Probe) metric.Reading {
	sum := new(big.Float).SetPrec(300)
	for k, counts := range g.cells {
		for c, n := range counts {
			term := new(big.Float).SetPrec(300).SetFloat64(-math.Log(p.Q[k][c]))
			sum.Add(sum, term.Mul(term, big.NewFloat(float64(n))))
		}
	}
	sum.Quo(sum, big.NewFloat(float64(g.n)))
	text := sum.Text('f', g.decimals)
	if g.rounding == metric.Floor {
		text = sum.Text('f', g.decimals+30)
		text = strings.TrimSuffix(text[:len(text)-30], ".")
	}
	r, err := metric.ParseReading(text, g.decimals)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// count is the truth of a row of counts.csv.
func (g *game) count(split string, topic int, class string) int {
	sum := 0
	for k := range g.cells {
		if topic != AllTopics && topic != k {
			continue
		}
		if class == "*" && split == "total" {
			sum += g.totals[k]
			continue
		}
		for c, n := range g.cells[k] {
			name := g.input.Design.Classes[c]
			if class == "*" || class == name || class[0] == '!' && class[1:] != name {
				sum += n
			}
		}
		if split == "private" {
			sum = g.totals[k] - sum
		}
	}
	return sum
}

// outcome compares a result with the truth: wrong lists what is called exact and is not, right says that every public count asked for is
// named by its best value.
func (g *game) outcome(r *Result) (wrong []string, right bool) {
	right = true
	for _, c := range r.Counts {
		want := g.count(c.Split, c.Topic, c.Class)
		if c.Exact && (c.Lo != want || c.Best != want || c.Hi != want) {
			wrong = append(wrong, fmt.Sprintf("%+v, truly %d", c, want))
		}
		if c.Split == "public" && c.Class != "*" && c.Best != want {
			right = false
		}
	}
	for _, v := range r.Verdicts {
		if want := g.count("private", v.Topic, "*"); v.Exact && (v.PrivateLo != want || v.PrivateHi != want) {
			wrong = append(wrong, fmt.Sprintf("%+v, truly %d", v, want))
		}
	}
	return wrong, right
}

func sumOf(v []int) int {
	s := 0
	for _, x := range v {
		s += x
	}
	return s
}
