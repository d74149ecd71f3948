package pipeline

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"lbprobe/analysis"
	"lbprobe/internal/fault"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// Streams of the truth's random numbers, so that labels and split do not depend on each other.
const (
	labelStream = 0x6c6162656c
	splitStream = 0x73706c6974
)

// truth is what the simulated board hides: the classes of [simulate].truth, or classes drawn from what is believed; and its split, or one that is
// drawn. Trial 0 is the truth itself; others draw anew what can be drawn.
func (s *Session) truth(h *shelf, trial int) (sim.Truth, error) {
	e := s.Experiment
	seed := uint64(trial)
	if e.Simulate != nil {
		seed += e.Simulate.Seed
	}
	t, err := s.hidden(h, seed)
	if err != nil {
		return t, err
	}
	if t.Usage == nil || trial > 0 {
		public, ignored := s.splitOf(t)
		t.Usage = sim.DrawSplit(len(t.IDs), public, ignored, rand.New(rand.NewPCG(seed, splitStream)))
	}
	return t, nil
}

// hidden are the classes of the test rows.
func (s *Session) hidden(h *shelf, seed uint64) (sim.Truth, error) {
	c := s.Experiment.Competition
	if s.Experiment.Simulate != nil && s.Experiment.Simulate.Truth != "" {
		return s.readTruth(h)
	}
	spec, err := s.belief(h)
	if c.Hidden {
		spec, err = s.hiddenBelief(h) // the same truth whatever a channel has told already
	}
	if err != nil {
		return sim.Truth{}, err
	}
	t := sim.Truth{IDColumn: c.ID, Column: c.Column, Classes: c.Classes, IDs: h.ids}
	drawTruth(&t, spec, h, c.Range, rand.New(rand.NewPCG(seed, labelStream)))
	return t, nil
}

// drawTruth draws the classes from the prior, or numbers anywhere in their range.
func drawTruth(t *sim.Truth, spec prior.Spec, h *shelf, span *[2]float64, rng *rand.Rand) {
	if span != nil {
		for range h.ids {
			t.Number = append(t.Number, span[0]+(span[1]-span[0])*rng.Float64())
		}
		return
	}
	for _, c := range spec.Labels(h.of, rng) {
		t.Class = append(t.Class, int(c))
	}
}

// readTruth reads the truth file and holds its ids against those of the test.
func (s *Session) readTruth(h *shelf) (sim.Truth, error) {
	c, path := s.Experiment.Competition, s.Experiment.Simulate.Truth
	file, err := os.Open(path)
	if err != nil {
		return sim.Truth{}, fmt.Errorf("truth: %w", err)
	}
	defer file.Close()
	columns := sim.TruthColumns{ID: c.ID, Classes: c.Classes, Label: c.Label, Column: c.Column}
	t, err := sim.ReadTruth(file, path, columns)
	if err != nil {
		return t, err
	}
	topic := h.topicOf()
	for _, id := range t.IDs {
		if _, ok := topic[id]; !ok {
			return t, s.strangeTruth(fmt.Sprintf("%s has the id %q, which no test row has", filepath.Base(path), id))
		}
	}
	if len(t.IDs) != len(h.ids) {
		return t, s.strangeTruth(fmt.Sprintf("%s has %d rows, the test %d", filepath.Base(path), len(t.IDs), len(h.ids)))
	}
	return t, nil
}

func (s *Session) strangeTruth(msg string) *fault.Error {
	return s.Experiment.Fault("simulate.truth", msg, "Give one row for every test row")
}

// splitOf is how many rows of a truth are public and how many ignored: as its Usage says, else as the experiment does.
func (s *Session) splitOf(t sim.Truth) (public, ignored int) {
	if t.Usage == nil {
		ignored = (s.Experiment.Competition.Unscored.Lo + s.Experiment.Competition.Unscored.Hi) / 2
		return s.Experiment.SimulatedPublic(len(t.IDs) - ignored), ignored
	}
	for _, u := range t.Usage {
		switch u {
		case sim.Public:
			public++
		case sim.Ignored:
			ignored++
		}
	}
	return public, ignored
}

// playScoring is how the simulated board scores.
func (s *Session) playScoring() metric.Scoring {
	if s.Experiment.Simulate != nil {
		return s.Experiment.SimulatedScoring()
	}
	scoring := s.Experiment.Competition.Scoring()
	if scoring.Rounding == metric.Either {
		scoring.Rounding = metric.Round
	}
	return scoring
}

// topicOf finds the topic of a test row by its id.
func (h *shelf) topicOf() map[string]int32 {
	out := make(map[string]int32, len(h.ids))
	for i, id := range h.ids {
		out[id] = h.of[i]
	}
	return out
}

// cell is a place of the truth's table: a topic and a class, analysis.AllTopics and -1 standing for all.
type cell struct {
	usage sim.Usage
	topic int
	class int
}

// trueCounts are all counts that an analysis may speak of, as they truly are. Ignored rows count in the total only.
func (h *shelf) trueCounts(t sim.Truth) []analysis.Count {
	rows, topic := map[cell]int{}, h.topicOf()
	for i, id := range t.IDs {
		for _, k := range []int{int(topic[id]), analysis.AllTopics} {
			class := -1
			if t.Number == nil {
				class = t.Class[i]
			}
			rows[cell{t.Usage[i], k, class}]++
		}
	}
	var out []analysis.Count
	for k := analysis.AllTopics; k < len(h.topics); k++ {
		for _, part := range []struct {
			name   string
			usages []sim.Usage
		}{{"public", []sim.Usage{sim.Public}}, {"private", []sim.Usage{sim.Private}}, {"total", []sim.Usage{sim.Public, sim.Private, sim.Ignored}}} {
			all, by := 0, make([]int, len(t.Classes))
			for _, u := range part.usages {
				all += rows[cell{u, k, -1}]
				for c := range by {
					by[c] += rows[cell{u, k, c}]
					all += rows[cell{u, k, c}]
				}
			}
			out = append(out, analysis.Count{Split: part.name, Topic: k, Class: "*", Best: all})
			for c, name := range t.Classes {
				out = append(out, analysis.Count{Split: part.name, Topic: k, Class: name, Best: by[c]},
					analysis.Count{Split: part.name, Topic: k, Class: "!" + name, Best: all - by[c]})
			}
		}
	}
	return out
}
