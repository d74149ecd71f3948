package channel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"lbprobe/probes/metric"
)

// boards are the scorings that carry a channel.
func boards() map[string]Options {
	out := map[string]Options{}
	for _, decimals := range []int{2, 3, 4, 5, 6, 7} {
		for _, rounding := range []metric.Rounding{metric.Either, metric.Round, metric.Floor} {
			o := lmsys(Presence, decimals)
			o.Scoring.Rounding = rounding
			out[fmt.Sprintf("log-loss/%d/%s", decimals, rounding)] = o
		}
	}
	two := lmsys(Presence, 5)
	two.Scoring.Metric, two.Scoring.Values, two.Classes, two.Guard = metric.BinaryLogLoss, []float64{0, 1}, 2, 1.1
	out["binary"] = two
	two.Scoring.Values = []float64{1, 0}
	out["binary, A positive"] = two
	brier := lmsys(Presence, 5)
	brier.Scoring.Metric = metric.Brier
	out["brier"] = brier
	brier.Scoring.Values, brier.Classes, brier.Guard = []float64{1, 0}, 2, 3
	out["brier, one column"] = brier
	return out
}

// submitted is the row of a prediction as the board's file has it.
func submitted(s metric.Scoring, q []float64) []float64 {
	if s.Values == nil {
		return q
	}
	if s.Values[0] == 1 {
		return q[:1]
	}
	return q[1:]
}

// TestLevelsApart: whatever the share of A that the first score leaves open, its edges included, whichever the rounding, and though the
// prediction's b is off by thousands of units in its last place, the board shows a tick of the level that was aimed at.
func TestLevelsApart(t *testing.T) {
	for name, o := range boards() {
		table, _, err := draft(o)
		if err != nil {
			t.Fatal(name, err)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		mean := func(q []float64, notA float64) float64 {
			loss, err := o.Scoring.RowLoss(submitted(o.Scoring, q))
			if err != nil {
				t.Fatal(name, err)
			}
			return loss[0]*(1-notA) + loss[1]*notA
		}
		constant := table.row(0, table.Floor)
		for range 40 {
			top := int(mean(constant, 0.56+0.23*rng.Float64()) / table.unit())
			l := table.ladder(top)
			for _, i := range []int{0, l.count() - 1, rng.IntN(l.count()), rng.IntN(l.count())} {
				q := table.levelRow(l, i, top)
				q = table.row(0, q[1]*(1+1e-12*(rng.Float64()-0.5)))
				for _, rounding := range o.Scoring.Rounding.Hypotheses() {
					for _, offset := range []float64{1e-4, 0.5, 1 - 1e-4} { // of the true mean in the interval that shows top
						at := float64(top) + offset
						if rounding == metric.Round {
							at -= 0.5
						}
						notA := table.share(at)
						if got := metric.Show(mean(constant, notA), table.Decimals, rounding); got != metric.Show((float64(top)+0.01)*table.unit(), table.Decimals, metric.Floor) {
							t.Fatalf("%s: the constant shows %s, not %d ticks", name, got, top)
						}
						tick, err := table.tick(map[int]string{1: metric.Show(mean(q, notA), table.Decimals, rounding)}, 1)
						if err != nil {
							t.Fatal(name, err)
						}
						if got, ok := l.at(tick); !ok || got != i {
							t.Errorf("%s, %s: level %d of %d shows %d, which is level %d (%v)", name, rounding, i, l.count(), tick, got, ok)
						}
					}
				}
			}
		}
	}
}

// TestLadder: levels are a partition of the ticks they cover, in order, and level and at are inverse.
func TestLadder(t *testing.T) {
	for name, o := range boards() {
		if o.Scoring.Decimals > 4 {
			continue
		}
		for _, guard := range []float64{1.1, 1.25, 2, 7.3} {
			o.Guard = guard
			table, _, err := draft(o)
			if err != nil {
				t.Fatal(err)
			}
			for _, top := range []int{table.First, table.First + 1, 3 * table.First, 20 * table.First} {
				l, next := table.ladder(top), table.First
				for i := range l.count() {
					from, width := l.level(i)
					if from != next || from+width > top {
						t.Fatalf("%s, guard %v: level %d covers %d to %d, the last ended at %d, the top is %d", name, guard, i, from, from+width, next, top)
					}
					for tick := from; tick < from+width; tick++ {
						if got, ok := l.at(tick); !ok || got != i {
							t.Fatalf("%s: tick %d is of level %d, not %d", name, tick, got, i)
						}
					}
					next += width
				}
				if _, ok := l.at(next); ok {
					t.Errorf("%s: a level beyond the last", name)
				}
			}
		}
	}
}

// TestBits holds the capacity to the goals where not-A rows are at least 60 %: 13 bits at 3 decimals, 19 at 5.
func TestBits(t *testing.T) {
	for decimals, want := range map[int]float64{3: 13, 5: 19} {
		table, _, err := draft(lmsys(Presence, decimals))
		if err != nil {
			t.Fatal(err)
		}
		for _, notA := range []float64{0.6, 2.0 / 3, 0.75} {
			if bits := math.Log2(float64(table.NumbersAt(notA))); bits < want {
				t.Errorf("%d decimals, not-A share %.2f: %.2f bits, want %v", decimals, notA, bits, want)
			} else {
				t.Logf("%d decimals, not-A share %.2f: %.2f bits", decimals, notA, bits)
			}
		}
	}
}
