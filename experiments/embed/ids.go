package embed

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"lbprobe/internal/fault"
)

// CheckIDs compares a file of ids, one a line in the order of the vectors, with the ids of the rows that the vectors are for. The
// fault names the first line that differs, with both ids, or else both counts. A byte-order mark and carriage returns are ignored.
func CheckIDs(path string, want []string) error {
	file, err := os.Open(path)
	if err != nil {
		return &fault.Error{File: path, Msg: "can't be opened: " + fault.Reason(err), Fix: "Check the path", Err: err}
	}
	defer file.Close()
	return checkIDs(file, path, want)
}

func checkIDs(r io.Reader, name string, want []string) error {
	lines, n := bufio.NewReader(r), 0
	for {
		line, err := lines.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return &fault.Error{File: name, Line: n + 1, Msg: "can't be read: " + fault.Reason(err), Err: err}
		}
		if err != nil && line == "" {
			break
		}
		if n == 0 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		id := strings.TrimRight(line, "\r\n")
		if n < len(want) && id != want[n] {
			return &fault.Error{
				File: name, Line: n + 1, Msg: fmt.Sprintf("the vector is of id %q, but row %d of the data has id %q", id, n+1, want[n]),
				Fix: "Embed the rows in the order of the file and write their ids in that order",
			}
		}
		n++
	}
	if n != len(want) {
		return &fault.Error{File: name, Msg: fmt.Sprintf("holds %d ids for %d rows", n, len(want)), Fix: "Embed every row of the file, and no others"}
	}
	return nil
}
