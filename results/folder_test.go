package results

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/internal/fault"
)

func meta() Meta {
	return Meta{Experiment: "demo", Hash: "abc", Tool: "v1", Seed: 7, Inputs: map[string]string{"train.csv": "123"}, Effective: "name = \"demo\"\n", Created: noon}
}

func create(t *testing.T) (*Folder, string) {
	t.Helper()
	base := filepath.Join(t.TempDir(), "results")
	folder, err := Create(base, meta())
	if err != nil {
		t.Fatal(err)
	}
	return folder, base
}

func TestCreateAndOpen(t *testing.T) {
	folder, base := create(t)
	if left, err := os.ReadDir(base); err != nil || len(left) != 1 {
		t.Errorf("results holds %v, %v", left, err)
	}
	changed := meta()
	changed.Hash, changed.Created = "def", noon.AddDate(1, 0, 0)
	if _, err := Create(base, changed); err != nil {
		t.Fatal(err)
	}
	opened, err := Open(base, "demo")
	if err != nil || opened.Dir != folder.Dir {
		t.Fatal(opened, err)
	}
	changed.Created = noon // a folder is made once
	got, err := opened.Meta()
	if diff := cmp.Diff(changed, got); err != nil || diff != "" {
		t.Error(diff, err)
	}
	if _, err := opened.Ledger(); err != nil {
		t.Error(err)
	}
}

// TestUnchangedMeta: an equal experiment does not touch the file.
func TestUnchangedMeta(t *testing.T) {
	folder, base := create(t)
	if err := os.Chtimes(folder.Path(metaFile), noon, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(base, meta()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(folder.Path(metaFile)); err != nil || !info.ModTime().Equal(noon) {
		t.Errorf("written again at %v, %v", info.ModTime(), err)
	}
}

// TestStrangersFolder: a folder without experiment.json is never written into, even an empty one.
func TestStrangersFolder(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "demo")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	folder := &Folder{Dir: dir}
	_, created := Create(base, meta())
	_, opened := Open(base, "demo")
	_, ledger := folder.Ledger()
	for what, err := range map[string]error{"create": created, "open": opened, "ledger": ledger, "write": folder.WriteJSON("a.json", 1), "stamp": folder.Done("topics", "x")} {
		if _, ok := errors.AsType[*fault.Error](err); !ok || !strings.Contains(err.Error(), "it has no experiment.json; nothing was written") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if left, err := os.ReadDir(base); err != nil || len(left) != 1 {
		t.Errorf("beside it: %v, %v", left, err)
	}
	if inside, err := os.ReadDir(dir); err != nil || len(inside) != 0 {
		t.Errorf("in it: %v, %v", inside, err)
	}
}

func TestFolderFaults(t *testing.T) {
	folder, base := create(t)
	for _, name := range []string{"", "report", "Demo", "-a", "a/b", "..", strings.Repeat("a", 41)} {
		if _, err := Create(base, Meta{Experiment: name}); fault.ExitStatus(err) != 2 {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := Open(base, "other"); err == nil || !strings.Contains(err.Error(), "there is no such run folder") {
		t.Error(err)
	}
	for _, place := range []string{"../x", "/x", ""} {
		if err := folder.Write(place, func(io.Writer) error { return nil }); err == nil {
			t.Errorf("wrote to %q", place)
		}
	}
	if err := os.Rename(folder.Dir, filepath.Join(base, "moved")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(base, "moved"); err == nil || !strings.Contains(err.Error(), `is "demo", but the folder is of "moved"`) {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(base, "moved", metaFile), []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(base, "moved"); err == nil || !strings.Contains(err.Error(), "is not the experiment.json of a run folder") {
		t.Error(err)
	}
}

func TestStages(t *testing.T) {
	folder, _ := create(t)
	if err := folder.WriteJSON("topics/topics.json", []int{1, 2}); err != nil {
		t.Fatal(err)
	}
	if folder.Fresh("topics", "h1") {
		t.Error("fresh before it was done")
	}
	if err := folder.Done("topics", "h1", "topics/topics.json"); err != nil {
		t.Fatal(err)
	}
	if err := folder.Done("generate", "h2"); err != nil {
		t.Fatal(err)
	}
	reopened := &Folder{Dir: folder.Dir}
	if !reopened.Fresh("topics", "h1") || !reopened.Fresh("generate", "h2") {
		t.Error("not fresh after it was done")
	}
	if folder.Fresh("topics", "h2") || folder.Fresh("analyze", "h1") {
		t.Error("fresh with other inputs, or never done")
	}
	if err := folder.WriteJSON("topics/topics.json", []int{1, 3}); err != nil {
		t.Fatal(err)
	}
	if folder.Fresh("topics", "h1") {
		t.Error("fresh though its output was changed")
	}
	if err := os.Remove(folder.Path("topics", "topics.json")); err != nil {
		t.Fatal(err)
	}
	if folder.Fresh("topics", "h1") || folder.Done("topics", "h1", "topics/topics.json") == nil {
		t.Error("fresh or done though its output is gone")
	}
	for _, rubbish := range []string{"rubbish", "null", "[]"} {
		if err := os.WriteFile(folder.Path(stagesFile), []byte(rubbish), 0o666); err != nil {
			t.Fatal(err)
		}
		if folder.Fresh("generate", "h2") {
			t.Errorf("fresh by %s", rubbish)
		}
		if err := folder.Done("generate", "h2"); err != nil || !folder.Fresh("generate", "h2") {
			t.Errorf("after %s: %v", rubbish, err)
		}
	}
}

// TestHashOf: the parts of a hash do not run into each other.
func TestHashOf(t *testing.T) {
	seen := map[string]int{}
	for i, inputs := range []map[string]string{{}, {"a": "b"}, {"a": ""}, {"": "a"}, {"ab": ""}, {"a": "b", "c": "d"}, {"a": "b;1:c=1:d"}} {
		seen[HashOf(inputs)] = i
	}
	if len(seen) != 7 {
		t.Errorf("%d hashes of 7", len(seen))
	}
}
