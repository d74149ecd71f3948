package topics

import (
	"encoding/binary"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/internal/fault"
)

// check refuses options and rows that Fit can do nothing sensible with.
func check(x blas32.General, o Options) error {
	switch {
	case o.K < 1:
		return &fault.Error{Field: "topics.k", Msg: fmt.Sprintf("%d topics", o.K), Fix: "Set k to 1 or more"}
	case o.K > x.Rows:
		return tooFew(o.K, x.Rows, "rows")
	case x.Cols < 1:
		return &fault.Error{Field: "embedding", Msg: "the vectors have no columns", Fix: "Give at least one number a row"}
	case o.Restarts < 0:
		return negative("topics.restarts", o.Restarts)
	case o.MaxIter < 0:
		return negative("topics.max_iter", o.MaxIter)
	case o.Sample < 0:
		return negative("topics.sample", o.Sample)
	case o.Sample > 0 && o.Sample < o.K:
		return tooFew(o.K, o.Sample, "rows in the sample")
	case !(o.Other >= 0 && o.Other <= 1):
		return &fault.Error{Field: "topics.other", Msg: fmt.Sprintf("%v is not a quantile", o.Other), Fix: "Give a number above 0 and at most 1"}
	}
	if o.Init != nil {
		if err := checkInit(*o.Init, o.K, x.Cols); err != nil {
			return err
		}
	}
	return checkFinite(x, "embedding")
}

func tooFew(k, have int, what string) error {
	return &fault.Error{Field: "topics.k", Msg: fmt.Sprintf("%d topics, but only %d %s", k, have, what), Fix: fmt.Sprintf("Set k to at most %d", have)}
}

func negative(field string, n int) error {
	return &fault.Error{Field: field, Msg: fmt.Sprintf("%d is negative", n), Fix: "Give 0 for the default, or a positive number"}
}

func checkInit(init blas32.General, k, cols int) error {
	if init.Rows != k || init.Cols != cols {
		return &fault.Error{
			Field: "init", Msg: fmt.Sprintf("the starting centroids are %d×%d", init.Rows, init.Cols),
			Fix: fmt.Sprintf("Give %d×%d: one row a topic, as wide as the vectors", k, cols),
		}
	}
	return checkFinite(init, "init")
}

// checkFinite refuses NaN and infinities, naming the first row (from 0) that has one.
func checkFinite(x blas32.General, field string) error {
	for i := range x.Rows {
		for j, v := range rowOf(x, i) {
			if v-v != 0 { // true of NaN and ±Inf alone
				return &fault.Error{
					Field: field, Msg: fmt.Sprintf("row %d (from 0), column %d is %v", i, j, v), Fix: "Embed that text again, or leave the row out",
				}
			}
		}
	}
	return nil
}

// checkDistinct refuses more clusters than there are different rows. It stops as soon as k are found, so it holds at most k keys.
func checkDistinct(x blas32.General, k int) error {
	seen := make(map[string]struct{}, k)
	key := make([]byte, 4*x.Cols)
	for i := range x.Rows {
		for j, v := range rowOf(x, i) {
			binary.LittleEndian.PutUint32(key[4*j:], math.Float32bits(v+0)) // -0 is the same place as 0
		}
		seen[string(key)] = struct{}{}
		if len(seen) == k {
			return nil
		}
	}
	return tooFew(k, len(seen), "distinct rows")
}
