package results

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"lbprobe/internal/fault"
)

// Torn is a line of the ledger that was cut off by a crash.
type Torn struct {
	Line int    // from 1
	Text string // what is left of it
}

// String is the report on a torn line.
func (t Torn) String() string {
	return fmt.Sprintf("line %d was cut off while it was written and holds no score; it is kept as it is. Record the scores again: what is there already is not doubled", t.Line)
}

// seal is a line that says which lines before it were found torn. Without it, an unreadable line that is not at the end is a damaged ledger.
type seal struct {
	Lines []int `json:"torn_lines"`
}

// contents is a ledger as read.
type contents struct {
	raw      []byte
	entries  []Entry
	torn     []Torn
	unsealed []int // lines of torn that no seal names yet: the last ones of the file
}

// terminated tells whether what is appended begins on a line of its own.
func (c contents) terminated() bool {
	return len(c.raw) == 0 || c.raw[len(c.raw)-1] == '\n'
}

// parseLedger reads the text of a ledger. What a crash can leave is a beginning of the lines that were being written: since no proper beginning of a
// JSON object is JSON, such a rest can't be taken for an entry, and an entry that lacks nothing but its line end is whole.
func parseLedger(raw []byte, name string) (contents, error) {
	c := contents{raw: raw}
	for n, line := range bytes.Split(raw, []byte("\n")) {
		if len(line) == 0 {
			continue // behind the last line end
		}
		if err := c.add(n+1, line); err != nil {
			return c, damaged(name, n+1, err)
		}
	}
	return c, nil
}

// add takes one line.
func (c *contents) add(n int, line []byte) error {
	if !json.Valid(line) {
		c.torn = append(c.torn, Torn{Line: n, Text: string(line)})
		c.unsealed = append(c.unsealed, n)
		return nil
	}
	if bytes.HasPrefix(line, []byte(`{"torn_lines":`)) {
		return c.close(line)
	}
	if len(c.unsealed) > 0 {
		return fmt.Errorf("follows line %d, which is not an entry", c.unsealed[0])
	}
	var e Entry
	if err := json.Unmarshal(line, &e); err != nil {
		return fmt.Errorf("is not an entry: %w", err)
	}
	if want := len(c.entries) + 1; e.Seq != want {
		return fmt.Errorf("has seq %d where %d must come", e.Seq, want)
	}
	if err := e.check(c.entries); err != nil {
		return err
	}
	c.entries = append(c.entries, e)
	return nil
}

// close takes a seal, which must name exactly the torn lines before it.
func (c *contents) close(line []byte) error {
	var s seal
	if err := json.Unmarshal(line, &s); err != nil {
		return fmt.Errorf("is not an entry: %w", err)
	}
	if fmt.Sprint(s.Lines) != fmt.Sprint(c.unsealed) {
		return fmt.Errorf("says that lines %v were cut off, but %v were", s.Lines, c.unsealed)
	}
	c.unsealed = nil
	return nil
}

// check tells what is wrong with an entry that comes after before.
func (e Entry) check(before []Entry) error {
	least := 1
	if len(before) > 0 {
		least = before[len(before)-1].Epoch
	}
	switch {
	case e.Epoch < least:
		return fmt.Errorf("has epoch %d after epoch %d", e.Epoch, least)
	case e.Probe < 0:
		return fmt.Errorf("has probe %d", e.Probe)
	case e.Corrects < 0 || e.Corrects >= e.Seq:
		return fmt.Errorf("corrects entry %d, which does not come before it", e.Corrects)
	case e.Corrects > 0 && strings.TrimSpace(e.Reason) == "":
		return fmt.Errorf("corrects entry %d without a reason", e.Corrects)
	}
	for _, text := range []string{e.Public, e.Private} {
		if text == "" {
			continue
		}
		if _, err := parseScore(text); err != nil {
			return err
		}
	}
	return nil
}

func damaged(name string, line int, cause error) error {
	return &fault.Error{File: name, Line: line, Msg: cause.Error(), Err: cause,
		Fix: "The ledger was changed by something else: bring back the version before, then record what is missing"}
}
