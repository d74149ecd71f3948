package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
)

// message is one turn of a conversation, in the two spellings that are common: OpenAI's and ShareGPT's.
type message struct {
	Role    string          `json:"role"`
	From    string          `json:"from"`
	Content json.RawMessage `json:"content"`
	Value   json.RawMessage `json:"value"`
}

// value reads a field of a JSONL object, which is valid JSON: a string, or a list of turns that are strings, nulls or messages. Of messages that
// name a speaker only the user's are read, if not all: topics are of what people ask. A field that is null is one null turn.
func (d *turnDecoder) value(raw string) (string, error) {
	d.reset()
	if raw == "" {
		return "", errors.New("the row has no such field")
	}
	raw = d.valid(raw)
	if raw[0] != '[' {
		err := d.item(raw)
		return string(d.text), err
	}
	var items []json.RawMessage
	if err := json.Unmarshal([]byte(raw), &items); err != nil {
		return "", err
	}
	for _, item := range items {
		if err := d.listed(item); err != nil {
			return "", err
		}
	}
	return string(d.text), nil
}

// listed reads an element of a list of turns.
func (d *turnDecoder) listed(raw json.RawMessage) error {
	d.role = ""
	if raw[0] != '{' {
		return d.item(string(raw))
	}
	var m message
	if err := json.Unmarshal(raw, &m); err != nil {
		return fmt.Errorf("a turn is not a message: %w", err)
	}
	d.role = m.Role + m.From
	if role := roleOf(d.role); !d.all && role != "" && role != User {
		return nil
	}
	if m.Content == nil {
		m.Content = m.Value
	}
	if m.Content == nil {
		return errors.New("a turn has no content")
	}
	return d.item(string(m.Content))
}

// item reads a string or null.
func (d *turnDecoder) item(raw string) error {
	switch raw[0] {
	case '"':
		_, err := d.turn(raw, 0)
		return err
	case 'n':
		d.null()
		return nil
	}
	return errors.New("neither a string nor a list of turns")
}
