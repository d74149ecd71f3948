package pipeline

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lbprobe/internal/notebook"
	"lbprobe/probes/channel"
)

// costsOf is what a public row costs under other metrics, from the cells of its line: written down from the metrics' definitions.
var costsOf = map[string]func(cells []float64, label string) float64{
	"log-loss": func(p []float64, label string) float64 { return -math.Log(p[strings.Index("abc", label)]) },
	"binary-log-loss": func(p []float64, label string) float64 {
		if label == "1" {
			return -math.Log(p[0])
		}
		return -math.Log(1 - p[0])
	},
	"brier, one column": func(p []float64, label string) float64 {
		y, _ := strconv.ParseFloat(label, 64)
		return (p[0] - y) * (p[0] - y)
	},
	"brier": func(p []float64, label string) (sum float64) {
		for c, v := range p {
			y := 0.0
			if "abc"[c:c+1] == label {
				y = 1
			}
			sum += (v - y) * (v - y)
		}
		return sum
	},
}

// TestRerunMetrics: what a notebook counts comes back over every metric that carries a channel, in one column or one a class, whichever class stands first,
// and so does a fault.
func TestRerunMetrics(t *testing.T) {
	for _, c := range []struct{ cost, settings, classes string }{
		{"binary-log-loss", "metric = \"binary-log-loss\"\ncolumn = \"target\"", `["0", "1"]`},
		{"binary-log-loss", "metric = \"binary-log-loss\"\ncolumn = \"target\"", `["1", "0"]`},
		{"brier, one column", "metric = \"brier\"\ncolumn = \"target\"", `["0", "1"]`},
		{"brier, one column", "metric = \"brier\"\ncolumn = \"target\"", `["1", "0"]`},
		{"brier", "metric = \"brier\"", `["a", "b", "c"]`},
	} {
		t.Run(c.cost+" "+c.classes, func(t *testing.T) {
			s, dir := scoredBy(t, c.settings, c.classes)
			g := columnGame{t, s, dir, costsOf[c.cost], shownBy(5, false), map[string]string{}}
			scores := map[int]string{}
			for probe := 1; probe > 0; probe = g.record(probe, scores) {
				if probe > 30 {
					t.Fatal("no end")
				}
				scores[probe] = g.score(probe, scores, "")
			}
			h, err := hearingOf(t, s)
			if err != nil || h.Wrong > 0 || h.Right != 5 || h.Trouble != "" {
				t.Fatalf("%+v, %v", h, err)
			}
			table := channelOf(t, s)
			for _, f := range channel.Faults() {
				told, err := table.Decode(map[int]string{1: scores[1], 2: g.score(2, scores, f.String())})
				if err != nil || len(told.Faults) != 1 || told.Faults[0] != f {
					t.Errorf("fault %q: %+v, %v", f, told, err)
				}
			}
		})
	}
}

// scoredBy is the small hidden test under another metric. Of two classes the first has the rows of the first of three.
func scoredBy(t *testing.T, settings, classes string) (s *Session, dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "cli", "testdata", "small"))); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(classes, "0") {
		for _, name := range []string{"train.csv", "truth.csv"} {
			path, numbers := filepath.Join(dir, name), map[string]string{"a": classes[2:3], "b": classes[7:8], "c": classes[7:8]}
			write(t, path, rewritten(t, read(t, path), func(_ int, row []string) {
				for i := range row {
					if n, there := numbers[row[i]]; there {
						row[i] = n
					}
				}
			}))
		}
	}
	text := strings.Replace(smallHidden, `classes = ["a", "b", "c"]`, "classes = "+classes+"\n"+settings, 1)
	text = strings.NewReplacer("[simulate]", "[simulate]\ntruth = \"truth.csv\"", "decimals = 4", "decimals = 5", `"rows"`, `"sizes"`).Replace(text)
	return bundled(t, dir, text), dir
}

// bundled is an experiment whose bundle is there.
func bundled(t *testing.T, dir, text string) *Session {
	t.Helper()
	write(t, filepath.Join(dir, "hidden.toml"), text)
	write(t, filepath.Join(dir, "lbprobe-linux"), string(emptyProgram()))
	s, err := Open(filepath.Join(dir, "hidden.toml"), Options{Results: filepath.Join(dir, "results"), Now: time.Now, Binary: filepath.Join(dir, "lbprobe-linux")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Generate(); err != nil {
		t.Fatal(err)
	}
	return s
}

// channelOf is the channel of the bundle that is there.
func channelOf(t *testing.T, s *Session) *channel.Table {
	t.Helper()
	folder, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	table, err := readChannel(folder, datasetPlace)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// columnGame scores what a rerun writes, cell by cell.
type columnGame struct {
	t      *testing.T
	s      *Session
	dir    string
	cost   func(cells []float64, label string) float64
	show   func(score float64) string
	public map[string]string // label by id
}

// record takes a score down and says which probe is wanted next.
func (g columnGame) record(probe int, scores map[int]string) int {
	g.t.Helper()
	if _, err := g.s.Record(Scores{Typed: []string{fmt.Sprintf("%d=%s", probe, scores[probe])}}); err != nil {
		g.t.Fatal(err)
	}
	told, err := channelOf(g.t, g.s).Decode(scores)
	if err != nil || told.Rejected != "" || len(told.Faults) > 0 {
		g.t.Fatalf("%v: %+v, %v", scores, told, err)
	}
	return told.Next
}

// score writes a probe, or a fault, and adds it up over the public rows.
func (g columnGame) score(probe int, scores map[int]string, fault string) string {
	g.t.Helper()
	r := notebook.Rerun{Test: filepath.Join(g.dir, "test.csv"), Dataset: filepath.Join(g.dir, "results", "small", filepath.FromSlash(datasetPlace)),
		Output: filepath.Join(g.dir, "submission.csv"), Probe: probe, Scores: scores, Fault: fault}
	if _, err := r.Write(); err != nil {
		g.t.Fatal(err)
	}
	sum, n := 0.0, 0
	truth := g.lines("truth.csv")
	at := slices.Index(truth[0], "label")
	usage := slices.Index(truth[0], "Usage")
	for _, row := range truth[1:] {
		g.public[row[0]] = row[at]
		if row[usage] != "Public" {
			delete(g.public, row[0])
		}
	}
	for _, row := range g.lines("submission.csv")[1:] {
		label, public := g.public[row[0]]
		if !public {
			continue
		}
		var cells []float64
		for _, cell := range row[1:] {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				g.t.Fatal(err)
			}
			cells = append(cells, v)
		}
		sum += g.cost(cells, label)
		n++
	}
	if n != 60 {
		g.t.Fatalf("%d public rows", n)
	}
	return g.show(sum / float64(n))
}

// shownBy is how a board shows scores.
func shownBy(decimals int, floors bool) func(float64) string {
	return func(score float64) string {
		if ticks := score * math.Pow10(decimals); floors {
			score = math.Floor(ticks) / math.Pow10(decimals)
		}
		return strconv.FormatFloat(score, 'f', decimals, 64)
	}
}

func (g columnGame) lines(name string) [][]string {
	g.t.Helper()
	out, err := csv.NewReader(strings.NewReader(read(g.t, filepath.Join(g.dir, name)))).ReadAll()
	if err != nil {
		g.t.Fatal(err)
	}
	return out
}
