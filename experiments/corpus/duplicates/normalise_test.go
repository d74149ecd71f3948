package duplicates

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestNormalise(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{" \t\r\n\v\f ", ""},
		{"  Hello,\n\n  WORLD! ", "hello, world!"},
		{"ﬁne ½ ＡＢＣ　１２３", "fine 1⁄2 abc 123"},
		{"cafe\u0301 CAFÉ", "café café"},
		{"a\u200bb\u00adc\ufeff", "abc"},
		{"ΣΑΣ İstanbul", "σασ istanbul"},
		{"用中文 写", "用中文 写"},
		{"👩‍👩‍👧 🇩🇪", "👩‍👩‍👧 🇩🇪"},
		{"line\u2028next\u0085end\u00a0.", "line next end ."},
	} {
		if got := string(Normalise([]byte("before"), c.text)); got != "before"+c.want {
			t.Errorf("Normalise(%q) = %q, want %q", c.text, got, "before"+c.want)
		}
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"Hello  World", "ǅ ﬁ İ", "\xff\xfe", "a\u0300\u0301 ॐ", "K", " \u00a0 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := string(Normalise(nil, text))
		if strings.Contains(got, "  ") || strings.HasPrefix(got, " ") || strings.HasSuffix(got, " ") {
			t.Errorf("%q keeps white space: %q", text, got)
		}
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("%q becomes %q, which is not UTF-8", text, got)
		}
		if upper := strings.ToUpper(text); isASCII(text) && string(Normalise(nil, upper)) != got {
			t.Errorf("%q and %q differ", text, upper)
		}
		if decomposed := norm.NFKD.String(text); string(Normalise(nil, decomposed)) != got && norm.NFKC.String(decomposed) == norm.NFKC.String(text) {
			t.Errorf("%q and its decomposition differ", text)
		}
	})
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}
