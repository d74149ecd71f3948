package analysis

import (
	"fmt"
	"math"

	"lbprobe/probes/design"
)

// leastMass is the posterior mass that a point must hold under every belief before it is called exact.
const leastMass = 0.9999

// identify compares the bits of the scores with what was asked.
func (a *analyst) identify(r *Result) {
	bits := a.bits(stated)
	r.Identified.Bits = bits
	if bits < r.Identified.Needed {
		each := bits / float64(len(a.scores))
		r.Status = NotIdentified
		r.Identified.SubmissionsMore = int(math.Ceil((r.Identified.Needed - bits) / math.Max(each, 1e-9)))
		r.Conclusion = fmt.Sprintf("not identified yet: %.0f of about %.0f bits; about %s", bits, r.Identified.Needed,
			more(r.Identified.SubmissionsMore))
	}
	a.checkBand(r)
	a.checkGrid(r)
}

func more(n int) string {
	if n == 1 {
		return "1 more submission"
	}
	return fmt.Sprintf("%d more submissions", n)
}

// bits is the information of all scores under a belief.
func (a *analyst) bits(belief int) float64 {
	info := a.decoder.readings[0][belief].system.Information()
	return info[len(info)-1]
}

// spare is how many bits the scores tell beyond the entropy under a belief. The part of that entropy which is due only to taking large counts
// for Gaussian is left out where it matters.
func (a *analyst) spare(belief int) float64 {
	spare := a.leastSpare(belief)
	if spare < design.SpareBits {
		spare = max(spare, a.bits(belief)-a.models[belief].FullEntropy())
	}
	return spare
}

// leastSpare is spare with all of it.
func (a *analyst) leastSpare(belief int) float64 { return a.bits(belief) - a.models[belief].Entropy() }

// decode searches for the points that fit and decides what may be said. Without spare bits no claim "exact" is possible, so only the
// stated belief is searched then: the flat one would list points without end.
func (a *analyst) decode(r *Result) error {
	spare := a.spare(flat)
	if a.decoder.models = a.models[:flat+1]; spare < design.SpareBits {
		a.decoder.models, a.decoder.limit = a.models[:stated+1], listNodes
	}
	if err := a.decoder.search(); err != nil {
		return err
	}
	if len(a.decoder.points) == 0 && a.decoder.complete() && spare >= design.SpareBits {
		spare = a.spare(a.loose())
		if err := a.decodeLoose(spare); err != nil {
			return err
		}
	}
	points := a.decoder.ranked()
	if len(points) > 0 && points[0].reach != stated {
		spare = a.leastSpare(len(a.decoder.models) - 1) // that chance put the point there is ruled out by a wide margin, or not at all
	}
	r.Nodes = a.decoder.nodes
	r.Exactness = a.conditions(points, spare)
	if a.decoder.completeFor(stated + 1) {
		r.Candidates = len(points)
	}
	if len(points) > 0 {
		r.Rounding = a.likelyRounding(points)
		r.Residuals = a.residuals(points[0])
		a.checkReach(r, points[0])
		a.checkScorer(r, points[0])
	}
	a.conclude(r, points, spare)
	return nil
}

// decodeLoose looks for points that no belief holds which trusts the split, if so many bits are to spare: within the loose belief, and then as far out as these bits
// make a wrong point unlikely to fit.
func (a *analyst) decodeLoose(spare float64) error {
	if spare < design.SpareBits {
		return nil
	}
	if a.loose() > flat {
		a.decoder.models = a.models
		if err := a.decoder.search(); err != nil {
			return err
		}
	}
	if len(a.decoder.points) > 0 || !a.decoder.complete() {
		return nil
	}
	return a.decoder.searchFar(spare - design.SpareBits)
}

// conclude sets the status and says it in a line.
func (a *analyst) conclude(r *Result, points []*point, spare float64) {
	complete := a.decoder.completeFor(stated + 1)
	r.empty = len(points) == 0 && complete
	switch {
	case len(points) == 0 && a.decoder.complete() && spare >= design.SpareBits:
		r.Status = Misfit
		if !a.blameScorer(r) {
			a.blame(r, a.allSuspects())
		}
	case r.empty && a.hopeless() && a.accuse(r):
		r.Status = Misfit
	case !complete:
		r.Status = NotIdentified
		r.Identified.SubmissionsMore = a.submissionsForExact(spare)
		r.Conclusion = "not identified yet: too many counts come near the scores to look at all of them; about " + more(r.Identified.SubmissionsMore)
	case len(points) == 0:
		r.Status = NotIdentified
		r.Identified.SubmissionsMore = 1
		r.Conclusion = "not identified yet: no counts near the prior fit the scores; about 1 more submission tells a surprise from a wrong score"
	case allOK(r.Exactness):
		r.Status = Exact
		r.Conclusion = "exact: one point fits every score, under every belief"
	case a.multiples(points):
		r.Status = Candidates
		r.Conclusion = candidates(len(points)) + ", their counts being multiples of one another, which no score can tell apart: narrow public_rows"
	default:
		r.Status = Candidates
		r.Identified.SubmissionsMore = a.submissionsForExact(spare)
		r.Conclusion = fmt.Sprintf("%s, the likeliest with mass %.4g; not claimed exact before about %s",
			candidates(len(points)), points[0].mass[stated], more(r.Identified.SubmissionsMore))
	}
}

// multiples says whether there are several points and each is the first times a number, public rows and all.
func (a *analyst) multiples(points []*point) bool {
	_, n, _ := a.models[stated].Counts(points[0].z)
	for _, p := range points[1:] {
		_, m, _ := a.models[stated].Counts(p.z)
		for i, x := range p.z {
			if x*n != points[0].z[i]*m {
				return false
			}
		}
	}
	return len(points) > 1
}

func candidates(n int) string {
	if n == 1 {
		return "1 point fits every score"
	}
	return fmt.Sprintf("%d points fit every score", n)
}

func (a *analyst) submissionsForExact(spare float64) int {
	each := a.bits(flat) / float64(len(a.scores))
	return max(1, int(math.Ceil((design.SpareBits-spare)/each)))
}

func allOK(checks []Check) bool {
	for _, c := range checks {
		if !c.OK {
			return false
		}
	}
	return true
}

// conditions are the four that design.md §2 sets before "exact" is said.
func (a *analyst) conditions(points []*point, spare float64) []Check {
	held := len(a.decoder.models) > flat && len(points) > 0
	least, same := 1.0, held
	if held {
		for b := range a.decoder.models {
			least = min(least, points[0].mass[b])
			for _, p := range points[1:] {
				same = same && p.mass[b] < points[0].mass[b]
			}
		}
	} else {
		least = 0
	}
	names, weakest := "stated, a tenth of the stated and the flat", "flat"
	if len(a.decoder.models) > flat+1 {
		names, weakest = "stated, a tenth of the stated, the flat and the loose", "loose"
	}
	return []Check{
		{Name: "one point", OK: len(points) == 1,
			Message: fmt.Sprintf("%d integer points lie inside every score's interval", len(points))},
		{Name: "mass", OK: same && least >= leastMass,
			Message: fmt.Sprintf("least mass of the point under the %s belief: %.6g, wanted %v", names, least, leastMass)},
		{Name: "complete search", OK: a.decoder.complete() && len(a.decoder.models) > flat,
			Message: fmt.Sprintf("%d nodes; prior mass left out by each search: %s %g", a.decoder.nodes, a.decoder.leftOut(), excluded)},
		{Name: "spare bits", OK: spare >= design.SpareBits,
			Message: fmt.Sprintf("the scores tell %.1f bits more than the entropy under the %s belief, wanted %d", spare, weakest, design.SpareBits)},
	}
}

// leftOut says how sure the bound on the prior mass is that a search left out.
func (d *decoder) leftOut() string {
	if d.sampled {
		return "as far as draws from the belief tell, below"
	}
	return "at most"
}

// likelyRounding names the hypothesis that holds nearly all of the mass.
func (a *analyst) likelyRounding(points []*point) string {
	for h, r := range a.decoder.rounding {
		sum := 0.0
		for _, p := range points {
			sum += p.side[h]
		}
		if sum >= leastMass {
			return string(r)
		}
	}
	return string(a.Scoring.Rounding)
}

// residuals hold the scores against a point, under the likelier hypothesis of rounding.
func (a *analyst) residuals(p *point) []Residual {
	side, tick := p.likelySide(), math.Pow10(-a.Scoring.Decimals)
	out := make([]Residual, len(a.scores))
	for j, s := range a.scores {
		out[j] = Residual{Probe: s.Probe, Ticks: (s.Public.Value - a.computed(side, j, p)) / tick}
	}
	return out
}

// checkReach says when the likeliest point was found only by a belief weaker than the stated one.
func (a *analyst) checkReach(r *Result, best *point) {
	c := Check{Name: "stated belief", OK: best.reach == stated, Message: "the counts that fit are such as the stated belief expects"}
	if !c.OK {
		c.Message = "the counts that fit are not such as the stated belief expects: the public rows were not drawn at random, or the test is unlike the train set"
		r.Warnings = append(r.Warnings, c.Message)
	}
	r.Checks = append(r.Checks, c)
}

// checkBand asks whether every score lies where even the weakest belief expects it.
func (a *analyst) checkBand(r *Result) {
	const far = 6
	for j := range a.scores {
		if z := a.decoder.readings[0][a.loose()].system.Surprise(j); z > far {
			r.Checks = append(r.Checks, Check{Name: "prior band", Probe: a.scores[j].Probe, Message: fmt.Sprintf(
				"the score %s of probe %d is %.0f standard deviations from what any belief about the test expects",
				a.scores[j].Public.Text, a.scores[j].Probe, z)})
		}
	}
	if len(r.Checks) == 0 {
		r.Checks = append(r.Checks, Check{Name: "prior band", OK: true, Message: "every score lies where the weakest belief expects it"})
	}
}

// wouldScore is what the board would show of score j for the counts of a point.
func (a *analyst) wouldScore(j int, p *point) string {
	side := p.likelySide()
	return a.Scoring.Show(a.computed(side, j, p), a.decoder.rounding[side])
}

// computed is score j for the counts of a point, before it is cut to the decimals.
func (a *analyst) computed(side, j int, p *point) float64 {
	sys := a.decoder.readings[side][stated].system
	_, n, _ := a.models[stated].Counts(p.z)
	mean := sys.Middle(j) + sys.Residual(j, p.z)/float64(n)
	return a.Scoring.Shown(a.scores[j].apart.back(mean, a.rows[0]))
}

// likelySide is the hypothesis of rounding that explains a point best.
func (p *point) likelySide() int {
	side := 0
	for h, mass := range p.side {
		if mass > p.side[side] {
			side = h
		}
	}
	return side
}
