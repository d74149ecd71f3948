package compare

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"lbprobe/experiments/corpus/duplicates"
)

// anyName stands for a name, or for the placeholder of one, in a text that is blind to names. No text has this word.
const anyName = "\u0001name"

// placeholders are those of names: NAME_1, as in LMSYS-Chat-1M.
var placeholders = regexp.MustCompile(`\bNAME_[0-9]{1,4}\b`)

// blind is a text in which every run of words that begin with a capital, or are NAME_n, is anyName. Two texts that differ in that one names people where the
// other has placeholders are equal once they are blind. Other capitalised words vanish too, on both sides alike: see similar in matcher for what guards against that.
func blind(text string) string {
	var out strings.Builder
	gone, spaces := false, 0 // the last word was a name; spaces since then, not written yet
	write := func(s string) {
		for ; spaces > 0; spaces-- {
			out.WriteByte(' ')
		}
		out.WriteString(s)
	}
	for i := 0; i < len(text); {
		n := wordLength(text[i:])
		first, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case n == 0 && gone && first == ' ':
			spaces++
			n = 1
		case n == 0:
			write(text[i : i+size])
			gone = false
			n = size
		case !unicode.IsUpper(first):
			write(text[i : i+n])
			gone = false
		case gone: // one name of several words
			spaces = 0
		default:
			write(anyName)
			gone = true
		}
		i += n
	}
	write("")
	return out.String()
}

// wordLength is how many bytes of letters, marks, digits and underscores a text begins with.
func wordLength(text string) int {
	for i, r := range text {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) {
			return i
		}
	}
	return len(text)
}

// between are the normalised parts of a text around its placeholders of names; nil where it has none.
func between(text string) (parts [][]byte) {
	at := placeholders.FindAllStringIndex(text, -1)
	if at == nil {
		return nil
	}
	last := 0
	for _, p := range append(at, []int{len(text), len(text)}) {
		parts = append(parts, duplicates.Normalise(nil, text[last:p[0]]))
		last = p[1]
	}
	return parts
}

// namesIn counts the different placeholders of names in a text.
func namesIn(text string) int {
	seen := map[string]bool{}
	for _, name := range placeholders.FindAllString(text, -1) {
		seen[name] = true
	}
	return len(seen)
}
