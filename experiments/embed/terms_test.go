package embed

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// listed is the terms of a text by kind, in order, joined by bars.
func listed(text string) (out [kinds]string) {
	eachTerm(text, func(kind int, term string) { out[kind] += "|" + term })
	return out
}

func TestTerms(t *testing.T) {
	for _, c := range []struct{ text, words, grams string }{
		{"", "", ""},
		{" ?! ", "", ""},
		{"I am BIGGER", "|i|am|bigger", "| i | am | big|bigg|igge|gger|ger "},
		{"x=y2", "|x|y2", "| x | y2 "},
		{"cafe\u0301 CAFÉ", "|café|café", "| caf|café|afé | caf|café|afé "},
		{"хлеб", "|хлеб", "| хле|хлеб|леб "},
		{"ｆｕｌｌ", "|full", "| ful|full|ull "},
		{"天气很好", "|天|气|很|好|天气|气很|很好", "|天气很|气很好|天气很好"},
		{"用Go写", "|用|go|写", "| go "},
		{"สวัสดี", "|ส|ว|ั|ส|ด|ี|สว|วั|ัส|สด|ดี", "|สวั|วัส|ัสด|สดี|สวัส|วัสด|ัสดี"},
		{"bad\xff\xfeutf", "|bad|utf", "| bad|bad | utf|utf "},
	} {
		if diff := cmp.Diff([kinds]string{c.words, c.grams}, listed(c.text)); diff != "" {
			t.Errorf("%q, -want +got:\n%s", c.text, diff)
		}
	}
}

func FuzzTerms(f *testing.F) {
	for _, text := range []string{"a b", "\xff\u0301x", "漢字かなabc", "ﬁ ™ İ", "\u0e33\u0301"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		eachTerm(text, func(kind int, term string) {
			runes := utf8.RuneCountInString(term)
			switch {
			case !utf8.ValidString(term) || strings.ContainsAny(term, "\n\r\t") || strings.TrimSpace(term) == "":
				t.Errorf("term %q", term)
			case kind == words && strings.Contains(term, " "):
				t.Errorf("word %q holds a space", term)
			case kind == grams && runes > gramRunes:
				t.Errorf("sequence %q is too long", term)
			}
		})
	})
}

func TestCommonest(t *testing.T) {
	s := spread{"once": 1}
	for i := range mostTerms + 5 {
		s[fmt.Sprintf("%06d", i)] = 2
	}
	s["zz"] = 3
	terms := commonest(s)
	if len(terms) != mostTerms || terms[0] != "000000" || terms[mostTerms-2] != "019998" || terms[mostTerms-1] != "zz" {
		t.Errorf("%d terms from %s to %s, %s", len(terms), terms[0], terms[len(terms)-2], terms[len(terms)-1])
	}
}
