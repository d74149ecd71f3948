package metric

import (
	"fmt"
	"math"
	"strconv"

	"lbprobe/internal/fault"
)

// FullDecimals is how far a score in full precision is relied on: it is taken to lie within half of 10^-9 of the true mean. Float64 sums of n
// costs in any order err by at most n 2^-53 times their mean of absolute values (Higham 2002, §4.2), less than 10^-10 for the 25,000 rows of a large
// test at a mean cost of 28; nothing is won by relying on more, as losses are known to float64 only.
const FullDecimals = 9

// Read reads a score as the board shows it: by [ParseReading], or in full precision any number of decimals.
func (s Scoring) Read(text string) (Reading, error) {
	if !s.Full {
		return ParseReading(text, s.Decimals)
	}
	r, err := ParseReading(text, math.MaxInt)
	if err == nil && r.Value*math.Pow10(FullDecimals) > maxTicks {
		err = &fault.Error{Msg: fmt.Sprintf("the score %s is too large to be one", r.Text), Fix: "Give the score as the board shows it"}
	}
	r.Padded = false
	return r, err
}

// Show is what the board shows for a score: by [Show], or in full precision the shortest decimal that stands for the float64.
func (s Scoring) Show(value float64, r Rounding) string {
	if s.Full && !math.IsInf(value, 1) {
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return Show(value, s.Decimals, r)
}

// interval is where a mean lies that is shown as value.
func (s Scoring) interval(value float64, r Rounding) Interval {
	if !s.Full {
		return ScoreInterval(value, s.Decimals, r)
	}
	const half = 0.5e-9
	return Interval{value - half, value + half}
}

// Ticks tells in words how fine the shown scores are.
func (s Scoring) Ticks() string {
	if s.Full {
		return "in full precision, relied on to " + strconv.Itoa(FullDecimals) + " decimals"
	}
	if s.Decimals == 1 {
		return "1 decimal shown"
	}
	return strconv.Itoa(s.Decimals) + " decimals shown"
}
