package topics

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/blas/blas32"
)

// drawn is a picture as another program reads it.
type drawn struct {
	Title string     `xml:"title"`
	Text  []string   `xml:"text"`
	Rows  []drawnRow `xml:"g"`
}

type drawnRow struct {
	Hover string   `xml:"title"`
	Text  []string `xml:"text"`
	Rects []struct {
		Class string  `xml:"class,attr"`
		Width float64 `xml:"width,attr"`
	} `xml:"rect"`
}

// widths are those of a row's rectangles of one class of the style sheet.
func (r drawnRow) widths(class string) (out []float64) {
	for _, rect := range r.Rects {
		if rect.Class == class {
			out = append(out, rect.Width)
		}
	}
	return out
}

func draw(t *testing.T, p Picture) (out drawn) {
	t.Helper()
	var once, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&once, &again} {
		if err := p.SVG(w); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(once.Bytes(), again.Bytes()) {
		t.Error("equal topics give two pictures")
	}
	if err := xml.Unmarshal(once.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	if text := once.String(); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Error("a coordinate is not a number")
	}
	return out
}

// three are topics on a line, the last two close to each other, and rows that are far from all.
func three() Picture {
	return Picture{Title: "demo", Centroids: blas32.General{Rows: 3, Cols: 2, Stride: 2, Data: []float32{0, 0, 10, 0, 12, 0}}, Classes: []string{"A", "B"},
		Topics: []Drawn{
			{Label: "bread, oven, flour", Keywords: []string{"bread", "oven", "flour", "yeast"}, Learned: 50, Train: 50, Test: 20, Classes: []int{20, 30}},
			{Label: "Planes", Keywords: []string{"fly", "cloud"}, Learned: 25, Train: 25, Test: 10, Classes: []int{25, 0}},
			{Label: "topic 2", Learned: 25, Train: 25, Test: 0, Classes: []int{5, 20}},
			{Label: "other", Test: 10},
		}}
}

// TestPicture holds what each row says, and that lengths are shares.
func TestPicture(t *testing.T) {
	got := draw(t, three())
	var text [][]string
	for _, row := range got.Rows {
		text = append(text, row.Text)
	}
	want := [][]string{
		{"0", "bread, oven, flour", "yeast", "50.0 %", "50.0 %", "×1.00", "#1"},
		{"1", "Planes", "fly, cloud", "25.0 %", "25.0 %", "×1.00", "#2"},
		{"2", "topic 2", "25.0 %", "0 %", "×0.00", "#1"},
		{"3", "other", "0 %", "25.0 %", "×∞"},
	}
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if want := "demo: 4 topics · train: 100 rows · test: 40 rows"; got.Title != want {
		t.Errorf("title %q, want %q", got.Title, want)
	}
	for k, want := range [][]float64{{barWidth, barWidth}, {barWidth / 2, barWidth / 2}, {barWidth / 2}, {barWidth / 2}} {
		if bars := got.Rows[k].widths("bar"); !slices.Equal(bars, want) {
			t.Errorf("topic %d: bars %v, want %v", k, bars, want)
		}
	}
	if a, b := got.Rows[0].widths("shade0"), got.Rows[0].widths("shade1"); !slices.Equal(a, []float64{mixWidth * 0.4}) || !slices.Equal(b, []float64{mixWidth * 0.6}) {
		t.Errorf("classes of topic 0: %v and %v", a, b)
	}
	if want := "topic 2: topic 2 · train 25 rows (25.0 %) · test 0 rows (0 %) · A 5 · B 20"; got.Rows[2].Hover != want {
		t.Errorf("hover %q, want %q", got.Rows[2].Hover, want)
	}
}

// TestPictureSets: a set is drawn where there is one, and all of train once.
func TestPictureSets(t *testing.T) {
	heads := func(change func(*Drawn)) (out []string) {
		p := three()
		for k := range p.Topics {
			change(&p.Topics[k])
		}
		for _, text := range draw(t, p).Text {
			if text == strings.ToUpper(text) && strings.ToLower(text) != text {
				out = append(out, text)
			}
		}
		return out
	}
	for _, c := range []struct {
		name   string
		change func(*Drawn)
		want   []string
	}{
		{"learned from a part of train", func(d *Drawn) { d.Learned /= 2 }, []string{"TOPIC", "LEARNED FROM", "TRAIN", "TEST", "÷ TRAIN", "CLASSES", "NEAREST", "A", "B"}},
		{"hidden test", func(d *Drawn) { d.Test = 0 }, []string{"TOPIC", "TRAIN", "CLASSES", "NEAREST", "A", "B"}},
		{"no train", func(d *Drawn) { d.Train = 0 }, []string{"TOPIC", "LEARNED FROM", "TEST", "NEAREST"}},
	} {
		if diff := cmp.Diff(c.want, heads(c.change)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
	}
}

// TestPictureOfMany: every topic has its row, a single one too, and classes beyond the shades share the last.
func TestPictureOfMany(t *testing.T) {
	for _, k := range []int{1, 150} {
		p := Picture{Centroids: blas32.General{Rows: k, Cols: 1, Stride: 1, Data: make([]float32, k)}}
		for c := range 10 {
			p.Classes = append(p.Classes, fmt.Sprintf("class %d", c))
		}
		for topic := range k {
			p.Topics = append(p.Topics, Drawn{Label: fmt.Sprintf("name-%d", topic), Learned: 1, Train: 10, Classes: slices.Repeat([]int{1}, 10)})
		}
		got := draw(t, p)
		for topic, row := range got.Rows {
			if row.Text[1] != fmt.Sprintf("name-%d", topic) || len(row.widths("shade0")) != 1 || len(row.widths("shade3")) != 7 {
				t.Errorf("row %d of %d: %+v", topic, k, row)
			}
		}
		if len(got.Rows) != k || !slices.Contains(got.Text, "7 other classes") {
			t.Errorf("%d rows for %d topics, %v", len(got.Rows), k, got.Text)
		}
	}
}

// TestPictureOfForeignText: names, keywords and classes come from a data set, and are shown as text whatever they hold.
func TestPictureOfForeignText(t *testing.T) {
	nasty := "</text><script>\x1b\u202e&\n\xff"
	p := three()
	p.Title, p.Classes = nasty, []string{nasty, nasty}
	for k := range p.Topics {
		p.Topics[k].Label, p.Topics[k].Keywords = nasty, []string{nasty}
	}
	got := draw(t, p)
	if len(got.Rows) != len(p.Topics) {
		t.Fatalf("%d rows", len(got.Rows))
	}
	for k, row := range got.Rows {
		if row.Text[1] != "</text><script> &" {
			t.Errorf("row %d: %q", k, row.Text[1])
		}
	}
}

// TestPictureOfNothing: topics without rows, or fewer than centroids, are an error.
func TestPictureOfNothing(t *testing.T) {
	p := three()
	p.Topics = p.Topics[:2]
	for name, p := range map[string]Picture{"no topics": {}, "no rows": {Topics: make([]Drawn, 2)}, "centroids without topics": p} {
		if err := p.SVG(&bytes.Buffer{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
