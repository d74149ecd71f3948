package design

import (
	"fmt"
	"math"
	"slices"

	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// mostSums bounds the sums of a block that are compared with each other.
const mostSums = 1 << 20

// blocks asks about some topics a submission, and predicts all classes of the others alike. It is for tests whose rows are all public: then a topic's
// rows are known, and what is open is how many of them are of which class. Within a block the topics' costs are such that no two answers have
// the same sum, by more than a score's interval, so that one score tells a block whatever is believed; a lattice of as many topics would not
// decode. For topics of one row each these are sets of distinct subset sums, by Conway and Guy (1968), which are half as large as doubling ones;
// with more rows every cost is more than all before it together.
func blocks(m *prior.Model, o Options) ([]Probe, error) {
	d := newDrawer(m, o.groups, o.Scoring, o.Topics)
	logs := o.Scoring.Metric == metric.LogLoss || o.Scoring.Metric == metric.BinaryLogLoss
	switch {
	case !logs || o.Target != Presence:
		return nil, fmt.Errorf("blocks are for presence under log-loss or binary-log-loss, not for %s under %s", o.Target, o.Scoring.Metric)
	case o.Scoring.Noise > 0:
		return nil, fmt.Errorf("blocks need a board that scores a file the same each time, not one with noise")
	case d.rows == nil:
		return nil, fmt.Errorf("blocks need a test whose rows are all public, so that each topic's are known")
	}
	b := blocker{Options: o, rows: d.rows}
	for _, n := range d.rows {
		b.all += n
	}
	var left []int
	for k, n := range d.rows {
		if n > 0 {
			left = append(left, k)
		}
	}
	parts, err := b.fill(left)
	if err != nil {
		return nil, err
	}
	out := make([]Probe, 0, len(parts))
	for i := 0; i < max(len(parts), o.Count); i++ {
		p, ok := b.again(parts[i%len(parts)], i/len(parts))
		if !ok {
			return nil, fmt.Errorf("block %d can't be asked again in another order", i%len(parts)+1)
		}
		p.Number = i + 1
		out = append(out, p)
	}
	return out, nil
}

// blocker fills blocks.
type blocker struct {
	Options
	rows []int // of each topic
	all  int   // rows
}

// fill parts the topics into blocks, each as long as one score can tell apart.
func (b blocker) fill(left []int) (parts [][]int, err error) {
	for len(left) > 0 {
		took := b.longest(left)
		if took == 0 {
			return nil, fmt.Errorf("topic %d has more rows than one score of %d decimals over %d rows tells apart", left[0], b.Scoring.Decimals, b.all)
		}
		parts, left = append(parts, left[:took]), left[took:]
	}
	return parts, nil
}

// longest is how many of the first topics one score can tell apart.
func (b blocker) longest(left []int) int {
	const most = 40 // weights of more are beyond any score
	for took := min(len(left), most); took > 0; took-- {
		if _, ok := b.again(left[:took], 0); ok {
			return took
		}
	}
	return 0
}

// again makes the probe of a block for the first time, or once more with other weights: with every turn the next topic comes first. That with the
// most rows stays last, where it takes the least room.
func (b blocker) again(block []int, turn int) (Probe, bool) {
	most := 0
	for i, k := range block {
		if b.rows[k] > b.rows[block[most]] {
			most = i
		}
	}
	others := slices.Delete(slices.Clone(block), most, most+1)
	if len(others) > 0 {
		turn %= len(others)
		others = slices.Concat(others[turn:], others[:turn])
	}
	turned := append(others, block[most])
	return b.probe(turned, b.weights(turned))
}

// weights of the topics in proportion: sums of them, each taken as often as its topic has rows or less often, are all different.
func (b blocker) weights(topics []int) []float64 {
	if !slices.ContainsFunc(topics, func(k int) bool { return b.rows[k] > 1 }) {
		return distinctSums(len(topics))
	}
	out, next := make([]float64, len(topics)), 1.0
	for i, k := range topics {
		out[i] = next
		next += next * float64(b.rows[k])
	}
	return out
}

// distinctSums is the set of n numbers u_n − u_i, i < n, of Conway and Guy, whose subsets all have different sums (Bohman 1996); u is 0, 1, then
// u_{i+1} = 2 u_i − u_{i−r} with r the whole number nearest to √(2i).
func distinctSums(n int) []float64 {
	u := []float64{0, 1}
	for i := 1; len(u) <= n; i++ {
		u = append(u, 2*u[i]-u[i-int(math.Round(math.Sqrt(2*float64(i))))])
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = u[n] - u[i]
	}
	return out
}

// probe predicts each topic so that its classes' costs differ in proportion to its weight, and says whether all sums lie apart by more than the
// interval of a score.
func (b blocker) probe(topics []int, weights []float64) (p Probe, ok bool) {
	least := b.least()
	unit := math.Log((1-least)/least) / slices.Max(weights)
	apart := float64(b.all) * (math.Pow10(-b.Scoring.Decimals) + 4e-12)
	if unit <= apart {
		return p, false
	}
	for range b.Topics {
		p.Q = append(p.Q, b.tilted(0))
	}
	sums := []float64{0}
	for i, k := range topics {
		p.Q[k] = b.tilted(unit * weights[i])
		loss, err := b.Scoring.RowLoss(p.Q[k])
		if err != nil || len(sums)*(b.rows[k]+1) > mostSums {
			return p, false
		}
		one := loss[1] - loss[0]
		for _, s := range sums[:len(sums):len(sums)] {
			for x := 1; x <= b.rows[k]; x++ {
				sums = append(sums, s+float64(x)*one)
			}
		}
	}
	slices.Sort(sums)
	for i := range sums[1:] {
		if sums[i+1]-sums[i] <= apart {
			return p, false
		}
	}
	return p, true
}

// least is the smallest probability of a block. Where every class has a column these are whole numbers of 2^-53, of which it takes many to have
// digits enough.
func (b blocker) least() float64 {
	if b.Column != "" {
		return b.Floor
	}
	return max(b.Floor, 1e-12)
}

// tilted predicts classes whose costs differ by odds: in one column the positive class costs more, else all classes but A do. A small number in one
// column has all of its digits, which 1 less a small number has not.
func (b blocker) tilted(odds float64) []float64 {
	if b.Column != "" {
		return []float64{max(b.Floor, 1/(1+math.Exp(odds)))}
	}
	q := slices.Repeat([]float64{1}, len(b.Classes))
	q[0] = math.Exp(odds)
	return metric.Quantise(q, b.Floor)
}
