package sim_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"

	"lbprobe/probes/board"
	"lbprobe/probes/board/sim"
	"lbprobe/probes/metric"
)

// Example plays a board of five rows, three of them public, against one good and one broken file.
func Example() {
	const solution = "id,winner\n1,a\n2,b\n3,a\n4,b\n5,a\n"
	truth, err := sim.ReadTruth(strings.NewReader(solution), "truth.csv", sim.TruthColumns{ID: "id", Classes: []string{"a", "b"}, Label: "winner"})
	if err != nil {
		fmt.Println(err)
		return
	}
	truth.Usage = sim.DrawSplit(len(truth.IDs), 3, 0, rand.New(rand.NewPCG(1, 0)))
	hidden, err := sim.New(truth, metric.Scoring{Metric: metric.LogLoss, Decimals: 5, Rounding: metric.Round, Clip: metric.Clip64, Normalise: metric.Divide})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	for _, file := range []string{"id,a,b\n1,.5,.5\n2,.5,.5\n3,.5,.5\n4,.5,.5\n5,.5,.5\n", "id,a,b\n1,.5,.5\n"} {
		open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(file)), nil }
		if _, err := hidden.Submit(ctx, board.Submission{Name: "probe.csv", Open: open}); err != nil {
			fmt.Println(err)
		}
	}
	rows, _ := hidden.Scores(ctx)
	for _, r := range rows {
		fmt.Println(strings.TrimSpace(strings.Join([]string{r.Ref, r.Status, r.Public, r.Private, r.Message}, " ")))
	}
	// Output:
	// 1 COMPLETE 0.69315 0.69315
	// 2 ERROR   4 of the test's 5 rows are missing, the first has the id "2"
}
