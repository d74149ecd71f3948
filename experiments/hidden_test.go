package experiments

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHidden: a hidden test is no file, and needs a script only where something else than lbprobe embeds.
func TestHidden(t *testing.T) {
	const text = `name = "h"
[competition]
classes = ["A", "B"]
label = "label"
train = "train.csv"
test = "hidden"
rows = [10, 20]
public = 0.3
[embedding]
source = "tfidf-svd"
script = "embed.py"
sources = ["me/model"]
test_path = "test.npy"
[simulate]
test = "test.csv"
`
	files := []string{"train.csv", "id,text,label\n1,x,A\n2,y,B\n", "test.csv", "id,text\n3,z\n", "embed.py", "def encode(texts): ...\n"}
	load := func(text string) *Experiment {
		t.Helper()
		e, err := Load(filepath.Join(writeFiles(t, append(files, "e.toml", text)...), "e.toml"))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	e := load(text)
	if !e.Competition.Hidden || e.Competition.Test != "" || e.Script() != "" {
		t.Errorf("%+v, script %q", e.Competition, e.Script())
	}
	want := []string{"embedding.test_path: has no effect with source = \"tfidf-svd\"", "embedding.script: has no effect with source = \"tfidf-svd\"",
		"embedding.test_path: has no effect with test = \"hidden\""}
	if diff := cmp.Diff(want, e.Notes[1:]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	python := load(strings.Replace(text, "tfidf-svd", "python", 1))
	if filepath.Base(python.Script()) != "embed.py" || python.Hash() == e.Hash() {
		t.Errorf("script %q", python.Script())
	}
	if err := python.CheckTestRows(21); err == nil || !strings.Contains(err.Error(), "simulate.test: test.csv has 21 rows, which rows = [10, 20] rules out") {
		t.Errorf("%v", err)
	}
}
