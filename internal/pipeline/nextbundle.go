package pipeline

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"lbprobe/probes/submission"
	"lbprobe/results"
)

// writeNextBundle brings NEXT.md, and the line of probe.py, up to what is recorded.
func (s *Session) writeNextBundle(folder *results.Folder, m *submission.Manifest) error {
	h, err := s.hear(folder, m, datasetPlace)
	if err != nil {
		return err
	}
	if err := s.widen(folder, m, h); err != nil {
		return err
	}
	n, err := s.nextBundle(folder, m, h)
	if err != nil {
		return err
	}
	if n.Probe != nil {
		if err := folder.Write(probePlace, n.WriteScript); err != nil {
			return err
		}
	}
	return folder.Write(nextPlace, func(w io.Writer) error {
		_, err := io.WriteString(w, submission.NextBundleSteps(n))
		return err
	})
}

// nextBundle is what NEXT.md is made of. Where the budget is spent nothing is next.
func (s *Session) nextBundle(folder *results.Folder, m *submission.Manifest, h *heard) (submission.NextBundle, error) {
	e := s.Experiment
	n := submission.NextBundle{Bundle: s.bundleOf(m), Path: e.Path, Dir: folder.Path(filepath.FromSlash(bundlePlace)), Scores: h.scores,
		Planned: len(m.Probes), Told: h.told(), PerDay: e.Competition.SubmissionsPerDay}
	i := slices.IndexFunc(m.Probes, func(p submission.Entry) bool { return p.Number == h.next() })
	left, err := s.budgetLeft(folder, m)
	switch {
	case err != nil || i < 0:
		return n, err
	case left == 0:
		n.Told = fmt.Sprintf("The budget of %d submissions is spent, and the message is not told to its end.", e.Probe.Budget)
		return n, nil
	}
	n.Probe = &m.Probes[i]
	if _, scored := h.scores[n.Probe.Number]; scored {
		n.Redo = h.trouble()
	}
	return n, nil
}

// told says in a sentence how far the message has come.
func (h *heard) told() string {
	r := h.reading
	switch {
	case r == nil && h.next() == 0:
		return "All of the design are."
	case r == nil:
		return ""
	case len(h.scores) == 0 || h.trouble() != "" && (r.Probe > 0 || r.Rejected == ""):
		return ""
	case r.Rejected != "":
		return fmt.Sprintf("They can't be read: %s. Hold every recorded score against the board's.", r.Rejected)
	case r.Next == 0:
		return "They tell all that was asked."
	}
	return fmt.Sprintf("A submission now carries %.1f bits.", r.Bits)
}

// trouble is what keeps a submission from being read; empty where nothing does.
func (h *heard) trouble() string {
	r := h.reading
	switch {
	case r == nil && h.blamed > 0:
		return "its score is that of a prediction of all classes alike, by which the notebook tells a fault"
	case r == nil:
		return ""
	case len(r.Faults) == 1:
		return fmt.Sprintf("its score tells that the notebook met the fault %q", r.Faults[0])
	case len(r.Faults) > 1:
		return fmt.Sprintf("its score tells that the notebook met one of the faults %q", r.Faults)
	}
	if r.Rejected != "" {
		return r.Rejected
	}
	return h.again.why()
}
