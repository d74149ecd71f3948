package corpus

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// source is a file as records. There is one for CSV, one for JSONL and one for Parquet.
type source interface {
	// next returns the next record; its line is set also when it cannot be read. The error is io.EOF at the end, a *rowError for a record
	// after which reading can go on, and anything else when it cannot.
	next() (record, error)
	// done is how many bytes of the file have been taken so far, about.
	done() int64
}

// record is one row before its cells are understood: CSV cells as they stand, or the JSON values of an object. A cell that is absent is "".
// The cells are valid until the next record is read.
type record struct {
	line  int
	cells []string
	turns [][]Turn // Parquet: by cell, of those that hold a list of messages
}

// Places of the cells of a record, as wanted lists them.
const (
	atID = iota
	atText
	atUsage
	atUser
	atLabel // the label, or the first class column
)

// wanted are the columns that a pass asks a source for; "" is a cell that nobody needs.
func (o Options) wanted() []string {
	names := []string{atID: o.ID, atText: o.Text, atUsage: "Usage", atUser: o.User}
	if o.NoText {
		names[atText] = ""
	}
	if len(o.Classes) == 0 {
		return names
	}
	if o.Label != "" {
		return append(names, o.Label)
	}
	return append(names, o.Classes...)
}

// fill makes a row of a record. What was read before an error stays in the row.
func (p *pass) fill(row *Row, rec record, in *input) (err error) {
	o := in.options
	if row.ID, err = p.id(rec, in); err != nil {
		return err
	}
	if row.Text, row.Turns, err = p.text(in.format, o, rec); err != nil {
		if !o.Blank {
			return err
		}
		row.Text, row.Turns = "", 0
		p.faults.Blank++
	}
	if row.Class, err = p.class(in.format, o, rec.cells[atLabel:]); err != nil {
		return err
	}
	usage, err := p.scalar(in.format, "Usage", rec.cells[atUsage])
	if err != nil {
		return err
	}
	row.Usage = strings.Clone(usage)
	user, err := p.scalar(in.format, o.User, rec.cells[atUser])
	if err != nil && !in.guessed {
		return err
	}
	row.User = strings.Clone(user)
	return p.unique(row, o.ID)
}

// id reads the id of a row, or makes one of its line.
func (p *pass) id(rec record, in *input) (string, error) {
	o := in.options
	if o.ID == "" {
		return strconv.Itoa(rec.line), nil
	}
	id, err := p.scalar(in.format, o.ID, rec.cells[atID])
	if err == nil && id == "" {
		err = &rowError{field: o.ID, msg: "the row has no id"}
	}
	return strings.Clone(id), err
}

// text reads the text of a row, and counts its turns.
func (p *pass) text(format Format, o Options, rec record) (text string, turns int, err error) {
	cell := rec.cells[atText]
	switch {
	case o.NoText:
		return "", 0, nil
	case rec.turns != nil && rec.turns[atText] != nil:
		text = p.turns.asked(rec.turns[atText])
	case format == KaggleLMSYS:
		text, err = p.turns.array(cell)
	case format == JSONL:
		text, err = p.turns.value(cell)
	default:
		return p.validUTF8(cell), 1, nil
	}
	if err != nil {
		return "", 0, &rowError{field: o.Text, msg: err.Error()}
	}
	return text, p.turns.turns, nil
}

// validUTF8 copies a text and replaces each byte that is not UTF-8 by U+FFFD.
func (p *pass) validUTF8(text string) string {
	if utf8.ValidString(text) {
		return strings.Clone(text)
	}
	p.faults.InvalidUTF8++
	return string([]rune(text))
}

// scalar reads a cell that holds a single value, as text. The result may share the record's memory.
func (p *pass) scalar(format Format, field, cell string) (string, error) {
	if format != JSONL {
		return cell, nil
	}
	text, err := jsonScalar(cell)
	if err != nil {
		return "", &rowError{field: field, msg: err.Error()}
	}
	return text, nil
}

// place is where an id was first seen.
type place struct{ file, line int32 }

// Duplicate is an id that two rows have. It is the cause (errors.As) of the *fault.Error that says so.
type Duplicate struct{ ID string }

// Error says what is wrong with the id.
func (d *Duplicate) Error() string { return fmt.Sprintf("two rows have the id %q", d.ID) }

// unique refuses an id that has been seen before, in this file or another.
func (p *pass) unique(row *Row, field string) error {
	if at, ok := p.ids[row.ID]; ok {
		where := fmt.Sprintf("on line %d", at.line)
		if int(at.file) != p.at {
			where = fmt.Sprintf("at %s:%d", p.inputs[at.file].path, at.line)
		}
		return &rowError{field: field, msg: fmt.Sprintf("id %q stands %s already", row.ID, where), fix: "Give every row an id of its own",
			cause: &Duplicate{ID: row.ID}}
	}
	p.ids[row.ID] = place{file: int32(p.at), line: int32(row.Line)}
	return nil
}
