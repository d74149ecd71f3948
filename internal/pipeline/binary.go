package pipeline

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"

	"lbprobe/internal/fault"
)

// command is the package of lbprobe's main.
const command = "lbprobe/cmd/lbprobe"

// binary finds the lbprobe that goes into a bundle: a static one for linux/amd64, which is what Kaggle's notebooks run on. It is the one that the user
// names, or this very program where it is such a one, or it is built where Go and the source are at hand. done gives back what was built.
func (s *Session) binary() (path string, done func(), err error) {
	nothing := func() {}
	if named := s.options.Binary; named != "" {
		if err := portable(named); err != nil {
			return "", nothing, &fault.Error{Field: "--binary", File: named, Usage: true, Msg: err.Error(), Err: err,
				Fix: "Build one: CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build ./cmd/lbprobe"}
		}
		return named, nothing, nil
	}
	self, unfit := itself()
	if unfit == nil {
		return self, nothing, nil
	}
	dir, err := os.MkdirTemp("", "lbprobe-build-*")
	if err != nil {
		return "", nothing, fmt.Errorf("bundle: %w", err)
	}
	done = func() { os.RemoveAll(dir) }
	path = filepath.Join(dir, "lbprobe")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, command)
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	if text, err := build.CombinedOutput(); err != nil {
		done()
		return "", nothing, &fault.Error{Field: "--binary", Usage: true, Err: err,
			Msg: fmt.Sprintf("the bundle needs a static lbprobe for linux/amd64; this one %v, and none can be built here (%s)", unfit, firstLine(text, err)),
			Fix: "Build it in the source: CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build ./cmd/lbprobe. Then name it: --binary lbprobe"}
	}
	return path, done, nil
}

// itself is the program that runs, or why it can't go into a bundle.
func itself() (path string, unfit error) {
	if info, ok := debug.ReadBuildInfo(); !ok || info.Path != command {
		return "", errors.New("is a test")
	}
	if path, unfit = os.Executable(); unfit == nil {
		unfit = portable(path)
	}
	return path, unfit
}

// portable tells why a file does not run on any linux/amd64 by itself.
func portable(path string) error {
	file, err := elf.Open(path)
	if err != nil {
		return errors.New("is not a program for Linux")
	}
	defer file.Close()
	if file.Class != elf.ELFCLASS64 || file.Machine != elf.EM_X86_64 {
		return fmt.Errorf("is a program for %s, not for linux/amd64", file.Machine)
	}
	for _, p := range file.Progs {
		if p.Type == elf.PT_INTERP {
			return errors.New("is not linked statically")
		}
	}
	return nil
}

// firstLine is the first line that a command printed, else why it did not start.
func firstLine(text []byte, err error) string {
	for i, b := range text {
		if b == '\n' {
			text = text[:i]
			break
		}
	}
	if len(text) == 0 {
		return err.Error()
	}
	return string(text)
}
