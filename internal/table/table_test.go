package table

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var rows = [][]string{{"model", "rows"}, {"日本|語\x1b[31m", "1"}, {"", "1,000"}}

func TestText(t *testing.T) {
	var out strings.Builder
	Text(&out, "lr", rows)
	want := "model          rows\n日本|語 [31m      1\n              1,000\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMarkdown(t *testing.T) {
	var out strings.Builder
	Markdown(&out, "lr", rows)
	want := "| model | rows |\n| --- | ---: |\n| 日本\\|語 \\[31m | 1 |\n|  | 1,000 |\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What turns the direction of a line, joins lines or cannot be seen is not shown.
func TestPlain(t *testing.T) {
	for text, want := range map[string]string{"a\n\tb\u202ec\ufeff": "a bc", "👩\u200d🔬": "👩\u200d🔬", "\uFFFD x": "x", "": ""} {
		if got := Plain(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestFigures(t *testing.T) {
	for got, want := range map[string]string{
		Percent(0): "0 %", Percent(0.0004): "0.04 %", Percent(0.00098): "0.1 %", Percent(0.137): "13.7 %", Percent(1): "100.0 %",
		Ratio(0): "0.00", Ratio(0.031): "0.031", Ratio(1.934): "1.93", Ratio(12.4): "12", Ratio(math.Inf(1)): "∞",
		Short("日本\nabc", 6): "日本 …", Short("abc", 3): "abc",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
