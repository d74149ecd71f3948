package corpus

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
)

// jsonlSource reads one JSON object a line. Empty lines are passed over.
type jsonlSource struct {
	in    *bufio.Reader
	line  int
	read  int64  // the byte behind the lines so far
	long  []byte // a line that is longer than the buffer
	names []string
	cells []string
}

func newJSONL(file io.ReaderAt, offset int64) *jsonlSource {
	return &jsonlSource{read: offset, in: bufio.NewReaderSize(io.NewSectionReader(file, offset, math.MaxInt64-offset), readAhead)}
}

// want names the fields whose values are the cells of the records to come.
func (s *jsonlSource) want(names []string) {
	s.names, s.cells = names, make([]string, len(names))
}

func (s *jsonlSource) next() (record, error) {
	line, err := s.object()
	rec := record{line: s.line, cells: s.cells}
	if err != nil {
		return rec, err
	}
	if line, err = validObject(line); err != nil {
		return rec, err
	}
	clear(s.cells)
	for name, value := range fields(line) {
		for i := range s.names {
			if s.names[i] == name {
				s.cells[i] = string(value)
			}
		}
	}
	return rec, nil
}

func (s *jsonlSource) done() int64 { return s.read }

// object returns the next line that is not empty, valid until the next call.
func (s *jsonlSource) object() ([]byte, error) {
	for {
		line, err := s.in.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			s.long = s.long[:0]
			for err == bufio.ErrBufferFull {
				s.long = append(s.long, line...)
				line, err = s.in.ReadSlice('\n')
			}
			s.long = append(s.long, line...)
			line = s.long
		}
		s.line++
		s.read += int64(len(line))
		if line = bytes.Trim(line, jsonSpace); len(line) > 0 || err != nil {
			if err == io.EOF && len(line) > 0 {
				err = nil
			}
			return line, err
		}
	}
}

// jsonScalar reads a string, number or boolean as text; an absent value and null are "".
func jsonScalar(value string) (string, error) {
	if value == "" || value == "null" {
		return "", nil
	}
	switch value[0] {
	case '"':
		var text string
		err := json.Unmarshal([]byte(value), &text)
		return text, err
	case '[', '{':
		return "", errors.New("a list or object where a single value is needed")
	}
	return value, nil
}

// firstFields returns the names of the fields of the first object, in order. Some lines before it may be broken; if no object is found, the
// error is that of the first line, whose number is returned too.
func (s *jsonlSource) firstFields() (names []string, line int, err error) {
	for range lookedAt {
		object, end := s.object()
		if end == io.EOF {
			break
		}
		if end != nil {
			return nil, 0, end
		}
		names, broken := fieldNames(object)
		if broken == nil {
			return names, s.line, nil
		}
		if err == nil {
			line, err = s.line, broken
		}
	}
	return nil, line, err
}

// fieldNames returns the names of the fields of an object, in order.
func fieldNames(object []byte) ([]string, error) {
	object, err := validObject(object)
	if err != nil {
		return nil, err
	}
	var names []string
	for name := range fields(object) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, &rowError{msg: "the object has no fields"}
	}
	return names, nil
}
