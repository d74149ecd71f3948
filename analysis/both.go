package analysis

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

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
		s.result.told.known, s.result.told.robust = a.unread(stated), a.unread(a.loose())
		s.rowsKnown = false
		if s.exact() {
			s.result.Status = Candidates
		}
	}
}

// checks joins those of the sides, saying which are about private scores, and asks whether both are cut in the same way.
func (b *both) checks(r *Result) {
	r.Checks, r.Warnings = []Check{}, []string{}
	for _, s := range b.sides {
		checks, warnings := slices.Clone(s.result.Checks), slices.Clone(s.result.Warnings)
		if s.name == privatePart {
			for i := range checks {
				if !checks[i].OK {
					checks[i].Message = "private scores: " + checks[i].Message
				}
			}
			warnings = slices.DeleteFunc(warnings, func(w string) bool { return slices.Contains(r.Warnings, w) })
			for i := range warnings {
				warnings[i] = "private scores: " + warnings[i]
			}
		}
		r.remark(checks, warnings)
	}
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
	known := marginals{}
	for k := range b.base.Belief.Totals {
		known.rows = append(known.rows, b.rowsOf(0, k))
	}
	b.base.totals(r, known)
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
		f := prior.BetaBinomial(rest, float64(x+1), float64(y+1))
		f.Lo += x
		return f
	}
	all, mine := 0, 0
	for t, total := range b.base.Belief.Totals {
		all += total - s.cell(t, 0).Lo - other.cell(t, 0).Lo
		mine += s.cell(t, 0).Lo
	}
	f := prior.Hypergeometric(rest, all, s.result.told.known.all.Lo-mine)
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

// judge gives the verdicts: on private rows that the private scores tell of.
func (b *both) judge(r *Result) {
	a, m, priv := b.base, b.base.models[stated], b.sides[1]
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
		split := a.judge(a.chances(a.fewElsewhere(stated, k, m.PublicRowsOf(k))))
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
	if pub.exact() && priv.exact() {
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
