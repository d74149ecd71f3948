package experiments

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"lbprobe/internal/fault"
	"lbprobe/internal/golden"
)

// Every file of testdata/faults has one fault; the messages, one a line, are what users read.
func TestFaults(t *testing.T) {
	files, err := filepath.Glob("testdata/faults/*.toml")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	t.Chdir("testdata/faults")
	var all strings.Builder
	for _, path := range files {
		_, err := Load(filepath.Base(path))
		var f *fault.Error
		switch {
		case err == nil:
			t.Errorf("%s: loaded", path)
		case !errors.As(err, &f) || f.File != filepath.Base(path) || f.Line < 1 || !f.Usage || strings.ContainsAny(err.Error(), "\r\n"):
			t.Errorf("%s: not a fault of one line with its place: %#v", path, err)
		case f.Fix == "":
			t.Errorf("%s: no fix: %v", path, err)
		default:
			all.WriteString(err.Error() + "\n")
		}
	}
	t.Chdir("../..")
	golden.Check(t, "faults.golden", all.String())
}
