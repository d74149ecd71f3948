package audit

import (
	"math"
	"math/rand/v2"

	"lbprobe/probes/metric"
)

// screen is what a competitor sees of a board: one team's submissions.
type screen struct {
	Board
	rng  *rand.Rand
	best float64 // shown so far, for a Ladder
}

func (b Board) open(rng *rand.Rand) *screen { return &screen{b, rng, math.Inf(1)} }

// show is the text that a mean is shown as. With a Ladder (Blum and Hardt 2015) it is the best so far unless the mean beats that by more than a
// step, and is then cut to the step.
func (s *screen) show(mean float64) string {
	if s.Jitter > 0 {
		mean += s.Jitter * s.rng.NormFloat64()
	}
	if s.Step > 0 {
		if mean < s.best-s.Step {
			s.best = math.Round(mean/s.Step) * s.Step
		}
		mean = s.best
	}
	return metric.Show(max(mean, 0), s.shown(), metric.Round)
}

// shown is how many decimals tell something.
func (b Board) shown() int {
	if b.Step > 0 {
		return b.Decimals - 1
	}
	return b.Decimals
}

// tick is a unit of the last decimal that tells something.
func (b Board) tick() float64 { return math.Pow10(-b.shown()) }

// apart is how many ticks scores must lie apart to be told one from the other: one, and where the board adds noise to each of several
// readings, so much more that a reading is wrong in about one of 100,000 cases.
func (b Board) apart(readings float64) float64 {
	const sigmas = 4.4
	return 1 + 2*sigmas*math.Sqrt(readings)*b.Jitter/b.tick()
}
