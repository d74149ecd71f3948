package svg

import (
	"encoding/xml"
	"testing"
)

// TestNumbers: coordinates are cut to a hundredth of a pixel, and zero has no sign.
func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{num(12): "12", num(-0.001): "0", num(1.005): "1", num(100): "100", num(0.5): "0.5"} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestForeignText: whatever a text holds, the picture is well-formed and shows the text as one line.
func TestForeignText(t *testing.T) {
	var c Canvas
	c.Begin(10, 10, "</title>")
	c.Group("\xff\ufffe&")
	c.Text("name", "start", 0, 0, "<b>\n\x00\u202e&amp;")
	c.EndGroup()
	c.End()
	var got struct {
		Title string `xml:"title"`
		Text  string `xml:"g>text"`
	}
	if err := xml.Unmarshal(c.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != "</title>" || got.Text != "<b> &amp;" {
		t.Errorf("title %q, text %q", got.Title, got.Text)
	}
}

// TestSecond: a label that is made of the first keywords is not said twice.
func TestSecond(t *testing.T) {
	words := []string{"bread", "flour", "oven", "yeast"}
	for label, want := range map[string]string{"bread, flour, oven": "yeast", "Baking": "bread, flour, oven, yeast", "bread, flour, oven, yeast": ""} {
		if got := Second(label, words, 40); got != want {
			t.Errorf("%s: %q, want %q", label, got, want)
		}
	}
	if got := Second("", words, 10); got != "bread, fl…" {
		t.Errorf("ten columns: %q", got)
	}
}
