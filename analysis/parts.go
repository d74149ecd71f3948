package analysis

import (
	"slices"

	"lbprobe/probes/metric"
)

// apart is what is known of a score beside the rows of a part: how many rows it is the mean of in all, and what those outside the part cost together.
// The zero value is a score of nothing but the part.
type apart struct {
	rows int
	cost float64
}

// from turns mean costs over all rows into those over the part's.
func (p apart) from(all metric.Interval, rows int) metric.Interval {
	if p.rows == 0 {
		return all
	}
	n := float64(rows)
	return metric.Interval{Lo: (float64(p.rows)*all.Lo - p.cost) / n, Hi: (float64(p.rows)*all.Hi - p.cost) / n}
}

// back is the way back for one mean cost.
func (p apart) back(mean float64, rows int) float64 {
	if p.rows == 0 {
		return mean
	}
	return (mean*float64(rows) + p.cost) / float64(p.rows)
}

// part is some topics that share probes with each other and with no other topic.
type part struct {
	topics []int
	input  Input
}

// partsOf splits an input whose test rows are all public: then the topics' rows are known, so that topics which no probe moves together have
// nothing to do with each other. One search over all of them would be hopeless where a search for each part is easy. nil: it can't be split,
// which holds for a noisy board too, as its error is that of the whole score.
func partsOf(in Input) []part {
	rows := 0
	for _, n := range in.Belief.Totals {
		rows += n
	}
	if in.Belief.Public != [2]int{rows, rows} || in.Scoring.Metric.Numeric() || in.Scoring.Noise > 0 {
		return nil
	}
	costs, err := allCosts(in)
	if err != nil {
		return nil // the analysis of the whole says what is wrong
	}
	var out []part
	for _, topics := range together(in, costs) {
		out = append(out, newPart(in, topics, costs, rows))
	}
	return out
}

// allCosts are, by probe and topic, what a row costs by class.
func allCosts(in Input) ([][][]float64, error) {
	out := make([][][]float64, len(in.Design.Probes))
	for j, p := range in.Design.Probes {
		for _, q := range p.Q {
			loss, err := in.Scoring.RowLoss(q)
			if err != nil {
				return nil, err
			}
			out[j] = append(out[j], loss)
		}
	}
	return out, nil
}

// moves tells whether a prediction tells the classes apart, by more than its last bits.
func moves(cost []float64) bool { return slices.Max(cost)-slices.Min(cost) > 1e-12 }

// together gathers the topics that are moved by the same probes, directly or by way of others, in the order of their first topic.
func together(in Input, costs [][][]float64) [][]int {
	of := make([]int, len(in.Belief.Totals))
	for k := range of {
		of[k] = k
	}
	for j := range costs {
		first := -1
		for k, cost := range costs[j] {
			switch {
			case in.Belief.Totals[k] == 0 || !moves(cost):
			case first < 0:
				first = k
			default:
				from, to := max(of[k], of[first]), min(of[k], of[first])
				for i := range of {
					if of[i] == from {
						of[i] = to
					}
				}
			}
		}
	}
	var out [][]int
	index := map[int]int{}
	for k, root := range of {
		if in.Belief.Totals[k] == 0 {
			continue
		}
		if _, ok := index[root]; !ok {
			index[root] = len(out)
			out = append(out, nil)
		}
		out[index[root]] = append(out[index[root]], k)
	}
	return out
}

// newPart cuts an input down to some topics.
func newPart(in Input, topics []int, costs [][][]float64, rows int) part {
	totals, mine := make([]int, len(in.Belief.Totals)), 0
	for _, k := range topics {
		totals[k] = in.Belief.Totals[k]
		mine += totals[k]
	}
	d := *in.Design
	d.Probes = nil
	p := part{topics, in}
	p.input.Scores, p.input.Shares = nil, nil // the shares are those of all rows
	for j, probe := range in.Design.Probes {
		if !slices.ContainsFunc(topics, func(k int) bool { return moves(costs[j][k]) }) {
			continue
		}
		d.Probes = append(d.Probes, probe)
		aside := apart{rows: rows}
		for k, cost := range costs[j] {
			if totals[k] == 0 {
				aside.cost += float64(in.Belief.Totals[k]) * cost[0]
			}
		}
		for _, s := range in.Scores {
			if s.Probe == probe.Number {
				s.apart = aside
				p.input.Scores = append(p.input.Scores, s)
			}
		}
	}
	p.input.Design, p.input.Belief.Totals, p.input.Belief.Public = &d, totals, [2]int{mine, mine}
	return p
}
