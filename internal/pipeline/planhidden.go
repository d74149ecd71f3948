package pipeline

import (
	"fmt"
	"math"
	"slices"

	"lbprobe/internal/fault"
	"lbprobe/probes/channel"
	"lbprobe/probes/design"
	"lbprobe/probes/prior"
)

// Joint is what exact counts of both parts take at the least: a channel's round for the totals, then a lattice that starts from them. Scores are whole, so each
// part is rounded up.
type Joint struct {
	Channel     float64 `json:"channel"`     // submissions that carry what the totals are worth, after those for the class shares
	Constants   int     `json:"constants"`   // submissions for the class shares
	Lattice     float64 `json:"lattice"`     // submissions that carry what the public counts are worth once the totals are known, beside the constants' scores
	Bound       int     `json:"bound"`       // all of them
	Submissions int     `json:"submissions"` // until every count is claimed exact, as planned
}

// planHidden weighs the channel and the other designs side by side.
func (s *Session) planHidden(h *shelf, w drawing) (*Planned, error) {
	e := s.Experiment
	o, costs, refused := s.costs(h, w.spent)
	if refused != nil && e.ByChannel() {
		return nil, refused
	}
	var p *Planned
	var err error
	if e.ByChannel() {
		p, err = s.planChannel(h, w, costs)
	} else {
		p, _, err = s.plan(h, w)
	}
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return p, nil
	}
	for _, l := range costs.Levels {
		p.Channel = append(p.Channel, ChannelCost{l.Level, l.Bits, l.PerSubmission, l.Expected, l.Usual, l.Worst, l.Within, l.Check, days(l.Usual, p.PerDay)})
	}
	if e.ByChannel() {
		if p.Messages, err = s.messageCosts(o, costs); err != nil {
			return nil, err
		}
	}
	if h.totals == nil {
		p.Joint, err = s.joint(h, w, costs)
	}
	return p, err
}

// planChannel settles on the channel, with the other designs beside it where they can tell what is asked.
func (s *Session) planChannel(h *shelf, w drawing, costs *channel.Plan) (*Planned, error) {
	e := s.Experiment
	c := e.Competition
	lo, _ := c.PublicRange(c.Rows.Lo)
	_, hi := c.PublicRange(c.Rows.Hi)
	p := &Planned{Experiment: e.Name, Hidden: true, TestRows: c.Rows.Hi, Public: [2]int{lo, hi}, Certainty: e.Analysis.Certainty, Topics: []Already{},
		Designs: []design.Plan{}, Chances: []design.Chances{}, Days: []int{}, Budget: costs.Budget, PerDay: c.SubmissionsPerDay, Readings: 1, Read: "public"}
	if e.Probe.Target != string(channel.Sizes) && c.Column == "" {
		var err error
		if p, _, err = s.weigh(h, w); err != nil {
			return nil, err
		}
	}
	i := slices.IndexFunc(costs.Levels, func(l channel.LevelPlan) bool { return string(l.Level) == e.Probe.Target })
	p.Chosen, p.Submissions, p.Why = channelDesign, costs.Levels[i].Usual, "the experiment file asks for it"
	if e.Probe.Design != channelDesign {
		p.Why = "it alone counts the rows of both parts, which the split makes verdicts on the private one" + p.instead()
	}
	p.Refusal = s.keyed(costs.Refusal(channel.Level(e.Probe.Target)))
	return p, nil
}

// instead says what the best of the other designs would take for the public counts.
func (p *Planned) instead() string {
	if len(p.Designs) == 0 {
		return ""
	}
	best := p.Designs[0]
	for _, d := range p.Designs {
		if d.Submissions < best.Submissions {
			best = d
		}
	}
	return fmt.Sprintf("; %s takes %d for the public counts alone", best.Kind, best.Submissions)
}

// joint reckons with the totals that are most to be expected, as nobody knows them yet.
func (s *Session) joint(h *shelf, w drawing, costs *channel.Plan) (*Joint, error) {
	e := s.Experiment
	i := slices.IndexFunc(costs.Levels, func(l channel.LevelPlan) bool { return l.Level == channel.Exact })
	l := costs.Levels[i]
	each := (l.PerSubmission[0] + l.PerSubmission[1]) / 2
	out := &Joint{Constants: l.Table.Constants, Channel: (l.Bits - math.Log2(float64(l.Check[0]))) / each}
	target := design.Rows
	if e.Probe.Target == string(design.Cells) {
		target = design.Cells
	}
	spec := s.staticBelief(h, h.expected((e.Competition.Rows.Lo+e.Competition.Rows.Hi)/2))
	var err error
	if spec.Groups, err = target.Groups(max(1, len(e.Competition.Classes))); err != nil {
		return nil, err
	}
	beliefs := prior.Beliefs(spec)
	m, err := prior.New(beliefs[prior.Stated])
	if err != nil {
		return nil, s.pointed("competition.test", err)
	}
	flat, err := prior.New(beliefs[prior.Flat])
	if err != nil {
		return nil, s.pointed("competition.test", err)
	}
	constants, err := s.constantsOf(l.Table, 1)
	if err != nil {
		return nil, err
	}
	from := *h
	from.totals = &totals{rows: spec.Totals, constants: constants}
	o := s.designOptions(design.Lattice, w.round+1, &from)
	o.Target = target
	_, plan, err := design.Sized(m, flat, o, unlimited)
	if err != nil {
		return nil, &fault.Error{Msg: err.Error(), Err: err}
	}
	out.Lattice = plan.Bound
	out.Bound = out.Constants + int(math.Ceil(out.Channel)) + int(math.Ceil(out.Lattice))
	out.Submissions = l.Usual + plan.Submissions
	return out, nil
}

// expected are so many test rows, shared among the topics as the train rows are.
func (h *shelf) expected(rows int) []int {
	train, all, given := h.trainRows(), 0, 0
	for _, n := range train {
		all += n
	}
	out := make([]int, len(train))
	most := 0
	for k, n := range train {
		out[k] = rows * n / max(all, 1)
		given += out[k]
		if n > train[most] {
			most = k
		}
	}
	out[most] += rows - given
	return out
}
