package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"lbprobe/analysis"
	"lbprobe/experiments"
	"lbprobe/probes/design"
	"lbprobe/probes/prior"
)

// Planned is what is known before a submission is spent.
type Planned struct {
	Experiment  string           `json:"experiment"`
	TestRows    int              `json:"test_rows"`
	Public      [2]int           `json:"public_rows"`
	Certainty   float64          `json:"certainty"`
	Already     int              `json:"private_already"` // topics that are in the private part at that certainty, under a random split alone
	Topics      []Already        `json:"topics"`
	Designs     []design.Plan    `json:"designs"`
	Channel     []ChannelCost    `json:"channel,omitempty"` // for a hidden test, beside the designs
	Joint       *Joint           `json:"joint,omitempty"`   // for a hidden test of which no totals are told yet
	Hidden      bool             `json:"hidden"`
	Days        []int            `json:"days"`    // of each design, at the board's quota; 0 where there is none
	Chances     []design.Chances `json:"chances"` // of each design, within what is left of the budget
	Chosen      design.Kind      `json:"chosen"`
	Why         string           `json:"why"`
	Budget      int              `json:"budget"` // submissions that are left of it
	PerDay      int              `json:"submissions_per_day"`
	Submissions int              `json:"submissions"` // of the chosen design, within the budget
	Readings    int              `json:"readings"`    // that each submission brings: two where private scores are shown
	Read        string           `json:"read"`        // the part of the test whose counts the submissions are reckoned for, public or private

	Messages []MessageCost `json:"messages,omitempty"` // of the channel, besides the topics
	Refusal  error         `json:"-"`                  // why the budget is too small for what is asked of a channel; nil: it is not
}

// Already is what is known of a topic without any submission.
type Already struct {
	Topic    int     `json:"topic"`
	Name     string  `json:"name"`
	TestRows int     `json:"test_rows"`
	Private  float64 `json:"p_private"` // chance that the private part has enough rows of it, under a random split
}

// Plan weighs the designs. It learns the topics first, if need be, and writes nothing else.
func (s *Session) Plan() (*Planned, error) {
	folder, h, err := s.sorted()
	if err != nil {
		return nil, err
	}
	past, present, err := designs(folder)
	if err != nil {
		return nil, err
	}
	if present != nil && present.Bundle != "" && (present.Design == channelDesign) != s.Experiment.ByChannel() {
		past = append(past, *present) // it has to make way
	}
	spent, err := spentOn(folder, past...)
	if err != nil {
		return nil, err
	}
	if s.Experiment.Competition.Hidden {
		return s.planHidden(h, drawing{round: len(past), spent: spent, whole: true})
	}
	p, _, err := s.plan(h, drawing{round: len(past), spent: spent})
	return p, err
}

// drawing says which design is drawn.
type drawing struct {
	round int  // how many designs were set aside
	spent int  // submissions that those have cost
	least int  // probes that there must be, whatever the budget
	whole bool // all probes, whatever the budget: what they are must not depend on it
}

// plan also draws the design that is chosen.
func (s *Session) plan(h *shelf, w drawing) (*Planned, *design.Design, error) {
	p, drawn, err := s.weigh(h, w)
	if err != nil {
		return nil, nil, err
	}
	p.choose(design.Kind(s.Experiment.Probe.Design))
	p.Why += p.within()
	d := drawn.of[p.Chosen]
	if w.least > len(d.Probes) {
		o := s.designOptions(p.Chosen, w.round, h)
		o.Count, o.Polish = w.least, p.plan(p.Chosen).Polished
		if d, err = design.Draw(drawn.model, o); err != nil {
			return nil, nil, s.Experiment.Fault("probe.design", err.Error(), "")
		}
	}
	p.Submissions = min(len(d.Probes), max(p.Budget, w.least))
	if !w.whole {
		d.Probes = d.Probes[:p.Submissions]
	}
	return p, d, nil
}

// plan is that of a kind of design.
func (p *Planned) plan(kind design.Kind) design.Plan {
	return p.Designs[slices.IndexFunc(p.Designs, func(d design.Plan) bool { return d.Kind == kind })]
}

// drawn are designs of every kind for one belief.
type drawn struct {
	model *prior.Model
	of    map[design.Kind]*design.Design
}

// weigh draws a design of every kind and says what it costs.
func (s *Session) weigh(h *shelf, w drawing) (*Planned, *drawn, error) {
	e := s.Experiment
	spec, err := s.belief(h)
	if err != nil {
		return nil, nil, err
	}
	random, err := prior.New(spec)
	if err != nil {
		return nil, nil, s.pointed("competition.test", err)
	}
	read, readings := s.read(spec)
	beliefs := prior.Beliefs(read.belief(spec))
	m, err := prior.New(beliefs[prior.Stated])
	if err != nil {
		return nil, nil, s.pointed("competition.test", err)
	}
	flat, err := prior.New(beliefs[prior.Flat])
	if err != nil {
		return nil, nil, s.pointed("competition.test", err)
	}
	if m.Dim() == 0 {
		return nil, nil, e.Fault("topics.k", "all test rows are of one topic, so there is nothing to ask", "Raise it")
	}
	_, rows := random.Rows()
	p := &Planned{Experiment: e.Name, Hidden: e.Competition.Hidden, TestRows: rows, Public: spec.Public, Certainty: e.Analysis.Certainty, Budget: max(0, e.Probe.Budget-w.spent),
		PerDay: e.Competition.SubmissionsPerDay, Readings: readings, Read: read.name}
	p.already(s, h, random)
	s.step("drawing probes")
	out := &drawn{m, map[design.Kind]*design.Design{}}
	for _, kind := range kinds(design.Kind(e.Probe.Design), spec) {
		o := s.designOptions(kind, w.round, h)
		d, plan, err := design.Sized(m, flat, o, unlimited)
		switch {
		case err != nil && (kind != design.Blocks || string(kind) == e.Probe.Design):
			return nil, nil, e.Fault("probe.design", err.Error(), "")
		case err != nil:
			continue // blocks are not for every metric and target
		}
		out.of[kind] = d
		chances, err := design.NewChances(m, flat, o, d, p.Budget, p.Certainty)
		if err != nil {
			return nil, nil, e.Fault("probe.design", err.Error(), "")
		}
		p.Chances = append(p.Chances, chances)
		p.Designs, p.Days = append(p.Designs, plan), append(p.Days, days(plan.Submissions, p.PerDay))
	}
	return p, out, nil
}

// readPart is the part of a test whose scores settle what is asked.
type readPart struct {
	name string
	rows [2]int
}

// belief is what is believed of the part's counts.
func (r readPart) belief(spec prior.Spec) prior.Spec {
	spec.Public = r.rows
	return spec
}

// read tells which part the submissions are reckoned for, and how many readings each brings. After the deadline there are two: where every row
// is counted and none ignored, the counts of one part follow from those of the other, so that the smaller one is enough; else it is the part
// that is asked about.
func (s *Session) read(spec prior.Spec) (part readPart, readings int) {
	e := s.Experiment
	public := readPart{"public", spec.Public}
	if !e.Competition.PrivateScores {
		return public, 1
	}
	private := readPart{"private", analysis.PrivateRange(spec, [2]int{e.Competition.Unscored.Lo, e.Competition.Unscored.Hi})}
	smaller := public
	if private.rows[0]+private.rows[1] < public.rows[0]+public.rows[1] {
		smaller = private
	}
	switch {
	case !design.Latent(spec.Groups, len(e.Competition.Classes)) && e.Competition.Unscored == (experiments.IntRange{}):
		return smaller, 2
	case e.Probe.Split == "private":
		return private, 2
	}
	return public, 2
}

// kinds are the designs that a plan compares, the lattice first: blocks only where they can be, unless they are asked for.
func kinds(asked design.Kind, spec prior.Spec) []design.Kind {
	out := []design.Kind{design.Lattice, design.OneAtATime, design.Hadamard}
	rows := 0
	for _, n := range spec.Totals {
		rows += n
	}
	if asked == design.Blocks || spec.Public == [2]int{rows, rows} {
		out = append(out, design.Blocks)
	}
	return out
}

// designOptions are the experiment's settings of a design. A new round has a seed of its own, so that it never asks the same questions again. A lattice that
// starts from totals is drawn beside the constants of the channel that told them, and polished.
func (s *Session) designOptions(kind design.Kind, round int, h *shelf) design.Options {
	e := s.Experiment
	c := e.Competition
	o := design.Options{Kind: kind, Target: design.Target(e.Probe.Target), Classes: c.Classes, Column: c.Column, Topics: len(h.topics),
		Scoring: c.Scoring(), Outside: c.Outside, Floor: e.Probe.Floor, Seed: e.Seed + uint64(round)}
	if h.totals != nil {
		o.Known, o.Polish = h.totals.probes(o.Topics), true
	}
	return o
}

// unlimited is a budget that limits nothing.
const unlimited = 1 << 30

// already counts the topics whose presence needs no submission.
func (p *Planned) already(s *Session, h *shelf, m *prior.Model) {
	e := s.Experiment
	private := p.TestRows - (p.Public[0]+p.Public[1])/2
	rows := h.testRows()
	for k, t := range h.topics {
		a := Already{Topic: k, Name: t.called(k), TestRows: rows[k],
			Private: design.PrivateAlready(m, k, e.Competition.Unscored.Hi, e.Analysis.PresentFrom.Of(private))}
		if a.Private >= p.Certainty {
			p.Already++
		}
		p.Topics = append(p.Topics, a)
	}
}

// mostLattice is how many counts a lattice can be decoded for in reasonable time.
const mostLattice = 100

// choose settles on the design that is asked for; auto takes the cheapest that can be decoded, the first of equals but that one topic at a time,
// which needs no decoding, goes before a lattice.
func (p *Planned) choose(asked design.Kind) {
	if asked != "auto" {
		p.Chosen, p.Why = asked, "the experiment file asks for it"
		return
	}
	said := map[design.Kind]string{design.Lattice: "a lattice", design.OneAtATime: "one topic at a time", design.Blocks: "blocks"}
	best := p.Designs[1]
	for _, d := range p.Designs {
		if said[d.Kind] != "" && d.Submissions < best.Submissions && (d.Kind != design.Lattice || d.Unknowns <= mostLattice) {
			best = d
		}
	}
	var others []string
	for _, d := range p.Designs {
		switch {
		case d.Kind == best.Kind || said[d.Kind] == "":
		case d.Kind == design.Lattice && d.Unknowns > mostLattice:
			others = append(others, fmt.Sprintf("a lattice of %d counts can't be decoded", d.Unknowns))
		default:
			others = append(others, fmt.Sprintf("%s %d", said[d.Kind], d.Submissions))
		}
	}
	p.Chosen, p.Why = best.Kind, fmt.Sprintf("it takes %d submissions, %s", best.Submissions, strings.Join(others, ", "))
}

// within says what the budget is worth with the chosen design, where that is less than all.
func (p *Planned) within() string {
	for i, d := range p.Designs {
		if d.Kind == p.Chosen && p.Chances[i].Exact < 0.995 {
			return fmt.Sprintf("; within the budget of %d it settles the counts with chance %.2f, and claims them exact with chance %.2f", p.Budget,
				p.Chances[i].Certain, p.Chances[i].Exact)
		}
	}
	return ""
}

// days is how long submissions take at a quota.
func days(submissions, perDay int) int {
	if perDay == 0 {
		return 0
	}
	return (submissions + perDay - 1) / perDay
}
