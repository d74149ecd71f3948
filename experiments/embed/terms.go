package embed

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A text is described by terms of two kinds, each with a vocabulary and a weight of its own.
const (
	words = iota // whole words
	grams        // sequences of letters inside a word: they bring the forms of a word together, in any language
	kinds
)

// gramRunes is the length of a letter sequence.
const gramRunes = 4

// eachTerm calls emit for every term of a text, repeats included. Texts are compared in lower case and Unicode form NFKC. A word is
// a run of letters, marks and digits; its letter sequences are those of the word between two spaces, or that whole string where it
// is no longer. Scripts written without spaces have no such words: there single letters and pairs stand for the words,
// triples and fours for the sequences.
func eachTerm(text string, emit func(kind int, term string)) {
	for run := range runs(text) {
		inner := strings.Trim(run, " ")
		first, _ := utf8.DecodeRuneInString(inner)
		if unspaced(first) {
			eachSequence(inner, 1, func(s string) { emit(words, s) })
			eachSequence(inner, 2, func(s string) { emit(words, s) })
			eachSequence(inner, 3, func(s string) { emit(grams, s) })
			eachSequence(inner, 4, func(s string) { emit(grams, s) })
			continue
		}
		emit(words, inner)
		if utf8.RuneCountInString(run) <= gramRunes {
			emit(grams, run)
			continue
		}
		eachSequence(run, gramRunes, func(s string) { emit(grams, s) })
	}
}

// runs yields the words of a text, each with a space before and after it; a change between a script with spaces and one without
// ends a word. The strings share one copy of the text.
func runs(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		clean := separate(norm.NFKC.String(strings.ToLower(text)))
		for len(clean) > 1 {
			end := 1 + strings.IndexByte(clean[1:], ' ')
			if !yield(clean[:end+1]) {
				return
			}
			clean = clean[end:] // the space after this word is the one before the next
		}
	}
}

// separate leaves of a text its words with exactly one space before, between and after them.
func separate(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	b.WriteByte(' ')
	inside, dense := false, false
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) {
			if inside {
				b.WriteByte(' ')
			}
			inside = false
			continue
		}
		if d := unspaced(r); inside && d != dense && !unicode.IsMark(r) {
			b.WriteByte(' ')
			dense = d
		} else if !inside {
			dense = d
		}
		b.WriteRune(r)
		inside = true
	}
	if inside {
		b.WriteByte(' ')
	}
	return b.String()
}

// eachSequence calls emit for every sequence of n neighbouring runes.
func eachSequence(s string, n int, emit func(string)) {
	start := 0
	for end, seen := 0, 0; end < len(s); {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
		if seen++; seen < n {
			continue
		}
		emit(s[start:end])
		_, size = utf8.DecodeRuneInString(s[start:])
		start += size
	}
}

// unspaced tells the letters of scripts that put no spaces between words.
func unspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// vocabulary numbers the terms of one kind by their place in byte order.
type vocabulary struct {
	terms  []string
	number map[string]int32
}

func newVocabulary(terms []string) vocabulary {
	v := vocabulary{terms: terms, number: make(map[string]int32, len(terms))}
	for i, t := range terms {
		v.number[t] = int32(i)
	}
	return v
}

// counted is a term of a text and how often it occurs there.
type counted struct {
	term  int32
	count int
}

// count finds the known terms of a text, of each kind, in ascending order.
func count(text string, known [kinds]vocabulary) (found [kinds][]counted) {
	var all [kinds][]int32
	eachTerm(text, func(kind int, term string) {
		if n, ok := known[kind].number[term]; ok {
			all[kind] = append(all[kind], n)
		}
	})
	for kind, terms := range all {
		slices.Sort(terms)
		for _, t := range terms {
			if last := len(found[kind]) - 1; last >= 0 && found[kind][last].term == t {
				found[kind][last].count++
				continue
			}
			found[kind] = append(found[kind], counted{t, 1})
		}
	}
	return found
}
