package notebook

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/experiments/embed"
	"lbprobe/experiments/topics"
	"lbprobe/internal/fault"
	"lbprobe/probes/channel"
	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/submission"
	"lbprobe/results"
)

// The files of a bundle's data set.
const (
	ManifestFile = "manifest.json"
	BinaryFile   = "lbprobe"
	ScriptFile   = "embed.py"
	DriverFile   = "probe.py" // which runs embed.py
	DesignFile   = "design.csv"
	ChannelFile  = "channel.json"
	HashesFile   = "hashes.bin" // of prompts that rows are held against
)

// Dataset is a bundle's data set as the notebook finds it.
type Dataset struct {
	submission.Dataset
	book      *topics.Codebook
	tfidf     *embed.TFIDF   // nil: a script embeds
	texts     []string       // of the reference
	reference blas32.General // their vectors
	table     *channel.Table // nil: probes tells the prediction for each topic
	probes    []design.Probe
	hashes    *duplicates.Hashes // nil: rows are held against none
}

// OpenDataset reads the data set of a bundle. A file that is not as it was written is a fault of the rerun, as long as the channel can tell it. The
// binary is not looked at: it is what runs.
func OpenDataset(dir string) (*Dataset, error) {
	path := filepath.Join(dir, ManifestFile)
	file, err := os.Open(path)
	if err != nil {
		return nil, &fault.Error{File: path, Msg: "cannot be opened: " + fault.Reason(err), Fix: "Name the folder of the bundle's data set", Err: err}
	}
	defer file.Close()
	out := &Dataset{}
	if out.Dataset, err = submission.ReadDataset(file, path); err != nil {
		return nil, err
	}
	if out.table, err = ReadIfThere(filepath.Join(dir, ChannelFile), channel.ReadTable); err != nil {
		return nil, err
	}
	for _, f := range out.Files {
		place := filepath.Join(dir, f.Name)
		if sum, err := results.HashFile(place); f.Name != BinaryFile && (err != nil || sum != f.SHA256) {
			return out, &rerunFault{channel.Damaged, place + " is not the file that " + ManifestFile + " lists"}
		}
	}
	if err := out.load(dir); err != nil {
		return out, &rerunFault{channel.Damaged, err.Error()}
	}
	return out, nil
}

// load reads the files that the manifest lists.
func (d *Dataset) load(dir string) (err error) {
	at := func(place string) string { return filepath.Join(dir, filepath.Base(place)) }
	if d.book, err = Thaw(dir); err != nil {
		return err
	}
	if d.texts, err = readStrings(at(ReferencePlace + ".jsonl")); err != nil {
		return err
	}
	if d.reference, err = ReadMatrix(at(ReferencePlace + ".npy")); err != nil {
		return err
	}
	if d.tfidf, err = ReadIfThere(at(EmbedderPlace), embed.ReadTFIDF); err != nil {
		return err
	}
	if d.hashes, err = ReadIfThere(at(HashesFile), duplicates.ReadHashes); err != nil {
		return err
	}
	d.probes, err = ReadIfThere(at(DesignFile), func(r io.Reader) ([]design.Probe, error) { return design.ReadCSV(r, d.book.Topics(), d.Classes, true) })
	return err
}

// ReadIfThere reads a file, and names it in what is wrong with it. One that is not there reads as the zero value.
func ReadIfThere[T any](path string, read func(io.Reader) (T, error)) (out T, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	defer file.Close()
	if out, err = read(file); err != nil {
		return out, fault.Damaged(path, err)
	}
	return out, nil
}

// place is which of the design's probes a number is, from 1.
func (d *Dataset) place(number int) int { return number - d.First + 1 }

// Places are scores by the places of their probes in the design, from 1; first is the number of its first.
func Places(scores map[int]string, first int) map[int]string {
	out := map[int]string{}
	for number, score := range scores {
		out[number-first+1] = score
	}
	return out
}

// asked is the prediction for each topic that a design's probe makes.
func (d *Dataset) asked(probe int) ([][]float64, error) {
	i := slices.IndexFunc(d.probes, func(p design.Probe) bool { return p.Number == probe })
	if i < 0 {
		return nil, &rerunFault{channel.Damaged, fmt.Sprintf("%s has no probe %d", DesignFile, probe)}
	}
	return d.probes[i].Q, nil
}

// ask is the prediction of a channel for t's rows. It is the same for all: it may look at how many there are of each kind, and says so by that
// prediction's score.
func (d *Dataset) ask(r Rerun, t *submission.Template, tallies map[string][]int) ([][]float64, error) {
	at, scores := d.place(r.Probe), Places(r.Scores, d.First)
	if at > d.table.Constants { // then the first score says which levels there are
		if _, err := metric.ParseReading(scores[1], d.table.Decimals); err != nil {
			return nil, &rerunFault{channel.BadScores, fmt.Sprintf("probe %d: %v", d.First, err)}
		}
	}
	q, err := d.table.Prediction(at, scores, tallies)
	if err != nil {
		return nil, &rerunFault{channel.RowCount, err.Error()}
	}
	clear(t.Topic)
	return [][]float64{d.inColumns(q)}, nil
}

// inColumns is a prediction of one chance a class as the submission's columns hold it.
func (d *Dataset) inColumns(q []float64) []float64 {
	if len(d.Classes) == 1 {
		return q[d.Positive : d.Positive+1]
	}
	return q
}
