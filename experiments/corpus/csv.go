package corpus

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
)

// readAhead is large because records are: a conversation of several turns fills a few kilobytes in one physical line.
const readAhead = 256 << 10

// csvSource reads records with encoding/csv. That package goes on after a broken quote wherever it has got to, which may be the end of the
// file; csvSource starts again on the line below the broken record, so that one stray quote costs one row.
type csvSource struct {
	file    io.ReaderAt
	offset  int64 // of the byte where reader began
	above   int   // physical lines above that byte
	buffer  *bufio.Reader
	reader  *csv.Reader
	columns []int // of the wanted cells, -1 for none
	width   int   // columns of the header; 0 until it is known
	cells   []string
}

// newCSV reads from an offset at the start of a line, with a number of lines above it.
func newCSV(file io.ReaderAt, offset int64, above int) *csvSource {
	s := &csvSource{file: file, buffer: bufio.NewReaderSize(nil, readAhead)}
	s.start(offset, above)
	return s
}

func (s *csvSource) start(offset int64, above int) {
	s.offset, s.above = offset, above
	s.buffer.Reset(io.NewSectionReader(s.file, offset, math.MaxInt64-offset))
	s.reader = csv.NewReader(s.buffer)
	s.reader.ReuseRecord = true
	s.reader.FieldsPerRecord = s.width
}

// header reads the first record as the names of the columns.
func (s *csvSource) header() ([]string, error) {
	names, err := s.reader.Read()
	if err != nil {
		return nil, err
	}
	s.width = len(names)
	return append([]string(nil), names...), nil
}

// want chooses the cells of the records to come.
func (s *csvSource) want(columns []int) {
	s.columns, s.cells = columns, make([]string, len(columns))
}

func (s *csvSource) next() (record, error) {
	before := s.offset + s.reader.InputOffset()
	fields, err := s.reader.Read()
	if err != nil {
		return s.broken(before, len(fields), err)
	}
	for i, c := range s.columns {
		if c >= 0 {
			s.cells[i] = fields[c]
		}
	}
	line, _ := s.reader.FieldPos(0)
	return record{line: s.above + line, cells: s.cells}, nil
}

func (s *csvSource) done() int64 { return s.offset + s.reader.InputOffset() }

// broken turns an error of encoding/csv into one of the row and sees to it that the next record can be read. before is the end of the
// record above.
func (s *csvSource) broken(before int64, fields int, err error) (record, error) {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return record{}, err
	}
	rec := record{line: s.above + parse.StartLine}
	if errors.Is(err, csv.ErrFieldCount) {
		return rec, &rowError{msg: fmt.Sprintf("cells in the row: %d; in the header: %d", fields, s.width), fix: "Mend the row's commas and quotes"}
	}
	msg := fmt.Sprintf("a quoted cell is not closed, or has a single quote inside; noticed at %d:%d", s.above+parse.Line, parse.Column)
	if errors.Is(err, csv.ErrBareQuote) {
		msg = fmt.Sprintf("a quote inside a cell that is not quoted, at %d:%d", s.above+parse.Line, parse.Column)
	}
	if parse.Line > parse.StartLine {
		if err := s.restart(before, rec.line); err != nil {
			return rec, err
		}
	}
	return rec, &rowError{msg: msg, fix: "Quote the cell and double every quote inside"}
}

// restart begins anew below the first line of a record. Between the end of the record above and that line there can be empty lines.
// However often it happens, few lines are read more than twice: a cell that stays open to the end of the file has an odd number of quotes in its
// first line and an even number in every later one, and those later ones are whole records when read by themselves.
func (s *csvSource) restart(before int64, line int) error {
	s.buffer.Reset(io.NewSectionReader(s.file, before, math.MaxInt64-before))
	for {
		length, empty, err := skipLine(s.buffer)
		before += length
		if err != nil && err != io.EOF {
			return err
		}
		if !empty || err == io.EOF {
			s.start(before, line)
			return nil
		}
	}
}

// skipLine reads to the end of a line and tells its bytes, the newline with them, and whether it holds nothing else.
func skipLine(in *bufio.Reader) (length int64, empty bool, err error) {
	empty = true
	for {
		part, err := in.ReadSlice('\n')
		length += int64(len(part))
		empty = empty && (string(part) == "\n" || string(part) == "\r\n")
		if err != bufio.ErrBufferFull {
			return length, empty, err
		}
	}
}
