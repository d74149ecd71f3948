package sim

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lbprobe/probes/board"
	"lbprobe/probes/metric"
)

// TestRealFiles scores the files of real competitors on the real labels, all rows public, against figures made with scikit-learn 1.9.1 (as
// given) and with rows divided by their sum. Board and oracle read the same bytes, and nothing else.
func TestRealFiles(t *testing.T) {
	const shared = "../../../../shared/data"
	expected, err := os.ReadFile(filepath.Join(shared, "expected_scores.csv"))
	if err != nil {
		t.Skipf("shared data is absent: %v", err)
	}
	truth := readShared(t, filepath.Join(shared, "lmsys_val/labels.csv"))
	truth.Usage = slices.Repeat([]Usage{Public}, len(truth.IDs))
	scored := 0
	for line := range strings.Lines(string(expected)) {
		field := strings.Split(strings.TrimSpace(line), ",")
		if field[2] != "multiclass_log_loss" {
			continue
		}
		file, err := os.ReadFile(filepath.Join(shared, field[0]))
		if err != nil {
			t.Fatal(err)
		}
		for column, rule := range map[int]metric.Normalise{4: metric.None, 5: metric.Divide} {
			s := scoring
			s.Normalise = rule
			row := submit(t, newBoard(t, truth, s), string(file))
			figure, err := strconv.ParseFloat(field[column], 64)
			if err != nil {
				t.Fatal(err)
			}
			if want := strconv.FormatFloat(figure, 'f', 5, 64); row.Status != board.Complete || row.Public != want {
				t.Errorf("%s, %s: %+v, want %s", field[0], rule, row, want)
			}
			scored++
		}
	}
	if scored != 10 {
		t.Errorf("scored %d files, want 5 by two rules", scored)
	}
}

func readShared(t *testing.T, path string) Truth {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	truth, err := ReadTruth(f, path, TruthColumns{ID: "id", Classes: []string{"winner_model_a", "winner_model_b", "winner_tie"}})
	if err != nil {
		t.Fatal(err)
	}
	return truth
}
