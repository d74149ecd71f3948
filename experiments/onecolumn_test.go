package experiments

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/probes/metric"
)

// loadColumn loads a [competition] with lines of its own, beside a labelled train file and a test file.
func loadColumn(t *testing.T, lines string, more ...string) *Experiment {
	t.Helper()
	text := "name = \"one\"\n[competition]\ntest = \"test.csv\"\npublic = 0.3\n" + lines + "\n"
	files := append([]string{"e.toml", text, "test.csv", "id,text\n3,a grey morning\n",
		"train.csv", "id,text,dup,stars\n1,a dark and stormy night,0,1.5\n2,a bright day,1,5\n"}, more...)
	e, err := Load(filepath.Join(writeFiles(t, files...), "e.toml"))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A submission of one column takes its label from the train column of that name, and its classes are values.
func TestOneColumn(t *testing.T) {
	e := loadColumn(t, "metric = \"binary-log-loss\"\ncolumn = \"dup\"\nclasses = [\"0\", \"1\"]\ntrain = \"train.csv\"")
	c := e.Competition
	want := metric.Scoring{Metric: metric.BinaryLogLoss, Decimals: 3, Rounding: metric.Either, Clip: 2.22e-16, Normalise: metric.None, Values: []float64{0, 1}}
	if diff := cmp.Diff(want, c.Scoring()); diff != "" || c.Label != "dup" || c.Named() || !e.TrainIsCorpus() {
		t.Errorf("%+v (-want +got)\n%s", c, diff)
	}
}

// Classes of an accuracy are predicted by name; a clip is nothing to it, and that is said.
func TestOneColumnAccuracy(t *testing.T) {
	e := loadColumn(t, "metric = \"accuracy\"\ncolumn = \"guess\"\nlabel = \"dup\"\nclasses = [\"1\", \"0\"]\nclip = 1e-15\n[corpus]\npath = \"train.csv\"")
	if c := e.Competition; !c.Named() || !cmp.Equal(c.Scoring().Values, []float64{0, 1}) || !c.Outside || c.Train == "" {
		t.Errorf("%+v", c)
	}
	if !slices.ContainsFunc(e.Notes, func(n string) bool { return n == `competition.clip: has no effect with metric = "accuracy"` }) {
		t.Errorf("notes %q", e.Notes)
	}
}

// A truth that is any number of a range has no classes.
func TestOneColumnRange(t *testing.T) {
	e := loadColumn(t, "metric = \"rmse\"\ncolumn = \"stars\"\nrange = [0, 5]\ntrain = \"train.csv\"")
	if c := e.Competition; c.Classes != nil || c.Label != "stars" || c.Scoring().Values != nil || *c.Range != [2]float64{0, 5} {
		t.Errorf("%+v", c)
	}
}

// Without a train file the corpus is one only if it has the label; the truth must have it in any case.
func TestOneColumnWithoutLabels(t *testing.T) {
	lines := "metric = \"binary-log-loss\"\ncolumn = \"cancer\"\nclasses = [\"0\", \"1\"]\nboard = \"simulated\"\n[corpus]\npath = \"test.csv\"\n" +
		"[simulate]\ntruth = \"truth.csv\""
	e := loadColumn(t, lines, "truth.csv", "id,cancer\n3,1\n")
	if e.Competition.Train != "" || e.Competition.Label != "cancer" || !strings.HasPrefix(e.Notes[0], "competition.train: no labelled rows") {
		t.Errorf("%+v, notes %q", e.Competition, e.Notes)
	}
}
