package corpus

import (
	"fmt"
	"io"
	"iter"
	"slices"

	"lbprobe/internal/fault"
)

// Reader is a corpus of one file or several, ready to be read.
type Reader struct {
	o      Options
	inputs []*input
	faults Faults
	before int64  // bytes of the files that the pass has read
	source source // of the file that it is reading
	from   int64  // where the record in hand begins
}

// Read opens one file; see ReadFiles.
func Read(path string, o Options) (*Reader, error) { return ReadFiles([]string{path}, o) }

// ReadFiles opens files that make up one corpus, in order. They may differ in format. Every file's head is read, so that a file, format or
// column that does not fit is told now; such errors are *fault.Error. The reader must be closed.
func ReadFiles(paths []string, o Options) (*Reader, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	r := &Reader{o: o}
	for _, path := range paths {
		in, err := open(path, o)
		if err != nil {
			r.Close()
			return nil, err
		}
		r.inputs = append(r.inputs, in)
	}
	return r, nil
}

// check refuses options that no file can satisfy.
func (o Options) check() error {
	if !slices.Contains([]Format{"", KaggleLMSYS, LMSYSChat1M, JSONL, CSV}, o.Format) {
		return &fault.Error{Field: "format", Msg: fmt.Sprintf("%q is not a format that can be read", o.Format),
			Fix: fmt.Sprintf("Use %s, %s, %s or %s", KaggleLMSYS, LMSYSChat1M, JSONL, CSV)}
	}
	if !slices.Contains([]string{"", AllTurns, FirstTurn}, o.Turns) {
		return &fault.Error{Field: "turns", Msg: fmt.Sprintf("%q is not a choice of turns", o.Turns),
			Fix: fmt.Sprintf("Use %s or %s", AllTurns, FirstTurn)}
	}
	if o.Whole && o.Turns == FirstTurn {
		return &fault.Error{Field: "turns", Msg: "a whole conversation has all its turns", Fix: "Use " + AllTurns}
	}
	return nil
}

// Columns are the names of the first file's columns, in order; for JSONL the fields of its first object.
func (r *Reader) Columns() []string {
	if len(r.inputs) == 0 {
		return nil
	}
	return slices.Clone(r.inputs[0].columns)
}

// Formats are the formats of the files, in order.
func (r *Reader) Formats() []Format {
	formats := make([]Format, len(r.inputs))
	for i, in := range r.inputs {
		formats[i] = in.format
	}
	return formats
}

// TextColumn is the name of the column or field that the texts of the first file stand in; "" where none are read.
func (r *Reader) TextColumn() string {
	if len(r.inputs) == 0 {
		return ""
	}
	return r.inputs[0].options.Text
}

// Files are the paths of the files, as given.
func (r *Reader) Files() []string {
	paths := make([]string, len(r.inputs))
	for i, in := range r.inputs {
		paths[i] = in.path
	}
	return paths
}

// Faults are those of the latest pass, so far: they are complete when the loop over Rows has ended.
func (r *Reader) Faults() Faults {
	f := r.faults
	f.Bad = slices.Clone(f.Bad)
	return f
}

// Progress tells how many bytes of the files a pass has got to, and how many there are; in Parquet as if all rows took
// equally many.
func (r *Reader) Progress() (done, total int64) {
	for _, in := range r.inputs {
		total += in.size
	}
	if r.source == nil {
		return r.before, total
	}
	return min(r.before+r.source.done(), total), total
}

// record is the bytes of the row that the pass has just yielded, its line break and empty lines before it with it. CSV and JSONL alone have such bytes.
func (r *Reader) record() ([]byte, error) {
	in := r.inputs[0]
	b := make([]byte, r.source.done()-r.from)
	if _, err := in.file.ReadAt(b, r.from); err != nil {
		return nil, in.unreadable(err)
	}
	return b, nil
}

// Holds says what the files can tell of a conversation: what any of them can.
func (r *Reader) Holds() (h Holds) {
	for _, in := range r.inputs {
		one := in.layout.holds()
		h.IDs, h.Users, h.Models = h.IDs || one.IDs, h.Users || one.Users, h.Models || one.Models
		h.Languages, h.Responses, h.Classes = h.Languages || one.Languages, h.Responses || one.Responses, h.Classes || one.Classes
	}
	return h
}

// Close closes the files.
func (r *Reader) Close() error {
	var first error
	for _, in := range r.inputs {
		if err := in.file.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Rows goes through all rows of all files, in order. It may be called again: every pass starts anew and counts its own faults; one pass at a
// time. An error comes with a Row that has only its place, and is the last thing of the pass. The Reader must have been opened without Options.Whole.
func (r *Reader) Rows() iter.Seq2[Row, error] {
	if r.o.Whole {
		panic("corpus: Rows of a Reader that was opened for Conversations")
	}
	return func(yield func(Row, error) bool) {
		p := newPass(r)
		var row Row
		read := func(place Row, rec record, in *input) (id string, err error) {
			row = place
			err = p.fill(&row, rec, in)
			return row.ID, err
		}
		p.walk(read, func(place Row, err error) bool {
			if err != nil {
				return yield(place, err)
			}
			return yield(row, nil)
		})
	}
}

// pass is the state of one walk through a corpus.
type pass struct {
	reader *Reader
	o      Options
	inputs []*input
	at     int // the input that is being read
	faults *Faults
	turns  turnDecoder
	ids    map[string]place
	rows   int
}

// newPass begins anew.
func newPass(r *Reader) *pass {
	r.faults, r.before, r.source = Faults{}, 0, nil
	return &pass{reader: r, o: r.o, inputs: r.inputs, faults: &r.faults, ids: map[string]place{},
		turns: turnDecoder{faults: &r.faults, first: r.o.Turns == FirstTurn, all: r.o.Whole}}
}

// walk goes through the records of all files: read understands one, and returns its id as far as it has one; yield hands over what was read, or the error
// to stop with, and reports whether to go on. Both are told the place of the record.
func (p *pass) walk(read func(place Row, rec record, in *input) (id string, err error), yield func(place Row, err error) bool) {
	r := p.reader
	for p.at = range p.inputs {
		if !p.file(p.inputs[p.at], read, yield) {
			return
		}
		r.before += p.inputs[p.at].size
		r.source = nil
	}
	if p.rows == 0 && len(p.faults.Bad) > 0 {
		yield(Row{Class: -1}, p.nothingLeft())
	}
}

// file is walk for one file.
func (p *pass) file(in *input, read func(place Row, rec record, in *input) (string, error), yield func(Row, error) bool) bool {
	if in.bom {
		p.faults.BOM++
	}
	src, err := in.rows()
	if err != nil {
		yield(Row{File: in.path, Class: -1}, in.unreadable(err))
		return false
	}
	p.reader.source = src
	for {
		p.reader.from = src.done()
		rec, err := src.next()
		if err == io.EOF {
			return true
		}
		place, id := Row{File: in.path, Line: rec.line, Class: -1}, ""
		if err == nil {
			id, err = read(place, rec, in)
		}
		if err != nil {
			if err = p.skip(place, id, err); err != nil {
				yield(place, err)
				return false
			}
			continue
		}
		p.rows++
		if !yield(place, nil) {
			return false
		}
	}
}

// skip lists a row that cannot be read and returns nil, where that is wanted and the row is to blame, not the disk. Otherwise it returns the
// error to stop with.
func (p *pass) skip(at Row, id string, err error) error {
	bad, ok := err.(*rowError)
	f, isFault := err.(*fault.Error)
	switch {
	case isFault:
		return f
	case !ok:
		return &fault.Error{File: at.File, Line: at.Line, Msg: "cannot be read: " + err.Error(), Err: err}
	case !p.o.SkipBad:
		return bad.fault(at.File, at.Line)
	}
	p.faults.Bad = append(p.faults.Bad, Dropped{File: at.File, Line: at.Line, ID: id, Reason: bad.reason()})
	return nil
}

// nothingLeft is the error of a pass that skipped every row: then the options are wrong, not the rows.
func (p *pass) nothingLeft() error {
	bad := p.faults.Bad[0]
	return &fault.Error{File: bad.File, Line: bad.Line,
		Msg: fmt.Sprintf("none of %d rows can be read; the first: %s", len(p.faults.Bad), bad.Reason), Fix: "Check format, text, id and label"}
}

// rowError is a row that cannot be read.
type rowError struct {
	field string // column or field to blame, "" for the record as a whole
	msg   string
	fix   string // "": the usual one
	cause error  // for errors.As; may be nil
}

func (e *rowError) Error() string { return e.reason() }

// reason is the fault without its place.
func (e *rowError) reason() string {
	if e.field == "" {
		return e.msg
	}
	return e.field + ": " + e.msg
}

func (e *rowError) fault(path string, line int) error {
	fix := e.fix
	if fix == "" {
		fix = "Mend the row"
	}
	return &fault.Error{File: path, Line: line, Field: e.field, Msg: e.msg, Fix: fix + ", or skip such rows with --skip-bad", Err: e.cause}
}
