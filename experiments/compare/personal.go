package compare

import (
	"fmt"
	"slices"

	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/experiments/corpus/pii"
)

// PII says what personal data the texts of B have that their counterparts in A have not, and the other way round. Counterparts that are equal after
// normalisation have the same.
type PII struct {
	Pairs       int            `json:"pairs"`         // near, words and names pairs of distinct texts that were looked at
	Changed     int            `json:"pairs_changed"` // in which something was added or removed
	Added       map[string]int `json:"added"`         // by kind: values in the text of B alone
	Removed     map[string]int `json:"removed"`       // by kind: values in the text of A alone
	NamesHidden int            `json:"names_hidden"`  // placeholders NAME_n that B has more than A
	NamesShown  int            `json:"names_shown"`   // placeholders NAME_n that A has more than B
}

// valuesOf are the different pieces of personal data in a text.
func (m *matcher) valuesOf(text string) (values []value) {
	m.finds = pii.Scan(m.finds[:0], text)
	for _, f := range m.finds {
		if !f.Kind.Personal() {
			continue
		}
		v := value{f.Kind, duplicates.Fingerprint(duplicates.Normalise(nil, text[f.Start:f.End])).Lo}
		if !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

// diff compares the personal data of a text of B with that of its counterparts.
func (m *matcher) diff(text string, found []duplicates.Match) {
	if len(found) == 0 {
		return
	}
	here, hidden := m.valuesOf(text), namesIn(text)
	for _, d := range found {
		there, names := m.personal[d.Doc], hidden-m.named[d.Doc].names
		m.pii.Pairs++
		added, removed := without(here, there), without(there, here)
		for _, v := range added {
			m.pii.Added[v.kind.String()]++
		}
		for _, v := range removed {
			m.pii.Removed[v.kind.String()]++
		}
		m.pii.NamesHidden += max(names, 0)
		m.pii.NamesShown += max(-names, 0)
		if len(added)+len(removed) > 0 || names != 0 {
			m.pii.Changed++
		}
	}
}

// without are the values of a that b has not.
func without(a, b []value) (rest []value) {
	for _, v := range a {
		if !slices.Contains(b, v) {
			rest = append(rest, v)
		}
	}
	return rest
}

// notes say what limits the figures.
func (m *matcher) notes() []string {
	notes := []string{
		"intervals are at 95 % each, for rows drawn independently; where a set repeats itself they are too narrow and p is too small",
		"NAME_n is held against capitalised words; names in scripts without capitals are not met",
	}
	for _, s := range []struct {
		name string
		side *side
	}{{"A", m.a}, {"B", m.b}} {
		if again := s.side.rows - s.side.distinct; 100*again > s.side.rows {
			notes = append(notes, fmt.Sprintf("set %s repeats itself: %d of %d rows say what another says; p is too small, and more so for topics. Compare what clean --duplicates near leaves of both",
				s.name, again, s.side.rows))
		}
		if s.side.bad > 0 {
			notes = append(notes, fmt.Sprintf("set %s: rows left out because they cannot be read: %d", s.name, s.side.bad))
		}
	}
	return notes
}
