package duplicates

import "bytes"

// The marks that Words leaves out around a word. Full-width forms and the ellipsis are others after NFKC.
const (
	quotes = "\"'`“”„‘’‚«»‹›「」『』"
	before = quotes + "¿¡"
	after  = quotes + ".,;:!?。、؟،؛।"
)

// Words appends to dst the words of a normalised text, one space apart, without the quotes and sentence marks around them: texts with the same words are punctuated
// differently at most. Brackets, signs and what stands inside a word stay, so that "c++", "3.14", "f(x)" and "don't" are what they are.
//
// In a text of a dozen words a comma changes three of ten shingles; such twins have the same words, and are no near duplicates by their shingles.
func Words(dst, normalised []byte) []byte {
	start := len(dst)
	for word := range bytes.SplitSeq(normalised, []byte{' '}) {
		if word = bare(word); len(word) == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ' ')
		}
		dst = append(dst, word...)
	}
	return dst
}

// bare is a word without the marks around it. Most have none, as their first and last bytes show.
func bare(word []byte) []byte {
	if n := len(word); n > 0 && !plain(word[n-1]) {
		word = bytes.TrimRight(word, after)
	}
	if len(word) > 0 && !plain(word[0]) {
		word = bytes.TrimLeft(word, before)
	}
	return word
}

// plain tells an ASCII letter or digit of a normalised text.
func plain(c byte) bool { return c-'a' < 26 || c-'0' < 10 }
