package prior

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// tiny are competitions small enough to write out every way in which they may come.
var tiny = []struct {
	name   string
	totals []int
	public [2]int
	alpha  [][]float64
}{
	{"two topics", []int{4, 3}, [2]int{3, 3}, [][]float64{{1, 2, 0.5}, {0.3, 0.3, 4}}},
	{"an empty topic", []int{3, 0, 2, 1}, [2]int{2, 2}, [][]float64{{2, 2, 1}, {1, 1, 1}, {9, 1, 0.2}, {1, 1, 1}}},
	{"one topic", []int{6}, [2]int{2, 2}, [][]float64{{1.5, 0.5, 1}}},
	{"one topic, n in a range", []int{6}, [2]int{2, 4}, [][]float64{{1.5, 0.5, 1}}},
	{"n in a range", []int{3, 2, 2}, [2]int{2, 4}, [][]float64{{1, 2, 0.5}, {0.3, 0.3, 4}, {5, 5, 5}}},
	{"two classes", []int{5, 4}, [2]int{4, 4}, [][]float64{{1, 3}, {0.2, 0.7}}},
	{"all public", []int{2, 3}, [2]int{5, 5}, [][]float64{{1, 3, 1}, {0.2, 0.7, 1}}},
}

// world is one way in which a competition may come: public rows by topic and class, in one row of numbers, with its probability.
type world struct {
	cells []int
	p     float64
}

// worlds writes out all labels of all rows, drawn one after the other from Pólya's urn, and all public subsets of every size in the
// range.
func worlds(totals []int, public [2]int, alpha [][]float64) []world {
	var topic []int
	for k, n := range totals {
		topic = append(topic, slices.Repeat([]int{k}, n)...)
	}
	found := map[string]*world{}
	classes := len(alpha[0])
	label := make([]int, len(topic))
	split := func(p float64) {
		for set := range 1 << len(topic) {
			cells, n := make([]int, len(totals)*classes), 0
			for i := range topic {
				if set>>i&1 == 1 {
					cells[topic[i]*classes+label[i]]++
					n++
				}
			}
			if n < public[0] || n > public[1] {
				continue
			}
			w := found[fmt.Sprint(cells)]
			if w == nil {
				w = &world{cells: cells}
				found[fmt.Sprint(cells)] = w
			}
			w.p += p / choose(len(topic), n) / float64(public[1]-public[0]+1)
		}
	}
	urn := make([][]float64, len(alpha))
	for k := range alpha {
		urn[k] = slices.Clone(alpha[k])
	}
	var draw func(i int, p float64)
	draw = func(i int, p float64) {
		if i == len(topic) {
			split(p)
			return
		}
		balls, sum := urn[topic[i]], 0.0
		for _, b := range balls {
			sum += b
		}
		for c := range balls {
			q := balls[c] / sum
			label[i] = c
			balls[c]++
			draw(i+1, p*q)
			balls[c]--
		}
	}
	draw(0, 1)
	var out []world
	for _, w := range found {
		out = append(out, *w)
	}
	slices.SortFunc(out, func(a, b world) int { return slices.Compare(a.cells, b.cells) })
	return out
}

func choose(n, k int) float64 {
	c := 1.0
	for i := range k {
		c = c * float64(n-i) / float64(i+1)
	}
	return c
}

// groupings are those of the targets presence, rows and cells.
func groupings(classes int) map[string][][]int {
	rest, each := []int{}, [][]int{}
	for c := range classes {
		each = append(each, []int{c})
		if c > 0 {
			rest = append(rest, c)
		}
	}
	return map[string][][]int{"presence": {rest}, "rows": {{0}, rest}, "cells": each}
}

// points sums the worlds by what a model counts: every coordinate of its points.
func points(t *testing.T, m *Model, all []world, totals []int, classes int) map[string]*world {
	t.Helper()
	out := map[string]*world{}
	for _, w := range all {
		z := make([]int, m.Dim())
		for i, u := range m.Unknowns() {
			if u.Group == PublicRows {
				z[i] = sum(w.cells)
				continue
			}
			for _, c := range m.spec.Groups[u.Group] {
				z[i] += w.cells[u.Topic*classes+c]
			}
		}
		p := out[fmt.Sprint(z)]
		if p == nil {
			p = &world{cells: z}
			out[fmt.Sprint(z)] = p
		}
		p.p += w.p
	}
	return out
}

func sum(v []int) int {
	s := 0
	for _, x := range v {
		s += x
	}
	return s
}

// eachTiny runs a test for every tiny competition and target.
func eachTiny(t *testing.T, test func(t *testing.T, m *Model, all []world, at map[string]*world)) {
	for _, c := range tiny {
		all := worlds(c.totals, c.public, c.alpha)
		for _, target := range []string{"presence", "rows", "cells"} {
			t.Run(c.name+"/"+target, func(t *testing.T) {
				groups := groupings(len(c.alpha[0]))[target]
				m, err := New(Spec{Totals: c.totals, Public: c.public, Alpha: c.alpha, Groups: groups, Split: math.Inf(1)})
				if err != nil {
					t.Fatal(err)
				}
				test(t, m, all, points(t, m, all, c.totals, len(c.alpha[0])))
			})
		}
	}
}

// TestLogMass compares every mass with that of all worlds. Where classes are unseen the condition on n is taken by the central limit
// theorem, which over as few as two topics is rough: the distributions may differ by a seventh of their mass. TestLatentMass has larger ones.
func TestLogMass(t *testing.T) {
	eachTiny(t, func(t *testing.T, m *Model, _ []world, at map[string]*world) {
		total, distance := 0.0, 0.0
		for _, w := range at {
			total += math.Exp(m.LogMass(w.cells))
		}
		for _, w := range at {
			got := math.Exp(m.LogMass(w.cells)) / total
			distance += 0.5 * math.Abs(got-w.p)
			if !m.latent && math.Abs(got-w.p) > 1e-12 {
				t.Errorf("mass of %v: %v, want %v", w.cells, got, w.p)
			}
		}
		if distance > 1.0/7 {
			t.Errorf("total variation distance %v", distance)
		}
	})
}

// TestSupport tries the neighbours of every possible point: what is not possible has no mass.
func TestSupport(t *testing.T) {
	eachTiny(t, func(t *testing.T, m *Model, _ []world, at map[string]*world) {
		for _, w := range at {
			for i := range w.cells {
				for _, d := range []int{-1, 1} {
					z := slices.Clone(w.cells)
					z[i] += d
					if at[fmt.Sprint(z)] == nil && !m.latent && !math.IsInf(m.LogMass(z), -1) {
						t.Errorf("%v has mass", z)
					}
				}
			}
			if math.IsInf(m.LogMass(w.cells), -1) {
				t.Errorf("%v has no mass, want %v", w.cells, w.p)
			}
		}
	})
}

// TestGaussian compares mean and covariance with the exact moments of all worlds.
func TestGaussian(t *testing.T) {
	eachTiny(t, func(t *testing.T, m *Model, _ []world, at map[string]*world) {
		mean, cov := m.Gaussian()
		d := m.Dim()
		wantMean, wantCov := make([]float64, d), make([]float64, d*d)
		for _, w := range at {
			for i, x := range w.cells {
				wantMean[i] += w.p * float64(x)
			}
		}
		for _, w := range at {
			for i, x := range w.cells {
				for j, y := range w.cells {
					wantCov[i*d+j] += w.p * (float64(x) - wantMean[i]) * (float64(y) - wantMean[j])
				}
			}
		}
		got := make([]float64, 0, d*d)
		for i := range d {
			for j := range d {
				got = append(got, cov.At(i, j))
			}
		}
		if m.law.(*static).share() == 1 {
			return // the number of rows of a topic is certain then, and counts as known to within rounding
		}
		if diff := cmp.Diff(wantMean, mean.RawVector().Data, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("mean (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(wantCov, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("covariance (-want +got):\n%s", diff)
		}
	})
}

// TestMarginals compares the distributions of single counts with those of all worlds.
func TestMarginals(t *testing.T) {
	eachTiny(t, func(t *testing.T, m *Model, all []world, at map[string]*world) {
		for i, u := range m.Unknowns() {
			want := map[int]float64{}
			for _, w := range at {
				want[w.cells[i]] += w.p
			}
			near(t, fmt.Sprint("marginal of ", u), m.Marginal(u), want, 1e-12)
		}
		for k := range m.spec.Totals {
			want := map[int]float64{}
			classes := len(m.spec.Alpha[k])
			for _, w := range all {
				want[sum(w.cells[k*classes:(k+1)*classes])] += w.p
			}
			near(t, fmt.Sprint("public rows of ", k), m.PublicRowsOf(k), want, 1e-12)
		}
	})
}

func near(t *testing.T, what string, got PMF, want map[int]float64, tolerance float64) {
	t.Helper()
	total := 0.0
	for x := -1; x < 12; x++ {
		total += got.At(x)
		if math.Abs(got.At(x)-want[x]) > tolerance {
			t.Errorf("%s: P(%d) = %v, want %v", what, x, got.At(x), want[x])
		}
	}
	if math.Abs(total-1) > 1e-9 {
		t.Errorf("%s: the masses sum to %v", what, total)
	}
}

// TestPublicRowsSeen conditions the worlds on what is known of the seen counts: of the topic alone, within an interval; and of all topics and n.
// The latter goes by the central limit theorem over the unseen rows of one or two other topics: a tenth of the mass may be elsewhere.
func TestPublicRowsSeen(t *testing.T) {
	eachTiny(t, func(t *testing.T, m *Model, all []world, _ map[string]*world) {
		if !m.latent {
			return
		}
		classes := len(m.spec.Alpha[0])
		rows := func(w world, k int) int { return sum(w.cells[k*classes : (k+1)*classes]) }
		seen := func(w world, k int) int { return rows(w, k) - w.cells[k*classes] }
		for k, total := range m.spec.Totals {
			if total == 0 {
				continue
			}
			log := func(x int) float64 { return math.Log(float64(1 + x)) }
			hi := min(2, total)
			want := map[int]float64{}
			for _, w := range all {
				if x := seen(w, k); x <= hi {
					want[rows(w, k)] += w.p * float64(1+x)
				}
			}
			near(t, fmt.Sprint("rows of ", k, " seen alone"), m.PublicRowsSeen(k, 0, hi, log), normalised(want), 1e-12)
		}
		for _, given := range all {
			counts := make([][]int, len(m.spec.Totals))
			for k := range counts {
				counts[k] = []int{seen(given, k)}
			}
			for k, total := range m.spec.Totals {
				if total == 0 {
					continue
				}
				want := map[int]float64{}
				for _, w := range all {
					if sum(w.cells) == sum(given.cells) && slices.EqualFunc(counts, indices(len(counts)), func(c []int, i int) bool { return c[0] == seen(w, i) }) {
						want[rows(w, k)] += w.p
					}
				}
				got := m.PublicRowsAt(k, counts, sum(given.cells))
				near(t, fmt.Sprint("rows of ", k, " given ", counts), got, normalised(want), 0.35)
			}
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func normalised(p map[int]float64) map[int]float64 {
	total := 0.0
	for _, v := range p {
		total += v
	}
	for x := range p {
		p[x] /= total
	}
	return p
}
