package cli

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"lbprobe/probes/board"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/metric"
)

// writePast puts submissions of the made-up competition into the folder past and their scores into past.csv: six models that give the true class
// between a fair and a high chance. The board shows both scores of four, and the public one of the fifth and of the sixth.
func writePast(dir string) error {
	file, err := os.Open(filepath.Join(dir, "truth.csv"))
	if err != nil {
		return err
	}
	defer file.Close()
	truth, err := sim.ReadTruth(file, "truth.csv", sim.TruthColumns{ID: "id", Classes: []string{"a", "b", "c"}, Label: "label"})
	if err != nil {
		return err
	}
	b, err := sim.New(truth, metric.Scoring{Metric: metric.LogLoss, Decimals: 5, Rounding: metric.Round, Clip: metric.Clip64, Normalise: metric.Divide})
	if err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(dir, "past"), 0o777); err != nil {
		return err
	}
	for i := range 6 {
		name, text := fmt.Sprintf("model-%d.csv", i+1), pastModel(truth, rand.New(rand.NewPCG(uint64(i), 1)))
		if err := os.WriteFile(filepath.Join(dir, "past", name), []byte(text), 0o666); err != nil {
			return err
		}
		open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
		if _, err := b.Submit(context.Background(), board.Submission{Name: name, Open: open}); err != nil {
			return err
		}
	}
	shown, err := b.Scores(context.Background())
	if err != nil {
		return err
	}
	return writeShown(filepath.Join(dir, "past.csv"), shown)
}

// pastModel is a submission in which noise competes with the truth.
func pastModel(truth sim.Truth, rng *rand.Rand) string {
	var text strings.Builder
	text.WriteString("id,a,b,c\n")
	for i, id := range truth.IDs {
		var q [3]float64
		sum := 0.0
		for c := range q {
			q[c] = 0.1 + rng.Float64()
			if c == truth.Class[i] {
				q[c] += 0.5
			}
			sum += q[c]
		}
		fmt.Fprintf(&text, "%s,%.6f,%.6f,%.6f\n", id, q[0]/sum, q[1]/sum, q[2]/sum)
	}
	return text.String()
}

func writeShown(path string, shown []board.Row) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := csv.NewWriter(file)
	if err := w.Write([]string{"fileName", "publicScore", "privateScore"}); err != nil {
		return err
	}
	for i, row := range shown {
		if i >= 4 {
			row.Private = ""
		}
		if err := w.Write([]string{row.File, row.Public, row.Private}); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
