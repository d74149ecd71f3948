package pipeline

import (
	"bufio"
	"encoding/json"
	"io"
	"iter"

	"lbprobe/experiments/corpus"
)

// Texts writes exactly the strings to embed, in order, as JSON lines of id, set and text: the corpus as read, no row dropped but what is personal
// redacted where the filter says so, then train where that is another file, then the test, or the file that stands for a hidden one. It returns how
// many there are.
func (s *Session) Texts(w io.Writer) (int, error) {
	out := bufio.NewWriter(w)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	type line struct {
		ID   string `json:"id"`
		Set  string `json:"set"`
		Text string `json:"text"`
	}
	n := 0
	filter := s.filter()
	write := func(p part, rows iter.Seq2[corpus.Row, error]) error {
		for row, err := range rows {
			if err != nil {
				return s.unread(err)
			}
			text := row.Text
			if p.filtered {
				text = filter.Redacted(text)
			}
			if err := encoder.Encode(line{row.ID, p.set, text}); err != nil {
				return err
			}
			n++
		}
		return nil
	}
	for _, part := range s.texts() {
		reader, err := corpus.ReadFiles(part.paths, part.columns)
		if err != nil {
			return n, s.unread(err)
		}
		err = write(part, reader.Rows())
		reader.Close()
		if err != nil {
			return n, err
		}
	}
	return n, out.Flush()
}

// texts are the parts of which somebody may have to make vectors.
func (s *Session) texts() []part {
	e := s.Experiment
	if e.Competition.Hidden && e.Simulate != nil && e.Simulate.Test != "" {
		return append(s.parts(), part{"test", []string{e.Simulate.Test}, s.columns(e.Simulate.Test), false})
	}
	return s.parts()
}
