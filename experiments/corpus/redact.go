package corpus

import (
	"bytes"
	"encoding/json"
	"slices"

	"lbprobe/experiments/corpus/pii"
)

// saidIn are the columns in which what a prompt says may be said again: second conversations and answers, by the names that they usually have.
var saidIn = append([]string{"response_a", "response_b", "conversation_a", "conversation_b"}, answerNames...)

// redact takes what is personal out of the bytes of a row. prompt is the row's text, whose placeholders are numbered first.
func (in *input) redact(raw []byte, prompt string) ([]byte, error) {
	redactor := pii.NewRedactor(prompt)
	if in.format == JSONL {
		return redactFields(raw, append([]string{in.options.Text}, saidIn...), redactor)
	}
	return redactCells(raw, in.redacted(), in.format == KaggleLMSYS, redactor)
}

// redacted are the places of the cells to redact.
func (in *input) redacted() []int {
	var at []int
	for i, name := range in.columns {
		if name == in.options.Text || slices.Contains(saidIn, name) {
			at = append(at, i)
		}
	}
	return at
}

// redactFields redacts the strings within fields of the JSON object that the bytes hold. Where nothing is personal they are returned as they are.
func redactFields(raw []byte, names []string, redactor *pii.Redactor) ([]byte, error) {
	open := bytes.IndexByte(raw, '{')
	object, err := validObject(raw[max(open, 0):])
	if err != nil {
		return nil, err
	}
	out := bytes.Clone(raw[:open])
	last, changed := 0, false
	for name, value := range fields(object) {
		if !slices.Contains(names, name) {
			continue
		}
		start := cap(object) - cap(value) // value is a part of object
		clean, err := redactJSON(value, redactor)
		if err != nil {
			return nil, err
		}
		changed = changed || !bytes.Equal(clean, value)
		out = append(append(out, object[last:start]...), clean...)
		last = start + len(value)
	}
	if !changed {
		return raw, nil
	}
	return append(out, object[last:]...), nil
}

// redactJSON redacts every string of a valid JSON value. The others keep their spelling.
func redactJSON(value []byte, redactor *pii.Redactor) ([]byte, error) {
	var out []byte
	last := 0
	for i := 0; i < len(value); i++ {
		if value[i] != '"' {
			continue
		}
		end := skipString(value, i)
		var text string
		if err := json.Unmarshal(value[i:end], &text); err != nil {
			return nil, err
		}
		if clean := redactor.Redact(text); clean != text {
			out = append(append(out, value[last:i]...), quoted(clean)...)
			last = end
		}
		i = end - 1
	}
	return append(out, value[last:]...), nil
}

// quoted is a text as a JSON string, its letters as they are.
func quoted(text string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string always has a spelling
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// redactCells redacts cells of the CSV record that the bytes hold, as text or as JSON lists of turns.
func redactCells(raw []byte, columns []int, turns bool, redactor *pii.Redactor) ([]byte, error) {
	var out []byte
	last := 0
	for column, cell := range cellsOf(raw) {
		if !slices.Contains(columns, column) {
			continue
		}
		text := raw[cell[0]:cell[1]]
		inQuotes := len(text) > 1 && text[0] == '"'
		if inQuotes {
			text = bytes.ReplaceAll(text[1:len(text)-1], []byte(`""`), []byte(`"`))
		}
		clean, err := redactCell(text, turns, redactor)
		if err != nil {
			return nil, err
		}
		if bytes.Equal(clean, text) {
			continue
		}
		if inQuotes {
			clean = slices.Concat([]byte{'"'}, bytes.ReplaceAll(clean, []byte(`"`), []byte(`""`)), []byte{'"'})
		}
		out = append(append(out, raw[last:cell[0]]...), clean...)
		last = cell[1]
	}
	return append(out, raw[last:]...), nil
}

// redactCell redacts a cell without its quotes: the turns of a JSON list, or else the text as it stands.
func redactCell(text []byte, turns bool, redactor *pii.Redactor) ([]byte, error) {
	sound := escapeControls(text)
	if !turns || !json.Valid(sound) {
		return []byte(redactor.Redact(string(text))), nil
	}
	clean, err := redactJSON(sound, redactor)
	if err == nil && bytes.Equal(clean, sound) {
		return text, nil
	}
	return clean, err
}

// cellsOf finds where the cells of a sound CSV record begin and end, quotes included. Empty lines before it and its line break belong to none.
func cellsOf(raw []byte) (cells [][2]int) {
	i := 0
	for bytes.HasPrefix(raw[i:], []byte("\n")) || bytes.HasPrefix(raw[i:], []byte("\r\n")) {
		i++
	}
	for {
		start := i
		if i < len(raw) && raw[i] == '"' {
			for i++; i < len(raw) && (raw[i] != '"' || i+1 < len(raw) && raw[i+1] == '"'); i++ {
				if raw[i] == '"' {
					i++
				}
			}
			i++ // the closing quote
		}
		for i < len(raw) && raw[i] != ',' && raw[i] != '\n' && !(raw[i] == '\r' && (i+1 == len(raw) || raw[i+1] == '\n')) {
			i++
		}
		cells = append(cells, [2]int{start, min(i, len(raw))})
		if i >= len(raw) || raw[i] != ',' {
			return cells
		}
		i++
	}
}
