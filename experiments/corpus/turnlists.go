package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Turn is one thing that was said. A turn that is null has an empty text.
type Turn struct {
	Role string // user, assistant or another, as the file has it; empty where the file names no speakers
	Text string // valid UTF-8
}

// TurnRow is a row whose cells are lists of turns.
type TurnRow struct {
	File  string
	Line  int
	ID    string
	Cells [][]Turn // by column, as asked for
}

// Turns goes through all rows of all files, in order, and reads each of the columns as a list of turns, both speakers': the JSON lists of
// kaggle-lmsys, the lists and conversations of JSONL, and any other cell as a single turn. It is for what Row.Text is too little for. Rows
// are as Rows has them, with the same ids; one that cannot be read ends the pass, or with SkipBad is left out. A pass counts its own faults.
func (r *Reader) Turns(columns ...string) iter.Seq2[TurnRow, error] {
	return func(yield func(TurnRow, error) bool) {
		r.faults = Faults{}
		p := newPass(r)
		for p.at = range r.inputs {
			if !p.turnLists(r.inputs[p.at], columns, yield) {
				return
			}
		}
	}
}

// turnLists yields the rows of one file and reports whether the pass goes on.
func (p *pass) turnLists(in *input, columns []string, yield func(TurnRow, error) bool) bool {
	src, err := in.cells(append([]string{in.options.ID}, columns...))
	if err != nil {
		yield(TurnRow{File: in.path}, err)
		return false
	}
	for {
		rec, err := src.next()
		if err == io.EOF {
			return true
		}
		row := Row{File: in.path, Line: rec.line}
		out := TurnRow{File: in.path, Line: rec.line}
		if err == nil {
			out.Cells, err = p.turnCells(&row, rec, in, columns)
		}
		if err != nil {
			if err = p.skip(row, err); err != nil {
				yield(TurnRow{File: in.path, Line: rec.line}, err)
				return false
			}
			continue
		}
		out.ID = row.ID
		if !yield(out, nil) {
			return false
		}
	}
}

// cells starts reading the cells of certain columns from the first row.
func (in *input) cells(columns []string) (source, error) {
	at := make([]int, len(columns))
	for i, name := range columns {
		var err error
		if at[i], err = in.column(atText, name); err != nil {
			return nil, err
		}
	}
	if in.format == JSONL {
		s := newJSONL(in.file, in.offset)
		s.want(columns)
		return s, nil
	}
	s := newCSV(in.file, in.offset, 0)
	if _, err := s.header(); err != nil {
		return nil, in.unreadable(err)
	}
	s.want(at)
	return s, nil
}

// turnCells reads the id of a row into it, and its other cells as turns.
func (p *pass) turnCells(row *Row, rec record, in *input, columns []string) (cells [][]Turn, err error) {
	id, err := p.scalar(in.format, in.options.ID, rec.cells[0])
	if err != nil {
		return nil, err
	}
	if row.ID = strings.Clone(id); id == "" {
		return nil, &rowError{field: in.options.ID, msg: "the row has no id"}
	}
	if err := p.unique(row, in.options.ID); err != nil {
		return nil, err
	}
	cells = make([][]Turn, len(columns))
	for i, name := range columns {
		if cells[i], err = p.turnList(in.format, rec.cells[i+1]); err != nil {
			return nil, &rowError{field: name, msg: err.Error()}
		}
	}
	return cells, nil
}

// turnList reads a cell as turns.
func (p *pass) turnList(format Format, cell string) ([]Turn, error) {
	cell = p.validUTF8(cell)
	switch raw := strings.Trim(cell, jsonSpace); {
	case format == JSONL && raw == "":
		return nil, errors.New("the row has no such field")
	case format == KaggleLMSYS && (strings.HasPrefix(raw, "[") || raw == "null"):
		return p.jsonTurns(escapeControls([]byte(raw)))
	case format == JSONL:
		return p.jsonTurns([]byte(raw))
	}
	return []Turn{{Text: cell}}, nil
}

// jsonTurns reads a JSON list of turns, or a single one.
func (p *pass) jsonTurns(raw []byte) ([]Turn, error) {
	items := []json.RawMessage{raw}
	if raw[0] == '[' {
		if err := json.Unmarshal(raw, &items); err != nil {
			return nil, fmt.Errorf("%w: %w", errNotTurns, err)
		}
	}
	list := make([]Turn, len(items))
	for i, item := range items {
		var err error
		if list[i], err = p.jsonTurn(item); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// jsonTurn reads a string, null, or a message that names its speaker.
func (p *pass) jsonTurn(raw json.RawMessage) (Turn, error) {
	var m message
	if raw[0] == '{' {
		if err := json.Unmarshal(raw, &m); err != nil {
			return Turn{}, fmt.Errorf("a turn is not a message: %w", err)
		}
		if raw = m.Content; raw == nil {
			raw = m.Value
		}
		if raw == nil {
			return Turn{}, errors.New("a turn has no content")
		}
	}
	p.turns.reset()
	if err := p.turns.item(string(raw)); err != nil {
		return Turn{}, err
	}
	return Turn{Role: m.Role + m.From, Text: string(p.turns.text)}, nil
}
