package calibration

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"

	"lbprobe/analysis"
	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// competition is one truth: rows by topic and class.
type competition struct {
	*world
	game    int
	totals  []int // test rows of each topic
	public  [][]int
	private [][]int
	scores  []analysis.Score // of every probe of the design
}

// play draws the truth of one game and has the board score every probe.
func (w *world) play(game int) (*competition, error) {
	rng := w.stream(w.seed, w.number, game)
	c := &competition{world: w, game: game}
	c.totals = w.sizes(rng)
	public := w.split(c.totals, w.publicRows(rng), rng)
	for k, share := range w.shares(rng) {
		c.public = append(c.public, apportion(public[k], share, rng))
		c.private = append(c.private, apportion(c.totals[k]-public[k], share, rng))
	}
	for _, p := range w.input.Design.Probes {
		r, err := c.score(p)
		if err != nil {
			return nil, err
		}
		c.scores = append(c.scores, analysis.Score{Probe: p.Number, Public: r})
	}
	return c, nil
}

// publicRows draws n from its range.
func (w *world) publicRows(rng *rand.Rand) int {
	r := w.input.Belief.Public
	return r[0] + rng.IntN(r[1]-r[0]+1)
}

// sizes are the test rows of each topic: drawn, if the test is hidden, from the shares of the topics that are there.
func (w *world) sizes(rng *rand.Rand) []int {
	if !w.Hidden {
		return w.totals
	}
	evidence := make([]float64, w.Topics)
	for k := range evidence {
		for _, a := range w.truth[k] {
			evidence[k] += a
		}
		if absent := w.Truth == TopicsAbsent && k < 3; absent || w.Truth != TopicsAbsent && rng.Float64() < prior.Absent {
			evidence[k] = 0
		}
	}
	share := dirichlet(evidence, rng)
	if w.Truth == TopicsShifted {
		total := 1.0
		for k := range 3 {
			total += 2 * share[k]
			share[k] *= 3
		}
		for k := range share {
			share[k] /= total
		}
	}
	return apportion(w.rows(), share, rng)
}

// shares draws the true class shares of every topic.
func (w *world) shares(rng *rand.Rand) [][]float64 {
	var out [][]float64
	for k, alpha := range w.truth {
		p := dirichlet(alpha, rng)
		switch {
		case w.Truth == SingleClass && k < 3:
			p = make([]float64, w.Classes)
			p[k%w.Classes] = 1
		case w.Truth == SharesShifted:
			total := 1 + 2*p[0]
			p[0] *= 3
			for c := range p {
				p[c] /= total
			}
		}
		out = append(out, p)
	}
	return out
}

// split draws n rows for the public part, without replacement, rows of topic k by their weight, and counts them by topic (Efraimidis and
// Spirakis 2006: the n smallest of exponential variables divided by the weights).
func (w *world) split(totals []int, n int, rng *rand.Rand) []int {
	type row struct {
		topic int
		key   float64
	}
	var rows []row
	for k, total := range totals {
		weight := w.weight(k, rng)
		for range total {
			rows = append(rows, row{k, rng.ExpFloat64() / weight})
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.key, b.key) })
	public := make([]int, w.Topics)
	for _, r := range rows[:n] {
		public[r.topic]++
	}
	return public
}

// weight is how much likelier than others the rows of a topic are to be public; 1 for a random split.
func (w *world) weight(k int, rng *rand.Rand) float64 {
	switch {
	case w.Truth == WhollyPublic && k == 0:
		return math.Inf(1)
	case w.Truth == Strata && k%2 == 0:
		return 20
	case w.Truth == Varying:
		return math.Exp2(2*rng.Float64() - 1)
	}
	return 1
}

// score is the board: the losses of all public rows, summed without rounding, over n, shown to the last decimal.
func (c *competition) score(p design.Probe) (metric.Reading, error) {
	const bits = 300
	total, n := new(big.Float).SetPrec(bits), 0
	for k, counts := range c.public {
		loss, err := c.input.Scoring.RowLoss(p.Q[k])
		if err != nil {
			return metric.Reading{}, err
		}
		for i, rows := range counts {
			term := new(big.Float).SetPrec(bits).SetFloat64(loss[i])
			total.Add(total, term.Mul(term, big.NewFloat(float64(rows))))
			n += rows
		}
	}
	total.Quo(total, big.NewFloat(float64(n)))
	return metric.ParseReading(shown(total, c.Decimals, c.shows), c.Decimals)
}

// shown cuts a mean to its decimals.
func shown(v *big.Float, decimals int, r metric.Rounding) string {
	if r == metric.Round {
		return v.Text('f', decimals)
	}
	const far = 40
	text := v.Text('f', decimals+far)
	return strings.TrimSuffix(text[:len(text)-far], ".")
}

// read is what an analysis sees after some submissions.
func (c *competition) read(submissions int) analysis.Input {
	in := c.world.input
	in.Scores = c.scores[:max(0, submissions)]
	return in
}

// count is the truth of a row of counts.csv.
func (c *competition) count(split string, topic int, class string) int {
	total := 0
	for k := range c.totals {
		if topic != analysis.AllTopics && topic != k {
			continue
		}
		for i := range c.Classes {
			if !counts(class, c.input.Design.Classes[i]) {
				continue
			}
			if split != "private" {
				total += c.public[k][i]
			}
			if split != "public" {
				total += c.private[k][i]
			}
		}
	}
	return total
}

// counts says whether a class of counts.csv covers a class of the competition.
func counts(class, name string) bool {
	other, negated := strings.CutPrefix(class, "!")
	return class == "*" || class == name || negated && other != name
}

// where names a competition so that it can be played again.
func (c *competition) where() string {
	return fmt.Sprintf("%s; seed %d, world %d, game %d", c.Name(), c.seed, c.number, c.game)
}
