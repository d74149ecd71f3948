package analysis

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// told is what one part's scores tell: the counts of its rows under the stated belief, and under the flat one.
type told struct {
	by            *analyst
	known, robust marginals
}

// side is one scored part of the test in the role that the public rows have elsewhere: a number of rows drawn at random from the test, whose
// counts its scores tell.
type side struct {
	name      string // public or private
	input     Input
	rowsKnown bool // the topics' rows follow from the other side
	reduced   bool // so that the first of two groups follows from the second, which alone is asked
	result    *Result
}

// The names of the sides, as counts.csv has them.
const (
	publicPart  = "public"
	privatePart = "private"
)

// analyzeBoth reads public and private scores: every probe has brought two readings. The smaller part is decoded first, as it takes fewer bits.
// Once its counts are exact they tie the other: n_private = rows − n_public − unscored, and where every row of a topic is counted and none
// ignored, that holds for each topic too, so that only the classes are left to ask.
func analyzeBoth(in Input) (*Result, error) {
	b, err := newBoth(in)
	if err != nil {
		return nil, err
	}
	first, second := b.sides[0], b.sides[1]
	if second.middle() < first.middle() {
		first, second = second, first
	}
	if err := first.read(); err != nil {
		return nil, err
	}
	if err := second.given(first); err != nil {
		return nil, err
	}
	if first.result.Status != Exact && second.result.Status == Exact {
		if err := first.given(second); err != nil {
			return nil, err
		}
	}
	return b.result(), nil
}

// both is an analysis of two sides. base knows what holds for the whole test; it has no equations.
type both struct {
	base  *analyst
	sides [2]*side // public, private
}

func newBoth(in Input) (*both, error) {
	rows, left := rowsIn(in.Belief.Totals), PrivateRange(in.Belief, in.Unscored)
	if left[1] < left[0] {
		return nil, fmt.Errorf("there are private scores, but with %d of %d rows public and %d unscored no row is private", in.Belief.Public[0], rows,
			in.Unscored[0])
	}
	b := &both{base: &analyst{Input: in, groups: in.Design.Groups, latent: design.Latent(in.Design.Groups, len(in.Design.Classes)), rows: rows}}
	spec := in.Belief
	spec.Groups = b.base.groups
	m, err := prior.New(spec)
	if err != nil {
		return nil, err
	}
	b.base.models = []*prior.Model{m}
	b.sides = [2]*side{{name: publicPart, input: in}, {name: privatePart, input: in}}
	b.sides[1].input.Belief.Public = left
	for i, s := range b.sides {
		s.input.Scores, s.input.Shares = nil, nil
		for _, share := range in.Shares {
			if share.Part == s.name {
				share.Part = publicPart // the side's role
				s.input.Shares = append(s.input.Shares, share)
			}
		}
		for _, score := range in.Scores {
			switch {
			case i == 0:
				s.input.Scores = append(s.input.Scores, Score{Probe: score.Probe, Public: score.Public})
			case score.Private != nil:
				s.input.Scores = append(s.input.Scores, Score{Probe: score.Probe, Public: *score.Private})
			}
		}
	}
	return b, nil
}

// middle is twice the middle of the range of its rows.
func (s *side) middle() int { return s.input.Belief.Public[0] + s.input.Belief.Public[1] }

func rowsIn(totals []int) (rows int) {
	for _, n := range totals {
		rows += n
	}
	return rows
}

// PrivateRange is the least and the most private rows: those that are neither public nor ignored, at least one.
func PrivateRange(belief prior.Spec, unscored [2]int) [2]int {
	rows := rowsIn(belief.Totals)
	return [2]int{max(1, rows-belief.Public[1]-unscored[1]), rows - belief.Public[0] - unscored[0]}
}

// read analyses the side.
func (s *side) read() (err error) {
	s.result, err = analyze(s.input)
	return err
}

// given analyses the side once more with what follows from the other side's exact counts, or for the first time, whatever is known of the other.
func (s *side) given(other *side) error {
	if other.result.Status != Exact {
		return s.read()
	}
	a := other.result.told.by
	if r := metric.Rounding(other.result.Rounding); r != metric.Either {
		s.input.Scoring.Rounding = r // the same for all scores
	}
	if s.input.Unscored != [2]int{} {
		return s.read()
	}
	_, n, _ := other.result.told.known.all.Interval(s.input.Certainty)
	left := rowsIn(s.input.Belief.Totals) - n
	if left < 1 {
		return s.read()
	}
	s.input.Belief.Public = [2]int{left, left}
	if !a.latent {
		totals := slices.Clone(s.input.Belief.Totals)
		for k := range totals {
			totals[k] -= other.rows(k).Lo
		}
		s.input.Belief.Totals, s.rowsKnown = totals, true
		if groups := s.input.Design.Groups; len(groups) == 2 {
			d := *s.input.Design
			d.Groups = groups[1:]
			s.input.Design, s.reduced = &d, true
		}
	}
	return s.read()
}

// rank orders sides by how far their scores carry.
func (s *side) rank() int {
	return slices.Index([]Status{Misfit, NoScores, NotIdentified, Candidates, Exact}, s.result.Status)
}

func (s *side) exact() bool { return s.result.Status == Exact }

// rows are those of a topic.
func (s *side) rows(k int) prior.PMF { return s.result.told.known.rows[k] }

// cell is the count of a topic and a group of the design.
func (s *side) cell(k, g int) prior.PMF {
	known := s.result.told.known
	switch {
	case !s.reduced:
		return known.cell[k][g]
	case g == 0:
		return reflected(known.cell[k][0], s.input.Belief.Totals[k])
	}
	return known.cell[k][0]
}

// sum is the count of a group over all topics.
func (s *side) sum(g int) prior.PMF {
	known := s.result.told.known
	switch {
	case !s.reduced:
		return known.sums[g]
	case g == 0:
		return reflected(known.sums[0], s.input.Belief.Public[0])
	}
	return known.sums[0]
}

// reflected is the distribution of total − x.
func reflected(f prior.PMF, total int) prior.PMF {
	p := slices.Clone(f.P)
	slices.Reverse(p)
	return prior.PMF{Lo: total - f.Lo - len(p) + 1, P: p}
}

// result puts the sides together.
func (b *both) result() *Result {
	pub, priv := b.sides[0].result, b.sides[1].result
	out := *pub
	out.Asked, out.told = b.base.asked(), nil
	out.PrivateRead, out.PrivateRows = priv.Read, b.sides[1].input.Belief.Public
	out.Identified = Identified{pub.Identified.Bits + priv.Identified.Bits, pub.Identified.Needed + priv.Identified.Needed,
		max(pub.Identified.SubmissionsMore, priv.Identified.SubmissionsMore)}
	out.Nodes, out.Candidates = pub.Nodes+priv.Nodes, min(pub.Candidates*priv.Candidates, maxPoints)
	out.Exactness = weakest([]*Result{pub, priv})
	out.Counts, out.Verdicts = []Count{}, []Verdict{}
	out.Residuals = slices.Clone(pub.Residuals)
	for _, r := range priv.Residuals {
		r.Part = privatePart
		out.Residuals = append(out.Residuals, r)
	}
	b.checks(&out)
	if pub.Status == Misfit || priv.Status == Misfit {
		b.forget()
	}
	b.count(&out)
	b.judge(&out)
	b.conclude(&out)
	return &out
}

// forget takes both sides back to what is believed without a score: one of the scores is wrong, and the sides lean on each other.
func (b *both) forget() {
	for _, s := range b.sides {
		a := s.result.told.by
		s.result.told.known, s.result.told.robust = a.unread(stated), a.unread(flat)
		s.rowsKnown = false
		if s.exact() {
			s.result.Status = Candidates
		}
	}
}

// checks joins those of the sides, saying which are about private scores, and asks whether both are cut in the same way.
func (b *both) checks(r *Result) {
	r.Checks, r.Warnings = []Check{}, slices.Clone(b.sides[0].result.Warnings)
	r.add(&Result{Checks: b.sides[0].result.Checks}, nil)
	var theirs Result
	for _, c := range b.sides[1].result.Checks {
		if !c.OK {
			c.Message = "private scores: " + c.Message
		}
		theirs.Checks = append(theirs.Checks, c)
	}
	for _, w := range b.sides[1].result.Warnings {
		if !slices.Contains(r.Warnings, w) {
			theirs.Warnings = append(theirs.Warnings, "private scores: "+w)
		}
	}
	r.add(&theirs, nil)
	if b.sides[0].exact() && b.sides[1].exact() {
		r.Checks = append(r.Checks, b.splitCheck())
	}
	x, y := b.sides[0].result.Rounding, b.sides[1].result.Rounding
	switch {
	case x == string(metric.Either):
		r.Rounding = y
	case y != x && y != string(metric.Either):
		r.Rounding = string(metric.Either)
		r.Checks = append(r.Checks, Check{Name: "rounding", Message: fmt.Sprintf("the public scores are cut by %s, the private ones by %s: one board does not do both", x, y)})
	}
}

// splitCheck says whether the exact counts speak against a random split.
func (b *both) splitCheck() Check {
	if b.random() {
		return Check{Name: "random split", OK: true, Message: "the counts of both parts are such as a random split leaves them"}
	}
	return Check{Name: "random split", Message: "the topics' rows are not split at random: some are likelier to be public than others"}
}

// count lists the rows of both sides by topic and class, as publicCounts does for one.
func (b *both) count(r *Result) {
	for i, s := range b.sides {
		for k := range b.base.Belief.Totals {
			certain := s.exact() || s.input.Belief.Totals[k] == 0
			for g := range b.base.groups {
				if b.base.class(g) != every {
					r.Counts = append(r.Counts, b.base.count(s.name, k, b.base.class(g), s.cell(k, g), certain))
				}
			}
			r.Counts = append(r.Counts, b.base.count(s.name, k, every, b.rowsOf(i, k), b.rowsExact(i, k)))
		}
		for g := range b.base.groups {
			if b.base.class(g) != every {
				r.Counts = append(r.Counts, b.base.count(s.name, AllTopics, b.base.class(g), s.sum(g), s.exact()))
			}
		}
		all := s.result.told.known.all
		r.Counts = append(r.Counts, b.base.count(s.name, AllTopics, every, all, s.exact() || s.input.Belief.Public[0] == s.input.Belief.Public[1]))
	}
	b.base.totals(r)
}

// tied says that every counted row of both parts is known and none is ignored.
func (b *both) tied() bool {
	return b.sides[0].exact() && b.sides[1].exact() && b.base.Unscored == [2]int{}
}

// rowsOf are the rows of a topic on side i: by its own scores, or by those of the other where these carry farther. Where not all classes are
// counted but both sides are exact, the topic's other rows, N_k − x_k − y_k of them, are split as a random split does it: hypergeometrically.
func (b *both) rowsOf(i, k int) prior.PMF {
	s, other, total := b.sides[i], b.sides[1-i], b.base.Belief.Totals[k]
	switch {
	case b.base.latent && b.tied():
		return b.restOf(i, k)
	case b.base.Unscored == [2]int{} && other.rank() > s.rank():
		return reflected(other.rows(k), total)
	}
	return s.rows(k)
}

func (b *both) rowsExact(i, k int) bool {
	s, other, total := b.sides[i], b.sides[1-i], b.base.Belief.Totals[k]
	switch {
	case total == 0 || s.rowsKnown || !b.base.latent && s.exact():
		return true
	case b.base.Unscored != [2]int{}:
		return false
	case b.base.latent:
		return b.tied() && s.cell(k, 0).Lo+other.cell(k, 0).Lo == total
	}
	return other.exact()
}

// restOf is rowsOf for classes that are not counted, x_k and y_k rows of the others being public and private: under a random split the rest is
// split hypergeometrically, given all rows of it that are public. Where x and y say that the split is not random, a topic's rest is split like its
// other rows: beta-binomially, with x_k + 1 and y_k + 1 rows of evidence.
func (b *both) restOf(i, k int) prior.PMF {
	s, other := b.sides[i], b.sides[1-i]
	x, y := s.cell(k, 0).Lo, other.cell(k, 0).Lo
	rest := b.base.Belief.Totals[k] - x - y
	if !b.random() {
		f := betaBinomial(rest, float64(x+1), float64(y+1))
		f.Lo += x
		return f
	}
	all, mine := 0, 0
	for t, total := range b.base.Belief.Totals {
		all += total - s.cell(t, 0).Lo - other.cell(t, 0).Lo
		mine += s.cell(t, 0).Lo
	}
	f := hypergeometric(rest, all, s.result.told.known.all.Lo-mine)
	f.Lo += x
	return f
}

// leastSplit is the chance below which rows that both sides count are not taken for randomly split.
const leastSplit = 1e-3

// random asks whether the public rows of every topic are such a share of those that both sides count as a random split leaves them: a chi-square
// of their distance from what the hypergeometric law expects. It speaks of exact counts only.
func (b *both) random() bool {
	counted := func(i, k int) float64 {
		if b.base.latent {
			return float64(b.sides[i].cell(k, 0).Lo)
		}
		return float64(b.sides[i].rows(k).Lo)
	}
	x, z := 0.0, 0.0
	for k := range b.base.Belief.Totals {
		x, z = x+counted(0, k), z+counted(0, k)+counted(1, k)
	}
	share, sum, freedom := x/max(z, 1), 0.0, -1.0
	for k := range b.base.Belief.Totals {
		public, all := counted(0, k), counted(0, k)+counted(1, k)
		if v := all * share * (1 - share); v > 0 {
			sum += (public - all*share) * (public - all*share) / v
			freedom++
		}
	}
	return freedom < 1 || distuv.ChiSquared{K: freedom}.Survival(sum) >= leastSplit
}

// hypergeometric is the law of how many of some marked rows are among those drawn from all.
func hypergeometric(marked, all, drawn int) prior.PMF {
	lo, hi := max(0, drawn+marked-all), min(marked, drawn)
	f := prior.PMF{Lo: lo, P: make([]float64, max(1, hi-lo+1))}
	choose := func(n, k int) float64 { return lgamma(n+1) - lgamma(k+1) - lgamma(n-k+1) }
	for i := range f.P {
		f.P[i] = math.Exp(choose(marked, lo+i) + choose(all-marked, drawn-lo-i) - choose(all, drawn))
	}
	return f
}

// betaBinomial is the law of how many of n rows fall into a part that a and b rows of evidence speak for and against.
func betaBinomial(n int, a, b float64) prior.PMF {
	f := prior.PMF{P: make([]float64, n+1)}
	of := func(x, y float64) float64 { return lgamma(x) + lgamma(y) - lgamma(x+y) }
	for x := range f.P {
		f.P[x] = math.Exp(lgamma(n+1) - lgamma(x+1) - lgamma(n-x+1) + of(float64(x)+a, float64(n-x)+b) - of(a, b))
	}
	return f
}

func lgamma[T int | float64](x T) float64 {
	v, _ := math.Lgamma(float64(x))
	return v
}

// judge gives the verdicts: on private rows that the private scores tell of.
func (b *both) judge(r *Result) {
	a, priv := b.base, b.sides[1]
	chance := func(f prior.PMF) float64 { return f.AtLeast(a.presentFrom()) }
	for k, total := range a.Belief.Totals {
		known := b.rowsOf(1, k)
		robust := priv.result.told.robust.rows[k]
		if a.Unscored == [2]int{} && b.sides[0].rank() > priv.rank() {
			robust = reflected(b.sides[0].result.told.robust.rows[k], total)
		}
		p := chance(known)
		v := Verdict{Topic: k, Name: a.Names[k], PPrivate: p, Verdict: a.judge(p, p), Exact: b.rowsExact(1, k)}
		v.PublicLo, v.PublicBest, v.PublicHi = b.rowsOf(0, k).Interval(a.Certainty)
		v.PrivateLo, v.PrivateBest, v.PrivateHi = known.Interval(a.Certainty)
		split := a.judge(a.chances(k, a.models[stated].PublicRowsOf(k)))
		v.Source = source(v.Verdict, split, a.judge(chance(robust), chance(robust)), total > 0 && b.read())
		a.shift(&v)
		r.Verdicts = append(r.Verdicts, v)
	}
	a.holdFalseVerdicts(r)
}

// read says that scores were read which fit together.
func (b *both) read() bool {
	for _, s := range b.sides {
		if s.result.Read > 0 && s.result.Status == Misfit {
			return false
		}
	}
	return b.sides[0].result.Read+b.sides[1].result.Read > 0
}

// conclude says how far both sides are: as far as the lesser, and each by itself.
func (b *both) conclude(r *Result) {
	pub, priv := b.sides[0], b.sides[1]
	if b.tied() || pub.exact() && priv.exact() {
		x, n := b.base.settled(r, publicPart)
		y, m := b.base.settled(r, privatePart)
		r.Status, r.Conclusion = Exact, fmt.Sprintf("%d/%d public and %d/%d private counts exact", x, n, y, m)
		return
	}
	lesser := pub
	if priv.rank() < pub.rank() {
		lesser = priv
	}
	r.Status = lesser.result.Status
	said := func(s *side) string {
		if s.exact() {
			return s.name + " counts: exact"
		}
		return s.name + " scores: " + s.result.Conclusion
	}
	r.Conclusion = said(pub) + "; " + said(priv)
}
