package analysis

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// publicGame is a test whose rows are all public, asked in blocks; truth[k] is how many rows of topic k are positive.
type publicGame struct {
	input Input
	truth []int
	block []int // of each topic; -1 where it has no rows
}

// playPublic asks every block so many times; a board that floors or rounds is not told from the other.
func playPublic(t *testing.T, seed uint64, times int, rounding metric.Rounding) publicGame {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 9))
	var g publicGame
	rows := 0
	for k := range 40 {
		n := 1 + rng.IntN(3)*rng.IntN(2)
		if k == 7 {
			n = 0
		}
		rows += n
		g.input.Belief.Totals = append(g.input.Belief.Totals, n)
		positive := 0
		for range n {
			positive += rng.IntN(2)
		}
		g.truth, g.input.TrainRows = append(g.truth, positive), append(g.input.TrainRows, 1)
		g.input.Names = append(g.input.Names, fmt.Sprint("topic ", k))
	}
	g.input.Belief.Public, g.input.Belief.Split = [2]int{rows, rows}, math.Inf(1)
	g.input.Belief.Alpha = prior.FlatEvidence(40, 2)
	g.input.Certainty, g.input.FDR, g.input.PresentFrom = 0.99, 0.05, 1
	g.input.Scoring = metric.Scoring{Metric: metric.BinaryLogLoss, Decimals: 5, Rounding: metric.Either, Clip: 1e-15, Normalise: metric.Divide, Values: []float64{0, 1}}
	g.ask(t, times, rounding)
	return g
}

// ask draws the blocks and scores them, row by row.
func (g *publicGame) ask(t *testing.T, times int, rounding metric.Rounding) {
	t.Helper()
	in := &g.input
	spec := in.Belief
	spec.Groups = [][]int{{1}}
	m, err := prior.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	o := design.Options{Kind: design.Blocks, Target: design.Presence, Classes: []string{"no", "yes"}, Column: "y", Topics: 40, Scoring: in.Scoring, Floor: 1e-15}
	once, err := design.Draw(m, o)
	if err != nil {
		t.Fatal(err)
	}
	o.Count = times * len(once.Probes)
	if in.Design, err = design.Draw(m, o); err != nil {
		t.Fatal(err)
	}
	g.block = make([]int, 40)
	for k := range g.block {
		g.block[k] = -1
		for j, p := range once.Probes {
			if p.Q[k][0] != 0.5 {
				g.block[k] = j
			}
		}
	}
	for _, p := range in.Design.Probes {
		tally := in.Scoring.NewTally()
		for k, n := range in.Belief.Totals {
			for i := range n {
				class := 0
				if i < g.truth[k] {
					class = 1
				}
				if err := tally.Add(p.Q[k], class); err != nil {
					t.Fatal(err)
				}
			}
		}
		score, err := tally.Score()
		if err != nil {
			t.Fatal(err)
		}
		r, err := metric.ParseReading(metric.Show(score, 5, rounding), 5)
		if err != nil {
			t.Fatal(err)
		}
		in.Scores = append(in.Scores, Score{Probe: p.Number, Public: r})
	}
}

// positives are the counts of positive rows by topic.
func positives(r *Result) map[int]Count {
	out := map[int]Count{}
	for _, c := range r.Counts {
		if c.Split == "public" && c.Class == "!no" {
			out[c.Topic] = c
		}
	}
	return out
}

// TestBlocksAreRead: one score a block leaves one value for every count, the true one, and tells how the board rounds; a claim takes more.
func TestBlocksAreRead(t *testing.T) {
	for seed := range uint64(6) {
		rounding := []metric.Rounding{metric.Round, metric.Floor}[seed%2]
		g := playPublic(t, seed, 1, rounding)
		r, err := Analyze(g.input)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != Candidates || r.Candidates != 1 || r.Rounding != string(rounding) || r.Read != len(g.input.Design.Probes) {
			t.Errorf("seed %d: %s, %d points, %s: %s", seed, r.Status, r.Candidates, r.Rounding, r.Conclusion)
		}
		sum := 0
		for k, c := range positives(r) {
			if k == AllTopics {
				continue
			}
			sum += c.Best
			if c.Lo != g.truth[k] || c.Hi != g.truth[k] || c.Exact != (g.block[k] < 0) {
				t.Errorf("seed %d, topic %d: %+v, truly %d", seed, k, c, g.truth[k])
			}
		}
		if all := positives(r)[AllTopics]; all.Best != sum || len(r.Verdicts) != 40 || len(r.Residuals) != r.Read {
			t.Errorf("seed %d: %+v of all topics, they sum to %d; %d verdicts, %d residuals", seed, all, sum, len(r.Verdicts), len(r.Residuals))
		}
	}
}

// TestSomeBlocksAreRead: what is read is settled, where the rounding is known, while the rest is open.
func TestSomeBlocksAreRead(t *testing.T) {
	g := playPublic(t, 3, 1, metric.Round)
	g.input.Scores, g.input.Scoring.Rounding = g.input.Scores[:1], metric.Round
	r, err := Analyze(g.input)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status == Exact || r.Status == Misfit {
		t.Errorf("%s: %s", r.Status, r.Conclusion)
	}
	for k, c := range positives(r) {
		switch {
		case k == AllTopics:
		case g.block[k] == 0 && (c.Lo != g.truth[k] || c.Hi != g.truth[k]):
			t.Errorf("topic %d was read: %+v, truly %d", k, c, g.truth[k])
		case g.block[k] > 0 && c.Lo == c.Hi:
			t.Errorf("topic %d was not read: %+v", k, c)
		}
	}
}

// TestBlocksReadAgain: three scores a block meet all conditions of a claim, and one wrong digit is found.
func TestBlocksReadAgain(t *testing.T) {
	g := playPublic(t, 5, 3, metric.Floor)
	r, err := Analyze(g.input)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != Exact {
		t.Errorf("%s: %s, %+v", r.Status, r.Conclusion, r.Exactness)
	}
	for k, c := range positives(r) {
		if k != AllTopics && (!c.Exact || c.Best != g.truth[k]) {
			t.Errorf("topic %d: %+v, truly %d", k, c, g.truth[k])
		}
	}
	wrong := &g.input.Scores[1]
	wrong.Public.Value += 0.3
	wrong.Public.Text = metric.Show(wrong.Public.Value, 5, metric.Round)
	if r, err = Analyze(g.input); err != nil {
		t.Fatal(err)
	}
	if r.Status != Misfit || !strings.Contains(r.Conclusion, "fit") {
		t.Errorf("a wrong digit: %s, %s", r.Status, r.Conclusion)
	}
}

// TestPartsOnlyWhereRowsAreKnown: a test with private rows is analysed in one piece.
func TestPartsOnlyWhereRowsAreKnown(t *testing.T) {
	g := playPublic(t, 1, 1, metric.Round)
	if parts := partsOf(g.input); len(parts) != len(g.input.Design.Probes) {
		t.Errorf("%d parts of %d blocks", len(parts), len(g.input.Design.Probes))
	}
	g.input.Belief.Public[0]--
	if parts := partsOf(g.input); parts != nil {
		t.Errorf("%d parts where a row may be private", len(parts))
	}
}
