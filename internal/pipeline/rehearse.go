package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"lbprobe/analysis"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/submission"
	"lbprobe/results/report"
)

// Play says how an experiment is rehearsed.
type Play struct {
	Trials      int // truths to play against; 0 means 1
	Submissions int // scores that are read at most; 0: of every probe
}

// Rehearsal is what was recovered from simulated boards of known truth.
type Rehearsal struct {
	Experiment string  `json:"experiment"`
	Design     string  `json:"design"`
	Target     string  `json:"target"`
	Truth      string  `json:"truth"`  // where it comes from
	Hidden     bool    `json:"hidden"` // the test is: totals are found out too
	Bound      float64 `json:"bound"`
	Trials     []Trial `json:"trials"`
}

// Trial is one truth and what the scores told of it.
type Trial struct {
	Trial      int             `json:"trial"`
	Read       int             `json:"scores_read"`
	Status     analysis.Status `json:"status"`
	Conclusion string          `json:"conclusion"`
	Public     Recovered       `json:"public"`  // the counts that were asked for
	Private    Recovered       `json:"private"` // the same of the private part
	Total      Recovered       `json:"total"`   // the same of the whole test
	Right      int             `json:"topics_right"`
	Wrong      int             `json:"topics_wrong"`
	Open       int             `json:"topics_open"`
	Misses     []string        `json:"misses"`
}

// Recovered compares counts with the truth.
type Recovered struct {
	Counts     int `json:"counts"`
	Best       int `json:"best_right"` // the best value is the truth
	Exact      int `json:"exact"`      // claimed
	ExactWrong int `json:"exact_wrong"`
	Inside     int `json:"inside"` // the interval holds the truth
}

// Rehearse plays the whole chain in a folder of its own against simulated boards, and leaves the run folder alone.
func (s *Session) Rehearse(ctx context.Context, play Play) (*Rehearsal, error) {
	dir, err := os.MkdirTemp("", "lbprobe-rehearse-*")
	if err != nil {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	defer os.RemoveAll(dir)
	inside := *s
	inside.options.Results, inside.options.Renew, inside.options.More = dir, false, 0
	inside.passing = true
	if err := inside.borrow(s); err != nil {
		return nil, err
	}
	if err := inside.follow(s); err != nil {
		return nil, err
	}
	generated, err := inside.Generate()
	if err != nil {
		return nil, err
	}
	m := generated.Manifest
	out := &Rehearsal{Experiment: m.Experiment, Design: m.Design, Target: m.Target, Hidden: m.Bundle != "", Bound: m.Bound, Truth: s.truthSource()}
	for trial := range max(play.Trials, 1) {
		s.step(fmt.Sprintf("trial %d of %d", trial+1, max(play.Trials, 1)))
		t, err := inside.trial(ctx, trial, play.Submissions)
		if err != nil {
			return nil, err
		}
		out.Trials = append(out.Trials, *t)
	}
	s.Warnings = inside.Warnings
	return out, nil
}

// borrow copies the topics of the run folder, where they are fresh, so that they need not be learned again.
func (s *Session) borrow(from *Session) error {
	folder, err := from.open()
	if err != nil {
		return nil // there is none yet
	}
	hash, err := from.topicInputs()
	if err != nil || !folder.Fresh("topics", hash) {
		return err
	}
	mine, err := s.create()
	if err != nil {
		return err
	}
	var outputs []string
	for _, place := range []string{"corpus", "topics"} {
		if err := os.CopyFS(mine.Path(place), os.DirFS(folder.Path(place))); err != nil {
			return fmt.Errorf("rehearse: %w", err)
		}
	}
	for _, place := range topicOutputs {
		if _, there := existing(mine.Path(place)); there {
			outputs = append(outputs, place)
		}
	}
	return mine.Done("topics", hash, outputs...)
}

// follow lets a rehearsal start, as the run folder does, from totals that a channel has told: here from those of the rows that stand for the hidden ones.
func (s *Session) follow(from *Session) error {
	if !from.Experiment.Competition.Hidden || from.Experiment.ByChannel() {
		return nil
	}
	_, h, err := from.shelved()
	if err != nil || h.totals == nil {
		return nil // there is no run folder, or no channel has spoken in it
	}
	folder, mine, err := s.sorted()
	if err != nil {
		return err
	}
	stand, _, err := s.played(folder, mine, 0)
	if err != nil {
		return err
	}
	s.given = &totals{rows: stand.testRows(), place: h.totals.place, modulus: h.totals.modulus, constants: slices.Clone(h.totals.constants)}
	for i := range s.given.constants {
		s.given.constants[i].number = -i // the rehearsal numbers its probes from 1
	}
	return nil
}

// truthSource says where the truth comes from.
func (s *Session) truthSource() string {
	if s.Experiment.Simulate != nil && s.Experiment.Simulate.Truth != "" {
		return s.named(s.Experiment.Simulate.Truth)
	}
	return "drawn from the prior"
}

// trial plays one truth: a new ledger, the files to the board, the scores to the analysis.
func (s *Session) trial(ctx context.Context, number, most int) (*Trial, error) {
	b, err := s.bench()
	if err != nil {
		return nil, err
	}
	if err := os.Remove(b.folder.Path("ledger.jsonl")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	stand, truth, err := s.truthOf(b, number)
	if err != nil {
		return nil, err
	}
	if s.given != nil {
		if b.shelf.totals, err = s.given.scored(ctx, s, truth); err != nil {
			return nil, err
		}
	}
	if b.manifest.Bundle == "" {
		err = s.play(ctx, b.folder, b.manifest, firstOf(b.manifest.Probes, most), truth)
	} else {
		_, err = s.playBundle(ctx, b.folder, b.manifest, truth, cmp.Or(most, unlimited))
	}
	if err != nil {
		return nil, err
	}
	if b.scores, _, err = scores(b.folder, b.manifest); err != nil {
		return nil, err
	}
	r, err := s.decode(b)
	if err != nil {
		return nil, err
	}
	return s.judge(number, stand, truth, r), nil
}

// firstOf is the first probes of a design, all of them for 0.
func firstOf(probes []submission.Entry, most int) []submission.Entry {
	if most > 0 {
		return probes[:min(most, len(probes))]
	}
	return probes
}

// judge compares what was found with the truth.
func (s *Session) judge(number int, h *shelf, truth sim.Truth, r *analysis.Result) *Trial {
	counts := h.trueCounts(truth)
	compared := s.compared(h, r, counts)
	t := &Trial{Trial: number + 1, Read: r.Read, Status: r.Status, Conclusion: r.Conclusion, Right: compared.Right, Wrong: compared.Wrong,
		Open: compared.Open, Misses: append([]string{}, compared.Misses...)}
	t.Public, t.Private = recovered("public", r.Asked, r.Counts, counts), recovered("private", r.Asked, r.Counts, counts)
	t.Total = recovered("total", r.Asked, r.Counts, counts)
	return t
}

// recovered compares the topics' counts of one part with the truth.
func recovered(split string, classes []string, found, truth []analysis.Count) (out Recovered) {
	type place struct {
		topic int
		class string
	}
	known := map[place]int{}
	for _, c := range truth {
		if c.Split == split {
			known[place{c.Topic, c.Class}] = c.Best
		}
	}
	for _, c := range found {
		if c.Split != split || c.Topic == analysis.AllTopics || !slices.Contains(classes, c.Class) {
			continue
		}
		rows := known[place{c.Topic, c.Class}]
		out.Counts++
		if c.Best == rows {
			out.Best++
		}
		if c.Lo <= rows && rows <= c.Hi {
			out.Inside++
		}
		if c.Exact {
			out.Exact++
			if c.Best != rows {
				out.ExactWrong++
			}
		}
	}
	return out
}

// Sum adds up all trials: the counts that were asked for, those of the other parts with them, and the topics by what was claimed of them.
func (r *Rehearsal) Sum() (asked, all Recovered, topics report.Truth) {
	for _, t := range r.Trials {
		asked = asked.plus(t.Public)
		all = all.plus(t.Public).plus(t.Private)
		if r.Hidden {
			all = all.plus(t.Total)
		}
		topics.Right, topics.Wrong, topics.Open = topics.Right+t.Right, topics.Wrong+t.Wrong, topics.Open+t.Open
	}
	return asked, all, topics
}

func (r Recovered) plus(o Recovered) Recovered {
	return Recovered{Counts: r.Counts + o.Counts, Best: r.Best + o.Best, Exact: r.Exact + o.Exact, ExactWrong: r.ExactWrong + o.ExactWrong,
		Inside: r.Inside + o.Inside}
}
