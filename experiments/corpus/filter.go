package corpus

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"lbprobe/experiments/corpus/pii"
)

// Filter chooses the rows that topics are learned from. A character is a Unicode code point of the text after its turns are joined: with
// Options.Turns = FirstTurn it is of the prompt that opens the conversation, as in arXiv:2309.11998, which keeps 32 to 1,536. Both ends are kept.
type Filter struct {
	MinChars   int
	MaxChars   int    // 0: no limit
	Duplicates Choice // Keep, Exact or Near; "": Keep
	LowQuality Choice // Keep or Drop; "": Keep
	PII        Choice // Keep, Drop or Redact; "": Keep
}

// Choice is what becomes of rows of a sort. Its words are those of [corpus.filter].
type Choice string

// The choices.
const (
	Keep   Choice = "keep"
	Drop   Choice = "drop"
	Redact Choice = "redact" // keep the row with placeholders in the place of what is personal
	Exact  Choice = "exact"  // drop rows that are equal, after normalisation, to one that was kept
	Near   Choice = "near"   // drop those, and rows whose shingles have a Jaccard similarity of 0.8 or more with one that was kept
)

// Redacted is the text with what the filter takes out of it.
func (f Filter) Redacted(text string) string {
	if f.PII != Redact {
		return text
	}
	return pii.NewRedactor(text).Redact(text)
}

// RedactTurns takes out of the turns of a conversation, in place, what the filter takes out of texts. What is named again has the
// same number again.
func (f Filter) RedactTurns(turns []Turn) {
	if f.PII != Redact {
		return
	}
	var texts []string
	for _, t := range turns {
		texts = append(texts, t.Text)
	}
	redactor := pii.NewRedactor(strings.Join(texts, betweenTurns))
	for i, t := range turns {
		turns[i].Text = redactor.Redact(t.Text)
	}
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
