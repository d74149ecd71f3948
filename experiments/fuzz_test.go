package experiments

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lbprobe/internal/fault"
)

// fuzzed is the path that fuzzed texts are said to have: beside the data/ that the seeds name.
const fuzzed = "testdata/faults/x.toml"

// Whatever the file says, Load gives an experiment that writes itself back to the same hash, or one fault of one line with its place.
func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add(every)
	files, err := filepath.Glob("testdata/faults/*.toml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := parse(fuzzed, text)
		if err != nil {
			var bad *fault.Error
			if !errors.As(err, &bad) || bad.File != fuzzed || bad.Line < 1 || bad.Line > 1+strings.Count(text, "\n") || !bad.Usage || bad.Msg == "" {
				t.Fatalf("%#v", err)
			}
			if strings.ContainsAny(err.Error(), "\r\n") {
				t.Fatalf("more than one line: %q", err)
			}
			return
		}
		var out bytes.Buffer
		if err := e.Effective(&out); err != nil {
			t.Fatal(err)
		}
		again, err := parse(fuzzed, out.String())
		if err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		if e.Hash() != again.Hash() {
			t.Fatalf("the hash has changed:\n%s", out.String())
		}
	})
}

// A data file may hold anything; its head is read or refused.
func FuzzHead(f *testing.F) {
	for _, text := range []string{smallTrain, "\ufeffid,text\r\n1,\"a\nb\"\r\n", "{\"id\": 1}\n{\"id\": \"\\ud83d\"}", "[", "\"", "a;b\n1;2", "{\"a\":\"\n\"}"} {
		f.Add(text, true)
		f.Add(text, false)
	}
	f.Fuzz(func(t *testing.T, text string, jsonl bool) {
		h := head{name: "x"}
		read := h.readCSV
		if jsonl {
			read = h.readJSONL
		}
		if err := read(strings.NewReader(text), 10); err != nil {
			return
		}
		for _, row := range h.rows {
			if len(row) != len(h.columns) {
				t.Fatalf("%d cells in %d columns", len(row), len(h.columns))
			}
		}
		if len(h.columns) > 0 {
			_ = guessID(h) + guessText(h) + h.noColumn("x")
			h.holder([]string{"a", "b"})
		}
	})
}
