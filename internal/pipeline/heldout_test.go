package pipeline

import (
	"context"
	"encoding/csv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"lbprobe/analysis"
)

// heldOut splits labelled rows at random into a train file, a test file and the truth, so that real labels are what is to be found.
func heldOut(t *testing.T, dir string, rows [][]string, idAt, textAt, labelAt int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	half := len(rows) / 2
	write := func(name string, rows [][]string, header []string, columns ...int) {
		out := [][]string{header}
		for _, r := range rows {
			var cells []string
			for _, c := range columns {
				cells = append(cells, r[c])
			}
			out = append(out, cells)
		}
		file, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if err := csv.NewWriter(file).WriteAll(out); err != nil {
			t.Fatal(err)
		}
	}
	write("train.csv", rows[:half], []string{"id", "text", "author"}, idAt, textAt, labelAt)
	write("test.csv", rows[half:], []string{"id", "text"}, idAt, textAt)
	write("truth.csv", rows[half:], []string{"id", "author"}, idAt, labelAt)
}

// heldOutFile asks of rows that nobody tuned for: built-in vectors, topic "other", a share of public rows, rounding not known.
const heldOutFile = `
name = "held-out"
seed = 11
[competition]
board = "simulated"
classes = ["MWS", "EAP", "HPL"]
label = "author"
train = "train.csv"
test = "test.csv"
decimals = 5
rounding = "either"
public = 0.33
[corpus]
path = "train.csv"
text = "text"
[topics]
k = 9
other = 0.98
[probe]
target = "presence"
design = "lattice"
budget = 25
[simulate]
truth = "truth.csv"
rounding = "floor"
`

// TestHeldOut: no setting, file or topic of the shipped experiments is special. Everything claimed of held-out rows with their real labels is true.
func TestHeldOut(t *testing.T) {
	needShared(t)
	dir := t.TempDir()
	heldOut(t, dir, readRecords(t, shared+"/spooky/train.csv")[:5000], 0, 1, 2)
	path := filepath.Join(dir, "held-out.toml")
	if err := os.WriteFile(path, []byte(heldOutFile), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, options(t))
	if err != nil {
		t.Fatal(err)
	}
	ran, err := s.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	r := ran.Report
	if r.Result.Status != analysis.Exact || r.Result.Rounding != "floor" {
		t.Errorf("status %q (%s), rounding %q; want exact and floor", r.Result.Status, r.Result.Conclusion, r.Result.Rounding)
	}
	if r.Truth == nil || r.Truth.Right != 10 || r.Truth.Wrong > 0 {
		t.Errorf("of 10 topics: %+v", r.Truth)
	}
	again, err := s.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range again.Stages {
		if stage.Done {
			t.Errorf("%s was done again", stage.Name)
		}
	}
}

// TestVotes plays the three-class votes of MT-Bench: 3 decimals, public rows and rounding not known.
func TestVotes(t *testing.T) {
	needShared(t)
	ran, err := variant(t, "mtbench.toml", options(t)).Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if r := ran.Report; r.Truth == nil || r.Truth.Wrong > 0 || r.Truth.Right+r.Truth.Open != 8 {
		t.Errorf("%s: %+v", r.Result.Conclusion, r.Truth)
	}
}
