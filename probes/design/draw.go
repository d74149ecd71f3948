package design

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// Options say what probes to draw. Equal options give equal probes.
type Options struct {
	Kind    Kind
	Target  Target
	Classes []string
	Column  string // of a submission of one column; empty: it has one a class
	Topics  int
	Scoring metric.Scoring
	Outside bool    // a submission of one column may hold what no row can be
	Floor   float64 // smallest probability
	Count   int     // probes at most
	Seed    uint64
	Known   []Probe // submissions whose scores bear on the same counts and are there already: a channel's constants
	Polish  bool    // improve every probe of a lattice topic by topic: about half a bit more a score, for ten times the work

	groups [][]int // of classes, as Groups gives them
}

// columns are those of a submission behind the id.
func (o Options) columns() []string {
	if o.Column != "" {
		return []string{o.Column}
	}
	return o.Classes
}

// candidates is how many random predictions a lattice probe is chosen from, by what it would tell after the probes before it. Polishing goes over its
// topics so many times, and tries so many other predictions for each.
const (
	candidates = 24
	sweeps     = 3
	others     = 8
)

// Draw lays out probes for a model of the unknowns that [Groups] gives: Count of them for a lattice design, one for every unknown in turn for
// one-at-a-time.
func Draw(m *prior.Model, o Options) (*Design, error) {
	if most := metric.MaxFloor(len(o.Classes)); o.Scoring.Metric.Probabilities() && !(o.Floor > 0 && o.Floor <= most) {
		return nil, fmt.Errorf("a floor of %v leaves %d classes no room: it must be above 0 and at most %v", o.Floor, len(o.Classes), most)
	}
	var err error
	if o.groups, err = Groups(o.Target, o.Scoring, max(1, len(o.Classes)), o.Outside); err != nil {
		return nil, err
	}
	p, err := o.predictions()
	if err != nil {
		return nil, err
	}
	d := &Design{Kind: o.Kind, Target: o.Target, Classes: o.Classes, Columns: o.columns(), Groups: o.groups, Topics: o.Topics}
	switch o.Kind {
	case OneAtATime:
		d.Probes = oneAtATime(m, o, p)
	case Lattice:
		d.Probes, err = lattice(m, o, p)
	case Hadamard:
		d.Probes = hadamard(o, p)
	case Blocks:
		d.Probes, err = blocks(m, o)
	default:
		err = fmt.Errorf("design %q is not available yet", o.Kind)
	}
	return d, err
}

// lattice draws the probes one after the other, each the most telling of a handful given those before it.
func lattice(m *prior.Model, o Options, p predictions) ([]Probe, error) {
	rng := rand.New(rand.NewPCG(o.Seed, 0x6c617474696365))
	l, out := newLearner(m, o), make([]Probe, 0, o.Count)
	for _, known := range o.Known {
		c, err := l.weigh(known)
		if err != nil {
			return nil, err
		}
		l.state.learn(c.row, c.sigma)
	}
	for j := range o.Count {
		best := candidate{gain: math.Inf(-1)}
		for range candidates {
			one := Probe{Number: j + 1}
			for range o.Topics {
				one.Q = append(one.Q, p.random(rng))
			}
			if err := l.better(&best, one); err != nil {
				return nil, err
			}
		}
		if o.Polish {
			if err := l.polish(&best, p, rng); err != nil {
				return nil, err
			}
		}
		l.state.learn(best.row, best.sigma)
		out = append(out, best.probe)
	}
	return out, nil
}

// learner weighs probes by what they would tell beside those that it has learned from.
type learner struct {
	m     *prior.Model
	s     metric.Scoring
	mean  *mat.VecDense
	state *state
	draw  drawer
}

// candidate is a probe as an equation, and the bits that it would tell.
type candidate struct {
	probe       Probe
	row         []float64
	sigma, gain float64
}

func newLearner(m *prior.Model, o Options) *learner {
	mean, cov := m.Gaussian()
	return &learner{m, o.Scoring, mean, newState(cov), newDrawer(m, o.groups, o.Scoring, o.Topics)}
}

func (l *learner) weigh(p Probe) (candidate, error) {
	one, err := l.draw.line(p)
	if err != nil {
		return candidate{}, err
	}
	one.expect(l.m, l.mean, l.s) // where n is unknown the form holds the score
	row, _, sigma := one.equation(l.m)
	return candidate{p, row, sigma, l.state.gain(row, sigma)}, nil
}

// better replaces the best candidate by a probe that tells more.
func (l *learner) better(best *candidate, p Probe) error {
	c, err := l.weigh(p)
	if err == nil && c.gain > best.gain {
		*best = c
	}
	return err
}

// polish tries other predictions for one topic after the other and keeps what tells more: coordinate ascent from the best of the candidates.
func (l *learner) polish(best *candidate, p predictions, rng *rand.Rand) error {
	for range sweeps {
		for k := range best.probe.Q {
			for range others {
				one := Probe{Number: best.probe.Number, Q: slices.Clone(best.probe.Q)}
				one.Q[k] = p.random(rng)
				if err := l.better(best, one); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// random draws the prediction of one topic under a logarithm; least is leastLoss.
func (o Options) random(rng *rand.Rand, least float64) []float64 {
	top := -math.Log(o.Floor)
	switch o.Target {
	case Presence:
		return o.sparingA(least + (top-least)*extreme(rng))
	case Rows:
		l := o.softest() + (top-o.softest())*rng.Float64()
		if rng.Uint64()&1 == 0 {
			return o.sparingA(l)
		}
		return o.dearClass(0, l)
	}
	return o.randomCells(rng, top)
}

// randomCells leaves one class what the random losses of the others leave over.
func (o Options) randomCells(rng *rand.Rand, top float64) []float64 {
	q := make([]float64, len(o.Classes))
	rest, sum := rng.IntN(len(q)), 0.0
	for c := range q {
		if c != rest {
			q[c] = math.Exp(-o.softest() - (top-o.softest())*rng.Float64())
			sum += q[c]
		}
	}
	q[rest] = 1 - sum
	return q
}

// extreme is an arcsine variable on [0, 1]: its spread is 1.22 times that of a uniform one, which is worth 0.3 bits a probe.
func extreme(rng *rand.Rand) float64 {
	s := math.Sin(math.Pi / 2 * rng.Float64())
	return s * s
}

// softest is the smallest loss of a dear class in the targets that count A too: all classes but one can have it at once.
func (o Options) softest() float64 { return math.Log(float64(len(o.Classes)-1)) + 0.5 }

// sparingA is (1 − (C−1) b, b, …, b) with b = e^-loss: A is nearly free, all other classes lose the same.
func (o Options) sparingA(loss float64) []float64 {
	q, b := make([]float64, len(o.Classes)), math.Exp(-loss)
	q[0] = 1 - float64(len(q)-1)*b
	for c := 1; c < len(q); c++ {
		q[c] = b
	}
	return q
}

// dearClass gives one class the probability e^-loss and shares the rest equally.
func (o Options) dearClass(class int, loss float64) []float64 {
	q, a := make([]float64, len(o.Classes)), math.Exp(-loss)
	for c := range q {
		q[c] = (1 - a) / float64(len(q)-1)
	}
	q[class] = a
	return q
}

// leastLoss is the smallest loss of not-A for which A's own, averaged over losses up to the floor's, stays below 2 % of half a tick
// were every row of class A, so that a last digit that is off by one shows: about 9.6 at 3 decimals. Where that leaves less than half of the losses
// to choose from it is 6 %: about 13 at 5 decimals.
func (o Options) leastLoss() float64 {
	top := -math.Log(o.Floor)
	if l := o.sparing(0.02); l < top/2 {
		return l
	}
	return o.sparing(0.06)
}

// sparing is the smallest loss of not-A for which A's own stays below that share of half a tick.
func (o Options) sparing(share float64) float64 {
	top := -math.Log(o.Floor)
	limit := share * 0.5 * math.Pow10(-o.Scoring.Decimals)
	l := o.softest()
	for l < top-1 && float64(len(o.Classes)-1)*math.Exp(-l)/(top-l) > limit {
		l += 0.05
	}
	return l
}

// oneAtATime moves one topic, and where several groups are asked one group, a submission, against a base that is the same everywhere.
func oneAtATime(m *prior.Model, o Options, p predictions) []Probe {
	var out []Probe
	for _, u := range m.Unknowns() {
		if u.Group == prior.PublicRows || len(out) == o.Count {
			break
		}
		one := Probe{Number: len(out) + 1}
		for k := range o.Topics {
			if k == u.Topic {
				one.Q = append(one.Q, p.moved(u.Group))
			} else {
				one.Q = append(one.Q, p.base())
			}
		}
		out = append(out, one)
	}
	return out
}
