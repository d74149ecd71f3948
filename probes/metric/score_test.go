package metric

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// ulps accepts the last bit or two: the oracles' logarithm and sums round in their own ways.
var ulps = cmpopts.EquateApprox(4e-16, 0)

// TestWikiGolden holds the figure that Kaggle's wiki gives for its classic rule.
func TestWikiGolden(t *testing.T) {
	class := []int{1, 1, 1, 0, 0, 0}
	p := []float64{.5, .1, .01, .9, .75, .001}
	q := make([][]float64, len(p))
	for i := range p {
		q[i] = []float64{1 - p[i], p[i]}
	}
	got, err := Scoring{Metric: LogLoss, Clip: 1e-15, Normalise: Divide}.Score(q, class)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(1.881797068998267, got, ulps); diff != "" {
		t.Error(diff)
	}
}

// TestRowLossScikitLearn compares rows that no careful person would submit with what log_loss([c], [q], labels=[0, 1, 2]) of scikit-learn
// returned: 1.4.2 for clip-then-divide, 1.5.2 for none (both with numpy 1.26.4).
func TestRowLossScikitLearn(t *testing.T) {
	const never = 36.04365338911715 // -ln 2^-52
	rows := [][]float64{{.5, .5, .5}, {0, 1, 0}, {.2, .2, .2}, {1, 0, 0}, {1e-20, .4, .6}, {1.4, 0, 0}}
	tests := []struct {
		rule Normalise
		want [][]float64
	}{
		{ClipThenDivide, [][]float64{
			{1.0986122886681098, 1.0986122886681098, 1.0986122886681098},
			{never, 4.440892098500627e-16, never},
			{1.0986122886681098, 1.0986122886681098, 1.0986122886681098},
			{4.440892098500627e-16, never, never},
			{never, 0.9162907318741553, 0.5108256237659909},
			{4.440892098500627e-16, never, never},
		}},
		{None, [][]float64{
			{0.6931471805599453, 0.6931471805599453, 0.6931471805599453},
			{never, 2.2204460492503136e-16, never},
			{1.6094379124341003, 1.6094379124341003, 1.6094379124341003},
			{2.2204460492503136e-16, never, never},
			{never, 0.916290731874155, 0.5108256237659907},
			{2.2204460492503136e-16, never, never},
		}},
	}
	for _, test := range tests {
		t.Run(string(test.rule), func(t *testing.T) {
			s := Scoring{Metric: LogLoss, Clip: Clip64, Normalise: test.rule}
			for i, q := range rows {
				got, err := s.RowLoss(q)
				if err != nil {
					t.Fatal(err)
				}
				// 1 - 2^-52 has an error of its own as large as the loss of a certain class.
				if diff := cmp.Diff(test.want[i], got, cmpopts.EquateApprox(4e-16, 3e-16)); diff != "" {
					t.Errorf("%v (-want +got):\n%s", q, diff)
				}
			}
		})
	}
}

// TestRowLossRules tells the rules apart on one row, by hand: (0.5, 0.5, 0.5) is a third each where it is divided.
func TestRowLossRules(t *testing.T) {
	thirds, halves := math.Log(3), math.Log(2)
	tests := []struct {
		rule Normalise
		q    []float64
		want []float64
		fail string
	}{
		{Divide, []float64{.5, .5, .5}, []float64{thirds, thirds, thirds}, ""},
		{Divide, []float64{2, 0, 0}, []float64{-math.Log(1 - 1e-15), -math.Log(1e-15), -math.Log(1e-15)}, ""},
		{Divide, []float64{0, 0, 0}, nil, "the row sums to 0 and can't be divided by that"},
		{ClipThenDivide, []float64{0, 0, 0}, []float64{thirds, thirds, thirds}, ""},
		{None, []float64{.5, .5, .5}, []float64{halves, halves, halves}, ""},
		{Refuse, []float64{.5, .5, .5}, nil, "the row sums to 1.5, not 1"},
		{Refuse, []float64{.5, .5 + 9e-6, 0}, []float64{halves, -math.Log(.5 + 9e-6), -math.Log(1e-15)}, ""},
		{Refuse, []float64{1.5, -.5, 0}, nil, "class 0 is 1.5, outside [0, 1]"},
		{None, []float64{.5, math.NaN(), .5}, nil, "class 1 is NaN, not a number that can be scored"},
		{Divide, []float64{.5, .5, math.Inf(1)}, nil, "class 2 is +Inf, not a number that can be scored"},
	}
	for _, test := range tests {
		s := Scoring{Metric: LogLoss, Clip: 1e-15, Normalise: test.rule}
		got, err := s.RowLoss(test.q)
		if diff := cmp.Diff(test.want, got, cmpopts.EquateApprox(4e-16, 1e-18)); diff != "" {
			t.Errorf("%s %v (-want +got):\n%s", test.rule, test.q, diff)
		}
		if message(err) != test.fail {
			t.Errorf("%s %v: error %q, want %q", test.rule, test.q, message(err), test.fail)
		}
	}
}

// TestCertainClassIsPositiveZero keeps "-0.00000" off the board.
func TestCertainClassIsPositiveZero(t *testing.T) {
	loss, err := Scoring{Metric: LogLoss, Normalise: None}.Loss([]float64{1, 0}, 0)
	if err != nil || loss != 0 || math.Signbit(loss) {
		t.Errorf("loss %v, %v; want 0", loss, err)
	}
}

// TestScoreNamesTheRow: one bad row fails the file.
func TestScoreNamesTheRow(t *testing.T) {
	q := [][]float64{{.5, .5}, {math.NaN(), 1}}
	_, err := Scoring{Metric: LogLoss, Normalise: None}.Score(q, []int{0, 1})
	if want := "row 1: class 0 is NaN, not a number that can be scored"; message(err) != want {
		t.Errorf("error %q, want %q", message(err), want)
	}
}

// TestMeanExact compares the running mean with exact arithmetic over losses of all sizes a board knows.
func TestMeanExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 40), 1, 300).Draw(t, "losses")
		var got Mean
		sum := new(big.Float).SetPrec(2000)
		for _, v := range values {
			got.Add(v)
			sum.Add(sum, big.NewFloat(v))
		}
		want, _ := sum.Quo(sum, big.NewFloat(float64(len(values)))).Float64()
		if diff := cmp.Diff(want, got.Value(), ulps); diff != "" || got.N() != len(values) {
			t.Fatalf("n %d: %s", got.N(), diff)
		}
	})
}

// TestMeanOfMany: a plain sum of a million tenths is off by 1e-11; the score's last digit must not depend on such an error.
func TestMeanOfMany(t *testing.T) {
	var m Mean
	for range 1_000_000 {
		m.Add(0.1)
	}
	if m.Value() != 0.1 {
		t.Errorf("mean %v, want 0.1", m.Value())
	}
	if empty := new(Mean).Value(); !math.IsNaN(empty) {
		t.Errorf("mean of nothing is %v, want NaN", empty)
	}
}

// TestMeanInfinite: an unclipped board shows infinity, not NaN.
func TestMeanInfinite(t *testing.T) {
	var m Mean
	for _, v := range []float64{1, math.Inf(1), 2, math.Inf(1)} {
		m.Add(v)
	}
	if !math.IsInf(m.Value(), 1) {
		t.Errorf("mean %v, want +Inf", m.Value())
	}
}

func BenchmarkScore(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	const n = 25_000
	q, class := make([][]float64, n), make([]int, n)
	for i := range q {
		q[i] = Quantise([]float64{rng.Float64(), rng.Float64(), rng.Float64()}, 1e-12)
		class[i] = rng.IntN(3)
	}
	s := Scoring{Metric: LogLoss, Clip: Clip64, Normalise: Divide}
	for b.Loop() {
		if _, err := s.Score(q, class); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
