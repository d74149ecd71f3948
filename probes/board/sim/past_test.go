package sim

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/probes/metric"
)

// TestReadSubmission: rows come back in the order of the ids, columns in that of the classes, without classes or a split.
func TestReadSubmission(t *testing.T) {
	classes := Truth{IDColumn: "id", Classes: []string{"a", "b"}, IDs: []string{"r1", "r2"}}
	column := Truth{IDColumn: "id", Column: "y", Classes: []string{"EAP", "HPL"}, IDs: []string{"r1", "r2"}}
	twice := Truth{IDColumn: "id", Classes: []string{"a", "b"}, IDs: []string{"r1", "r1"}}
	tests := []struct {
		truth  Truth
		metric metric.Metric
		file   string
		want   [][]float64
		fail   string
	}{
		{classes, metric.LogLoss, "b,id,a\n0.25,r2,0.75\n1,r1,0\n", [][]float64{{0, 1}, {0.75, 0.25}}, ""},
		{column, metric.Accuracy, "id,y\nr2,EAP\nr1,none\n", [][]float64{{metric.NoClass}, {0}}, ""},
		{classes, metric.LogLoss, "id,a,b\nr1,0,1\n", nil, `1 of the test's 2 rows are missing, the first has the id "r2"`},
		{twice, metric.LogLoss, "id,a,b\nr1,0,1\n", nil, `the test has two rows with the id "r1"`},
	}
	for _, test := range tests {
		got, err := ReadSubmission(strings.NewReader(test.file), test.truth, test.metric)
		if message := text(err); message != test.fail {
			t.Errorf("%q: error %q, want %q", test.file, message, test.fail)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.file, diff)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
