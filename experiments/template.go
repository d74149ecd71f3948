package experiments

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"lbprobe/internal/atomicfile"
	"lbprobe/internal/fault"
)

// shipped holds the experiment files and the demo's data that come with the program.
//
//go:embed templates/*.toml demo.toml demo/train.csv demo/test.csv demo/truth.csv
var shipped embed.FS

// Templates lists the names that Template knows.
func Templates() []string { return []string{"demo", "lmsys", "static", "late"} }

// Template is the text of a commented experiment file: "demo" plays by itself (its data comes with WriteDemo), "static" is a competition whose
// test rows are known, "lmsys" one whose test is hidden, "late" one after its deadline.
func Template(name string) (text string, err error) {
	path := "templates/" + name + ".toml"
	if name == "demo" {
		path = "demo.toml"
	}
	data, err := shipped.ReadFile(path)
	if err != nil {
		near, _ := fault.Nearest(name, Templates())
		return "", &fault.Error{Field: "--template", Msg: fmt.Sprintf("%s is unknown; there are %s", strconv.Quote(shorten(name)), strings.Join(Templates(), ", ")),
			Fix: "Write: --template " + near, Usage: true}
	}
	return string(data), nil
}

// demoFiles are what the demo consists of, by path below its folder.
var demoFiles = []string{"demo/train.csv", "demo/test.csv", "demo/truth.csv", "demo.toml"}

// WriteDemo puts demo.toml and its data into a folder, which is made if it is not there. Nothing is written where one of the files exists already.
func WriteDemo(dir string) error {
	for _, name := range demoFiles {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return &fault.Error{File: path, Msg: "exists already", Fix: "Remove it, or choose another folder", Usage: true, Err: err}
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "demo"), 0o777); err != nil {
		return fmt.Errorf("make the folder of the demo: %w", err)
	}
	for _, name := range demoFiles {
		data, err := shipped.ReadFile(name)
		if err != nil {
			return err
		}
		if err := atomicfile.WriteBytes(filepath.Join(dir, filepath.FromSlash(name)), data); err != nil {
			return err
		}
	}
	return nil
}
