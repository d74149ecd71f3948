package topics

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/internal/svg"
	"lbprobe/internal/table"
)

// Picture is what is to be drawn of topics.
type Picture struct {
	Title     string
	Centroids blas32.General // K×d
	Classes   []string       // that Drawn.Classes counts; none: no class is drawn
	Topics    []Drawn        // those of the centroids; after them the topic "other", if there is one
}

// Drawn is one topic of a picture. Its rows are those that it was learned from, those of train and those of a test that can be seen.
type Drawn struct {
	Label    string
	Keywords []string // the line under a label leaves out those that the label is made of

	Learned, Train, Test int
	Classes              []int // train rows
}

// Where things stand in the picture, in pixels.
const (
	pictureWidth  = 960.0
	margin        = 28.0
	headAt        = 106.0
	rowsTop       = headAt + 12
	rowHeight     = 36.0
	numberAt      = 50.0 // right edge
	labelAt       = 62.0
	labelColumns  = 34
	wordColumns   = 44
	setsEnd       = 690.0 // right edge of the last set
	setWidth      = 116.0
	barWidth      = 56.0
	ratioAt       = 748.0 // right edge
	mixAt         = 772.0
	mixWidth      = 92.0
	nearestAt     = pictureWidth - margin
	legendWidth   = 220.0
	legendColumns = 30
	shades        = 4 // of classes; the last stands for all that are left
)

// much is how many times as large a share must be for the colour of a topic to say so.
const much = 1.25

// drawing is one SVG in the making.
type drawing struct {
	svg.Canvas
	Picture
	sets    []set
	largest float64 // share of all
	nearest []int   // topic by the distance of the centroids
}

// set is the rows of one kind, and their sum.
type set struct {
	name string
	rows []int
	all  int
}

// SVG draws a row for each topic: its share of the rows that the topics were learned from, of train and of test, how many times as large its share of
// test is as that of train, its train rows by class, and the topic nearest to it. It reads on light and on dark pages.
func (p Picture) SVG(w io.Writer) error {
	d := &drawing{Picture: p, sets: p.sets(), nearest: neighbours(p.Centroids)}
	if len(d.sets) == 0 || len(d.nearest) > len(p.Topics) {
		return fmt.Errorf("topics: nothing to draw of %d centroids and %d topics that have rows of %d kinds", len(d.nearest), len(p.Topics), len(d.sets))
	}
	for _, s := range d.sets {
		d.largest = max(d.largest, float64(slices.Max(s.rows))/float64(s.all))
	}
	bottom := rowsTop + rowHeight*float64(len(p.Topics))
	d.Begin(pictureWidth, bottom+60, p.Title+": "+p.summary())
	d.Rect("card", 0.5, 0.5, pictureWidth-1, bottom+59, 10)
	d.heading()
	for k := range p.Topics {
		d.row(k)
	}
	d.legend(bottom)
	d.End()
	_, err := d.WriteTo(w)
	return err
}

// sets are the kinds of rows that there are. Where the topics were learned from all of train, that is said once.
func (p Picture) sets() (out []set) {
	learned, train, test := set{name: "learned from"}, set{name: "train"}, set{name: "test"}
	for _, t := range p.Topics {
		learned.add(t.Learned)
		train.add(t.Train)
		test.add(t.Test)
	}
	for _, s := range []set{learned, train, test} {
		if s.all > 0 && !(s.name == learned.name && slices.Equal(learned.rows, train.rows)) {
			out = append(out, s)
		}
	}
	return out
}

func (s *set) add(rows int) { s.rows, s.all = append(s.rows, rows), s.all+rows }

// share is the part of the set's rows that are of a topic.
func (s set) share(topic int) float64 { return float64(s.rows[topic]) / float64(s.all) }

// summary says how much there is of what.
func (p Picture) summary() string {
	parts := []string{fmt.Sprintf("%d topics", len(p.Topics))}
	for _, s := range p.sets() {
		parts = append(parts, fmt.Sprintf("%s: %d rows", s.name, s.all))
	}
	return strings.Join(parts, " · ")
}

// compared tells whether there are both a train set and a test to hold against it.
func (d *drawing) compared() bool {
	n := len(d.sets)
	return n >= 2 && d.sets[n-2].name == "train" && d.sets[n-1].name == "test"
}

// ratio is a topic's share of test over its share of train; false where there are no two sets, or neither has the topic.
func (d *drawing) ratio(topic int) (times float64, known bool) {
	if !d.compared() {
		return 0, false
	}
	test, train := d.sets[len(d.sets)-1].share(topic), d.sets[len(d.sets)-2].share(topic)
	return test / train, test > 0 || train > 0
}

// tone colours a topic by how its share of the test differs.
func tone(times float64) string {
	switch {
	case times > much:
		return "more"
	case times < 1/much:
		return "less"
	}
	return "same"
}

// setAt is where the bars of a set begin.
func (d *drawing) setAt(i int) float64 { return setsEnd - setWidth*float64(len(d.sets)-i) }

// heading prints what stands above the rows.
func (d *drawing) heading() {
	d.Text("title", "start", margin, 42, table.Short(d.Title, 72))
	d.Text("muted", "start", margin, 66, d.summary())
	d.Text("head", "end", numberAt, headAt, "#")
	d.Text("head", "start", labelAt, headAt, "TOPIC")
	for i, s := range d.sets {
		d.Text("head", "start", d.setAt(i), headAt, strings.ToUpper(s.name))
	}
	if d.compared() {
		d.Text("head", "end", ratioAt, headAt, "÷ TRAIN")
	}
	if d.mixed() {
		d.Text("head", "start", mixAt, headAt, "CLASSES")
	}
	d.Text("head", "end", nearestAt, headAt, "NEAREST")
}

// row draws one topic.
func (d *drawing) row(k int) {
	t, top := d.Topics[k], rowsTop+rowHeight*float64(k)
	y := top + rowHeight/2
	d.Line("rule", margin, top, pictureWidth-margin, top)
	d.Group(d.hover(k))
	d.Text("muted num", "end", numberAt, y+4.5, strconv.Itoa(k))
	d.Entry(labelAt, y, table.Short(t.Label, labelColumns), svg.Second(t.Label, t.Keywords, wordColumns))
	for i, s := range d.sets {
		d.bar(s, k, d.setAt(i), y)
	}
	if times, known := d.ratio(k); known {
		d.Text("num "+tone(times), "end", ratioAt, y+4.5, "×"+table.Ratio(times))
	}
	d.mix(t, y)
	if k < len(d.nearest) && d.nearest[k] >= 0 {
		d.Text("muted num", "end", nearestAt, y+4.5, "#"+strconv.Itoa(d.nearest[k]))
	}
	d.EndGroup()
}

// bar draws a share, to the scale of the largest of all.
func (d *drawing) bar(s set, topic int, x, y float64) {
	length := barWidth * s.share(topic) / d.largest
	if length > 0 {
		d.Rect("bar", x, y-5, length, 10, 2)
	}
	d.Text("muted small num", "start", x+length+6, y+4, table.Percent(s.share(topic)))
}

// mixed tells whether train rows are known by class.
func (d *drawing) mixed() bool {
	return len(d.Classes) > 1 && slices.ContainsFunc(d.sets, func(s set) bool { return s.name == "train" })
}

// mix draws the train rows of a topic by class, one shade a class.
func (d *drawing) mix(t Drawn, y float64) {
	if !d.mixed() || t.Train == 0 {
		return
	}
	x := mixAt
	for c, n := range t.Classes {
		width := mixWidth * float64(n) / float64(t.Train)
		d.Rect(shade(c), x, y-5, width, 10, 0)
		x += width
	}
}

// shade is the class of the style sheet for a class of the competition.
func shade(class int) string { return "shade" + strconv.Itoa(min(class, shades-1)) }

// hover is what a browser shows over a topic.
func (d *drawing) hover(k int) string {
	t := d.Topics[k]
	parts := []string{fmt.Sprintf("topic %d: %s", k, t.Label)}
	for _, s := range d.sets {
		parts = append(parts, fmt.Sprintf("%s %d rows (%s)", s.name, s.rows[k], table.Percent(s.share(k))))
	}
	if d.mixed() {
		for c, n := range t.Classes {
			parts = append(parts, fmt.Sprintf("%s %d", d.Classes[c], n))
		}
	}
	return strings.Join(parts, " · ")
}

// legend explains the columns below the rows.
func (d *drawing) legend(bottom float64) {
	d.Line("rule", margin, bottom, pictureWidth-margin, bottom)
	text := "bars: share of the set's rows; nearest: by the centroids' distance"
	if d.compared() {
		text += fmt.Sprintf("; coloured: the share of test is more than %v times that of train, or less than 1/%[1]v", much)
	}
	d.Text("muted small", "start", margin, bottom+22, text)
	if !d.mixed() {
		return
	}
	x := margin
	for c, name := range d.Classes[:min(len(d.Classes), shades)] {
		if c == shades-1 && len(d.Classes) > shades {
			name = fmt.Sprintf("%d other classes", len(d.Classes)-c)
		}
		d.Rect(shade(c), x, bottom+33, 10, 10, 0)
		d.Text("muted small", "start", x+15, bottom+42, table.Short(name, legendColumns))
		x += legendWidth
	}
}
