package experiments

import (
	"slices"
	"strings"
)

// listing names things in a row, at most limit of them.
func listing(names []string, limit int) string {
	if len(names) > limit {
		rest := len(names) - limit
		return strings.Join(names[:limit], ", ") + " and " + plural(rest, "other")
	}
	return strings.Join(names, ", ")
}

// sortedKeys are the keys of a set in order.
func sortedKeys[V any](set map[string]V) []string {
	names := make([]string, 0, len(set))
	for n := range set {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
