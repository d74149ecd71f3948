package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"

	"lbprobe/analysis"
	"lbprobe/internal/notebook"
	"lbprobe/probes/board"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/channel"
	"lbprobe/probes/design"
	"lbprobe/probes/submission"
	"lbprobe/results"
)

// totals are rows of each topic of a hidden test, over all its parts, that a channel has told exactly.
type totals struct {
	rows    []int
	place   string // of the design that told them
	modulus int    // of the checksum that has covered them

	constants []constant // that the channel began with
}

// constant is a submission that predicted the same for every row. Its prediction is known to the last bit, other than those of a message, which another
// processor may round otherwise; so its score is one more equation about the public rows: it ties those of the first class to their number.
type constant struct {
	number int
	q      []float64 // a column
	shown  string
}

// toldTotals looks for exact totals in the designs of a run folder, the latest first: in the present one, then in those set aside. A design for other topics
// tells nothing of these.
func (s *Session) toldTotals(folder *results.Folder, codebook string) (*totals, error) {
	past, present, err := designs(folder)
	if err != nil {
		return nil, err
	}
	if present != nil {
		if told, err := s.totalsOf(folder, present, "probes", codebook); told != nil || err != nil {
			return told, err
		}
	}
	for i := len(past) - 1; i >= 0; i-- {
		if told, err := s.totalsOf(folder, &past[i], roundPlace(i+1), codebook); told != nil || err != nil {
			return told, err
		}
	}
	return nil, nil
}

// totalsOf are those that one design has told; nil where it has not, or not for sure.
func (s *Session) totalsOf(folder *results.Folder, m *submission.Manifest, place, codebook string) (*totals, error) {
	if m.Bundle == "" || m.Design != channelDesign || m.Target != string(channel.Exact) {
		return nil, nil
	}
	dataset := path.Join(place, "bundle", "dataset")
	file, err := os.Open(folder.Path(filepath.FromSlash(dataset), notebook.ManifestFile))
	if err != nil {
		return nil, nil // the bundle is gone: what it told can't be read any more
	}
	defer file.Close()
	d, err := submission.ReadDataset(file, file.Name())
	if err == nil && d.Codebook != codebook {
		return nil, nil
	}
	var h *heard
	if err == nil {
		h, err = s.hear(folder, m, dataset)
	}
	if err != nil {
		s.warn("what %s has told of the totals is not used: %v", place, err)
		return nil, nil
	}
	if h.trouble() != "" || h.reading.Modulus < analysis.LeastCheck {
		return nil, nil
	}
	out := &totals{place: place, modulus: h.reading.Modulus}
	for _, c := range h.reading.Tallies[channel.Topics] {
		if c.Lo != c.Hi {
			return nil, nil
		}
		out.rows = append(out.rows, c.Lo)
	}
	if out.constants, err = s.constantsOf(h.table, h.first); err != nil {
		return nil, err
	}
	for i := range out.constants {
		out.constants[i].shown = h.scores[out.constants[i].number]
	}
	return out, nil
}

// constantsOf are the constants that a channel begins with, numbered from first; they have no scores yet.
func (s *Session) constantsOf(t *channel.Table, first int) ([]constant, error) {
	c := s.Experiment.Competition
	var out []constant
	for i := range t.Constants {
		q, err := t.Prediction(i+1, nil, nil)
		if err != nil {
			return nil, err
		}
		if c.Column != "" {
			q = q[c.Positive() : c.Positive()+1]
		}
		out = append(out, constant{number: first + i, q: q})
	}
	return out, nil
}

// probes are the constants as submissions that predict the same for every topic.
func (t *totals) probes(topics int) []design.Probe {
	var out []design.Probe
	for _, c := range t.constants {
		out = append(out, design.Probe{Number: c.number, Q: slices.Repeat([][]float64{c.q}, topics)})
	}
	return out
}

// scored gives the constants the scores that a simulated board shows of them.
func (t *totals) scored(ctx context.Context, s *Session, truth sim.Truth) (*totals, error) {
	b, err := sim.New(truth, s.playScoring())
	if err != nil {
		return nil, s.Experiment.Fault("simulate", err.Error(), "")
	}
	c := s.Experiment.Competition
	rows := submission.Template{IDColumn: c.ID, Classes: c.Classes, Column: c.Column, IDs: truth.IDs, Topic: make([]int32, len(truth.IDs))}
	out := *t
	out.constants = slices.Clone(t.constants)
	for i, one := range out.constants {
		var file bytes.Buffer
		if err := rows.Write(&file, [][]float64{one.q}); err != nil {
			return nil, err
		}
		open := func() (io.ReadCloser, error) { return io.NopCloser(&file), nil }
		if _, err := b.Submit(ctx, board.Submission{Name: "constant", Open: open}); err != nil {
			return nil, err
		}
		shown, err := b.Scores(ctx)
		if err != nil {
			return nil, err
		}
		out.constants[i].shown = shown[len(shown)-1].Public
	}
	return &out, nil
}

// join adds the constants' scores to those of a design.
func (t *totals) join(in *analysis.Input) error {
	d := *in.Design
	d.Probes = slices.Concat(d.Probes, t.probes(d.Topics))
	for _, c := range t.constants {
		shown, err := in.Scoring.Read(c.shown)
		if err != nil {
			return err
		}
		in.Scores = append(in.Scores, analysis.Score{Probe: c.number, Public: shown})
	}
	in.Design = &d
	return nil
}

// premise says what an analysis that starts from totals rests on.
func (t *totals) premise() string {
	return fmt.Sprintf("the topics' totals are those that the channel told in %s: of messages that a wrong score has spoilt one in %d passes its checksum", t.place, t.modulus)
}

// doubt warns where wrong totals may be why the public counts, which the lattice's own scores tell, are no likely draw from them, or do not fit at all.
func (t *totals) doubt(r *analysis.Result) {
	unlike := func(c analysis.Check) bool { return !c.OK && c.Name == "stated belief" }
	if r.Status == analysis.Misfit || slices.ContainsFunc(r.Checks, unlike) {
		r.Warnings = append(r.Warnings, fmt.Sprintf("perhaps a score of the channel in %s is wrong, and with it the totals and the private counts: hold them all against the board's",
			t.place))
	}
}
