package metric

import (
	"math"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// oneColumn is a scoring of submissions with one column.
func oneColumn(t testing.TB, m Metric, classes ...string) Scoring {
	t.Helper()
	values, err := Values(m, classes)
	if err != nil {
		t.Fatal(err)
	}
	return Scoring{Metric: m, Decimals: 5, Rounding: Round, Clip: Clip64, Normalise: None, Values: values}
}

// column makes rows of one value each.
func column(values ...float64) [][]float64 {
	q := make([][]float64, len(values))
	for i, v := range values {
		q[i] = []float64{v}
	}
	return q
}

// TestMetricsScikitLearn compares whole files with log_loss, brier_score_loss (for three classes with scale_by_half=False), accuracy_score,
// mean_absolute_error, mean_squared_error, root_mean_squared_error and roc_auc_score of scikit-learn 1.9.1 with numpy 2.4.6.
func TestMetricsScikitLearn(t *testing.T) {
	binary := column(.5, .25, .9, 1, 0, .5, .125, .9)
	label := []int{1, 0, 1, 1, 0, 0, 1, 0}
	number, distant := []int{2, 3, 3, 1, 0, 2, 3, 1}, column(1.5, 2.75, 10, -.25, 0, 1e3, 3, .1)
	numbers := []string{"-2", "0", "1.5", "3"}
	tests := []struct {
		scoring Scoring
		q       [][]float64
		class   []int
		want    float64
	}{
		{oneColumn(t, BinaryLogLoss, "0", "1"), binary, label, 0.7701704479879224},
		{oneColumn(t, Brier, "no", "yes"), binary, label, 0.26851562500000004},
		{oneColumn(t, AUC, "0", "1"), binary, label, 0.6875},
		{oneColumn(t, AUC, "0", "1"), column(.1, .4, .35, .8), []int{0, 0, 1, 1}, 0.75},
		{oneColumn(t, AUC, "0", "1"), column(1, 1, 1, 1, 1), []int{0, 0, 1, 1, 1}, 0.5},
		{oneColumn(t, AUC, "0", "1"), column(3, 3, 2, 2, 1, 1, 1), []int{0, 1, 1, 0, 1, 0, 0}, 0.5833333333333333},
		{oneColumn(t, Accuracy, "a", "b", "c"), column(1, 1, 2, NoClass, 2), []int{1, 0, 2, 0, 2}, 0.6},
		{oneColumn(t, MAE, numbers...), distant, number, 126.0125},
		{oneColumn(t, MSE, numbers...), distant, number, 124631.923125},
		{oneColumn(t, RMSE, numbers...), distant, number, 353.0324675224646},
		{Scoring{Metric: Brier, Normalise: None}, [][]float64{{.5, .3, .2}, {.1, .8, .1}, {.25, .25, .5}, {1, 0, 0}}, []int{0, 1, 2, 1}, 0.70375},
	}
	for _, test := range tests {
		got, err := test.scoring.Score(test.q, test.class)
		if err != nil {
			t.Errorf("%s: %v", test.scoring.Metric, err)
		}
		if diff := cmp.Diff(test.want, got, ulps); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.scoring.Metric, diff)
		}
	}
}

// TestBinaryRowsScikitLearn: the cost of each class, log_loss([c], [v], labels=[0, 1]) of scikit-learn 1.9.1.
func TestBinaryRowsScikitLearn(t *testing.T) {
	const never, certain = 36.04365338911715, 2.220446049250313e-16
	want := map[float64][]float64{0: {certain, never}, 1e-20: {certain, never}, .25: {0.2876820724517809, 1.3862943611198906},
		.5: {0.6931471805599453, 0.6931471805599453}, 1: {never, certain}}
	s := oneColumn(t, BinaryLogLoss, "0", "1")
	for v, loss := range want {
		got, err := s.RowLoss([]float64{v})
		if diff := cmp.Diff(loss, got, cmpopts.EquateApprox(4e-16, 1e-20)); diff != "" || err != nil {
			t.Errorf("%v: %v (-want +got):\n%s", v, err, diff)
		}
	}
}

// TestQuora reads the share of positive rows off two real scores of Quora Question Pairs, whose board clipped at 1e-15: all zero scored
// 6.0188 as it was quoted, all one 28.52056. Each alone says 17.43 % positive.
func TestQuora(t *testing.T) {
	s := oneColumn(t, BinaryLogLoss, "0", "1")
	s.Clip = 1e-15
	for _, test := range []struct{ v, score, decimals float64 }{{0, 6.0188, 4}, {1, 28.52056, 5}} {
		loss, err := s.RowLoss([]float64{test.v})
		if err != nil {
			t.Fatal(err)
		}
		s.Decimals = int(test.decimals)
		in := s.LossInterval(test.score, Floor)
		for _, mean := range []float64{in.Lo, in.Hi} {
			positive := (mean - loss[0]) / (loss[1] - loss[0])
			if got := strconv.FormatFloat(100*positive, 'f', 2, 64); got != "17.43" {
				t.Errorf("all %v: %s %% positive, want 17.43", test.v, got)
			}
		}
	}
}

// TestTitanic scores the files of a real competitor on the released truth: every shown accuracy of 2025 is the share of right rows, floored;
// a reading says how many rows were right.
func TestTitanic(t *testing.T) {
	truth := readCSV(t, "titanic/truth.csv")
	s := oneColumn(t, Accuracy, "0", "1")
	s.Rounding = Floor
	var class []int
	for _, r := range truth {
		class = append(class, int(number(t, r["Survived"])))
	}
	shown := readCSV(t, "titanic/lb_scores.csv")
	for _, row := range shown {
		var q [][]float64
		for i, r := range readCSV(t, filepath.Join("titanic/submissions", row["filename"])) {
			if r["PassengerId"] != truth[i]["PassengerId"] {
				t.Fatalf("%s: row %d is of %s", row["filename"], i, r["PassengerId"])
			}
			q = append(q, []float64{number(t, r["Survived"])})
		}
		score, err := s.Score(q, class)
		reading, bad := ParseReading(row["public_lb_as_shown"], 5)
		if err != nil || bad != nil || score != number(t, row["exact_accuracy"]) || Show(score, 5, Floor) != Show(reading.Value, 5, Round) {
			t.Errorf("%s: %v, %v, %v, want %s shown as %s", row["filename"], score, err, bad, row["exact_accuracy"], reading.Text)
		}
		in := s.LossInterval(reading.Value, Floor)
		least, most := math.Ceil(in.Lo*418-1e-9), math.Floor(in.Hi*418+1e-9)
		if right := 418 - least; least != most || right != number(t, row["n_correct"]) {
			t.Errorf("%s: between %v and %v of 418 rows wrong, want %s right", row["filename"], least, most, row["n_correct"])
		}
	}
	if len(shown) != 9 {
		t.Errorf("%d scores, want 9", len(shown))
	}
}

// TestDSB2017 scores the sample submission of the Data Science Bowl 2017 on its released truth: 0.5 throughout costs ln 2.
func TestDSB2017(t *testing.T) {
	s := oneColumn(t, BinaryLogLoss, "0", "1")
	var q [][]float64
	var class []int
	truth := readCSV(t, "dsb2017/stage1_solution.csv")
	for i, r := range readCSV(t, "dsb2017/stage1_sample_submission.csv") {
		q, class = append(q, []float64{number(t, r["cancer"])}), append(class, int(number(t, truth[i]["cancer"])))
	}
	got, err := s.Score(q, class)
	if diff := cmp.Diff(0.6931471805599453, got, ulps); diff != "" || err != nil || len(q) != 198 {
		t.Errorf("%d rows, %v: %s", len(q), err, diff)
	}
}

// TestLossIntervalHoldsTheMean: whatever a board shows, the mean cost that was shown lies in the interval of what it shows.
func TestLossIntervalHoldsTheMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom([]Metric{BinaryLogLoss, Brier, Accuracy, MAE, MSE, RMSE}).Draw(t, "metric")
		values, err := Values(m, []string{"0", "1"})
		if err != nil {
			t.Fatal(err)
		}
		s := Scoring{Metric: m, Decimals: rapid.IntRange(1, 6).Draw(t, "decimals"), Clip: 1e-15, Values: values,
			Rounding: rapid.SampledFrom([]Rounding{Round, Floor}).Draw(t, "rounding")}
		n := rapid.IntRange(1, 40).Draw(t, "rows")
		tally, costs := s.NewTally(), Mean{}
		for range n {
			v := rapid.SampledFrom([]float64{0, 1, .5, .3, .999}).Draw(t, "prediction")
			c := rapid.IntRange(0, 1).Draw(t, "class")
			loss, err := s.Loss([]float64{v}, c)
			if err != nil || tally.Add([]float64{v}, c) != nil {
				t.Fatal(err)
			}
			costs.Add(loss)
		}
		score, err := tally.Score()
		if err != nil {
			t.Fatal(err)
		}
		reading, err := ParseReading(Show(score, s.Decimals, s.Rounding), s.Decimals)
		if err != nil {
			t.Fatal(err)
		}
		in := s.LossInterval(reading.Value, s.Rounding)
		if mean := costs.Value(); mean < in.Lo-1e-14 || mean > in.Hi+1e-14 {
			t.Fatalf("%s: mean cost %v shown as %s, interval %v", m, mean, reading.Text, in)
		}
	})
}

// TestLossIntervalByHand: the score's own interval, turned into one of the mean cost.
func TestLossIntervalByHand(t *testing.T) {
	tests := []struct {
		metric   Metric
		rounding Rounding
		value    float64
		want     Interval
	}{
		{BinaryLogLoss, Round, .69, Interval{.685, .695}},
		{Accuracy, Floor, .77, Interval{.22, .23}},
		{Accuracy, Round, 1, Interval{-.005, .005}},
		{RMSE, Round, 3, Interval{2.995 * 2.995, 3.005 * 3.005}},
		{RMSE, Floor, 3, Interval{9, 3.01 * 3.01}},
		{RMSE, Round, 0, Interval{0, 2.5e-5}},
	}
	for _, test := range tests {
		s := Scoring{Metric: test.metric, Decimals: 2}
		if diff := cmp.Diff(test.want, s.LossInterval(test.value, test.rounding), cmpopts.EquateApprox(4e-16, 1e-15)); diff != "" {
			t.Errorf("%s %s %v (-want +got):\n%s", test.metric, test.rounding, test.value, diff)
		}
	}
}

// TestValues: what classes stand for, and which a metric can't have.
func TestValues(t *testing.T) {
	tests := []struct {
		metric  Metric
		classes []string
		want    []float64
		fail    string
	}{
		{BinaryLogLoss, []string{"0", "1"}, []float64{0, 1}, ""},
		{BinaryLogLoss, []string{"1", "0"}, []float64{1, 0}, ""},
		{Brier, []string{"1", "-1"}, []float64{1, 0}, ""},
		{AUC, []string{"yes", "no"}, []float64{0, 1}, ""},
		{Accuracy, []string{"EAP", "HPL", "MWS"}, []float64{0, 1, 2}, ""},
		{MAE, []string{"0", "0.5", "10"}, []float64{0, .5, 10}, ""},
		{AUC, []string{"a", "b", "c"}, nil, "auc of one column is for two classes, not 3"},
		{RMSE, []string{"1", "two"}, nil, `rmse measures distances, and the class "two" is not a number`},
		{MSE, []string{"1", "1.0"}, nil, `the classes "1" and "1.0" are the same number`},
		{LogLoss, []string{"0", "1"}, nil, "log-loss takes one column a class"},
	}
	for _, test := range tests {
		got, err := Values(test.metric, test.classes)
		if diff := cmp.Diff(test.want, got); diff != "" || message(err) != test.fail {
			t.Errorf("%s %q: error %q, want %q (-want +got):\n%s", test.metric, test.classes, message(err), test.fail, diff)
		}
	}
}

// TestOneColumnRefuses: what a board says to a row that it can't score.
func TestOneColumnRefuses(t *testing.T) {
	strict := oneColumn(t, Brier, "0", "1")
	strict.Normalise = Refuse
	tests := []struct {
		scoring Scoring
		q       []float64
		fail    string
	}{
		{oneColumn(t, MAE, "0", "1"), []float64{math.NaN()}, "NaN is not a number that can be scored"},
		{oneColumn(t, MAE, "0", "1"), []float64{.5, .5}, "2 values where the submission has one column"},
		{oneColumn(t, Brier, "0", "1"), []float64{1.5}, ""},
		{strict, []float64{1.5}, "1.5 is outside [0, 1]"},
		{oneColumn(t, AUC, "0", "1"), []float64{.5}, "auc has no cost of a single row"},
		{Scoring{Metric: Accuracy}, []float64{.5, .5}, "accuracy takes one column, not one a class"},
	}
	for _, test := range tests {
		if _, err := test.scoring.RowLoss(test.q); message(err) != test.fail {
			t.Errorf("%s %v: error %q, want %q", test.scoring.Metric, test.q, message(err), test.fail)
		}
	}
	if _, err := oneColumn(t, AUC, "0", "1").Score(column(.1, .2), []int{1, 1}); message(err) != "all rows are of one class: auc compares two" {
		t.Errorf("auc of one class: %v", err)
	}
}

// TestBounds: what a row may cost when its truth is not known.
func TestBounds(t *testing.T) {
	ranged := func(m Metric) Scoring { return Scoring{Metric: m, Range: &Interval{1, 5}} }
	tests := []struct {
		scoring Scoring
		v       float64
		want    Interval
	}{
		{ranged(MAE), 7, Interval{2, 6}},
		{ranged(MAE), 2, Interval{0, 3}},
		{ranged(RMSE), -1, Interval{4, 36}},
		{ranged(MSE), 3, Interval{0, 4}},
		{oneColumn(t, MAE, "1", "5", "2"), 3, Interval{1, 2}},
	}
	for _, test := range tests {
		got, err := test.scoring.Bounds([]float64{test.v})
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s %v: %v (-want +got):\n%s", test.scoring.Metric, test.v, err, diff)
		}
	}
}

// TestRotatedConstants fixes the class shares of a test from constant predictions (a, b, b), (b, a, b) and (b, b, a) for all rows, scored to 3 decimals:
// share_A = (S + ln b)/(ln b - ln a), here to less than one row of 6,500 (docs: the metric's small print).
func TestRotatedConstants(t *testing.T) {
	s := Scoring{Metric: LogLoss, Decimals: 3, Clip: Clip64, Normalise: Divide}
	rows := []int{2269, 2222, 2009}
	for _, rounding := range []Rounding{Round, Floor} {
		for c, n := range rows {
			q := []float64{1e-12, 1e-12, 1e-12}
			q[c] = 1
			q = Quantise(q, 1e-12)
			loss, err := s.RowLoss(q)
			if err != nil {
				t.Fatal(err)
			}
			total := 0.0
			for k, m := range rows {
				total += float64(m) * loss[k]
			}
			r, err := ParseReading(Show(total/6500, 3, rounding), 3)
			if err != nil {
				t.Fatal(err)
			}
			a, b := q[c], q[(c+1)%3]
			share := func(score float64) float64 { return (score + math.Log(b)) / (math.Log(b) - math.Log(a)) }
			in := s.LossInterval(r.Value, rounding)
			if lo, hi := 6500*share(in.Hi), 6500*share(in.Lo); lo > float64(n) || hi < float64(n) || hi-lo > 1 {
				t.Errorf("class %d, %s: %v to %v rows, truly %d", c, rounding, lo, hi, n)
			}
		}
	}
}
