package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"lbprobe/analysis"
	"lbprobe/internal/svg"
)

// Where the columns of the picture stand, in pixels.
const (
	pictureWidth = 960.0
	margin       = 28.0
	nameAt       = margin
	nameColumns  = 30 // characters of a name that fit
	wordColumns  = 40 // characters of keywords, which are set smaller
	barAt        = 268.0
	barWidth     = 62.0
	plotAt       = 388.0
	plotWidth    = 248.0
	shiftAt      = 660.0
	rowsAt       = 818.0 // right edge
	verdictAt    = 840.0
	mostRows     = 40 // of the picture; the report has all
	widestPower  = 4  // the axis ends at 2^±4 at most
)

// axis places shifts on a logarithmic scale from 2^-left to 2^right.
type axis struct{ left, right float64 }

// picture is one SVG in the making.
type picture struct {
	svg.Canvas
	Report
	axis
	rowHeight float64
	largest   float64 // train share of all topics
}

// SVG draws one row for each topic, largest shift first: its train share, its shift with interval on a logarithmic axis, its private rows and the
// verdict. A full dot was found by probing, a hollow one follows from the split model alone. It reads on light and on dark pages.
func (r Report) SVG(w io.Writer) error {
	all := rank(r.Result.Verdicts)
	verdicts := all[:min(len(all), mostRows)]
	p := &picture{Report: r, axis: scale(verdicts), rowHeight: 28}
	for _, v := range verdicts {
		p.largest = max(p.largest, v.TrainShare)
		if p.second(v.Verdict) != "" {
			p.rowHeight = 36
		}
	}
	top := 136.0
	if p.notice() != "" {
		top += 38
	}
	bottom := top + p.rowHeight*float64(len(verdicts))
	p.Begin(pictureWidth, bottom+64, r.Summary())
	p.Rect("card", 0.5, 0.5, pictureWidth-1, bottom+63, 10)
	p.heading(top)
	p.grid(top, bottom)
	for i, v := range verdicts {
		p.row(v.Verdict, top+p.rowHeight*(float64(i)+0.5))
	}
	p.legend(bottom, len(all)-len(verdicts))
	p.End()
	_, err := p.WriteTo(w)
	return err
}

// scale chooses whole powers of two that hold every interval, as far as the widest axis goes. A shift of 0 is at no place of it and gets an arrow.
func scale(verdicts []ranked) axis {
	a := axis{1, 1}
	for _, v := range verdicts {
		for _, shift := range []float64{v.ShiftLo, v.Shift, v.ShiftHi} {
			if power := math.Log2(shift); !missing(v.Verdict) && shift > 0 {
				a.left, a.right = max(a.left, math.Ceil(-power-1e-9)), max(a.right, math.Ceil(power-1e-9))
			}
		}
	}
	return axis{min(a.left, widestPower), min(a.right, widestPower)}
}

// at is the place of a shift, held inside the axis, and whether it lies there by itself.
func (a axis) at(shift float64) (x float64, inside bool) {
	power := math.Log2(shift)
	held := max(-a.left, min(a.right, power))
	return plotAt + plotWidth*(held+a.left)/(a.left+a.right), power == held
}

// heading prints everything above the rows.
func (p *picture) heading(top float64) {
	title := p.Experiment
	if name := plain(p.Competition); name != "" {
		title += " · " + short(name, 48)
	}
	p.Text("title", "start", margin, 42, title)
	p.Text("muted", "start", margin, 66, short(strings.TrimPrefix(p.Summary(), p.Experiment+": "), 130))
	if notice := p.notice(); notice != "" {
		p.Rect("notice", margin, 80, pictureWidth-2*margin, 28, 6)
		p.Text("noticetext", "start", margin+12, 98.5, notice)
	}
	y := top - 14
	p.Text("head", "start", nameAt, y, "TOPIC")
	p.Text("head", "start", barAt, y, "TRAIN SHARE")
	p.Text("head", "start", shiftAt, y, "SHIFT")
	p.Text("head", "end", rowsAt, y, "PRIVATE ROWS")
	p.Text("head", "start", verdictAt, y, "VERDICT")
	one, _ := p.at(1)
	p.Text("less small", "end", one-8, y-20, "rarer than in train")
	p.Text("more small", "start", one+8, y-20, "more common")
	for power := -p.left; power <= p.right; power++ {
		x, _ := p.at(math.Exp2(power))
		p.Text("muted small num", "middle", x, y, "×"+ratioLabel(power))
	}
}

// notice is the one line that must be read before the picture is believed.
func (p *picture) notice() string {
	switch p.Result.Status {
	case analysis.NoScores:
		return "No score has been read: all of this follows from the split model alone, nothing was found by probing."
	case analysis.Misfit:
		return "The scores contradict each other, so one is wrong: all of this follows from the split model alone."
	case analysis.NotIdentified, analysis.Candidates:
		return short(p.Result.Conclusion, 125)
	}
	return ""
}

// grid draws the lines behind the rows.
func (p *picture) grid(top, bottom float64) {
	for power := -p.left; power <= p.right; power++ {
		class := "grid"
		if power == 0 {
			class = "one"
		}
		x, _ := p.at(math.Exp2(power))
		p.Line(class, x, top-4, x, bottom)
	}
	for y := top; y <= bottom; y += p.rowHeight {
		p.Line("rule", margin, y, pictureWidth-margin, y)
	}
}

// row draws one topic around the height y.
func (p *picture) row(v analysis.Verdict, y float64) {
	p.Group(fmt.Sprintf("%s: shift %s, private rows %s, P(present) %s, %s", p.label(v), shift(v), rows(v.PrivateLo, v.PrivateBest, v.PrivateHi, v.Exact), probability(v.PPrivate), p.source(v)))
	base := y + 4.5
	p.Entry(nameAt, y, short(p.label(v), nameColumns), p.second(v))
	if length := barWidth * v.TrainShare / p.largest; length > 0 { // NaN where no topic has a share
		p.Rect("bar", barAt, y-5, length, 10, 2)
		p.Text("muted small num", "start", barAt+length+6, y+4, percent(v.TrainShare))
	} else {
		p.Text("muted small", "start", barAt, y+4, "none")
	}
	p.mark(v, y)
	p.Text("num "+p.tone(v), "start", shiftAt, base, pictureShift(v))
	p.Text("num", "end", rowsAt, base, rows(v.PrivateLo, v.PrivateBest, v.PrivateHi, v.Exact))
	p.Text(map[analysis.Presence]string{analysis.Absent: "absent", analysis.Undetermined: "muted"}[v.Verdict], "start", verdictAt, base, string(v.Verdict))
	p.EndGroup()
}

// mark draws the shift: a stem from 1, the interval, the dot.
func (p *picture) mark(v analysis.Verdict, y float64) {
	if missing(v) {
		if v.PrivateBest > 0 {
			p.Arrow("more", plotAt+plotWidth+8, y, 1)
		}
		return
	}
	tone := p.tone(v)
	one, _ := p.at(1)
	x, inside := p.at(v.Shift)
	lo, _ := p.at(v.ShiftLo)
	hi, _ := p.at(v.ShiftHi)
	p.Line(tone+" stem", one, y, x, y)
	if hi > lo {
		p.Line(tone+" span", lo, y, hi, y)
	}
	switch {
	case !inside && v.Shift < 1:
		p.Arrow(tone, x-2, y, -1)
	case !inside:
		p.Arrow(tone, x+2, y, 1)
	case p.found(v):
		p.Circle(tone, x, y, 5)
	default:
		p.Circle(tone+" ring", x, y, 4.5)
	}
}

// tone colours a topic by what its shift is sure to be.
func (p *picture) tone(v analysis.Verdict) string {
	switch {
	case missing(v) && v.PrivateBest > 0, !missing(v) && v.ShiftLo > 1:
		return "more"
	case !missing(v) && v.ShiftHi < 1:
		return "less"
	}
	return "same"
}

// second is the line under a topic's label: the keywords that the label does not show.
func (p *picture) second(v analysis.Verdict) string {
	return svg.Second(p.label(v), p.keywords(v.Topic), wordColumns)
}

// legend explains the marks.
func (p *picture) legend(bottom float64, more int) {
	y := bottom + 26
	p.Circle("same", margin+5, y-4, 5)
	p.Text("muted small", "start", margin+16, y, "found by probing")
	p.Circle("same ring", margin+137, y-4, 4.5)
	p.Text("muted small", "start", margin+148, y, "split model alone")
	p.Line("same span", margin+271, y-4, margin+295, y-4)
	p.Text("muted small", "start", margin+304, y, fmt.Sprintf("holds with probability %v", p.Asked.Certainty))
	p.Text("muted small", "start", margin, y+20, "shift: share of the private part over share of the train set, logarithmic axis (new: the train set has none); a number of rows alone is exact")
	if more > 0 {
		p.Text("muted small", "end", pictureWidth-margin, y, fmt.Sprintf("and %d more topics", more))
	}
}

// pictureShift is the shift in a narrow column.
func pictureShift(v analysis.Verdict) string {
	if missing(v) {
		return shift(v)
	}
	return "×" + ratio(v.Shift)
}

// ratioLabel prints a power of two for the axis.
func ratioLabel(power float64) string {
	if power < 0 {
		return fmt.Sprintf("1/%v", math.Exp2(-power))
	}
	return fmt.Sprint(math.Exp2(power))
}
