package corpus

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkReadCSV reads files in the schema of the LMSYS competition: prompts, ids and classes are asked for, the answers are not.
func BenchmarkReadCSV(b *testing.B) {
	lmsys := Options{Classes: []string{"winner_model_a", "winner_model_b", "winner_tie"}}
	b.Run("file=generated", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "train.csv")
		writeLMSYS(b, path, 8000)
		benchmarkRead(b, path, lmsys)
	})
	b.Run("file=mtbench", func(b *testing.B) { benchmarkRead(b, shared(b, "mtbench_human_votes.csv"), lmsys) })
	b.Run("file=spooky", func(b *testing.B) {
		benchmarkRead(b, shared(b, "spooky/train.csv"), Options{Label: "author", Classes: []string{"EAP", "HPL", "MWS"}})
	})
}

// BenchmarkReadJSONL reads one text a line.
func BenchmarkReadJSONL(b *testing.B) {
	b.Run("file=chat_prompts", func(b *testing.B) { benchmarkRead(b, shared(b, "chat_prompts.jsonl"), Options{}) })
}

func benchmarkRead(b *testing.B, path string, o Options) {
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	r, err := Read(path, o)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	b.SetBytes(info.Size())
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		rows = 0
		for _, err := range r.Rows() {
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkIDs measures what a pass keeps of each row: its id, of 10 characters here, and where it stands.
func BenchmarkIDs(b *testing.B) {
	const rows = 1_000_000
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		p := &pass{ids: map[string]place{}}
		for i := range rows {
			if err := p.unique(&Row{ID: strconv.Itoa(1_000_000_000 + i), Line: i}, "id"); err != nil {
				b.Fatal(err)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/rows, "B/row")
		runtime.KeepAlive(p)
	}
}

// writeLMSYS writes a file with the columns of the LMSYS competition and texts about as long as there: turns of words, line breaks, quotes,
// letters beyond ASCII and, rarely, null turns and halves of surrogate pairs.
func writeLMSYS(tb testing.TB, path string, rows int) {
	tb.Helper()
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	w := csv.NewWriter(out)
	rng := rand.New(rand.NewPCG(1, 2))
	w.Write(strings.Split("id,model_a,model_b,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie", ","))
	for i := range rows {
		turns := 1 + rng.IntN(3)/2
		winner := [3]string{"0", "0", "0"}
		winner[rng.IntN(3)] = "1"
		w.Write([]string{fmt.Sprint(30192 + 7*i), "model-a", "model-b", turnsCell(rng, turns, 60), turnsCell(rng, turns, 220),
			turnsCell(rng, turns, 220), winner[0], winner[1], winner[2]})
	}
	w.Flush()
	if err := out.Flush(); err != nil {
		tb.Fatal(err)
	}
}

func turnsCell(rng *rand.Rand, turns, words int) string {
	vocabulary := []string{"the", "model", "answers", "question", "\n", "\n\n", `"quoted"`, "naïve", "日本語", "function", "because", "however,"}
	cell := make([]string, turns)
	for t := range cell {
		var text strings.Builder
		for range 1 + rng.IntN(2*words) {
			text.WriteString(vocabulary[rng.IntN(len(vocabulary))] + " ")
		}
		raw, _ := json.Marshal(text.String())
		cell[t] = string(raw)
		switch rng.IntN(500) {
		case 0:
			cell[t] = "null"
		case 1:
			cell[t] = `"half a pair: \ud83d"`
		}
	}
	return "[" + strings.Join(cell, ",") + "]"
}

// shared is the path of a file of the shared real data; the test is skipped where it is not at hand.
func shared(tb testing.TB, name string) string {
	tb.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("the shared data is not here: %v", err)
	}
	return path
}
