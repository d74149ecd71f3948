// Package atomicfile writes files that are either there in full or not there at all, also when the program is killed or the machine
// loses power halfway.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
)

// serial keeps the temporary names of one process apart.
var serial atomic.Uint64

// Write replaces the file at path by what write prints. The text goes to a temporary file of the same folder, reaches the disk, and is
// then renamed, so a reader sees the old file or the new one. After a failure or a panic of write the old file stands and nothing is left
// behind. The folder must exist. A new file gets the permissions that the umask leaves; an existing one keeps its own.
func Write(path string, write func(io.Writer) error) (err error) {
	file, err := create(path)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	renamed := false
	defer func() {
		if !renamed {
			_ = file.Close() // a second close is harmless, and the first error is the one that tells
			_ = os.Remove(file.Name())
		}
	}()
	if err := fill(file, write); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	renamed = true
	return SyncDir(filepath.Dir(path))
}

// WriteBytes is Write for bytes at hand.
func WriteBytes(path string, data []byte) error {
	return Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// SyncDir makes the names in a folder outlast a power cut: syncing a file alone does not. Windows has no such call and needs none.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder %s: %w", dir, err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder %s: %w", dir, err)
	}
	return nil
}

// create opens a fresh file beside path, with the permissions of the file that stands there, if one does.
func create(path string) (*os.File, error) {
	dir, base := filepath.Split(path)
	for {
		name := filepath.Join(dir, fmt.Sprintf(".%s.%d-%d.tmp", base, os.Getpid(), serial.Add(1)))
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue // left by a killed process that had our number
		}
		if err != nil {
			return nil, err
		}
		if old, err := os.Stat(path); err == nil {
			_ = file.Chmod(old.Mode().Perm()) // a file system without permissions has none to keep
		}
		return file, nil
	}
}

// fill prints into the file, brings it to the disk and closes it.
func fill(file *os.File, write func(io.Writer) error) error {
	buffer := bufio.NewWriterSize(file, 1<<16)
	if err := write(buffer); err != nil {
		return err
	}
	if err := buffer.Flush(); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return file.Close()
}
