package prior

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestClassEvidence(t *testing.T) {
	train := [][]int{{30, 10}, {0, 60}, {0, 0}}
	got := ClassEvidence(train, 50)
	// 100 rows: 30 and 70, each plus one, over 102. Topic 0 holds 40 of the 100 rows: 20 rows of evidence, and so on.
	a, b := 31.0/102, 71.0/102
	want := [][]float64{
		{20 * (30 + 2*a) / 42, 20 * (10 + 2*b) / 42},
		{30 * (2 * a) / 62, 30 * (60 + 2*b) / 62},
		{0.25 * a, 0.25 * b}, // half a row's worth
	}
	want[2][0] = leastEvidence
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, row := range ClassEvidence([][]int{{0, 0}}, 1) {
		for _, v := range row {
			if !(v > 0) {
				t.Errorf("no train rows at all: evidence %v", v)
			}
		}
	}
}

func TestBeliefs(t *testing.T) {
	s := Spec{Totals: []int{5, 5}, Public: [2]int{3, 3}, Alpha: [][]float64{{40, 2}, {600, 0.3}}, Split: math.Inf(1)}
	got := Beliefs(s)
	if diff := cmp.Diff(s, got[0]); diff != "" {
		t.Errorf("the stated belief was changed:\n%s", diff)
	}
	if diff := cmp.Diff([][]float64{{4, 1}, {60, 0.3}}, got[1].Alpha); diff != "" {
		t.Errorf("a tenth (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][]float64{{1, 1}, {1, 1}}, got[2].Alpha); diff != "" {
		t.Errorf("flat (-want +got):\n%s", diff)
	}
	for i, b := range got[:Loose] {
		if !math.IsInf(b.Split, 1) {
			t.Errorf("belief %d: evidence %v of the split, which is to be random", i, b.Split)
		}
	}
	if diff := cmp.Diff(got[Flat].Alpha, got[Loose].Alpha); diff != "" || got[Loose].Split != 4 {
		t.Errorf("loose: evidence %v of the split of two topics, -flat +loose:\n%s", got[Loose].Split, diff)
	}
}

func TestNewRefuses(t *testing.T) {
	good := Spec{Totals: []int{3, 4}, Public: [2]int{2, 3}, Alpha: FlatEvidence(2, 2), Groups: [][]int{{0}, {1}}, Split: math.Inf(1)}
	for want, edit := range map[string]func(s *Spec){
		"public rows 0 to 3 do not fit":         func(s *Spec) { s.Public[0] = 0 },
		"public rows 3 to 2 do not fit":         func(s *Spec) { s.Public = [2]int{3, 2} },
		"public rows 2 to 8 do not fit":         func(s *Spec) { s.Public[1] = 8 },
		"class evidence for 3 topics":           func(s *Spec) { s.Alpha = FlatEvidence(3, 2) },
		"topic 1, class 0: evidence 0 is not":   func(s *Spec) { s.Alpha[1][0] = 0 },
		"topic 1, class 1: evidence NaN is not": func(s *Spec) { s.Alpha[1][1] = math.NaN() },
		"some classes are unseen: one group":    func(s *Spec) { s.Alpha = FlatEvidence(2, 3) },
	} {
		s := good
		s.Alpha = FlatEvidence(2, 2)
		edit(&s)
		if _, err := New(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
}

// TestLabels compares the frequencies of labels with the Dirichlet-multinomial's: their mean, and the chance that two rows of a topic are of
// the same class, Σ a_c (a_c + 1) / (a (a + 1)).
func TestLabels(t *testing.T) {
	s := Spec{Alpha: [][]float64{{1, 2, 3}, {0.1, 0.2, 0.1}}}
	topic := []int32{0, 0, 1, 1}
	rng := rand.New(rand.NewPCG(1, 2))
	const draws = 20000
	mean := [2][3]float64{}
	same := [2]float64{}
	for range draws {
		l := s.Labels(topic, rng)
		for k := range 2 {
			mean[k][l[2*k]] += 1.0 / draws
			if l[2*k] == l[2*k+1] {
				same[k] += 1.0 / draws
			}
		}
	}
	for k, alpha := range s.Alpha {
		a, want := 0.0, 0.0
		for _, v := range alpha {
			a += v
			want += v * (v + 1)
		}
		if want /= a * (a + 1); math.Abs(same[k]-want) > 0.015 {
			t.Errorf("topic %d: two rows alike in %v, want %v", k, same[k], want)
		}
		for c, v := range alpha {
			if math.Abs(mean[k][c]-v/a) > 0.015 {
				t.Errorf("topic %d, class %d: share %v, want %v", k, c, mean[k][c], v/a)
			}
		}
	}
	again := rand.New(rand.NewPCG(1, 2))
	if diff := cmp.Diff(s.Labels(topic, again), s.Labels(topic, rand.New(rand.NewPCG(1, 2)))); diff != "" {
		t.Errorf("equal seeds, other labels:\n%s", diff)
	}
}

// TestEntropy compares with the exact entropy of all worlds. That of a Gaussian stands in for the dependence between counts: a
// quarter of a bit a count is what it may be off with as few rows as here.
func TestEntropy(t *testing.T) {
	eachTiny(t, func(t *testing.T, m *Model, _ []world, at map[string]*world) {
		want := 0.0
		for _, w := range at {
			want -= w.p * math.Log2(w.p)
		}
		got := m.Entropy()
		t.Logf("%.2f bits, exactly %.2f", got, want)
		if math.Abs(got-want) > 0.25*float64(m.Dim()) {
			t.Errorf("%.2f bits, exactly %.2f", got, want)
		}
	})
}
