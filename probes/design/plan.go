package design

import (
	"fmt"
	"math"
	"slices"

	"lbprobe/probes/prior"
)

// Plan is what a design will cost and tell, before anything is spent.
type Plan struct {
	Kind        Kind    `json:"design"`
	Target      Target  `json:"target"`
	Unknowns    int     `json:"unknowns"`
	Entropy     float64 `json:"entropy_bits"` // of the unknown counts under the prior
	BitsEach    float64 `json:"bits_a_probe"` // mean over the probes up to the bound
	Bound       float64 `json:"bound"`        // submissions whose joint information, with that of scores that are there already, reaches the entropy
	Submissions int     `json:"submissions"`  // that the design takes until every count is claimed exact; scores that are there already are not among them
	Polished    bool    `json:"polished,omitempty"`
	Resolution  float64 `json:"resolution_rows"` // rows of one topic that move a score by one tick, at the median
}

// SpareBits is by how much the scores must tell more than the entropy under a flat belief before counts are claimed exact (design.md §2): a
// wrong point then fits by chance less than once in a million times.
const SpareBits = 20

// roundingBits is what may be lost when the expected scores, for which a plan is made, turn out to be others.
const roundingBits = 2

// forBlame is how many submissions past the bound it takes to name a score that is wrong: without it the others must still identify the
// counts.
const forBlame = 2

// NewPlan weighs a design that was drawn with enough probes: no fewer than Bound + forBlame. flat is the flat belief about the same counts.
func NewPlan(m, flat *prior.Model, o Options, d *Design) (Plan, error) {
	o.groups = d.Groups
	p := Plan{Kind: d.Kind, Target: d.Target, Unknowns: m.Dim(), Entropy: m.Entropy(), Polished: o.Polish}
	sys, err := expected(m, o, d.Probes)
	if err != nil {
		return Plan{}, err
	}
	info, known := sys.beyond(len(o.Known))
	asked := p.Entropy - known
	p.Bound = Bound(info, asked)
	p.BitsEach = info[0]
	if p.Bound > 0 {
		p.BitsEach = asked / p.Bound
	}
	p.Resolution = sys.resolution(len(o.Known))
	p.Submissions = len(d.Probes)
	if d.Kind == Lattice {
		sys, err := expected(flat, o, d.Probes)
		if err != nil {
			return Plan{}, err
		}
		info, known := sys.beyond(len(o.Known))
		exact := Bound(info, flat.FullEntropy()+SpareBits+roundingBits-known)
		p.Submissions = int(math.Ceil(max(exact, p.Bound+forBlame)))
	}
	return p, nil
}

// expected is the System of probes that have no scores yet, after those whose scores are known.
func expected(m *prior.Model, o Options, probes []Probe) (*System, error) {
	mean, _ := m.Gaussian()
	all := slices.Concat(o.Known, probes)
	means, err := meansAt(m, o, all, mean)
	if err != nil {
		return nil, err
	}
	return NewSystem(m, o.groups, o.Scoring, all, means)
}

// beyond is what the first j+1 scores after some known ones add to what those tell, for every j, in bits.
func (s *System) beyond(known int) (info []float64, before float64) {
	info = s.Information()
	if known == 0 {
		return info, 0
	}
	before = info[known-1]
	info = info[known:]
	for j := range info {
		info[j] -= before
	}
	return info, before
}

// Bound is the smallest number of submissions, interpolated, whose joint information in bits reaches the entropy. info[j] is that of
// the first j+1; past its end every submission is taken to bring as much as the last.
func Bound(info []float64, entropy float64) float64 {
	before := 0.0
	for j, v := range info {
		if v >= entropy {
			return float64(j) + max(0, entropy-before)/math.Max(v-before, 1e-9)
		}
		before = v
	}
	last := info[len(info)-1]
	if len(info) > 1 {
		last -= info[len(info)-2]
	}
	return float64(len(info)) + (entropy-before)/math.Max(last, 1e-9)
}

// resolution is the rows of one unknown that move a score by a tick, over unknowns and the scores after some known ones at the median.
func (s *System) resolution(known int) float64 {
	_, hi := s.model.Public()
	var rows []float64
	for j := known; j < len(s.Sigma); j++ {
		tick := 2 * float64(hi) * (s.lines[j].half + s.lines[j].blur)
		for _, a := range s.A.RawRowView(j) {
			if math.Abs(a) > 1e-9 { // a prediction cut to 53 bits leaves less than that where a probe does not move a count
				rows = append(rows, tick/math.Abs(a))
			}
		}
	}
	return median(rows)
}

// Sized draws a lattice design of as many probes as an exact claim needs, at most budget; one-at-a-time takes one probe an unknown. [Options.Polish] holds where it saves
// a submission: polished predictions crowd at the ends of their range, so that topics look more alike, which few probes do not make up for.
func Sized(m, flat *prior.Model, o Options, budget int) (*Design, Plan, error) {
	plain := o
	plain.Polish = false
	d, p, err := sized(m, flat, plain, budget)
	if err != nil || !o.Polish || o.Kind != Lattice {
		return d, p, err
	}
	if polished, q, err := sized(m, flat, o, budget); err != nil || q.Submissions < p.Submissions {
		return polished, q, err
	}
	return d, p, nil
}

func sized(m, flat *prior.Model, o Options, budget int) (*Design, Plan, error) {
	o.Count = m.Dim()
	switch o.Kind {
	case Lattice:
		o.Count += spareProbes // a probe tells more than one count
	case Blocks:
		o.Count = 0 // every block once
	}
	d, p, err := weighed(m, flat, o)
	for err == nil && o.Kind == Lattice && p.Submissions > len(d.Probes) && len(d.Probes) == o.Count && o.Count < mostProbes {
		o.Count = min(p.Submissions+spareProbes, mostProbes) // probes that tell less than a count
		d, p, err = weighed(m, flat, o)
	}
	if err != nil {
		return nil, Plan{}, err
	}
	if o.Kind == OneAtATime && len(d.Probes) > budget {
		return nil, p, fmt.Errorf("one topic at a time takes %d submissions, the budget is %d", len(d.Probes), budget)
	}
	d.Probes = d.Probes[:min(len(d.Probes), p.Submissions, budget)]
	return d, p, nil
}

// weighed draws a design and weighs it.
func weighed(m, flat *prior.Model, o Options) (*Design, Plan, error) {
	d, err := Draw(m, o)
	if err != nil {
		return nil, Plan{}, err
	}
	p, err := NewPlan(m, flat, o, d)
	return d, p, err
}

// mostProbes bounds the probes that a plan draws: nobody spends more.
const mostProbes = 1000

// spareProbes are more than the spare bits of an exact claim take, however few the unknowns.
const spareProbes = 4

// PrivateAlready is the chance that the private part holds at least `from` rows of a topic under the belief alone: no submission is needed for it.
// Rows that are neither public nor private are at most unscored, and may all be of this topic.
func PrivateAlready(m *prior.Model, topic, unscored, from int) float64 {
	return 1 - m.FewElsewhere(topic, m.PublicRowsOf(topic), from+unscored)
}

func median(v []float64) float64 {
	slices.Sort(v)
	if len(v) == 0 {
		return math.NaN()
	}
	return v[len(v)/2]
}
