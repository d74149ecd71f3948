package pipeline

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"lbprobe/internal/fault"
	"lbprobe/probes/channel"
	"lbprobe/probes/design"
	"lbprobe/probes/prior"
	"lbprobe/probes/submission"
	"lbprobe/results"
)

// channelDesign is the design that sends what a notebook counts through the scores.
const channelDesign = "channel"

// Shares of the rows outside class A that are thought possible: so far from the train set's either way; anything in between where there are no labels.
const (
	shareSlack = 0.1
	leastShare = 0.05
	mostShare  = 0.98
)

// table lays out the channel for a level of answer.
func (s *Session) table(h *shelf, level channel.Level) (*channel.Table, error) {
	e := s.Experiment
	c := e.Competition
	lo, _ := c.PublicRange(c.Rows.Lo)
	_, hi := c.PublicRange(c.Rows.Hi)
	o := channel.Options{Scoring: c.Scoring(), Classes: len(c.Classes), Floor: e.Probe.Floor, Guard: e.Probe.Channel.Guard, NotA: h.notA(), Constants: 1,
		Rows: [2]int{c.Rows.Lo, c.Rows.Hi}, Public: [2]int{lo, hi}, Certainty: e.Analysis.Certainty, Train: h.trainRows(),
		Concentration: prior.Weak(len(h.topics)), Absent: e.Analysis.Absent, Level: level}
	if given := e.Analysis.Concentration; given != nil {
		o.Concentration = *given
	}
	t, err := channel.New(o)
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Field != "" {
		return nil, e.Fault(f.Field, f.Msg, f.Fix)
	}
	return t, err
}

// notA is the least and the most share of rows outside class A that is believed possible.
func (h *shelf) notA() [2]float64 {
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
	return [2]float64{max(share-shareSlack, leastShare), min(share+shareSlack, mostShare)}
}

// readTable reads the channel of the bundle that is there.
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

// planChannel says how many submissions each level of answer takes.
func (s *Session) planChannel(h *shelf, spent int) (*Planned, error) {
	e := s.Experiment
	c := e.Competition
	lo, _ := c.PublicRange(c.Rows.Lo)
	_, hi := c.PublicRange(c.Rows.Hi)
	p := &Planned{Experiment: e.Name, TestRows: c.Rows.Hi, Public: [2]int{lo, hi}, Certainty: e.Analysis.Certainty, Topics: []Already{},
		Budget: max(0, e.Probe.Budget-spent), PerDay: c.SubmissionsPerDay, Chosen: channelDesign, Why: "only a notebook sees the rows of a hidden test"}
	for _, level := range channel.Levels() {
		t, err := s.table(h, level)
		if err != nil {
			return nil, err
		}
		p.Designs = append(p.Designs, design.Plan{Kind: channelDesign, Target: design.Target(level), Unknowns: len(h.topics), Submissions: t.Probes()})
		p.Days = append(p.Days, days(t.Probes(), p.PerDay))
		if string(level) == e.Probe.Target {
			p.Submissions = t.Probes()
		}
	}
	return p, nil
}
