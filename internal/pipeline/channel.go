package pipeline

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"lbprobe/internal/fault"
	"lbprobe/probes/channel"
	"lbprobe/probes/design"
	"lbprobe/probes/submission"
	"lbprobe/results"
)

// channelDesign is the design that sends what a notebook counts through the scores.
const channelDesign = "channel"

// Shares of the rows outside class A that are thought possible: so far from the train set's either way, and four standard deviations of what so many public
// rows and the train set's evidence leave open; anything in between where there are no labels.
const (
	shareSlack = 0.1
	shareSDs   = 4
	leastShare = 0.05
	mostShare  = 0.98
)

// stray is the chance that a topic's rows in the test have nothing to do with those in train.
const stray = 0.02

// costs plans the channel for every level of answer, within what the budget leaves.
func (s *Session) costs(h *shelf, spent int) (*channel.Plan, error) {
	e := s.Experiment
	c := e.Competition
	lo, _ := c.PublicRange(c.Rows.Lo)
	_, hi := c.PublicRange(c.Rows.Hi)
	concentration := s.concentration(h)
	o := channel.Options{Scoring: c.Scoring(), Classes: len(c.Classes), Floor: e.Probe.Floor, Guard: e.Probe.Channel.Guard, NotA: h.notA(1/float64(lo) + 1/concentration), Constants: 1,
		Rows: [2]int{c.Rows.Lo, c.Rows.Hi}, Public: [2]int{lo, hi}, Certainty: e.Analysis.Certainty, Train: h.trainRows(),
		Concentration: concentration, Absent: e.Analysis.Absent, Stray: stray}
	p, err := channel.NewPlan(o, max(0, e.Probe.Budget-spent))
	return p, s.keyed(err)
}

// keyed places a fault that names a key of the experiment file.
func (s *Session) keyed(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Field != "" {
		return s.Experiment.Fault(f.Field, f.Msg, f.Fix)
	}
	return err
}

// table is the channel for the level of answer that is asked for, unless the budget is likely to be too small for it.
func (s *Session) table(h *shelf, spent int) (*channel.Table, error) {
	p, err := s.costs(h, spent)
	if err != nil {
		return nil, err
	}
	level := channel.Level(s.Experiment.Probe.Target)
	if err := p.Refusal(level); err != nil {
		return nil, s.keyed(err)
	}
	i := slices.IndexFunc(p.Levels, func(l channel.LevelPlan) bool { return l.Level == level })
	return p.Levels[i].Table, nil
}

// notA is the least and the most share of public rows outside class A that is believed possible; unsure is the variance of a share over that of one row.
func (h *shelf) notA(unsure float64) [2]float64 {
	others, all := 0, 0
	for _, t := range h.topics {
		for c, rows := range t.classes {
			all += rows
			if c > 0 {
				others += rows
			}
		}
	}
	if all == 0 {
		return [2]float64{leastShare, mostShare}
	}
	share := float64(others) / float64(all)
	slack := max(shareSlack, shareSDs*math.Sqrt(share*(1-share)*unsure))
	return [2]float64{max(share-slack, leastShare), min(share+slack, mostShare)}
}

// readChannel reads the channel of the bundle that is there.
func readChannel(folder *results.Folder) (*channel.Table, error) {
	path := folder.Path(filepath.FromSlash(datasetPlace), datasetChannel)
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	defer file.Close()
	t, err := channel.ReadTable(file)
	if err != nil {
		return nil, damaged(path, err)
	}
	return t, nil
}

// heard is what the recorded scores of a channel tell.
type heard struct {
	table   *channel.Table
	reading *channel.Reading
	first   int            // number of the design's first probe
	scores  map[int]string // by number
}

// next is the number of the submission that is wanted next; 0 where all is told.
func (h *heard) next() int {
	if h.reading.Next == 0 {
		return 0
	}
	return h.reading.Next + h.first - 1
}

// hear decodes what is recorded.
func hear(folder *results.Folder, m *submission.Manifest) (*heard, error) {
	recorded, _, err := scores(folder, m)
	if err != nil {
		return nil, err
	}
	out := &heard{first: m.Probes[0].Number, scores: map[int]string{}}
	if out.table, err = readChannel(folder); err != nil {
		return nil, err
	}
	for number, entry := range recorded {
		out.scores[number] = entry.Public
	}
	if out.reading, err = out.table.Decode(placed(out.scores, out.first)); err != nil {
		return nil, &fault.Error{File: folder.Path("ledger.jsonl"), Msg: err.Error(), Err: err}
	}
	return out, nil
}

// widen appends to the manifest the submission that an improbable message takes beyond those planned.
func (s *Session) widen(folder *results.Folder, m *submission.Manifest, h *heard) error {
	last := m.Probes[len(m.Probes)-1].Number
	if h.next() <= last {
		return nil
	}
	m.Probes = append(m.Probes, s.bundleOf(m).Entry(last+1))
	return folder.Write(manifestPlace, m.Write)
}

// ChannelCost is what a level of answer costs.
type ChannelCost struct {
	Target        channel.Level `json:"target"`
	Bits          float64       `json:"bits"`                // of a message on average, its checksum included
	PerSubmission [2]float64    `json:"bits_a_submission"`   // for the least and the most rows outside class A
	Expected      float64       `json:"submissions_mean"`    // with the one that reads the class shares
	Usual         int           `json:"submissions"`         // enough for 19 of 20 messages
	Worst         int           `json:"submissions_at_most"` // enough for any message
	Within        float64       `json:"p_within_budget"`
	Check         [2]int        `json:"check"` // one wrong score in so many is taken for right, and with one submission more
	Days          int           `json:"days"`  // of Usual, at the board's quota; 0 where there is none
}

// planChannel says how many submissions each level of answer takes.
func (s *Session) planChannel(h *shelf, spent int) (*Planned, error) {
	e := s.Experiment
	costs, err := s.costs(h, spent)
	if err != nil {
		return nil, err
	}
	c := e.Competition
	lo, _ := c.PublicRange(c.Rows.Lo)
	_, hi := c.PublicRange(c.Rows.Hi)
	p := &Planned{Experiment: e.Name, TestRows: c.Rows.Hi, Public: [2]int{lo, hi}, Certainty: e.Analysis.Certainty, Topics: []Already{},
		Designs: []design.Plan{}, Days: []int{}, Budget: costs.Budget, PerDay: c.SubmissionsPerDay, Chosen: channelDesign,
		Why: "only a notebook sees the rows of a hidden test"}
	for _, l := range costs.Levels {
		p.Channel = append(p.Channel, ChannelCost{l.Level, l.Bits, l.PerSubmission, l.Expected, l.Usual, l.Worst, l.Within, l.Check, days(l.Usual, p.PerDay)})
		if string(l.Level) == e.Probe.Target {
			p.Submissions = l.Usual
		}
	}
	return p, s.keyed(costs.Refusal(channel.Level(e.Probe.Target)))
}
