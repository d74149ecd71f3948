package submission

import (
	"bytes"
	"testing"

	"lbprobe/probes/metric"
)

// TestWriteColumn: submissions of one column hold numbers, or the names of classes.
func TestWriteColumn(t *testing.T) {
	ids, topic := []string{"1", "2", "3"}, []int32{0, 2, 1}
	predicted := [][]float64{{0}, {1}, {metric.NoClass}}
	tests := []struct {
		template Template
		q        [][]float64
		want     string
	}{
		{Template{Classes: []string{"0", "1"}, Column: "is_duplicate"}, [][]float64{{.5}, {1e-12}, {-1e10}},
			"id,is_duplicate\n1,0.5\n2,-10000000000\n3,9.9999999999999998e-13\n"},
		{Template{Classes: []string{"0", "1"}, Column: "Survived", Named: true}, predicted, "id,Survived\n1,0\n2,2\n3,1\n"},
		{Template{Classes: []string{"-1.5", "NaN"}, Column: "y", Named: true}, predicted, "id,y\n1,-1.5\n2,none\n3,NaN\n"},
		{Template{Classes: []string{"a, b", "none"}, Column: "y", Named: true}, predicted, "id,y\n1,\"a, b\"\n2,none-\n3,none\n"},
	}
	for _, test := range tests {
		test.template.IDColumn, test.template.IDs, test.template.Topic = "id", ids, topic
		var b bytes.Buffer
		if err := test.template.Write(&b, test.q); err != nil || b.String() != test.want {
			t.Errorf("%v, got\n%swant\n%s", err, b.String(), test.want)
		}
	}
}

// TestWriteColumnRefuses: a design that does not fit a submission of one column.
func TestWriteColumnRefuses(t *testing.T) {
	template := Template{IDColumn: "id", Classes: []string{"0", "1"}, Column: "y", Named: true}
	for _, test := range []struct {
		q    []float64
		want string
	}{
		{[]float64{.5, .5}, "topic 0 predicts 2 values, the submission has 1 columns"},
		{[]float64{.5}, "topic 0 predicts class 0.5, there are 2"},
		{[]float64{2}, "topic 0 predicts class 2, there are 2"},
	} {
		if err := template.Write(&bytes.Buffer{}, [][]float64{test.q}); err == nil || err.Error() != test.want {
			t.Errorf("%v: error %v, want %s", test.q, err, test.want)
		}
	}
}
