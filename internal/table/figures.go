package table

import (
	"fmt"
	"math"
)

// Percent prints a share.
func Percent(share float64) string {
	switch p := 100 * share; {
	case p == 0:
		return "0 %"
	case p < 0.095:
		return fmt.Sprintf("%.2f %%", p)
	default:
		return fmt.Sprintf("%.1f %%", p)
	}
}

// Ratio prints how many times as large something is in few digits.
func Ratio(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "∞"
	case x != 0 && x < 0.095:
		return fmt.Sprintf("%.3f", x)
	case x < 9.95:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.0f", x)
}
