package results

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"lbprobe/internal/fault"
)

// noneFound is what the kaggle client prints, with exit status 0, where there is nothing to list.
const noneFound = "No submissions found"

// ReadScores reads a list of submissions with their scores; name stands for the file in messages. It takes
//   - CSV with at least the columns fileName and publicScore; privateScore, ref, description, status and date are read where they are there;
//   - what the kaggle client prints, as CSV or as a table, old versions without ref included, after any lines of warnings;
//   - the columns of Meta Kaggle's Submissions.csv, whose Id is taken for the ref.
//
// Letter case of the column names does not matter, nor does their order; further columns are ignored. UTF-8 and UTF-16 with a byte order mark are
// understood. Scores are kept as text and not judged here: [Rules.Match] does that, and names what it refuses.
func ReadScores(r io.Reader, name string) ([]Row, error) {
	text, err := io.ReadAll(transform.NewReader(r, unicode.BOMOverride(encoding.Nop.NewDecoder())))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	line := 0
	for rest := text; len(rest) > 0; {
		line++
		head, after, _ := bytes.Cut(rest, []byte("\n"))
		shown := strings.TrimRight(string(head), "\r")
		if strings.HasPrefix(strings.TrimSpace(shown), noneFound) {
			return nil, nil
		}
		if columns, ok := findColumns(strings.Split(shown, ",")); ok {
			return readCSV(rest, columns, line-1, name)
		}
		if columns, ok := findColumns(strings.Fields(shown)); ok {
			return readTable(after, columns, line, name)
		}
		rest = after
	}
	return nil, noHeader(text, name)
}

// columns says where in a record the parts of a row stand; -1 where they do not.
type columns struct {
	width                                    int
	ref, file, description, time, status     int
	public, private, publicFull, privateFull int
}

// findColumns reads a header. It is one if it tells both which submission a row is and what it scored.
func findColumns(header []string) (columns, bool) {
	at := func(names ...string) int {
		for _, want := range names {
			for i, got := range header {
				if strings.EqualFold(strings.Trim(got, ` "`), want) {
					return i
				}
			}
		}
		return -1
	}
	c := columns{
		width: len(header),
		ref:   at("ref"), file: at("fileName"), description: at("description"), time: at("date", "SubmissionDate"), status: at("status"),
		public: at("publicScore", "PublicScoreLeaderboardDisplay"), publicFull: at("PublicScoreFullPrecision"),
		private: at("privateScore", "PrivateScoreLeaderboardDisplay"), privateFull: at("PrivateScoreFullPrecision"),
	}
	if c.publicFull >= 0 && c.ref < 0 {
		c.ref = at("Id")
	}
	named := c.file >= 0 || c.publicFull >= 0 && c.ref >= 0
	return c, named && (c.public >= 0 || c.publicFull >= 0)
}

// row picks the parts of a record.
func (c columns) row(record []string, line int) Row {
	cell := func(at int) string {
		if at < 0 {
			return ""
		}
		return record[at]
	}
	score := func(at int) string {
		if text := strings.TrimSpace(cell(at)); text != "None" {
			return text
		}
		return ""
	}
	return Row{
		Line: line, Ref: strings.TrimSpace(cell(c.ref)), File: cell(c.file), Description: cell(c.description), Time: cell(c.time), Status: cell(c.status),
		Public: score(c.public), Private: score(c.private), publicFull: score(c.publicFull), privateFull: score(c.privateFull),
	}
}

// readCSV reads the header and the records after it; lines before it were skipped.
func readCSV(text []byte, columns columns, skipped int, name string) ([]Row, error) {
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	if _, err := reader.Read(); err != nil {
		return nil, badCSV(err, skipped, name)
	}
	var rows []Row
	for {
		record, err := reader.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, badCSV(err, skipped, name)
		}
		line, _ := reader.FieldPos(0)
		if len(record) == 1 && columns.width > 1 && isRemark(record[0]) {
			continue
		}
		if len(record) != columns.width {
			return nil, &fault.Error{File: name, Line: skipped + line, Msg: fmt.Sprintf("has %d fields, the header has %d", len(record), columns.width),
				Fix: `Put a cell that holds a comma in double quotes`}
		}
		rows = append(rows, columns.row(record, skipped+line))
	}
}

// isRemark knows the lines that the kaggle client prints among its rows.
func isRemark(line string) bool {
	return strings.HasPrefix(line, "Warning:") || strings.HasPrefix(line, "Next Page Token")
}

// badCSV names the line of the file that the CSV reader, which began after skipped lines, could not read.
func badCSV(err error, skipped int, name string) error {
	if bad, ok := errors.AsType[*csv.ParseError](err); ok {
		return &fault.Error{File: name, Line: skipped + bad.Line, Msg: "cannot be read as CSV: " + bad.Err.Error(), Err: err,
			Fix: "Write the list again with: kaggle competitions submissions COMPETITION --csv -W --page-size 200"}
	}
	return fmt.Errorf("read %s: %w", name, err)
}

// noHeader says what was found where columns were looked for.
func noHeader(text []byte, name string) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return &fault.Error{File: name, Msg: "is empty", Fix: "Give a CSV with the columns fileName and publicScore"}
	}
	first, _, _ := bytes.Cut(bytes.TrimSpace(text), []byte("\n"))
	found := []rune(strings.TrimSpace(string(first)))
	if len(found) > 120 {
		found = append(found[:120], '…')
	}
	fix := "Name the columns fileName and publicScore (privateScore, ref, description, status and date are read as well)"
	if !bytes.Contains(first, []byte(",")) && bytes.ContainsAny(first, ";\t") {
		fix = "Separate the columns by commas"
	}
	return &fault.Error{File: name, Line: 1, Msg: fmt.Sprintf("no line has the columns fileName and publicScore; it begins with %q", string(found)), Fix: fix}
}

// readTable reads what the kaggle client prints without --csv: under the header a line of dashes that shows how wide each column is, then rows.
func readTable(text []byte, columns columns, skipped int, name string) ([]Row, error) {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), "\n")
	spans := dashes(lines[0])
	if len(spans) != columns.width {
		return nil, badTable(name, skipped+1, "does not underline the columns of the table")
	}
	var rows []Row
	for i, line := range lines[1:] {
		if isRemark(line) || strings.TrimSpace(line) == "" {
			continue
		}
		record, ok := cut([]rune(line), spans)
		if !ok {
			return nil, badTable(name, skipped+2+i, "does not fit the columns of the table")
		}
		rows = append(rows, columns.row(record, skipped+2+i))
	}
	return rows, nil
}

// dashes finds the runs of "-" in a line, as half-open ranges of runes.
func dashes(line string) [][2]int {
	var spans [][2]int
	start := -1
	for i, r := range []rune(strings.TrimRight(line, " ") + " ") {
		switch {
		case r == '-' && start < 0:
			start = i
		case r == ' ' && start >= 0:
			spans, start = append(spans, [2]int{start, i}), -1
		case r != '-' && r != ' ':
			return nil
		}
	}
	return spans
}

// cut takes a line apart. Between two columns there must be nothing; trailing spaces may have been lost.
func cut(line []rune, spans [][2]int) (record []string, ok bool) {
	end := 0
	for _, span := range spans {
		from, to := min(span[0], len(line)), min(span[1], len(line))
		if strings.TrimSpace(string(line[min(end, from):from])) != "" {
			return nil, false
		}
		record, end = append(record, strings.TrimSpace(string(line[from:to]))), to
	}
	return record, strings.TrimSpace(string(line[end:])) == "" && len(line) > spans[0][1]
}

func badTable(name string, line int, msg string) error {
	return &fault.Error{File: name, Line: line, Msg: msg,
		Fix: "Write the list as CSV: kaggle competitions submissions COMPETITION --csv -W --page-size 200"}
}
