//go:build e2e

// The end-to-end test of hidden tests: make e2e-bundle. It needs python3 with numpy on the PATH, and the shared data.

package pipeline

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"lbprobe/analysis"
	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/channel"
)

// session opens an experiment with results of its own. The binary is built from the source, since a test is no lbprobe.
func session(t *testing.T, path string) *Session {
	t.Helper()
	s, err := Open(path, Options{Results: filepath.Join(filepath.Dir(path), "results"), Version: "e2e", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// hashing is an embed.py that needs numpy alone: words hashed into 64 dimensions.
const hashing = `import zlib
import numpy as np

def encode(texts):
    x = np.zeros((len(texts), 64))
    for i, text in enumerate(texts):
        for word in text.lower().split():
            x[i, zlib.crc32(word.encode()) % 64] += 1
    return x / np.maximum(1e-9, np.linalg.norm(x, axis=1, keepdims=True))
`

// TestE2EBundle plays whole experiments: the real probe.py in an emulated rerun, round after round, decoded and held against the truth.
func TestE2EBundle(t *testing.T) {
	minilm := "source = \"npy\"\npath = \"{shared}mtbench_human_votes.minilm.npy\"\nids = \"{shared}mtbench_human_votes.minilm.ids.txt\"\nscript = \"embed.py\""
	tests := []struct {
		name, script string
		hiddenCase
		most int // submissions
	}{
		{"tfidf-svd presence", "", hiddenCase{target: "presence", embedding: `source = "tfidf-svd"`}, 4},
		{"tfidf-svd sizes", "", hiddenCase{target: "sizes", embedding: `source = "tfidf-svd"`, other: "0.9"}, 6},
		{"tfidf-svd rows", "", hiddenCase{target: "rows", embedding: `source = "tfidf-svd"`}, 22},
		{"precomputed sizes", "raise SystemExit('not to be run: the vectors are given')", hiddenCase{target: "sizes", embedding: minilm,
			simulate: `test_embedding = "{shared}chat_prompts.minilm.npy"`}, 7},
		{"python sizes", hashing, hiddenCase{target: "sizes", embedding: "source = \"python\"\nscript = \"embed.py\""}, 7},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := test.folder(t)
			if test.script != "" {
				write(t, filepath.Join(filepath.Dir(path), "embed.py"), test.script)
			}
			s := session(t, path)
			ran, err := s.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			page := ran.Report
			t.Log(page.Summary())
			want := analysis.Told
			if test.target == "rows" {
				want = analysis.Exact
			}
			if page.Truth.Wrong > 0 || page.Truth.Right < 18 || page.Result.Status != want || page.Result.Read > test.most {
				t.Errorf("%+v, %+v", page.Truth, page.Result)
			}
			again, err := session(t, path).Run(context.Background())
			if err != nil || again.Report.Result.Read != page.Result.Read || again.Stages[0].Done || again.Stages[1].Done {
				t.Errorf("run again: %+v, %v", again, err)
			}
		})
	}
}

// TestE2EMessages: languages, lengths, turns and the overlap with a list of hashes, told by the real probe.py and held against counts made here, row by row.
func TestE2EMessages(t *testing.T) {
	path := hiddenCase{target: "presence", embedding: `source = "tfidf-svd"`}.folder(t)
	dir := filepath.Dir(path)
	prompts, set := chatPrompts(t), &duplicates.HashSet{}
	for i, r := range prompts {
		if i%12 == 0 {
			set.Add(strings.ToUpper(r.text()) + " please")
		}
	}
	hashes := filepath.Join(dir, "hashes.bin")
	writeHashes(t, hashes, set)
	text := strings.Replace(read(t, path), "[simulate]", "[probe.channel]\nmessages = [\"languages\", \"lengths\", \"turns\", \"overlap\"]\noverlap = \"hashes.bin\"\n[simulate]", 1)
	write(t, path, text)
	s := session(t, path)
	ran, err := s.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Log(ran.Report.Summary())
	h, err := hearingOf(t, s)
	if err != nil {
		t.Fatal(err)
	}
	if h.Wrong > 0 || h.Right != len(h.Topics) || h.Next != 0 || len(h.Messages) != 4 || h.Read > 12 {
		t.Fatalf("%+v", h)
	}
	own := []string{}
	for _, c := range h.Messages[0].Counts {
		own = append(own, c.Label)
	}
	truth := countRows(prompts, own, readHashesOf(t, hashes))
	for _, m := range h.Messages {
		for _, c := range m.Counts {
			t.Logf("%s %s: told %d to %d, there are %d; train %.4f", m.Message, c.Name, c.Lo, c.Hi, truth[m.Message][c.Label], c.Seen)
			if n := truth[m.Message][c.Label]; n < c.Lo || n > c.Hi {
				t.Errorf("%s %s: told %d to %d, there are %d", m.Message, c.Label, c.Lo, c.Hi, n)
			}
		}
	}
}

// TestE2EOneColumn: where lbprobe can't run, a submission of one column gives both classes the same chance.
func TestE2EOneColumn(t *testing.T) {
	s, dir := scoredBy(t, "metric = \"binary-log-loss\"\ncolumn = \"target\"", `["1", "0"]`) // the lbprobe in its bundle is an empty program
	folder, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	output := filepath.Join(dir, "submission.csv")
	cmd := exec.Command("python3", folder.Path("probes", "bundle", "kernel", "probe.py"), "--test", filepath.Join(dir, "test.csv"),
		"--dataset", folder.Path("probes", "bundle", "dataset"), "--output", output)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(read(t, output)), "\n")
	if len(lines) != 151 || lines[0] != "id,target" || lines[1] != "q000,0.5" {
		t.Errorf("%d lines, beginning %q", len(lines), lines[:2])
	}
}

// chatPrompts are the rows of the hidden test, read by encoding/json alone.
func chatPrompts(t *testing.T) (out []spokenRow) {
	t.Helper()
	in, err := os.Open(shared + "/chat_prompts.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for decoder := json.NewDecoder(in); decoder.More(); {
		var row struct{ ID, Text string }
		if err := decoder.Decode(&row); err != nil {
			t.Fatal(err)
		}
		out = append(out, spokenRow{row.ID, []string{row.Text}})
	}
	return out
}

// TestE2EWeek plays a channel for the totals and a lattice for the public rows by the real probe.py, until the private counts are exact.
func TestE2EWeek(t *testing.T) {
	path := hiddenCase{target: "rows", embedding: `source = "tfidf-svd"`, decimals: "5"}.folder(t)
	joint, channel, lattice := week(t, session(t, path))
	t.Logf("exact after %d + %d submissions, joint bound %d", channel, lattice, joint.Bound)
	if float64(lattice) > math.Ceil(joint.Lattice)+3 || channel+lattice > joint.Bound+6 { // the chats' topics are so unlike the votes' that to tell them takes half more bits
		t.Errorf("exact after %d + %d submissions, the bound is %+v", channel, lattice, *joint)
	}
}

// TestE2ERehearse plays three splits and labels of the same test, and leaves no run folder.
func TestE2ERehearse(t *testing.T) {
	path := hiddenCase{target: "presence", embedding: `source = "tfidf-svd"`}.folder(t)
	r, err := session(t, path).Rehearse(context.Background(), Play{Trials: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range r.Trials {
		t.Log(trial.Conclusion)
		if trial.Wrong > 0 || trial.Right < 18 || trial.Status != analysis.Told {
			t.Errorf("%+v", trial)
		}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(path), "results", "hidden")); err == nil {
		t.Error("a rehearsal has written a run folder")
	}
}

// TestE2EScript: what is wrong with a script is told in one line, at its key.
func TestE2EScript(t *testing.T) {
	path := hiddenCase{target: "presence", embedding: "source = \"python\"\nscript = \"embed.py\""}.folder(t)
	for script, want := range map[string]string{
		"def encode(texts):\n    raise ValueError('no such model')\n":   "embedding.script: it did not embed 3241 texts: ValueError: no such model",
		"import numpy\ndef encode(texts):\n    return numpy.zeros(3)\n": "texts gave an array of shape (3,); there must be one row a text",
		"import no_such_module\n":                                       "ModuleNotFoundError: No module named 'no_such_module'",
		"x = 1\n":                                                       "AttributeError: module 'embed' has no attribute 'encode'",
		"import numpy\ndef encode(texts):\n    return numpy.full((len(texts), 2), numpy.nan)\n": "vectors.npy: row 0 (from 0), column 0 is NaN",
		"import numpy\ndef encode(texts):\n    return [['a', 'b'] for _ in texts]\n":            "could not convert string to float",
	} {
		write(t, filepath.Join(filepath.Dir(path), "embed.py"), script)
		_, err := session(t, path).Topics()
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestE2EFaults breaks the rerun in many ways, in the second submission, where every fault has a level of its own: each must end in a valid submission
// whose score tells the fault, or with the probe itself where it can be written all the same.
func TestE2EFaults(t *testing.T) {
	path := hiddenCase{target: "presence", embedding: "source = \"python\"\nscript = \"embed.py\""}.folder(t)
	write(t, filepath.Join(filepath.Dir(path), "embed.py"), hashing)
	s := session(t, path)
	if _, err := s.Generate(); err != nil {
		t.Fatal(err)
	}
	game := newFaultGame(t, s)
	const works, uniform = "", "uniform"
	tests := []struct {
		name, want string
		spoil      func(e *emulation)
	}{
		{"as it should be", works, func(*emulation) {}},
		{"columns in another order", works, func(e *emulation) {
			game.rewrite(e, func(row []string) []string { return []string{row[2], row[1], row[0], row[3]} })
		}},
		{"a null text", works, func(e *emulation) { game.rewriteRow(e, 5, func(row []string) { row[1] = "" }) }},
		{"no column of texts", "columns", func(e *emulation) { game.rewrite(e, func(row []string) []string { return []string{row[0], row[2]} }) }},
		{"no id in a row", "null rows", func(e *emulation) { game.rewriteRow(e, 5, func(row []string) { row[0] = "" }) }},
		{"two rows with one id", "null rows", func(e *emulation) { game.rewriteRow(e, 5, func(row []string) { row[0] = "cp00001" }) }},
		{"more rows than there is room for", "row count", func(e *emulation) { game.describe(e, func(m map[string]any) { m["rows"] = []int{100, 200} }) }},
		{"the script raises", "other", func(e *emulation) { game.script(e, "def encode(texts):\n    raise RuntimeError('no')\n") }},
		{"the script's model is missing", "model missing", func(e *emulation) { game.script(e, "import no_such_model\n") }},
		{"the script runs out of memory", "memory", func(e *emulation) { game.script(e, "def encode(texts):\n    raise MemoryError\n") }},
		{"the script is killed", "memory", func(e *emulation) { game.script(e, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n") }},
		{"the script gives too few rows", "other", func(e *emulation) {
			game.script(e, "import numpy\ndef encode(texts):\n    return numpy.zeros((3, 64))\n")
		}},
		{"the script embeds otherwise", "encoder differs", func(e *emulation) { game.script(e, strings.Replace(hashing, "text.lower()", "text.upper()", 1)) }},
		{"the script asks the network", "other", func(e *emulation) {
			game.script(e, "import socket\nsocket.create_connection(('127.0.0.1', 9))\n")
		}},
		{"the script writes to its inputs", "other", func(e *emulation) {
			game.script(e, "import os\nopen(os.path.join(os.path.dirname(__file__), 'x'), 'w')\n")
		}},
		{"a file of the data set is damaged", "damaged bundle", func(e *emulation) { game.put(e, "not vectors", "data", "centroids.npy") }},
		{"the binary is for another machine", uniform, func(e *emulation) { game.put(e, "\x7fELF no more", "data", "lbprobe") }},
		{"the binary is missing", uniform, func(e *emulation) { game.remove(e, "data", "lbprobe") }},
		{"the data set is missing", uniform, func(e *emulation) { game.remove(e, "data", "manifest.json") }},
		{"no column of ids", "columns", func(e *emulation) { game.rewrite(e, func(row []string) []string { return row[1:] }) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			score, log := game.play(t, test.spoil)
			if test.want == uniform {
				if score != "1.099" {
					t.Errorf("scores %s, want ln 3:\n%s", score, log)
				}
				return
			}
			r, err := game.table.Decode(map[int]string{1: game.first, 2: score})
			if err != nil {
				t.Fatal(err)
			}
			told := ""
			if len(r.Faults) == 1 {
				told = r.Faults[0].String()
			}
			if told != test.want || r.Rejected != "" {
				t.Errorf("the score %s tells %q (%s), want %q:\n%s", score, told, r.Rejected, test.want, log)
			}
		})
	}
}

// faultGame plays the second submission of a channel again and again.
type faultGame struct {
	t       *testing.T
	session *Session
	table   *channel.Table
	truth   sim.Truth
	first   string // score of the first submission
}

func newFaultGame(t *testing.T, s *Session) *faultGame {
	folder, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.shelf(folder)
	if err != nil {
		t.Fatal(err)
	}
	g := &faultGame{t: t, session: s}
	if _, g.truth, err = s.played(folder, h, 0); err != nil {
		t.Fatal(err)
	}
	if g.table, err = readChannel(folder, datasetPlace); err != nil {
		t.Fatal(err)
	}
	g.first, _ = g.score(t, 1, nil, func(*emulation) {})
	return g
}

func (g *faultGame) play(t *testing.T, spoil func(*emulation)) (score, log string) {
	return g.score(t, 2, map[int]string{1: g.first}, spoil)
}

// score runs probe.py for a probe in a spoilt rerun and has the board score what it writes.
func (g *faultGame) score(t *testing.T, probe int, scores map[int]string, spoil func(*emulation)) (score, log string) {
	t.Helper()
	s := g.session
	folder, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.emulate(folder, designOf(t, s))
	if err != nil {
		t.Fatal(err)
	}
	defer e.close()
	spoil(e)
	path, log, err := e.rerun(context.Background(), probe, scores)
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := sim.ReadSubmission(strings.NewReader(string(text)), g.truth, s.playScoring().Metric)
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	tally := s.playScoring().NewTally()
	for i, row := range rows {
		if u := g.truth.Usage[i]; u == sim.Public {
			if err := tally.Add(row, g.truth.Class[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	value, err := tally.Score()
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatFloat(value, 'f', 3, 64), log
}

// put replaces an input of a rerun.
func (g *faultGame) put(e *emulation, text string, parts ...string) {
	g.remove(e, parts...)
	path := e.at(append([]string{"input"}, parts...)...)
	if err := os.WriteFile(path, []byte(text), 0o444); err != nil {
		g.t.Fatal(err)
	}
}

// remove takes an input away; the emulation shall not miss it.
func (g *faultGame) remove(e *emulation, parts ...string) {
	path := e.at(append([]string{"input"}, parts...)...)
	if err := os.Chmod(filepath.Dir(path), 0o755); err != nil {
		g.t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		g.t.Fatal(err)
	}
	delete(e.inputs, path)
}

// script replaces embed.py, and vouches for it: what is tested is not its hash.
func (g *faultGame) script(e *emulation, text string) {
	g.put(e, text, "data", "embed.py")
	g.describe(e, func(m map[string]any) {
		for _, file := range m["files"].([]any) {
			if f := file.(map[string]any); f["name"] == "embed.py" {
				f["sha256"] = hashBytes([]byte(text))
			}
		}
	})
}

// describe changes the data set's manifest, and makes it the one that probe.py looks for.
func (g *faultGame) describe(e *emulation, change func(m map[string]any)) {
	old, err := os.ReadFile(e.at("input", "data", "manifest.json"))
	if err != nil {
		g.t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(old, &m); err != nil {
		g.t.Fatal(err)
	}
	change(m)
	changed, err := json.Marshal(m)
	if err != nil {
		g.t.Fatal(err)
	}
	g.put(e, string(changed), "data", "manifest.json")
	e.bundle.Manifest = hashBytes(changed)
}

// rewrite changes every record of the test.
func (g *faultGame) rewrite(e *emulation, change func(row []string) []string) {
	path := e.at("input", e.bundle.Slug, "test.csv")
	text, err := os.ReadFile(path)
	if err != nil {
		g.t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		g.t.Fatal(err)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	for _, record := range records {
		if changed := change(record); changed != nil {
			_ = w.Write(changed)
		}
	}
	w.Flush()
	g.put(e, b.String(), e.bundle.Slug, "test.csv")
}

// rewriteRow changes one record of the test.
func (g *faultGame) rewriteRow(e *emulation, at int, change func(row []string)) {
	i := 0
	g.rewrite(e, func(row []string) []string {
		if i++; i == at+1 {
			change(row)
		}
		return row
	})
}

// TestE2ESpeed measures probe.py on 25,000 prompts with vectors of 384 numbers: wall time, and the memory of the whole tree of processes at its peak.
func TestE2ESpeed(t *testing.T) {
	path := hiddenCase{target: "sizes", embedding: "source = \"npy\"\npath = \"{shared}mtbench_human_votes.minilm.npy\"\nscript = \"embed.py\""}.folder(t)
	dir := filepath.Dir(path)
	write(t, filepath.Join(dir, "embed.py"), "raise SystemExit('not to be run')\n")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, strings.Replace(string(text), "rows = [4600, 4900]", "rows = 25000", 1))
	make25000(t, dir)
	s, err := Open(path, Options{Results: filepath.Join(dir, "results"), Version: "e2e", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Generate(); err != nil {
		t.Fatal(err)
	}
	folder, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	probe := folder.Path("probes", "bundle", "kernel", "probe.py")
	for _, n := range []string{"1", "2"} {
		args := []string{"-v", "python3", probe, "--test", filepath.Join(dir, "full_test.csv"), "--dataset", folder.Path("probes", "bundle", "dataset"),
			"--probe", n, "--scores", "1=18.021", "--output", filepath.Join(dir, "submission.csv"), "--embeddings", filepath.Join(dir, "full_test.npy")}
		start := time.Now()
		out, err := exec.Command("/usr/bin/time", args...).CombinedOutput()
		if err != nil {
			t.Skipf("/usr/bin/time: %v\n%s", err, out)
		}
		for _, line := range strings.Split(string(out), "\n") {
			if strings.Contains(line, "Maximum resident") || strings.Contains(line, "probe") && strings.Contains(line, "rows") {
				t.Log(strings.TrimSpace(line))
			}
		}
		t.Logf("probe %s: %.2f s", n, time.Since(start).Seconds())
	}
}

// make25000 repeats the prompts and their vectors, with ids of their own, until there are 25,000.
func make25000(t *testing.T, dir string) {
	t.Helper()
	code := `import csv, sys, numpy as np
csv.field_size_limit(1 << 30)
rows = list(csv.reader(open('full_test.csv', newline='')))
x = np.load(sys.argv[1])
with open('full_test.csv', 'w', newline='') as f:
    w = csv.writer(f)
    w.writerow(rows[0])
    for i in range(25000):
        w.writerow([str(i)] + rows[1 + i % len(x)][1:])
np.save('full_test.npy', x[np.arange(25000) % len(x)])
`
	data, err := filepath.Abs(shared + "/chat_prompts.minilm.npy")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "-c", code, data)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
