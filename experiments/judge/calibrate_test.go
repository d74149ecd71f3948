package judge

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/internal/fault"
)

// draw is an outcome of the given probabilities.
func draw(random *rand.Rand, v Verdict) Outcome {
	switch u := random.Float64(); {
	case u < v[WinsA]:
		return WinsA
	case u < v[WinsA]+v[WinsB]:
		return WinsB
	}
	return Tie
}

// randomVerdict is drawn from a Dirichlet distribution.
func randomVerdict(random *rand.Rand) (v Verdict) {
	sum := 0.0
	for i := range v {
		v[i] = math.Pow(random.Float64(), 2) + 1e-3
		sum += v[i]
	}
	for i := range v {
		v[i] /= sum
	}
	return v
}

// votes draws verdicts and votes whose probabilities are a map of them.
func votes(random *rand.Rand, truth Map, n int) []Voted {
	out := make([]Voted, n)
	for i := range out {
		v := randomVerdict(random)
		out[i] = Voted{Judged: Judged{Verdict: v, Orders: [2]Verdict{v, v}}, Vote: draw(random, truth.Apply(v)), Prompt: fmt.Sprint("p", i/2), Topic: i % 3}
	}
	return out
}

func TestMapIdentityAndSymmetry(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		v := randomVerdict(random)
		m := Map{random.NormFloat64(), random.NormFloat64(), random.NormFloat64(), random.NormFloat64()}
		got, swapped := m.Apply(v), m.Apply(v.Swapped()).Swapped()
		same, s := identity.Apply(v), smooth(v)
		sum := 0.0
		for i := range v {
			sum += got[i]
			if math.Abs(got[i]-swapped[i]) > 1e-12 {
				t.Fatalf("%v of %v is %v, swapped %v", m, v, got, swapped)
			}
			if math.Abs(same[i]-s[i]) > 1e-12 {
				t.Fatalf("the identity of %v is %v, want %v", v, same, s)
			}
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Fatalf("%v sums to %g", got, sum)
		}
	}
	for _, v := range []Verdict{{1, 0, 0}, {0, 0, 1}} { // certainty has a logarithm, too
		for _, p := range (Map{40, -40, 40, 0}).Apply(v) {
			if math.IsNaN(p) {
				t.Errorf("%v", v)
			}
		}
	}
}

// The fit is the minimum: no map of a grid around it, fine or coarse, does better; and the map that made the votes is found again.
func TestFit(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	for _, truth := range []Map{{1, 0, -1, 0}, {0.4, 0, -0.4, 0}, {0.8, -0.5, -0.3, 0.6}, {2, 0.5, -1.5, -1}} {
		items := votes(random, truth, 20000)
		got := fitWhere(items, func(int) bool { return true })
		if diff := cmp.Diff(truth, got, cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 0.2 })); diff != "" {
			t.Errorf("20,000 votes (-truth +found)\n%s", diff)
		}
		var points []point
		for _, v := range items[:300] {
			x, y := features(v.Judged.Verdict)
			points = append(points, point{x, y, v.Vote})
		}
		w := fitMap(points).vector()
		least := penalised(w, points)
		for _, step := range []float64{1e-4, 1e-2, 0.3} {
			for place := range 81 {
				near := w
				for i, p := 0, place; i < 4; i, p = i+1, p/3 {
					near[i] += step * float64(p%3-1)
				}
				if l := penalised(near, points); l < least-1e-9 {
					t.Fatalf("%v loses %g, %v loses %g", w, least, near, l)
				}
			}
		}
	}
}

// With no votes to speak of a map changes nothing; votes that are all alike do not drive it to infinity.
func TestFitFewVotes(t *testing.T) {
	if got := fitMap(nil); got != identity {
		t.Errorf("%+v", got)
	}
	x, y := features(Verdict{0.98, 0.01, 0.01})
	got := fitMap([]point{{x, y, WinsA}, {x, y, WinsA}, {x, y, WinsA}})
	for _, x := range got.vector() {
		if !(math.Abs(x) < 3) {
			t.Errorf("%+v", got)
		}
	}
}

// A judge that is too sure of itself is corrected on prompts that the map has not seen, nearly to the loss of the truth.
func TestCalibrate(t *testing.T) {
	items := votes(rand.New(rand.NewPCG(3, 3)), Map{0.4, 0, -0.4, 0.3}, 3000)
	c, err := Calibrate(items, 7)
	if err != nil {
		t.Fatal(err)
	}
	best := 0.0
	for i, v := range items {
		best -= math.Log((Map{0.4, 0, -0.4, 0.3}).Apply(v.Judged.Verdict)[v.Vote]) / float64(len(items))
		if sum := c.Corrected[i][0] + c.Corrected[i][1] + c.Corrected[i][2]; math.Abs(sum-1) > 1e-9 {
			t.Fatalf("%v", c.Corrected[i])
		}
	}
	if c.Gain.Mean < 5**c.Gain.SE || math.Abs(c.Gain.Mean-(c.Before.LogLoss.Mean-c.After.LogLoss.Mean)) > 1e-9 || c.After.LogLoss.Mean > best+0.01 {
		t.Errorf("before %.4f, after %.4f, truth %.4f, gain %+v", c.Before.LogLoss.Mean, c.After.LogLoss.Mean, best, c.Gain)
	}
	again, err := Calibrate(items, 7)
	if err != nil || cmp.Diff(c, again) != "" {
		t.Error("equal input, other output")
	}
	if len(c.Topics) != 3 || c.Topics[1].Topic != 1 || c.Topics[1].Before.Votes != 1000 {
		t.Errorf("%+v", c.Topics)
	}
}

// No vote has a say in its own correction, nor in that of another row of its prompt.
func TestCalibrateLeavesOut(t *testing.T) {
	items := votes(rand.New(rand.NewPCG(4, 4)), identity, 120)
	c, err := Calibrate(items, 7)
	if err != nil {
		t.Fatal(err)
	}
	changed := append([]Voted(nil), items...)
	changed[10].Vote = (changed[10].Vote + 1) % 3
	d, err := Calibrate(changed, 7)
	if err != nil {
		t.Fatal(err)
	}
	if c.Corrected[10] != d.Corrected[10] || c.Corrected[11] != d.Corrected[11] { // 10 and 11 share a prompt
		t.Error("a row is corrected by its own prompt's votes")
	}
	if c.Map == d.Map {
		t.Error("the map of all votes does not see the vote")
	}
	if _, err := Calibrate(items[:40], 7); err == nil {
		t.Error("40 votes are enough")
	} else if f, ok := errors.AsType[*fault.Error](err); !ok || !strings.Contains(f.Fix, "50") {
		t.Errorf("%v", err)
	}
}

// voted makes items of the counts of a table, judged by vote.
func voted(table [3][3]int) (items []Voted, all []int) {
	for judged := range table {
		for vote, n := range table[judged] {
			for range n {
				v := Verdict{0.2, 0.2, 0.2}
				v[judged] = 0.6
				all = append(all, len(items))
				items = append(items, Voted{Judged: Judged{Verdict: v}, Vote: Outcome(vote), Prompt: fmt.Sprint(len(items))})
			}
		}
	}
	return items, all
}

func verdictsOf(items []Voted) func(i int) Verdict {
	return func(i int) Verdict { return items[i].Judged.Verdict }
}

// Two tables worked out by hand: Cohen's kappa is 0.4 for 20, 5, 10, 15 (observed 0.7, expected 0.5), and 1/4 of the second (0.5, 1/3).
func TestKappa(t *testing.T) {
	for want, table := range map[float64][3][3]int{0.4: {{20, 5, 0}, {10, 15, 0}}, 0.25: {{2, 1, 1}, {1, 2, 1}, {1, 1, 2}}, 1: {{3, 0, 0}, {0, 4, 0}, {0, 0, 5}}} {
		items, all := voted(table)
		if got := kappa(items, all, verdictsOf(items)); got == nil || math.Abs(*got-want) > 1e-12 {
			t.Errorf("%v: %v, want %g", table, got, want)
		}
	}
	items, all := voted([3][3]int{{4, 0, 0}})
	if got := kappa(items, all, verdictsOf(items)); got != nil {
		t.Errorf("one class alone has kappa %g", *got)
	}
}

// Equal probabilities share the hit; the standard error is the usual one where every prompt is its own, and does not shrink by repeating rows.
func TestAgreement(t *testing.T) {
	items := []Voted{
		{Judged: Judged{Verdict: Verdict{0.4, 0.4, 0.2}}, Vote: WinsB, Prompt: "1"},
		{Judged: Judged{Verdict: Verdict{1, 0, 0}}, Vote: WinsB, Prompt: "2"},
		{Judged: Judged{Verdict: Verdict{1 / 3., 1 / 3., 1 / 3.}}, Vote: Tie, Prompt: "3"},
	}
	a := agreement(items, []int{0, 1, 2}, verdictsOf(items))
	hits := []float64{0.5, 0, 1 / 3.}
	mean := (hits[0] + hits[1] + hits[2]) / 3
	variance := 0.0
	for _, h := range hits {
		variance += (h - mean) * (h - mean) / 2
	}
	if math.Abs(a.Accuracy.Mean-mean) > 1e-12 || math.Abs(*a.Accuracy.SE-math.Sqrt(variance/3)) > 1e-12 {
		t.Errorf("%+v, want %g ± %g", a.Accuracy, mean, math.Sqrt(variance/3))
	}
	want := -(math.Log(0.98*0.4+0.02/3) + math.Log(0.02/3) + math.Log(1/3.)) / 3
	if math.Abs(a.LogLoss.Mean-want) > 1e-12 {
		t.Errorf("log loss %g, want %g", a.LogLoss.Mean, want)
	}
	var many []Voted
	var all []int
	for i := range 30 {
		many, all = append(many, items[i%3]), append(all, i)
	}
	if b := agreement(many, all, verdictsOf(many)); math.Abs(*b.Accuracy.SE-*a.Accuracy.SE) > 1e-12 {
		t.Errorf("repeated rows: %g, want %g", *b.Accuracy.SE, *a.Accuracy.SE)
	}
}
