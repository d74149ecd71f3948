package corpus

import (
	"strconv"
	"unicode/utf8"
)

// Filter chooses the rows that topics are learned from by the length of their text. A character is a Unicode code point of the text after
// its turns are joined. Both ends are kept.
type Filter struct {
	MinChars int
	MaxChars int // 0: no limit
}

// Keep reports whether a text passes. If not, reason says why, in the same words for every text that fails alike.
func (f Filter) Keep(text string) (ok bool, reason string) {
	return f.keep(utf8.RuneCountInString(text))
}

func (f Filter) keep(chars int) (ok bool, reason string) {
	switch {
	case chars < f.MinChars:
		return false, "shorter than " + strconv.Itoa(f.MinChars) + " characters"
	case f.MaxChars > 0 && chars > f.MaxChars:
		return false, "longer than " + strconv.Itoa(f.MaxChars) + " characters"
	}
	return true, ""
}
