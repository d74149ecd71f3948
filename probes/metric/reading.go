package metric

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"lbprobe/internal/fault"
)

// MaxDecimals is the most decimals of a shown score that the package works with.
const MaxDecimals = 15

// maxTicks bounds a shown score in units of its last decimal: half a tick more or less must be exact in float64.
const maxTicks = 1 << 50

// Reading is a score as a board showed it.
type Reading struct {
	Text   string  // as shown, without surrounding space: its digits are the ruler
	Value  float64 // the number nearest to Text
	Padded bool    // fewer decimals than the board shows: its dropped zeros count as read
}

// ParseReading reads a score shown by a board with that many decimals. Digits and one point are all it may hold. More decimals than the
// board shows, NaN, signs and exponents are refused with a *fault.Error without a place, which the caller knows.
func ParseReading(text string, decimals int) (Reading, error) {
	text = strings.TrimSpace(text)
	whole, fraction, point := strings.Cut(text, ".")
	if !digits(whole) || (point && !digits(fraction)) {
		return Reading{}, refused(text)
	}
	if extra := len(fraction) - decimals; extra > 0 {
		return Reading{}, &fault.Error{
			Msg: fmt.Sprintf("the score %s has %d decimals, the board shows %d", text, len(fraction), decimals),
			Fix: "Give the score as the board shows it, or correct competition.decimals",
		}
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || decimals <= MaxDecimals && value*math.Pow10(decimals) > maxTicks {
		return Reading{}, &fault.Error{Msg: fmt.Sprintf("the score %s is too large to be one", text), Fix: "Give the score as the board shows it"}
	}
	return Reading{Text: text, Value: value, Padded: len(fraction) < decimals}, nil
}

// refused says why text is not a score, for the mistakes that are easy to make.
func refused(text string) error {
	e := &fault.Error{Msg: fmt.Sprintf("%q is not a score", text), Fix: "Give it as the board shows it, such as 1.09861"}
	switch {
	case text == "":
		e.Msg = "the score is empty"
	case strings.HasPrefix(text, "-"):
		e.Msg = fmt.Sprintf("the score %s is negative, which no loss is", text)
	case strings.Count(text, ",") == 1 && digits(strings.Replace(text, ",", "", 1)):
		e.Fix = "Write it with a point: " + strings.Replace(text, ",", ".", 1)
	}
	return e
}

// digits tells whether s is made of at least one ASCII digit and of nothing else.
func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Interval is where a mean lies before it is shown. Whether Hi belongs to it is said by who made it.
type Interval struct{ Lo, Hi float64 }

// ScoreInterval returns the means that are shown as value, a number with that many decimals as of [ParseReading]: with u = 10^-decimals
//
//	Round: value - u/2 ≤ mean ≤ value + u/2     (either rule for ties fits)
//	Floor: value       ≤ mean < value + u
//
// Both ends are the float64 nearest to the decimal, so a float64 mean that [Show] shows as value is never outside. ScoreInterval panics for
// Either, which is two hypotheses for a whole epoch and not a wider interval, and for decimals outside 0 to [MaxDecimals].
func ScoreInterval(value float64, decimals int, r Rounding) Interval {
	unit := pow10(decimals)
	tick := math.Round(value * unit)
	switch r {
	case Round:
		return Interval{(tick - 0.5) / unit, (tick + 0.5) / unit}
	case Floor:
		return Interval{tick / unit, (tick + 1) / unit}
	}
	panic(fmt.Sprintf("metric: no interval for rounding %q", r))
}

// Show returns the digits that a board shows for a mean: exactly so many decimals. Floor cuts the shortest decimal that stands for
// the mean, so that 0.7 is shown as 0.70000, though its float64 lies a hair below. An infinite mean is shown as "Infinity". Show panics
// for Either and for decimals outside 0 to [MaxDecimals].
func Show(value float64, decimals int, r Rounding) string {
	pow10(decimals)
	switch {
	case r != Round && r != Floor:
		panic(fmt.Sprintf("metric: can't show a score with rounding %q", r))
	case math.IsInf(value, 1):
		return "Infinity"
	case r == Round:
		return strconv.FormatFloat(value, 'f', decimals, 64)
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(value, 'f', -1, 64), ".")
	if decimals == 0 {
		return whole
	}
	fraction += strings.Repeat("0", decimals)
	return whole + "." + fraction[:decimals]
}

// pow10 is 10^decimals, exact in float64 for the decimals that are allowed.
func pow10(decimals int) float64 {
	if decimals < 0 || decimals > MaxDecimals {
		panic(fmt.Sprintf("metric: %d decimals, want 0 to %d", decimals, MaxDecimals))
	}
	return math.Pow10(decimals)
}
