package table

import (
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
