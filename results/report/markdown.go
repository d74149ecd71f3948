package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"lbprobe/analysis"
	"lbprobe/internal/table"
)

// fewExemplars is how many texts of a topic the report shows, and exemplarLength how much of each, in characters.
const (
	fewExemplars   = 3
	exemplarLength = 400
)

// page prints Markdown.
type page struct{ *bufio.Writer }

// Markdown prints the full report.
func (r Report) Markdown(w io.Writer) error {
	p := page{bufio.NewWriter(w)}
	p.printf("# %s\n\n**%s**\n", escape(strings.Join(nonEmpty(r.Experiment, r.Competition, board(r.Board)), " · ")), escape(r.Summary()))
	if r.Result.Conclusion != "" {
		p.printf("\n%s\n", escape(r.Result.Conclusion))
	}
	if caution := r.caution(); caution != "" {
		p.printf("\n> %s\n", escape(caution))
	}
	p.shifts(r)
	p.messages(r)
	p.list("What to do next", r.Next)
	p.list("Warnings", append(r.failed(), r.warnings()...))
	p.asked(r)
	p.scores(r)
	p.past(r)
	p.checks(r)
	p.truth(r)
	p.effort(r.Effort)
	p.list("What was assumed", append(append([]string{}, r.Result.Assumed...), r.Assumed...))
	p.topics(r)
	p.list("Where the texts come from", r.Sources)
	return p.Flush()
}

// shifts leads the report.
func (p page) shifts(r Report) {
	p.printf("\n## Shifts\n\n")
	if lead := r.leading(5); len(lead) > 0 {
		p.printf("Largest: %s.\n\n", escape(strings.Join(lead, ", ")))
	}
	if r.Picture != "" {
		p.printf("![Shift of every topic](<%s>)\n\n", strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "").Replace(r.Picture))
	}
	if len(r.Result.Verdicts) == 0 {
		p.printf("No topic has a verdict yet.\n")
		return
	}
	table := [][]string{{"topic", "", "shift", "train", "public rows", "private rows", "verdict", "P(present)", "source"}}
	for _, ranked := range rank(r.Result.Verdicts) {
		v := ranked.Verdict
		table = append(table, []string{
			fmt.Sprint(v.Topic), r.label(v), shift(v), percent(v.TrainShare), rows(v.PublicLo, v.PublicBest, v.PublicHi, r.publicExactly(v.Topic)),
			rows(v.PrivateLo, v.PrivateBest, v.PrivateHi, v.Exact), string(v.Verdict), probability(v.PPrivate), r.source(v),
		})
	}
	p.table("rlrrrrlrl", table)
	p.printf("\nShift is a topic's share of the private part over its share of the train set; “new” means that the train set has none. A number of rows alone is exact; a range holds with probability %v.", r.Asked.Certainty)
	p.printf(" Source “split model” is what a random split implies, without any score.\n")
}

// asked repeats the question.
func (p page) asked(r Report) {
	a := r.Asked
	p.printf("\n## What was asked\n\n")
	question := r.question()
	p.printf("%s.\n", escape(strings.ToUpper(question[:1])+question[1:]))
	if a.PresentFrom != "" {
		p.printf("A topic is present from %s on.", escape(a.PresentFrom))
		if a.FDR > 0 {
			p.printf(" Of all verdicts about %v may be false.", a.FDR)
		}
		p.printf("\n")
	}
}

// scores prints what came back.
func (p page) scores(r Report) {
	if len(r.Scores) == 0 {
		return
	}
	p.printf("\n## What came back\n\n")
	table := [][]string{{"probe", "file", "public", "private", "off by", "note"}}
	for _, s := range r.Scores {
		var residuals []string
		for _, residual := range []*float64{s.Residual, s.PrivateResidual} {
			if residual != nil {
				residuals = append(residuals, fmt.Sprintf("%+.2f", *residual))
			}
		}
		public := s.Public
		if public == "" {
			public = "no score"
		}
		table = append(table, []string{fmt.Sprint(s.Probe), s.File, public, s.Private, strings.Join(residuals, " / "), s.Note})
	}
	p.table("rlrrrl", table)
	p.printf("\n“Off by” is the shown score minus the score of the decoded counts, in units of the last decimal shown. Rounding of the board: %s.\n", escape(r.Result.Rounding))
}

// checks lists what a reading must pass, and what a claim “exact” rests on.
func (p page) checks(r Report) {
	for _, section := range []struct {
		title  string
		checks []analysis.Check
	}{{"Checks", r.Result.Checks}, {"What “exact” rests on", r.Result.Exactness}} {
		if len(section.checks) == 0 {
			continue
		}
		p.printf("\n## %s\n\n", section.title)
		table := [][]string{{"", "check", "probe", "result"}}
		for _, c := range section.checks {
			state, probe := "passed", ""
			if !c.OK {
				state = "failed"
			}
			if c.Probe > 0 {
				probe = fmt.Sprint(c.Probe)
			}
			table = append(table, []string{state, c.Name, probe, c.Message})
		}
		p.table("llrl", table)
	}
}

// truth compares with what a simulated board knows.
func (p page) truth(r Report) {
	if r.Truth == nil {
		return
	}
	p.printf("\n## Compared with the truth\n\nThe board is simulated, so the truth is known: of %d topics %s.", r.Truth.Right+r.Truth.Wrong+r.Truth.Open, r.Truth)
	open := "no exact public count"
	if r.Result.Design == analysis.Channel {
		open = "neither an exact total nor a verdict"
	}
	p.printf(" Open topics have %s.\n", open)
	for _, miss := range r.Truth.Misses {
		p.printf("- %s\n", escape(miss))
	}
}

// effort prints the table of submissions.
func (p page) effort(e *Effort) {
	if e == nil {
		return
	}
	p.printf("\n## Submissions\n\n")
	header, row := []string{"by hand, one topic at a time", "lbprobe"}, []string{days(e.ByHand, e.PerDay), days(e.Lbprobe, e.PerDay)}
	if e.Bound > 0 {
		header, row = append(header, "information bound"), append(row, fmt.Sprintf("%.1f", e.Bound))
	}
	p.table("rrr"[:len(header)], [][]string{header, row})
}

// days adds to a number of submissions how many days it takes.
func days(submissions, perDay int) string {
	if perDay <= 0 {
		return fmt.Sprint(submissions)
	}
	n := (submissions + perDay - 1) / perDay
	if n == 1 {
		return fmt.Sprintf("%d (1 day)", submissions)
	}
	return fmt.Sprintf("%d (%d days)", submissions, n)
}

// topics says what each topic is about, in the order of the shifts.
func (p page) topics(r Report) {
	if len(r.Topics) == 0 {
		return
	}
	p.printf("\n## Topics\n\nNames are labels, not evidence: a topic is what its exemplars say.\n")
	for _, ranked := range rank(r.Result.Verdicts) {
		v := ranked.Verdict
		if v.Topic < 0 || v.Topic >= len(r.Topics) {
			continue
		}
		p.printf("\n### %d %s\n\n", v.Topic, escape(r.label(v)))
		p.printf("Shift %s, %s, P(present) %s, source: %s.\n", escape(shift(v)), v.Verdict, escape(probability(v.PPrivate)), r.source(v))
		if mix := r.mix(v.Topic); mix != "" {
			p.printf("Public rows by class: %s.\n", escape(mix))
		}
		if t := r.Topics[v.Topic]; t.NamedBy != "" {
			p.printf("Name and summary are made by a machine, %s: %s\n", escape(t.NamedBy), escape(t.Summary))
		}
		if words := r.keywords(v.Topic); len(words) > 0 {
			p.printf("Keywords: %s.\n", escape(strings.Join(words, ", ")))
		}
		exemplars := r.Topics[v.Topic].Exemplars
		for _, text := range exemplars[:min(len(exemplars), fewExemplars)] {
			p.fenced(text)
		}
	}
}

// mix lists the public rows of a topic by class.
func (r Report) mix(topic int) string {
	var parts []string
	for _, c := range r.Result.Counts {
		if c.Split != "public" || c.Topic != topic || c.Class == "*" {
			continue
		}
		class := c.Class
		if not, ok := strings.CutPrefix(class, "!"); ok {
			class = "not " + not
		}
		parts = append(parts, class+" "+rows(c.Lo, c.Best, c.Hi, c.Exact))
	}
	return strings.Join(parts, ", ")
}

// fenced prints foreign text as a code block that it cannot break out of.
func (p page) fenced(text string) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(printable(line), " ")
	}
	text = cut(strings.Trim(strings.Join(lines, "\n"), "\n"), exemplarLength)
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	p.printf("\n%stext\n%s\n%s\n", fence, text, fence)
}

// list prints a section of points, or nothing.
func (p page) list(title string, points []string) {
	if len(points) == 0 {
		return
	}
	p.printf("\n## %s\n\n", title)
	for _, point := range points {
		p.printf("- %s\n", escape(point))
	}
}

// table prints rows of cells, the first as the header; align has l or r for each column.
func (p page) table(align string, rows [][]string) { table.Markdown(p, align, rows) }

func (p page) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) } // Flush reports what went wrong

// printable drops control characters but tabs from a line.
func printable(line string) string {
	parts := strings.Split(line, "\t")
	for i, part := range parts {
		parts[i] = spaced(part)
	}
	return strings.Join(parts, "\t")
}

// cut shortens text to so many characters.
func cut(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + " …"
	}
	return text
}
