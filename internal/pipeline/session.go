package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lbprobe/experiments"
	"lbprobe/internal/fault"
	"lbprobe/results"
)

// Options are what the command line adds to an experiment.
type Options struct {
	Results string              // folder of the run folders
	Threads int                 // goroutines at most; 0: all processors. No figure depends on it
	Version string              // of lbprobe, for experiment.json
	SkipBad bool                // leave out rows of the corpus and of train that cannot be read
	Renew   bool                // a design that has recorded scores may be set aside for a new round of probes
	More    int                 // probes to add to a design that is there
	Binary  string              // lbprobe for linux/amd64 to put into a bundle; empty: this one, or one that is built
	Direct  bool                // play the probes of a bundle without Python, by what probe.py calls
	Now     func() time.Time    // the clock
	Notify  func(step string)   // told when a step begins that may take a while; may be nil
	Advance func(done, all int) // told how far a step of known length has come; may be nil
}

// Session is one experiment at work. It is for one goroutine.
type Session struct {
	Experiment *experiments.Experiment
	Warnings   []string // what the user should know and nothing was refused for, in order

	options Options
	passing bool              // the run folder is gone afterwards
	given   *totals           // in a rehearsal of what follows a channel: those that it would have told
	stand   *shelf            // with the rows that stand for hidden ones, once they are embedded
	sums    map[string]string // file → SHA-256, each file hashed once
}

// Open loads an experiment. Nothing is written yet.
func Open(path string, o Options) (*Session, error) {
	e, err := experiments.Load(path)
	if err != nil {
		return nil, err
	}
	return &Session{Experiment: e, Warnings: slices.Clone(e.Notes), options: o, sums: map[string]string{}}, nil
}

// Folder is the place of the run folder, as the user would write it.
func (s *Session) Folder() string { return filepath.Join(s.options.Results, s.Experiment.Name) }

// open finds the run folder that earlier stages left.
func (s *Session) open() (*results.Folder, error) {
	folder, err := results.Open(s.options.Results, s.Experiment.Name)
	if f, ok := errors.AsType[*fault.Error](err); ok && errors.Is(err, fs.ErrNotExist) {
		named := *f
		named.Fix = "Begin with: lbprobe run " + s.Experiment.Path
		return nil, &named
	}
	return folder, err
}

// create makes the run folder, or brings the experiment.json of the one that is there up to date.
func (s *Session) create() (*results.Folder, error) {
	e := s.Experiment
	var effective strings.Builder
	if err := e.Effective(&effective); err != nil {
		return nil, err
	}
	inputs := map[string]string{}
	for _, path := range s.files() {
		sum, err := s.sum(path)
		if err != nil {
			return nil, err
		}
		inputs[s.named(path)] = sum
	}
	return results.Create(s.options.Results, results.Meta{Experiment: e.Name, Hash: e.Hash(), Tool: s.options.Version, Seed: e.Seed,
		Inputs: inputs, Effective: effective.String(), Embedder: s.embedder(), Created: s.options.Now().UTC().Truncate(time.Second)})
}

// files lists every data file that the experiment names, each once, sorted.
func (s *Session) files() []string {
	e := s.Experiment
	paths := append(slices.Clone(e.Corpus.Paths), e.Competition.Train, e.Competition.Test)
	if v := e.Embedding; v.Source == npy {
		paths = append(paths, v.Path, v.TrainPath, v.TestPath, v.IDs, v.TrainIDs, v.TestIDs)
	}
	paths = append(paths, e.Script(), e.Hashes())
	if e.Simulate != nil {
		paths = append(paths, e.Simulate.Truth)
	}
	if e.Simulate != nil && e.Competition.Hidden {
		paths = append(paths, e.Simulate.Test, e.Simulate.TestEmbedding)
	}
	set := map[string]bool{}
	for _, path := range paths {
		if path != "" {
			set[path] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// named is a path as the experiment file gives it: seen from its folder.
func (s *Session) named(path string) string {
	if rel, err := filepath.Rel(s.Experiment.Dir, path); err == nil {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(path)
}

// sum is the SHA-256 of a file.
func (s *Session) sum(path string) (string, error) {
	if sum, ok := s.sums[path]; ok {
		return sum, nil
	}
	sum, err := results.HashFile(path)
	if err != nil {
		return "", fmt.Errorf("input: %w", err)
	}
	s.sums[path] = sum
	return sum, nil
}

// inputs is the hash of what a stage reads: settings by key, and files.
func (s *Session) inputs(settings []string, files ...string) (string, error) {
	all := map[string]string{"settings": s.Experiment.HashOf(settings...)}
	for i, path := range files {
		if path == "" {
			continue
		}
		sum, err := s.sum(path)
		if err != nil {
			return "", err
		}
		all[fmt.Sprint("file ", i)] = sum
	}
	return results.HashOf(all), nil
}

// step tells the user what begins.
func (s *Session) step(name string) {
	if s.options.Notify != nil {
		s.options.Notify(name)
	}
}

// warn keeps a remark for the user.
func (s *Session) warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(s.Warnings, text) {
		s.Warnings = append(s.Warnings, text)
	}
}
