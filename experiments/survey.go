package experiments

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"lbprobe/internal/fault"
)

// survey is what Init wants to know of a file: its head, how many rows it has, and how often each value of the columns with few values stands there.
type survey struct {
	head
	total   int                       // rows
	tallied int                       // rows that counts holds
	counts  map[string]map[string]int // by column, then value; only columns with at most maxClasses values, none of them empty or long
}

// look reads a file to its end.
func look(path string) (survey, error) {
	h, err := readHead(path, "", headRows)
	if err != nil {
		return survey{}, err
	}
	s := survey{head: h, counts: map[string]map[string]int{}}
	file, err := os.Open(path)
	if err != nil {
		return survey{}, errors.New(fault.Reason(err))
	}
	defer file.Close()
	if isJSONL(path, "") {
		s.tally(s.rows)
		return s, s.countObjects(file)
	}
	return s, s.readRest(file)
}

// countObjects counts all rows of a JSON lines file; only the head is tallied.
func (s *survey) countObjects(r io.Reader) error {
	in := json.NewDecoder(spaced{skipBOM(r)})
	for s.total = 0; ; s.total++ {
		var object json.RawMessage
		if err := in.Decode(&object); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("object %d cannot be read: %w", s.total+1, err)
		}
	}
}

// readRest counts all rows of a CSV file.
func (s *survey) readRest(r io.Reader) error {
	in := csv.NewReader(skipBOM(r))
	in.FieldsPerRecord, in.ReuseRecord = len(s.columns), true
	if _, err := in.Read(); err != nil {
		return err
	}
	for s.total = 0; ; s.total++ {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("cannot be read: %w", err)
		}
		s.tally([][]string{row})
	}
}

// tally counts the values of rows. A column that turns out to have many values, or empty or long ones, is set to nil and left.
func (s *survey) tally(rows [][]string) {
	const longest = 60
	s.tallied += len(rows)
	for _, row := range rows {
		for j, c := range s.columns {
			count, seen := s.counts[c]
			if !seen {
				count = map[string]int{}
				s.counts[c] = count
			}
			if count == nil {
				continue
			}
			v := row[j]
			if _, known := count[v]; v == "" || len(v) > longest || !known && len(count) == maxClasses {
				s.counts[c] = nil
				continue
			}
			count[strings.Clone(v)]++
		}
	}
}

// oneHot are the columns among candidates that hold only 0 and 1, exactly one 1 a row: classes. Nil where there are no two such.
func (s *survey) oneHot(candidates []string) (classes []string) {
	var at []int
	for _, c := range candidates {
		if values := sortedKeys(s.counts[c]); slices.Equal(values, []string{"0", "1"}) {
			classes, at = append(classes, c), append(at, slices.Index(s.columns, c))
		}
	}
	for _, row := range s.rows {
		ones := 0
		for _, j := range at {
			if row[j] == "1" {
				ones++
			}
		}
		if ones != 1 {
			return nil
		}
	}
	if len(classes) < 2 {
		return nil
	}
	return classes
}

// shares writes how the rows divide on the values of a column.
func (s *survey) shares(column string, values []string) string {
	parts := make([]string, 0, len(values))
	for _, v := range values {
		parts = append(parts, fmt.Sprintf("%s: %.0f %%", v, 100*float64(s.counts[column][v])/float64(max(s.tallied, 1))))
	}
	return listing(parts, 6)
}

// countRows writes a number of rows, with commas in it.
func countRows(n int) string {
	if n == 1 {
		return "1 row"
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s + " rows"
}
