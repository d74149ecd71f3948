package calibration

import (
	"fmt"
	"io"
	"math"

	"lbprobe/internal/svg"
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

// SVG draws a panel for each setting: shares of recoveries and of exact claims, with their intervals, against submissions past the bound.
func (r *Report) SVG(w io.Writer) error {
	var c svg.Canvas
	rows := (len(r.Claims) + columns - 1) / columns
	width, height := columns*cellWidth, header+float64(rows)*cellHeight
	c.Begin(width, height, "Recoveries and exact claims against submissions past the bound")
	c.Rect("card", 0.5, 0.5, width-1, height-1, 10)
	c.Text("title", "start", 20, 28, "Submissions past the information bound")
	c.Text("less small", "start", 20, 48, "● counts recovered, %")
	c.Text("more small", "start", 160, 48, "● claimed exact, %")
	c.Text("muted small", "start", 290, 48, "bars: 95 % intervals (Wilson)")
	for i, row := range r.Claims {
		panel{&c, float64(i%columns) * cellWidth, header + float64(i/columns)*cellHeight}.draw(row)
	}
	c.End()
	_, err := c.WriteTo(w)
	return err
}

// panel is the place of one setting, from its upper left corner.
type panel struct {
	*svg.Canvas
	left, top float64
}

func (p panel) draw(r ClaimRow) {
	for i, line := range r.Setting.lines() {
		p.Text([]string{"name small", "muted small", "muted small"}[i], "start", p.left+plotLeft-24, p.top+16+15*float64(i), line)
	}
	for _, v := range []float64{0, 0.5, 1} {
		p.Line("grid", p.left+plotLeft, p.y(v), p.left+plotLeft+plotWidth, p.y(v))
		p.Text("muted small", "end", p.left+plotLeft-5, p.y(v)+4, fmt.Sprintf("%.0f", 100*v))
	}
	var found, exact [mostExtra + 1]Share
	for e, at := range r.At {
		p.Text("muted small", "middle", p.x(e), p.top+plotTop+plotHeight+15, fmt.Sprintf("+%d", e))
		found[e], exact[e] = at.Recovered, at.Exact
	}
	p.curve("less", -2, found[:])
	p.curve("more", 2, exact[:])
}

func (p panel) x(extra int) float64 {
	return p.left + plotLeft + 12 + float64(extra)*(plotWidth-24)/mostExtra
}

func (p panel) y(share float64) float64 { return p.top + plotTop + plotHeight*(1-share) }

// curve draws shares, each with its interval; shift keeps two curves apart.
func (p panel) curve(class string, shift float64, shares []Share) {
	last := -1
	for e, s := range shares {
		v := s.Value()
		if math.IsNaN(v) {
			continue
		}
		x := p.x(e) + shift
		lo, hi := s.Interval()
		p.Line(class, x, p.y(lo), x, p.y(hi))
		if last >= 0 {
			p.Line(class+" stem", p.x(last)+shift, p.y(shares[last].Value()), x, p.y(v))
		}
		p.Circle(class, x, p.y(v), 2.6)
		last = e
	}
}
