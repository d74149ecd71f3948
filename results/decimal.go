package results

import (
	"fmt"
	"regexp"
	"strings"
)

// decimal is a score as text: a plain decimal number that is not negative, such as 1.09861 or 0.
type decimal struct {
	whole, fraction string // digits; whole without needless zeros in front
}

var plainDecimal = regexp.MustCompile(`^(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,40}))?$`)

// parseScore takes the digits apart. There is one way to write a score, so that texts can be compared and kept.
func parseScore(text string) (decimal, error) {
	parts := plainDecimal.FindStringSubmatch(text)
	if parts == nil {
		return decimal{}, fmt.Errorf("%q is not a score%s", text, hint(text))
	}
	return decimal{whole: parts[1], fraction: parts[2]}, nil
}

// padded is the number with a given number of decimals, which must not be fewer than it has.
func (d decimal) padded(decimals int) string {
	if decimals == 0 {
		return d.whole
	}
	return d.whole + "." + d.fraction + strings.Repeat("0", decimals-len(d.fraction))
}

// equalScores compares two score texts as numbers: 0.5038 is 0.50380. Both must parse or be empty; a missing score equals only itself.
func equalScores(a, b string) bool {
	if a == "" || b == "" {
		return a == b
	}
	x, _ := parseScore(a) // checked where it came in
	y, _ := parseScore(b)
	return x.whole == y.whole && strings.TrimRight(x.fraction, "0") == strings.TrimRight(y.fraction, "0")
}

// hint says what is probably meant.
func hint(text string) string {
	switch {
	case strings.Contains(text, ","):
		return "; write a decimal point, not a comma"
	case strings.HasPrefix(text, "-"):
		return "; a score of these metrics is never negative"
	case strings.ContainsAny(text, "eE") && strings.ContainsAny(text, "0123456789"):
		return "; write it out, without an exponent"
	case strings.HasPrefix(text, "."):
		return "; write a digit before the point"
	}
	return "; a score is digits, a point and digits, such as 1.09861"
}
