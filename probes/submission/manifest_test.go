package submission

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestManifestRoundTrip(t *testing.T) {
	template := Template{IDColumn: "id", Classes: []string{"a", "b"}, IDs: []string{"x"}, Topic: []int32{0}}
	var file bytes.Buffer
	entry, err := template.Entry(&file, "demo", 7, [][]float64{{.5, .5}})
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file.Bytes())
	sha := hex.EncodeToString(sum[:])
	if diff := cmp.Diff(Entry{7, "demo-007.csv", sha, "[lbp:demo/007/" + sha[:8] + "]"}, entry); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	roundTrip(t, Manifest{Experiment: "demo", Design: "lattice", Target: "presence", Bound: 10.4, Probes: []Entry{entry}}, ReadManifest)
}

// roundTrip writes a value and reads it again, the same.
func roundTrip[V interface{ Write(io.Writer) error }](t *testing.T, want V, read func(r io.Reader, name string) (V, error)) {
	t.Helper()
	var b bytes.Buffer
	if err := want.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := read(&b, "manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNamesOfMoreThan999Probes(t *testing.T) {
	if got := FileName("demo", 1234); got != "demo-1234.csv" {
		t.Error(got)
	}
	if got := Tag("demo", 1234, "0123456789abcdef"); got != "[lbp:demo/1234/01234567]" {
		t.Error(got)
	}
}

func TestReadManifestRefuses(t *testing.T) {
	sha := strings.Repeat("0", 64)
	const fix = ". Restore the file, or generate the probes in a new run folder"
	tests := []struct{ text, want string }{
		{``, "m.json: not a manifest of probes: EOF" + fix},
		{`{"experiment": 1}`, "m.json: not a manifest of probes: json: cannot unmarshal number into Go struct field Manifest.experiment of type string" + fix},
		{`{"experimnet": "demo"}`, `m.json: not a manifest of probes: json: unknown field "experimnet"` + fix},
		{`{"probes": [{"number": 0, "sha256": "` + sha + `"}]}`, "m.json: not a manifest of probes: probe number 0 is not one of its own" + fix},
		{`{"probes": [{"number": 1, "sha256": "` + sha + `"}, {"number": 1, "sha256": "` + sha + `"}]}`,
			"m.json: not a manifest of probes: probe number 1 is not one of its own" + fix},
		{`{"probes": [{"number": 1, "sha256": "abc"}]}`, "m.json: not a manifest of probes: probe 1 has no SHA-256" + fix},
	}
	for _, test := range tests {
		_, err := ReadManifest(strings.NewReader(test.text), "m.json")
		if err == nil || err.Error() != test.want {
			t.Errorf("%s\n got %v\nwant %s", test.text, err, test.want)
		}
	}
}

// FuzzReadManifest: what is read can be written and read again, the same.
func FuzzReadManifest(f *testing.F) {
	f.Add(`{"experiment":"demo","design":"lattice","target":"rows","bound":1e300,"probes":null}`)
	f.Add(`{"probes": [{"number": 1, "sha256": "` + strings.Repeat("é", 32) + `", "tag": "</script>"}]}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ReadManifest(strings.NewReader(text), "m")
		if err != nil {
			return
		}
		roundTrip(t, m, ReadManifest)
	})
}
