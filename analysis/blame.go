package analysis

import (
	"fmt"
	"math"
	"slices"
)

// blame says which score is wrong, given those without which the rest fit.
func (a *analyst) blame(r *Result, suspects []suspect) {
	c := Check{Name: "fit"}
	switch len(suspects) {
	case 0:
		c.Message = "the scores do not fit together: no counts fit all of them, nor all but one. More than one is wrong, or the files scored are not " +
			"these, or public_rows, decimals, rounding or clip are not as stated, or the public rows are far from a random draw"
	case 1:
		c.Probe = suspects[0].probe
		c.Message = fmt.Sprintf("a score is wrong: no counts fit all scores; without that of probe %d they do, and would score %s there: look it up again",
			c.Probe, suspects[0].shown)
	default:
		var probes []int
		for _, s := range suspects {
			probes = append(probes, s.probe)
		}
		c.Message = fmt.Sprintf("a score is wrong: no counts fit all scores; without that of any one of probes %v they do: look these up again", probes)
	}
	r.Checks = append(r.Checks, c)
	r.Conclusion = c.Message
}

// suspect is a probe without whose score some point fits all others, and what that point would score there.
type suspect struct {
	probe int
	shown string
	log   float64 // posterior mass of the likeliest such point, up to a constant that all suspects share
}

// How sure a blame must be. The other scores must tell so many bits more than the entropy, so that wrong points fit them by chance less than once in
// a hundred times, and those that do lie at the far end of what is believed: a suspect whose point is so much less likely than another's is let go.
const (
	blameBits = 7
	blameOdds = 100
)

// allSuspects are those under the strongest belief that has any.
func (a *analyst) allSuspects() (out []suspect) {
	for _, belief := range slices.Compact([]int{stated, flat, a.loose()}) {
		if out = a.suspects(belief); len(out) > 0 {
			break
		}
	}
	return out
}

// suspects leaves out one score after the other, and lists the probes without whose score some point within reach of a belief fits.
func (a *analyst) suspects(belief int) (out []suspect) {
	basis, radii, most := a.decoder.basis, a.decoder.radii, math.Inf(-1)
	for j, s := range a.scores {
		b := analyst{Input: a.Input, groups: a.groups, models: a.models[belief : belief+1], rows: a.rows}
		b.scores = slices.Delete(slices.Clone(a.scores), j, j+1)
		b.probes = slices.Delete(slices.Clone(a.probes), j, j+1)
		if len(b.probes) == 0 || b.equations() != nil {
			return nil
		}
		if b.bits(stated)-b.models[stated].Entropy() < blameBits {
			continue
		}
		b.decoder.basis, b.decoder.radii = basis, radii
		if b.decoder.search() == nil && len(b.decoder.points) > 0 {
			best := b.decoder.ranked()[0]
			one := suspect{s.Probe, a.wouldScore(j, best), b.decoder.log(best)}
			out, most = append(out, one), max(most, one.log)
		}
	}
	return slices.DeleteFunc(out, func(s suspect) bool { return s.log < most-math.Log(blameOdds) })
}

// log is the logarithm of a point's posterior mass under the first belief, not normalised, at the likeliest hypothesis of rounding.
func (d *decoder) log(p *point) float64 {
	side := p.likelySide()
	return d.models[stated].LogMass(p.z) + d.readings[side][stated].system.LogLikelihood(p.z)
}

// hopelessNodes bounds the search of hopeless, which is made for a diagnosis only.
const hopelessNodes = 1 << 24

// hopeless says that the weaker beliefs have no counts that fit either, where the stated one has none and too few bits are to spare for claims.
func (a *analyst) hopeless() bool {
	d := a.decoder
	d.models, d.limit, d.enough = a.models, hopelessNodes, 1
	return d.search() == nil && len(d.points) == 0 && d.complete()
}

// accuse blames the board's small print or a single score, if one of them alone explains that no counts fit: else these may be merely a surprise.
func (a *analyst) accuse(r *Result) bool {
	if a.blameScorer(r) {
		return true
	}
	suspects := a.suspects(stated)
	if len(suspects) == 1 {
		a.blame(r, suspects)
	}
	return len(suspects) == 1
}
