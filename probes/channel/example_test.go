package channel_test

import (
	"fmt"

	"lbprobe/probes/channel"
	"lbprobe/probes/metric"
)

// Example sends, out of a rerun with 25,000 rows, which of twenty topics the hidden test holds: two are absent and one has 2 rows. The board
// shows 3 decimals of the log loss of its 6,500 public rows.
func Example() {
	train, topics := make([]int, 20), make([]int, 20)
	for k := range train {
		train[k], topics[k] = 2500, 1470
	}
	topics[0], topics[3], topics[8], topics[17] = 1478, 0, 2, 0

	scoring := metric.Scoring{Metric: metric.LogLoss, Decimals: 3, Rounding: metric.Either, Clip: metric.Clip64, Normalise: metric.Divide}
	table, err := channel.New(channel.Options{
		Scoring: scoring, Classes: 3, Floor: 1e-12, Guard: 1.25, NotA: [2]float64{0.55, 0.8}, Constants: 1,
		Rows: [2]int{25000, 25000}, Public: [2]int{6375, 6625}, Certainty: 0.99,
		Train: train, Concentration: 400, Absent: 0.05, Stray: 0.02, Level: channel.Presence,
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	board := func(q []float64) string { // 2,000 public rows of class A, 2,300 and 2,200 of the others
		loss, _ := scoring.RowLoss(q)
		return metric.Show((2000*loss[0]+2300*loss[1]+2200*loss[2])/6500, 3, metric.Round)
	}
	scores := map[int]string{}
	reading, err := table.Decode(scores)
	for err == nil && reading.Next > 0 {
		var q []float64
		if q, err = table.Prediction(reading.Next, scores, map[string][]int{channel.Topics: topics}); err != nil {
			break
		}
		scores[reading.Next] = board(q)
		reading, err = table.Decode(scores)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d submissions; class A has %.3f of the public rows, a submission carries %.1f bits\n", len(scores), reading.Shares[0].Lo, reading.Bits)
	for k, n := range reading.Tallies[channel.Topics] {
		if n.Lo < table.Cut {
			fmt.Printf("topic %d has %d to %d rows\n", k, n.Lo, n.Hi)
		}
	}
	// Output:
	// 3 submissions; class A has 0.308 of the public rows, a submission carries 13.8 bits
	// topic 3 has 0 to 0 rows
	// topic 8 has 1 to 3 rows
	// topic 17 has 0 to 0 rows
}
