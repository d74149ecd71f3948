package experiments

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"

	"lbprobe/internal/fault"
)

// maxFile bounds the size of an experiment file in bytes: a larger one is a data file given by mistake.
const maxFile = 1 << 20

// Load reads, checks and completes the experiment file at path. The error is a *[fault.Error] with the path as File: the first fault that is
// found. Only the file itself and the heads of the files it names are read.
func Load(path string) (*Experiment, error) {
	text, err := read(path)
	if err != nil {
		return nil, err
	}
	return parse(path, text)
}

// read reads a file whose size is that of an experiment file.
func read(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", &fault.Error{File: path, Msg: "there is no such file", Fix: nearbyExperiment(path), Usage: true, Err: err}
	case err != nil:
		return "", &fault.Error{File: path, Msg: "cannot be read: " + fault.Reason(err), Usage: true, Err: err}
	case info.IsDir():
		return "", &fault.Error{File: path, Msg: "is a folder; an experiment is one file", Fix: nearbyExperiment(filepath.Join(path, "x")), Usage: true}
	case info.Size() > maxFile:
		return "", &fault.Error{File: path, Msg: "is larger than 1 MiB, so it is no experiment file", Fix: "Give the path of the TOML file", Usage: true}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", &fault.Error{File: path, Msg: "cannot be read: " + fault.Reason(err), Usage: true, Err: err}
	}
	return string(data), nil
}

// nearbyExperiment points to the experiment file in the same folder whose name is nearest, or to init.
func nearbyExperiment(path string) string {
	found, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.toml")) // a folder name that is no pattern only loses the hint
	if len(found) == 0 {
		return "Make one with: lbprobe init"
	}
	near, _ := fault.Nearest(path, found)
	return "The nearest is " + near
}

// parse goes from the text to the checked experiment.
func parse(path, text string) (*Experiment, error) {
	tree := map[string]any{}
	meta, err := toml.Decode(text, &tree)
	if err != nil {
		return nil, syntaxFault(path, text, err)
	}
	e := newExperiment(path, filepath.Dir(path))
	e.source.lines = locate(text)
	steps := []func() error{
		func() error { return e.bind(meta, tree) },
		e.required, e.complete, e.combinations, e.files, e.columns, e.remarks,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// bind puts every value of the file into its field. Keys are compared letter by letter, and one that no setting has is a fault.
func (e *Experiment) bind(meta toml.MetaData, tree map[string]any) error {
	known, tables := map[string]setting{}, map[string]bool{}
	for _, s := range e.settings() {
		known[s.key] = s
		for t := table(s.key); t != ""; t = table(t) {
			tables[t] = true
		}
	}
	for _, path := range meta.Keys() {
		key, v := path.String(), lookup(tree, path)
		s, isSetting := known[key]
		switch {
		case isSetting:
			if t := s.read(v); t != nil {
				return e.Fault(key, t.msg, t.fix)
			}
			e.source.given[key] = true
			if _, single := asNumber(v); single && key == "competition.public" {
				e.source.share = v
			}
		case tables[key]:
			if _, ok := v.(map[string]any); !ok {
				return e.Fault(key, describe(v)+" stands where a table belongs", "Write ["+key+"] on a line of its own, and its keys below")
			}
			e.source.given[key] = true
		default:
			return e.unknownKey(path, v, tables)
		}
	}
	return nil
}

// nameRule is what a run folder may be called.
var nameRule = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// reservedName is the folder in results/ that is a Go package of this module.
const reservedName = "report"

// slug turns any text into a valid name.
func slug(text string) string {
	dashes := regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(text), "-")
	name := strings.Trim(dashes, "-")
	name = strings.TrimRight(name[:min(len(name), 40)], "-")
	if name == "" || name == reservedName {
		return "my-experiment"
	}
	return name
}

// checkName holds the rule of names.
func (e *Experiment) checkName() error {
	switch {
	case e.Name == reservedName:
		return e.Fault("name", fmt.Sprintf("%q is the name of a folder that lbprobe itself has in results/", e.Name), write("name", e.Name+"-1"))
	case !nameRule.MatchString(e.Name):
		return e.Fault("name", fmt.Sprintf("%q is not 1 to 40 of a-z, 0-9 and -, beginning with a letter or digit", shorten(e.Name)), write("name", slug(e.Name)))
	}
	return nil
}
