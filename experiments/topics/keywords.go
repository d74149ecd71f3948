package topics

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
)

// telling is how many times as often a keyword must occur in the texts of its topic as in all others.
const telling = 2

// usualShare is the share of a topic's texts from which on a word is usual there.
const usualShare = 0.05

// Keywords lists, for each of k topics, at most count words, the most telling first, by class-based TF-IDF (Grootendorst 2022,
// arXiv:2203.05794) over texts: a word's weight in a topic is its share of the topic's words, times ln(1 + A/f), where f counts the
// word in all topics and A is the mean number of words a topic. A word counts once a text, so that no single text makes a keyword.
//
// Words are runs of letters, marks and digits with at least one letter, in lower case; a run in a script that is written without
// spaces gives its pairs of neighbours. Two rules stand in for lists of stop words, in any language: a
// word that is usual, in a twentieth of the texts, in more than half of the topics tells nothing of any; and a topic's word is at
// least twice as frequent there as elsewhere. Equal weights stand in the order of the alphabet.
func Keywords(texts []string, topic []int32, k, count int) [][]string {
	if len(texts) != len(topic) {
		panic("topics: texts and topics differ in length")
	}
	v := countWords(texts, topic, k)
	v.dropUsual()
	mean := 0.0
	for _, n := range v.words {
		mean += float64(n) / float64(k)
	}
	keywords := make([][]string, k)
	for t := range k {
		keywords[t] = v.heaviest(t, mean, count)
	}
	return keywords
}

// vocabulary counts, for each topic, the texts that hold a word.
type vocabulary struct {
	count []map[string]int // by topic
	texts []int            // of each topic
	total int              // texts
	words []int            // sum of count of each topic
	all   map[string]int   // over all topics
}

func countWords(texts []string, topic []int32, k int) *vocabulary {
	v := &vocabulary{count: make([]map[string]int, k), texts: make([]int, k), total: len(texts), words: make([]int, k), all: map[string]int{}}
	for t := range v.count {
		v.count[t] = map[string]int{}
	}
	for i, text := range texts {
		t := topic[i]
		v.texts[t]++
		seen := map[string]bool{}
		eachWord(text, func(w string) {
			if !seen[w] {
				seen[w] = true
				v.count[t][w]++
				v.words[t]++
				v.all[w]++
			}
		})
	}
	return v
}

// dropUsual forgets the words that are usual in more than half of the topics that have texts, if there are at least two of those.
func (v *vocabulary) dropUsual() {
	topics, usual := 0, map[string]int{}
	for t, counts := range v.count {
		if v.texts[t] == 0 {
			continue
		}
		topics++
		for w, n := range counts {
			if float64(n) >= usualShare*float64(v.texts[t]) {
				usual[w]++
			}
		}
	}
	for w, n := range usual {
		if topics >= 2 && 2*n > topics {
			delete(v.all, w)
		}
	}
}

// heaviest sorts the words of topic t by weight. The topic's number of words divides all of them alike and is left out.
func (v *vocabulary) heaviest(t int, mean float64, count int) []string {
	type weighted struct {
		word   string
		weight float64
	}
	var ws []weighted
	for w, n := range v.count[t] {
		if v.tells(w, t) {
			ws = append(ws, weighted{w, float64(n) * math.Log1p(mean/float64(v.all[w]))})
		}
	}
	slices.SortFunc(ws, func(a, b weighted) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.word, b.word))
	})
	words := make([]string, 0, max(min(count, len(ws)), 0))
	for _, w := range ws[:cap(words)] {
		words = append(words, w.word)
	}
	return words
}

// tells is whether the word was not dropped and the share of topic t's texts that hold the word is at least telling times that of all other texts.
func (v *vocabulary) tells(word string, t int) bool {
	all, kept := v.all[word]
	here, there := v.count[t][word], all-v.count[t][word]
	return kept && float64(here)*float64(v.total-v.texts[t]) >= telling*float64(there)*float64(v.texts[t])
}

// eachWord calls f for the words of a text, in order.
func eachWord(text string, f func(string)) {
	for run := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !inWord(r) }) {
		run = strings.Trim(run, "'’")
		if strings.IndexFunc(run, unicode.IsLetter) < 0 {
			continue
		}
		if strings.IndexFunc(run, unspaced) < 0 {
			f(run)
			continue
		}
		runes := []rune(run)
		for i := range max(len(runes)-1, 1) {
			f(string(runes[i:min(i+2, len(runes))]))
		}
	}
}

// inWord tells what words are made of; an apostrophe holds one together.
func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == '\'' || r == '’'
}

// unspaced tells the letters of scripts that put no spaces between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
