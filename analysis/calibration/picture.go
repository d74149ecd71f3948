package calibration

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
)

// Sizes of the picture, in pixels.
const (
	columns    = 4
	cellWidth  = 240.0
	cellHeight = 190.0
	plotLeft   = 44.0
	plotTop    = 60.0
	plotWidth  = 172.0
	plotHeight = 96.0
	header     = 64.0
)

// sheet paints for a light page, then for a dark one.
const sheet = `text{font-family:system-ui,"Segoe UI","Noto Sans","DejaVu Sans",Arial,sans-serif;font-size:11px;fill:#1f2328}
.title{font-size:17px;font-weight:600}.name{font-weight:600}.muted{fill:#59636e}.card{fill:#ffffff}.grid{stroke:#d8dee4}
.found{stroke:#0969da;fill:#0969da}.exact{stroke:#bc4c00;fill:#bc4c00}.curve{fill:none;stroke-width:2}.span{stroke-opacity:.45;stroke-width:3}
text.found,text.exact{stroke:none}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.muted{fill:#9ea7b3}.card{fill:#0d1117}.grid{stroke:#2f363e}
.found{stroke:#6cb6ff;fill:#6cb6ff}.exact{stroke:#ff9e4f;fill:#ff9e4f}.curve{fill:none}}`

// SVG draws a panel for each setting: shares of recoveries and of exact claims, with their intervals, against submissions past the bound.
func (r *Report) SVG(w io.Writer) error {
	var b bytes.Buffer
	rows := (len(r.Claims) + columns - 1) / columns
	width, height := columns*cellWidth, header+float64(rows)*cellHeight
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, "<title>Recoveries and exact claims against submissions past the bound</title>\n<style>%s</style>\n", sheet)
	fmt.Fprintf(&b, `<rect class="card" width="%.0f" height="%.0f"/>`+"\n", width, height)
	text(&b, "title", 20, 28, "start", "Submissions past the information bound")
	text(&b, "found", 20, 48, "start", "● counts recovered, %")
	text(&b, "exact", 160, 48, "start", "● claimed exact, %")
	text(&b, "muted", 290, 48, "start", "bars: 95 % intervals (Wilson)")
	for i, row := range r.Claims {
		fmt.Fprintf(&b, `<g transform="translate(%.0f %.0f)">`+"\n", float64(i%columns)*cellWidth, header+float64(i/columns)*cellHeight)
		row.panel(&b)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// panel draws one setting.
func (r ClaimRow) panel(b *bytes.Buffer) {
	for i, line := range r.Setting.lines() {
		text(b, []string{"name", "muted", "muted"}[i], plotLeft-24, 16+15*float64(i), "start", line)
	}
	for _, v := range []float64{0, 0.5, 1} {
		fmt.Fprintf(b, `<line class="grid" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`+"\n", plotLeft, plotLeft+plotWidth, y(v), y(v))
		text(b, "muted", plotLeft-5, y(v)+4, "end", fmt.Sprintf("%.0f", 100*v))
	}
	for e := range r.At {
		text(b, "muted", x(e, 0), plotTop+plotHeight+15, "middle", fmt.Sprintf("+%d", e))
	}
	var found, exact [mostExtra + 1]Share
	for e, at := range r.At {
		found[e], exact[e] = at.Recovered, at.Exact
	}
	curve(b, "found", -2, found[:])
	curve(b, "exact", 2, exact[:])
}

func x(extra int, shift float64) float64 {
	return plotLeft + 12 + float64(extra)*(plotWidth-24)/mostExtra + shift
}

func y(share float64) float64 { return plotTop + plotHeight*(1-share) }

// curve draws shares, each with its interval; shift keeps two curves apart.
func curve(b *bytes.Buffer, class string, shift float64, shares []Share) {
	var points []string
	for e, s := range shares {
		v := s.Value()
		if math.IsNaN(v) {
			continue
		}
		lo, hi := s.Interval()
		fmt.Fprintf(b, `<line class="%s span" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`+"\n", class, x(e, shift), x(e, shift), y(lo), y(hi))
		fmt.Fprintf(b, `<circle class="%s" cx="%.1f" cy="%.1f" r="2.6"/>`+"\n", class, x(e, shift), y(v))
		points = append(points, fmt.Sprintf("%.1f,%.1f", x(e, shift), y(v)))
	}
	fmt.Fprintf(b, `<polyline class="%s curve" points="%s"/>`+"\n", class, strings.Join(points, " "))
}

func text(b *bytes.Buffer, class string, x, y float64, anchor, s string) {
	fmt.Fprintf(b, `<text class="%s" x="%.1f" y="%.1f" text-anchor="%s">`, class, x, y, anchor)
	xml.EscapeText(b, []byte(s)) // a bytes.Buffer takes everything
	b.WriteString("</text>\n")
}
