package experiments

import (
	"strings"

	"github.com/BurntSushi/toml"
)

// source remembers how the file said what the experiment holds.
type source struct {
	lines   map[string]int      // line of a key or table, by dotted path
	given   map[string]bool     // keys that the file sets
	written map[string][]string // paths before they were resolved
	share   any                 // the public share where the file gives it as one number
	why     map[string]string   // where a default was taken from, for the keys that have no fixed one
}

func newSource() source {
	return source{lines: map[string]int{}, given: map[string]bool{}, written: map[string][]string{}, why: map[string]string{}}
}

// at is the line of a key, else of its table, else 1.
func (s source) at(key string) int {
	for {
		if line, ok := s.lines[key]; ok {
			return line
		}
		i := strings.LastIndexByte(key, '.')
		if i < 0 {
			return 1
		}
		key = key[:i]
	}
}

// table is the part of a dotted key before its last dot; empty at the top.
func table(key string) string {
	if i := strings.LastIndexByte(key, '.'); i >= 0 {
		return key[:i]
	}
	return ""
}

// addTo tells where a missing line is to be added.
func addTo(key string, v any) string {
	line := leaf(key) + " = " + tomlText(v)
	if t := table(key); t != "" {
		return "Add to [" + t + "]: " + line
	}
	return "Add at the top: " + line
}

// lookup finds the value of a key path in a parsed file.
func lookup(tree map[string]any, path toml.Key) any {
	var v any = tree
	for _, part := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[part]
	}
	return v
}
