package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"lbprobe/analysis"
)

// mostTopics bounds the table of a terminal; the Markdown report has all.
const mostTopics = 40

// paint is an escape sequence.
type paint string

const (
	bold   paint = "1"
	dim    paint = "2"
	red    paint = "31"
	green  paint = "32"
	yellow paint = "33"
)

// screen prints for a terminal.
type screen struct {
	*bufio.Writer
	Options
}

// Terminal prints the shifts, warnings, what to do next, and how far the scores carry, which comes last so that it stands above the prompt.
func (r Report) Terminal(w io.Writer, o Options) error {
	if o.Width <= 0 {
		o.Width = 100
	}
	s := screen{bufio.NewWriter(w), o}
	s.line(bold, strings.Join(nonEmpty(r.Experiment, plain(r.Competition), board(r.Board)), " · "))
	s.paragraph("", "asked: ", r.question())
	if caution := r.caution(); caution != "" {
		s.paragraph(yellow, "", caution)
	}
	s.shifts(r)
	s.messages(r)
	for _, c := range r.failed() {
		s.paragraph(red, "check failed: ", c)
	}
	for _, warning := range r.warnings() {
		s.paragraph(yellow, "warning: ", warning)
	}
	s.closing(r)
	return s.Flush()
}

// closing prints the last lines.
func (s screen) closing(r Report) {
	fmt.Fprintln(s)
	s.line(bold, r.Summary())
	if r.Result.Conclusion != "" && r.Result.Status != analysis.Exact {
		s.paragraph("", "", r.Result.Conclusion)
	}
	if r.Truth != nil {
		for _, miss := range r.Truth.Misses {
			s.paragraph(red, "not the truth: ", miss)
		}
	}
	if r.Effort != nil {
		s.paragraph("", "submissions: ", r.Effort.String())
	}
	if past := r.Past.line(); past != "" {
		s.paragraph("", "past submissions: ", past)
	}
	if lead := r.leading(4); len(lead) > 0 {
		s.paragraph("", "largest shifts: ", strings.Join(lead, ", "))
	} else {
		s.paragraph("", "largest shifts: ", "none that the scores show")
	}
	for _, next := range r.Next {
		s.paragraph("", "next: ", next)
	}
	if r.Path != "" {
		s.line("", "report: "+r.Path) // never broken or cut: it will be copied
	}
}

// column is one column of the table of shifts.
type column struct {
	title string
	right bool
	keep  int // columns with the least go first where the window is narrow
	cell  func(analysis.Verdict) string
}

func (r Report) columns() []column {
	return []column{
		{"", true, 9, func(v analysis.Verdict) string { return fmt.Sprint(v.Topic) }},
		{"topic", false, 9, r.label},
		{"shift", false, 9, shift},
		{"train", true, 5, func(v analysis.Verdict) string { return percent(v.TrainShare) }},
		{"public", true, 3, func(v analysis.Verdict) string {
			return rows(v.PublicLo, v.PublicBest, v.PublicHi, r.publicExactly(v.Topic))
		}},
		{"private", true, 6, func(v analysis.Verdict) string { return rows(v.PrivateLo, v.PrivateBest, v.PrivateHi, v.Exact) }},
		{"verdict", false, 8, func(v analysis.Verdict) string { return string(v.Verdict) }},
		{"P", true, 4, func(v analysis.Verdict) string { return probability(v.PPrivate) }},
		{"source", false, 7, r.source},
	}
}

// shifts prints the table: rows of a topic, a number alone where it is exact.
func (s screen) shifts(r Report) {
	all := rank(r.Result.Verdicts)
	if len(all) == 0 {
		return
	}
	shown := all[:min(len(all), mostTopics)]
	columns, widths := fit(r.columns(), shown, s.Width)
	fmt.Fprintln(s)
	s.row(dim, columns, widths, func(c column) string { return c.title })
	for _, v := range shown {
		s.row(tint(r, v), columns, widths, func(c column) string { return c.cell(v.Verdict) })
	}
	if more := len(all) - len(shown); more > 0 {
		s.line(dim, fmt.Sprintf("… and %d more topics in the report", more))
	}
	s.paragraph(dim, "", fmt.Sprintf("shift: share of the private part over share of the train set. “new”: the train set has none. A number of rows alone is exact; a range holds with probability %v. P: chance that the topic is present.", r.Asked.Certainty))
}

// fit leaves out columns until the table has room, then gives the topics' names what is left.
func fit(columns []column, verdicts []ranked, room int) ([]column, []int) {
	const name, least = 1, 14 // the names' column, and what it must have
	for {
		widths, sum := make([]int, len(columns)), 2*(len(columns)-1)
		for i, c := range columns {
			widths[i] = wide.StringWidth(c.title)
			for _, v := range verdicts {
				widths[i] = max(widths[i], wide.StringWidth(c.cell(v.Verdict)))
			}
			sum += widths[i]
		}
		rest := room - sum + widths[name]
		if weakest := weakest(columns); rest < min(least, widths[name]) && columns[weakest].keep < 8 {
			columns = append(columns[:weakest:weakest], columns[weakest+1:]...)
			continue
		}
		widths[name] = max(min(widths[name], rest), 4)
		return columns, widths
	}
}

// weakest is the column to leave out first.
func weakest(columns []column) int {
	at := 0
	for i, c := range columns {
		if c.keep < columns[at].keep {
			at = i
		}
	}
	return at
}

// row prints one line of the table.
func (s screen) row(p paint, columns []column, widths []int, cell func(column) string) {
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = fill(short(cell(c), widths[i]), widths[i], c.right)
	}
	s.line(p, strings.TrimRight(strings.Join(cells, "  "), " "))
}

// tint shows at a glance what was found: faint is what the split model alone says.
func tint(r Report, v ranked) paint {
	switch {
	case !r.found(v.Verdict) || v.Verdict.Verdict == analysis.Undetermined:
		return dim
	case v.Verdict.Verdict == analysis.Absent:
		return red
	case v.sure > 0:
		return green
	}
	return ""
}

// line prints a line, coloured where that is wanted.
func (s screen) line(p paint, text string) {
	if s.Color && p != "" {
		text = "\x1b[" + string(p) + "m" + text + "\x1b[0m"
	}
	fmt.Fprintln(s, text)
}

// paragraph prints text broken to the window's width, indented under its lead.
func (s screen) paragraph(p paint, lead, text string) {
	indent := strings.Repeat(" ", min(wide.StringWidth(lead), 4))
	for i, line := range wrap(lead+text, s.Width-len(indent)) {
		if i > 0 {
			line = indent + line
		}
		s.line(p, line)
	}
}

// warnings are all of them, those of the analysis first.
func (r Report) warnings() []string {
	all := append(append([]string{}, r.Result.Warnings...), r.Warnings...)
	if r.Past != nil {
		all = append(all, r.Past.Warnings...)
	}
	return all
}

// failed says which checks a reading did not pass.
func (r Report) failed() []string {
	var failed []string
	for _, c := range r.Result.Checks {
		if c.OK {
			continue
		}
		text := c.Name + ": " + c.Message
		if c.Probe > 0 {
			text = fmt.Sprintf("probe %d, %s", c.Probe, text)
		}
		failed = append(failed, text)
	}
	return failed
}

func board(name string) string {
	if name == "" {
		return ""
	}
	return plain(name) + " board"
}

// nonEmpty leaves out empty texts.
func nonEmpty(texts ...string) []string {
	var kept []string
	for _, text := range texts {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return kept
}
