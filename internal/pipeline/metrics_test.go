package pipeline

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/analysis"
	"lbprobe/experiments/embed"
	"lbprobe/probes/design"
)

// oneHot writes vectors that make every topic a cluster of its own.
func oneHot(t *testing.T, path string, topic []int, topics int) {
	t.Helper()
	m := blas32.General{Rows: len(topic), Cols: topics, Stride: topics, Data: make([]float32, len(topic)*topics)}
	for i, k := range topic {
		m.Data[i*topics+k] = 1
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := embed.WriteNPY(file, m); err != nil {
		t.Fatal(err)
	}
}

// writeRows writes a CSV file.
func writeRows(t *testing.T, path string, rows [][]string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := csv.NewWriter(file).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
}

// measured makes a competition whose rows have a flag, a class, stars from 1 to 5 and a price: train.csv with them, test.csv without, truth.csv.
func measured(t *testing.T, topics, rows int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	rng := rand.New(rand.NewPCG(12, 12))
	for part, name := range []string{"train", "test"} {
		texts, truth, topic := [][]string{{"id", "text"}}, [][]string{{"id", "text", "flag", "class", "stars", "price"}}, []int{}
		for i := range rows {
			k := min(int(rng.ExpFloat64()*float64(topics)/2), topics-1)
			flag := 0
			if rng.Float64() < 0.2+0.5*float64(k*7%topics)/float64(topics) {
				flag = 1
			}
			stars := 1 + flag + rng.IntN(4-2*flag)
			row := []string{fmt.Sprintf("%s%d", name, i), fmt.Sprintf("row %d about thing %d", i, k)}
			texts, topic = append(texts, row), append(topic, k)
			truth = append(truth, append(row[:2:2], strconv.Itoa(flag), string(rune('a'+(stars+k)%3)), strconv.Itoa(stars), strconv.FormatFloat(1+4*rng.Float64(), 'f', 2, 64)))
		}
		writeRows(t, filepath.Join(dir, []string{"train.csv", "truth.csv"}[part]), truth)
		writeRows(t, filepath.Join(dir, name+"texts.csv"), texts)
		oneHot(t, filepath.Join(dir, name+".npy"), topic, topics)
	}
	return dir
}

// measuredFile is an experiment on the rows of measured: the lines of the competition that differ, the target, the design.
const measuredFile = `
name = "measured"
[competition]
board = "simulated"
train = "train.csv"
test = "testtexts.csv"
decimals = 5
rounding = "either"
public_rows = 300
%s
[corpus]
path = "train.csv"
text = "text"
[corpus.filter]
min_chars = 1
[embedding]
source = "npy"
path = "train.npy"
test_path = "test.npy"
[topics]
k = 6
[probe]
target = "%s"
design = "%s"
budget = 100
[simulate]
truth = "truth.csv"
`

// openMeasured opens an experiment on the rows in dir.
func openMeasured(t *testing.T, dir, competition, target, kind string) *Session {
	t.Helper()
	text := fmt.Sprintf(measuredFile, competition, target, kind)
	path := filepath.Join(dir, "measured.toml")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, options(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Lines of a competition.
const (
	flags = "column = \"flag\"\nclasses = [\"0\", \"1\"]\n"
	names = "column = \"class\"\nclasses = [\"a\", \"b\", \"c\"]\n"
	stars = "column = \"stars\"\nclasses = [\"1\", \"2\", \"3\", \"4\"]\n"
	price = "column = \"price\"\nrange = [1, 5]\n"
)

// TestMetrics plays every metric against a simulated board that reads the files. All counts asked for are found, and called exact. Accuracies are whole
// numbers and soon tell no more than the counts themselves: without bits to spare these are only said to be the one point that fits.
func TestMetrics(t *testing.T) {
	dir := measured(t, 6, 1000)
	for _, c := range []struct {
		metric, competition string
		targets             []string
	}{
		{"binary-log-loss", flags, []string{"presence", "rows", "cells"}},
		{"brier", flags, []string{"presence", "cells"}},
		{"brier", "label = \"class\"\nclasses = [\"a\", \"b\", \"c\"]\n", []string{"presence", "cells"}},
		{"accuracy", flags, []string{"presence", "rows"}},
		{"accuracy", names, []string{"presence", "cells"}},
		{"mae", flags, []string{"presence", "rows"}},
		{"mae", stars, []string{"presence", "cells"}},
		{"mse", flags + "outside = false\n", []string{"presence"}},
		{"mse", price, []string{"presence"}},
		{"rmse", flags, []string{"cells"}},
		{"rmse", price, []string{"presence"}},
	} {
		for _, target := range c.targets {
			s := openMeasured(t, dir, c.competition+"metric = \""+c.metric+"\"\n", target, "lattice")
			r, err := s.Rehearse(context.Background(), Play{Trials: 2})
			if err != nil {
				t.Errorf("%s, %s: %v", c.metric, target, err)
				continue
			}
			for _, trial := range r.Trials {
				settled := trial.Status == analysis.Exact || c.metric == "accuracy" && strings.HasPrefix(trial.Conclusion, "1 point fits every score")
				if trial.Public.Best != trial.Public.Counts || trial.Wrong > 0 || trial.Public.ExactWrong > 0 || !settled {
					t.Errorf("%s, %s, %d submissions: %+v", c.metric, target, trial.Read, trial)
				}
			}
		}
	}
}

// TestMetricsByOtherDesigns: groups of topics, and one topic at a time.
func TestMetricsByOtherDesigns(t *testing.T) {
	dir := measured(t, 6, 1000)
	for _, kind := range []string{"hadamard", "one-at-a-time"} {
		for _, m := range []string{"accuracy", "rmse", "brier"} {
			s := openMeasured(t, dir, flags+"metric = \""+m+"\"\n", "presence", kind)
			r, err := s.Rehearse(context.Background(), Play{})
			if err != nil {
				t.Errorf("%s, %s: %v", m, kind, err)
				continue
			}
			if x := r.Trials[0]; x.Public.Best != x.Public.Counts || x.Wrong > 0 || r.Design != kind {
				t.Errorf("%s by %s: %+v", m, kind, x)
			}
		}
	}
}

// TestMetricsRefused: what a metric can't tell is a fault at the target, before anything is drawn.
func TestMetricsRefused(t *testing.T) {
	dir := measured(t, 6, 400)
	for _, c := range []struct{ lines, target, want string }{
		{flags + "metric = \"auc\"\n", "presence", "probe.target: auc can't be read"},
		{flags + "metric = \"accuracy\"\noutside = false\n", "presence", "probe.target: accuracy tells only differences"},
		{stars + "metric = \"rmse\"\n", "cells", "probe.target: rmse tells of each topic its rows"},
	} {
		s := openMeasured(t, dir, c.lines, c.target, "auto")
		if _, err := s.Plan(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.lines, err, c.want)
		}
	}
}

// TestDSB2017 finds all 198 labels of the Data Science Bowl 2017 from the scores of 13 submissions, where its board was once read out with 14
// (O. Trott, by blocks of doubling costs): each row is a topic, all rows are public, a score has 5 decimals and its rounding is not known.
func TestDSB2017(t *testing.T) {
	needShared(t)
	data, err := filepath.Abs(filepath.Join(shared, "dsb2017"))
	if err != nil {
		t.Fatal(err)
	}
	solution := readRecords(t, filepath.Join(data, "stage1_solution.csv"))
	dir, topic := t.TempDir(), []int{}
	for i := range solution {
		topic = append(topic, i)
	}
	oneHot(t, filepath.Join(dir, "rows.npy"), topic, len(topic))
	text := fmt.Sprintf(`
name = "dsb"
[competition]
board = "simulated"
metric = "binary-log-loss"
column = "cancer"
classes = ["0", "1"]
test = %[1]q
decimals = 5
rounding = "either"
clip = 1e-15
public_rows = 198
[corpus]
path = %[1]q
text = "id"
[corpus.filter]
min_chars = 1
[embedding]
source = "npy"
path = "rows.npy"
test_path = "rows.npy"
[topics]
k = 198
[probe]
floor = 1e-15
budget = 14
[simulate]
truth = %[2]q
`, filepath.Join(data, "stage1_sample_submission.csv"), filepath.Join(data, "stage1_solution.csv"))
	path := filepath.Join(dir, "dsb.toml")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, options(t))
	if err != nil {
		t.Fatal(err)
	}
	checkDSB(t, s, solution)
}

// checkDSB runs the experiment and compares the counts of its topics, rows of their own, with the labels.
func checkDSB(t *testing.T, s *Session, solution [][]string) {
	t.Helper()
	p, err := s.Plan()
	if err != nil {
		t.Fatal(err)
	}
	if p.Chosen != design.Blocks || p.Submissions > 14 {
		t.Errorf("planned %d submissions by %s: %s", p.Submissions, p.Chosen, p.Why)
	}
	if _, err := s.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	b, err := s.bench()
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.result()
	if err != nil {
		t.Fatal(err)
	}
	label := map[string]string{}
	for _, row := range solution {
		label[row[0]] = row[1]
	}
	right := 0
	for i, id := range b.shelf.ids {
		c := slices.IndexFunc(r.Counts, func(c analysis.Count) bool {
			return c.Split == "public" && c.Topic == int(b.shelf.of[i]) && c.Class == "!0"
		})
		if c >= 0 && strconv.Itoa(r.Counts[c].Best) == label[id] && r.Counts[c].Lo == r.Counts[c].Hi {
			right++
		}
	}
	t.Logf("%d of %d labels from %d submissions; %s", right, len(label), r.Read, r.Conclusion)
	if right != 198 || r.Candidates != 1 || r.Rounding == "either" || r.Status != analysis.Candidates || math.IsNaN(r.Identified.Bits) {
		t.Errorf("%d right, %d points fit, rounding %s, %s", right, r.Candidates, r.Rounding, r.Status)
	}
}
