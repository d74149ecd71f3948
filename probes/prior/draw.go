package prior

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat/distuv"
)

// Sampler draws points from a Model, as real numbers. It keeps its room from one draw to the next, and serves one goroutine.
type Sampler struct {
	*frame
	counts [][]float64 // topics × groups
	draw   func(rng *rand.Rand, n float64, counts [][]float64)
}

// Sampler returns one; nil where the split is not taken for random.
func (m *Model) Sampler() *Sampler {
	s := &Sampler{frame: m.frame, draw: m.drawer()}
	if s.draw == nil {
		return nil
	}
	for range m.Topics() {
		s.counts = append(s.counts, make([]float64, len(m.spec.Groups)))
	}
	return s
}

// Draw puts the coordinates of a point into z.
func (s *Sampler) Draw(rng *rand.Rand, z []float64) {
	lo, hi := s.Public()
	n := float64(lo + rng.IntN(hi-lo+1))
	s.draw(rng, n, s.counts)
	at := 0
	for _, k := range s.asked {
		at += copy(z[at:], s.counts[k]) // of the last topic without its last count, where that follows from the others
	}
	if s.latent && !s.known {
		z[at] = n
	}
}

// drawer is that of law. Of a topic that is there all cells take part, and the unseen ones of all topics as one more.
func (h *hidden) drawer() func(rng *rand.Rand, n float64, counts [][]float64) {
	there, rows := make([]bool, len(h.seen)), new(sample)
	return func(rng *rand.Rand, n float64, counts [][]float64) {
		for some := false; !some; {
			for k := range there {
				there[k] = rng.Float64() >= h.spec.Absent
				some = some || there[k]
			}
		}
		rows.reset()
		unseen := 0.0
		for k, seen := range h.seen {
			if there[k] {
				rows.add(rng, seen...)
				unseen += h.unseen[k]
			}
		}
		if unseen > 0 {
			rows.add(rng, unseen)
		}
		rows.draw(rng, n)
		left := rows.count
		for k := range counts {
			if clear(counts[k]); there[k] {
				left = left[copy(counts[k], left):]
			}
		}
	}
}

// drawer is that of law: the topics' public rows are drawn one by one, and the larger their variance the more each yields so that they sum to n.
func (m *static) drawer() func(rng *rand.Rand, n float64, counts [][]float64) {
	if !m.random() {
		return nil
	}
	sums, spread := make([][]float64, len(m.topics)), 0.0
	for i, t := range m.topics {
		sums[i] = floats.CumSum(make([]float64, len(t.split.P)), t.split.P)
		spread += t.variance
	}
	public, rows := make([]float64, len(m.topics)), new(sample)
	return func(rng *rand.Rand, n float64, counts [][]float64) {
		for i, t := range m.topics {
			at, _ := slices.BinarySearch(sums[i], rng.Float64()*sums[i][len(sums[i])-1])
			public[i] = float64(t.split.Lo + at)
		}
		over := floats.Sum(public) - n
		for i, t := range m.topics {
			rows.reset()
			rows.add(rng, t.alpha...)
			if t.unseen > 0 {
				rows.add(rng, t.unseen)
			}
			rows.draw(rng, max(0, public[i]-over*t.variance/spread))
			copy(counts[t.index], rows.count)
		}
	}
}

// sample is one of a Dirichlet-multinomial law.
type sample struct {
	evidence     []float64
	share, count []float64
}

func (u *sample) reset() { u.evidence, u.share = u.evidence[:0], u.share[:0] }

// add draws gamma variables of those shapes: over their sum they are the shares.
func (u *sample) add(rng *rand.Rand, evidence ...float64) {
	u.evidence = append(u.evidence, evidence...)
	for _, a := range evidence {
		switch a {
		case 1:
			u.share = append(u.share, rng.ExpFloat64())
		case 2:
			u.share = append(u.share, rng.ExpFloat64()+rng.ExpFloat64())
		default:
			u.share = append(u.share, distuv.Gamma{Alpha: a, Beta: 1, Src: rng}.Rand())
		}
	}
}

// perEvidence is from how many rows a row of evidence on the shares spread so much more than the sample that this is but a part of them.
const perEvidence = 10

// draw draws n rows. Where there are many, the sample only widens the spread of the shares, by the factor √(1 + A/n) for evidence A; else it is one of independent
// Poisson variables, each of which then yields by its share so that they sum to n.
func (u *sample) draw(rng *rand.Rand, n float64) {
	u.count = u.count[:0]
	evidence, total := floats.Sum(u.evidence), floats.Sum(u.share)
	if n > perEvidence*evidence {
		wider := math.Sqrt(1 + evidence/n)
		for i, s := range u.share {
			mean := u.evidence[i] / evidence
			u.count = append(u.count, n*(mean+wider*(s/total-mean)))
		}
		return
	}
	drawn := 0.0
	for i, s := range u.share {
		u.share[i] = s / total
		x := poisson(rng, n*s/total)
		u.count = append(u.count, x)
		drawn += x
	}
	floats.AddScaled(u.count, n-drawn, u.share)
}

// normalFrom is the mean from which a Poisson variable is taken for normal.
const normalFrom = 30

// poisson is by inversion where the mean is small.
func poisson(rng *rand.Rand, mean float64) (x float64) {
	if mean > normalFrom {
		return mean + math.Sqrt(mean)*rng.NormFloat64()
	}
	u, p := rng.Float64(), math.Exp(-mean)
	for ; u > p && x < 10*normalFrom; x++ {
		u -= p
		p *= mean / (x + 1)
	}
	return x
}
