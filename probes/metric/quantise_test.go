package metric

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// weights draws q and a floor of every size that is allowed.
func weights(t *rapid.T) (q []float64, floor float64) {
	classes := rapid.IntRange(1, 12).Draw(t, "classes")
	q = make([]float64, classes)
	for c := range q {
		q[c] = math.Exp(-rapid.Float64Range(0, 60).Draw(t, "loss"))
		if rapid.IntRange(0, 9).Draw(t, "zero") == 0 && c > 0 {
			q[c] = 0
		}
	}
	floors := []float64{0, 1e-15, 1e-12, 1e-6, 0.01, 1}
	return q, min(rapid.SampledFrom(floors).Draw(t, "floor"), MaxFloor(classes))
}

// TestQuantiseSumsToOne holds the promise of the doc comment: units of 2^-53, at least floor, exactly 1 in every order, also after a trip
// through the text of a file.
func TestQuantiseSumsToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, floor := weights(t)
		before := slices.Clone(q)
		got := Quantise(q, floor)
		if !slices.Equal(q, before) {
			t.Fatalf("the weights were modified: %v", q)
		}
		total := uint64(0)
		for _, v := range got {
			units := v * (1 << 53)
			if units != math.Trunc(units) || units < 1 || v < floor || v > 1-float64(len(q)-1)*floor {
				t.Fatalf("%v is not a probability in units of 2^-53 from %v up", v, floor)
			}
			total += uint64(units)
		}
		if total != 1<<53 {
			t.Fatalf("units sum to %d, want 2^53", total)
		}
		rng := rand.New(rand.NewPCG(total, uint64(len(q))))
		for range 10 {
			rng.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
			sum := 0.0
			for _, v := range got {
				sum += reread(t, v)
			}
			if sum != 1 {
				t.Fatalf("%v sums to %v in this order", got, sum)
			}
		}
	})
}

// reread prints a value as a submission does and reads it back.
func reread(t *rapid.T, v float64) float64 {
	back, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 17, 64), 64)
	if err != nil || back != v {
		t.Fatalf("%v read back as %v, %v", v, back, err)
	}
	return back
}

// TestQuantiseNearest compares with the real numbers that are meant: max(floor, s·q) with the s, found by bisection, at which they sum to 1.
func TestQuantiseNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, floor := weights(t)
		least := math.Max(math.Ceil(floor*(1<<53)), 1) / (1 << 53)
		lo, hi := 0.0, 2/slices.Max(q)
		for range 200 {
			mid, sum := (lo+hi)/2, 0.0
			for _, v := range q {
				sum += max(least, mid*v)
			}
			if sum < 1 {
				lo = mid
			} else {
				hi = mid
			}
		}
		for c, v := range Quantise(q, floor) {
			if want := max(least, lo*q[c]); math.Abs(v-want) > 16*0x1p-53 {
				t.Fatalf("class %d of %v at floor %v: %v, want %v", c, q, floor, v, want)
			}
		}
	})
}

// TestQuantiseByHand: the cases that probes are made of.
func TestQuantiseByHand(t *testing.T) {
	const unit = 0x1p-53
	tests := []struct {
		name  string
		q     []float64
		floor float64
		want  []float64
	}{
		{"dyadic values stay", []float64{.5, .25, .25}, 1e-12, []float64{.5, .25, .25}},
		{"weights need not sum to 1", []float64{6, 1, 1}, 1e-12, []float64{.75, .125, .125}},
		{"2^53 = 3·3002399751580330 + 2, and the first of equals pays", []float64{1, 1, 1}, 1e-12,
			[]float64{3002399751580330 * unit, 3002399751580331 * unit, 3002399751580331 * unit}},
		{"1e-15 is 9.007 units: ten", []float64{1, 0, 0}, 1e-15, []float64{1 - 20*unit, 10 * unit, 10 * unit}},
		{"without a floor one unit is left", []float64{0, 1}, 0, []float64{unit, 1 - unit}},
		{"a raised class takes from the rest in proportion", []float64{3, 1, 0}, .125, []float64{.65625, .21875, .125}},
		{"which may bring another below", []float64{.85, .14, .01}, .125, []float64{.75, .125, .125}},
		{"the largest floor", []float64{1, 0}, .25, []float64{.75, .25}},
		{"one class", []float64{3}, .5, []float64{1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Quantise(test.q, test.floor)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestQuantiseScoresAlike: on quantised rows every rule and every usual clip gives the same losses, to the bit.
func TestQuantiseScoresAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, _ := weights(t)
		q = Quantise(q, 1e-12)
		want, err := Scoring{Metric: LogLoss, Normalise: None}.RowLoss(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range []Normalise{Divide, ClipThenDivide, None, Refuse} {
			for _, clip := range []float64{0, Clip64, 1e-15} {
				got, err := Scoring{Metric: LogLoss, Clip: clip, Normalise: rule}.RowLoss(q)
				if err != nil {
					t.Fatal(err)
				}
				if len(q) > 1 && !slices.Equal(got, want) { // one class is clipped below 1
					t.Fatalf("%s with clip %v: %v, want %v", rule, clip, got, want)
				}
			}
		}
	})
}

// TestQuantisePanics: weights that are none are a mistake of the caller.
func TestQuantisePanics(t *testing.T) {
	tests := []struct {
		name  string
		q     []float64
		floor float64
	}{
		{"negative", []float64{1, -1}, 0},
		{"NaN", []float64{1, math.NaN()}, 0},
		{"infinite", []float64{1, math.Inf(1)}, 0},
		{"all zero", []float64{0, 0}, 0},
		{"floor too high", []float64{1, 1, 1}, 0.2},
		{"floor NaN", []float64{1, 1}, math.NaN()},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			Quantise(test.q, test.floor)
		})
	}
}
