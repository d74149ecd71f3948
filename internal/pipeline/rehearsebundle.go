package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"lbprobe/probes/submission"
)

// rehearseBundle plays trials of a hidden test in the present, passing run folder.
func (s *Session) rehearseBundle(ctx context.Context, play Play, m *submission.Manifest) (*Rehearsal, error) {
	folder, h, err := s.shelved()
	if err != nil {
		return nil, err
	}
	out := &Rehearsal{Experiment: m.Experiment, Design: m.Design, Target: m.Target, Bound: m.Bound, Truth: s.truthSource()}
	for trial := range max(play.Trials, 1) {
		if err := os.Remove(folder.Path("ledger.jsonl")); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("rehearse: %w", err)
		}
		stand, truth, err := s.played(folder, h, trial)
		if err != nil {
			return nil, err
		}
		most := unlimited
		if play.Submissions > 0 {
			most = play.Submissions
		}
		if _, err := s.playBundle(ctx, folder, m, truth, most); err != nil {
			return nil, err
		}
		heard, err := s.listen(folder, h)
		if err != nil {
			return nil, err
		}
		heard.judge(stand, truth)
		out.Trials = append(out.Trials, heard.trial(trial+1, len(stand.topics)))
	}
	return out, nil
}

// trial is a judged message as a line of a rehearsal: the counts are those of the topics in the whole test.
func (h *Heard) trial(number, topics int) Trial {
	t := Trial{Trial: number, Read: h.Read, Status: "listening", Conclusion: h.Summary(), Right: h.Right, Wrong: h.Wrong, Open: topics - len(h.Topics), Misses: h.Misses}
	switch {
	case h.Trouble != "":
		t.Status = "trouble"
	case h.Next == 0:
		t.Status = "told"
	}
	t.Total = Recovered{Counts: topics, Inside: h.Right}
	for _, told := range h.Topics {
		if told.Lo == told.Hi {
			t.Total.Exact++
		}
	}
	return t
}
