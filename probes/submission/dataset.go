package submission

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"

	"lbprobe/internal/fault"
)

// Dataset is the manifest.json of a bundle's data set: all that the notebook has to know besides the files that it lists.
type Dataset struct {
	Version    int      `json:"version"` // of this layout
	Experiment string   `json:"experiment"`
	Design     string   `json:"design"`
	Target     string   `json:"target"`
	First      int      `json:"first"`              // number of the design's first probe; the others follow it one by one
	ID         string   `json:"id"`                 // column of ids, in the test and in the submission
	Classes    []string `json:"classes"`            // columns of the submission behind it: one a class, or one that holds the chance of a class of two
	Positive   int      `json:"positive,omitempty"` // that class, by index
	Text       string   `json:"text"`               // column of the texts
	Format     string   `json:"format"`             // of the test file, as package corpus names it; empty: by its header
	Turns      string   `json:"turns"`              // of a conversation that are read
	Rows       [2]int   `json:"rows"`               // least and most that the test may have
	Codebook   string   `json:"codebook"`           // hash of centroids, radius and embedder
	Reference  int      `json:"reference"`          // texts that what embeds is checked by
	Files      []File   `json:"files"`              // beside this one and dataset-metadata.json
}

// File is one file of a data set.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

const datasetVersion = 1

// Write writes the manifest as indented JSON.
func (d Dataset) Write(w io.Writer) error {
	d.Version = datasetVersion
	return writeJSON(w, d)
}

// ReadDataset reads what [Dataset.Write] wrote; name is the file's, for messages.
func ReadDataset(r io.Reader, name string) (Dataset, error) {
	broken := func(msg string, err error) (Dataset, error) {
		return Dataset{}, &fault.Error{File: name, Msg: "not the manifest of a bundle: " + msg, Fix: "Upload the data set again as generate wrote it", Err: err}
	}
	var d Dataset
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return broken(err.Error(), err)
	}
	switch {
	case d.Version != datasetVersion:
		return broken(fmt.Sprintf("it has version %d, this lbprobe reads %d", d.Version, datasetVersion), nil)
	case d.ID == "" || len(d.Classes) == 0:
		return broken("it does not say what a submission looks like", nil)
	case d.Positive < 0 || d.Positive > 1 || d.Positive > 0 && len(d.Classes) > 1:
		return broken(fmt.Sprintf("there is no class %d whose chance the submission holds", d.Positive), nil)
	case d.First < 1:
		return broken(fmt.Sprintf("its probes begin with number %d", d.First), nil)
	}
	for _, f := range d.Files {
		if f.Name == "" || f.Name != path.Base(f.Name) || f.Name == ".." || len(f.SHA256) != hex.EncodedLen(sha256.Size) {
			return broken(fmt.Sprintf("%q is not a file of it", f.Name), nil)
		}
	}
	return d, nil
}

// sha256Hex is the SHA-256 of bytes in lower-case hex.
func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
