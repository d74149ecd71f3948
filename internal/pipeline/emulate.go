package pipeline

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"lbprobe/internal/atomicfile"
	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
	"lbprobe/probes/submission"
	"lbprobe/results"
)

// guardScript keeps a Python process from network and inputs: see its own words for what it refuses and what it can't.
//
//go:embed guard.py
var guardScript []byte

// emulation is a code competition's rerun, played here: read-only inputs without a run bit, no network, a working folder.
type emulation struct {
	*Session
	root    string
	bundle  submission.Bundle
	inputs  map[string]string // SHA-256 of every input
	vectors string            // of the test rows, where they are given
}

// emulate lays out a rerun of the bundle in a passing folder.
func (s *Session) emulate(folder *results.Folder, m *submission.Manifest) (*emulation, error) {
	root, err := os.MkdirTemp("", "lbprobe-rerun-*")
	if err != nil {
		return nil, fmt.Errorf("rerun: %w", err)
	}
	e := &emulation{Session: s, root: root, bundle: s.bundleOf(m), inputs: map[string]string{}}
	if e.bundle.Slug == "" {
		e.bundle.Slug = "competition"
	}
	if err := e.layOut(folder); err != nil {
		e.close()
		return nil, err
	}
	return e, nil
}

// close takes the folder away.
func (e *emulation) close() {
	_ = filepath.WalkDir(e.root, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			_ = os.Chmod(path, 0o700) // so that its files can go; what can't will be left in the system's folder for such things
		}
		return nil
	})
	_ = os.RemoveAll(e.root)
}

// at is a place of the emulation.
func (e *emulation) at(parts ...string) string {
	return filepath.Join(append([]string{e.root}, parts...)...)
}

// layOut copies the inputs, and takes the right to write them away.
func (e *emulation) layOut(folder *results.Folder) error {
	sim := e.Experiment.Simulate
	for _, dir := range []string{"input/" + e.bundle.Slug, "input/data", "kernel", "guard", "working"} {
		if err := os.MkdirAll(e.at(filepath.FromSlash(dir)), 0o755); err != nil {
			return fmt.Errorf("rerun: %w", err)
		}
	}
	entries, err := os.ReadDir(folder.Path(filepath.FromSlash(datasetPlace)))
	if err != nil {
		return fmt.Errorf("rerun: %w", err)
	}
	for _, entry := range entries {
		if err := e.input(copying(folder.Path(filepath.FromSlash(datasetPlace), entry.Name())), "data", entry.Name()); err != nil {
			return err
		}
	}
	if err := e.input(copying(sim.Test), e.bundle.Slug, "test.csv"); err != nil {
		return err
	}
	if err := e.input(e.sample, e.bundle.Slug, "sample_submission.csv"); err != nil {
		return err
	}
	if sim.TestEmbedding != "" && e.Experiment.Script() != "" {
		e.vectors = e.at("input", "vectors.npy")
		if err := e.input(copying(sim.TestEmbedding), "vectors.npy"); err != nil {
			return err
		}
	}
	for _, dir := range []string{"input/" + e.bundle.Slug, "input/data", "input"} {
		if err := os.Chmod(e.at(filepath.FromSlash(dir)), 0o555); err != nil {
			return fmt.Errorf("rerun: %w", err)
		}
	}
	return atomicfile.WriteBytes(e.at("guard", "sitecustomize.py"), guardScript)
}

// input writes a file that may be read and nothing else.
func (e *emulation) input(write func(io.Writer) error, parts ...string) error {
	path := e.at(append([]string{"input"}, parts...)...)
	if err := atomicfile.Write(path, write); err != nil {
		return err
	}
	sum, err := results.HashFile(path)
	if err != nil {
		return err
	}
	e.inputs[path] = sum
	return os.Chmod(path, 0o444)
}

// sample writes a sample submission for the rows of the test.
func (e *emulation) sample(w io.Writer) error {
	c := e.Experiment.Competition
	ids, err := notebook.BareIDs(e.Experiment.Simulate.Test, c.ID)
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	line := append([]string{c.ID}, c.Columns()...)
	if err := out.Write(line); err != nil {
		return err
	}
	for i := range c.Columns() {
		line[i+1] = fmt.Sprintf("%.3f", 1/float64(len(c.Classes)))
	}
	for _, id := range ids {
		line[0] = id
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// rerun runs probe.py for one probe and returns the place of its submission. The log is what it has printed.
func (e *emulation) rerun(ctx context.Context, probe int, scores map[int]string) (path, log string, err error) {
	script := e.at("kernel", "probe.py")
	if err := atomicfile.Write(script, func(w io.Writer) error { return e.bundle.WriteProbe(w, probe, scores) }); err != nil {
		return "", "", err
	}
	path = e.at("working", "submission.csv")
	if err := os.RemoveAll(path); err != nil {
		return "", "", fmt.Errorf("rerun: %w", err)
	}
	args := []string{script, "--input", e.at("input"), "--output", path}
	if e.vectors != "" {
		args = append(args, "--embeddings", e.vectors)
	}
	cmd, err := e.python(ctx, args...)
	if err != nil {
		return "", "", err
	}
	var printed bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = e.at("working"), &printed, &printed
	cmd.Env = append(os.Environ(), "PYTHONPATH="+e.at("guard"), "LBPROBE_INPUT="+e.at("input"), "PYTHONDONTWRITEBYTECODE=1")
	if err := cmd.Run(); err != nil {
		return "", printed.String(), &fault.Error{Msg: "probe.py did not write a submission: " + lastLine(printed.String(), err), Err: err}
	}
	return path, printed.String(), e.untouched()
}

// untouched makes sure that the inputs are what they were, and that nothing but the submission is left.
func (e *emulation) untouched() error {
	for path, sum := range e.inputs {
		if now, err := results.HashFile(path); err != nil || now != sum {
			return &fault.Error{File: path, Msg: "probe.py has changed its input"}
		}
	}
	entries, err := os.ReadDir(e.at("working"))
	if err != nil {
		return fmt.Errorf("rerun: %w", err)
	}
	var left []string
	for _, entry := range entries {
		if entry.Name() != "submission.csv" {
			left = append(left, entry.Name())
		}
	}
	if len(left) > 0 {
		return &fault.Error{Msg: "probe.py leaves more than submission.csv: " + strings.Join(left, ", ")}
	}
	return nil
}
