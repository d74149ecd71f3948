package corpus

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	printer "golang.org/x/text/message"

	"lbprobe/internal/table"
)

// NotHere is what a table says of a figure that the files cannot tell.
const NotHere = "not in this file"

// most is how many groups a page lists.
const most = 25

// section is a table of the page, the first row its header, and what is to be said below it.
type section struct {
	title string
	align string
	rows  [][]string
	note  string
}

// Text writes the statistics for a terminal.
func (p Profile) Text(w io.Writer) error {
	out := bufio.NewWriter(w)
	for i, s := range p.sections() {
		if i > 0 {
			fmt.Fprintf(out, "\n%s\n", s.title)
		}
		table.Text(out, s.align, s.rows)
		if s.note != "" {
			fmt.Fprintf(out, "%s\n", s.note)
		}
	}
	return out.Flush()
}

// Markdown writes the statistics as Markdown.
func (p Profile) Markdown(w io.Writer) error {
	out := bufio.NewWriter(w)
	for i, s := range p.sections() {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "## %s\n\n", table.Escape(s.title))
		table.Markdown(out, s.align, s.rows)
		if s.note != "" {
			fmt.Fprintf(out, "\n%s\n", table.Escape(s.note))
		}
	}
	return out.Flush()
}

// sections are the tables of the page.
func (p Profile) sections() []section {
	s := p.Statistics
	all := []section{p.published(), s.lengths(), p.wrong()}
	if len(s.Classes) > 0 {
		all = append(all, s.classes())
	}
	if len(s.ByModel) > 0 {
		all = append(all, s.groups("By model", "model", s.ByModel))
	}
	return append(all, s.groups("By language", "language", s.ByLanguage))
}

// published is the table that LMSYS publishes.
func (p Profile) published() section {
	s := p.Statistics
	return section{
		title: strings.Join(p.Files, ", "), align: "lr",
		rows: [][]string{
			{"statistic", "value"},
			{"conversations", number(s.Conversations)},
			{"models", optional(s.Models)},
			{"users", optional(s.Users)},
			{"languages", optional(s.Languages)},
			{"average turns a sample", mean(&s.Turns)},
			{"average tokens a prompt", mean(&s.PromptTokens)},
			{"average tokens a response", mean(s.ResponseTokens)},
		},
		note: fmt.Sprintf("tokens: %s; languages: %s", s.TokensBy, s.LanguagesBy),
	}
}

// lengths is the table of quantiles.
func (s *Statistics) lengths() section {
	out := section{title: "Lengths", align: "lrrrrrrrr", rows: [][]string{{"of", "least", "5 %", "25 %", "median", "75 %", "95 %", "most", "mean"}}}
	for _, row := range []struct {
		name string
		l    *Lengths
	}{
		{"turns a conversation", &s.Turns}, {"characters a prompt", &s.PromptChars}, {"tokens a prompt", &s.PromptTokens},
		{"characters a response", s.ResponseChars}, {"tokens a response", s.ResponseTokens},
	} {
		if l := row.l; l != nil {
			out.rows = append(out.rows, []string{row.name, number(l.Min), number(l.P05), number(l.P25), number(l.Median), number(l.P75), number(l.P95),
				number(l.Max), mean(l)})
		}
	}
	return out
}

// wrong is the table of what is wrong with messages, and with rows and files.
func (p Profile) wrong() section {
	s := p.Statistics
	both := func(name string, of func(Messages) int) []string {
		responses := NotHere
		if s.ResponseTokens != nil {
			responses = number(of(s.Responses))
		}
		return []string{name, number(of(s.Prompts)), responses}
	}
	out := section{title: "Messages", align: "lrr", rows: [][]string{
		{"messages", "prompts", "responses"},
		both("all", func(m Messages) int { return m.All }),
		both("null", func(m Messages) int { return m.Null }),
		both("empty or white space", func(m Messages) int { return m.Empty }),
		both("with U+FFFD, a lost character", func(m Messages) int { return m.Replaced }),
		both("with control characters", func(m Messages) int { return m.Controls }),
		both("with mojibake such as Ã© for é", func(m Messages) int { return m.Mojibake }),
	}}
	notes := []string{
		fmt.Sprintf("halves of surrogate pairs: %s", number(p.Faults.Surrogates)), fmt.Sprintf("texts that are not UTF-8: %s", number(p.Faults.InvalidUTF8)),
		fmt.Sprintf("files with a byte order mark: %s", number(p.Faults.BOM)), fmt.Sprintf("rows that cannot be read: %s", number(p.Rows-p.Kept)),
	}
	if s.RepeatedIDs != nil {
		notes = append(notes, fmt.Sprintf("rows whose id stands above already: %s", number(*s.RepeatedIDs)))
	}
	out.note = strings.Join(notes, "; ")
	return out
}

func (s *Statistics) classes() section {
	out := section{title: "Classes", align: "lrr", rows: [][]string{{"class", "rows", "share"}}}
	for _, c := range s.Classes[:min(len(s.Classes), most)] {
		out.rows = append(out.rows, []string{c.Value, number(c.Rows), share(c.Rows, s.Conversations)})
	}
	out.note = andMore(len(s.Classes))
	return out
}

func (s *Statistics) groups(title, name string, groups []Group) section {
	out := section{title: title, align: "lrrrrrrrr", note: andMore(len(groups)),
		rows: [][]string{{name, "conversations", "share", "turns", "tokens a prompt", "a response", "null", "empty", "faulty"}}}
	for _, g := range groups[:min(len(groups), most)] {
		m := g.Prompts
		m.add(g.Responses)
		out.rows = append(out.rows, []string{g.Name, number(g.Conversations), share(g.Conversations, s.Conversations), mean(&g.Turns), mean(&g.PromptTokens),
			mean(g.ResponseTokens), number(m.Null), number(m.Empty), number(m.Faulty)})
	}
	return out
}

// andMore says how many rows a table leaves out.
func andMore(n int) string {
	if n <= most {
		return ""
	}
	return fmt.Sprintf("and %d more, in CSV and JSON", n-most)
}

var english = printer.NewPrinter(language.English)

func number(n int) string { return english.Sprintf("%d", n) }

func optional(n *int) string {
	if n == nil {
		return NotHere
	}
	return number(*n)
}

// mean is a mean to one decimal, as LMSYS publishes it.
func mean(l *Lengths) string {
	if l == nil {
		return NotHere
	}
	return english.Sprintf("%.1f", l.Mean)
}

func share(part, whole int) string {
	return strconv.FormatFloat(100*float64(part)/float64(max(whole, 1)), 'f', 1, 64) + " %"
}
