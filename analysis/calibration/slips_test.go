package calibration

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestSlips holds that a replaced digit leaves all others, and that a tick is one, with its carries.
func TestSlips(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, shown := range []string{"0.001", "1.999", "9.999", "12.000", "0.500", "7.090"} {
		was, _ := new(big.Rat).SetString(shown)
		signs := map[int]bool{}
		for range 40 {
			text := Digit.text(shown, rng)
			changed := 0
			for i := range text {
				if text[i] != shown[i] {
					changed++
				}
			}
			if changed != 1 || len(text) != len(shown) || text == shown {
				t.Errorf("%s becomes %s", shown, text)
			}
			is, ok := new(big.Rat).SetString(Tick.text(shown, rng))
			if !ok {
				t.Fatalf("%s becomes no number", shown)
			}
			off := is.Sub(is, was)
			signs[off.Sign()] = true
			if off.Abs(off).Cmp(big.NewRat(1, 1000)) != 0 && shown != "9.999" {
				t.Errorf("%s is off by %s", shown, off.FloatString(4))
			}
		}
		if !signs[1] && shown != "9.999" || !signs[-1] {
			t.Errorf("%s is off to one side only", shown)
		}
	}
}
