package corpus

import (
	"strconv"
	"unicode/utf8"

	"lbprobe/experiments/corpus/pii"
)

// Filter chooses the rows that topics are learned from. A character is a Unicode code point of the text after its turns are joined: with
// Options.Turns = FirstTurn it is of the prompt that opens the conversation, as in arXiv:2309.11998, which keeps 32 to 1,536. Both ends are kept.
type Filter struct {
	MinChars   int
	MaxChars   int        // 0: no limit
	Duplicates Duplicates // "": Keep
	LowQuality Choice     // Keep or Drop; "": Keep
	PII        Choice     // Keep, Drop or Redact; "": Keep
}

// Choice is what becomes of rows of a sort.
type Choice string

// The choices.
const (
	Keep   Choice = "keep"
	Drop   Choice = "drop"
	Redact Choice = "redact" // keep the row with placeholders in the place of what is personal
)

// Duplicates says which rows are dropped for being like one that was kept before. See package duplicates for what is alike.
type Duplicates string

// The sorts of duplicates.
const (
	KeepAll Duplicates = "keep"
	Exact   Duplicates = "exact" // equal after normalisation
	Near    Duplicates = "near"  // those, and texts whose shingles have a Jaccard similarity of 0.8 or more
)

// Redacted is the text with what the filter takes out of it.
func (f Filter) Redacted(text string) string {
	if f.PII != Redact {
		return text
	}
	return pii.NewRedactor(text).Redact(text)
}

// Keep reports whether a text passes by its length alone. If not, reason says why, in the same words for every text that fails alike.
func (f Filter) Keep(text string) (ok bool, reason string) {
	return f.keep(utf8.RuneCountInString(text))
}

func (f Filter) keep(chars int) (ok bool, reason string) {
	switch {
	case chars < f.MinChars:
		return false, f.tooShort()
	case f.MaxChars > 0 && chars > f.MaxChars:
		return false, f.tooLong()
	}
	return true, ""
}

func (f Filter) tooShort() string { return "shorter than " + strconv.Itoa(f.MinChars) + " characters" }

func (f Filter) tooLong() string { return "longer than " + strconv.Itoa(f.MaxChars) + " characters" }
