package topics

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/blas/blas32"
)

// matrixOf makes a matrix of its rows.
func matrixOf(rows ...[]float32) blas32.General {
	m := newMatrix(len(rows), len(rows[0]))
	for i, row := range rows {
		copy(rowOf(m, i), row)
	}
	return m
}

func TestDiffers(t *testing.T) {
	book := &Codebook{Centroids: matrixOf([]float32{1, 0}, []float32{0, 1}), OtherRadius: math.Inf(1)}
	reference := matrixOf([]float32{1, 0.1}, []float32{1, 1.001}, []float32{0, 0})
	tests := []struct {
		name  string
		again blas32.General
		want  string
	}{
		{"the same", reference, ""},
		{"scaled", matrixOf([]float32{2, 0.2}, []float32{2, 2.002}, []float32{0, 0}), ""},
		{"a tie falls the other way", matrixOf([]float32{1, 0.1}, []float32{1.001, 1}, []float32{0, 0}), ""},
		{"turned", matrixOf([]float32{1, 0.1}, []float32{1, 0.9}, []float32{0, 0}), "reference text 1 has the cosine 0.99"},
		{"moved beyond a border", matrixOf([]float32{1, 0.1}, []float32{1, 1.001}, []float32{0, 1}), "reference text 2 has the cosine 0.0000"},
		{"not a number", matrixOf([]float32{float32(math.NaN()), 0.1}, []float32{1, 1.001}, []float32{0, 0}), "reference text 0 has the cosine NaN"},
		{"a row short", matrixOf([]float32{1, 0.1}), "1×2 vectors in place of 3×2"},
	}
	for _, test := range tests {
		if got := book.Differs(reference, test.again); !strings.HasPrefix(got, test.want) || (test.want == "") != (got == "") {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	// The same direction at another length may still be another topic.
	near := &Codebook{Centroids: matrixOf([]float32{1, 0}, []float32{10, 0}), OtherRadius: math.Inf(1)}
	if got := near.Differs(matrixOf([]float32{2, 0}), matrixOf([]float32{9, 0})); got != "reference text 0 goes to topic 1 in place of 0" {
		t.Errorf("another topic: %q", got)
	}
}
