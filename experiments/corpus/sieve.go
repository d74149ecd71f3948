package corpus

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/experiments/corpus/pii"
	"lbprobe/experiments/corpus/quality"
)

// Sieve applies a Filter to one row after the other: length, low quality, personal data, exact duplicates, near duplicates, in this order. A row is dropped for the
// first of them. It is a duplicate of a row that was kept, never of one that was dropped, so that of texts that are all alike the first sound one stays.
//
// A Sieve that filters duplicates holds 16 bytes and an id for each different text, and for near duplicates as much again and its shingles (see duplicates.Index).
type Sieve struct {
	filter  Filter
	measure bool // rules that drop nothing are asked all the same
	tally   map[string]*Tally
	pii     [][2]int // of each kind: rows, finds

	text   []byte
	finds  []pii.Find
	prints map[duplicates.Print]string // → id of the row that was kept
	own    map[duplicates.Print]bool   // prompts of users: the hashes of both together
	near   *duplicates.Index
	words  map[duplicates.Print]int // of the words of a document of near → the document
	ids    []string                 // of the documents of near
	bare   []byte                   // the words in hand
	found  []duplicates.Match
}

// Tally counts one rule of a sieve.
type Tally struct {
	Rule    string `json:"rule"`
	Explain string `json:"explain"`
	Found   int    `json:"found"`   // rows it applies to, of those that no rule above has dropped
	Dropped int    `json:"dropped"` // rows dropped for it
}

// Verdict is what becomes of a row.
type Verdict struct {
	Keep   bool
	Reason string // why not, in the same words for all rows dropped alike
	Detail string // what there is to add of this row, such as the id of the other one
	Text   string // as the filter leaves it
}

// dropped is the row as dropped.csv lists it.
func (v Verdict) dropped(row Row) Dropped {
	return Dropped{File: row.File, Line: row.Line, ID: row.ID, Reason: v.Reason + v.Detail}
}

// The reasons.
const (
	lowQuality     = "low quality: "
	personalData   = "personal data"
	exactDuplicate = "exact duplicate"
	ownDuplicate   = "the user's own prompt again"
	nearDuplicate  = "near duplicate"
)

// NewSieve returns a sieve that asks what its filter drops, and no more.
func NewSieve(f Filter) *Sieve {
	return &Sieve{filter: f, tally: map[string]*Tally{}, pii: make([][2]int, len(pii.Kinds())),
		prints: map[duplicates.Print]string{}, own: map[duplicates.Print]bool{}, near: duplicates.NewIndex(duplicates.Options{}),
		words: map[duplicates.Print]int{}}
}

// NewMeasure returns a sieve that also counts what its filter keeps.
func NewMeasure(f Filter) *Sieve {
	s := NewSieve(f)
	s.measure = true
	return s
}

// Judge decides on the next row.
func (s *Sieve) Judge(row Row) Verdict {
	if ok, reason := s.filter.keep(utf8.RuneCountInString(row.Text)); !ok {
		s.count(reason, true)
		return Verdict{Reason: reason}
	}
	if v := s.quality(row); v.Reason != "" {
		return v
	}
	v := s.personal(row)
	if v.Reason == "" {
		s.alike(&v, row)
	}
	v.Keep = v.Reason == ""
	return v
}

// quality asks the rules of low quality.
func (s *Sieve) quality(row Row) (v Verdict) {
	if s.filter.LowQuality != Drop && !s.measure {
		return v
	}
	rule := quality.Check(row.Text)
	if rule == "" {
		return v
	}
	reason := lowQuality + rule
	s.count(reason, s.filter.LowQuality == Drop)
	if s.filter.LowQuality == Drop {
		v.Reason = reason
	}
	return v
}

// personal looks for personal data.
func (s *Sieve) personal(row Row) Verdict {
	v := Verdict{Text: row.Text}
	if s.filter.PII != Drop && s.filter.PII != Redact && !s.measure {
		return v
	}
	s.finds = pii.Scan(s.finds[:0], row.Text)
	kinds := s.countFinds()
	if kinds == "" {
		return v
	}
	s.count(personalData, s.filter.PII == Drop)
	switch s.filter.PII {
	case Drop:
		return Verdict{Reason: personalData, Detail: ": " + kinds}
	case Redact:
		v.Text = s.filter.Redacted(row.Text)
	}
	return v
}

// countFinds counts the finds of a row and lists the kinds that are personal.
func (s *Sieve) countFinds() string {
	var list []string
	for _, kind := range pii.Kinds() {
		n := 0
		for _, f := range s.finds {
			if f.Kind == kind {
				n++
			}
		}
		if n == 0 {
			continue
		}
		s.pii[kind][0]++
		s.pii[kind][1] += n
		if kind.Personal() {
			list = append(list, kind.String())
		}
	}
	return strings.Join(list, ", ")
}

// alike looks for a text that was kept before and says the same. A row that is like no other is one to compare later ones with.
func (s *Sieve) alike(v *Verdict, row Row) {
	exact, near := s.filter.Duplicates == Exact || s.filter.Duplicates == Near, s.filter.Duplicates == Near
	if !exact && !s.measure {
		return
	}
	s.text = duplicates.Normalise(s.text[:0], v.Text)
	print := duplicates.Fingerprint(s.text)
	own := s.wrote(row.User, print)
	if of, ok := s.prints[print]; ok {
		reason := exactDuplicate
		if own {
			reason = ownDuplicate
		}
		s.duplicate(v, reason, " of "+of, exact)
		return
	}
	if near || s.measure {
		if of := s.resembles(row.ID); of != "" {
			s.duplicate(v, nearDuplicate, of, near)
			return
		}
	}
	s.prints[print] = row.ID
}

// resembles says of which row that was kept the text in hand is a near duplicate; empty where it is of none, and then it is one to compare later ones with.
func (s *Sieve) resembles(id string) string {
	s.near.Take(s.text)
	if m, ok := s.near.Best(s.found); ok {
		return fmt.Sprintf(" of %s (%.2f)", s.ids[m.Doc], m.Similarity)
	}
	s.bare = duplicates.Words(s.bare[:0], s.text)
	print := duplicates.Fingerprint(s.bare)
	if doc, ok := s.words[print]; ok {
		return fmt.Sprintf(" of %s (the same words)", s.ids[doc])
	}
	if doc := s.near.Add(); len(s.bare) > 0 {
		s.words[print] = doc
	}
	s.ids = append(s.ids, id)
	return ""
}

// wrote tells whether a user wrote a prompt before, and keeps in mind that he did.
func (s *Sieve) wrote(user string, print duplicates.Print) bool {
	if user == "" {
		return false
	}
	own := duplicates.Fingerprint(fmt.Appendf(nil, "%x %x %s", print.Hi, print.Lo, user))
	before := s.own[own]
	s.own[own] = true // a prompt is the user's own also where the row was dropped
	return before
}

// duplicate counts a duplicate, and drops it where that is asked for.
func (s *Sieve) duplicate(v *Verdict, reason, detail string, drop bool) {
	s.count(reason, drop)
	if drop {
		*v = Verdict{Reason: reason, Detail: detail}
	}
}

func (s *Sieve) count(rule string, dropped bool) {
	t := s.tally[rule]
	if t == nil {
		t = &Tally{Rule: rule}
		s.tally[rule] = t
	}
	t.Found++
	if dropped {
		t.Dropped++
	}
}
