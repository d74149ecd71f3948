package topics_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/embed"
	"lbprobe/experiments/topics"
)

// shared is the folder of real data beside the repository.
var shared = filepath.Join("..", "..", "..", "shared", "data")

// clinc is CLINC150's train split without its out-of-scope rows: questions to an assistant with two labels each.
type clinc struct {
	rows             []int // place of each row among the rows that the MiniLM vectors are for
	texts            []string
	domains, intents []int32
}

// readClinc skips the test where the data is not there.
func readClinc(tb testing.TB) clinc {
	tb.Helper()
	file, err := os.Open(filepath.Join(shared, "clinc150.csv"))
	if errors.Is(err, fs.ErrNotExist) {
		tb.Skip("the real data is not beside the repository")
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var c clinc
	domain, intent, embedded := map[string]int32{}, map[string]int32{}, 0
	for _, r := range records[1:] { // id, text, intent, domain, split
		if r[4] == "train" {
			c.rows, c.texts = append(c.rows, embedded), append(c.texts, r[1])
			c.intents, c.domains = append(c.intents, groupNumber(intent, r[2])), append(c.domains, groupNumber(domain, r[3]))
		}
		if r[4] == "train" || r[4] == "oos_train" {
			embedded++
		}
	}
	return c
}

func groupNumber(seen map[string]int32, name string) int32 {
	if n, ok := seen[name]; ok {
		return n
	}
	seen[name] = int32(len(seen))
	return seen[name]
}

// minilm is the MiniLM vectors of the rows of c, computed elsewhere.
func (c clinc) minilm(tb testing.TB) blas32.General {
	tb.Helper()
	npy, err := embed.OpenNPY(filepath.Join(shared, "clinc150_train.minilm.npy"))
	if err != nil {
		tb.Fatal(err)
	}
	defer npy.Close()
	all, err := npy.Matrix()
	if err != nil {
		tb.Fatal(err)
	}
	m := blas32.General{Rows: len(c.rows), Cols: all.Cols, Stride: all.Cols}
	for _, row := range c.rows {
		m.Data = append(m.Data, all.Data[row*all.Stride:row*all.Stride+all.Cols]...)
	}
	return m
}

// tfidf is the built-in vectors of the rows of c, fitted on them.
func (c clinc) tfidf(tb testing.TB, seed uint64) blas32.General {
	tb.Helper()
	t, err := embed.FitTFIDF(c.texts, embed.TFIDFOptions{Seed: seed})
	if err != nil {
		tb.Fatal(err)
	}
	m, err := t.Embed(c.texts)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// BenchmarkNMI reports how well topics match the labels that people gave to the same rows, averaged over the seeds run:
//
//	go test ./experiments/topics -run '^$' -bench NMI -benchtime 3x
func BenchmarkNMI(b *testing.B) {
	c := readClinc(b)
	for _, source := range []struct {
		name  string
		embed func(seed uint64) blas32.General
	}{
		{"tfidf-svd", func(seed uint64) blas32.General { return c.tfidf(b, seed) }},
		{"minilm", func(uint64) blas32.General { return c.minilm(b) }},
	} {
		for _, task := range []struct {
			name  string
			truth []int32
			k     int
		}{{"domains", c.domains, 10}, {"domains", c.domains, 20}, {"intents", c.intents, 150}} {
			b.Run(fmt.Sprintf("embed=%s/labels=%s/k=%d", source.name, task.name, task.k), func(b *testing.B) {
				nmi, seed := 0.0, uint64(0)
				for b.Loop() {
					seed++
					r, err := topics.Fit(source.embed(seed), topics.Options{K: task.k, Seed: seed, Restarts: 4})
					if err != nil {
						b.Fatal(err)
					}
					nmi += topics.NMI(r.Assignment, task.truth)
				}
				b.ReportMetric(nmi/float64(b.N), "NMI")
			})
		}
	}
}
