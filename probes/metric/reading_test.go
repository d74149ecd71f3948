package metric

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestShowFractions compares with integer arithmetic: k of n correct, shown at d decimals, for every k of the two Titanic boards.
func TestShowFractions(t *testing.T) {
	for _, n := range []int64{209, 418} {
		for _, d := range []int{3, 5} {
			unit := int64(math.Pow10(d))
			for k := range n + 1 {
				floor, round := k*unit/n, (2*k*unit+n)/(2*n)
				value := float64(k) / float64(n)
				check(t, value, d, Floor, floor, unit)
				if 2*k*unit%n != 0 || k*unit%n == 0 { // neither rule for ties is tested here
					check(t, value, d, Round, round, unit)
				}
			}
		}
	}
}

// check compares a shown value with a number of ticks.
func check(t *testing.T, value float64, d int, r Rounding, tick, unit int64) {
	t.Helper()
	want := fmt.Sprintf("%d.%0*d", tick/unit, d, tick%unit)
	if got := Show(value, d, r); got != want {
		t.Errorf("%s: %v shown as %s, want %s", r, value, got, want)
	}
}

// TestShowKnownBoards holds scores that real boards showed.
func TestShowKnownBoards(t *testing.T) {
	tests := []struct {
		value    float64
		rounding Rounding
		want     string
		source   string
	}{
		{324.0 / 418, Floor, "0.77511", "Titanic 2025"},
		{162.0 / 209, Round, "0.77512", "Titanic 2016"},
		{math.Ln2, Floor, "0.69314", "a log loss of 2020"},
		{math.Ln2, Round, "0.69315", "the same value, rounded"},
		{0.7, Floor, "0.70000", "its float64 lies below 0.7"},
		{math.Inf(1), Round, "Infinity", "an unclipped zero"},
		{0, Floor, "0.00000", "a perfect file"},
		{2.220446049250313e-16, Floor, "0.00000", "a perfect file, clipped"},
		{12, Floor, "12.00000", "a whole number"},
	}
	for _, test := range tests {
		if got := Show(test.value, 5, test.rounding); got != test.want {
			t.Errorf("%s: %v shown as %s, want %s", test.source, test.value, got, test.want)
		}
	}
	if got := Show(1.75, 0, Floor); got != "1" {
		t.Errorf("no decimals: %s, want 1", got)
	}
}

// TestShowTitanicBoard reads nine real scores, all floored. The file holds how many of 418 rows were right.
func TestShowTitanicBoard(t *testing.T) {
	for _, row := range readCSV(t, "titanic/lb_scores.csv") {
		reading, err := ParseReading(row["public_lb_as_shown"], 5) // the file has dropped the zeros at the end
		if err != nil {
			t.Fatal(err)
		}
		if got, want := Show(number(t, row["n_correct"])/number(t, row["n_total"]), 5, Floor), Show(reading.Value, 5, Floor); got != want {
			t.Errorf("%s: %s, want %s", row["filename"], got, want)
		}
	}
}

// TestIntervalHoldsTheMean: whatever a board shows, the interval of what it shows holds the mean; and the interval is no wider than a tick,
// found by exact arithmetic.
func TestIntervalHoldsTheMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(0, 12).Draw(t, "decimals")
		mean := rapid.Float64Range(0, 40).Draw(t, "mean")
		if rapid.Bool().Draw(t, "on the grid") {
			mean, _ = strconv.ParseFloat(Show(mean, d, Round), 64)
		}
		for _, r := range Either.Hypotheses() {
			shown := Show(mean, d, r)
			reading, err := ParseReading(shown, d)
			if err != nil || reading.Text != shown || reading.Padded {
				t.Fatalf("%s read as %+v, %v", shown, reading, err)
			}
			in := ScoreInterval(reading.Value, d, r)
			if mean < in.Lo || mean > in.Hi || (r == Floor && mean == in.Hi) {
				t.Fatalf("%s: %v, shown as %s, is outside %v", r, mean, shown, in)
			}
			lo, hi := exactInterval(shown, d, r)
			if in.Lo != lo || in.Hi != hi {
				t.Fatalf("%s: interval of %s is %v, want [%v %v]", r, shown, in, lo, hi)
			}
		}
	})
}

// exactInterval computes the interval of a shown score in rational numbers.
func exactInterval(shown string, d int, r Rounding) (lo, hi float64) {
	s, _ := new(big.Rat).SetString(shown)
	below, above := big.NewRat(0, 1), big.NewRat(1, 1)
	if r == Round {
		below, above = big.NewRat(1, 2), big.NewRat(1, 2)
	}
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d)), nil))
	lo, _ = new(big.Rat).Sub(s, below.Quo(below, unit)).Float64()
	hi, _ = new(big.Rat).Add(s, above.Quo(above, unit)).Float64()
	return lo, hi
}

// TestEitherIsNoInterval: the two hypotheses are never merged.
func TestEitherIsNoInterval(t *testing.T) {
	for name, f := range map[string]func(){
		"interval":      func() { ScoreInterval(1, 5, Either) },
		"show":          func() { Show(1, 5, Either) },
		"decimals -1":   func() { Show(1, -1, Round) },
		"decimals 16":   func() { ScoreInterval(1, 16, Round) },
		"no such thing": func() { ScoreInterval(1, 5, "up") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

func TestParseReading(t *testing.T) {
	tests := []struct {
		text string
		want Reading
		fail string
	}{
		{"1.09861", Reading{"1.09861", 1.09861, false}, ""},
		{" 0.69314\r", Reading{"0.69314", 0.69314, false}, ""},
		{"9.662", Reading{"9.662", 9.662, true}, ""},
		{"1", Reading{"1", 1, true}, ""},
		{"1.098612", Reading{}, "the score 1.098612 has 6 decimals, the board shows 5. Give the score as the board shows it, or correct competition.decimals"},
		{"1,09861", Reading{}, `"1,09861" is not a score. Write it with a point: 1.09861`},
		{"", Reading{}, "the score is empty. Give it as the board shows it, such as 1.09861"},
		{"-0.1", Reading{}, "the score -0.1 is negative, which no loss is. Give it as the board shows it, such as 1.09861"},
		{"NaN", Reading{}, `"NaN" is not a score. Give it as the board shows it, such as 1.09861`},
		{"1e-3", Reading{}, `"1e-3" is not a score. Give it as the board shows it, such as 1.09861`},
		{"1.", Reading{}, `"1." is not a score. Give it as the board shows it, such as 1.09861`},
		{".5", Reading{}, `".5" is not a score. Give it as the board shows it, such as 1.09861`},
		{"1.0.1", Reading{}, `"1.0.1" is not a score. Give it as the board shows it, such as 1.09861`},
		{"99999999999999", Reading{}, "the score 99999999999999 is too large to be one. Give the score as the board shows it"},
	}
	for _, test := range tests {
		got, err := ParseReading(test.text, 5)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
		if message(err) != test.fail {
			t.Errorf("%q: error %q, want %q", test.text, message(err), test.fail)
		}
	}
}

// FuzzParseReading: what is accepted has an interval that holds it, and is shown again with the digits that were read.
func FuzzParseReading(f *testing.F) {
	for _, seed := range []string{"1.09861", "0", "00.5", "9.662", "1,2", "-1", "1e5", "NaN", "١.٢", "99999999999"} {
		f.Add(seed, uint8(5))
	}
	f.Fuzz(func(t *testing.T, text string, decimals uint8) {
		d := int(decimals % (MaxDecimals + 1))
		reading, err := ParseReading(text, d)
		if err != nil {
			return
		}
		for _, r := range Either.Hypotheses() {
			if in := ScoreInterval(reading.Value, d, r); reading.Value < in.Lo || reading.Value > in.Hi {
				t.Errorf("%s: %q is outside its interval %v", r, text, in)
			}
			again, err := ParseReading(Show(reading.Value, d, r), d)
			if err != nil || again.Value != reading.Value {
				t.Errorf("%s: %q shown as %q, %v", r, text, again.Text, err)
			}
		}
	})
}

// TestNames: an experiment file may hold the names of the constants and nothing else.
func TestNames(t *testing.T) {
	var m Metric
	var r Rounding
	var n Normalise
	tests := []struct {
		into interface{ UnmarshalText([]byte) error }
		text string
		fail string
	}{
		{&m, "log-loss", ""},
		{&m, "auc", ""},
		{&m, "logloss", `"logloss" is none of log-loss, binary-log-loss, brier, accuracy, mae, mse, rmse, auc. Choose one of them`},
		{&r, "floor", ""},
		{&r, "Round", `"Round" is none of either, round, floor. Choose one of them`},
		{&n, "clip-then-divide", ""},
		{&n, "", `"" is none of divide, clip-then-divide, none, error. Choose one of them`},
	}
	for _, test := range tests {
		if err := test.into.UnmarshalText([]byte(test.text)); message(err) != test.fail {
			t.Errorf("%q: error %q, want %q", test.text, message(err), test.fail)
		}
	}
}
