package topics

import (
	"cmp"
	"slices"
	"strings"
)

// Exemplars lists, for each of k topics, at most count rows that stand for it: those nearest to the centroid, a tie going to the
// lower row, and of texts that differ in letter case and white space alone the nearest only. dist, topic and texts are parallel.
func Exemplars(dist []float64, topic []int32, texts []string, k, count int) [][]int {
	if len(dist) != len(topic) || len(texts) != len(topic) {
		panic("topics: distances, topics and texts differ in length")
	}
	exemplars := byTopic(topic, k)
	for t, rows := range exemplars {
		slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(dist[a], dist[b]) })
		exemplars[t] = firstDistinct(rows, texts, count)
	}
	return exemplars
}

// firstDistinct keeps the first count rows whose texts differ.
func firstDistinct(rows []int, texts []string, count int) []int {
	kept := make([]int, 0, max(min(count, len(rows)), 0))
	seen := map[string]bool{}
	for _, i := range rows {
		if len(kept) >= count {
			break
		}
		key := strings.ToLower(strings.Join(strings.Fields(texts[i]), " "))
		if !seen[key] {
			seen[key] = true
			kept = append(kept, i)
		}
	}
	return kept
}
