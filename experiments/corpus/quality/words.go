package quality

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// gibberish weighs words of Latin letters against all letters.
func (t *text) gibberish() bool {
	if t.letters < 6 {
		return false
	}
	unsayable, other := 0, 0
	for word := range strings.FieldsFuncSeq(t.raw, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '_'
	}) {
		if n := utf8.RuneCountInString(word); n >= 6 && n < 40 && nobodySays(strings.ToLower(word)) {
			unsayable += n
		} else if other += n; 2*other > len(t.raw) {
			return false // most of the text, whatever follows
		}
	}
	return 2*unsayable > t.letters
}

// nobodySays tells whether a word in lower case, of six letters or more, has no vowel, eight consonants in a row, or is for the most part a walk along the
// keyboard. A letter with an accent and y are vowels; r and l, which are vowels in Czech and Serbian, break a run of consonants. A word with a digit or a letter of another
// script can only be a walk.
func nobodySays(word string) bool {
	if walks(word) {
		return true
	}
	vowels, consonants, longest := 0, 0, 0
	for _, r := range word {
		switch {
		case !unicode.Is(unicode.Latin, r):
			return false
		case r >= utf8.RuneSelf || strings.ContainsRune("aeiouyrl", r):
			if !strings.ContainsRune("rl", r) {
				vowels++
			}
			consonants = 0
		default:
			consonants++
			longest = max(longest, consonants)
		}
	}
	return vowels == 0 && longest >= 4 || longest >= 8
}

// right is the key to the right of another on its row of the keyboard.
var right = func() map[rune]rune {
	next := map[rune]rune{}
	for _, row := range []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"} {
		keys := []rune(row)
		for i, k := range keys[:len(keys)-1] {
			next[k] = keys[i+1]
		}
	}
	return next
}()

// walks tells whether half of a word, and four letters at least, is a walk along a row of the keyboard in one direction.
func walks(word string) bool {
	all, on, steps, way := 0, 0, 0, 0 // steps in the way of the walk that is going on
	var last rune
	end := func() {
		if steps >= 3 {
			on += steps + 1
		}
	}
	for _, r := range word {
		step := 0
		switch {
		case last != 0 && right[last] == r:
			step = 1
		case right[r] == last && last != 0:
			step = -1
		}
		if step == 0 || step != way && steps > 0 {
			end()
			steps = 0
		}
		if way = step; step != 0 {
			steps++
		}
		last = r
		all++
	}
	end()
	return 2*on > all
}

// stock are whole prompts that stand for none, without punctuation at either end.
var stock = map[string]bool{"test": true, "testing": true, "test test": true, "test test test": true, "testing testing": true, "this is a test": true, "test prompt": true, "test message": true,
	"n/a": true, "na": true, "none": true, "null": true, "nil": true, "nan": true, "undefined": true, "[object object]": true, "todo": true, "tbd": true, "prompt": true,
	"your prompt here": true, "your text here": true, "enter your prompt here": true, "enter text here": true, "type your message here": true, "type here": true,
	"write your prompt here": true, "insert prompt here": true, "insert text here": true, "foo bar": true, "foo bar baz": true, "foobar": true, "blah blah blah": true,
	"enter your message": true, "string": true, "sample text": true, "placeholder": true, "prueba": true, "essai": true, "тест": true, "测试": true, "テスト": true, "테스트": true}

// holes are template fields that a program should have filled.
var holes = []string{"{prompt}", "{{prompt}}", "{text}", "{{text}}", "{input}", "{{input}}", "{question}", "{{question}}", "${prompt}", "${input}", "<prompt>", "%prompt%", "[prompt]"}

func (t *text) placeholder() bool {
	if strings.HasPrefix(strings.ToLower(head(t.trimmed, 16)), "lorem ipsum") {
		return true
	}
	if t.lower == "" {
		return false
	}
	if bare := strings.Trim(t.lower, " \t\n.,!?:;\"'`()<>{}*-"); stock[bare] || stock[t.lower] {
		return true
	}
	for _, hole := range holes {
		if rest, ok := strings.CutSuffix(t.lower, hole); ok && len(rest) < 120 && !strings.Contains(rest, "template") {
			return true
		}
	}
	return insertHere(t.lower)
}

// insertHere tells whether a short prompt ends in a field in brackets that says to insert, paste or enter something.
func insertHere(lower string) bool {
	open := strings.LastIndexAny(lower, "[{<")
	if open < 0 || !strings.ContainsAny(lower[len(lower)-1:], "]}>") || strings.Contains(lower, "template") || open == len(lower)-1 {
		return false
	}
	field := strings.TrimSpace(lower[open+1 : len(lower)-1])
	for _, verb := range []string{"insert ", "paste ", "enter ", "your text", "your prompt", "put "} {
		if strings.HasPrefix(field, verb) {
			return true
		}
	}
	return false
}

// head is the first n bytes at most, of whole characters.
func head(s string, n int) string {
	for n < len(s) && n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:min(n, len(s))]
}

func (t *text) linksOnly() bool {
	links := 0
	for word := range strings.FieldsSeq(t.raw) {
		word = strings.TrimLeft(word, "(<[\"'")
		if !strings.HasPrefix(word, "http://") && !strings.HasPrefix(word, "https://") && !strings.HasPrefix(word, "www.") {
			return false
		}
		links++
	}
	return links > 0
}

// refusals begin a model's refusal. The apostrophe is the plain one.
var refusals = []string{"i'm sorry, but i can't", "i'm sorry, but i cannot", "i am sorry, but i cannot", "i'm sorry, but i am unable", "i'm sorry, i can't", "i'm sorry, but as an ai",
	"sorry, but i can't", "i apologize, but i can", "i apologize, but as an ai", "as an ai language model, i", "as an ai language model i", "as a large language model, i", "as an ai assistant, i can",
	"i cannot fulfill", "i can't assist with", "i cannot assist with", "i'm unable to assist", "i am unable to provide",
	"lo siento, pero no puedo", "lo siento, no puedo", "como modelo de lenguaje", "je suis désolé, mais je ne peux pas", "désolé, mais je ne peux", "en tant que modèle de langage",
	"es tut mir leid, aber ich kann", "als ki-sprachmodell", "desculpe, mas não posso", "como um modelo de linguagem", "mi dispiace, ma non posso", "come modello linguistico",
	"извините, но я не могу", "как языковая модель", "к сожалению, я не могу", "很抱歉，我无法", "抱歉，我无法", "对不起，我不能", "作为一个人工智能", "作为一个ai语言模型", "申し訳ありませんが、", "aiとして、"}

func (t *text) refusal() bool {
	start := strings.ToLower(strings.ReplaceAll(head(t.trimmed, 120), "’", "'"))
	for _, r := range refusals {
		if strings.HasPrefix(start, r) {
			return true
		}
	}
	return false
}

// announcing are words by which a prompt says that a text follows.
var announcing = []string{"following", "below", "this text", "this article", "siguiente", "suivant", "folgend", "seguinte", "seguente", "следующ", "ниже", "以下", "下面", "下記", "次の", "다음",
	"التالي", "निम्नलिखित", "ต่อไปนี้", "aşağıda", "sau đây", "berikut"}

func (t *text) truncated() bool {
	end := t.trimmed
	if end == "" {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(end)
	if strings.ContainsRune("([{（「『《“„«", last) && t.letters > 0 {
		before := strings.TrimSuffix(end, string(last))
		return before == "" || strings.IndexByte(":;=-'", before[len(before)-1]) < 0 || last == '{' // :( is a face
	}
	if last != ':' && last != '：' || t.lower == "" || strings.Contains(end, "\n") {
		return false
	}
	for _, word := range announcing {
		if strings.Contains(t.lower, word) {
			return true
		}
	}
	return false
}
