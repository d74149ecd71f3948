package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"

	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
	"lbprobe/probes/channel"
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

// channelOptions are what a channel has to carry, and over which board.
func (s *Session) channelOptions(h *shelf) (channel.Options, error) {
	e := s.Experiment
	c := e.Competition
	lo, _ := c.PublicRange(c.Rows.Lo)
	_, hi := c.PublicRange(c.Rows.Hi)
	concentration := s.concentration(h)
	o := channel.Options{Scoring: c.Scoring(), Classes: len(c.Classes), Floor: e.Probe.Floor, Guard: e.Probe.Channel.Guard, NotA: h.notA(1/float64(lo) + 1/concentration),
		Constants: e.Probe.Channel.Constants, Rows: [2]int{c.Rows.Lo, c.Rows.Hi}, Public: [2]int{lo, hi}, Certainty: e.Analysis.Certainty, Train: h.trainRows(),
		Concentration: concentration, Absent: e.Analysis.Absent, Stray: stray, Check: e.Probe.Channel.Checksum}
	var err error
	o.Extras, err = s.extras()
	return o, err
}

// costs plans the channel for every level of answer, within what the budget leaves.
func (s *Session) costs(h *shelf, spent int) (channel.Options, *channel.Plan, error) {
	o, err := s.channelOptions(h)
	if err != nil {
		return o, nil, err
	}
	p, err := channel.NewPlan(o, max(0, s.Experiment.Probe.Budget-spent))
	return o, p, s.keyed(err)
}

// keyed places a fault that names a key of the experiment file.
func (s *Session) keyed(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Field != "" {
		return s.Experiment.Fault(f.Field, f.Msg, f.Fix)
	}
	return err
}

// table is the channel for the level of answer that is asked for, unless the budget is likely to be too small for it.
//
// bound is how many submissions carry the mean message.
func (s *Session) table(h *shelf, spent int) (t *channel.Table, bound float64, err error) {
	_, p, err := s.costs(h, spent)
	if err != nil {
		return nil, 0, err
	}
	level := channel.Level(s.Experiment.Probe.Target)
	if err := p.Refusal(level); err != nil {
		return nil, 0, s.keyed(err)
	}
	l := levelOf(p, level)
	return l.Table, 2 * l.Bits / (l.PerSubmission[0] + l.PerSubmission[1]), nil
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

// readChannel reads the channel of the bundle whose data set stands at a place. It must be the one that was generated: scores read by another would be
// called wrong.
func readChannel(folder *results.Folder, place string) (*channel.Table, error) {
	path := folder.Path(filepath.FromSlash(place), notebook.ChannelFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	list := folder.Path(filepath.FromSlash(place), notebook.ManifestFile)
	d, err := notebook.ReadIfThere(list, func(r io.Reader) (submission.Dataset, error) { return submission.ReadDataset(r, list) })
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(d.Files, func(f submission.File) bool { return f.Name == notebook.ChannelFile && f.SHA256 == hashBytes(text) }) {
		return nil, fault.Damaged(path, errors.New("it is not the file that "+notebook.ManifestFile+" lists"))
	}
	t, err := channel.ReadTable(bytes.NewReader(text))
	if err != nil {
		return nil, fault.Damaged(path, err)
	}
	return t, nil
}

// heard is what the recorded scores of a notebook's probes tell of its next one.
type heard struct {
	table   *channel.Table   // nil where no channel speaks
	reading *channel.Reading // likewise
	first   int              // number of the design's first probe
	last    int              // and of its last
	blamed  int              // without a channel: the probe whose score tells of a fault; 0: none
	scores  map[int]string   // by number
	again   outdated         // what has to be made again
}

// next is the number of the submission that is wanted next; 0 where all is told.
func (h *heard) next() int {
	switch {
	case h.reading != nil && h.reading.Next == 0:
		return 0
	case h.reading != nil:
		return h.reading.Next + h.first - 1
	case h.blamed > 0:
		return h.blamed
	}
	for number := h.first; number <= h.last; number++ {
		if _, scored := h.scores[number]; !scored {
			return number
		}
	}
	return 0
}

// hear reads what is recorded for a bundle that stands in a folder of the run folder.
func (s *Session) hear(folder *results.Folder, m *submission.Manifest, place string) (*heard, error) {
	recorded, ledger, err := scores(folder, m)
	if err != nil {
		return nil, err
	}
	out := &heard{first: m.Probes[0].Number, last: m.Probes[len(m.Probes)-1].Number, scores: map[int]string{}}
	for number, entry := range recorded {
		out.scores[number] = entry.Public
		if entry.Corrects == 0 && s.uniformScore(entry.Public) && (out.blamed == 0 || number < out.blamed) {
			out.blamed = number
		}
	}
	if m.Design != channelDesign {
		return out, nil
	}
	if out.table, err = readChannel(folder, place); err != nil {
		return nil, err
	}
	out.again = newOutdated(ledger.All(), out.first, out.table.Constants, out.scores)
	if out.reading, err = out.table.Decode(notebook.Places(out.again.known(out.scores), out.first)); err != nil {
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
	Check         [2]int        `json:"check"` // at most one wrong score in so many is taken for right, and with one submission more
	Days          int           `json:"days"`  // of Usual, at the board's quota; 0 where there is none
}
