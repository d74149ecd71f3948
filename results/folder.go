package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"lbprobe/internal/atomicfile"
	"lbprobe/internal/fault"
)

// Folder is the run folder of one experiment, results/<experiment>/.
type Folder struct {
	Dir string // as the user would write it
}

// Meta is experiment.json: what a run folder was made from.
type Meta struct {
	Experiment string            `json:"experiment"`       // its name
	Hash       string            `json:"hash"`             // of the effective settings
	Tool       string            `json:"tool"`             // version of lbprobe
	Seed       uint64            `json:"seed"`             // of everything that is drawn
	Inputs     map[string]string `json:"inputs"`           // file as the experiment names it → SHA-256
	Effective  string            `json:"effective"`        // the experiment with every default written out, TOML
	Embedder   string            `json:"embedder"`         // what turns texts into vectors, in one line
	Created    time.Time         `json:"created,omitzero"` // UTC; when the folder was made
}

const metaFile = "experiment.json"

var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Create makes the run folder base/<meta.Experiment>, or opens the one that is there and brings its experiment.json up to date. The folder
// appears together with its experiment.json. A folder of that name that lacks the file is somebody else's: an error, and it is not touched.
func Create(base string, meta Meta) (*Folder, error) {
	if err := checkName(meta.Experiment); err != nil {
		return nil, err
	}
	dir := filepath.Join(base, meta.Experiment)
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return found(base, dir, meta)
	}
	folder, old, err := openMeta(base, meta.Experiment)
	if err != nil {
		return nil, err
	}
	meta.Created = old.Created
	return folder, folder.writeMeta(meta, old)
}

// Open finds the run folder of an experiment, which must be there.
func Open(base, experiment string) (*Folder, error) {
	folder, _, err := openMeta(base, experiment)
	return folder, err
}

// Meta reads experiment.json.
func (f *Folder) Meta() (Meta, error) {
	path := f.Path(metaFile)
	data, err := os.ReadFile(path)
	if err != nil {
		return Meta{}, fmt.Errorf("run folder: %w", err)
	}
	var meta Meta
	if err := json.Unmarshal(data, &meta); err != nil {
		return Meta{}, &fault.Error{File: path, Msg: "is not the experiment.json of a run folder: " + err.Error(),
			Fix: "Restore it, or move the folder away and run again", Err: err}
	}
	return meta, nil
}

// Path is the place of a file of the run folder.
func (f *Folder) Path(elem ...string) string {
	return filepath.Join(append([]string{f.Dir}, elem...)...)
}

// Write replaces a file of the run folder, given by its slash-separated place within it, in one piece; folders on the way are made.
func (f *Folder) Write(place string, write func(io.Writer) error) error {
	if !filepath.IsLocal(place) {
		return fmt.Errorf("write %s: the place is outside the run folder %s", place, f.Dir)
	}
	if err := f.check(); err != nil {
		return err
	}
	path := f.Path(filepath.FromSlash(place))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return atomicfile.Write(path, write)
}

// WriteJSON is Write for an indented JSON document.
func (f *Folder) WriteJSON(place string, value any) error {
	return f.Write(place, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(value)
	})
}

// Ledger opens the ledger of the run folder.
func (f *Folder) Ledger() (*Ledger, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	return OpenLedger(f.Path("ledger.jsonl"))
}

// check refuses to write into a folder that is not a run folder (any more).
func (f *Folder) check() error {
	if _, err := os.Stat(f.Path(metaFile)); err != nil {
		return &fault.Error{File: f.Dir, Msg: "is not a run folder: it has no experiment.json; nothing was written", Err: err,
			Fix: "Move it away, or give the experiment another name or --results another folder"}
	}
	return nil
}

func checkName(name string) error {
	if validName.MatchString(name) && name != "report" {
		return nil
	}
	return &fault.Error{Field: "name", Usage: true, Msg: fmt.Sprintf("%q cannot name a run folder", name),
		Fix: `Use 1 to 40 of a-z, 0-9 and "-", not beginning with "-", and not "report"`}
}

// found makes the folder under a passing name and renames it, so that no run folder is ever seen without its experiment.json.
func found(base, dir string, meta Meta) (*Folder, error) {
	if err := os.MkdirAll(base, 0o777); err != nil {
		return nil, fmt.Errorf("make run folder: %w", err)
	}
	passing, err := os.MkdirTemp(base, ".new-*")
	if err != nil {
		return nil, fmt.Errorf("make run folder: %w", err)
	}
	defer os.RemoveAll(passing)                      // gone already when all went well
	if err := os.Chmod(passing, 0o755); err != nil { // MkdirTemp makes it private
		return nil, fmt.Errorf("make run folder: %w", err)
	}
	if err := (&Folder{Dir: passing}).writeMeta(meta, Meta{}); err != nil {
		return nil, err
	}
	if err := os.Rename(passing, dir); err != nil {
		return nil, fmt.Errorf("make run folder: %w", err)
	}
	return &Folder{Dir: dir}, atomicfile.SyncDir(base)
}

// openMeta finds a run folder and checks that it belongs to the experiment.
func openMeta(base, experiment string) (*Folder, Meta, error) {
	if err := checkName(experiment); err != nil {
		return nil, Meta{}, err
	}
	folder := &Folder{Dir: filepath.Join(base, experiment)}
	if _, err := os.Stat(folder.Dir); errors.Is(err, fs.ErrNotExist) {
		return nil, Meta{}, &fault.Error{File: folder.Dir, Msg: "there is no such run folder", Fix: "Begin with: lbprobe run FILE.toml", Err: err}
	}
	if err := folder.check(); err != nil {
		return nil, Meta{}, err
	}
	meta, err := folder.Meta()
	if err != nil {
		return nil, Meta{}, err
	}
	if meta.Experiment != experiment {
		return nil, Meta{}, &fault.Error{File: folder.Path(metaFile), Field: "experiment", Msg: fmt.Sprintf("is %q, but the folder is of %q", meta.Experiment, experiment),
			Fix: "Rename the folder back"}
	}
	return folder, meta, nil
}

// writeMeta leaves an equal file alone.
func (f *Folder) writeMeta(meta, old Meta) error {
	text, err := json.MarshalIndent(meta, "", "  ")
	if err != nil {
		return fmt.Errorf("experiment.json: %w", err)
	}
	before, err := json.MarshalIndent(old, "", "  ")
	if err == nil && string(before) == string(text) {
		return nil
	}
	return atomicfile.WriteBytes(f.Path(metaFile), append(text, '\n'))
}
