package channel

import (
	"maps"
	"math/rand/v2"
	"testing"

	"lbprobe/probes/metric"
)

// lmsys is the reference competition.
func lmsys(level Level, decimals int) Options {
	train := make([]int, 20)
	for k := range train {
		train[k] = 1000 + 200*k
	}
	return Options{
		Scoring: metric.Scoring{Metric: metric.LogLoss, Decimals: decimals, Rounding: metric.Either, Clip: metric.Clip64, Normalise: metric.Divide},
		Classes: 3, Floor: 1e-12, Guard: 1.25, NotA: [2]float64{0.55, 0.8}, Constants: 1, Rows: [2]int{25000, 25000}, Public: [2]int{6375, 6625},
		Certainty: 0.99, Train: train, Concentration: 400, Absent: 0.05, Stray: 0.02, Level: level,
	}
}

// game is a competition whose board counts.
type game struct {
	table    *Table
	scoring  metric.Scoring
	classes  []int // public rows
	tallies  map[string][]int
	rounding metric.Rounding
}

// show is what the board shows of a prediction.
func (g game) show(t *testing.T, q []float64) string {
	t.Helper()
	loss, err := g.scoring.RowLoss(submitted(g.scoring, q))
	if err != nil {
		t.Fatal(err)
	}
	sum, n := 0.0, 0
	for c, rows := range g.classes {
		sum += float64(rows) * loss[c]
		n += rows
	}
	return metric.Show(sum/float64(n), g.scoring.Decimals, g.rounding)
}

// play submits until the decoder wants no more.
func (g game) play(t *testing.T) (*Reading, map[int]string) {
	t.Helper()
	scores := map[int]string{}
	for range 100 {
		r, err := g.table.Decode(scores)
		if err != nil {
			t.Fatal(err)
		}
		if r.Next == 0 || r.Rejected != "" {
			return r, scores
		}
		q, err := g.table.Prediction(r.Next, maps.Clone(scores), g.tallies)
		if err != nil {
			t.Fatal(err)
		}
		scores[r.Next] = g.show(t, q)
	}
	t.Fatal("no end after 100 submissions")
	return nil, nil
}

func newGame(t *testing.T, o Options, rng *rand.Rand) game {
	t.Helper()
	table, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	n := o.Public[0] + rng.IntN(o.Public[1]-o.Public[0]+1)
	a := int(float64(n) * (0.28 + 0.1*rng.Float64()))
	b := (n - a) / 2
	return game{table, o.Scoring, []int{a, b, n - a - b}, o.Draw(rng), []metric.Rounding{metric.Round, metric.Floor}[rng.IntN(2)]}
}
