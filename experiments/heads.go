package experiments

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lbprobe/experiments/corpus"
	"lbprobe/internal/fault"
)

// head is the beginning of a data file: the names of its columns, or of the fields of its objects, and some rows.
type head struct {
	name     string // of the file, without folders
	parquet  bool   // of which no rows are looked at
	borrowed bool   // corpus.text was said of a file of another kind
	columns  []string
	rows     [][]string // cells in the order of columns
	lines    []int      // where each row begins
}

// readHead reads the columns and at most limit rows. A row that cannot be read ends the head; only a header that cannot be read is an error.
func readHead(path, format string, limit int) (head, error) {
	file, err := os.Open(path)
	if err != nil {
		return head{}, errors.New(fault.Reason(err))
	}
	defer file.Close()
	h := head{name: filepath.Base(path)}
	if h.parquet = isParquet(file); h.parquet {
		h.columns, err = corpus.Columns(path)
		return h, err
	}
	if isJSONL(path, format) {
		err = h.readJSONL(file, limit)
	} else {
		err = h.readCSV(file, limit)
	}
	return h, err
}

// isParquet tells whether a file begins as Parquet does.
func isParquet(file io.ReaderAt) bool {
	var magic [4]byte
	_, err := file.ReadAt(magic[:], 0)
	return err == nil && string(magic[:]) == "PAR1"
}

// isJSONL tells the two kinds of files apart: by the format that the experiment gives, else by the extension.
func isJSONL(path, format string) bool {
	if format != "" && format != parquetFormat {
		return format == "jsonl"
	}
	return slices.Contains([]string{".jsonl", ".ndjson", ".json"}, strings.ToLower(filepath.Ext(path)))
}

// readCSV fills the head from a CSV file.
func (h *head) readCSV(r io.Reader, limit int) error {
	in := csv.NewReader(skipBOM(r))
	in.FieldsPerRecord = -1
	columns, err := in.Read()
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("it is empty")
	case err != nil:
		return fmt.Errorf("its header cannot be read: %w", err)
	}
	h.columns = columns
	for len(h.rows) < limit {
		row, err := in.Read()
		if err != nil || len(row) != len(columns) {
			return nil
		}
		line, _ := in.FieldPos(0)
		h.rows, h.lines = append(h.rows, row), append(h.lines, line)
	}
	return nil
}

// skipBOM drops the byte order mark that spreadsheets write.
func skipBOM(r io.Reader) io.Reader {
	in := bufio.NewReaderSize(r, 1<<16)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = in.Discard(3) // the three bytes are there
	}
	return in
}

// readJSONL fills the head from a file of JSON objects. A field that only some objects have is a column too.
func (h *head) readJSONL(r io.Reader, limit int) error {
	in := json.NewDecoder(spaced{skipBOM(r)})
	var objects []map[string]string
	for len(objects) < max(limit, 1) {
		object, fields, err := readObject(in)
		if err != nil && len(objects) == 0 {
			return errors.New("its first line is no JSON object")
		}
		if err != nil {
			break
		}
		objects = append(objects, object)
		for _, field := range fields {
			if !slices.Contains(h.columns, field) {
				h.columns = append(h.columns, field)
			}
		}
	}
	for i, object := range objects[:min(limit, len(objects))] {
		row := make([]string, len(h.columns))
		for j, field := range h.columns {
			row[j] = object[field]
		}
		h.rows, h.lines = append(h.rows, row), append(h.lines, i+1)
	}
	return nil
}

// readObject reads the next JSON object: its values as a CSV would hold them, and its fields in order.
func readObject(in *json.Decoder) (object map[string]string, fields []string, err error) {
	if t, err := in.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, errors.Join(err, errors.New("no JSON object"))
	}
	object = map[string]string{}
	for in.More() {
		name, err := in.Token()
		if err != nil {
			return nil, nil, err
		}
		var value json.RawMessage
		if err := in.Decode(&value); err != nil {
			return nil, nil, err
		}
		field := fmt.Sprint(name) // the decoder gives names as strings only
		object[field], fields = cell(value), append(fields, field)
	}
	_, err = in.Token()
	return object, fields, err
}

// spaced replaces control characters by spaces: some writers leave them in texts, where JSON does not allow them.
type spaced struct{ io.Reader }

// Read reads from the reader below.
func (s spaced) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	for i, c := range p[:n] {
		if c < ' ' {
			p[i] = ' '
		}
	}
	return n, err
}

// cell is a JSON value as a CSV cell would hold it.
func cell(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// has tells whether there is such a column.
func (h head) has(column string) bool { return slices.Contains(h.columns, column) }

// values lists the distinct values of a column, at most limit, in the order of their first row; all is false where there are more.
func (h head) values(column string, limit int) (list []string, all bool) {
	j := slices.Index(h.columns, column)
	if j < 0 {
		return nil, true
	}
	seen := map[string]bool{}
	for _, row := range h.rows {
		if v := row[j]; !seen[v] {
			if len(list) == limit {
				return list, false
			}
			seen[v] = true
			list = append(list, v)
		}
	}
	return list, true
}

// noColumn says that a column is missing and what there is instead.
func (h head) noColumn(column string) string {
	if sep := h.separator(); sep != "" {
		return fmt.Sprintf("%s has no column %q; its columns are parted by %s, not by commas", h.name, column, sep)
	}
	return fmt.Sprintf("%s has no column %q; its columns are %s", h.name, column, listing(h.columns, 12))
}

// separator names what parts the columns of a file that has only one by commas; empty where nothing does.
func (h head) separator() string {
	if len(h.columns) != 1 {
		return ""
	}
	for _, s := range []struct{ char, name string }{{"\t", "tabs"}, {";", "semicolons"}, {"|", "bars"}} {
		if strings.Contains(h.columns[0], s.char) {
			return s.name
		}
	}
	return ""
}
