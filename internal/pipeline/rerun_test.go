package pipeline

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lbprobe/experiments/embed"
	"lbprobe/internal/notebook"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/channel"
	"lbprobe/probes/metric"
)

// smallHidden is a hidden test of 150 rows and three themes.
const smallHidden = `name = "small"
seed = 3
[competition]
board = "simulated"
classes = ["a", "b", "c"]
label = "label"
train = "train.csv"
test = "hidden"
rows = [120, 180]
decimals = 4
public_rows = 60
[corpus]
path = "train.csv"
text = "text"
[topics]
k = 5
[probe]
target = "rows"
design = "channel"
budget = 12
[simulate]
test = "test.csv"
`

// small writes the experiment and returns a session on it whose bundle is there. The binary in it does not run: here the verb is called as it would
// call it.
func small(t *testing.T) (s *Session, dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "cli", "testdata", "small"))); err != nil {
		t.Fatal(err)
	}
	return bundled(t, dir, smallHidden), dir
}

// emptyProgram is the head of a program for linux/amd64, and no more.
func emptyProgram() []byte {
	head := make([]byte, 64)
	copy(head, "\x7fELF\x02\x01\x01")
	head[16], head[18], head[20], head[52] = 2, 62, 1, 64 // an executable, x86-64, version 1, its own size
	return head
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// game plays reruns against a board that is added up here, row by row, from the files alone.
type game struct {
	t       *testing.T
	dir     string
	dataset string
	truth   sim.Truth
	table   *channel.Table
}

func newGame(t *testing.T, s *Session, dir string) *game {
	g := &game{t: t, dir: dir, dataset: filepath.Join(dir, "results", "small", filepath.FromSlash(datasetPlace))}
	g.table = channelOf(t, s)
	file, err := os.Open(filepath.Join(dir, "truth.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if g.truth, err = sim.ReadTruth(file, "truth.csv", sim.TruthColumns{ID: "id", Classes: []string{"a", "b", "c"}, Label: "label"}); err != nil {
		t.Fatal(err)
	}
	return g
}

// rerun is the order for a probe.
func (g *game) rerun(probe int, scores map[int]string) notebook.Rerun {
	return notebook.Rerun{Test: filepath.Join(g.dir, "test.csv"), Dataset: g.dataset, Output: filepath.Join(g.dir, "submission.csv"), Probe: probe, Scores: scores}
}

// score scores the submission that a rerun has left.
func (g *game) score() string {
	g.t.Helper()
	rows, err := sim.ReadSubmission(strings.NewReader(read(g.t, filepath.Join(g.dir, "submission.csv"))), g.truth, metric.LogLoss)
	if err != nil {
		g.t.Fatal(err)
	}
	tally := metric.Scoring{Metric: metric.LogLoss, Clip: metric.Clip64, Normalise: metric.Divide}.NewTally()
	for i, q := range rows {
		if g.truth.Usage[i] == sim.Public {
			if err := tally.Add(q, g.truth.Class[i]); err != nil {
				g.t.Fatal(err)
			}
		}
	}
	value, err := tally.Score()
	if err != nil {
		g.t.Fatal(err)
	}
	return strconv.FormatFloat(value, 'f', 4, 64)
}

// play writes a probe and scores it.
func (g *game) play(r notebook.Rerun) (score string, out *notebook.Reran) {
	g.t.Helper()
	out, err := r.Write()
	if err != nil {
		g.t.Fatal(err)
	}
	return g.score(), out
}

// TestRerunTellsCounts: submission by submission, each knowing the scores before it, the rows of every topic come out of the rerun, and they are those
// that the fitted embedder and the centroids give here.
func TestRerunTellsCounts(t *testing.T) {
	s, dir := small(t)
	g := newGame(t, s, dir)
	scores := map[int]string{}
	var told *channel.Reading
	for probe := 1; probe > 0; probe = told.Next {
		if probe > 20 {
			t.Fatal("no end")
		}
		score, out := g.play(g.rerun(probe, scores))
		if out.Rows != 150 || out.Fault != "" || out.Topics != 5 {
			t.Fatalf("%+v", out)
		}
		scores[probe] = score
		var err error
		if told, err = g.table.Decode(scores); err != nil || told.Rejected != "" || len(told.Faults) > 0 {
			t.Fatalf("%v: %+v, %v", scores, told, err)
		}
	}
	if diff := cmp.Diff(counted(t, s), told.Tallies[channel.Topics]); diff != "" {
		t.Errorf("(-assigned here +told):\n%s", diff)
	}
}

// counted counts the rows of the test by topic without the data set: by the files of the topics stage.
func counted(t *testing.T, s *Session) []channel.Count {
	t.Helper()
	folder, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	test, err := s.readRows(part{"test", []string{s.Experiment.Simulate.Test}, s.columns(s.Experiment.Simulate.Test), false})
	if err != nil {
		t.Fatal(err)
	}
	train, err := s.readRows(part{"train", []string{s.Experiment.Competition.Train}, s.labelled(), false})
	if err != nil {
		t.Fatal(err)
	}
	fitted, err := embed.FitTFIDF(filtered(train.texts), embed.TFIDFOptions{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	x, err := fitted.Embed(test.texts)
	if err != nil {
		t.Fatal(err)
	}
	book, err := notebook.Thaw(folder.Path("topics"))
	if err != nil {
		t.Fatal(err)
	}
	of, _ := book.Assign(x, 1)
	out := make([]channel.Count, 5)
	for _, k := range of {
		out[k].Lo++
		out[k].Hi++
	}
	return out
}

// filtered are the texts that the default filter keeps.
func filtered(texts []string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return len([]rune(s)) < 32 || len([]rune(s)) > 1536 })
}

// TestRerunFaults: whatever is wrong with the test or the data set, there is a submission for every row, and its score names the fault.
func TestRerunFaults(t *testing.T) {
	s, dir := small(t)
	g := newGame(t, s, dir)
	first, _ := g.play(g.rerun(1, nil))
	test := read(t, filepath.Join(dir, "test.csv"))
	sample := "id,a,b,c\n"
	for _, id := range g.truth.IDs {
		sample += id + ",0.3,0.3,0.4\n"
	}
	write(t, filepath.Join(dir, "sample_submission.csv"), sample)
	tests := []struct {
		name, want string
		spoil      func(r *notebook.Rerun)
	}{
		{"as it should be", "", func(*notebook.Rerun) {}},
		{"columns in another order", "", func(*notebook.Rerun) { write(t, filepath.Join(dir, "test.csv"), swapped(t, test)) }},
		{"a byte order mark", "", func(*notebook.Rerun) { write(t, filepath.Join(dir, "test.csv"), "\ufeff"+test) }},
		{"an empty text", "", func(*notebook.Rerun) { write(t, filepath.Join(dir, "test.csv"), blank(t, test)) }},
		{"no column of texts", "columns", func(*notebook.Rerun) {
			write(t, filepath.Join(dir, "test.csv"), strings.Replace(test, "id,text", "id,words", 1))
		}},
		{"no column of ids", "columns", func(*notebook.Rerun) {
			write(t, filepath.Join(dir, "test.csv"), strings.Replace(test, "id,text", "key,text", 1))
		}},
		{"two rows with one id", "null rows", func(*notebook.Rerun) {
			write(t, filepath.Join(dir, "test.csv"), strings.Replace(test, "q007", "q006", 1))
		}},
		{"a row without id", "null rows", func(*notebook.Rerun) { write(t, filepath.Join(dir, "test.csv"), strings.Replace(test, "q007", "", 1)) }},
		{"a score that is none", "bad scores", func(r *notebook.Rerun) { r.Scores = map[int]string{1: "1,099"} }},
		{"no score", "bad scores", func(r *notebook.Rerun) { r.Scores = nil }},
		{"said by the caller", "memory", func(r *notebook.Rerun) { r.Fault = "memory" }},
		{"said by the caller, unknown", "other", func(r *notebook.Rerun) { r.Fault = "measles" }},
		{"vectors of another shape", "other", func(r *notebook.Rerun) { r.Embeddings = filepath.Join(g.dataset, "centroids.npy") }},
		{"vectors that are none", "other", func(r *notebook.Rerun) { r.Embeddings = filepath.Join(dir, "test.csv") }},
		{"a file of the data set is damaged", "damaged bundle", func(r *notebook.Rerun) { r.Dataset = damagedCopy(t, g.dataset, "embedder.bin") }},
		{"more rows than there is room for", "row count", func(r *notebook.Rerun) { r.Dataset = describedCopy(t, g.dataset, "rows", []int{10, 20}) }},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			defer write(t, filepath.Join(dir, "test.csv"), test)
			r := g.rerun(2, map[int]string{1: first})
			c.spoil(&r)
			score, out := g.play(r)
			if out.Fault != c.want || out.Rows != 150 {
				t.Errorf("%+v, want %q", out, c.want)
			}
			if c.want == "bad scores" {
				return // without a first score there are no levels to tell it by
			}
			told, err := g.table.Decode(map[int]string{1: first, 2: score})
			if err != nil || fmt.Sprint(told.Faults) != strings.ReplaceAll("["+c.want+"]", "[]", "[]") || told.Rejected != "" {
				t.Errorf("the score %s tells %v (%s), %v", score, told.Faults, told.Rejected, err)
			}
		})
	}
}

// swapped has the columns of a CSV the other way round.
func swapped(t *testing.T, text string) string {
	return rewritten(t, text, func(_ int, row []string) { slices.Reverse(row) })
}

// blank has no text in its third row.
func blank(t *testing.T, text string) string {
	return rewritten(t, text, func(i int, row []string) {
		if i == 3 {
			row[1] = ""
		}
	})
}

func rewritten(t *testing.T, text string, change func(i int, row []string)) string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range records {
		change(i, row)
	}
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(records); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// damagedCopy is a data set of which one file has lost its last byte.
func damagedCopy(t *testing.T, dataset, name string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(dataset)); err != nil {
		t.Fatal(err)
	}
	text := read(t, filepath.Join(dir, name))
	write(t, filepath.Join(dir, name), text[:len(text)-1])
	return dir
}

// describedCopy is a data set with another value in its manifest.
func describedCopy(t *testing.T, dataset, key string, value any) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(dataset)); err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(read(t, filepath.Join(dir, "manifest.json"))), &m); err != nil {
		t.Fatal(err)
	}
	m[key] = value
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "manifest.json"), string(text))
	return dir
}

// TestRerunDesign: without a channel a probe predicts for every row what design.csv says for its topic.
func TestRerunDesign(t *testing.T) {
	s, dir := small(t)
	g := newGame(t, s, dir)
	r := g.rerun(1, nil)
	r.Dataset = describedCopy(t, g.dataset, "files", []any{})
	if err := os.Remove(filepath.Join(r.Dataset, notebook.ChannelFile)); err != nil {
		t.Fatal(err)
	}
	design := "probe,topic,class,probability\n"
	for k := range 5 {
		design += fmt.Sprintf("1,%d,a,%v\n1,%d,b,%v\n1,%d,c,%v\n", k, 0.5-float64(k)/16, k, 0.25, k, 0.25+float64(k)/16)
	}
	write(t, filepath.Join(r.Dataset, notebook.DesignFile), design)
	if out, err := r.Write(); err != nil || out.Fault != "" {
		t.Fatalf("%+v, %v", out, err)
	}
	rows, err := sim.ReadSubmission(strings.NewReader(read(t, r.Output)), g.truth, metric.LogLoss)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]channel.Count, 5)
	for _, q := range rows {
		k := int((0.5 - q[0]) * 16)
		got[k].Lo++
		got[k].Hi++
	}
	if diff := cmp.Diff(counted(t, s), got); diff != "" {
		t.Errorf("(-assigned here +by the predictions):\n%s", diff)
	}
	r.Probe = 2
	if out, err := r.Write(); err != nil || out.Fault != "damaged bundle" {
		t.Errorf("a probe that the design lacks: %+v, %v", out, err)
	}
}

// TestRerunTexts: the reference comes first, then the rows in order.
func TestRerunTexts(t *testing.T) {
	s, dir := small(t)
	g := newGame(t, s, dir)
	var b bytes.Buffer
	if err := g.rerun(1, nil).Texts(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 64+150 || !strings.Contains(lines[64], "Please help me to test the array") {
		t.Errorf("%d lines, the 65th is %s", len(lines), lines[min(64, len(lines)-1)])
	}
}

// TestBundleStays: what has not changed is not written again, whatever line of probe.py the user has changed; another question with a score on record is
// refused, and a new round takes new numbers.
func TestBundleStays(t *testing.T) {
	s, dir := small(t)
	folder, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	probe := folder.Path(filepath.FromSlash(probePlace))
	write(t, probe, read(t, probe)+"# mine\n")
	if made, err := s.Generate(); err != nil || made.Done {
		t.Errorf("%+v, %v", made, err)
	}
	if _, err := s.Record(Scores{Typed: []string{"1=18.0210"}}); err != nil {
		t.Fatal(err)
	}
	if text := read(t, probe); !strings.Contains(text, `PROBE, SCORES = 2, {1: "18.0210"}`) {
		t.Errorf("record does not set the line of the next probe")
	}
	write(t, filepath.Join(dir, "hidden.toml"), strings.Replace(smallHidden, "budget = 12", "budget = 13", 1))
	write(t, s.options.Binary, string(emptyProgram())+"another build")
	wider, err := Open(filepath.Join(dir, "hidden.toml"), s.options)
	if err != nil {
		t.Fatal(err)
	}
	if made, err := wider.Generate(); err != nil || made.Done {
		t.Errorf("another budget, another build: %+v, %v", made, err)
	}
	write(t, filepath.Join(dir, "hidden.toml"), strings.Replace(smallHidden, `"rows"`, `"presence"`, 1))
	other, err := Open(filepath.Join(dir, "hidden.toml"), s.options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Generate(); err == nil || !strings.Contains(err.Error(), "--new-round") {
		t.Errorf("a design with a score was replaced: %v", err)
	}
	other.options.Renew = true
	made, err := other.Generate()
	if err != nil {
		t.Fatal(err)
	}
	if first := made.Manifest.Probes[0].Number; first < 2 || !strings.Contains(read(t, probe), fmt.Sprintf("PROBE, SCORES = %d, {}", first)) {
		t.Errorf("the new round begins with %d", first)
	}
	if _, there := existing(folder.Path("probes", "round-1", "bundle", "dataset", notebook.ChannelFile)); !there {
		t.Error("the bundle of the round before is gone")
	}
}

// TestMayBundle: nothing is written before the rules were read.
func TestMayBundle(t *testing.T) {
	_, dir := small(t)
	text := strings.Replace(smallHidden, `board = "simulated"`, `board = "hand"`, 1)
	for _, step := range []struct{ add, want string }{
		{"", "competition.rules_checked: is not set; some hosts ban probing"},
		{"rules_checked = 2024-05-03\n", "competition.owner: is not set"},
		{"owner = \"me\"\n", "competition.slug: is not set"},
		{"slug = \"some-competition\"\n", ""},
	} {
		text = strings.Replace(text, "decimals", step.add+"decimals", 1)
		write(t, filepath.Join(dir, "hidden.toml"), text)
		s, err := Open(filepath.Join(dir, "hidden.toml"), Options{Results: filepath.Join(dir, "by-hand"), Now: time.Now, Binary: filepath.Join(dir, "lbprobe-linux")})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Generate()
		if _, there := existing(filepath.Join(dir, "by-hand", "small", "probes")); step.want != "" && (err == nil || !strings.Contains(err.Error(), step.want) || there) {
			t.Errorf("%v, want %s; bundle written: %v", err, step.want, there)
		}
		if step.want == "" && err != nil {
			t.Error(err)
		}
	}
}

// TestPortable: what does not run on any linux/amd64 is not put into a bundle.
func TestPortable(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "lbprobe")
	arm := emptyProgram()
	arm[18] = 183
	for text, want := range map[string]string{
		string(emptyProgram()): "", string(arm): "is a program for EM_AARCH64, not for linux/amd64", "MZ": "is not a program for Linux"} {
		write(t, path, text)
		if err := portable(path); fmt.Sprint(err) != want && !(want == "" && err == nil) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
