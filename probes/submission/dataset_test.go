package submission

import (
	"bytes"
	"strings"
	"testing"
)

var someDataset = Dataset{Version: datasetVersion, Experiment: "demo", Design: "channel", Target: "sizes", First: 4, ID: "id", Classes: []string{"a", "b"},
	Text: "prompt", Turns: "all", Rows: [2]int{24000, 26000}, Codebook: "c", Reference: 64, Files: []File{{"lbprobe", 10, strings.Repeat("0", 64)}}}

func TestDatasetRoundTrip(t *testing.T) {
	roundTrip(t, someDataset, ReadDataset)
}

func TestReadDatasetRefuses(t *testing.T) {
	var b bytes.Buffer
	if err := someDataset.Write(&b); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ old, changed, want string }{
		{`"version": 1`, `"version": 2`, "it has version 2, this lbprobe reads 1"},
		{`"id": "id"`, `"id": ""`, "it does not say what a submission looks like"},
		{`"first": 4`, `"first": 0`, "its probes begin with number 0"},
		{`"name": "lbprobe"`, `"name": "../lbprobe"`, `"../lbprobe" is not a file of it`},
		{`"name": "lbprobe"`, `"name": ".."`, `".." is not a file of it`},
		{`"text"`, `"texts"`, `json: unknown field "texts"`},
		{`{`, ``, "json: cannot unmarshal string into Go value of type submission.Dataset"},
	}
	for _, test := range tests {
		_, err := ReadDataset(strings.NewReader(strings.Replace(b.String(), test.old, test.changed, 1)), "m.json")
		want := "m.json: not the manifest of a bundle: " + test.want + ". Upload the data set again as generate wrote it"
		if err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", test.changed, err, want)
		}
	}
}

// FuzzReadDataset: what is read can be written and read again, the same, and names no file elsewhere.
func FuzzReadDataset(f *testing.F) {
	var b bytes.Buffer
	if err := someDataset.Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.String())
	f.Add(strings.Replace(b.String(), `"lbprobe"`, `"a/b"`, 1))
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ReadDataset(strings.NewReader(text), "m")
		if err != nil {
			return
		}
		for _, file := range d.Files {
			if strings.Contains(file.Name, "/") || file.Name == ".." || file.Name == "" {
				t.Errorf("file %q", file.Name)
			}
		}
		roundTrip(t, d, ReadDataset)
	})
}
