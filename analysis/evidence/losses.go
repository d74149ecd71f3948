package evidence

import (
	"fmt"
	"math"

	"lbprobe/probes/metric"
)

// Losses turns the predictions of a file, rows × classes, into losses of the same shape by the board's rules of clipping and normalising. The
// error names the row, counted from 1, that the board would refuse or that costs infinitely much.
func Losses(s metric.Scoring, predictions [][]float64) ([][]float64, error) {
	loss := make([][]float64, len(predictions))
	for i, q := range predictions {
		l, err := s.RowLoss(q)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i+1, err)
		}
		for _, v := range l {
			if math.IsInf(v, 0) {
				return nil, fmt.Errorf("row %d: a class predicted at 0 costs infinitely much where nothing is clipped", i+1)
			}
		}
		loss[i] = l
	}
	return loss, nil
}

// Errors turns predicted labels, each in 0 … classes-1, into losses, rows × classes: 0 for the class that was predicted and 1 for the others.
// Their mean is 1 - accuracy, of which [ErrorInterval] gives the interval.
func Errors(labels []int, classes int) ([][]float64, error) {
	loss := make([][]float64, len(labels))
	for i, label := range labels {
		if label < 0 || label >= classes {
			return nil, fmt.Errorf("row %d: label %d is none of the %d classes", i+1, label, classes)
		}
		loss[i] = make([]float64, classes)
		for c := range loss[i] {
			if c != label {
				loss[i][c] = 1
			}
		}
	}
	return loss, nil
}

// ErrorInterval is the interval of 1 - accuracy for an interval of the accuracy.
func ErrorInterval(accuracy metric.Interval) metric.Interval {
	return metric.Interval{Lo: 1 - accuracy.Hi, Hi: 1 - accuracy.Lo}
}
