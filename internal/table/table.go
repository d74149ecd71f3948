// Package table lays out rows of cells for a terminal or as Markdown, and makes foreign text fit to be shown there.
package table

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// Wide measures text in terminal columns: two for an ideograph, none for a combining mark. The environment has no say in it.
var Wide = &runewidth.Condition{StrictEmojiNeutral: true}

// Plain makes foreign text one line of printable characters with single spaces.
func Plain(text string) string { return strings.Join(strings.Fields(Spaced(text)), " ") }

// Spaced puts a space for every control character and drops what is not seen, so that nothing commands a terminal or turns the direction of a line.
func Spaced(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case r == unicode.ReplacementChar || r != '\u200d' && unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
}

// Short cuts foreign text to a number of terminal columns.
func Short(text string, columns int) string {
	return Wide.Truncate(Plain(text), columns, "…")
}

// Fill pads text to a number of terminal columns, on its right or on its left.
func Fill(text string, columns int, right bool) string {
	space := strings.Repeat(" ", max(0, columns-Wide.StringWidth(text)))
	if right {
		return space + text
	}
	return text + space
}

// Escape makes text print as it is, on one line, anywhere in Markdown: also in a table, where "|" would end the cell.
func Escape(text string) string { return special.Replace(Plain(text)) }

var special = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "$", `\$`, "#", `\#`, "~", `\~`, "!", `\!`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;",
)

// Markdown writes rows of cells as a table, the first as its header. Align has l or r for each column.
func Markdown(w io.Writer, align string, rows [][]string) {
	for i, row := range rows {
		cells := make([]string, len(row))
		for k, cell := range row {
			cells[k] = Escape(cell)
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
		if i == 0 {
			fmt.Fprintf(w, "|%s\n", strings.NewReplacer("l", " --- |", "r", " ---: |").Replace(align))
		}
	}
}

// Text writes rows of cells in columns as wide as they need be, two spaces apart. Align has l or r for each column.
func Text(w io.Writer, align string, rows [][]string) {
	widths := make([]int, len(align))
	for _, row := range rows {
		for k, cell := range row {
			widths[k] = max(widths[k], Wide.StringWidth(Plain(cell)))
		}
	}
	for _, row := range rows {
		cells := make([]string, len(row))
		for k, cell := range row {
			cells[k] = Fill(Plain(cell), widths[k], align[k] == 'r')
		}
		fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, "  "), " "))
	}
}
