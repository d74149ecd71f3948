package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lbprobe/probes/metric"
)

// ScorerCheck is the name of the check that fails where the scores fit another scorer than the one that is stated.
const ScorerCheck = "scorer"

// scorer is the small print of a board that a probe's prediction may meet.
type scorer struct {
	clip      float64
	normalise metric.Normalise
}

// String spells it as an experiment file does.
func (s scorer) String() string {
	return fmt.Sprintf("clip = %.3g, normalise = %q", s.clip, s.normalise)
}

// scorers are those found at large (kaggle.md): no clip, float64's machine epsilon, 1e-15 of Kaggle's classic rule, float32's machine epsilon, and
// rounder ones; rows are left alone, or divided by their sum before or after the clip.
func scorers() (out []scorer) {
	for _, clip := range []float64{metric.Clip64, 1e-15, 0x1p-23, 1e-7, 1e-6, 1e-5, 0} {
		for _, n := range []metric.Normalise{metric.None, metric.Divide, metric.ClipThenDivide} {
			out = append(out, scorer{clip, n})
		}
	}
	return out
}

// others are the scorers under which some probe that has a score costs something else than under the stated one, each kind once, and those that
// cost the same, which no score of these probes tells from it.
func (a *analyst) others() (differ, alike []scorer) {
	if !a.Scoring.Metric.Probabilities() || a.Scoring.Range != nil {
		return nil, nil
	}
	stated := a.costsUnder(scorer{a.Scoring.Clip, a.Scoring.Normalise})
	var seen [][]float64
	for _, s := range scorers() {
		costs := a.costsUnder(s)
		switch {
		case costs == nil || s == scorer{a.Scoring.Clip, a.Scoring.Normalise}:
		case sameCosts(costs, stated):
			alike = append(alike, s)
		case !slices.ContainsFunc(seen, func(c []float64) bool { return sameCosts(c, costs) }):
			seen, differ = append(seen, costs), append(differ, s)
		}
	}
	return differ, alike
}

// costsUnder are all costs of the probes that have a score; nil where a row would be refused.
func (a *analyst) costsUnder(s scorer) (out []float64) {
	scoring := a.Scoring
	scoring.Clip, scoring.Normalise = s.clip, s.normalise
	for _, p := range a.probes {
		for k, q := range p.Q {
			if !a.models[stated].Asked(k) {
				continue
			}
			loss, err := scoring.RowLoss(q)
			if err != nil {
				return nil
			}
			out = append(out, loss...)
		}
	}
	return out
}

func sameCosts(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Abs(x-y) <= 1e-12*(1+math.Abs(x)) })
}

// under has the same scores read under another scorer and the stated belief; nil where its costs tell classes apart that are counted together.
func (a *analyst) under(s scorer) *analyst {
	b := &analyst{Input: a.Input, groups: a.groups, latent: a.latent, models: a.models[:stated+1], rows: a.rows, scores: a.scores, probes: a.probes}
	b.Scoring.Clip, b.Scoring.Normalise = s.clip, s.normalise
	if b.equations() != nil {
		return nil
	}
	return b
}

// scorerBits is blameBits for a choice among several scorers, all of whose scores must fit.
const scorerBits = 15

// fitting is the first other scorer under which some counts within reach of the stated belief fit all scores, which tell enough more than the
// entropy for that not to be chance.
func (a *analyst) fitting() (scorer, bool) {
	differ, _ := a.others()
	for _, s := range differ {
		b := a.under(s)
		if b == nil || b.bits(stated)-b.models[stated].Entropy() < scorerBits {
			continue
		}
		b.decoder.basis, b.decoder.radii = a.decoder.basis, a.decoder.radii
		if b.decoder.search() == nil && len(b.decoder.points) > 0 {
			return s, true
		}
	}
	return scorer{}, false
}

// blameScorer says of scores that do not fit as stated whether they do under another scorer.
func (a *analyst) blameScorer(r *Result) bool {
	s, ok := a.fitting()
	if !ok {
		return false
	}
	c := Check{Name: ScorerCheck, Message: fmt.Sprintf("the scores contradict %s, and all of them fit %s",
		scorer{a.Scoring.Clip, a.Scoring.Normalise}, s)}
	r.Checks = append(r.Checks, c)
	r.Conclusion = c.Message
	return true
}

// checkScorer says which scorers the counts that fit contradict, and which cost every probe the same.
func (a *analyst) checkScorer(r *Result, p *point) {
	differ, alike := a.others()
	c := Check{Name: ScorerCheck, OK: true, Message: fmt.Sprintf("the scores fit %s", scorer{a.Scoring.Clip, a.Scoring.Normalise})}
	var against []string
	for _, s := range differ {
		if b := a.under(s); b != nil && !slices.ContainsFunc(b.decoder.readings, func(row []reading) bool { return row[stated].system.Admits(p.z) }) {
			against = append(against, s.String())
		}
	}
	if len(against) > 0 {
		c.Message += "; with the likeliest counts they contradict " + strings.Join(against, "; ")
	}
	if len(alike) > 0 {
		c.Message += fmt.Sprintf("; %d other rules cost these probes the same", len(alike))
	}
	if len(differ)+len(alike) > 0 {
		r.Checks = append(r.Checks, c)
	}
}

// gridCheck is the name of the check that the last decimal is used.
const gridCheck = "tick grid"

// leastForGrid is how many scores must end in 0 before that is no chance: it happens to so many once in ten thousand times.
const leastForGrid = 4

// checkGrid asks whether the scores use the last decimal that is said to be shown. More decimals than that are refused where scores are read.
func (a *analyst) checkGrid(r *Result) {
	if len(a.scores) < leastForGrid || a.Scoring.Full || a.Scoring.Decimals == 0 {
		return
	}
	unit := math.Pow10(a.Scoring.Decimals)
	for _, s := range a.scores {
		if math.Mod(math.Round(s.Public.Value*unit), 10) != 0 {
			r.Checks = append(r.Checks, Check{Name: gridCheck, OK: true, Message: fmt.Sprintf("the scores use all of %d decimals", a.Scoring.Decimals)})
			return
		}
	}
	r.Checks = append(r.Checks, Check{Name: gridCheck, Message: fmt.Sprintf("all %d scores end in 0 at decimal %d: the board seems to show fewer than decimals = %d",
		len(a.scores), a.Scoring.Decimals, a.Scoring.Decimals)})
}
