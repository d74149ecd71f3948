package notebook

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"unicode/utf8"

	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/experiments/corpus/language"
	"lbprobe/probes/channel"
)

// The messages that a channel carries besides the topics. Each counts every row once, under one of its labels, but overlap, which counts some.
const (
	LanguagesMessage = "languages" // of the text, by package language
	lengthsMessage   = "lengths"   // characters of the text
	turnsMessage     = "turns"     // of those who ask
	OverlapMessage   = "overlap"   // rows with a near duplicate in a file of hashes
)

// Labels of counts.
const (
	otherLanguage = "other"          // any language that has no count of its own
	nearLabel     = "near duplicate" // of a prompt in the file of hashes
)

// mostLanguages is how many languages have a count of their own, besides that of texts that speak for none.
const mostLanguages = 8

// The classes of lengths and turns begin here.
var (
	lengthCuts = []int{0, 32, 100, 300, 1000, 3000, 10_000}
	turnCuts   = []int{0, 2, 3, 5, 10}
)

// cutLabels name the classes that begin at cuts.
func cutLabels(cuts []int) []string {
	out := make([]string, len(cuts))
	for i, lo := range cuts {
		switch {
		case i == len(cuts)-1:
			out[i] = fmt.Sprintf("%d or more", lo)
		case cuts[i+1] == lo+1:
			out[i] = fmt.Sprint(lo)
		default:
			out[i] = fmt.Sprintf("%d to %d", lo, cuts[i+1]-1)
		}
	}
	return out
}

// cutClass is the class of a number.
func cutClass(cuts []int, n int) int {
	i, there := slices.BinarySearch(cuts, n)
	if !there {
		i--
	}
	return i
}

// sorter finds the label that counts a row; -1: none does.
type sorter func(text string, turns int) int

// count adds up the rows of every label.
func (sort sorter) count(of *Rows, counts []int) {
	for i, text := range of.Texts {
		if k := sort(text, of.Turns[i]); k >= 0 {
			counts[k]++
		}
	}
}

// newSorter makes the sorter of a message with these labels. An error means that they are not those of this lbprobe. It is for one goroutine where
// there are hashes.
func newSorter(message string, labels []string, hashes *duplicates.Hashes) (sorter, error) {
	unknown := fmt.Errorf("the message %q has other labels than those that this lbprobe counts by: %q", message, labels)
	switch message {
	case LanguagesMessage:
		at := map[string]int{}
		for i, label := range labels {
			at[label] = i
		}
		other, there := at[otherLanguage]
		if !there {
			return nil, unknown
		}
		return func(text string, _ int) int {
			if i, own := at[string(language.Detect(text))]; own {
				return i
			}
			return other
		}, nil
	case lengthsMessage:
		if slices.Equal(labels, cutLabels(lengthCuts)) {
			return func(text string, _ int) int { return cutClass(lengthCuts, utf8.RuneCountInString(text)) }, nil
		}
	case turnsMessage:
		if slices.Equal(labels, cutLabels(turnCuts)) {
			return func(_ string, turns int) int { return cutClass(turnCuts, turns) }, nil
		}
	case OverlapMessage:
		if hashes == nil {
			return nil, errors.New("there is no file of hashes to hold rows against")
		}
		if slices.Equal(labels, []string{nearLabel}) {
			return func(text string, _ int) int {
				if hashes.NearDuplicate(text) {
					return 0
				}
				return -1
			}, nil
		}
	}
	return nil, unknown
}

// CountMessages counts rows by every message of a channel besides the topics. Messages are counted side by side, each by one goroutine.
func CountMessages(t *channel.Table, hashes *duplicates.Hashes, of *Rows, threads int) (map[string][]int, error) {
	out, sorters := map[string][]int{}, map[string]sorter{}
	for _, message := range MessagesOf(t) {
		sort, err := newSorter(message, t.Labels(message), hashes)
		if err != nil {
			return nil, err
		}
		sorters[message], out[message] = sort, make([]int, t.Entries(message))
	}
	var all sync.WaitGroup
	for message, sort := range sorters {
		counts := out[message]
		if threads == 1 {
			sort.count(of, counts)
			continue
		}
		all.Go(func() { sort.count(of, counts) })
	}
	all.Wait()
	return out, nil
}

// MessagesOf are the messages of a channel besides the topics, in the order of their stages.
func MessagesOf(t *channel.Table) (out []string) {
	for _, stage := range t.Stages {
		for _, name := range stage.Tallies {
			if name != channel.Topics && name != channel.Rows {
				out = append(out, name)
			}
		}
	}
	return out
}
