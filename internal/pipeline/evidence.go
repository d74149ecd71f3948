package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lbprobe/analysis/evidence"
	"lbprobe/internal/fault"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/metric"
	"lbprobe/probes/submission"
	"lbprobe/results"
	"lbprobe/results/report"
)

const evidencePlace = "analysis/evidence.json"

// strangers are the scored submissions of the present epoch that are no probes, in the order of the ledger. What has the bytes of a present
// probe is left out: its score is decoded already, and would count twice.
func strangers(ledger *results.Ledger, m *submission.Manifest) (out []results.Entry) {
	probes := map[string]bool{}
	for _, p := range m.Probes {
		probes[p.SHA256] = true
	}
	for _, e := range ledger.Current() {
		if e.Probe == 0 && e.Scored() && !probes[e.SHA256] {
			out = append(out, e)
		}
	}
	return out
}

// past brings evidence.json up to date with the recorded submissions that are no probes, and removes it where there are none any more.
func (s *Session) past(b *bench) error {
	if len(b.others) == 0 {
		if err := os.Remove(b.folder.Path(filepath.FromSlash(evidencePlace))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("run folder: %w", err)
		}
		return nil
	}
	hash := s.evidenceInputs(b)
	if b.folder.Fresh("evidence", hash) {
		return nil
	}
	s.step("reading past submissions")
	if err := b.folder.WriteJSON(evidencePlace, s.told(b)); err != nil {
		return err
	}
	return b.folder.Done("evidence", hash, evidencePlace)
}

// readPast reads evidence.json; nil where there is none.
func (b *bench) readPast() (*report.Past, error) {
	path := b.folder.Path(filepath.FromSlash(evidencePlace))
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("run folder: %w", err)
	}
	out := &report.Past{}
	if err := json.Unmarshal(text, out); err != nil {
		return nil, fault.Damaged(path, err)
	}
	return out, nil
}

// evidenceInputs is the hash of what past submissions are read from: settings, test rows, their scores and their files as they are now.
func (s *Session) evidenceInputs(b *bench) string {
	all := map[string]string{"settings": s.Experiment.HashOf("competition", "analysis.certainty"),
		"rows": assignmentHash(b.shelf.ids, make([]int32, len(b.shelf.ids)))} // topics do not matter
	for i, e := range b.others {
		now, _ := s.sum(pathOf(e)) // empty where it cannot be read
		all[fmt.Sprint("file ", i)] = strings.Join([]string{e.File, e.Dir, e.SHA256, now, e.Public, e.Private}, "\n")
	}
	return results.HashOf(all)
}

// pathOf is where the file of a submission that is no probe was when it was recorded.
func pathOf(e results.Entry) string { return filepath.Join(filepath.FromSlash(e.Dir), e.File) }

// pastFile is a past submission as it was read.
type pastFile struct {
	entry           results.Entry
	loss            [][]float64 // rows × classes
	public, private *metric.Reading
}

// pastFiles reads the files that stand as they were recorded. What is left out, and why, is in the warnings.
func (s *Session) pastFiles(b *bench) (files []pastFile, warnings []string) {
	for _, e := range b.others {
		f, err := s.pastFile(b, e)
		if err != nil {
			warnings = append(warnings, fmt.Sprintf("past submission %s is left out: %v", pathOf(e), err))
			continue
		}
		files = append(files, f)
	}
	return files, warnings
}

// pastFile reads one. The error does not name the file.
func (s *Session) pastFile(b *bench, e results.Entry) (pastFile, error) {
	c, f := s.Experiment.Competition, pastFile{entry: e}
	switch now, err := s.sum(pathOf(e)); {
	case err != nil:
		return f, fmt.Errorf("it cannot be read (%s). Where it was moved, record it again: --files FOLDER", fault.Reason(err))
	case now != e.SHA256:
		return f, fmt.Errorf("it has changed since its score was recorded. Bring back the file that was submitted")
	}
	file, err := os.Open(pathOf(e))
	if err != nil {
		return f, errors.New(fault.Reason(err))
	}
	defer file.Close()
	rows, err := sim.ReadSubmission(file, sim.Truth{IDColumn: c.ID, Column: c.Column, Classes: c.Classes, IDs: b.shelf.ids}, c.Metric)
	if err != nil {
		return f, err
	}
	if f.loss, err = evidence.Losses(c.Scoring(), rows); err != nil {
		return f, err
	}
	if f.public, err = readScore(e.Public, c.Scoring()); err == nil {
		f.private, err = readScore(e.Private, c.Scoring())
	}
	return f, err
}

// readScore reads a recorded score; nil where there is none.
func readScore(text string, s metric.Scoring) (*metric.Reading, error) {
	if text == "" {
		return nil, nil
	}
	r, err := s.Read(text)
	return &r, err
}

// submissionsOf turns files into evidence if the board cuts scores in one way.
func submissionsOf(files []pastFile, s metric.Scoring, r metric.Rounding) []evidence.Submission {
	interval := func(shown *metric.Reading) *metric.Interval {
		if shown == nil {
			return nil
		}
		in := s.LossInterval(shown.Value, r)
		return &in
	}
	out := make([]evidence.Submission, len(files))
	for i, f := range files {
		out[i] = evidence.Submission{Name: f.entry.File, Loss: f.loss, Public: interval(f.public), Private: interval(f.private)}
	}
	return out
}
