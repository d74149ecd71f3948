package notebook

import (
	"cmp"
	"slices"

	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/experiments/corpus/language"
)

// Tally is a message as rows that can be seen would send it.
type Tally struct {
	Message string   `json:"message"`
	Labels  []string `json:"labels"`
	Rows    []int    `json:"rows"` // by label
}

// NewTally counts rows by a message, under the labels that suit them.
func NewTally(message string, of *Rows, hashes *duplicates.Hashes) (Tally, error) {
	t := Tally{Message: message}
	switch message {
	case LanguagesMessage:
		t.Labels = topLanguages(of.Texts)
	case lengthsMessage:
		t.Labels = cutLabels(lengthCuts)
	case turnsMessage:
		t.Labels = cutLabels(turnCuts)
	case OverlapMessage:
		t.Labels = []string{nearLabel}
	}
	sort, err := newSorter(message, t.Labels, hashes)
	if err != nil {
		return t, err
	}
	t.Rows = make([]int, len(t.Labels))
	sort.count(of, t.Rows)
	return t, nil
}

// topLanguages are the languages of most texts, then that of texts which speak for none, then all others.
func topLanguages(texts []string) []string {
	counts := map[language.Code]int{}
	for _, text := range texts {
		counts[language.Detect(text)]++
	}
	delete(counts, language.Unknown)
	var out []string
	all := language.All() // sorted, so that equal counts have an order
	slices.SortStableFunc(all, func(a, b language.Code) int { return cmp.Compare(counts[b], counts[a]) })
	for _, code := range all[:mostLanguages] {
		if counts[code] > 0 {
			out = append(out, string(code))
		}
	}
	return append(out, string(language.Unknown), otherLanguage)
}
