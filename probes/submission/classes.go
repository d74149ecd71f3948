package submission

import (
	"math"
	"slices"
	"strconv"

	"lbprobe/probes/metric"
)

// isClass tells whether a prediction stands for a class, or for none.
func (t Template) isClass(v float64) bool {
	return v == metric.NoClass || v == math.Trunc(v) && v >= 0 && v < float64(len(t.Classes))
}

// className is what a file says for the index of a class. No class is a name that none of them has: the next number where all are numbers, so
// that a board which reads numbers can read it.
func (t Template) className(v float64) string {
	if v != metric.NoClass {
		return t.Classes[int(v)]
	}
	if most, ok := greatest(t.Classes); ok {
		return strconv.FormatFloat(math.Floor(most)+1, 'f', -1, 64)
	}
	name := "none"
	for slices.Contains(t.Classes, name) {
		name += "-"
	}
	return name
}

// greatest is the greatest of classes that are all numbers.
func greatest(classes []string) (most float64, ok bool) {
	most = math.Inf(-1)
	for _, class := range classes {
		v, err := strconv.ParseFloat(class, 64)
		if err != nil || math.Abs(v) > 1<<50 { // a name such as nan or 1e300 has no next number
			return 0, false
		}
		most = max(most, v)
	}
	return most, !math.IsNaN(most)
}
