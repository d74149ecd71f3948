package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/embed"
	"lbprobe/internal/fault"
	"lbprobe/probes/submission"
)

// matrix is a matrix of two columns.
func matrix(of ...float32) blas32.General {
	return blas32.General{Rows: len(of) / 2, Cols: 2, Stride: 2, Data: of}
}

// put writes a file; content is its text, or a matrix.
func put(t *testing.T, path string, content any) {
	t.Helper()
	var b bytes.Buffer
	switch c := content.(type) {
	case string:
		b.WriteString(c)
	case blas32.General:
		if err := embed.WriteNPY(&b, c); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// byHand is probe 4, the first of a design for two topics, over a test of four rows: the data set is written by hand, the texts are embedded elsewhere.
func byHand(t *testing.T) Rerun {
	t.Helper()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.Mkdir(at("dataset"), 0o700); err != nil {
		t.Fatal(err)
	}
	var manifest bytes.Buffer
	d := submission.Dataset{Experiment: "hand", First: 4, ID: "id", Classes: []string{"a", "b"}, Text: "text", Rows: [2]int{3, 5}, Reference: 2}
	if err := d.Write(&manifest); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]any{
		"dataset/manifest.json":   manifest.String(),
		"dataset/codebook.json":   `{"k": 2, "dimension": 2}`,
		"dataset/centroids.npy":   matrix(1, 0, 0, 1),
		"dataset/reference.jsonl": "\"a <b>\"\n\"two\\nlines\"\n",
		"dataset/reference.npy":   matrix(1, 0.1, 0.1, 1),
		"dataset/design.csv":      "probe,topic,class,probability\n4,0,a,0.75\n4,0,b,0.25\n4,1,a,0.125\n4,1,b,0.875\n",
		"test.csv":                "id,text\nr1,one\nr2,\nr3,three\nr4,four\n",
		"vectors.npy":             matrix(0.9, 0.1, 0.2, 0.8, 0.8, 0.3, 0, 0.7),
		"again.npy":               matrix(1, 0.1, 0.1, 1),
		"turned.npy":              matrix(1, 0.1, 1, 0.1),
	} {
		put(t, at(filepath.FromSlash(name)), content)
	}
	return Rerun{Test: at("test.csv"), Dataset: at("dataset"), Output: at("submission.csv"), Probe: 4, Embeddings: at("vectors.npy"), Reference: at("again.npy")}
}

const (
	asAsked   = "id,a,b\nr1,0.75,0.25\nr2,0.125,0.875\nr3,0.75,0.25\nr4,0.125,0.875\n"
	confessed = "id,a,b\nr1,0.5,0.5\nr2,0.5,0.5\nr3,0.5,0.5\nr4,0.5,0.5\n"
)

// TestWrite: every row has the prediction of its topic; whatever keeps the rerun from that is told, and there is a submission all the same.
func TestWrite(t *testing.T) {
	beside := func(r *Rerun, name string) string { return filepath.Join(filepath.Dir(r.Test), name) }
	told := func(fault, detail string) Reran {
		return Reran{Experiment: "hand", Probe: 4, Rows: 4, Fault: fault, Detail: detail}
	}
	for _, tt := range []struct {
		name  string
		spoil func(r *Rerun)
		want  Reran
		file  string
	}{
		{"as it should be", func(*Rerun) {}, Reran{Experiment: "hand", Probe: 4, Rows: 4, Topics: 2}, asAsked},
		{"vectors that nobody can check", func(r *Rerun) { r.Reference = "" },
			Reran{Experiment: "hand", Probe: 4, Rows: 4, Topics: 2, Unchecked: true}, asAsked},
		{"no vectors", func(r *Rerun) { r.Embeddings = "" }, told("model missing", "the data set has no embedder, and --embeddings is not given"), confessed},
		{"another embedder", func(r *Rerun) { r.Reference = beside(r, "turned.npy") }, told("encoder differs", "reference text 1 has the cosine 0.1980 with its vector"), confessed},
		{"vectors of fewer rows", func(r *Rerun) { r.Embeddings = r.Reference }, told("other", "2×2 vectors for 4 texts and 2 dimensions"), confessed},
		{"said by the caller", func(r *Rerun) { r.Fault = "memory" }, told("memory", "memory, as the caller says"), confessed},
		{"no such probe", func(r *Rerun) { r.Probe = 5 }, Reran{Experiment: "hand", Probe: 5, Rows: 4, Topics: 2, Fault: "damaged bundle",
			Detail: "design.csv has no probe 5"}, confessed},
		{"ids that can't be used", func(r *Rerun) {
			put(t, r.Test, "id,text\nr1,one\nr1,two\nr3,three\n")
			put(t, beside(r, "sample_submission.csv"), "id,a,b\nr1,1,0\nr2,1,0\nr3,1,0\nr4,1,0\n")
		}, told("null rows", "a row has no id, or that of another, or can't be read"), confessed},
		{"too many rows", func(r *Rerun) { put(t, r.Test, "id,text\nr1,1\nr2,2\nr3,3\nr4,4\nr5,5\nr6,6\n") },
			Reran{Experiment: "hand", Probe: 4, Rows: 6, Fault: "row count",
				Detail: "the test has 6 rows, not 3 to 5; so has the sample that stands for it until the rerun"}, confessed + "r5,0.5,0.5\nr6,0.5,0.5\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := byHand(t)
			tt.spoil(&r)
			got, err := r.Write()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, *got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			file, err := os.ReadFile(r.Output)
			if diff := cmp.Diff(tt.file, string(file)); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestNoSubmission: without a manifest nobody knows what a submission looks like, and a probe before the first is a slip of the caller.
func TestNoSubmission(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(r *Rerun)
		want  string
	}{
		"no manifest":              {func(r *Rerun) { r.Dataset = filepath.Dir(r.Dataset) }, "cannot be opened: no such file or directory. Name the folder of the bundle's data set"},
		"a probe before the first": {func(r *Rerun) { r.Probe = 3 }, "--probe: the design has no probe 3. Its first is 4"},
	} {
		t.Run(name, func(t *testing.T) {
			r := byHand(t)
			tt.spoil(&r)
			if _, err := r.Write(); err == nil || !strings.HasSuffix(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
			if _, err := os.Stat(r.Output); err == nil {
				t.Error("there is a submission all the same")
			}
		})
	}
}

// TestTexts: a script embeds the reference first, then every row in order, one without a text too.
func TestTexts(t *testing.T) {
	var b strings.Builder
	if err := byHand(t).Texts(&b); err != nil {
		t.Fatal(err)
	}
	if want := "\"a <b>\"\n\"two\\nlines\"\n\"one\"\n\"\"\n\"three\"\n\"four\"\n"; b.String() != want {
		t.Errorf("got\n%s, want\n%s", b.String(), want)
	}
}

// TestThaw: centroids that are not those of codebook.json are named.
func TestThaw(t *testing.T) {
	dir := byHand(t).Dataset
	put(t, filepath.Join(dir, "codebook.json"), `{"k": 3, "dimension": 2}`)
	want := filepath.Join(dir, "centroids.npy") + ": is damaged: it is 2×2, codebook.json says 3×2. Remove it and run again"
	if _, err := Thaw(dir); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestReadIfThere: a file that is not there is no fault, one that can't be read is.
func TestReadIfThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "n.json")
	read := func(r io.Reader) (n int, err error) { return n, json.NewDecoder(r).Decode(&n) }
	if n, err := ReadIfThere(path, read); n != 0 || err != nil {
		t.Errorf("no file: %d, %v", n, err)
	}
	put(t, path, "12")
	if n, err := ReadIfThere(path, read); n != 12 || err != nil {
		t.Errorf("a file: %d, %v", n, err)
	}
	put(t, path, "x")
	_, err := ReadIfThere(path, read)
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.File != path {
		t.Errorf("a damaged file: %v", err)
	}
}
