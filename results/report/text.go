package report

import (
	"fmt"
	"strings"

	"lbprobe/analysis"
	"lbprobe/internal/table"
)

// What makes foreign text fit to be shown.
var (
	wide   = table.Wide
	plain  = table.Plain
	spaced = table.Spaced
	fill   = table.Fill
	escape = table.Escape
	short  = table.Short
)

// How figures are printed.
var (
	percent = table.Percent
	ratio   = table.Ratio
)

// wrap breaks text between words into lines of at most so many terminal columns; a longer word gets a line of its own.
func wrap(text string, columns int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(plain(text)) {
		switch {
		case line == "":
			line = word
		case wide.StringWidth(line)+1+wide.StringWidth(word) > columns:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// label is the name of a topic, or its first keywords, or its number.
func (r Report) label(v analysis.Verdict) string {
	if name := plain(v.Name); name != "" {
		return name
	}
	if words := r.keywords(v.Topic); len(words) > 0 {
		return strings.Join(words[:min(len(words), 3)], ", ")
	}
	return fmt.Sprintf("topic %d", v.Topic)
}

// keywords of a topic, fit for one line.
func (r Report) keywords(topic int) []string {
	if topic < 0 || topic >= len(r.Topics) {
		return nil
	}
	words := make([]string, 0, len(r.Topics[topic].Keywords))
	for _, word := range r.Topics[topic].Keywords {
		words = append(words, plain(word))
	}
	return nonEmpty(words...)
}

// rows prints a number of rows: alone where it is exact, else as an interval.
func rows(lo, best, hi int, exact bool) string {
	switch {
	case exact:
		return fmt.Sprint(best)
	case lo == hi:
		return fmt.Sprintf("≈%d", best)
	}
	return fmt.Sprintf("%d–%d", lo, hi)
}

// publicExactly tells whether the public rows of a topic are exact.
func (r Report) publicExactly(topic int) bool {
	for _, c := range r.Result.Counts {
		if c.Split == "public" && c.Topic == topic && c.Class == "*" {
			return c.Exact
		}
	}
	return false
}

// shift prints a topic's shift with its interval.
func shift(v analysis.Verdict) string {
	switch {
	case missing(v) && v.PrivateBest > 0:
		return "new"
	case missing(v):
		return "–"
	}
	best, lo, hi := ratio(v.Shift), ratio(v.ShiftLo), ratio(v.ShiftHi)
	if lo == hi {
		return "×" + best
	}
	return fmt.Sprintf("×%s (%s–%s)", best, lo, hi)
}

// probability prints P(present) without ever rounding to certainty.
func probability(p float64) string {
	switch {
	case p > 0.9999 && p < 1:
		return ">0.9999"
	case p < 0.0001 && p > 0:
		return "<0.0001"
	case p == 0 || p == 1:
		return fmt.Sprint(p)
	}
	return strings.TrimRight(fmt.Sprintf("%.4f", p), "0")
}

// found tells whether probing had a part in a verdict.
func (r Report) found(v analysis.Verdict) bool {
	return r.Result.Read > 0 && r.Result.Status != analysis.NoScores && r.Result.Status != analysis.Misfit && v.Source != "split-model"
}

// source says in words where a verdict comes from.
func (r Report) source(v analysis.Verdict) string {
	switch {
	case !r.found(v):
		return "split model"
	case v.Source == "both":
		return "probes + split"
	}
	return v.Source
}

// leading returns the largest shifts that the scores show, as "poetry ×1.93".
func (r Report) leading(most int) []string {
	var lead []string
	for _, v := range rank(r.Result.Verdicts) {
		if v.sure > 0 && r.found(v.Verdict) && len(lead) < most {
			size := shift(v.Verdict)
			if missing(v.Verdict) {
				size = "(not in train)"
			}
			lead = append(lead, short(r.label(v.Verdict), 32)+" "+size)
		}
	}
	return lead
}

// question says in one sentence what was asked.
func (r Report) question() string {
	a := r.Asked
	what := map[string]string{
		"presence": "which topics are in the %s part",
		"rows":     "how many rows of each topic are in the %s part",
		"cells":    "how many rows of each topic and class are in the %s part",
	}[a.Target]
	if what == "" {
		what = a.Target + " of the topics in the %s part"
	}
	text := fmt.Sprintf(what, a.Split) + fmt.Sprintf("; %d topics, %d classes", a.Topics, a.Classes)
	if a.TestRows > 0 {
		text += fmt.Sprintf(", %d test rows", a.TestRows)
	}
	precision := fmt.Sprintf("of %d decimals", a.Decimals)
	if a.Full {
		precision = "in full precision"
	}
	return fmt.Sprintf("%s; %s design, scores %s, certainty %v", text, a.Design, precision, a.Certainty)
}

// caution says what must not be read into the tables; empty where they can be taken as they are.
func (r Report) caution() string {
	switch r.Result.Status {
	case analysis.NoScores:
		return "No score has been read. All that follows comes from the split model alone: what a random split of known topic totals, or the train shares, implies. None of it was found by probing."
	case analysis.Misfit:
		return "No set of counts fits every score, so at least one score is wrong. What follows comes from the split model alone until that is mended."
	case analysis.NotIdentified:
		return "The scores do not tell the counts yet. Intervals are what is known; verdicts marked “split model” were not found by probing."
	}
	return ""
}
