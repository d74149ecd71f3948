package calibration

import (
	"math"
	"math/rand/v2"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"lbprobe/analysis"
	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// mostExtra is the most submissions past the bound that are scored.
const mostExtra = 4

// world is what a competitor knows before any score, and the design drawn from it.
type world struct {
	Setting
	seed   uint64
	number int
	totals []int       // test rows of each topic; of a hidden test those of a test that is like the train set
	train  [][]int     // topics × classes
	truth  [][]float64 // Dirichlet parameters from which the true class shares are drawn
	shows  metric.Rounding
	input  analysis.Input // but for the scores
	bound  int            // submissions, rounded up
}

// newWorld draws topic sizes from a Dirichlet of 3, class shares of the train set from one of about 10 a class, and a design.
func newWorld(s Setting, seed uint64, number int) (*world, error) {
	rng := s.stream(seed, number, -1)
	w := &world{Setting: s, seed: seed, number: number}
	w.totals = apportion(s.rows(), dirichlet(repeat(3, s.Topics), rng), rng)
	for _, n := range w.totals {
		w.train = append(w.train, apportion(2*n, dirichlet(repeat(10, s.Classes), rng), rng))
	}
	w.shows = s.Rounding
	if s.Rounding == metric.Either {
		w.shows = []metric.Rounding{metric.Round, metric.Floor}[number%2]
	}
	return w, w.plan(rng.Uint64())
}

// plan states the belief and draws as many probes as are scored at most.
func (w *world) plan(seed uint64) error {
	right := prior.Weak(w.Topics)
	w.truth = prior.ClassEvidence(w.train, right)
	believed := map[Truth]float64{Overconfident: 10 * right, Underconfident: right / 8}[w.Truth]
	if believed == 0 {
		believed = right
	}
	spec := prior.Spec{Totals: w.totals, Public: w.publicRange(), Alpha: prior.ClassEvidence(w.train, believed), Split: math.Inf(1)}
	if w.Hidden {
		spec = prior.Hidden(w.train, [2]int{w.rows(), w.rows()}, w.publicRange(), believed, prior.Absent)
	}
	scoring := metric.Scoring{Metric: metric.LogLoss, Decimals: w.Decimals, Rounding: w.Rounding, Clip: metric.Clip64, Normalise: metric.Divide}
	o := design.Options{Kind: design.Lattice, Target: w.Target, Classes: classNames(w.Classes), Topics: w.Topics, Scoring: scoring, Floor: 1e-12, Seed: seed}
	if err := w.draw(spec, o); err != nil {
		return err
	}
	w.input.Scoring, w.input.Belief, w.input.Certainty, w.input.FDR, w.input.PresentFrom = scoring, spec, 0.99, 0.05, 1
	for k := range w.totals {
		w.input.Names = append(w.input.Names, classNames(1)[0])
		w.input.TrainRows = append(w.input.TrainRows, sum(w.train[k]))
	}
	return nil
}

// draw sets the design and the bound. A design is drawn one probe after the other, so a larger one begins with the smaller.
func (w *world) draw(spec prior.Spec, o design.Options) error {
	groups, err := o.Target.Groups(w.Classes)
	if err != nil {
		return err
	}
	spec.Groups = groups
	m, err := prior.New(spec)
	if err != nil {
		return err
	}
	flat, err := prior.New(prior.Beliefs(spec)[prior.Flat])
	if err != nil {
		return err
	}
	o.Count = max(8, m.Dim()*3/4)
	for {
		d, err := design.Draw(m, o)
		if err != nil {
			return err
		}
		p, err := design.NewPlan(m, flat, o, d)
		if err != nil {
			return err
		}
		w.bound = int(math.Ceil(p.Bound))
		if want := w.bound + mostExtra; o.Count >= want {
			d.Probes = d.Probes[:want]
			w.input.Design = d
			return nil
		}
		o.Count = w.bound + mostExtra + 2
	}
}

func classNames(n int) []string { return strings.Split("abcdefgh", "")[:n] }

func repeat(v float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// dirichlet draws shares; what has no evidence has none.
func dirichlet(alpha []float64, rng *rand.Rand) []float64 {
	p, total := make([]float64, len(alpha)), 0.0
	for c, a := range alpha {
		if a > 0 {
			p[c] = distuv.Gamma{Alpha: a, Beta: 1, Src: rng}.Rand()
			total += p[c]
		}
	}
	for c := range p {
		p[c] /= total
	}
	return p
}

// apportion draws a multinomial: n rows by their shares.
func apportion(n int, share []float64, rng *rand.Rand) []int {
	out := make([]int, len(share))
	for range n {
		u, c := rng.Float64(), 0
		for c < len(share)-1 && u >= share[c] {
			u -= share[c]
			c++
		}
		out[c]++
	}
	return out
}

func sum(v []int) int {
	s := 0
	for _, x := range v {
		s += x
	}
	return s
}
