package submission

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"lbprobe/internal/fault"
)

// Manifest lists the submissions of a design, as in probes/manifest.json.
type Manifest struct {
	Experiment string  `json:"experiment"`
	Design     string  `json:"design"`
	Target     string  `json:"target"`
	Bound      float64 `json:"bound"`            // smallest number of submissions that can answer, by information
	Bundle     string  `json:"bundle,omitempty"` // SHA-256 of the data set's manifest.json, where a notebook writes the probes; then no file lies here
	Probes     []Entry `json:"probes"`
}

// Entry is one submission of a design.
type Entry struct {
	Number int    `json:"number"` // from 1; never reused in a run folder
	File   string `json:"file"`   // name in the folder of the manifest
	SHA256 string `json:"sha256"` // of the file's bytes, in lower-case hex
	Tag    string `json:"tag"`    // stands in the description of the upload
}

// Entry writes the submission of probe number, as [Template.Write] does, and returns its line of the manifest.
func (t Template) Entry(w io.Writer, experiment string, number int, q [][]float64) (Entry, error) {
	hash := sha256.New()
	if err := t.Write(io.MultiWriter(w, hash), q); err != nil {
		return Entry{}, err
	}
	sum := hex.EncodeToString(hash.Sum(nil))
	return Entry{number, FileName(experiment, number), sum, Tag(experiment, number, sum)}, nil
}

// FileName is the name of a probe's submission.
func FileName(experiment string, number int) string {
	return fmt.Sprintf("%s-%03d.csv", experiment, number)
}

// Tag is the mark by which a score is matched to its probe, with the first 8 digits of the file's hash: [lbp:demo/001/0a1b2c3d].
func Tag(experiment string, number int, sha string) string {
	return fmt.Sprintf("[lbp:%s/%03d/%.8s]", experiment, number, sha)
}

// Write writes the manifest as indented JSON.
func (m Manifest) Write(w io.Writer) error {
	return writeJSON(w, m)
}

// ReadManifest reads what [Manifest.Write] wrote; name is the file's, for messages.
func ReadManifest(r io.Reader, name string) (Manifest, error) {
	var m Manifest
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return Manifest{}, damaged(name, err.Error(), err)
	}
	seen := map[int]bool{}
	for _, e := range m.Probes {
		switch {
		case e.Number < 1 || seen[e.Number]:
			return Manifest{}, damaged(name, fmt.Sprintf("probe number %d is not one of its own", e.Number), nil)
		case len(e.SHA256) != hex.EncodedLen(sha256.Size):
			return Manifest{}, damaged(name, fmt.Sprintf("probe %d has no SHA-256", e.Number), nil)
		}
		seen[e.Number] = true
	}
	return m, nil
}

// damaged is the fault of a manifest that is not as it was written.
func damaged(name, msg string, err error) error {
	return &fault.Error{File: name, Msg: "not a manifest of probes: " + msg, Fix: "Restore the file, or generate the probes in a new run folder", Err: err}
}
