package audit

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"strconv"
)

// block is an attack on the labels of a static test: every submission predicts all classes alike but for a block of rows, for which a label
// outside the first class costs δ, 2δ, 4δ, … nats more than the first. The score then spells the labels of the block in binary. It is
// taken for known which rows are public, the worst case for the host.
type block struct {
	Board
	classes int
	delta   float64 // nats
	rows    int     // of a block
}

// static fills in what blocks tell of a static test.
func (o Options) static(f *Finding, stream uint64) error {
	b := o.block(f.Board)
	f.Bits, f.Submissions = float64(b.rows), o.submissions()
	f.Labels = min(f.Board.Public, b.rows*f.Submissions)
	f.Total = float64(f.Labels)
	f.Check = o.readLabels(b, rand.New(rand.NewPCG(o.Seed, stream)))
	return nil
}

// block finds the largest block. A Ladder answers whether the best was beaten, no more: a single row can be asked whether it is of the first
// class, if being right about it is worth a step.
func (o Options) block(b Board) *block {
	out := &block{Board: b, classes: o.Classes}
	most := math.Log((1 - float64(o.Classes-1)*b.Floor) / b.Floor)
	if b.Step > 0 {
		if math.Log(float64(o.Classes))/float64(b.Public) > 2*b.Step {
			out.rows, out.delta = 1, most
		}
		return out
	}
	out.delta = float64(b.Public) * b.tick() * (b.apart(1) + 0.05)
	if out.delta <= most {
		out.rows = min(b.Public, int(math.Log2(most/out.delta))+1)
	}
	return out
}

// readLabels plays competitions in which every submission asks about a block of rows with random labels.
func (o Options) readLabels(b *block, rng *rand.Rand) Check {
	check := Check{Competitions: o.Competitions}
	if b.rows == 0 {
		return check
	}
	ask := b.ask
	if b.Step > 0 {
		ask = b.climb
	}
	for range o.Competitions {
		g := &game{board: b.open(rng), mean: math.Log(float64(o.Classes))}
		g.board.show(g.mean)
		for range min(o.submissions(), mostSends, b.Public/b.rows) {
			labels := rng.Uint64() & (1<<b.rows - 1) // 1: not of the first class
			check.Sent += b.rows
			check.Wrong += bits.OnesCount64(labels ^ ask(g, labels))
		}
	}
	return check
}

// game is one team's competition.
type game struct {
	board *screen
	mean  float64 // of the best submission so far, at first one that predicts all classes alike
}

// costs are what the rows of a block cost together, and what they would cost if all labels were of the first class.
func (b *block) costs(labels uint64) (sum, base float64) {
	for i := range b.rows {
		more := b.delta * float64(uint64(1)<<i)
		first := math.Log1p(float64(b.classes-1) * math.Exp(-more)) // -ln a, where ln(a/b) is more
		base += first
		sum += first + more*float64(labels>>i&1)
	}
	return sum, base
}

// ask submits a block and reads its labels.
func (b *block) ask(g *game, labels uint64) (read uint64) {
	n := float64(b.Public)
	sum, base := b.costs(labels)
	rest := (n - float64(b.rows)) * g.mean
	shown, _ := strconv.ParseFloat(g.board.show((rest+sum)/n), 64) // the screen shows numbers
	spelt := math.Round((shown*n - rest - base) / b.delta)
	return uint64(min(max(spelt, 0), float64(uint64(1)<<b.rows-1)))
}

// climb guesses that a row is of the first class, keeps what was right, and reads whether the best was beaten.
func (b *block) climb(g *game, label uint64) (read uint64) {
	before := g.board.best
	sum, _ := b.costs(label)
	mean := g.mean + (sum-math.Log(float64(b.classes)))/float64(b.Public)
	g.board.show(mean)
	if g.board.best == before {
		return 1
	}
	g.mean = mean
	return 0
}
