package experiments

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/internal/fault"
	"lbprobe/internal/golden"
	"lbprobe/probes/metric"
)

// writeFiles puts files into a new folder: name, text, name, text …
func writeFiles(t *testing.T, files ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	smallTrain = "id,text,author\n1,a dark and stormy night,EAP\n2,a bright day,HPL\n"
	smallTest  = "id,text\n3,a grey morning\n"
	small      = `name = "small"
[competition]
classes = ["EAP", "HPL"]
train = "train.csv"
label = "author"
test = "test.csv"
public = 0.26
`
)

// loadText loads an experiment beside a small train and test file.
func loadText(t *testing.T, text string) (*Experiment, error) {
	t.Helper()
	dir := writeFiles(t, "train.csv", smallTrain, "test.csv", smallTest, "truth.csv", "id,author,Usage\n3,EAP,Public\n", "prompt.txt", "{{prompt}} {{response_a}} {{response_b}}",
		"v.npy", "\x93NUMPY", "e.toml", text)
	return Load(filepath.Join(dir, "e.toml"))
}

func mustLoad(t *testing.T, text string) *Experiment {
	t.Helper()
	e, err := loadText(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A file with only what has no default gets the defaults of the documentation.
func TestDefaults(t *testing.T) {
	e := mustLoad(t, small)
	want := &Experiment{
		Path: e.Path, Dir: e.Dir, Name: "small", Seed: 1,
		Competition: Competition{Board: "hand", Metric: metric.LogLoss, Classes: []string{"EAP", "HPL"}, ID: "id",
			Train: filepath.Join(e.Dir, "train.csv"), Label: "author", Test: filepath.Join(e.Dir, "test.csv"), Decimals: 3, Rounding: metric.Either,
			Clip: 2.22e-16, Normalise: metric.None, Outside: true, Public: &ShareRange{0.255, 0.265}, SubmissionsPerDay: 5},
		Corpus: Corpus{Paths: []string{filepath.Join(e.Dir, "train.csv")}, Text: "text", ID: "id", Turns: "all",
			Filter: Filter{MinChars: 32, MaxChars: 1536, Duplicates: "keep", LowQuality: "keep", PII: "keep"}},
		Embedding: Embedding{Source: "tfidf-svd", RequestsPerMinute: 60},
		Topics:    Topics{K: 20, Sample: 100_000, Restarts: 4, Distance: "euclidean", Exemplars: 100, Other: 1},
		Probe: Probe{Target: "presence", Split: "private", Design: "auto", Budget: 10, Floor: 1e-12, Base: "uniform",
			Channel: Channel{Guard: 1.25, Constants: 1, Checksum: 128}},
		Analysis: Analysis{Certainty: 0.99, FDR: 0.05, Absent: 0.05, PresentFrom: PresentFrom{Rows: 1}},
		Notes:    e.Notes,
	}
	want.source = e.source
	if diff := cmp.Diff(want, e, cmp.AllowUnexported(Experiment{}, source{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(e.Notes) != 1 || !strings.HasPrefix(e.Notes[0], "competition.rules_checked: not set") {
		t.Errorf("notes %q", e.Notes)
	}
}

// every is a file that sets each key to something else than its default.
const every = `name = "every"
seed = 7
[competition]
slug = "x"
board = "simulated"
owner = "me"
metric = "log-loss"
classes = ["EAP", "HPL"]
outside = false
id = "id"
train = "train.csv"
label = "author"
test = "test.csv"
decimals = 5
noise = 0.5
rounding = "floor"
clip = 1e-15
normalise = "divide"
rows = [1, 2]
public_rows = [1, 1]
unscored = [0, 0]
private_scores = false
submissions_per_day = 2
rules_checked = 2024-05-03
rules_url = "https://example.org/\"rules\"\t\u0001é"
[corpus]
path = ["train.csv", "train.csv"]
format = "csv"
text = "text"
id = "id"
turns = "first"
url = "u"
licence = "l"
filter = { min_chars = 0, max_chars = 99, duplicates = "keep", low_quality = "keep", pii = "keep" }
[embedding]
source = "npy"
path = "v.npy"
train_path = "v.npy"
test_path = "v.npy"
ids = "test.csv"
train_ids = "test.csv"
test_ids = "test.csv"
script = "embed.py"
sources = ["me/minilm"]
gpu = true
model = "m"
url = "u"
key_env = "K"
budget_usd = 3
price_input = 0.5
requests_per_minute = 7
[topics]
k = 3
sample = 10
restarts = 1
distance = "euclidean"
exemplars = 5
other = 0.99
[probe]
target = "rows"
split = "public"
design = "lattice"
budget = 40
floor = 1e-9
base = "uniform"
[probe.channel]
guard = 2
constants = 1
checksum = 1_024
messages = []
overlap = ""
[analysis]
certainty = 0.95
fdr = 0.1
concentration = 400
absent = 0
present_from = 0.002
[simulate]
truth = "truth.csv"
test = ""
test_embedding = ""
seed = 9
public = 0.3
rounding = "floor"
normalise = "none"
[judge]
url = "u"
model = "gpt-4"
key_env = "OPENAI_API_KEY"
prompt = "prompt.txt"
response_format = "json_object"
budget_usd = 20
price_input = 1.5
price_output = 0
requests_per_minute = 6
concurrency = 1
timeout_seconds = 30
`

// No key is forgotten: the file above sets all, and all of its values arrive.
func TestEveryKey(t *testing.T) {
	e := mustLoad(t, every)
	for _, s := range e.Settings() {
		if s.Default && s.Key != "competition.column" && s.Key != "competition.range" && s.Key != "competition.public" {
			t.Errorf("%s is not set by the file", s.Key)
		}
	}
	if e.Analysis.Concentration == nil || *e.Analysis.Concentration != 400 || e.Analysis.PresentFrom.Share != 0.002 || e.Simulate == nil ||
		*e.Simulate.Public != 0.3 || e.Judge.BudgetUSD != 20 || e.Competition.RulesChecked != "2024-05-03" || len(e.Corpus.Paths) != 2 ||
		e.Corpus.Filter.MaxChars != 99 || !e.Embedding.GPU || e.Competition.RulesURL != "https://example.org/\"rules\"\t\x01é" {
		t.Errorf("%+v", e)
	}
	want := metric.Scoring{Metric: metric.LogLoss, Decimals: 5, Noise: 0.5, Rounding: metric.Floor, Clip: 1e-15, Normalise: metric.None}
	if diff := cmp.Diff(want, e.SimulatedScoring()); diff != "" {
		t.Errorf("simulated scoring (-want +got)\n%s", diff)
	}
}

// What Effective writes loads again to the same settings and the same hash; what it writes is told key by key.
func TestEffectiveRoundTrip(t *testing.T) {
	for name, text := range map[string]string{"small": small, "every": every, "ranges": strings.Replace(small, "0.26", "[0.2, 0.4]\nunscored = 3", 1)} {
		e := mustLoad(t, text)
		var first, second bytes.Buffer
		if err := e.Effective(&first); err != nil {
			t.Fatal(err)
		}
		again := filepath.Join(e.Dir, "again.toml")
		if err := os.WriteFile(again, first.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		f, err := Load(again)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, first.String())
		}
		if e.Hash() != f.Hash() {
			t.Errorf("%s: hash %s became %s", name, e.Hash(), f.Hash())
		}
		if diff := cmp.Diff(values(e), values(f)); diff != "" {
			t.Errorf("%s (-first +again)\n%s", name, diff)
		}
		if err := f.Effective(&second); err != nil || strings.Contains(second.String(), "# default\n") {
			t.Errorf("%s: %v: a default in what was written in full:\n%s", name, err, second.String())
		}
	}
}

func values(e *Experiment) map[string]string {
	m := map[string]string{}
	for _, s := range e.Settings() {
		m[s.Key] = s.Value
	}
	return m
}

func TestEffectiveGolden(t *testing.T) {
	t.Chdir("testdata/faults")
	text, err := os.ReadFile("column-label-not-said.toml")
	if err != nil {
		t.Fatal(err)
	}
	e, err := parse("spooky.toml", strings.Replace(string(text), "[competition]", "[competition]\nlabel = \"author\"", 1))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := e.Effective(&out); err != nil {
		t.Fatal(err)
	}
	t.Chdir("../..")
	golden.Check(t, "effective.golden", out.String())
}

// The hash is of what holds, not of how it is written.
func TestHash(t *testing.T) {
	base := mustLoad(t, small).Hash()
	same := map[string]string{
		"comments":         "# a comment\n\n" + small,
		"spelt default":    small + "decimals = 3\n[topics]\nk = 20\n",
		"other digits":     strings.Replace(small, "0.26", "0.260", 1),
		"range in words":   strings.Replace(small, "0.26", "[0.255, 0.265]", 1),
		"default corpus":   small + "[corpus]\npath = \"train.csv\"\n",
		"line ends":        strings.ReplaceAll(small, "\n", "\r\n"),
		"byte order mark":  "\ufeff" + small,
		"dotted keys":      small + "[corpus]\nfilter.min_chars = 32\n",
		"order of keys":    strings.Replace(small, "test = \"test.csv\"\npublic = 0.26\n", "public = 0.26\ntest = \"test.csv\"\n", 1),
		"trailing comment": strings.Replace(small, "0.26\n", "0.26 # of all\n", 1),
	}
	for name, text := range same {
		if got := mustLoad(t, text).Hash(); got != base {
			t.Errorf("%s changes the hash", name)
		}
	}
	other := mustLoad(t, small+"[topics]\nk = 21\n")
	if other.Hash() == base {
		t.Error("k does not change the hash")
	}
	e := mustLoad(t, small)
	if other.HashOf("topics") == e.HashOf("topics") || other.HashOf("competition", "seed") != e.HashOf("competition", "seed") ||
		e.HashOf("topics.k") == e.HashOf("topics.kk") {
		t.Error("HashOf does not keep to its prefixes")
	}
}

func TestMarshalJSON(t *testing.T) {
	data, err := json.Marshal(mustLoad(t, small))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got["topics.k"] != 20.0 || got["competition.rows"] != nil || got["corpus.path"] != "train.csv" || !strings.HasPrefix(string(data), `{"name":"small"`) {
		t.Errorf("%s", data)
	}
}

// The experiments that come with the program load where the data is.
func TestShipped(t *testing.T) {
	if _, err := os.Stat("../../shared/data/README.md"); err != nil {
		t.Skip("the shared data is not here: ../../shared/data")
	}
	t.Chdir("..")
	for _, name := range []string{"spooky", "mtbench"} {
		e, err := Load("experiments/" + name + ".toml")
		if err != nil {
			t.Error(err)
			continue
		}
		if !e.TrainIsCorpus() || e.Name != name {
			t.Errorf("%s: %+v", name, e)
		}
		t.Log(name, e.Notes)
	}
}

// The message that the documentation promises, on the file as it is shipped.
func TestSpookyWithoutLabel(t *testing.T) {
	text, err := os.ReadFile("spooky.toml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("../../shared/data/spooky/train.csv"); err != nil {
		t.Skip("the shared data is not here: ../../shared/data/spooky")
	}
	lines := strings.SplitAfter(string(text), "\n")
	without := ""
	for _, l := range lines {
		if !strings.HasPrefix(l, "label") {
			without += l
		}
	}
	_, err = parse("spooky.toml", without)
	const want = `spooky.toml:9: competition.classes: train.csv has no column "EAP"; column "author" holds EAP, HPL, MWS. Add: label = "author"`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// A path that leads to no experiment file says which one might be meant.
func TestLoadPath(t *testing.T) {
	dir := writeFiles(t, "spooky.toml", small, "sub/x", "", "large.toml", strings.Repeat("# data\n", maxFile/7+1))
	empty := t.TempDir()
	tests := []struct{ path, want string }{
		{filepath.Join(dir, "spoky.toml"), "there is no such file. The nearest is " + filepath.Join(dir, "spooky.toml")},
		{filepath.Join(empty, "x.toml"), "there is no such file. Make one with: lbprobe init"},
		{dir, "is a folder; an experiment is one file. The nearest is " + filepath.Join(dir, "large.toml")},
		{filepath.Join(dir, "large.toml"), "is larger than 1 MiB, so it is no experiment file. Give the path of the TOML file"},
		{filepath.Join(dir, "spooky.toml", "x"), "cannot be read: not a directory"},
	}
	for _, tt := range tests {
		if _, err := Load(tt.path); err == nil || err.Error() != tt.path+": "+tt.want || fault.ExitStatus(err) != 2 {
			t.Errorf("got  %v\nwant %s: %s", err, tt.path, tt.want)
		}
	}
}
