package audit

import (
	"errors"
	"math"
	"math/rand/v2"

	"lbprobe/probes/channel"
	"lbprobe/probes/metric"
)

// line is a score channel over a board, one number a submission after the constant that reads the class shares.
type line struct {
	Board
	table  *channel.Table
	width  int // levels of the table that one number takes
	sends  int // submissions that are worth making
	ranges int // a Ladder shows what is lower than before: that many ranges of levels, one a submission
}

// hidden fills in what a score channel tells of a hidden test.
func (o Options) hidden(f *Finding, stream uint64) error {
	l, err := o.line(f.Board)
	if errors.Is(err, channel.ErrNarrow) {
		f.Check.Competitions = o.Competitions
		return nil
	}
	if err != nil {
		return err
	}
	numbers := l.numbers(l.table.NumbersAt(o.notA()))
	f.Bits, f.Submissions = math.Log2(float64(max(1, numbers))), l.sends
	f.Total = f.Bits * float64(l.sends)
	f.Cut = channel.PresenceCut(float64(f.Board.Public)/float64(o.Rows), certainty)
	message := max(0, f.Total-math.Log2(channel.ShortCheck))
	f.Verdicts, f.Counts = int(message/math.Log2(3)), int(message/math.Log2(float64(o.Rows+1)))
	f.Check = o.sendNumbers(l, rand.New(rand.NewPCG(o.Seed, stream)))
	return nil
}

// notA is the share of public rows outside the rarest class, near that of classes that are all alike.
func (o Options) notA() float64 { return min(1-1/float64(o.Classes), 0.93) }

// spread is how far the share may be from that in a simulated competition.
const spread = 0.05

// line sets up the channel. Over a Ladder there is a best number of submissions: k of them have a k-th of the levels each.
func (o Options) line(b Board) (*line, error) {
	between := [2]float64{o.notA() - spread - 0.01, o.notA() + spread + 0.01}
	t, err := channel.New(channel.Options{
		Scoring: metric.Scoring{Metric: metric.LogLoss, Decimals: b.shown(), Rounding: metric.Round, Clip: b.Floor, Normalise: metric.Divide},
		Classes: o.Classes, Floor: b.Floor, Guard: 1.25, NotA: between, Constants: 1, Rows: [2]int{o.Rows, o.Rows},
		Public: [2]int{b.Public, b.Public}, Certainty: certainty, Train: []int{1, 1}, Concentration: 2, Level: channel.Presence,
	})
	if err != nil {
		return nil, err
	}
	l := &line{Board: b, table: t, width: int(math.Ceil(b.apart(2))), sends: max(0, o.submissions()-1), ranges: 1}
	if b.Step > 0 {
		levels, most := t.NumbersAt(o.notA()), 0.0
		for k := 1; k <= l.sends; k++ {
			l.ranges = k
			if bits := float64(k) * math.Log2(float64(max(1, l.numbers(levels)))); bits > most {
				most = bits
			} else if most > 0 {
				l.ranges = k - 1
				break
			}
		}
		l.sends = l.ranges
	}
	return l, nil
}

// margin is how many levels lie between the ranges over a Ladder, so that every score beats the last one by more than a step.
const margin = 2

// numbers is how many numbers a submission may send.
func (l *line) numbers(levels int) int {
	if l.Step > 0 {
		return max(0, levels/l.ranges-margin)
	}
	return levels / l.width
}

// mostSends bounds the submissions of a simulated competition.
const mostSends = 25

// sendNumbers plays competitions in which every submission sends a random number.
func (o Options) sendNumbers(l *line, rng *rand.Rand) Check {
	check := Check{Competitions: o.Competitions}
	for range o.Competitions {
		notA := math.Round((o.notA()+spread*(2*rng.Float64()-1))*float64(l.Public)) / float64(l.Public)
		board := l.open(rng)
		constant, _ := l.table.Prediction(1, nil, nil) // a constant needs no scores and no counts
		scores := map[int]string{1: board.show(l.mean(constant, notA))}
		levels := l.table.Numbers(scores)
		numbers := l.numbers(levels)
		for i := range min(l.sends, mostSends) {
			if numbers < 2 {
				break
			}
			check.Sent++
			if sent := rng.IntN(numbers); l.send(board, scores, notA, i, sent) != sent {
				check.Wrong++
			}
		}
	}
	return check
}

// send sends the i-th number and returns what is read; -1 where that is none.
func (l *line) send(board *screen, scores map[int]string, notA float64, i, number int) int {
	bottom := 0
	if l.Step > 0 { // the highest range first
		bottom = (l.ranges - 1 - i) * (l.table.Numbers(scores) / l.ranges)
	}
	q, err := l.table.Send(scores, bottom+number*l.width+l.width/2)
	if err != nil {
		return -1
	}
	scores[2] = board.show(l.mean(q, notA))
	read, ok := l.table.Receive(scores, 2)
	if !ok {
		return -1
	}
	return (read - bottom) / l.width
}

// mean is the score of a prediction for all rows.
func (l *line) mean(q []float64, notA float64) float64 {
	return -(1-notA)*math.Log(q[0]) - notA*math.Log(q[1])
}
