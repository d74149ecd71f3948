package design

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// setting is a competition and how it is probed.
type setting struct {
	target   Target
	kind     Kind
	topics   int
	classes  int
	rows     int // mean of a topic
	decimals int
	floor    float64
	width    int // n is within ± width
}

// made is a setting with its belief and model.
type made struct {
	setting
	spec prior.Spec
	m    *prior.Model
	flat *prior.Model
	o    Options
}

func (s setting) make(t testing.TB, seed uint64) made {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 4))
	groups, err := s.target.Groups(s.classes)
	if err != nil {
		t.Fatal(err)
	}
	spec := prior.Spec{Groups: groups, Split: math.Inf(1)}
	sum := 0
	for range s.topics {
		n := s.rows/2 + rng.IntN(s.rows+1)
		sum += n
		spec.Totals = append(spec.Totals, n)
		alpha := make([]float64, s.classes)
		for c := range alpha {
			alpha[c] = 2 + 10*rng.Float64()
		}
		spec.Alpha = append(spec.Alpha, alpha)
	}
	n := max(1, 3*sum/10)
	spec.Public = [2]int{n - s.width, n + s.width}
	m, err := prior.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	scoring := metric.Scoring{Metric: metric.LogLoss, Decimals: s.decimals, Rounding: metric.Round, Clip: metric.Clip64, Normalise: metric.Divide}
	flat, err := prior.New(prior.Beliefs(spec)[prior.Flat])
	if err != nil {
		t.Fatal(err)
	}
	return made{s, spec, m, flat, Options{Kind: s.kind, Target: s.target, Classes: strings.Split("abcdefgh", "")[:s.classes], Topics: s.topics,
		Scoring: scoring, Floor: s.floor, Count: 6, Seed: seed}}
}

// cells draws the public rows by topic and class from the belief, row by row.
func (s made) cells(rng *rand.Rand) (cells [][]int, n int) {
	var topic []int
	for k, rows := range s.spec.Totals {
		for range rows {
			topic = append(topic, k)
		}
	}
	rng.Shuffle(len(topic), func(i, j int) { topic[i], topic[j] = topic[j], topic[i] })
	n = s.spec.Public[0] + rng.IntN(s.spec.Public[1]-s.spec.Public[0]+1)
	cells = make([][]int, s.topics)
	sum := make([]float64, s.topics)
	for k := range cells {
		cells[k] = make([]int, s.classes)
		for _, a := range s.spec.Alpha[k] {
			sum[k] += a
		}
	}
	for _, k := range topic[:n] { // Pólya's urn
		u, c := rng.Float64()*sum[k], 0
		for ; c < s.classes-1; c++ {
			if u -= s.spec.Alpha[k][c] + float64(cells[k][c]); u < 0 {
				break
			}
		}
		cells[k][c]++
		sum[k]++
	}
	return cells, n
}

// point puts cells into coordinates.
func (s made) point(cells [][]int, n int) []int {
	var z []int
	for _, u := range s.m.Unknowns() {
		if u.Group == prior.PublicRows {
			z = append(z, n)
			continue
		}
		x := 0
		for _, c := range s.spec.Groups[u.Group] {
			x += cells[u.Topic][c]
		}
		z = append(z, x)
	}
	return z
}

// shown is the score of a probe as the board shows it.
func (s made) shown(p Probe, cells [][]int, n int) float64 {
	sum := 0.0
	for k, counts := range cells {
		for c, x := range counts {
			sum += float64(x) * -math.Log(p.Q[k][c])
		}
	}
	unit := math.Pow10(s.decimals)
	return math.Round(sum/float64(n)*unit) / unit
}

// means are the intervals of rounded scores.
func (s made) means(shown []float64) []metric.Interval {
	var out []metric.Interval
	for _, v := range shown {
		out = append(out, s.o.Scoring.LossInterval(v, metric.Round))
	}
	return out
}
