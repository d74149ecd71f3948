package experiments

import (
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"lbprobe/internal/fault"
)

// unknownKey is the fault of a key that no setting has. It names the nearest key that is valid, looking first for the same key in other letters,
// then for the same word in other tables, then for a slip of the fingers. v is its value: in place of a table only tables come into question.
func (e *Experiment) unknownKey(path toml.Key, v any, tables map[string]bool) error {
	key, parent, last := path.String(), path[:len(path)-1].String(), path[len(path)-1]
	if parent != "" && !tables[parent] {
		return e.underUnknown(path, tables)
	}
	_, isTable := v.(map[string]any)
	var siblings, elsewhere []string
	for _, s := range e.settings() {
		switch {
		case table(s.key) == parent && !(isTable && parent == ""):
			siblings = append(siblings, leaf(s.key))
		case leaf(s.key) == last:
			elsewhere = append(elsewhere, table(s.key))
		}
	}
	for _, t := range sortedKeys(tables) {
		if table(t) == parent {
			siblings = append(siblings, leaf(t))
		}
	}
	near, distance := fault.Nearest(last, siblings)
	switch {
	case strings.EqualFold(near, last):
		return e.Fault(key, fmt.Sprintf("unknown key; keys are written in lower case, as %q", near), rename(parent, near, tables))
	case distance > 1 && len(elsewhere) > 0:
		return e.Fault(key, fmt.Sprintf("unknown key; %q belongs %s", last, inTables(elsewhere)), "Move the line there")
	case fault.Alike(last, distance):
		return e.Fault(key, fmt.Sprintf("unknown key; the nearest valid key is %q", near), rename(parent, near, tables))
	}
	return e.Fault(key, fmt.Sprintf("unknown key; the nearest valid key is %q, of %s", near, listing(siblings, 12)), "Rename or remove it")
}

// rename tells how the key or table is to be written.
func rename(parent, near string, tables map[string]bool) string {
	full := strings.TrimPrefix(parent+"."+near, ".")
	if tables[full] {
		return "Write: [" + full + "]"
	}
	return "Write: " + near
}

// underUnknown is the fault of a key in a table that does not exist, or below a key that is no table.
func (e *Experiment) underUnknown(path toml.Key, tables map[string]bool) error {
	first := 1
	for tables[path[:first].String()] {
		first++
	}
	part := path[:first].String()
	for _, s := range e.settings() {
		if s.key == part {
			return e.Fault(part, "a table stands where "+s.kind+" belongs", write(part, s.example()))
		}
	}
	return e.unknownKey(path[:first], map[string]any{}, tables)
}

// inTables says in which tables a key stands.
func inTables(tables []string) string {
	tables = slices.Compact(tables)
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = "in [" + t + "]"
		if t == "" {
			names[i] = "at the top of the file, before every table"
		}
	}
	return strings.Join(names, " or ")
}
