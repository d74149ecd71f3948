package analysis

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"lbprobe/probes/design"
	"lbprobe/probes/prior"
)

// report fills in counts and verdicts: known under the stated belief, and robust under the loose one, which says what the probes tell by
// themselves.
func (a *analyst) report(r *Result, known, robust marginals) {
	exact := r.Status == Exact
	r.told = &told{a, known, robust}
	a.publicCounts(r, known, exact)
	m := a.models[a.foretold]
	rowsExact := exact && !a.latent && !a.Belief.Hidden()
	for k := range m.Topics() {
		elsewhere := m.Elsewhere(k, known.rows[k])
		v := a.verdict(k, elsewhere, robust.rows[k], r)
		v.Exact = a.Unscored[1] == 0 && (rowsExact || !m.Asked(k))
		v.PublicLo, v.PublicBest, v.PublicHi = known.rows[k].Interval(a.Certainty)
		v.PrivateLo, v.PrivateBest, v.PrivateHi = a.private(known.rows[k], elsewhere)
		a.shift(&v)
		r.Verdicts = append(r.Verdicts, v)
		r.Counts = append(r.Counts, Count{Split: "private", Topic: k, Class: every, Lo: v.PrivateLo, Best: v.PrivateBest, Hi: v.PrivateHi, Exact: v.Exact,
			Posterior: a.massOfBest(elsewhere)})
	}
	a.totals(r, known)
	a.holdFalseVerdicts(r)
	if exact {
		settled, asked := a.settled(r, publicPart)
		r.Conclusion = fmt.Sprintf("%d/%d public counts exact", settled, asked)
	}
}

// totals lists the rows of each topic over all parts, known in a static test.
func (a *analyst) totals(r *Result, known marginals) {
	for k, public := range known.rows {
		r.Counts = append(r.Counts, a.count("total", k, every, a.models[a.foretold].Total(k, public), !a.Belief.Hidden()))
	}
	lo, hi := a.rows[0], a.rows[1]
	r.Counts = append(r.Counts, Count{Split: "total", Topic: AllTopics, Class: every, Lo: lo, Best: (lo + hi) / 2, Hi: hi, Exact: lo == hi,
		Posterior: 1 / float64(hi-lo+1)})
}

// publicCounts lists the public rows by topic and class, then over all topics.
func (a *analyst) publicCounts(r *Result, known marginals, exact bool) {
	for k := range known.rows {
		empty := !a.models[stated].Asked(k)
		certain := exact || empty
		for g := range a.groups {
			if a.class(g) != every {
				r.Counts = append(r.Counts, a.count("public", k, a.class(g), known.cell[k][g], certain))
			}
		}
		r.Counts = append(r.Counts, a.count("public", k, every, known.rows[k], certain && (!a.latent || empty)))
	}
	for g := range a.groups {
		if a.class(g) != every {
			r.Counts = append(r.Counts, a.count("public", AllTopics, a.class(g), known.sums[g], exact))
		}
	}
	knownRows := a.Belief.Public[0] == a.Belief.Public[1]
	r.Counts = append(r.Counts, a.count("public", AllTopics, "*", known.all, knownRows || exact))
}

func (a *analyst) count(split string, topic int, class string, f prior.PMF, exact bool) Count {
	lo, best, hi := f.Interval(a.Certainty)
	return Count{Split: split, Topic: topic, Class: class, Lo: lo, Best: best, Hi: hi, Exact: exact, Posterior: f.At(best)}
}

// every names all classes.
const every = "*"

// class names a group of classes in the way of counts.csv.
func (a *analyst) class(g int) string {
	group := a.groups[g]
	switch {
	case !a.latent && len(a.groups) == 1:
		return every
	case len(group) == 1 && (a.Design.Target == design.Cells || group[0] == 0):
		return a.Design.Classes[group[0]]
	}
	return "!" + a.Design.Classes[0]
}

// asked are the names of the groups, and that of all classes where they add up to them.
func (a *analyst) asked() (names []string) {
	for g := range a.groups {
		names = append(names, a.class(g))
	}
	if !a.latent && len(a.groups) > 1 && a.Design.Target != design.Cells {
		names = append(names, every)
	}
	return names
}

// nothingRead is the conclusion before any score.
func (a *analyst) nothingRead() string {
	rests := "the split"
	if a.Belief.Hidden() {
		rests = "the train rows"
	}
	return fmt.Sprintf("no scores yet: %d probes wait; what is said below rests on %s alone", len(a.Design.Probes), rests)
}

// settled counts what was asked of a part's topics, and how much of it is exact.
func (a *analyst) settled(r *Result, split string) (settled, asked int) {
	for _, c := range r.Counts {
		if c.Split == split && c.Topic != AllTopics && (c.Class == every) == (a.class(0) == every) {
			asked++
			if c.Exact {
				settled++
			}
		}
	}
	return settled, asked
}

// private is the interval of a topic's private rows: those that are not public, less those that are ignored, which may all be of this topic.
func (a *analyst) private(public, elsewhere prior.PMF) (lo, best, hi int) {
	plo, pbest, _ := public.Interval(a.Certainty)
	least, likely, most := elsewhere.Interval(a.Certainty)
	lo = max(0, least-a.Unscored[1])
	hi = most - max(0, a.Unscored[0]-max(0, a.rows[0]-plo-most))
	ignored := float64(a.Unscored[0]+a.Unscored[1]) / 2 * float64(pbest+likely) / math.Max(1, a.middleRows())
	best = min(hi, max(lo, likely-int(math.Round(ignored))))
	return lo, best, hi
}

// middleRows is the middle of the range of the test's rows.
func (a *analyst) middleRows() float64 { return float64(a.rows[0]+a.rows[1]) / 2 }

// massOfBest is the probability of the best private count where no rows are ignored; with ignored rows no single count has one.
func (a *analyst) massOfBest(elsewhere prior.PMF) float64 {
	if a.Unscored[1] > 0 {
		return 0
	}
	_, best, _ := elsewhere.Interval(a.Certainty)
	return elsewhere.At(best)
}

// chances bound the probability that the private part holds at least from rows of a topic, ignored rows counted against it (lo) or not. few is the
// probability that fewer rows of it than a number are not public.
func (a *analyst) chances(few func(rows int) float64) (lo, hi float64) {
	from := a.presentFrom()
	lo = 1 - few(from+a.Unscored[1])
	if hi = lo; a.Unscored[1] > 0 {
		hi = 1 - few(from)
	}
	return lo, hi
}

// fewElsewhere is the argument of chances, given the public rows of a topic under a belief.
func (a *analyst) fewElsewhere(belief, k int, public prior.PMF) func(rows int) float64 {
	return func(rows int) float64 { return a.models[belief].FewElsewhere(k, public, rows) }
}

// presentFrom is in rows.
func (a *analyst) presentFrom() int {
	if a.PresentFrom >= 1 {
		return int(math.Ceil(a.PresentFrom))
	}
	return max(1, int(math.Ceil(a.PresentFrom*a.privateRows())))
}

// privateRows is about how many private rows there are.
func (a *analyst) privateRows() float64 {
	public := float64(a.Belief.Public[0]+a.Belief.Public[1]) / 2
	return math.Max(1, a.middleRows()-public-float64(a.Unscored[0]+a.Unscored[1])/2)
}

// verdict judges one topic by its rows that are not public, as known under the stated belief, and by its public rows under the loose one. Its source is the
// split model where that alone says so before any score, the probes where they say so under the loose belief, which hardly trusts the split,
// and both where each does or only the two together. In a hidden test probes say nothing of the private part without the split model.
func (a *analyst) verdict(k int, known, robust prior.PMF, r *Result) Verdict {
	m := a.models[stated]
	lo, hi := a.chances(known.Below)
	v := Verdict{Topic: k, Name: a.Names[k], PPrivate: lo, Verdict: a.judge(lo, hi)}
	split := a.judge(a.chances(a.fewElsewhere(stated, k, m.PublicRowsOf(k))))
	probes := a.judge(a.chances(a.fewElsewhere(a.loose(), k, robust)))
	read := r.Read > 0 && r.Status != Misfit && m.Asked(k) // a topic without test rows needs no probe either
	if v.Source = source(v.Verdict, split, probes, read); v.Source == "probes" && a.Belief.Hidden() {
		v.Source = "both"
	}
	return v
}

// source tells where a verdict comes from. Without scores that could be read, or without test rows, it is the split alone.
func source(v, split, probes Presence, read bool) string {
	switch {
	case !read || split == v && probes != v:
		return "split-model"
	case split != v && probes == v:
		return "probes"
	}
	return "both"
}

func (a *analyst) judge(lo, hi float64) Presence {
	switch {
	case lo >= a.Certainty:
		return Present
	case hi <= 1-a.Certainty:
		return Absent
	}
	return Undetermined
}

// shift compares the topic's private share with its train share.
func (a *analyst) shift(v *Verdict) {
	sum := 0
	for _, n := range a.TrainRows {
		sum += n
	}
	if sum == 0 || a.TrainRows[v.Topic] == 0 {
		return
	}
	v.TrainShare = float64(a.TrainRows[v.Topic]) / float64(sum)
	unit := a.privateRows() * v.TrainShare
	v.ShiftLo, v.Shift, v.ShiftHi = float64(v.PrivateLo)/unit, float64(v.PrivateBest)/unit, float64(v.PrivateHi)/unit
}

// holdFalseVerdicts takes back the least certain verdicts until the expected share of false ones is within fdr.
func (a *analyst) holdFalseVerdicts(r *Result) {
	wrong := func(v *Verdict) float64 {
		if v.Verdict == Present {
			return 1 - v.PPrivate
		}
		return v.PPrivate
	}
	var given []*Verdict
	sum := 0.0
	for i := range r.Verdicts {
		if v := &r.Verdicts[i]; v.Verdict != Undetermined {
			given = append(given, v)
			sum += wrong(v)
		}
	}
	slices.SortFunc(given, func(x, y *Verdict) int { return cmp.Compare(wrong(y), wrong(x)) })
	for i, v := range given {
		if sum <= a.FDR*float64(len(given)-i) {
			return
		}
		sum -= wrong(v)
		v.Verdict = Undetermined
	}
}
