package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"lbprobe/analysis"
	"lbprobe/internal/fault"
	"lbprobe/probes/submission"
	"lbprobe/results"
	"lbprobe/results/report"
)

const (
	analysisPlace = "analysis/analysis.json"
	reportPlace   = "analysis/report.md"
	picturePlace  = "analysis/shifts.svg"
)

// Analyze reads the recorded scores and writes what they say, unless that was done with the same inputs.
func (s *Session) Analyze() (*report.Report, error) {
	b, err := s.bench()
	if err != nil {
		return nil, err
	}
	if err := s.past(b); err != nil {
		return nil, err
	}
	hash, err := s.analysisInputs(b)
	if err != nil {
		return nil, err
	}
	if b.folder.Fresh("analyze", hash) {
		r, err := b.result()
		if err != nil {
			return nil, err
		}
		return s.render(b, r)
	}
	s.step("reading scores")
	r, err := s.decode(b)
	if err != nil {
		return nil, err
	}
	if err := writeResult(b.folder, r); err != nil {
		return nil, err
	}
	if err := b.folder.Done("analyze", hash, analysisPlace, "analysis/counts.csv", "analysis/verdicts.csv"); err != nil {
		return nil, err
	}
	return s.render(b, r)
}

// Report renders the last analysis again.
func (s *Session) Report() (*report.Report, error) {
	b, err := s.bench()
	if err != nil {
		return nil, err
	}
	r, err := b.result()
	if err != nil {
		return nil, err
	}
	if hash, err := s.analysisInputs(b); err != nil || !b.folder.Fresh("analyze", hash) {
		s.warn("scores or settings have changed since the analysis: lbprobe analyze %s", s.Experiment.Path)
	}
	return s.render(b, r)
}

// bench is what an analysis works on: the folder, its topics, its design and the recorded scores.
type bench struct {
	folder   *results.Folder
	shelf    *shelf
	manifest *submission.Manifest
	scores   map[int]results.Entry
	others   []results.Entry // scored submissions that are no probes
}

// bench gathers the files of earlier stages, and refuses a design that was made for other topics.
func (s *Session) bench() (*bench, error) {
	folder, err := s.open()
	if err != nil {
		return nil, err
	}
	b := &bench{folder: folder}
	if b.manifest, err = s.probed(folder); err != nil {
		return nil, err
	}
	if b.shelf, err = s.shelf(folder); err != nil {
		return nil, err
	}
	if !folder.Fresh("design", b.shelf.made) {
		return nil, &fault.Error{File: folder.Path("probes"), Msg: "the design was made for other topics than those in " + folder.Path("topics"),
			Fix: "Run it again: lbprobe run " + s.Experiment.Path}
	}
	var ledger *results.Ledger
	if b.scores, ledger, err = scores(folder, b.manifest); err != nil {
		return nil, err
	}
	b.others = strangers(ledger, b.manifest)
	return b, nil
}

// analysisInputs is the hash of what an analysis reads.
func (s *Session) analysisInputs(b *bench) (string, error) {
	all := map[string]string{"settings": s.Experiment.Hash(), "assignment": b.shelf.made}
	for _, place := range []string{"topics/topics.csv", "topics/exemplars.csv", designPlace, manifestPlace, "ledger.jsonl"} {
		sum, err := results.HashFile(b.folder.Path(filepath.FromSlash(place)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		all[place] = sum
	}
	if s.Experiment.Competition.Board == simulated && s.Experiment.Simulate.Truth != "" {
		sum, err := s.sum(s.Experiment.Simulate.Truth)
		if err != nil {
			return "", err
		}
		all["truth"] = sum
	}
	if len(b.others) > 0 {
		all["evidence"] = s.evidenceInputs(b)
	}
	return results.HashOf(all), nil
}

// result reads the last analysis.
func (b *bench) result() (*analysis.Result, error) {
	path := b.folder.Path(filepath.FromSlash(analysisPlace))
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &fault.Error{File: path, Msg: "there is no analysis yet", Fix: "Make it first: lbprobe analyze EXPERIMENT", Err: err}
	}
	if err != nil {
		return nil, fmt.Errorf("run folder: %w", err)
	}
	r := &analysis.Result{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fault.Damaged(path, err)
	}
	return r, nil
}

// analysisSettings copies what every analysis takes from the experiment, the topics and the ledger.
func (s *Session) analysisSettings(b *bench) analysis.Input {
	e := s.Experiment
	in := analysis.Input{Scoring: e.Competition.Scoring(), Unscored: [2]int{e.Competition.Unscored.Lo, e.Competition.Unscored.Hi},
		TrainRows: b.shelf.trainRows(), Certainty: e.Analysis.Certainty, FDR: e.Analysis.FDR, PresentFrom: float64(e.Analysis.PresentFrom.Rows), Advance: s.options.Advance}
	if share := e.Analysis.PresentFrom.Share; share > 0 {
		in.PresentFrom = share
	}
	for k, t := range b.shelf.topics {
		in.Names = append(in.Names, t.called(k))
	}
	for _, entry := range b.scores {
		in.Epoch = max(in.Epoch, entry.Epoch) // all are of the last one
	}
	return in
}

// analysisInput is what the analysis of a design's scores takes.
func (s *Session) analysisInput(b *bench) (in analysis.Input, err error) {
	e := s.Experiment
	in = s.analysisSettings(b)
	if in.Design, err = s.readDesign(b.folder, b.manifest, len(b.shelf.topics)); err != nil {
		return in, err
	}
	if in.Belief, err = s.belief(b.shelf); err != nil {
		return in, err
	}
	unread := false // private scores
	for _, p := range b.manifest.Probes {
		entry, ok := b.scores[p.Number]
		if !ok || entry.Public == "" {
			continue
		}
		reading, err := in.Scoring.Read(entry.Public)
		if err != nil {
			return in, s.pointed("competition.decimals", &fault.Error{File: b.folder.Path("ledger.jsonl"), Msg: fmt.Sprintf("probe %d: %v", p.Number, err)})
		}
		score := analysis.Score{Probe: p.Number, Public: reading}
		if e.Competition.PrivateScores && entry.Private != "" {
			shown, err := in.Scoring.Read(entry.Private)
			if err != nil {
				return in, s.pointed("competition.decimals", &fault.Error{File: b.folder.Path("ledger.jsonl"), Msg: fmt.Sprintf("probe %d, private: %v", p.Number, err)})
			}
			score.Private = &shown
		}
		unread = unread || score.Private == nil && entry.Private != ""
		in.Scores = append(in.Scores, score)
	}
	if in.Shares, err = s.pastShares(b); err != nil {
		return in, err
	}
	if unread {
		s.warn("the ledger holds private scores of probes, which are not read: write private_scores = true under [competition]")
	}
	return in, nil
}

// pastShares are the class shares that past submissions tell.
func (s *Session) pastShares(b *bench) (out []analysis.ClassShare, err error) {
	past, err := b.readPast()
	if past == nil || err != nil {
		return nil, err
	}
	for _, p := range past.Shares {
		if c := slices.Index(s.Experiment.Competition.Classes, p.Class); c >= 0 && p.Split != "total" {
			out = append(out, analysis.ClassShare{Part: p.Split, Class: c, Share: p.Share.Value, SD: p.Share.SD})
		}
	}
	return out, nil
}

// writeResult leaves the figures.
func writeResult(folder *results.Folder, r *analysis.Result) error {
	if err := folder.WriteJSON(analysisPlace, r); err != nil {
		return err
	}
	counts := func(w io.Writer) error { return analysis.WriteCounts(w, r) }
	if err := folder.Write("analysis/counts.csv", counts); err != nil {
		return err
	}
	return folder.Write("analysis/verdicts.csv", func(w io.Writer) error { return analysis.WriteVerdicts(w, r) })
}
