package audit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lmsys is the reference competition.
func lmsys(kind Kind) Options {
	return Options{Kind: kind, Decimals: 3, Rows: 25000, Public: 0.26, Quota: 5, Days: 90, Classes: 3, Competitions: 20, Seed: 1}
}

// TestFindingsHold: simulated competitions read what is said to leak, over boards of both kinds and many shapes.
func TestFindingsHold(t *testing.T) {
	for _, kind := range []Kind{Hidden, Static} {
		for _, decimals := range []int{1, 3, 5, 6} {
			for _, classes := range []int{2, 3, 30} {
				for _, rows := range []int{400, 25000} {
					o := lmsys(kind)
					o.Decimals, o.Classes, o.Rows = decimals, classes, rows
					r, err := Run(o)
					if err != nil {
						t.Fatal(err)
					}
					for _, f := range r.Findings {
						where := fmt.Sprintf("%s, %d decimals, %d classes, %d rows, %s", kind, decimals, classes, rows, f.Name)
						if allowed := float64(f.Check.Sent) * 1e-3; f.Check.Wrong > 0 && (f.Board.Jitter == 0 || float64(f.Check.Wrong) > allowed) {
							t.Errorf("%s: %d of %d read wrongly", where, f.Check.Wrong, f.Check.Sent)
						}
						if f.Bits > 0.999 && f.Check.Sent == 0 {
							t.Errorf("%s: %.1f bits, nothing checked", where, f.Bits)
						}
					}
				}
			}
		}
	}
}

// TestCheckBites: an attack that asks for more than a board shows is caught by the same simulation.
func TestCheckBites(t *testing.T) {
	o := lmsys(Static)
	for _, b := range []Board{{Decimals: 5, Public: 6500, Floor: floor}, {Decimals: 5, Public: 6500, Floor: floor, Jitter: 3e-5}} {
		greedy := o.block(b)
		greedy.delta /= 4
		if c := o.readLabels(greedy, rand.New(rand.NewPCG(1, 1))); c.Wrong == 0 {
			t.Errorf("%+v: rows four times too close are read without a mistake", b)
		}
	}
	o.Kind = Hidden
	l, err := o.line(Board{Decimals: 3, Public: 6500, Floor: floor, Jitter: 0.003})
	if err != nil {
		t.Fatal(err)
	}
	l.width = 5
	if c := o.sendNumbers(l, rand.New(rand.NewPCG(1, 1))); c.Wrong == 0 {
		t.Error("levels too close for the jitter are read without a mistake")
	}
}

// TestMeasuresHelp: none but half of the public rows, which makes each of the rest weigh more, gives more away than the board as it is.
func TestMeasuresHelp(t *testing.T) {
	for _, kind := range []Kind{Hidden, Static} {
		r, err := Run(lmsys(kind))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Findings[1:] {
			if f.Bits > r.Findings[0].Bits && !strings.HasPrefix(f.Name, "half") {
				t.Errorf("%s, %s: %v bits, %v as it is", kind, f.Name, f.Bits, r.Findings[0].Bits)
			}
		}
		again, err := Run(lmsys(kind))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, again); diff != "" {
			t.Errorf("%s: equal seeds differ: %s", kind, diff)
		}
	}
}

// TestKnown: Trott read the 198 labels of Data Science Bowl 2017 in blocks of about 14 rows at 5 decimals and a clip of 1e-15; the reference
// competition's channel carries 13.2 bits at 3 decimals in a prototype, and the range of its scores over a tick, log2(2/3·27.6/0.001) = 14.2, is the most
// there is.
func TestKnown(t *testing.T) {
	o := Options{Kind: Static, Classes: 2}
	if b := o.block(Board{Decimals: 5, Public: 198, Floor: 1e-15}); b.rows < 14 || b.rows > 15 {
		t.Errorf("Data Science Bowl 2017: blocks of %d rows", b.rows)
	}
	r, err := Run(lmsys(Hidden))
	if err != nil {
		t.Fatal(err)
	}
	if f := r.Findings[0]; f.Bits < 13.2 || f.Bits > math.Log2(2.0/3*27.6/0.001) || f.Cut != 4 {
		t.Errorf("reference competition: %+v", f)
	}
}

// TestOptionFaults: every option out of range is named by its flag.
func TestOptionFaults(t *testing.T) {
	for flag, spoil := range map[string]func(o *Options){
		"kind":         func(o *Options) { o.Kind = "open" },
		"decimals":     func(o *Options) { o.Decimals = 0 },
		"rows":         func(o *Options) { o.Rows = 3 },
		"public":       func(o *Options) { o.Public = math.NaN() },
		"quota":        func(o *Options) { o.Quota = 0 },
		"days":         func(o *Options) { o.Days = -1 },
		"classes":      func(o *Options) { o.Classes = 1 },
		"competitions": func(o *Options) { o.Competitions = 0 },
	} {
		o := lmsys(Hidden)
		spoil(&o)
		if _, err := Run(o); err == nil || !strings.HasPrefix(err.Error(), "--"+flag+": ") {
			t.Errorf("%s: error %v", flag, err)
		}
	}
}
