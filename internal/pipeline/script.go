package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
	"lbprobe/probes/submission"
)

// encode has the user's script embed texts: by probe.py, as the notebook of a hidden test will.
func (s *Session) encode(texts []string) (blas32.General, error) {
	dir, err := os.MkdirTemp("", "lbprobe-encode-*")
	if err != nil {
		return blas32.General{}, fmt.Errorf("embedding: %w", err)
	}
	defer os.RemoveAll(dir)
	driver := filepath.Join(dir, "probe.py")
	if err := os.WriteFile(driver, submission.ProbeScript, 0o600); err != nil {
		return blas32.General{}, fmt.Errorf("embedding: %w", err)
	}
	var in, log bytes.Buffer
	if err := notebook.WriteStrings(&in, texts); err != nil {
		return blas32.General{}, err
	}
	cmd, err := s.python(context.Background(), driver, "--encode", dir, "--script", s.Experiment.Script())
	if err != nil {
		return blas32.General{}, err
	}
	cmd.Stdin, cmd.Stderr = &in, &log
	if err := cmd.Run(); err != nil {
		return blas32.General{}, s.Experiment.Fault("embedding.script", fmt.Sprintf("it did not embed %d texts: %s", len(texts), lastLine(log.String(), err)),
			"Mend the script: it defines encode(texts), which returns an n×d array")
	}
	x, err := notebook.ReadMatrix(filepath.Join(dir, "vectors.npy"))
	return x, s.pointed("embedding.script", err)
}

// python is a run of the python3 of the path.
func (s *Session) python(ctx context.Context, args ...string) (*exec.Cmd, error) {
	for _, name := range []string{"python3", "python"} {
		if path, err := exec.LookPath(name); err == nil {
			return exec.CommandContext(ctx, path, args...), nil
		}
	}
	return nil, &fault.Error{File: s.Experiment.Path, Usage: true, Msg: "there is no python3 on the PATH", Fix: "Install Python 3.9 or newer, and numpy"}
}

// lastLine is what a program said last, where Python names its error; else how it ended.
func lastLine(log string, err error) string {
	lines := strings.Split(strings.TrimSpace(log), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return last
	}
	return err.Error()
}
