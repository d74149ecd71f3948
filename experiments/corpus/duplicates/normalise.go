package duplicates

import (
	"unicode"
	"unicode/utf8"

	"github.com/zeebo/xxh3"
	"golang.org/x/text/unicode/norm"
)

// Normalise appends to dst what two exact duplicates have in common: the text in Unicode normalisation form NFKC, every character in its simple
// lower case, every run of white space one space, none at either end, and without the characters that nobody sees (soft hyphen, zero width
// space, byte order mark). Punctuation, digits, accents and emoji stay.
func Normalise(dst []byte, text string) []byte {
	start := len(dst)
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= utf8.RuneSelf {
			return normaliseRunes(dst[:start], norm.NFKC.String(text))
		}
		switch {
		case c == ' ' || c-'\t' < 5:
			dst = space(dst, start)
		case c-'A' < 26:
			dst = append(dst, c+'a'-'A')
		default:
			dst = append(dst, c)
		}
	}
	return trimmed(dst, start)
}

// normaliseRunes does the rest for a text in NFKC.
func normaliseRunes(dst []byte, text string) []byte {
	start := len(dst)
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			dst = space(dst, start)
		case r == '\u00ad' || r == '\u200b' || r == '\ufeff':
		default:
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		}
	}
	return trimmed(dst, start)
}

// space appends a space behind anything but another.
func space(dst []byte, start int) []byte {
	if len(dst) > start && dst[len(dst)-1] != ' ' {
		dst = append(dst, ' ')
	}
	return dst
}

func trimmed(dst []byte, start int) []byte {
	if len(dst) > start && dst[len(dst)-1] == ' ' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// Print is the fingerprint of a normalised text: equal for exact duplicates, and otherwise different, but for a chance of one in 2^128 a pair.
type Print = xxh3.Uint128

// Fingerprint is the XXH3-128 hash of a text that is normalised already.
func Fingerprint(normalised []byte) Print { return xxh3.Hash128(normalised) }
