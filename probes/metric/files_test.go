package metric

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// shared is real data that is not part of the repository; its README says where it came from.
const shared = "../../../shared/data"

// expectedScores are columns of expected_scores.csv, made with scikit-learn 1.9.1: the rule each stands for, and how far the sums may
// differ. scikit-learn adds in pairs, fsum rounds once.
var expectedScores = []struct {
	column    string
	rule      Normalise
	tolerance float64
}{
	{"sklearn_1.9.1_as_given", None, 1e-15},
	{"rows_divided_by_sum", Divide, 3e-16},
	{"as_given_fsum", None, 3e-16},
}

// TestScoreRealFiles scores predictions of real models on real labels against figures made without this code.
func TestScoreRealFiles(t *testing.T) {
	scored := 0
	for _, row := range readCSV(t, "expected_scores.csv") {
		q, class := readScored(t, row)
		for _, e := range expectedScores {
			if q == nil || row[e.column] == "" {
				continue
			}
			got, err := Scoring{Metric: LogLoss, Clip: Clip64, Normalise: e.rule}.Score(q, class)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(number(t, row[e.column]), got, cmpopts.EquateApprox(e.tolerance, 0)); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", row["file"], e.column, diff)
			}
			scored++
		}
	}
	if scored != 5*3+1 {
		t.Errorf("compared %d figures, want three of every LMSYS file and one of DSB 2017", scored)
	}
}

// readScored reads the predictions and the classes of one expected score; nil for accuracies.
func readScored(t *testing.T, row map[string]string) (q [][]float64, class []int) {
	t.Helper()
	truth, file := readCSV(t, row["truth"]), readCSV(t, row["file"])
	switch row["metric"] {
	case "multiclass_log_loss":
		classes := []string{"winner_model_a", "winner_model_b", "winner_tie"}
		for i, r := range file {
			if r["id"] != truth[i]["id"] {
				t.Fatalf("row %d: ids %s and %s", i, r["id"], truth[i]["id"])
			}
			q = append(q, []float64{number(t, r[classes[0]]), number(t, r[classes[1]]), number(t, r[classes[2]])})
			class = append(class, slices.IndexFunc(classes, func(c string) bool { return truth[i][c] == "1" }))
		}
	case "binary_log_loss":
		for i, r := range file {
			p := number(t, r["cancer"])
			q = append(q, []float64{1 - p, p})
			class = append(class, int(number(t, truth[i]["cancer"])))
		}
	}
	return q, class
}

// readCSV reads a file of the shared data, a map a row.
func readCSV(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(shared, name))
	if err != nil {
		t.Skipf("shared data is absent: %v", err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
