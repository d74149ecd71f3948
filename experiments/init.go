package experiments

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lbprobe/internal/fault"
	"lbprobe/probes/metric"
)

// Init writes the first experiment file for the data in a folder. It looks at the train file, the test file and the sample submission, and fills
// in id, classes, label, text, format and rows; a comment marks every guess, and everything that no file can tell. The text is to be saved
// in dir, since its paths are relative to that. A folder without a train and a test file is a [fault.Error].
func Init(dir string) (text string, err error) { return InitFor(dir, dir) }

// InitFor is Init for an experiment file that is saved in another folder.
func InitFor(dir, saveIn string) (text string, err error) {
	g, err := guess(dir)
	if err != nil {
		return "", err
	}
	if g.prefix, err = relative(saveIn, dir); err != nil {
		return "", err
	}
	return g.page(), nil
}

// relative is the way from one folder to another, with slashes, ready to have a file name put behind it.
func relative(from, to string) (string, error) {
	a, errA := filepath.Abs(from)
	b, errB := filepath.Abs(to)
	if errA != nil || errB != nil {
		return "", &fault.Error{File: to, Msg: "the current folder cannot be told", Usage: true}
	}
	way, err := filepath.Rel(a, b)
	if err != nil { // another drive: the absolute path is the only way
		way = b
	}
	if way == "." {
		return "", nil
	}
	return filepath.ToSlash(way) + "/", nil
}

// guesses is what the heads of the files suggest.
type guesses struct {
	name, prefix        string
	train, test, sample survey // sample has no name where there is no such file
	id                  string
	classes             []string
	column              string // a submission of one column
	metric              metric.Metric
	span                *[2]float64 // of the label, where it is any number
	label               string
	labelCounts         string
	text                string
	conversations       bool
	hidden              bool // the test file is a stand-in: a code competition
}

// guess looks at the files of a folder.
func guess(dir string) (*guesses, error) {
	names, err := dataFiles(dir)
	if err != nil {
		return nil, err
	}
	g := &guesses{name: InitName(dir)}
	sample := pick(names, "submission", "sample_submission.csv")
	names = slices.DeleteFunc(names, func(n string) bool { return n == sample })
	train, test := pick(names, "train", "train.csv"), pick(names, "test", "test.csv")
	if train == "" || test == "" {
		return nil, missingFiles(dir, train, names)
	}
	for _, f := range []struct {
		name string
		into *survey
	}{{train, &g.train}, {test, &g.test}, {sample, &g.sample}} {
		if f.name == "" {
			continue
		}
		if *f.into, err = look(filepath.Join(dir, f.name)); err != nil {
			return nil, &fault.Error{File: filepath.Join(dir, f.name), Msg: err.Error(), Fix: "Give a CSV file with a header", Usage: true}
		}
	}
	g.guessColumns()
	return g, nil
}

// InitName is the name that Init gives the experiment: that of the folder with its data.
func InitName(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return slug(filepath.Base(dir))
}

// dataFiles lists the names of the CSV and JSON lines files of a folder.
func dataFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, &fault.Error{File: dir, Msg: "cannot be read as a folder: " + fault.Reason(err), Fix: "Give the folder that has train.csv and test.csv",
			Usage: true, Err: err}
	}
	var names []string
	for _, entry := range entries {
		ext := strings.ToLower(filepath.Ext(entry.Name()))
		if !entry.IsDir() && slices.Contains([]string{".csv", ".jsonl", ".zip"}, ext) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// pick chooses the file with a word in its name: the usual one, else the shortest name. Empty where there is none.
func pick(names []string, word, usual string) (best string) {
	for _, n := range names {
		low := strings.ToLower(n)
		switch {
		case strings.HasSuffix(low, ".zip") || !strings.Contains(low, word):
		case low == usual:
			return n
		case best == "" || len(n) < len(best):
			best = n
		}
	}
	return best
}

// missingFiles says which of the two needed files is not there, and what is.
func missingFiles(dir, train string, names []string) error {
	what := "train"
	if train != "" {
		what = "test"
	}
	f := &fault.Error{File: dir, Msg: fmt.Sprintf("no file has %q in its name", what), Fix: "Give the folder that has train.csv and test.csv", Usage: true}
	if len(names) > 0 {
		f.Msg += "; there are " + listing(names, 8)
	}
	for _, n := range names {
		if strings.HasSuffix(strings.ToLower(n), ".zip") {
			f.Fix = "Unpack " + n + " first"
		}
	}
	return f
}

// guessColumns goes from the safest sign to the weakest: the sample submission, then the columns that train has and test has not.
func (g *guesses) guessColumns() {
	g.id = guessID(g.test.head)
	if columns := g.sample.columns; len(columns) > 1 {
		g.id, g.classes = columns[0], columns[1:]
	}
	if len(g.classes) == 1 {
		g.column, g.classes = g.classes[0], nil
	}
	targets := outside(g.train.columns, g.test.columns)
	if len(g.classes) == 0 && g.column == "" {
		g.classes = g.train.oneHot(targets)
	}
	g.guessLabel(targets)
	g.guessMetric()
	g.guessText()
	few := 100
	g.hidden = g.test.total <= few && g.train.total >= 20*few
}

// guessLabel finds the train column that holds the class, unless the classes are columns themselves.
func (g *guesses) guessLabel(targets []string) {
	if len(g.classes) > 0 && len(outside(g.classes, g.train.columns)) == 0 {
		return
	}
	for _, c := range targets {
		values := sortedKeys(g.train.counts[c])
		named := len(g.classes) > 0 && len(outside(g.classes, values)) == 0
		first := len(g.classes) == 0 && (g.column == "" || g.column == c) && len(values) >= 2
		if named || first {
			g.label = c
			if first {
				g.classes = values
			}
			g.labelCounts = g.train.shares(c, g.classes)
			return
		}
	}
}

// guessText finds the column with the longest texts among those that train and test share.
func (g *guesses) guessText() {
	shared := g.train.head
	shared.columns = nil
	var at []int
	for j, c := range g.train.columns {
		if g.test.has(c) && c != g.id {
			shared.columns, at = append(shared.columns, c), append(at, j)
		}
	}
	shared.rows = nil
	for _, row := range g.train.rows {
		cells := make([]string, len(at))
		for i, j := range at {
			cells[i] = row[j]
		}
		shared.rows = append(shared.rows, cells)
	}
	if g.text = guessText(shared); shared.has("prompt") && shared.has("response_a") {
		g.text, g.conversations = "prompt", true
	}
	if g.text == "" {
		g.text = "text"
	}
}
