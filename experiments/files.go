package experiments

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"lbprobe/internal/fault"
)

// named is a file that the experiment reads.
type named struct{ key, path, written string }

// inputs lists the files that the experiment reads, in the order of their keys.
func (e *Experiment) inputs() []named {
	var list []named
	add := func(key, path string) {
		if path != "" {
			list = append(list, named{key, path, e.Written(key)})
		}
	}
	add("competition.train", e.Competition.Train)
	add("competition.test", e.Competition.Test)
	for i, path := range e.Corpus.Paths {
		list = append(list, named{"corpus.path", path, e.source.written["corpus.path"][i]})
	}
	m := e.Embedding
	if m.Source == "npy" {
		add("embedding.path", m.Path)
		add("embedding.train_path", m.TrainPath)
		add("embedding.test_path", m.TestPath)
		add("embedding.ids", m.IDs)
		add("embedding.train_ids", m.TrainIDs)
		add("embedding.test_ids", m.TestIDs)
	}
	add("embedding.script", e.Script())
	add("probe.channel.overlap", e.Hashes())
	if e.Simulate != nil {
		if e.Competition.Hidden {
			add("simulate.test", e.Simulate.Test)
			add("simulate.test_embedding", e.Simulate.TestEmbedding)
		}
		add("simulate.truth", e.Simulate.Truth)
	}
	if e.Judge != nil {
		add("judge.prompt", e.Judge.Prompt)
	}
	return list
}

// files asks whether the files that are named are there and are what they should be.
func (e *Experiment) files() error {
	for _, f := range e.inputs() {
		if err := e.exists(f); err != nil {
			return err
		}
		if strings.HasPrefix(f.key, "embedding.") && strings.HasSuffix(f.key, "path") || f.key == "simulate.test_embedding" {
			if err := e.isNPY(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// exists asks for a readable file with something in it.
func (e *Experiment) exists(f named) error {
	info, err := os.Stat(f.path)
	var msg, fix string
	switch {
	case errors.Is(err, fs.ErrNotExist):
		msg, fix = "there is no file "+f.path, e.nearbyFile(f)
	case err != nil:
		msg = fmt.Sprintf("%s cannot be read: %s", f.path, fault.Reason(err))
	case info.IsDir():
		msg, fix = f.path+" is a folder", "Name a file in it"
	case info.Mode().IsRegular() && info.Size() == 0:
		msg, fix = f.path+" is empty", "Name the file that has the rows"
	default:
		return nil
	}
	fault := e.Fault(f.key, msg, fix)
	fault.Err = err
	return fault
}

// nearbyFile proposes the file of the same folder, with the same extension, whose name is nearest.
func (e *Experiment) nearbyFile(f named) string {
	dir := filepath.Dir(f.path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Sprintf("There is no folder %s either; paths are relative to the experiment file's folder", dir)
	}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() && filepath.Ext(entry.Name()) == filepath.Ext(f.path) {
			names = append(names, entry.Name())
		}
	}
	base := filepath.Base(f.path)
	if near, distance := fault.Nearest(base, names); len(names) > 0 && fault.Alike(base, distance) {
		return write(f.key, strings.TrimSuffix(f.written, baseFile(f.written))+near)
	}
	return "Put it there, or write another path; paths are relative to the experiment file's folder"
}

// baseFile is the last part of a path as it is written in a message.
func baseFile(written string) string { return written[strings.LastIndexAny(written, `/\`)+1:] }

// isNPY asks whether a file begins as NumPy's format does.
func (e *Experiment) isNPY(f named) error {
	const magic = "\x93NUMPY"
	file, err := os.Open(f.path)
	if err != nil {
		return e.Fault(f.key, fmt.Sprintf("%s cannot be read: %s", f.path, fault.Reason(err)), "")
	}
	defer file.Close()
	head := make([]byte, len(magic))
	n, err := io.ReadFull(file, head)
	if err == nil && string(head) == magic {
		return nil
	}
	return e.Fault(f.key, fmt.Sprintf("%s is not a .npy file: it begins with %s", f.path, strconv.QuoteToASCII(string(head[:n]))),
		"Save the vectors with numpy.save")
}
