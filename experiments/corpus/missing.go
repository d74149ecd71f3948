package corpus

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lbprobe/internal/fault"
)

// Missing is a column that an option asks for and a file does not have. It is the cause (errors.As) of the *fault.Error that says so, for a
// caller that knows where the option was written and would rather point there.
type Missing struct {
	File    string
	Option  string // id, text, label or classes
	Name    string // the column that is not there
	Instead string // what there is
	Fix     string // what to do
	json    bool
}

// Error says what is missing and what there is, without the fix.
func (m *Missing) Error() string { return fmt.Sprintf("%s has %s", m.File, m.message()) }

func (m *Missing) message() string {
	what := "column"
	if m.json {
		what = "field"
	}
	return fmt.Sprintf("no %s %q; %s", what, m.Name, m.Instead)
}

func (m *Missing) fault() error {
	return &fault.Error{File: m.File, Line: 1, Field: m.Option, Msg: m.message(), Fix: m.Fix, Err: m}
}

// missing describes a column that is not there. For a class it looks for a column that holds the classes as labels.
func (in *input) missing(option, name string) *Missing {
	m := &Missing{File: in.path, Option: option, Name: name, json: in.format == JSONL,
		Instead: "there are " + list(in.columns), Fix: in.instead(option, name)}
	if option != "classes" {
		return m
	}
	if label, ok := in.labels(); ok {
		m.Instead = fmt.Sprintf("column %q holds %s", label.Name, list(label.Values))
		m.Fix = fmt.Sprintf("Add: label = %q", label.Name)
	}
	return m
}

// instead advises the nearest name, if it is near enough to be the same word with a slip: at least half of it stays.
func (in *input) instead(option, name string) string {
	if near, distance := fault.Nearest(name, in.columns); near != "" && 2*distance <= utf8.RuneCountInString(name) {
		return fmt.Sprintf("Did you mean %q?", near)
	}
	if option == "classes" {
		return "Name the column that holds the class as label"
	}
	return fmt.Sprintf("Set %s to one of them", option)
}

// labels finds the first column that has classes as its values.
func (in *input) labels() (Column, bool) {
	h, err := Sniff(in.path)
	if err != nil {
		return Column{}, false
	}
	i := slices.IndexFunc(h.Columns, func(c Column) bool {
		return slices.ContainsFunc(c.Values, func(value string) bool { return slices.Contains(in.options.Classes, value) })
	})
	if i < 0 {
		return Column{}, false
	}
	return h.Columns[i], true
}

// listed is how many names a message shows.
const listed = 20

func list(names []string) string {
	if more := len(names) - listed; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:listed], ", "), more)
	}
	return strings.Join(names, ", ")
}
