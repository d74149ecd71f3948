package pipeline

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
	"lbprobe/probes/design"
	"lbprobe/probes/submission"
	"lbprobe/results"
)

const (
	manifestPlace = "probes/manifest.json"
	designPlace   = "probes/design.csv"
	nextPlace     = "probes/NEXT.md"
)

// manifest reads the list of a design's submissions; nil where there is none.
func manifest(folder *results.Folder, place string) (*submission.Manifest, error) {
	path := folder.Path(filepath.FromSlash(place))
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("run folder: %w", err)
	}
	defer file.Close()
	m, err := submission.ReadManifest(file, path)
	return &m, err
}

// probed is the present design's manifest, which must be there.
func (s *Session) probed(folder *results.Folder) (*submission.Manifest, error) {
	m, err := manifest(folder, manifestPlace)
	if err == nil && m == nil {
		err = &fault.Error{File: folder.Dir, Msg: "there are no probes yet", Fix: "Make them: lbprobe generate " + s.Experiment.Path}
	}
	return m, err
}

// rounds are the manifests of designs that were set aside, the oldest first.
func rounds(folder *results.Folder) ([]submission.Manifest, error) {
	var out []submission.Manifest
	for {
		m, err := manifest(folder, path.Join(roundPlace(len(out)+1), "manifest.json"))
		if m == nil || err != nil {
			return out, err
		}
		out = append(out, *m)
	}
}

// designs are the manifests of the run folder: those of rounds, and the present one, nil where there is none.
func designs(folder *results.Folder) (past []submission.Manifest, present *submission.Manifest, err error) {
	if past, err = rounds(folder); err != nil {
		return nil, nil, err
	}
	present, err = manifest(folder, manifestPlace)
	return past, present, err
}

// roundPlace is where a design is set aside.
func roundPlace(round int) string { return fmt.Sprintf("probes/round-%d", round) }

// nextNumber is the lowest number that no probe of the run folder has had.
func nextNumber(all ...submission.Manifest) int {
	next := 1
	for _, m := range all {
		for _, p := range m.Probes {
			next = max(next, p.Number+1)
		}
	}
	return next
}

// scores are the recorded entries of a design's probes, by number.
func scores(folder *results.Folder, m *submission.Manifest) (map[int]results.Entry, *results.Ledger, error) {
	ledger, err := folder.Ledger()
	if err != nil {
		return nil, nil, err
	}
	numbers := map[int]bool{}
	for _, p := range m.Probes {
		numbers[p.Number] = true
	}
	out := map[int]results.Entry{}
	for _, e := range ledger.Current() {
		if numbers[e.Probe] && e.Scored() {
			out[e.Probe] = e
		}
	}
	return out, ledger, nil
}

// spentOn is how many submissions of some designs were ever scored. A notebook's probe is submitted again where its score tells of a fault; so a
// correction of its score counts as one more, though it may have mended a slip of the pen.
func spentOn(folder *results.Folder, designs ...submission.Manifest) (int, error) {
	ledger, err := folder.Ledger()
	if err != nil {
		return 0, err
	}
	left, bundled := map[int]bool{}, map[int]bool{}
	for _, m := range designs {
		for _, p := range m.Probes {
			left[p.Number], bundled[p.Number] = true, m.Bundle != ""
		}
	}
	probes, again := len(left), 0
	for _, e := range ledger.All() {
		if e.Scored() {
			delete(left, e.Probe)
		}
		if e.Corrects > 0 && bundled[e.Probe] {
			again++
		}
	}
	return probes - len(left) + again, nil
}

// budgetLeft is how many submissions the designs so far have left of the budget.
func (s *Session) budgetLeft(folder *results.Folder, m *submission.Manifest) (int, error) {
	past, err := rounds(folder)
	if err != nil {
		return 0, err
	}
	spent, err := spentOn(folder, append(past, *m)...)
	return max(0, s.Experiment.Probe.Budget-spent), err
}

// release makes way for test rows with other topics: the design that was made for the present ones is set aside. Where scores were recorded
// for it that takes the user's word.
func (s *Session) release(folder *results.Folder, assignment string) error {
	m, err := manifest(folder, manifestPlace)
	if err != nil || m == nil || folder.Fresh("design", assignment) {
		return err
	}
	return s.setAside(folder, m, "the topics of the test rows have changed")
}

// setAside moves the present design to a folder of its own, with the topics it was made for. Its numbers stay taken.
func (s *Session) setAside(folder *results.Folder, m *submission.Manifest, why string) error {
	recorded, _, err := scores(folder, m)
	if err != nil {
		return err
	}
	if len(recorded) > 0 && !s.options.Renew {
		return &fault.Error{File: s.Experiment.Path, Usage: true, Msg: fmt.Sprintf("%s, but %d of %d scores are recorded for the design in %s", why, len(recorded),
			len(m.Probes), folder.Path("probes")), Fix: "Undo the change, or set that design aside: --new-round"}
	}
	past, err := rounds(folder)
	if err != nil {
		return err
	}
	place := roundPlace(len(past) + 1)
	if err := moveDesign(folder, m, place); err != nil {
		return err
	}
	s.warn("%s: the design before is kept in %s", why, folder.Path(filepath.FromSlash(place)))
	return nil
}

// moveDesign copies the topics and moves the files of a design. The manifest goes last: until then the design stands where it was.
func moveDesign(folder *results.Folder, m *submission.Manifest, place string) error {
	for _, name := range []string{"topics.csv", "assignment.csv"} {
		text, err := os.ReadFile(folder.Path("topics", name))
		if err != nil {
			return fmt.Errorf("set the design aside: %w", err)
		}
		if err := folder.Write(path.Join(place, name), func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
			return err
		}
	}
	names := []string{"design.csv", "NEXT.md", "bundle"}
	for _, p := range m.Probes {
		names = append(names, p.File)
	}
	for _, name := range append(names, "manifest.json") {
		err := os.Rename(folder.Path("probes", name), folder.Path(filepath.FromSlash(place), name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("set the design aside: %w", err)
		}
	}
	return nil
}

// readDesign reads design.csv as it stands on disk.
func (s *Session) readDesign(folder *results.Folder, m *submission.Manifest, topics int) (*design.Design, error) {
	path := folder.Path(filepath.FromSlash(designPlace))
	if m.Bundle != "" {
		path = folder.Path(filepath.FromSlash(datasetPlace), notebook.DesignFile)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("run folder: %w", err)
	}
	defer file.Close()
	c := s.Experiment.Competition
	groups, err := s.groups()
	if err != nil {
		return nil, err
	}
	d := &design.Design{Kind: design.Kind(m.Design), Target: design.Target(m.Target), Classes: c.Classes, Columns: c.Columns(), Groups: groups, Topics: topics}
	if d.Probes, err = design.ReadCSV(file, topics, d.Columns, c.Metric.Probabilities()); err != nil {
		return nil, fault.Damaged(path, err)
	}
	if !slices.EqualFunc(d.Probes, m.Probes, func(p design.Probe, e submission.Entry) bool { return p.Number == e.Number }) {
		return nil, fault.Damaged(path, errors.New("its probes are not those of manifest.json"))
	}
	return d, nil
}
