package analysis

import (
	"cmp"
	"fmt"
	"slices"

	"lbprobe/probes/metric"
)

// analyzeParts analyses every part by itself and puts the results together. Whether the board rounds or floors holds for all of them: each
// hypothesis is carried through every part, and falls where the counts of one part can't give its scores.
func analyzeParts(in Input, parts []part) (*Result, error) {
	var left []*Result
	var last *Result
	for _, h := range in.Scoring.Rounding.Hypotheses() {
		r, err := mergeParts(in, parts, h)
		if err != nil {
			return nil, err
		}
		if last = r; r.fits() {
			left = append(left, r)
		}
	}
	switch len(left) {
	case 0:
		return last, nil
	case 1:
		return left[0], nil
	}
	return either(left[0], left[1]), nil
}

// fits is false where no counts fit the scores.
func (r *Result) fits() bool { return r.Status != Misfit && !r.empty }

// mergeParts is the result under one hypothesis of rounding.
func mergeParts(in Input, parts []part, h metric.Rounding) (*Result, error) {
	out := &Result{Target: string(in.Design.Target), Design: string(in.Design.Kind), Probes: len(in.Design.Probes), Read: len(in.Scores), Epoch: in.Epoch,
		Public: in.Belief.Public, Rounding: string(h), Excluded: excluded, Candidates: 1,
		Residuals: []Residual{}, Counts: []Count{}, Verdicts: []Verdict{}, Checks: []Check{}, Warnings: []string{}}
	var results []*Result
	for _, p := range parts {
		p.input.Scoring.Rounding = h
		r, err := analyze(p.input)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
		out.add(r, p.topics)
	}
	out.addTopicsWithoutRows(in, results[0])
	out.addSums(results)
	out.sort()
	out.Asked, out.Assumed = results[0].Asked, results[0].Assumed
	out.Exactness = weakest(results)
	out.Status, out.Conclusion = concludeParts(out, results)
	return out, nil
}

// add takes in what a part says of its own topics.
func (r *Result) add(p *Result, topics []int) {
	r.Identified.Bits += p.Identified.Bits
	r.Identified.Needed += p.Identified.Needed
	r.Identified.SubmissionsMore += p.Identified.SubmissionsMore
	r.Nodes += p.Nodes
	r.Candidates = min(r.Candidates*p.Candidates, maxPoints)
	r.empty = r.empty || p.empty
	r.Residuals = append(r.Residuals, p.Residuals...)
	for _, c := range p.Counts {
		if slices.Contains(topics, c.Topic) {
			r.Counts = append(r.Counts, c)
		}
	}
	for _, v := range p.Verdicts {
		if slices.Contains(topics, v.Topic) {
			r.Verdicts = append(r.Verdicts, v)
		}
	}
	r.remark(p.Checks, p.Warnings)
}

// remark takes in checks and warnings, each that passes or is said already once.
func (r *Result) remark(checks []Check, warnings []string) {
	for _, c := range checks {
		known := slices.IndexFunc(r.Checks, func(o Check) bool { return o.Name == c.Name && o.OK && c.OK })
		if known < 0 {
			r.Checks = append(r.Checks, c)
		}
	}
	for _, w := range warnings {
		if !slices.Contains(r.Warnings, w) {
			r.Warnings = append(r.Warnings, w)
		}
	}
}

// addTopicsWithoutRows takes topics that are in no part from any part: nothing is open about them.
func (r *Result) addTopicsWithoutRows(in Input, any *Result) {
	for k, n := range in.Belief.Totals {
		if n > 0 {
			continue
		}
		for _, c := range any.Counts {
			if c.Topic == k {
				r.Counts = append(r.Counts, c)
			}
		}
		r.Verdicts = append(r.Verdicts, any.Verdicts[k])
	}
}

// addSums adds up what the parts say of all their rows.
func (r *Result) addSums(parts []*Result) {
	for i, c := range parts[0].Counts {
		if c.Topic != AllTopics {
			continue
		}
		for _, p := range parts[1:] {
			o := p.Counts[i]
			c.Lo, c.Best, c.Hi = c.Lo+o.Lo, c.Best+o.Best, c.Hi+o.Hi
			c.Exact, c.Posterior = c.Exact && o.Exact, c.Posterior*o.Posterior
		}
		r.Counts = append(r.Counts, c)
	}
}

// sort brings counts and verdicts into the order of an analysis in one piece: public counts by topic, all topics last, then private, then total.
func (r *Result) sort() {
	split := map[string]int{"public": 0, "private": 1, "total": 2}
	last := func(topic int) int {
		if topic == AllTopics {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(r.Counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(split[a.Split], split[b.Split]), cmp.Compare(last(a.Topic), last(b.Topic)), cmp.Compare(a.Topic, b.Topic))
	})
	slices.SortFunc(r.Verdicts, func(a, b Verdict) int { return cmp.Compare(a.Topic, b.Topic) })
	slices.SortFunc(r.Residuals, func(a, b Residual) int { return cmp.Compare(a.Probe, b.Probe) })
}

// weakest takes each condition of an exact claim from the part that meets it least.
func weakest(parts []*Result) []Check {
	var out []Check
	for _, p := range parts {
		for i, c := range p.Exactness {
			if i >= len(out) {
				out = append(out, c)
			} else if out[i].OK && !c.OK {
				out[i] = c
			}
		}
	}
	return append([]Check{}, out...)
}

// concludeParts says how far all parts together are: as far as the least of them.
func concludeParts(r *Result, parts []*Result) (Status, string) {
	order := []Status{Misfit, NoScores, NotIdentified, Candidates, Exact}
	number := map[Status]int{}
	var wrong string
	for _, p := range parts {
		number[p.Status]++
		if p.Status == Misfit && wrong == "" {
			wrong = p.Conclusion
		}
	}
	single := 0
	for _, p := range parts {
		if p.Candidates == 1 {
			single++
		}
	}
	switch {
	case wrong != "":
		return Misfit, wrong
	case number[NoScores] == len(parts):
		return NoScores, parts[0].Conclusion
	case number[Exact] == len(parts):
		return Exact, fmt.Sprintf("exact: one point fits every score of each of %d blocks, under every belief", len(parts))
	}
	text := fmt.Sprintf("one point fits in %d of %d blocks of topics that share scores; not claimed exact before about %s", single, len(parts),
		more(max(1, r.Identified.SubmissionsMore)))
	for _, s := range order {
		if number[s] > 0 && s != NoScores {
			return s, text
		}
	}
	return NotIdentified, text
}

// either joins two hypotheses of rounding that are both left: what they differ in is open.
func either(a, b *Result) *Result {
	out := *a
	out.Rounding = string(metric.Either)
	out.Counts = slices.Clone(a.Counts)
	for i, c := range b.Counts {
		o := &out.Counts[i]
		if o.Best != c.Best {
			o.Posterior /= 2
		}
		o.Lo, o.Hi, o.Exact = min(o.Lo, c.Lo), max(o.Hi, c.Hi), o.Exact && c.Exact && o.Best == c.Best
	}
	if !slices.Equal(out.Counts, a.Counts) && out.Status == Exact {
		out.Status, out.Conclusion = Candidates, "the counts differ by whether the board rounds or floors, and the scores allow both"
	}
	return &out
}
