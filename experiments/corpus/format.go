package corpus

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"lbprobe/internal/fault"
)

// byName tells JSONL from CSV by the file's extension, or else by its first byte.
func byName(path string, head []byte) Format {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".jsonl", ".ndjson", ".json":
		return JSONL
	case ".csv":
		return ""
	}
	if bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")) {
		return JSONL
	}
	return ""
}

// jsonlHead reads the fields of the first object.
func (in *input) jsonlHead(head []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(head), []byte("[")) {
		return &fault.Error{File: in.path, Line: 1, Msg: "one JSON list, where JSONL has an object on every line",
			Fix: "Rewrite it: jq -c '.[]' FILE > FILE.jsonl"}
	}
	s := newJSONL(in.file, in.offset)
	columns, line, err := s.firstFields()
	if bad, ok := err.(*rowError); ok {
		return &fault.Error{File: in.path, Line: line, Msg: bad.msg, Fix: "Write one JSON object on every line, or set format"}
	}
	if err != nil {
		return in.unreadable(err)
	}
	in.columns = columns
	return nil
}

// csvHead reads the header, and tells a file of conversations from a plain one where the format is not given.
func (in *input) csvHead() error {
	s := newCSV(in.file, in.offset, 0)
	columns, err := s.header()
	if err != nil {
		return &fault.Error{File: in.path, Line: 1, Msg: "the header cannot be read: " + err.Error(), Fix: "Name the columns in the first line", Err: err}
	}
	in.columns = columns
	if err := in.separated(); err != nil {
		return err
	}
	if in.format == "" {
		in.format = conversations(s, columns)
	}
	return nil
}

// separated refuses a header that looks as if another character than the comma stood between its cells.
func (in *input) separated() error {
	if len(in.columns) != 1 {
		return nil
	}
	for _, sep := range []string{"\t", ";", "|", "\r"} {
		if strings.Contains(in.columns[0], sep) {
			return &fault.Error{File: in.path, Line: 1, Msg: fmt.Sprintf("the header has one column, %q; it seems to be separated by %q", in.columns[0], sep),
				Fix: "Write the file with commas and newlines"}
		}
	}
	return nil
}

// lookedAt is how many rows tell the format of a CSV file.
const lookedAt = 20

// conversations is KaggleLMSYS for a file that has the competition's columns and in most of its first rows a JSON array as prompt, else CSV.
// Other arenas have the same columns with plain text in them.
func conversations(s *csvSource, columns []string) Format {
	prompt := slices.Index(columns, "prompt")
	if prompt < 0 || !slices.Contains(columns, "response_a") {
		return CSV
	}
	s.want([]int{prompt})
	rows, lists := 0, 0
	for range lookedAt {
		rec, err := s.next()
		if _, bad := err.(*rowError); err != nil && !bad {
			break
		} else if bad {
			continue
		}
		rows++
		if startsTurns(rec.cells[0]) {
			lists++
		}
	}
	if 2*lists < rows {
		return CSV
	}
	return KaggleLMSYS
}

func startsTurns(cell string) bool {
	cell, ok := strings.CutPrefix(strings.TrimLeft(cell, jsonSpace), "[")
	cell = strings.TrimLeft(cell, jsonSpace)
	return ok && (strings.HasPrefix(cell, `"`) || strings.HasPrefix(cell, "null") || strings.HasPrefix(cell, "]"))
}
