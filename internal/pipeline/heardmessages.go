package pipeline

import (
	"fmt"
	"path/filepath"

	"lbprobe/analysis"
	"lbprobe/experiments/corpus/language"
	"lbprobe/internal/notebook"
	"lbprobe/probes/channel"
	"lbprobe/results"
)

// messagesHeard are the messages besides the topics, as told by counts that a checksum covers.
func (s *Session) messagesHeard(h *heard) ([]analysis.Tally, error) {
	names := notebook.MessagesOf(h.table)
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
	var out []analysis.Tally
	for _, name := range names {
		m := analysis.Tally{Message: name, Seen: seen.Set, Rows: seen.Rows}
		labels, before := h.table.Labels(name), seen.rows(name)
		for i, c := range h.reading.Tallies[name] {
			count := analysis.TallyCount{Label: labels[i], Name: labelName(name, labels[i]), Lo: c.Lo, Hi: c.Hi,
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
	if name := language.Code(label).Name(); message == notebook.LanguagesMessage && name != "" {
		return name
	}
	return label
}

// standTallies counts the rows that stand for hidden ones by the messages of the bundle that is there.
func (s *Session) standTallies(folder *results.Folder, test *rows) (map[string][]int, error) {
	if _, there := existing(folder.Path(filepath.FromSlash(datasetPlace), notebook.ChannelFile)); !there {
		return nil, nil // no channel speaks
	}
	table, err := readChannel(folder, datasetPlace)
	if err != nil {
		return nil, err
	}
	hashes, err := s.readHashes()
	if err != nil {
		return nil, err
	}
	return notebook.CountMessages(table, hashes, test.counted(), s.options.Threads)
}

// missedMessages says which messages besides the topics do not hold the truth of the rows that stand for hidden ones.
func missedMessages(stand *shelf, r *analysis.Result) (out []string) {
	for _, m := range r.Messages {
		for i, c := range m.Counts {
			if rows := stand.tallies[m.Message][i]; rows < c.Lo || rows > c.Hi {
				out = append(out, fmt.Sprintf("%s: %q has %d rows, told were %d to %d", m.Message, c.Name, rows, c.Lo, c.Hi))
			}
		}
	}
	return out
}
