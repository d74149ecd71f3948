// Package svg draws pictures as SVG: self-contained, legible on light and on dark pages, and harmless whatever text they show. Equal calls give equal bytes.
package svg

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"lbprobe/internal/table"
)

// Canvas collects the elements of a picture. Coordinates are pixels from the upper left corner.
type Canvas struct{ bytes.Buffer }

// sheet paints by class: first for a light page, then what differs on a dark one. No variables: renderers outside browsers lack them.
const sheet = `
text{font-family:system-ui,-apple-system,"Segoe UI","Noto Sans","DejaVu Sans",Helvetica,Arial,sans-serif;font-size:13px;fill:#1f2328}
.title{font-size:20px;font-weight:600}.name{font-weight:600}.small{font-size:11px}.num{font-variant-numeric:tabular-nums}
.muted{fill:#59636e}.head{fill:#59636e;font-size:11px;font-weight:600;letter-spacing:.04em}
.card{fill:#ffffff;stroke:#d1d9e0}.rule{stroke:#e7ebef}.grid{stroke:#e7ebef}.one{stroke:#9aa4af}.bar{fill:#c5ced8}
.notice{fill:#fff6dd;stroke:#e6c65c}.noticetext{fill:#6b4e00;font-size:12px}
.more{fill:#bc4c00;stroke:#bc4c00}.less{fill:#0969da;stroke:#0969da}.same{fill:#818b98;stroke:#818b98}
text.more,text.less,text.same{stroke:none}text.same{fill:#59636e}
.stem{stroke-width:1.5;stroke-opacity:.35}.span{stroke-width:4;stroke-opacity:.45;stroke-linecap:round}.ring{fill:#ffffff;stroke-width:2}
.shade0{fill:#59636e}.shade1{fill:#9aa4af}.shade2{fill:#c5ced8}.shade3{fill:#e7ebef}
.absent{fill:#0969da;font-weight:600}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}.muted,.head,text.same{fill:#9ea7b3}
.card{fill:#0d1117;stroke:#30363d}.rule,.grid{stroke:#222933}.one{stroke:#6e7781}.bar{fill:#3a444f}
.notice{fill:#2d2410;stroke:#7a5d10}.noticetext{fill:#f2cc60}
.more{fill:#ff9e4f;stroke:#ff9e4f}.less{fill:#6cb6ff;stroke:#6cb6ff}.same{fill:#7d8794;stroke:#7d8794}.ring{fill:#0d1117}
text.more,text.less,text.same{stroke:none}text.same{fill:#9ea7b3}.absent{fill:#6cb6ff}
.shade0{fill:#9ea7b3}.shade1{fill:#6e7781}.shade2{fill:#3a444f}.shade3{fill:#222933}
}
`

// Begin opens the picture. The title is what a screen reader says.
func (c *Canvas) Begin(width, height float64, title string) {
	fmt.Fprintf(c, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]s %[2]s" width="%[1]s" height="%[2]s" role="img">`+"\n", num(width), num(height))
	fmt.Fprintf(c, "<title>%s</title>\n<style>%s</style>\n", escaped(title), sheet)
}

// End closes the picture.
func (c *Canvas) End() { c.WriteString("</svg>\n") }

// Group opens a group with a text that a browser shows over it; close it with EndGroup.
func (c *Canvas) Group(hover string) { fmt.Fprintf(c, "<g><title>%s</title>\n", escaped(hover)) }

// EndGroup closes a group.
func (c *Canvas) EndGroup() { c.WriteString("</g>\n") }

// Rect draws a rectangle with rounded corners.
func (c *Canvas) Rect(class string, x, y, width, height, radius float64) {
	fmt.Fprintf(c, `<rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="%s"/>`+"\n", class, num(x), num(y), num(width), num(height), num(radius))
}

// Line draws a straight line.
func (c *Canvas) Line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(c, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`+"\n", class, num(x1), num(y1), num(x2), num(y2))
}

// Circle draws a circle around x, y.
func (c *Canvas) Circle(class string, x, y, radius float64) {
	fmt.Fprintf(c, `<circle class="%s" cx="%s" cy="%s" r="%s"/>`+"\n", class, num(x), num(y), num(radius))
}

// Arrow draws a head that points left (-1) or right (1) with its tip at x.
func (c *Canvas) Arrow(class string, x, y, direction float64) {
	back := x - 7*direction
	fmt.Fprintf(c, `<path class="%s" d="M%s %sL%s %sL%s %sZ"/>`+"\n", class, num(x), num(y), num(back), num(y-4.5), num(back), num(y+4.5))
}

// Text prints one line; anchor is start, middle or end.
func (c *Canvas) Text(class, anchor string, x, y float64, text string) {
	fmt.Fprintf(c, `<text class="%s" text-anchor="%s" x="%s" y="%s">%s</text>`+"\n", class, anchor, num(x), num(y), escaped(text))
}

// Entry prints the label of a row around the height y, and below it its words, if there are any; see Second.
func (c *Canvas) Entry(x, y float64, label, words string) {
	base := y + 4.5
	if words == "" {
		c.Text("name", "start", x, base, label)
		return
	}
	c.Text("name", "start", x, base-7, label)
	c.Text("muted small", "start", x, base+8, words)
}

// Second is the line under a label: the keywords that the label, made of the first of them, does not show.
func Second(label string, keywords []string, columns int) string {
	words := strings.Join(keywords, ", ")
	return table.Short(strings.TrimLeft(strings.TrimPrefix(words, label), ", "), columns)
}

// num prints a coordinate to a hundredth of a pixel, so that the last bit of a logarithm cannot change the file.
func num(x float64) string {
	text := strconv.FormatFloat(x, 'f', 2, 64)
	if text = strings.TrimSuffix(strings.TrimRight(text, "0"), "."); text == "-0" {
		return "0"
	}
	return text
}

// escaped makes text fit for XML, whatever it holds.
func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(table.Plain(text))) // a Buffer takes everything
	return b.String()
}
