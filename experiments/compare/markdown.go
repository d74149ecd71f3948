package compare

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"lbprobe/experiments/corpus/language"
	"lbprobe/internal/table"
)

// WriteJSON writes comparison.json.
func (c *Comparison) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(c)
}

// Markdown writes comparison.md.
func (c *Comparison) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s and %s\n\n", table.Escape(c.A.File), table.Escape(c.B.File))
	c.sets(&b)
	c.shared(&b)
	c.personal(&b)
	section(&b, "Lengths in characters", "characters", c.Lengths, func(name string) string { return name })
	section(&b, "Languages", "language", c.Languages, func(code string) string { return language.Code(code).Name() })
	c.topics(&b)
	fmt.Fprint(&b, "## What limits these figures\n")
	for _, note := range c.Notes {
		fmt.Fprintf(&b, "- %s\n", table.Escape(note))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (c *Comparison) sets(b *strings.Builder) {
	rows := [][]string{{"set", "file", "rows", "distinct texts", "median length", "mean length"}}
	for i, s := range []Set{c.A, c.B} {
		rows = append(rows, []string{"AB"[i : i+1], s.File, strconv.Itoa(s.Rows), strconv.Itoa(s.Distinct), strconv.Itoa(s.Chars.Median), fmt.Sprintf("%.1f", s.Chars.Mean)})
	}
	table.Markdown(b, "llrrrr", rows)
}

func (c *Comparison) shared(b *strings.Builder) {
	o := c.Overlap
	fmt.Fprint(b, "\n## Overlap\n")
	rows := [][]string{{"rows of B that have in A", "rows", "share", "95 % interval"},
		cells("an equal text after normalisation", o.Exact), cells(fmt.Sprintf("a near duplicate, Jaccard similarity %g or more", o.Threshold), o.Near),
		cells("the same words, punctuation aside", o.Words), cells("one but for a name and NAME_n", o.Names), cells("any of these", o.Any)}
	if o.Semantic != nil {
		rows = append(rows, cells(fmt.Sprintf("a neighbour by meaning, cosine %g or more", o.Cosine), *o.Semantic))
	}
	table.Markdown(b, "lrrr", rows)
	fmt.Fprintf(b, "\n%d pairs stand in pairs.csv; %d further ones, of rows with many, do not.\n", o.Pairs, o.Unlisted)
}

func cells(name string, s Share) []string {
	return []string{name, strconv.Itoa(s.Rows), percent(s.Share), percent(s.Lo) + " to " + percent(s.Hi)}
}

func percent(x float64) string { return fmt.Sprintf("%.2f %%", 100*x) }

func (c *Comparison) personal(b *strings.Builder) {
	p := c.PII
	fmt.Fprintf(b, "\n## Personal data\nIn %d of %d pairs of near duplicates something personal was added or removed from A to B: %d placeholders NAME_n more in B, %d more in A.\n", p.Changed, p.Pairs,
		p.NamesHidden, p.NamesShown)
	kinds := slices.Sorted(maps.Keys(merged(p.Added, p.Removed)))
	if len(kinds) == 0 {
		return
	}
	rows := [][]string{{"kind", "added in B", "removed in B"}}
	for _, kind := range kinds {
		rows = append(rows, []string{kind, strconv.Itoa(p.Added[kind]), strconv.Itoa(p.Removed[kind])})
	}
	fmt.Fprintln(b)
	table.Markdown(b, "lrr", rows)
}

// section is a table of shares with its test.
func section(b *strings.Builder, title, what string, t Table, name func(string) string) {
	fmt.Fprintf(b, "\n## %s\n", title)
	rows := [][]string{sharesHead(what)}
	for _, r := range t.Rows {
		rows = append(rows, sharesRow(name(r.Name), r))
	}
	table.Markdown(b, "lrrrrr", rows)
	fmt.Fprintf(b, "\n%s.\n", t.Test)
}

func sharesHead(what string) []string {
	return []string{what, "A", "share of A", "B", "share of B", "B less A"}
}

func sharesRow(name string, r Row) []string {
	side := func(s Share) string {
		return fmt.Sprintf("%s (%s to %s)", percent(s.Share), percent(s.Lo), percent(s.Hi))
	}
	return []string{name, strconv.Itoa(r.A.Rows), side(r.A), strconv.Itoa(r.B.Rows), side(r.B),
		fmt.Sprintf("%+.2f (%+.2f to %+.2f)", 100*r.Difference.Value, 100*r.Difference.Lo, 100*r.Difference.Hi)}
}

func (c *Comparison) topics(b *strings.Builder) {
	t := c.Topics
	if t == nil {
		return
	}
	fmt.Fprintf(b, "\n## Topics\nCodebook: %s. A topic is a cluster of A; its keywords are a label.\n\n", table.Escape(t.From))
	rows := [][]string{append(sharesHead("topic"), "")}
	for _, r := range t.Rows {
		remark := ""
		if r.Missing {
			remark = "missing in B"
		}
		rows = append(rows, append(sharesRow(r.Name, r.Row), remark))
	}
	table.Markdown(b, "lrrrrrl", rows)
	fmt.Fprintf(b, "\n%s.\n\n%s of B is farther from every topic than all but a hundredth of A (%s of A; difference %+.2f points, %+.2f to %+.2f).\n", t.Test,
		percent(t.Far.B.Share), percent(t.Far.A.Share), 100*t.Far.Difference.Value, 100*t.Far.Difference.Lo, 100*t.Far.Difference.Hi)
	for _, n := range t.Far.New {
		fmt.Fprintf(b, "- %d such rows: %s; for example %s\n", n.Rows, table.Escape(strings.Join(n.Keywords, ", ")), table.Escape(strings.Join(n.IDs, ", ")))
	}
	fmt.Fprintln(b)
}
