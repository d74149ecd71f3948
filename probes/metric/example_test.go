package metric_test

import (
	"fmt"

	"lbprobe/probes/metric"
)

// Example follows a score forth and back: three rows predicted alike, the digits that the board shows, and what the digits tell.
func Example() {
	board := metric.Scoring{Metric: metric.LogLoss, Decimals: 3, Rounding: metric.Floor, Clip: metric.Clip64, Normalise: metric.Divide}
	q := metric.Quantise([]float64{0.5, 0.3, 0.2}, 1e-12)
	mean, err := board.Score([][]float64{q, q, q}, []int{0, 1, 0})
	if err != nil {
		fmt.Println(err)
		return
	}
	shown := metric.Show(mean, board.Decimals, board.Rounding)
	reading, err := metric.ParseReading(shown, board.Decimals)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("mean %.9f, shown as %s\n", mean, reading.Text)
	for _, r := range metric.Either.Hypotheses() {
		in := metric.ScoreInterval(reading.Value, board.Decimals, r)
		fmt.Printf("if the board's rule is %s, the mean lies between %.4f and %.4f\n", r, in.Lo, in.Hi)
	}
	// Output:
	// mean 0.863422388, shown as 0.863
	// if the board's rule is round, the mean lies between 0.8625 and 0.8635
	// if the board's rule is floor, the mean lies between 0.8630 and 0.8640
}
