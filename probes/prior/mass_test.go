package prior

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// sampler draws competitions from a belief, row by row: it shares no code with the model.
type sampler struct {
	spec Spec
	rng  *rand.Rand
}

// counts draws the public rows by topic and class.
func (s sampler) counts() [][]int {
	rows := s.split()
	out := make([][]int, len(rows))
	for k, n := range rows {
		out[k] = s.polya(n, s.spec.Alpha[k])
	}
	return out
}

// polya draws the classes of n rows from Pólya's urn.
func (s sampler) polya(n int, alpha []float64) []int {
	out, sum := make([]int, len(alpha)), 0.0
	for _, a := range alpha {
		sum += a
	}
	for i := range n {
		u := s.rng.Float64() * (sum + float64(i))
		c := 0
		for ; c < len(alpha)-1; c++ {
			if u -= alpha[c] + float64(out[c]); u < 0 {
				break
			}
		}
		out[c]++
	}
	return out
}

// split draws n from its range and the public rows of each topic: a random subset, or, for a split with evidence, draws of topics' public
// rows until their sum fits.
func (s sampler) split() []int {
	lo, hi := s.spec.Public[0], s.spec.Public[1]
	if math.IsInf(s.spec.Split, 1) {
		return s.subset(lo + s.rng.IntN(hi-lo+1))
	}
	total := 0
	for _, n := range s.spec.Totals {
		total += n
	}
	share := float64(lo+hi) / 2 / float64(total)
	for {
		rows, sum := make([]int, len(s.spec.Totals)), 0
		for k, n := range s.spec.Totals {
			rows[k] = s.polya(n, []float64{share * s.spec.Split, (1 - share) * s.spec.Split})[0]
			sum += rows[k]
		}
		if sum >= lo && sum <= hi {
			return rows
		}
	}
}

// subset draws n of all rows.
func (s sampler) subset(n int) []int {
	var topic []int
	for k, rows := range s.spec.Totals {
		for range rows {
			topic = append(topic, k)
		}
	}
	s.rng.Shuffle(len(topic), func(i, j int) { topic[i], topic[j] = topic[j], topic[i] })
	out := make([]int, len(s.spec.Totals))
	for _, k := range topic[:n] {
		out[k]++
	}
	return out
}

// point puts counts by topic and class into the coordinates of a model.
func (m *Model) point(counts [][]int) []int {
	z := make([]int, m.Dim())
	for i, u := range m.Unknowns() {
		for k := range counts {
			if u.Group == PublicRows {
				z[i] += sum(counts[k])
			} else if k == u.Topic {
				for _, c := range m.spec.Groups[u.Group] {
					z[i] += counts[k][c]
				}
			}
		}
	}
	return z
}

// latentMass is P(x_k for all k) where x_k of the n_k public rows of topic k are seen, exactly: the sum over all n_k with the given sum, by
// convolution over the topics.
func latentMass(s Spec, x []int) float64 {
	n := s.Public[0]
	ways, all := []float64{1}, 0
	for k, total := range s.Totals {
		all += total
		unseen := s.Alpha[k][0]
		seen := -unseen
		for _, a := range s.Alpha[k] {
			seen += a
		}
		next := make([]float64, n+1)
		for before, w := range ways {
			for rows := x[k]; rows <= min(total, n-before); rows++ {
				next[before+rows] += w * choose(total, rows) * polyaMass(x[k], rows, seen, unseen)
			}
		}
		ways = next
	}
	return ways[n] / choose(all, n)
}

// polyaMass is P(x of n) from Pólya's urn: the number of orders times the chance of one.
func polyaMass(x, n int, a, b float64) float64 {
	p := choose(n, x)
	for i := range n {
		if i < x {
			p *= (a + float64(i)) / (a + b + float64(i))
		} else {
			p *= (b + float64(i-x)) / (a + b + float64(i))
		}
	}
	return p
}

// TestLatentMass compares masses of points with unseen classes with the exact ones, up to their common constant. The central limit
// theorem is off by less than a tenth, in units of ln, for competitions of usual size, and by more for few topics.
func TestLatentMass(t *testing.T) {
	for _, c := range []struct {
		topics, rows int
		tolerance    float64
	}{{3, 12, 0.5}, {6, 40, 0.25}, {20, 30, 0.1}} {
		t.Run(fmt.Sprint("topics=", c.topics, "/rows=", c.rows), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(5, uint64(c.topics)))
			s := Spec{Groups: [][]int{{1, 2}}, Split: math.Inf(1)}
			all := 0
			for range c.topics {
				n := 1 + rng.IntN(c.rows)
				all += n
				s.Totals = append(s.Totals, n)
				s.Alpha = append(s.Alpha, []float64{5 * rng.Float64(), 4, 3})
			}
			s.Public = [2]int{all / 3, all / 3}
			m, err := New(s)
			if err != nil {
				t.Fatal(err)
			}
			draw := sampler{s, rng}
			var gaps []float64
			for range 40 {
				z := m.point(draw.counts())
				gaps = append(gaps, m.LogMass(z)-math.Log(latentMass(s, z)))
			}
			mean, spread := 0.0, 0.0
			for _, g := range gaps {
				mean += g / float64(len(gaps))
			}
			for _, g := range gaps {
				spread += (g - mean) * (g - mean) / float64(len(gaps))
			}
			if spread = math.Sqrt(spread); !(spread < c.tolerance) {
				t.Errorf("ln masses differ from the exact ones by a constant ± %.4f, want ± %v", spread, c.tolerance)
			}
		})
	}
}

// TestFarPointsHaveMass holds that no possible point is without mass, however far the split model would never go: a topic that is wholly
// public, or not at all.
func TestFarPointsHaveMass(t *testing.T) {
	for name, groups := range groupings(3) {
		for _, split := range []float64{math.Inf(1), 40} {
			s := Spec{Totals: []int{600, 400, 3000}, Public: [2]int{1000, 1000}, Alpha: FlatEvidence(3, 3), Groups: groups, Split: split}
			m, err := New(s)
			if err != nil {
				t.Fatal(err)
			}
			z := m.point([][]int{{0, 500, 100}, {0, 0, 0}, {200, 100, 100}})
			if l := m.LogMass(z); math.IsInf(l, 0) || math.IsNaN(l) {
				t.Errorf("%s, split %v: ln mass %v", name, split, l)
			}
			if name != "presence" {
				continue
			}
			f := m.PublicRowsAt(0, [][]int{{600}, {0}, {200}}, 1000)
			if f.At(600) != 1 {
				t.Errorf("600 rows seen of 600, yet P(600) = %v", f.At(600))
			}
		}
	}
}
