package prior

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// tinyHidden are hidden tests small enough to write out every way in which their public rows may come.
var tinyHidden = []struct {
	name   string
	public [2]int
	absent float64
	alpha  [][]float64
}{
	{"two topics", [2]int{4, 4}, 0.2, [][]float64{{1, 2, 0.5}, {0.3, 0.3, 4}}},
	{"none missing", [2]int{3, 3}, 0, [][]float64{{2, 2, 1}, {1, 1, 1}, {9, 1, 0.2}}},
	{"one topic", [2]int{3, 5}, 0.1, [][]float64{{1.5, 0.5, 1}}},
	{"n in a range", [2]int{2, 4}, 0.3, [][]float64{{1, 2, 0.5}, {0.3, 0.3, 4}, {5, 5, 5}}},
	{"two classes", [2]int{3, 4}, 0.05, [][]float64{{1, 3}, {0.2, 0.7}, {2, 2}, {0.4, 3}}},
}

// hiddenWorlds are all counts by cell of a hidden test with their probabilities: every set of topics that may be there, but none at all, and
// every way to fill their cells.
func hiddenWorlds(public [2]int, absent float64, alpha [][]float64) []world {
	found := map[string]*world{}
	K, C := len(alpha), len(alpha[0])
	some := 1 - math.Pow(absent, float64(K))
	for set := 1; set < 1<<K; set++ {
		p := 1.0 / some / float64(public[1]-public[0]+1)
		var shapes []float64
		var at []int
		for k := range alpha {
			if set>>k&1 == 0 {
				p *= absent
				continue
			}
			p *= 1 - absent
			for c, a := range alpha[k] {
				shapes, at = append(shapes, a), append(at, k*C+c)
			}
		}
		for n := public[0]; n <= public[1]; n++ {
			eachFill(n, len(shapes), func(x []int) {
				cells := make([]int, K*C)
				for i, v := range x {
					cells[at[i]] = v
				}
				w := found[fmt.Sprint(cells)]
				if w == nil {
					w = &world{cells: cells}
					found[fmt.Sprint(cells)] = w
				}
				w.p += p * urnMass(x, shapes)
			})
		}
	}
	var out []world
	for _, w := range found {
		out = append(out, *w)
	}
	slices.SortFunc(out, func(a, b world) int { return slices.Compare(a.cells, b.cells) })
	return out
}

// eachFill visits all ways to put n rows into so many cells.
func eachFill(n, cells int, visit func(x []int)) {
	x := make([]int, cells)
	var fill func(i, left int)
	fill = func(i, left int) {
		if i == cells-1 {
			x[i] = left
			visit(x)
			return
		}
		for v := 0; v <= left; v++ {
			x[i] = v
			fill(i+1, left-v)
		}
	}
	fill(0, n)
}

// urnMass is the chance of those counts from Pólya's urn: the number of orders times the chance of one.
func urnMass(x []int, alpha []float64) float64 {
	p, drawn, balls := 1.0, 0, 0.0
	for _, a := range alpha {
		balls += a
	}
	for c, n := range x {
		for i := range n {
			drawn++
			p *= (alpha[c] + float64(i)) / (balls + float64(drawn-1)) * float64(drawn) / float64(i+1)
		}
	}
	return p
}

// eachTinyHidden runs a test for every tiny hidden test and target.
func eachTinyHidden(t *testing.T, test func(t *testing.T, m *Model, all []world, at map[string]*world)) {
	for _, c := range tinyHidden {
		all := hiddenWorlds(c.public, c.absent, c.alpha)
		for _, target := range []string{"presence", "rows", "cells"} {
			t.Run(c.name+"/"+target, func(t *testing.T) {
				m, err := New(Spec{Rows: [2]int{12, 15}, Absent: c.absent, Public: c.public, Alpha: c.alpha,
					Groups: groupings(len(c.alpha[0]))[target], Split: math.Inf(1)})
				if err != nil {
					t.Fatal(err)
				}
				test(t, m, all, points(t, m, all, nil, len(c.alpha[0])))
			})
		}
	}
}

// TestHiddenLogMass compares every mass with that of all worlds: they are exact.
func TestHiddenLogMass(t *testing.T) {
	eachTinyHidden(t, func(t *testing.T, m *Model, _ []world, at map[string]*world) {
		total := 0.0
		for _, w := range at {
			total += math.Exp(m.LogMass(w.cells))
		}
		for _, w := range at {
			if got := math.Exp(m.LogMass(w.cells)) / total; math.Abs(got-w.p) > 1e-12 {
				t.Errorf("mass of %v: %v, want %v", w.cells, got, w.p)
			}
			for i := range w.cells {
				z := slices.Clone(w.cells)
				z[i]--
				if at[fmt.Sprint(z)] == nil && !math.IsInf(m.LogMass(z), -1) {
					t.Errorf("%v has mass", z)
				}
			}
		}
	})
}

// TestHiddenGaussian compares mean and covariance with the exact moments of all worlds. That no topic at all is there has a chance which the
// worlds leave out: the tolerance is for that.
func TestHiddenGaussian(t *testing.T) {
	eachTinyHidden(t, func(t *testing.T, m *Model, _ []world, at map[string]*world) {
		mean, cov := m.Gaussian()
		d := m.Dim()
		nothing := math.Pow(m.spec.Absent, float64(len(m.spec.Alpha)))
		for i := range d {
			want := 0.0
			for _, w := range at {
				want += w.p * float64(w.cells[i])
			}
			if got := mean.AtVec(i); math.Abs(got-want) > 1e-9+1.01*nothing*want {
				t.Errorf("mean of %v: %v, want %v", m.Unknowns()[i], got, want)
			}
			for j := range d {
				want, most := 0.0, 0.0
				for _, w := range at {
					x, y := float64(w.cells[i]), float64(w.cells[j])
					want += w.p * (x - mean.AtVec(i)) * (y - mean.AtVec(j))
					most = max(most, x*y)
				}
				if got := cov.At(i, j); math.Abs(got-want) > 1e-9+2*nothing*most {
					t.Errorf("covariance of %v and %v: %v, want %v", m.Unknowns()[i], m.Unknowns()[j], got, want)
				}
			}
		}
	})
}

// TestHiddenMarginals compares the distributions of single counts, and of a topic's rows, with those of all worlds.
func TestHiddenMarginals(t *testing.T) {
	eachTinyHidden(t, func(t *testing.T, m *Model, all []world, at map[string]*world) {
		nothing := math.Pow(m.spec.Absent, float64(len(m.spec.Alpha)))
		for i, u := range m.Unknowns() {
			want := map[int]float64{}
			for _, w := range at {
				want[w.cells[i]] += w.p
			}
			near(t, fmt.Sprint("marginal of ", u), m.Marginal(u), want, 1e-12+1.01*nothing)
		}
		classes := len(m.spec.Alpha[0])
		for k := range m.spec.Alpha {
			want := map[int]float64{}
			for _, w := range all {
				want[sum(w.cells[k*classes:(k+1)*classes])] += w.p
			}
			near(t, fmt.Sprint("public rows of ", k), m.PublicRowsOf(k), want, 1e-12+1.01*nothing)
		}
	})
}

// TestHiddenPublicRowsAt conditions the worlds on n and all seen counts.
func TestHiddenPublicRowsAt(t *testing.T) {
	eachTinyHidden(t, func(t *testing.T, m *Model, all []world, _ map[string]*world) {
		if !m.latent {
			return
		}
		classes, topics := len(m.spec.Alpha[0]), len(m.spec.Alpha)
		rows := func(w world, k int) int { return sum(w.cells[k*classes : (k+1)*classes]) }
		seen := func(w world, k int) int { return rows(w, k) - w.cells[k*classes] }
		for _, given := range all {
			counts := make([][]int, topics)
			for k := range counts {
				counts[k] = []int{seen(given, k)}
			}
			for k := range topics {
				want := map[int]float64{}
				for _, w := range all {
					if sum(w.cells) == sum(given.cells) && slices.EqualFunc(counts, indices(topics), func(c []int, i int) bool { return c[0] == seen(w, i) }) {
						want[rows(w, k)] += w.p
					}
				}
				near(t, fmt.Sprint("rows of ", k, " given ", counts), m.PublicRowsAt(k, counts, sum(given.cells)), normalised(want), 1e-9)
			}
		}
	})
}

// TestHiddenElsewhere compares the rows that the public ones predict with those of all worlds of a larger sample, of which a random part is
// public.
func TestHiddenElsewhere(t *testing.T) {
	alpha, absent := [][]float64{{1, 2}, {0.3, 4}, {2, 2}, {5, 1}}, 0.03
	const rows, public = 9, 4
	m, err := New(Spec{Rows: [2]int{rows, rows}, Absent: absent, Public: [2]int{public, public}, Alpha: alpha, Groups: [][]int{{0}, {1}}, Split: math.Inf(1)})
	if err != nil {
		t.Fatal(err)
	}
	all := hiddenWorlds([2]int{rows, rows}, absent, alpha)
	for k := range alpha {
		for n := range public + 1 {
			elsewhere, total := map[int]float64{}, map[int]float64{}
			for _, w := range all {
				N := w.cells[2*k] + w.cells[2*k+1]
				p := w.p * choose(N, n) * choose(rows-N, public-n)
				if N >= n && rows-N >= public-n {
					elsewhere[N-n] += p
					total[N] += p
				}
			}
			// How the others' being there changes with n is averaged over: an eighth of the mass may be elsewhere.
			near(t, fmt.Sprintf("rows elsewhere of topic %d with %d public", k, n), m.Elsewhere(k, Point(n)), normalised(elsewhere), 0.125)
			near(t, fmt.Sprintf("total of topic %d with %d public", k, n), m.Total(k, Point(n)), normalised(total), 0.125)
		}
		for below := range rows + 2 { // of any number of public rows
			public := m.PublicRowsOf(k)
			if got, want := m.FewElsewhere(k, public, below), m.Elsewhere(k, public).Below(below); math.Abs(got-want) > 1e-12 {
				t.Errorf("P(fewer than %d rows elsewhere of topic %d) = %v, of the whole distribution %v", below, k, got, want)
			}
		}
	}
}

// hiddenSampler draws public rows by topic and class from Pólya's urn, one after the other.
type hiddenSampler struct {
	spec Spec
	rng  *rand.Rand
}

func (s hiddenSampler) counts() [][]int {
	alpha := make([][]float64, len(s.spec.Alpha))
	balls := 0.0
	for balls == 0 {
		for k, a := range s.spec.Alpha {
			alpha[k] = make([]float64, len(a))
			if s.rng.Float64() >= s.spec.Absent {
				copy(alpha[k], a)
			}
			for _, v := range alpha[k] {
				balls += v
			}
		}
	}
	out := make([][]int, len(alpha))
	for k := range out {
		out[k] = make([]int, len(alpha[k]))
	}
	for range s.spec.Public[0] + s.rng.IntN(s.spec.Public[1]-s.spec.Public[0]+1) {
		u := s.rng.Float64() * balls
	draw:
		for k, a := range alpha {
			for c := range a {
				if u -= a[c]; u < 0 && a[c] > 0 {
					a[c]++
					out[k][c]++
					break draw
				}
			}
		}
		balls++
	}
	return out
}

// TestHiddenRadius draws competitions from the belief itself and counts those outside the radius.
func TestHiddenRadius(t *testing.T) {
	const topics = 12
	stated := make([][]float64, topics)
	for k := range stated {
		stated[k] = []float64{float64(1 + k), 7, 0.3 * float64(1+k%4)}
	}
	for _, c := range []struct {
		target string
		alpha  [][]float64
		absent float64
		public [2]int
		scores int
	}{
		{"presence", stated, 0.05, [2]int{400, 400}, 0},
		{"presence", stated, 0, [2]int{390, 410}, 6},
		{"presence", FlatEvidence(topics, 3), 0.05, [2]int{390, 410}, 6},
		{"presence", FlatEvidence(topics, 3), 0.3, [2]int{300, 500}, 6},
		{"presence", times(stated, 60), 0.05, [2]int{400, 400}, 6},
		{"rows", times(stated, 60), 0, [2]int{390, 410}, 8},
		{"rows", stated, 0.05, [2]int{400, 400}, 8},
		{"rows", FlatEvidence(topics, 3), 0.05, [2]int{390, 410}, 8},
		{"cells", FlatEvidence(topics, 3), 0.05, [2]int{400, 400}, 12},
		{"cells", stated, 0.1, [2]int{390, 410}, 12},
	} {
		t.Run(fmt.Sprintf("%s/α=%v/absent=%v/n=%v", c.target, c.alpha[0], c.absent, c.public), func(t *testing.T) {
			t.Parallel()
			s := Spec{Rows: [2]int{1500, 1500}, Absent: c.absent, Public: c.public, Alpha: c.alpha, Groups: groupings(3)[c.target], Split: math.Inf(1)}
			m, err := New(s)
			if err != nil {
				t.Fatal(err)
			}
			form, target := m.Form()
			const draws = 1000
			for _, excluded := range []float64{1e-1, 1e-2} {
				rng := rand.New(rand.NewPCG(3, uint64(c.scores)))
				draw := hiddenSampler{s, rng}
				ball := m.Radius(c.scores, excluded)
				radius2, weight := ball.Radius2, ball.Weight
				if math.IsInf(radius2, 1) {
					t.Fatalf("no radius leaves out %v", excluded)
				}
				out := 0
				for range draws {
					if distance(form, target, m.point(draw.counts()), weight, c.scores, rng) > radius2 {
						out++
					}
				}
				t.Logf("excluded %v: R² %.1f, weight %v, outside %.2g", excluded, radius2, weight, float64(out)/draws)
				most := excluded * draws
				if float64(out) > most+3*math.Sqrt(most) {
					t.Errorf("%d of %d draws lie outside a radius that leaves out %v", out, draws, excluded)
				}
			}
		})
	}
}

// times is evidence that many times as strong.
func times(alpha [][]float64, by float64) [][]float64 {
	out := make([][]float64, len(alpha))
	for k := range alpha {
		for _, a := range alpha[k] {
			out[k] = append(out[k], by*a)
		}
	}
	return out
}

// TestHiddenMergedSets compares the mass of a point with many topics that have no row, where sets are merged, with the sum over all sets.
func TestHiddenMergedSets(t *testing.T) {
	const topics = 16
	rng := rand.New(rand.NewPCG(1, 1))
	var alpha [][]float64
	for range topics {
		alpha = append(alpha, []float64{20 * rng.Float64(), 10 * rng.Float64()})
	}
	m, err := New(Spec{Rows: [2]int{2000, 2000}, Absent: 0.05, Public: [2]int{500, 500}, Alpha: alpha, Groups: [][]int{{1}}, Split: math.Inf(1)})
	if err != nil {
		t.Fatal(err)
	}
	var gaps []float64
	for _, zero := range []int{3, 8, 12, 14} {
		z := make([]int, topics)
		for k := zero; k < topics; k++ {
			z[k] = 1 + rng.IntN(200/topics)
		}
		gaps = append(gaps, m.LogMass(z)-everySet(alpha, z, 0.05, 500))
	}
	for _, g := range gaps {
		if math.Abs(g-gaps[0]) > 1 {
			t.Errorf("ln masses less the exact ones: %v, want a constant", gaps)
		}
	}
}

// everySet is ln P(z) of seen second classes, up to a constant, by a sum over all sets of present topics.
func everySet(alpha [][]float64, z []int, absent float64, n int) float64 {
	var logs []float64
	most := math.Inf(-1)
	for set := range 1 << len(z) {
		l, seen, all, unseen, rows := 0.0, 0.0, 0.0, 0.0, 0
		for k, x := range z {
			if set>>k&1 == 0 {
				if l += math.Log(absent); x > 0 {
					l = math.Inf(-1)
				}
				continue
			}
			a := alpha[k][1]
			l += math.Log1p(-absent) + lgamma(a+float64(x)) - lgamma(a) - lgamma(float64(x)+1)
			seen, unseen, rows = seen+a, unseen+alpha[k][0], rows+x
		}
		if all = seen + unseen; all == 0 {
			continue
		}
		m := float64(n - rows)
		l += lgamma(all) - lgamma(all+float64(n)) + lgamma(unseen+m) - lgamma(unseen) - lgamma(m+1)
		logs = append(logs, l)
		most = max(most, l)
	}
	sum := 0.0
	for _, l := range logs {
		sum += math.Exp(l - most)
	}
	return most + math.Log(sum)
}

func TestHiddenBeliefs(t *testing.T) {
	s := Hidden([][]int{{30, 10}, {0, 60}}, [2]int{200, 220}, [2]int{50, 60}, 50, 0)
	if diff := cmp.Diff(ClassEvidence([][]int{{30, 10}, {0, 60}}, 50), s.Alpha, cmpopts.EquateApprox(0, 0)); diff != "" {
		t.Error(diff)
	}
	got := Beliefs(s)
	if got[Stated].Absent != 0 || got[Tenth].Absent != Absent || got[Flat].Absent != Absent {
		t.Errorf("topics are missing by the chances %v, %v, %v", got[0].Absent, got[1].Absent, got[2].Absent)
	}
	for _, b := range got {
		b.Groups = [][]int{{0}, {1}}
		m, err := New(b)
		if err != nil {
			t.Fatal(err)
		}
		if z := []int{0, 0, 50}; math.IsInf(m.LogMass(append(z[:2:2], 30, 25)), 0) {
			t.Errorf("a topic without rows has no mass under %v", b)
		}
	}
}

func TestNewHiddenRefuses(t *testing.T) {
	good := Hidden([][]int{{30, 10}, {0, 60}}, [2]int{200, 220}, [2]int{50, 60}, 50, 0.05)
	good.Groups = [][]int{{0}, {1}}
	for want, edit := range map[string]func(s *Spec){
		"public rows 0 to 60 do not fit":       func(s *Spec) { s.Public[0] = 0 },
		"public rows 50 to 300 do not fit":     func(s *Spec) { s.Public[1] = 300 },
		"a test of 230 to 220 rows":            func(s *Spec) { s.Rows[0] = 230 },
		"a chance of 1 that a topic is":        func(s *Spec) { s.Absent = 1 },
		"a hidden test needs evidence":         func(s *Spec) { s.Alpha = nil },
		"topic 1, class 0: evidence -1 is not": func(s *Spec) { s.Alpha = [][]float64{{1, 1}, {-1, 1}} },
	} {
		s := good
		edit(&s)
		if _, err := New(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
}
