package pipeline

import (
	"fmt"

	"lbprobe/experiments/corpus/language"
	"lbprobe/probes/channel"
	"lbprobe/results"
)

// HeardMessage is what a message besides the topics has told of the whole test.
type HeardMessage struct {
	Message string       `json:"message"`       // languages, lengths, turns, overlap
	Seen    string       `json:"compared_to"`   // train or corpus: whose shares stand beside
	Rows    int          `json:"compared_rows"` // of it
	Counts  []HeardCount `json:"counts"`
}

// HeardCount is one count of a message: from Lo to Hi test rows.
type HeardCount struct {
	Label string     `json:"label"`
	Name  string     `json:"name"` // the label for people
	Lo    int        `json:"lo"`
	Hi    int        `json:"hi"`
	Share [2]float64 `json:"share"`      // of the test's rows, least and most
	Seen  float64    `json:"seen_share"` // of what it is compared to
}

// messagesHeard are the messages besides the topics, as told by counts that a checksum covers.
func (s *Session) messagesHeard(h *heard) ([]HeardMessage, error) {
	names := messagesOf(h.table)
	if len(names) == 0 {
		return nil, nil
	}
	seen, err := s.census()
	if err != nil {
		return nil, err
	}
	rows := h.table.Rows
	if told := h.reading.Tallies[channel.Rows]; len(told) > 0 {
		rows = [2]int{told[0].Lo, told[0].Hi}
	}
	var out []HeardMessage
	for _, name := range names {
		m := HeardMessage{Message: name, Seen: seen.Set, Rows: seen.Rows}
		labels, before := h.table.Labels(name), seen.rows(name)
		for i, c := range h.reading.Tallies[name] {
			count := HeardCount{Label: labels[i], Name: labelName(name, labels[i]), Lo: c.Lo, Hi: c.Hi,
				Share: [2]float64{float64(c.Lo) / float64(rows[1]), min(1, float64(c.Hi)/float64(rows[0]))}}
			count.Seen = float64(before[labels[i]]) / float64(max(1, seen.Rows))
			m.Counts = append(m.Counts, count)
		}
		out = append(out, m)
	}
	return out, nil
}

// rows are those of a message by label.
func (c *census) rows(message string) map[string]int {
	out := map[string]int{}
	for _, t := range c.Messages {
		for i, label := range t.Labels {
			if t.Message == message {
				out[label] = t.Rows[i]
			}
		}
	}
	return out
}

// labelName is a label for people.
func labelName(message, label string) string {
	if name := language.Code(label).Name(); message == languagesMessage && name != "" {
		return name
	}
	return label
}

// standTallies counts the rows that stand for hidden ones by the messages of the bundle that is there.
func (s *Session) standTallies(folder *results.Folder, test *rows) (map[string][]int, error) {
	table, err := readChannel(folder)
	if err != nil {
		return nil, err
	}
	hashes, err := s.readHashes()
	if err != nil {
		return nil, err
	}
	return countMessages(table, hashes, test, s.options.Threads)
}

// judgeMessages compares what was told besides the topics with the truth.
func (h *Heard) judgeMessages(stand *shelf) {
	for _, m := range h.Messages {
		for i, c := range m.Counts {
			if rows := stand.tallies[m.Message][i]; rows < c.Lo || rows > c.Hi {
				h.Misses = append(h.Misses, fmt.Sprintf("%s: %q has %d rows, told were %d to %d", m.Message, c.Name, rows, c.Lo, c.Hi))
			}
		}
	}
}
