package pipeline

import (
	"os"
	"strings"

	"lbprobe/internal/fault"
	"lbprobe/probes/submission"
	"lbprobe/results"
)

// Scores are scores that the user brings.
type Scores struct {
	Typed    []string // such as 1=1.09861; in place of File
	File     string   // list of submissions with their scores
	Others   string   // folder with the files of submissions that are no probes; empty for none
	Correct  bool     // replace a recorded score
	NewEpoch bool     // the host has rescored: scores from here on are not to be mixed with those before
	Reason   string   // why, for both
}

// Record takes down scores. Where one of them is refused none is recorded.
func (s *Session) Record(brought Scores) (results.Matched, error) {
	folder, err := s.open()
	if err != nil {
		return results.Matched{}, err
	}
	m, err := s.probed(folder)
	if err != nil {
		return results.Matched{}, err
	}
	rows, err := brought.read()
	if err != nil {
		return results.Matched{}, err
	}
	rules := results.Rules{Source: brought.source(), Correct: brought.Correct, Reason: brought.Reason}
	rules.Again = m.Bundle != "" && brought.File == "" // a notebook's probe that is made again may well score the same
	if brought.Others != "" {
		var left []string
		if rows, left, err = results.Others(brought.Others, rows); err != nil {
			return results.Matched{}, err
		}
		if len(left) > 0 {
			s.warn("%s: no score stands in %s for %s", brought.Others, rules.Source, strings.Join(left, ", "))
		}
	}
	if brought.NewEpoch {
		ledger, err := folder.Ledger()
		if err != nil {
			return results.Matched{}, err
		}
		rules.Epoch = ledger.Epoch() + 1
	}
	matched, err := s.take(folder, m, rows, rules)
	if err != nil {
		return matched, err
	}
	return matched, s.writeNext(folder, m)
}

// source names where the scores come from.
func (b Scores) source() string {
	if b.File != "" {
		return b.File
	}
	return "typed"
}

func (b Scores) read() ([]results.Row, error) {
	if b.File == "" {
		return results.ParseTyped(b.Typed)
	}
	file, err := os.Open(b.File)
	if err != nil {
		return nil, &fault.Error{File: b.File, Msg: "cannot be opened: " + fault.Reason(err), Err: err, Usage: true,
			Fix: "Name a file with scores, or type them: 1=1.09861"}
	}
	defer file.Close()
	return results.ReadScores(file, b.File)
}

// take matches rows with the probes of the run folder and appends them to the ledger.
func (s *Session) take(folder *results.Folder, m *submission.Manifest, rows []results.Row, rules results.Rules) (results.Matched, error) {
	past, err := rounds(folder)
	if err != nil {
		return results.Matched{}, err
	}
	ledger, err := folder.Ledger()
	if err != nil {
		return results.Matched{}, err
	}
	for _, torn := range ledger.Torn() {
		s.warn("%s: %s", folder.Path("ledger.jsonl"), torn)
	}
	rules.Experiment, rules.Probes = m.Experiment, probesOf(*m)
	rules.Decimals, rules.Full, rules.Noisy = s.Experiment.Competition.Decimals, s.Experiment.Competition.Full, s.Experiment.Competition.Noise > 0
	for _, old := range past {
		rules.Replaced = append(rules.Replaced, probesOf(old)...)
	}
	return ledger.Record(rules, rows, s.options.Now().UTC())
}

// probesOf are a manifest's submissions as the ledger knows them.
func probesOf(m submission.Manifest) []results.Probe {
	out := make([]results.Probe, len(m.Probes))
	for i, p := range m.Probes {
		out[i] = results.Probe{Number: p.Number, File: p.File, SHA256: p.SHA256, Tag: p.Tag}
	}
	return out
}
