package experiments

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/internal/fault"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares text with a file of testdata, or rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got); go test -update rewrites it:\n%s", name, diff)
	}
}

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
	golden(t, "faults.golden", all.String())
}
