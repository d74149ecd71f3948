package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

// TestReason: however a file error is wrapped, its path is not said again.
func TestReason(t *testing.T) {
	missing := &fs.PathError{Op: "open", Path: "train.csv", Err: fs.ErrNotExist}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{missing, "file does not exist"},
		{fmt.Errorf("hash: %w", missing), "file does not exist"},
		{errors.New("line 3: too short"), "line 3: too short"},
	} {
		if got := Reason(tt.err); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, got, tt.want)
		}
	}
}
