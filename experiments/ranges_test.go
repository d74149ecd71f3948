package experiments

import (
	"testing"
)

func TestPublicRange(t *testing.T) {
	share := func(x float64) *ShareRange { r := approximately(x); return &r }
	tests := []struct {
		name   string
		c      Competition
		rows   int
		lo, hi int
	}{
		{"the reference competition", Competition{Public: share(0.26)}, 25000, 6375, 6625},
		{"the digits do not matter", Competition{Public: share(0.3)}, 1000, 295, 305},
		{"not whole: outward", Competition{Public: &ShareRange{0.26, 0.26}}, 25001, 6500, 6501},
		{"whole: itself, whatever binary fractions say", Competition{Public: &ShareRange{0.07, 0.07}}, 100, 7, 7},
		{"unscored rows are not shared out", Competition{Public: &ShareRange{0.5, 0.5}, Unscored: IntRange{0, 100}}, 1000, 450, 500},
		{"all", Competition{Public: share(1)}, 418, 418, 418},
		{"one row at least", Competition{Public: share(0.001)}, 10, 1, 1},
		{"a number of rows", Competition{PublicRows: &IntRange{2518, 2518}}, 8392, 2518, 2518},
		{"never more than are scored", Competition{PublicRows: &IntRange{5, 50}, Unscored: IntRange{2, 2}}, 10, 5, 8},
	}
	for _, tt := range tests {
		if lo, hi := tt.c.PublicRange(tt.rows); lo != tt.lo || hi != tt.hi {
			t.Errorf("%s: %d to %d, want %d to %d", tt.name, lo, hi, tt.lo, tt.hi)
		}
	}
}

func TestSimulatedPublic(t *testing.T) {
	x := 0.26
	tests := []struct {
		name string
		e    Experiment
		want int
	}{
		{"exactly round(public × rows)", Experiment{Simulate: &Simulate{Public: &x}}, 843},
		{"the middle of a share", Experiment{Competition: Competition{Public: &ShareRange{0.25, 0.27}}}, 843},
		{"the middle of a number", Experiment{Competition: Competition{PublicRows: &IntRange{800, 900}}}, 850},
		{"not more than there are", Experiment{Competition: Competition{PublicRows: &IntRange{4000, 4000}}}, 3241},
	}
	for _, tt := range tests {
		if got := tt.e.SimulatedPublic(3241); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestPresentFrom(t *testing.T) {
	for _, tt := range []struct {
		p          PresentFrom
		rows, want int
	}{{PresentFrom{Rows: 1}, 100, 1}, {PresentFrom{Rows: 30}, 100, 30}, {PresentFrom{Share: 0.002}, 18500, 37}, {PresentFrom{Share: 0.002}, 18501, 38}, {PresentFrom{Share: 0.002}, 10, 1}} {
		if got := tt.p.Of(tt.rows); got != tt.want {
			t.Errorf("%+v of %d rows: %d, want %d", tt.p, tt.rows, got, tt.want)
		}
	}
}
