package embed

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"lbprobe/internal/parallel"
)

const (
	leastTexts = 2      // a term must occur in so many texts to tell anything about likeness
	mostTerms  = 20_000 // of a kind: those in the most texts; more did not make better topics
	learnBlock = 256    // texts read by one goroutine before it shares what it counted
)

// spread counts in how many texts each term of one kind occurs.
type spread map[string]int

// learnTerms counts the terms of texts and keeps those worth having, in byte order, with the number of texts that hold each.
func learnTerms(texts []string, threads int) (known [kinds]vocabulary, in [kinds][]int) {
	var total [kinds]spread
	for kind := range total {
		total[kind] = spread{}
	}
	var mu sync.Mutex
	parallel.Blocks(len(texts), learnBlock, threads, func(lo, hi int) {
		part := countTexts(texts[lo:hi])
		mu.Lock()
		defer mu.Unlock()
		for kind := range total {
			for term, n := range part[kind] {
				addTo(total[kind], term, n)
			}
		}
	})
	for kind := range total {
		terms := commonest(total[kind])
		known[kind], in[kind] = newVocabulary(terms), make([]int, len(terms))
		for i, t := range terms {
			in[kind][i] = total[kind][t]
		}
	}
	return known, in
}

// addTo copies a term that is new: it is a piece of a text that would otherwise be kept for its sake.
func addTo(s spread, term string, n int) {
	if have, ok := s[term]; ok {
		s[term] = have + n
		return
	}
	s[strings.Clone(term)] = n
}

// countTexts counts for every term the texts that hold it.
func countTexts(texts []string) (in [kinds]spread) {
	var last [kinds]map[string]int // the text, from 1, that a term was last seen in
	for kind := range in {
		in[kind], last[kind] = spread{}, map[string]int{}
	}
	for i, text := range texts {
		eachTerm(text, func(kind int, term string) {
			if last[kind][term] != i+1 {
				last[kind][term] = i + 1
				in[kind][term]++
			}
		})
	}
	return in
}

// commonest keeps the terms in at least leastTexts texts, and of those the mostTerms in the most texts, equal ones in byte order.
func commonest(s spread) []string {
	terms := slices.Sorted(maps.Keys(s))
	terms = slices.DeleteFunc(terms, func(t string) bool { return s[t] < leastTexts })
	if len(terms) > mostTerms {
		slices.SortStableFunc(terms, func(a, b string) int { return cmp.Compare(s[b], s[a]) })
		terms = terms[:mostTerms:mostTerms]
		slices.Sort(terms)
	}
	return terms
}
