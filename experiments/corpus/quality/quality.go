// Package quality names what makes a prompt worthless to learn topics from: a handful of rules, each of which says what it means.
//
// A rule looks at the text alone and knows no language's words but where it says so. Each is meant to err on the side of the text: a rule that fires wrongly loses a
// row that was good, one that fails to fire loses nothing. Code, mathematics, tables and the scripts of the world pass.
package quality

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Rule is one way to be worthless.
type Rule struct {
	Name    string // as it stands in tables and in dropped.csv
	Explain string // what the rule means, in one sentence
	fires   func(*text) bool
}

// rules are asked in this order; the first that fires is the one a row is counted under.
var rules = []Rule{
	{"empty", "no letter, digit, symbol or emoji: white space and punctuation at most", (*text).empty},
	{"broken-encoding", "one character in twenty is a replacement character, a control character, or one of the pairs that UTF-8 read as Latin-1 leaves", (*text).broken},
	{"one-character", "nine in ten of 10 or more characters are one and the same", (*text).oneCharacter},
	{"repetition", "the same words over and over: of 30 or more runs of three words, at most one in ten is new", (*text).repetition},
	{"gibberish", "most letters are in Latin words that nobody can say: no vowel in six letters, eight consonants in a row, or a walk along the keyboard", (*text).gibberish},
	{"placeholder", "stands for a text that was never put in: lorem ipsum, test test, [insert text here], {prompt}, undefined", (*text).placeholder},
	{"links-only", "addresses of web pages and nothing that is asked about them", (*text).linksOnly},
	{"refusal", "begins like a model's refusal, not like a prompt (in English, Spanish, French, German, Portuguese, Italian, Russian, Chinese, Japanese)", (*text).refusal},
	{"truncated", "breaks off: ends in an opening bracket or quote, or one line announces a text that does not follow", (*text).truncated},
}

// Rules lists all rules, in the order in which they are asked.
func Rules() []Rule { return append([]Rule(nil), rules...) }

// Check returns the name of the first rule that fires, "" for none.
func Check(s string) string {
	t := newText(s)
	for i := range rules {
		if rules[i].fires(t) {
			return rules[i].Name
		}
	}
	return ""
}

// text is a prompt with what several rules ask of it.
type text struct {
	raw     string
	trimmed string
	lower   string // of trimmed, in lower case; "" where it is too long for rules that read whole prompts
	chars   int    // characters that are not white space
	letters int
	words   int // letters, digits and symbols, emoji among them
}

// wholePrompt is the length in bytes up to which a rule reads a prompt from end to end.
const wholePrompt = 400

func newText(s string) *text {
	t := &text{raw: s, trimmed: strings.TrimSpace(s)}
	if len(t.trimmed) <= wholePrompt {
		t.lower = strings.ToLower(t.trimmed)
	}
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			continue
		case unicode.IsLetter(r):
			t.letters++
			t.words++
		case r != utf8.RuneError && (unicode.IsDigit(r) || unicode.IsSymbol(r) || unicode.IsNumber(r)):
			t.words++
		}
		t.chars++
	}
	return t
}

func (t *text) empty() bool { return t.words == 0 }

// mojibake are the beginnings of what UTF-8 becomes when it is read as Latin-1 or Windows-1252.
var mojibake = []string{"Ã©", "Ã¨", "Ã¤", "Ã¶", "Ã¼", "Ã±", "Ã§", "Ã³", "Ã¡", "Ã\u00ad", "â€™", "â€œ", "â€\u009d", "â€“", "â€”", "Â ", "Ð¾", "Ð°", "Ñ‚", "ðŸ"}

func (t *text) broken() bool {
	bad := 0
	for _, r := range t.raw {
		if r == utf8.RuneError || unicode.IsControl(r) && !unicode.IsSpace(r) {
			bad++
		}
	}
	if strings.ContainsAny(t.raw, "ÃâÂÐÑð") {
		for _, pair := range mojibake {
			bad += strings.Count(t.raw, pair)
		}
	}
	return bad >= 2 && 20*bad >= t.chars
}

func (t *text) oneCharacter() bool {
	if t.chars < 10 {
		return false
	}
	counts := map[rune]int{}
	for _, r := range t.raw {
		if !unicode.IsSpace(r) {
			counts[unicode.ToLower(r)]++
			if len(counts) > t.chars/10+1 {
				return false
			}
		}
	}
	for _, n := range counts {
		if 10*n >= 9*t.chars {
			return true
		}
	}
	return false
}

// repetition looks at runs of three words, each character of a script without spaces being a word. Numbers are no words: tables and sums repeat themselves by
// right, and so does a text that is hardly letters.
func (t *text) repetition() bool {
	if t.letters < 60 || 2*t.letters < t.chars {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(t.raw), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	if len(words) < t.letters/15 {
		words = strings.Split(strings.Join(words, ""), "")
	}
	runs := len(words) - 2
	if runs < 30 {
		return false
	}
	seen := map[[3]string]struct{}{}
	for i := range runs {
		seen[[3]string(words[i:i+3])] = struct{}{}
		if 10*len(seen) > runs {
			return false
		}
	}
	return true
}
