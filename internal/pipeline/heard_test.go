package pipeline

import (
	"slices"
	"testing"

	"lbprobe/analysis"
	"lbprobe/probes/channel"
)

// hearing is what the scores of a hidden test have told so far, held against the truth of its simulated board.
type hearing struct {
	Bits       float64 // that a submission carries
	Read, Next int
	Trouble    string
	Topics     []analysis.Count // rows over all parts of those that a checksum covers
	Messages   []analysis.Tally
	Right      int // topics whose interval holds the truth
	Wrong      int // intervals and claims that are not the truth
	Misses     []string
	Steps      []string
}

// hearingOf analyses what is recorded.
func hearingOf(t *testing.T, s *Session) (*hearing, error) {
	t.Helper()
	page, err := s.Analyze()
	if err != nil {
		return nil, err
	}
	b, err := s.bench()
	if err != nil {
		return nil, err
	}
	h, err := s.hear(b.folder, b.manifest, datasetPlace)
	if err != nil {
		return nil, err
	}
	out := &hearing{Bits: h.reading.Bits, Read: len(h.scores), Next: h.next(), Trouble: h.trouble(), Messages: page.Result.Messages, Steps: page.Next}
	if slices.ContainsFunc(h.reading.Stages, func(s channel.StageReading) bool { return s.Checked }) {
		for _, c := range page.Result.Counts {
			if c.Split == "total" && c.Topic != analysis.AllTopics {
				out.Topics = append(out.Topics, c)
			}
		}
	}
	if page.Truth == nil {
		return out, nil
	}
	stand, truth, err := s.truthOf(b, 0)
	if err != nil {
		return nil, err
	}
	all := recovered("total", []string{"*"}, out.Topics, stand.trueCounts(truth))
	out.Right, out.Wrong, out.Misses = all.Inside, page.Truth.Wrong+all.Counts-all.Inside, page.Truth.Misses
	return out, nil
}
