// Package fault is the one shape in which lbprobe tells a user that an input is wrong: the place, the field, what is the matter,
// and the change that mends it.
package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Error is a fault in something the user gave. Every part but Msg may be zero and is then left out:
//
//	spooky.toml:9: competition.classes: train.csv has no column "EAP"; column "author" holds EAP, HPL, MWS. Add: label = "author"
type Error struct {
	File  string // as the user wrote it
	Line  int    // from 1; 0 where a line means nothing
	Field string // key, column or flag
	Msg   string // what is wrong, without a full stop
	Fix   string // what to do: an imperative sentence, without a full stop
	Usage bool   // the command line or the experiment file is at fault: exit status 2
	Err   error  // the cause, for errors.Is and errors.As; its text is not repeated
}

// Error renders the fault as one line.
func (e *Error) Error() string {
	var b strings.Builder
	switch {
	case e.File != "" && e.Line > 0:
		fmt.Fprintf(&b, "%s:%d: ", e.File, e.Line)
	case e.File != "":
		fmt.Fprintf(&b, "%s: ", e.File)
	case e.Line > 0:
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	if e.Field != "" {
		b.WriteString(e.Field + ": ")
	}
	b.WriteString(e.Msg)
	if e.Fix != "" {
		b.WriteString(". " + e.Fix)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Damaged is the fault of a file of lbprobe's own that is not as it was written.
func Damaged(path string, err error) error {
	return &Error{File: path, Msg: "is damaged: " + err.Error(), Fix: "Remove it and run again", Err: err}
}

// Reason is what the system says of a file, without the path, which a fault names already; of any other error it is the whole text.
func Reason(err error) string {
	if cause, ok := errors.AsType[*fs.PathError](err); ok {
		return cause.Err.Error()
	}
	return err.Error()
}

// ExitStatus is the exit status that an error deserves: 0 for nil, 2 where the command line or the experiment file is at fault, else 1.
func ExitStatus(err error) int {
	if err == nil {
		return 0
	}
	if f, ok := errors.AsType[*Error](err); ok && f.Usage {
		return 2
	}
	return 1
}
