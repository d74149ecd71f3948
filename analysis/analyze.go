package analysis

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// Input is a design, the scores of its probes read so far, and what is believed. Nothing in it is changed.
type Input struct {
	Design   *design.Design
	Scores   []Score
	Scoring  metric.Scoring
	Belief   prior.Spec // the stated one: totals, public rows, class evidence, split; Groups are filled in by Analyze
	Unscored [2]int     // least and most test rows that the host ignores
	Epoch    int        // of all Scores: grows when the host rescores; 0 where there are none

	Shares []ClassShare // of the parts' rows, where past submissions tell them; none else

	Names     []string // of the topics
	TrainRows []int    // of each topic; shifts are taken against their shares

	Certainty   float64 // of verdicts and intervals
	FDR         float64 // most expected share of false verdicts
	PresentFrom float64 // private rows from which a topic is present; below 1, that share of the private rows

	Advance func(done, all int) // told how far a long search has come, in millions of nodes, by one goroutine at a time; may be nil
}

// Score is what the board showed for a probe.
type Score struct {
	Probe   int
	Public  metric.Reading
	Private *metric.Reading // nil where it is not shown

	apart apart // what is known of it beside the rows of a part of the test
}

// Analyze reads the scores. It never fails for want of evidence: that is a Status.
func Analyze(in Input) (*Result, error) {
	if slices.ContainsFunc(in.Scores, func(s Score) bool { return s.Private != nil }) {
		return analyzeBoth(in)
	}
	if p := partsOf(in); len(p) > 1 {
		return analyzeParts(in, p)
	}
	return analyze(in)
}

func analyze(in Input) (*Result, error) {
	a, err := newAnalyst(in)
	if err != nil {
		return nil, err
	}
	r := &Result{
		Target: string(in.Design.Target), Asked: a.asked(), Design: string(in.Design.Kind),
		Probes: len(in.Design.Probes), Read: len(a.scores), Epoch: in.Epoch, Public: in.Belief.Public,
		Rounding: string(in.Scoring.Rounding), Assumed: a.assumed(), Exactness: []Check{}, Counts: []Count{}, Verdicts: []Verdict{}, Checks: []Check{}, Warnings: []string{}, Residuals: []Residual{},
		Identified: Identified{Needed: a.models[stated].Entropy()}, Excluded: excluded,
	}
	if len(a.scores) == 0 {
		r.Status, r.Conclusion = NoScores, a.nothingRead()
		a.report(r, a.unread(stated), a.unread(a.loose()))
		return r, nil
	}
	a.identify(r)
	if r.Status == NotIdentified {
		a.report(r, a.smooth(stated), a.smooth(a.loose()))
		return r, nil
	}
	if err := a.decode(r); err != nil {
		return nil, err
	}
	switch r.Status {
	case Misfit:
		a.report(r, a.unread(stated), a.unread(a.loose()))
	case NotIdentified:
		if !a.decoder.completeFor(stated + 1) {
			return r, a.guess(r)
		}
		a.report(r, a.smooth(stated), a.smooth(a.loose()))
	default:
		a.foretell(a.decoder.ranked()[0])
		if a.decoder.ranked()[0].reach != stated {
			a.report(r, a.robust(), a.robust()) // what the scores contradict tells nothing of what they leave open
			break
		}
		a.report(r, a.pointwise(a.foretold), a.robust())
	}
	return r, nil
}

// robust is what the scores tell under the loose belief, which hardly trusts the split.
func (a *analyst) robust() marginals {
	if len(a.decoder.models) <= flat || !a.decoder.complete() {
		return a.smooth(a.loose()) // points that only a weak belief holds were not searched for, or not all of them
	}
	return a.pointwise(a.loose())
}

// foretell picks the belief by which the counts of a hidden test predict what they leave open, and the other rows: the stated one, unless another holds the decoded counts for
// much likelier. A concentration that is too high would draw every topic to its train share. Before there are bits to spare only the stated belief
// is searched, and has its way.
func (a *analyst) foretell(best *point) {
	const much = 3 // ln 20
	if !a.Belief.Hidden() {
		return
	}
	least := a.models[stated].LogMass(best.z) + much
	for b, m := range a.decoder.models {
		if l := m.LogMass(best.z); l > least {
			a.foretold, least = b, l+much
		}
	}
}

// Two of the beliefs, by their index in analyst.models.
const (
	stated = prior.Stated
	flat   = prior.Flat
)

// loose is the last and weakest of the beliefs: that of the same name, or in a hidden test the flat one.
func (a *analyst) loose() int { return len(a.models) - 1 }

// analyst is an Input made ready: models of the beliefs, and the equations of the scores under every hypothesis of rounding.
type analyst struct {
	Input
	groups   [][]int
	latent   bool           // some classes are in no group
	scores   []Score        // in the order of their probes
	probes   []design.Probe // those that have a score
	models   []*prior.Model
	foretold int // the belief by which public rows predict the others, by its index in models
	decoder  decoder
	rows     [2]int // least and most of the test
}

func newAnalyst(in Input) (*analyst, error) {
	if _, err := in.Design.Target.Groups(len(in.Design.Classes)); err != nil {
		return nil, err
	}
	groups := in.Design.Groups
	in.Belief.Groups = groups
	a := &analyst{Input: in, groups: groups, latent: design.Latent(groups, len(in.Design.Classes)), scores: slices.Clone(in.Scores)}
	if err := a.believe(); err != nil {
		return nil, err
	}
	a.rows[0], a.rows[1] = a.models[stated].Rows()
	if err := a.matchProbes(); err != nil {
		return nil, err
	}
	return a, a.equations()
}

// believe builds the models of the beliefs. Equal beliefs share one.
func (a *analyst) believe() error {
	beliefs := prior.Beliefs(a.Belief)
	for i, s := range beliefs {
		if i > 0 && reflect.DeepEqual(s, beliefs[i-1]) {
			a.models = append(a.models, a.models[i-1])
			continue
		}
		m, err := prior.New(s)
		if err != nil {
			return err
		}
		a.models = append(a.models, m)
	}
	return nil
}

// matchProbes finds the probe of every score.
func (a *analyst) matchProbes() error {
	slices.SortStableFunc(a.scores, func(x, y Score) int { return cmp.Compare(x.Probe, y.Probe) })
	for i, s := range a.scores {
		j := slices.IndexFunc(a.Design.Probes, func(p design.Probe) bool { return p.Number == s.Probe })
		if j < 0 {
			return fmt.Errorf("a score for probe %d, which the design does not have", s.Probe)
		}
		if i > 0 && a.scores[i-1].Probe == s.Probe {
			return fmt.Errorf("two scores for probe %d", s.Probe)
		}
		a.probes = append(a.probes, a.Design.Probes[j])
	}
	return nil
}

// equations writes down every score for every hypothesis of rounding and every belief.
func (a *analyst) equations() error {
	a.decoder = decoder{models: a.models, rounding: a.Scoring.Rounding.Hypotheses(), advance: a.Advance}
	for _, h := range a.decoder.rounding {
		means := make([]metric.Interval, len(a.scores))
		for j, s := range a.scores {
			means[j] = s.apart.from(a.Scoring.LossInterval(s.Public.Value, h), a.rows[0])
		}
		var row []reading
		for _, m := range a.models {
			if len(a.probes) == 0 {
				break
			}
			sys, err := design.NewSystem(m, a.groups, a.Scoring, a.probes, means)
			if err != nil {
				return err
			}
			row = append(row, reading{system: sys})
		}
		a.decoder.readings = append(a.decoder.readings, row)
	}
	return nil
}

// assumed is what every statement below rests on.
func (a *analyst) assumed() []string {
	out := []string{
		"a topic is a cluster of embeddings: its name is a label, not evidence",
		"the public rows were drawn at random from the test, unless a verdict's source is probes",
		fmt.Sprintf("between %d and %d test rows are neither public nor private", a.Unscored[0], a.Unscored[1]),
		fmt.Sprintf("the scores are %s, %s, %s", a.Scoring.Metric, a.Scoring.Ticks(), a.roundingText()),
	}
	if len(a.shareReadings()) > 0 {
		out = append(out, "intervals of counts that are not exact rest on the class shares that past submissions tell, too")
	}
	if a.Epoch > 1 {
		out = append(out, fmt.Sprintf("the host has rescored: scores of epoch %d are read, those before it are not", a.Epoch))
	}
	if a.Belief.Hidden() {
		out[1] = "the public rows were drawn at random from the test: what is said of the private rows, and of totals, is what the public ones predict"
	}
	if a.Unscored[1] == 0 {
		out[2] = "every test row is either public or private (unscored = 0)"
	}
	return out
}

func (a *analyst) roundingText() string {
	switch {
	case a.Scoring.Full:
		return "not cut"
	case a.Scoring.Rounding == metric.Either:
		return "rounded or floored, the same way for all"
	case a.Scoring.Rounding == metric.Floor:
		return "floored"
	}
	return "rounded"
}
