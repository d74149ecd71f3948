package analysis

import (
	"math"
	"slices"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// byTotals decodes two readings a probe in two steps, each with less to ask than the rows of one part. Where n is known and no row is ignored, public and
// private score together are the score of the whole test, M = (n S + m S')/(n+m), cut to the same tick; it tells each topic's rows of every group in
// both parts together, one unknown a topic. Then only the split of known rows is left to ask of the smaller part's score. It returns nil where that does
// not apply, or does not end in exact counts.
func (b *both) byTotals() (*Result, error) {
	if !b.hasTotals() {
		return nil, nil
	}
	whole, err := analyze(b.wholeTest())
	if err != nil || whole.Status != Exact {
		return nil, err
	}
	small := 0
	if b.sides[1].middle() < b.sides[0].middle() {
		small = 1
	}
	totals := make([]int, 2*len(b.base.Belief.Totals))
	for k, n := range b.base.Belief.Totals {
		rest := whole.told.known.cell[k][0].Lo
		totals[2*k], totals[2*k+1] = n-rest, rest
	}
	in, ok := b.splitOf(totals, small, metric.Rounding(whole.Rounding))
	if !ok {
		return nil, nil
	}
	split, err := analyze(in)
	if err != nil || split.Status != Exact {
		return nil, err
	}
	b.settle(small, totals, whole, split)
	return b.result(), nil
}

// hasTotals says whether byTotals applies: n known, no row ignored, two groups that count every class, a score that is a plain mean, both scores of
// every probe.
func (b *both) hasTotals() bool {
	in := b.base.Input
	plain := in.Scoring.Metric == metric.LogLoss || in.Scoring.Metric == metric.BinaryLogLoss || in.Scoring.Metric == metric.Brier
	return plain && !b.base.latent && len(b.base.groups) == 2 && in.Unscored == [2]int{} && in.Belief.Public[0] == in.Belief.Public[1] &&
		in.Scoring.Noise == 0 && len(b.sides[0].input.Scores) == len(b.sides[1].input.Scores)
}

// wholeTest asks the rows of the second group in both parts together.
func (b *both) wholeTest() Input {
	in := b.base.Input
	n, rows := in.Belief.Public[0], b.base.rows[0]
	d := *in.Design
	d.Groups = b.base.groups[1:]
	in.Design, in.Belief.Public, in.Shares, in.Scores = &d, [2]int{rows, rows}, nil, nil
	for i, s := range b.sides[0].input.Scores {
		mean := (float64(n)*s.Public.Value + float64(rows-n)*b.sides[1].input.Scores[i].Public.Value) / float64(rows)
		shown := mean
		if !in.Scoring.Full { // the mean lies between two ticks
			unit := math.Pow10(in.Scoring.Decimals)
			shown = math.Round(mean*unit) / unit
		}
		s.apart = apart{rows: rows, cost: -(mean - shown) * float64(rows)}
		s.Public = metric.Reading{Text: s.Public.Text, Value: shown}
		in.Scores = append(in.Scores, s)
	}
	return in
}

// splitOf asks how many of known rows, totals[2k] of the first and totals[2k+1] of the second group of topic k, are on one side: every group of a
// topic is a topic of its own, whose one class costs as the group did.
func (b *both) splitOf(totals []int, side int, rounding metric.Rounding) (Input, bool) {
	in := b.base.Input
	in.Scoring = metric.Scoring{Metric: metric.LogLoss, Decimals: in.Scoring.Decimals, Full: in.Scoring.Full, Rounding: rounding, Normalise: metric.None}
	d := &design.Design{Kind: in.Design.Kind, Target: design.Rows, Classes: []string{every}, Columns: []string{every}, Groups: [][]int{{0}}, Topics: len(totals)}
	for _, p := range in.Design.Probes {
		one := design.Probe{Number: p.Number}
		for _, q := range p.Q {
			loss, err := b.base.Scoring.RowLoss(q)
			if err != nil {
				return in, false
			}
			for _, group := range b.base.groups {
				one.Q = append(one.Q, []float64{math.Exp(-loss[group[0]])})
			}
		}
		d.Probes = append(d.Probes, one)
	}
	in.Design, in.Scores, in.Shares = d, b.sides[side].input.Scores, nil
	in.Names, in.TrainRows = make([]string, len(totals)), make([]int, len(totals))
	in.Belief = prior.Spec{Totals: totals, Public: b.sides[side].input.Belief.Public, Alpha: prior.FlatEvidence(len(totals), 1), Split: in.Belief.Split}
	return in, true
}

// without leaves out a check that does not speak of the board: the split is read under costs put in for the scorer's, and the score of the whole
// test is not on its grid.
func without(checks []Check, name string) []Check {
	return slices.DeleteFunc(slices.Clone(checks), func(c Check) bool { return c.Name == name })
}

// settle gives both sides their exact counts.
func (b *both) settle(small int, totals []int, whole, split *Result) {
	counts := [2]marginals{}
	for i := range counts {
		counts[i].sums = []prior.PMF{prior.Point(0), prior.Point(0)}
		counts[i].all = prior.Point(b.sides[i].input.Belief.Public[0])
	}
	for k := range b.base.Belief.Totals {
		var cells [2][2]int
		for g := range 2 {
			x := split.told.known.rows[2*k+g].Lo
			cells[small][g], cells[1-small][g] = x, totals[2*k+g]-x
		}
		for i, c := range cells {
			m := &counts[i]
			m.cell = append(m.cell, []prior.PMF{prior.Point(c[0]), prior.Point(c[1])})
			m.rows = append(m.rows, prior.Point(c[0]+c[1]))
			m.sums = []prior.PMF{prior.Point(m.sums[0].Lo + c[0]), prior.Point(m.sums[1].Lo + c[1])}
		}
	}
	for i, s := range b.sides {
		r := &Result{Target: string(b.base.Design.Target), Design: string(b.base.Design.Kind), Status: Exact, Probes: whole.Probes, Read: whole.Read,
			Epoch: whole.Epoch, Rounding: split.Rounding, Public: s.input.Belief.Public, Exactness: weakest([]*Result{whole, split}), Candidates: 1,
			Excluded: excluded, Residuals: []Residual{}, Checks: []Check{}, Warnings: []string{}, Assumed: b.base.assumed(),
			told: &told{known: counts[i], robust: counts[i]}}
		if i == small {
			r.Checks, r.Warnings, r.Residuals, r.Identified = without(split.Checks, ScorerCheck), split.Warnings, split.Residuals, split.Identified
		} else {
			r.Checks, r.Warnings, r.Identified = without(whole.Checks, gridCheck), whole.Warnings, whole.Identified
		}
		r.Nodes = (whole.Nodes + split.Nodes) / 2
		s.result, s.reduced, s.rowsKnown = r, false, false
	}
}
