package sim

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/probes/board"
	"lbprobe/probes/metric"
)

// five is a test whose submissions have one column: three public rows, two private.
func five(classes ...string) Truth {
	return Truth{IDColumn: "id", Column: "y", Classes: classes, IDs: []string{"r1", "r2", "r3", "r4", "r5"},
		Class: []int{0, 1, 1, 0, 1}, Usage: []Usage{Public, Public, Public, Private, Private}}
}

// TestOneColumn scores files of one column by hand.
func TestOneColumn(t *testing.T) {
	half := "y,id\n0.5,r1\n0.5,r5\n0.5,r4\n0.5,r3\n0.25,r2\n"
	tests := []struct {
		metric          metric.Metric
		truth           Truth
		file            string
		public, private string
		message         string
	}{
		{metric.BinaryLogLoss, five("0", "1"), half, "0.9242", "0.6931", ""}, // (2 ln 2 + ln 4)/3
		{metric.Brier, five("0", "1"), half, "0.3542", "0.2500", ""},         // (.25 + .25 + .5625)/3
		{metric.MAE, five("2", "4"), half, "2.9167", "2.5000", ""},           // (1.5 + 3.75 + 3.5)/3
		{metric.MSE, five("2", "4"), half, "9.5208", "7.2500", ""},           // (2.25 + 12.25 + 14.0625)/3
		{metric.RMSE, five("2", "4"), half, "3.0856", "2.6926", ""},          // their roots
		{metric.AUC, five("0", "1"), half, "0.2500", "0.5000", ""},           // one pair tied, one the wrong way round
		{metric.Accuracy, five("0", "1"), "id,y\nr1,0\nr2,1.0\nr3,0\nr4,2\nr5,1\n", "0.6667", "0.5000", ""},
		{metric.Accuracy, five("EAP", "HPL"), "id,y\nr1,EAP\nr2,HPL\nr3,none\nr4,EAP\nr5,HPL\n", "0.6667", "1.0000", ""},
		{metric.Accuracy, five("EAP", "HPL"), "id,y\nr1,EAP\nr2,\nr3,HPL\nr4,EAP\nr5,HPL\n", "", "", `line 3: column "y" holds "", not a number`},
		{metric.MAE, five("2", "4"), "id,y\nr1,a\n", "", "", `line 2: column "y" holds "a", not a number`},
		{metric.MAE, five("2", "4"), "id,2,4\nr1,0,1\n", "", "", `the file has no column "y"`},
		{metric.Brier, five("0", "1"), "id,y\nr1,0\nr2,1\nr3,1.5\nr4,0\nr5,1\n", "", "", `id "r3": 1.5 is outside [0, 1]`},
		{metric.MAE, Truth{IDColumn: "id", Column: "y", IDs: []string{"r1", "r2"}, Number: []float64{-1.5, 7}, Usage: []Usage{Public, Private}},
			"id,y\nr2,7.25\nr1,1\n", "2.5000", "0.2500", ""},
	}
	for _, test := range tests {
		s := scoring
		s.Metric, s.Decimals = test.metric, 4
		row := submit(t, newBoard(t, test.truth, s), test.file)
		want := board.Row{Ref: "1", File: "p.csv", Description: "[tag]", Status: board.Complete, Public: test.public, Private: test.private, Message: test.message}
		if test.message != "" {
			want.Status = board.Error
		}
		if diff := cmp.Diff(want, row); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.metric, diff)
		}
	}
}

// TestColumnsAndMetricsMustFit: a board is refused where its metric can't score such files.
func TestColumnsAndMetricsMustFit(t *testing.T) {
	numbers := Truth{IDColumn: "id", Column: "y", IDs: []string{"r"}, Number: []float64{1}, Usage: []Usage{Public}}
	tests := []struct {
		metric metric.Metric
		truth  Truth
		fail   string
	}{
		{metric.LogLoss, five("0", "1"), "the simulated board can't score this: log-loss takes one column a class"},
		{metric.Accuracy, small(), "the simulated board can't score this: accuracy takes one column, not one a class"},
		{metric.AUC, five("a", "b", "c"), "the simulated board can't score this: auc of one column is for two classes, not 3"},
		{metric.RMSE, five("a", "b"), `the simulated board can't score this: rmse measures distances, and the class "a" is not a number`},
		{metric.Accuracy, numbers, "the simulated board can't score this: accuracy does not measure numbers in one column"},
	}
	for _, test := range tests {
		s := scoring
		s.Metric = test.metric
		if _, err := New(test.truth, s); err == nil || err.Error() != test.fail {
			t.Errorf("%s: %v, want %s", test.metric, err, test.fail)
		}
	}
}

// TestTitanicFiles hands in the files of a real competitor as they are: the board shows what Kaggle showed in 2025, over all 418 rows and floored.
// One shown score has lost its last zero.
func TestTitanicFiles(t *testing.T) {
	const shared = "../../../../shared/data/titanic"
	file, err := os.Open(filepath.Join(shared, "lb_scores.csv"))
	if err != nil {
		t.Skipf("shared data is absent: %v", err)
	}
	defer file.Close()
	shown, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	truth := readTruthFile(t, filepath.Join(shared, "truth.csv"),
		TruthColumns{ID: "PassengerId", Classes: []string{"0", "1"}, Label: "Survived", Column: "Survived"})
	truth.Usage = slices.Repeat([]Usage{Public}, len(truth.IDs))
	s := scoring
	s.Metric, s.Rounding = metric.Accuracy, metric.Floor
	b := newBoard(t, truth, s)
	for _, line := range shown[1:] {
		text, err := os.ReadFile(filepath.Join(shared, "submissions", line[0]))
		if err != nil {
			t.Fatal(err)
		}
		if row := submit(t, b, string(text)); row.Status != board.Complete || strings.TrimRight(row.Public, "0") != strings.TrimRight(line[1], "0") {
			t.Errorf("%s: %+v, want %s", line[0], row, line[1])
		}
	}
	if len(shown) != 10 {
		t.Errorf("%d scores, want 9", len(shown)-1)
	}
}

// TestDSB2017File scores the sample submission of the Data Science Bowl 2017 on its solution, whose column Usage makes all rows public.
func TestDSB2017File(t *testing.T) {
	const shared = "../../../../shared/data/dsb2017"
	text, err := os.ReadFile(filepath.Join(shared, "stage1_sample_submission.csv"))
	if err != nil {
		t.Skipf("shared data is absent: %v", err)
	}
	truth := readTruthFile(t, filepath.Join(shared, "stage1_solution.csv"),
		TruthColumns{ID: "id", Classes: []string{"0", "1"}, Label: "cancer", Column: "cancer"})
	s := scoring
	s.Metric = metric.BinaryLogLoss
	if row := submit(t, newBoard(t, truth, s), string(text)); row.Public != "0.69315" || row.Private != "" {
		t.Errorf("%+v, want 0.69315", row)
	}
}

func readTruthFile(t *testing.T, path string, c TruthColumns) Truth {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	truth, err := ReadTruth(f, path, c)
	if err != nil {
		t.Fatal(err)
	}
	return truth
}

// TestReadTruthNumbers reads a truth of numbers.
func TestReadTruthNumbers(t *testing.T) {
	c := TruthColumns{ID: "id", Label: "price", Column: "price"}
	got, err := ReadTruth(strings.NewReader("price,id\n1.5,a\n-2,b\n"), "t.csv", c)
	want := Truth{IDColumn: "id", Column: "price", IDs: []string{"a", "b"}, Number: []float64{1.5, -2}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	_, err = ReadTruth(strings.NewReader("price,id\ndear,a\n"), "t.csv", c)
	if err == nil || err.Error() != `t.csv:2: price: "dear" is not a number. Correct the row, or mark it Ignored in a column Usage` {
		t.Errorf("%v", err)
	}
}
