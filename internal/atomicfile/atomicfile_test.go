package atomicfile

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// only fails the test unless the folder holds just one file, with this text.
func only(t *testing.T, path, want string) {
	t.Helper()
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 {
		t.Errorf("the folder holds %v", files)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("file holds %q, %v; want %q", got, err, want)
	}
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	for _, text := range []string{"first", "", strings.Repeat("long", 100_000)} {
		if err := WriteBytes(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		only(t, path, text)
	}
}

// TestFailure: whatever happens halfway, the old file stands and nothing else is there.
func TestFailure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	if err := WriteBytes(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	cause := errors.New("no more data")
	err := Write(path, func(w io.Writer) error {
		if _, err := w.Write(bytes.Repeat([]byte("new"), 1<<16)); err != nil {
			return err
		}
		return cause
	})
	if !errors.Is(err, cause) || !strings.Contains(err.Error(), "a.txt") {
		t.Errorf("error is %v", err)
	}
	only(t, path, "old")
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was lost")
			}
		}()
		_ = Write(path, func(io.Writer) error { panic("stop") })
	}()
	only(t, path, "old")
	if err := WriteBytes(filepath.Join(filepath.Dir(path), "none", "a.txt"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
	folder := filepath.Join(filepath.Dir(path), "folder")
	if err := os.MkdirAll(filepath.Join(folder, "full"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := WriteBytes(folder, []byte("x")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*tmp")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions are Unix's")
	}
	path := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteBytes(path, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

// TestConcurrent: of writers at the same moment one wins, in full.
func TestConcurrent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			if err := WriteBytes(path, bytes.Repeat([]byte{byte('a' + i)}, 10_000)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	got, err := os.ReadFile(path)
	if err != nil || len(got) != 10_000 || !bytes.Equal(got, bytes.Repeat(got[:1], 10_000)) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	only(t, path, string(got))
}
