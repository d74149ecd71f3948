package pipeline

import (
	"fmt"
	"path/filepath"
	"slices"

	"lbprobe/analysis"
	"lbprobe/internal/fault"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/channel"
	"lbprobe/results"
)

const heardPlace = "analysis/channel.json"

// Heard is what a hidden test has told through the channel.
type Heard struct {
	Experiment string       `json:"experiment"`
	Target     string       `json:"target"`
	Planned    int          `json:"planned"` // submissions
	Read       int          `json:"scores_read"`
	Bits       float64      `json:"bits"`           // that a submission carries
	Next       int          `json:"next"`           // number of the submission that is wanted next; 0: none
	Trouble    string       `json:"trouble"`        // why the scores can't be read further; empty: they can, or all is told
	Cut        int          `json:"cut"`            // rows of a topic from which it is in the private part at the certainty asked
	Topics     []HeardTopic `json:"topics"`         // none until a checksum that covers them has fitted
	Right      int          `json:"right"`          // topics whose interval holds the truth, where that is known
	Wrong      int          `json:"wrong"`          // topics whose interval does not, or whose verdict is false
	Known      bool         `json:"truth_known"`    // whether Right and Wrong mean anything
	Misses     []string     `json:"misses"`         // what is wrong, in words
	Path       string       `json:"path,omitempty"` // of the file that holds this
	Steps      string       `json:"steps"`          // what to do next

	Messages []HeardMessage `json:"messages,omitempty"` // what was told besides the topics
}

// HeardTopic is what is told of a topic: its rows in the whole test are from Lo to Hi.
type HeardTopic struct {
	Topic   int               `json:"topic"`
	Name    string            `json:"name"`
	Lo      int               `json:"lo"`
	Hi      int               `json:"hi"`
	Private float64           `json:"p_private"` // chance that a row is private, under a random split, at the least: with Lo rows
	Verdict analysis.Presence `json:"verdict"`   // on the private part
}

// Listen decodes what is recorded and leaves it in the run folder. Where the board is simulated it is held against the truth.
func (s *Session) Listen() (*Heard, error) {
	folder, h, err := s.shelved()
	if err != nil {
		return nil, err
	}
	out, err := s.listen(folder, h)
	if err != nil {
		return nil, err
	}
	if s.Experiment.Competition.Board == simulated {
		stand, truth, err := s.played(folder, h, 0)
		if err != nil {
			return nil, err
		}
		out.judge(stand, truth)
	}
	out.Path = folder.Path(filepath.FromSlash(heardPlace))
	if err := folder.WriteJSON(heardPlace, out); err != nil {
		return nil, err
	}
	b, err := s.bench()
	if err != nil {
		return nil, err
	}
	hash, err := s.analysisInputs(b)
	if err != nil {
		return nil, err
	}
	return out, folder.Done("analyze", hash, heardPlace)
}

// listen decodes what is recorded.
func (s *Session) listen(folder *results.Folder, h *shelf) (*Heard, error) {
	m, err := s.probed(folder)
	if err != nil {
		return nil, err
	}
	if !folder.Fresh("design", h.made) {
		return nil, &fault.Error{File: folder.Path("probes"), Msg: "the design was made for other topics than those in " + folder.Path("topics"),
			Fix: "Run it again: lbprobe run " + s.Experiment.Path}
	}
	heard, err := hear(folder, m)
	if err != nil {
		return nil, err
	}
	out := &Heard{Experiment: m.Experiment, Target: m.Target, Planned: len(m.Probes), Read: len(heard.scores), Bits: heard.reading.Bits, Next: heard.next(),
		Trouble: heard.trouble(), Cut: heard.table.Cut + s.Experiment.Competition.Unscored.Hi, Topics: []HeardTopic{}, Misses: []string{}}
	if told := slices.ContainsFunc(heard.reading.Stages, func(s channel.StageReading) bool { return s.Checked }); told {
		for k, count := range heard.reading.Tallies[channel.Topics] {
			out.Topics = append(out.Topics, s.topicHeard(k, h.topics[k].called(k), count, heard.table))
		}
		if out.Messages, err = s.messagesHeard(heard); err != nil {
			return nil, err
		}
	}
	left, err := s.budgetLeft(folder, m)
	out.Steps = s.heardSteps(folder, out, left)
	return out, err
}

// topicHeard is what a count tells of a topic. Of its rows as many may be ignored as there may be ignored rows at all.
func (s *Session) topicHeard(k int, name string, c channel.Count, t *channel.Table) HeardTopic {
	ignored := s.Experiment.Competition.Unscored.Hi
	private := channel.PrivateChance(max(0, c.Lo-ignored), t.Public[1], t.Rows[0])
	return HeardTopic{k, name, c.Lo, c.Hi, private, verdict(c, t.Cut+ignored)}
}

// verdict is what rows in the whole test say of the private part: none at all, or so many that one of them is in it at the certainty asked, even if
// every row that may be ignored is one of them.
func verdict(c channel.Count, cut int) analysis.Presence {
	switch {
	case c.Hi == 0:
		return analysis.Absent
	case c.Lo >= cut:
		return analysis.Present
	}
	return analysis.Undetermined
}

// heardSteps says what to do next, with so many submissions left of the budget.
func (s *Session) heardSteps(folder *results.Folder, h *Heard, left int) string {
	e := s.Experiment
	switch {
	case h.Trouble != "" && h.Next == 0:
		return fmt.Sprintf("hold every recorded score against the board's; mend what is wrong: lbprobe record %s NUMBER=SCORE --correct --reason TEXT", e.Path)
	case h.Next == 0:
		return "nothing: all that was asked is told"
	case left == 0:
		return fmt.Sprintf("the budget of %d submissions is spent; raise it under [probe] to hear the rest", e.Probe.Budget)
	case e.Competition.Board == simulated:
		return "lbprobe run " + e.Path
	}
	return "submit what " + folder.Path(filepath.FromSlash(nextPlace)) + " says"
}

// judge compares what was told with the truth.
func (h *Heard) judge(stand *shelf, truth sim.Truth) {
	h.Known = true
	private, topic := make([]int, len(stand.topics)), stand.topicOf()
	for i, id := range truth.IDs {
		if truth.Usage[i] == sim.Private {
			private[topic[id]]++
		}
	}
	for _, t := range h.Topics {
		rows, there := stand.topics[t.Topic].test, private[t.Topic] > 0
		switch {
		case rows < t.Lo || rows > t.Hi:
			h.Misses = append(h.Misses, fmt.Sprintf("topic %d has %d rows, told were %d to %d", t.Topic, rows, t.Lo, t.Hi))
		case t.Verdict == analysis.Present && !there, t.Verdict == analysis.Absent && there:
			h.Misses = append(h.Misses, fmt.Sprintf("topic %d is called %s and has %d private rows", t.Topic, t.Verdict, private[t.Topic]))
		default:
			h.Right++
		}
	}
	h.judgeMessages(stand)
	h.Wrong = len(h.Misses)
}

// Summary is the line that says how far the message has come.
func (h *Heard) Summary() string {
	text := fmt.Sprintf("%s: %d of %d submissions read", h.Experiment, h.Read, h.Planned)
	switch {
	case h.Trouble != "":
		text += " · " + h.Trouble
	case len(h.Topics) > 0:
		count := map[analysis.Presence]int{}
		for _, t := range h.Topics {
			count[t.Verdict]++
		}
		text += fmt.Sprintf(" · private part: %d topics present, %d absent, %d undetermined", count[analysis.Present], count[analysis.Absent], count[analysis.Undetermined])
	default:
		text += " · nothing told yet"
	}
	if h.Known {
		text += fmt.Sprintf(" · truth known: %d right, %d wrong", h.Right, h.Wrong)
	}
	return text
}
