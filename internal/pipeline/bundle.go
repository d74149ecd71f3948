package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"

	"lbprobe/experiments/corpus"
	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
	"lbprobe/probes/submission"
	"lbprobe/results"
)

const (
	bundlePlace  = "probes/bundle"
	datasetPlace = bundlePlace + "/dataset"
	kernelPlace  = bundlePlace + "/kernel"
	probePlace   = kernelPlace + "/probe.py"
	stagingPlace = "probes/.bundle" // where a bundle is put together
)

// bundleSettings are settings that a bundle has besides those of its design.
var bundleSettings = []string{"competition.owner", "competition.slug", "competition.board", "embedding.sources", "embedding.gpu"}

// bundleOf is the bundle of a manifest.
func (s *Session) bundleOf(m *submission.Manifest) submission.Bundle {
	e := s.Experiment
	return submission.Bundle{Experiment: e.Name, Owner: e.Competition.Owner, Slug: e.Competition.Slug, Sources: e.Embedding.Sources,
		GPU: e.Embedding.GPU, Manifest: m.Bundle}
}

// mayBundle refuses to write what would be uploaded before the rules were read, or without the names that an upload needs. A bundle for a simulated
// board goes nowhere.
func (s *Session) mayBundle() error {
	c := s.Experiment.Competition
	if c.Board == simulated || s.passing {
		return nil
	}
	for _, need := range []struct{ key, value, why, line string }{
		{"competition.rules_checked", c.RulesChecked, "is not set; some hosts ban probing, so no bundle is written before you have read the rules",
			"Read them, then add to [competition] the day: rules_checked = 2024-05-03"},
		{"competition.owner", c.Owner, "is not set; notebook and data set need it for their ids", `Add to [competition] your Kaggle user name: owner = "me"`},
		{"competition.slug", c.Slug, "is not set; the notebook is attached to that competition", `Add to [competition]: slug = "lmsys-chatbot-arena"`},
	} {
		if need.value == "" {
			return s.Experiment.Fault(need.key, need.why, need.line)
		}
	}
	return nil
}

// generateBundle puts the bundle together and sets the design before aside, unless it is the same.
func (g *generator) generateBundle(past []submission.Manifest) (*Generated, error) {
	if g.options.More > 0 {
		return nil, &fault.Error{Field: "--more", Usage: true, Msg: "a bundle holds all probes of its design, and a channel says itself whether it needs another submission",
			Fix: "Leave it out, or draw a new design: --new-round"}
	}
	if err := g.mayBundle(); err != nil {
		return nil, err
	}
	if g.present != nil && g.options.Renew {
		past = append(past, *g.present)
	}
	program, done, err := g.binary()
	if err != nil {
		return nil, err
	}
	defer done()
	g.program = program
	defer os.RemoveAll(g.folder.Path(filepath.FromSlash(stagingPlace)))
	m, err := g.stage(past)
	if err != nil {
		return nil, err
	}
	if g.present != nil && g.standsBundle() {
		if err := g.writeMetadata(bundlePlace, g.present); err != nil {
			return nil, err
		}
		return &Generated{Manifest: *g.present}, g.writeNext(g.folder, g.present)
	}
	switch {
	case g.present != nil && g.present.Bundle == m.Bundle: // but it is not whole any more
		m = *g.present
	case g.present != nil:
		if err := g.replace(&m, past); err != nil {
			return nil, err
		}
	}
	if err := g.install(); err != nil {
		return nil, err
	}
	if err := g.folder.Write(manifestPlace, m.Write); err != nil {
		return nil, err
	}
	return &Generated{Manifest: m, Done: true}, g.writeNext(g.folder, &m)
}

// standsBundle tells whether the bundle that is there is whole and asks what the staged one does. The program in it may be another lbprobe: what is
// uploaded already goes on being right.
func (g *generator) standsBundle() bool {
	if g.options.Renew {
		return false
	}
	present, err := notebook.OpenDataset(g.folder.Path(filepath.FromSlash(datasetPlace)))
	if err != nil {
		return false
	}
	staged, err := notebook.OpenDataset(g.folder.Path(filepath.FromSlash(stagingPlace), "dataset"))
	if err != nil {
		return false
	}
	program, err := results.HashFile(g.folder.Path(filepath.FromSlash(datasetPlace), notebook.BinaryFile))
	apart := func(f submission.File) bool { return f.Name == notebook.BinaryFile }
	if err != nil || !slices.ContainsFunc(present.Files, func(f submission.File) bool { return apart(f) && f.SHA256 == program }) {
		return false
	}
	present.Files, staged.Files = slices.DeleteFunc(present.Files, apart), slices.DeleteFunc(staged.Files, apart)
	return reflect.DeepEqual(present.Dataset, staged.Dataset)
}

// replace sets the present design aside and puts the bundle together anew, with numbers that were never used.
func (g *generator) replace(m *submission.Manifest, past []submission.Manifest) (err error) {
	why := "the settings of the design have changed"
	if g.options.Renew {
		why = "a new round was asked for"
	}
	if err := g.setAside(g.folder, g.present, why); err != nil {
		return err
	}
	if !g.options.Renew { // else it is staged with the present one among the past
		*m, err = g.stage(append(past, *g.present))
	}
	return err
}

// stage puts the bundle together beside the one that is there, with numbers that no design of the past has.
func (g *generator) stage(past []submission.Manifest) (submission.Manifest, error) {
	g.step("writing the bundle")
	if err := os.RemoveAll(g.folder.Path(filepath.FromSlash(stagingPlace))); err != nil {
		return submission.Manifest{}, fmt.Errorf("bundle: %w", err)
	}
	spent, err := spentOn(g.folder, past...)
	if err != nil {
		return submission.Manifest{}, err
	}
	first := nextNumber(past...)
	q, err := g.question(drawing{round: len(past), spent: spent, whole: true}, first)
	if err != nil {
		return submission.Manifest{}, err
	}
	d, err := g.describe(first)
	if err != nil {
		return submission.Manifest{}, err
	}
	d.Design = q.kind
	if d.Files, err = g.stageFiles(q); err != nil {
		return submission.Manifest{}, err
	}
	var manifest bytes.Buffer
	if err := d.Write(&manifest); err != nil {
		return submission.Manifest{}, err
	}
	m := submission.Manifest{Experiment: g.Experiment.Name, Design: d.Design, Target: d.Target, Bound: q.bound, Bundle: hashBytes(manifest.Bytes())}
	b := g.bundleOf(&m)
	for i := range q.probes {
		m.Probes = append(m.Probes, b.Entry(first+i))
	}
	write := func(w io.Writer) error { _, err := w.Write(manifest.Bytes()); return err }
	if err := g.folder.Write(path.Join(stagingPlace, "dataset", notebook.ManifestFile), write); err != nil {
		return m, err
	}
	return m, g.writeMetadata(stagingPlace, &m)
}

// writeMetadata writes what the client of Kaggle wants to know of data set and notebook.
func (g *generator) writeMetadata(place string, m *submission.Manifest) error {
	b := g.bundleOf(m)
	if err := g.folder.Write(path.Join(place, "dataset", "dataset-metadata.json"), b.WriteDatasetMetadata); err != nil {
		return err
	}
	return g.folder.Write(path.Join(place, "kernel", "kernel-metadata.json"), b.WriteKernelMetadata)
}

// question is what a bundle asks, in the file of the data set that tells the notebook.
type question struct {
	kind   string
	probes int
	bound  float64 // submissions that carry what is asked
	file   string
	write  func(io.Writer) error
}

// question is the channel, or a design of which the notebook gives every row the prediction of its topic. Its probes do not depend on the budget: what is
// uploaded goes on being right when that is raised.
func (g *generator) question(w drawing, first int) (*question, error) {
	if g.Experiment.ByChannel() {
		table, bits, err := g.table(g.shelf, w.spent)
		if err != nil {
			return nil, err
		}
		return &question{channelDesign, table.Probes(), bits, notebook.ChannelFile, table.Write}, nil
	}
	p, d, err := g.plan(g.shelf, w)
	if err != nil {
		return nil, err
	}
	if p.Budget == 0 && g.present == nil {
		return nil, g.Experiment.Fault("probe.budget", fmt.Sprintf("designs before have spent %d of %d submissions", w.spent, g.Experiment.Probe.Budget), "Raise it")
	}
	g.tellShort(p)
	for i := range d.Probes {
		d.Probes[i].Number = first + i
	}
	return &question{string(d.Kind), len(d.Probes), p.Designs[0].Bound, notebook.DesignFile, d.WriteCSV}, nil
}

// describe is the data set's manifest without its files.
func (g *generator) describe(first int) (submission.Dataset, error) {
	e := g.Experiment
	c := e.Competition
	format, text, err := g.likeTrain()
	return submission.Dataset{Experiment: e.Name, Target: e.Probe.Target, First: first, ID: c.ID, Classes: c.Columns(), Positive: c.Positive(), Text: text,
		Format: string(format), Turns: e.Corpus.Turns, Rows: [2]int{c.Rows.Lo, c.Rows.Hi}, Codebook: g.shelf.made, Reference: referenceTexts}, err
}

// likeTrain is how the notebook reads the test: as train is read here, or where there is none the corpus. What is seen of a hidden test shall not change that.
// But a competition's test is mostly CSV: where train is not, the format is left to the file.
func (g *generator) likeTrain() (format corpus.Format, text string, err error) {
	parts := g.parts()
	last := parts[len(parts)-1]
	reader, err := corpus.ReadFiles(last.paths, last.columns)
	if err != nil {
		return "", "", g.unread(err)
	}
	defer reader.Close()
	format, text = reader.Formats()[0], reader.TextColumn()
	if format == corpus.JSONL || format == corpus.LMSYSChat1M {
		format = ""
	}
	return format, text, nil
}

// stageFiles brings everything that the notebook reads into the staged data set.
func (g *generator) stageFiles(q *question) (files []submission.File, err error) {
	put := func(name string, write func(io.Writer) error) error {
		place := path.Join(stagingPlace, "dataset", name)
		if err := g.folder.Write(place, write); err != nil {
			return err
		}
		at := g.folder.Path(filepath.FromSlash(place))
		info, err := os.Stat(at)
		if err != nil {
			return fmt.Errorf("bundle: %w", err)
		}
		sum, err := results.HashFile(at)
		files = append(files, submission.File{Name: name, Bytes: info.Size(), SHA256: sum})
		return err
	}
	for _, place := range []string{notebook.CodebookPlace, notebook.CentroidsPlace, notebook.EmbedderPlace, notebook.ReferencePlace + ".jsonl", notebook.ReferencePlace + ".npy"} {
		from := g.folder.Path(filepath.FromSlash(place))
		if _, there := existing(from); !there && place == notebook.EmbedderPlace {
			continue
		}
		if err := put(path.Base(place), copying(from)); err != nil {
			return nil, err
		}
	}
	if script := g.Experiment.Script(); script != "" {
		if err := put(notebook.ScriptFile, copying(script)); err != nil {
			return nil, err
		}
		driver := func(w io.Writer) error { _, err := w.Write(submission.ProbeScript); return err }
		if err := put(notebook.DriverFile, driver); err != nil {
			return nil, err
		}
	}
	if hashes := g.Experiment.Hashes(); hashes != "" && q.kind == channelDesign {
		if err := put(notebook.HashesFile, copying(hashes)); err != nil {
			return nil, err
		}
	}
	if err := put(q.file, q.write); err != nil {
		return nil, err
	}
	return files, put(notebook.BinaryFile, copying(g.program))
}

// copying writes what a file holds.
func copying(from string) func(io.Writer) error {
	return func(w io.Writer) error {
		file, err := os.Open(from)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = io.Copy(w, file)
		return err
	}
}

// install puts the staged bundle in the place of the one that is there.
func (g *generator) install() error {
	place, staged := g.folder.Path(filepath.FromSlash(bundlePlace)), g.folder.Path(filepath.FromSlash(stagingPlace))
	if err := errors.Join(os.RemoveAll(place), os.Rename(staged, place)); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	return nil
}

// bundleOutputs are the files of a bundle that stay as they are. probe.py is not one, since a line of it changes from probe to probe, nor is the list of
// probes, which grows where a message takes more of them.
func (s *Session) bundleOutputs(folder *results.Folder) ([]string, error) {
	out := []string{kernelPlace + "/kernel-metadata.json"}
	entries, err := os.ReadDir(folder.Path(filepath.FromSlash(datasetPlace)))
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	for _, entry := range entries {
		out = append(out, path.Join(datasetPlace, entry.Name()))
	}
	return out, nil
}
