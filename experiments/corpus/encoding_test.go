package corpus

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// misreadAs is what becomes of UTF-8 that is read in another encoding.
func misreadAs(table *charmap.Charmap, text string) string {
	var out strings.Builder
	for i := range len(text) {
		out.WriteRune(table.DecodeByte(text[i]))
	}
	return out.String()
}

// Real texts are found when they were misread, and never when they were not.
func TestMojibake(t *testing.T) {
	for _, text := range []string{"é", "naïve café", "“quoted” – it’s…", "größer", "Привет", "καλημέρα", "こんにちは", "カタカナ", "🙂", "\ufeffbom", "100 €", "±5", "\uFFFD"} {
		for name, table := range map[string]*charmap.Charmap{"Windows-1252": charmap.Windows1252, "Latin-1": charmap.ISO8859_1} {
			if strings.Contains(misreadAs(table, text), "\uFFFD") {
				continue // a byte that Windows-1252 has no character for
			}
			if !mojibake(misreadAs(table, text)) {
				t.Errorf("%s read as %s is not seen: %q", text, name, misreadAs(table, text))
			}
		}
		if mojibake(text) {
			t.Errorf("%q is taken for mojibake", text)
		}
	}
	for _, text := range []string{"", "plain", "«\u00a0CAFÉ\u00a0»", "CAFÉ»", "déjà «\u00a0vu\u00a0»", "„SCHÖ“", "Ã", "Ãa", "maçã…”", "ESPAÑA", "à…", "ÿ", "Â, Ã", "\xc3", "São"} {
		if mojibake(text) {
			t.Errorf("%q is taken for mojibake", text)
		}
	}
}

func TestControls(t *testing.T) {
	for text, want := range map[string]bool{"": false, "a\tb\r\n": false, "\x00": true, "é\x1b[0m": true, "\x7f": true, "\u0080": true, "\u009f": true, "\u00a0": false,
		"Â€": false, "日本": false, "\u200b": false} {
		if controls(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func FuzzEncoding(f *testing.F) {
	for _, text := range []string{"Ã©", "ã‚", "ðŸ™‚", "â", "\xc3", "é\u0080"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "?")
		found := false
		for _, r := range text {
			found = found || r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0
		}
		if controls(text) != found {
			t.Errorf("%q: control characters %v", text, !found)
		}
		// What is misread has a run of characters that are the bytes of one.
		if mojibake(text) != slowMojibake(text) {
			t.Errorf("%q: mojibake %v", text, mojibake(text))
		}
	})
}

// slowMojibake encodes every run of two to four characters and asks whether that is one character of UTF-8.
func slowMojibake(text string) bool {
	runes := []rune(text)
	for i := range runes {
		for n := 2; n <= 4 && i+n <= len(runes); n++ {
			var raw []byte
			for _, r := range runes[i : i+n] {
				b, ok := charmap.Windows1252.EncodeRune(r)
				if r >= 0x80 && r < 0x100 {
					b, ok = byte(r), true
				}
				if !ok || r < 0x80 {
					raw = nil
					break
				}
				raw = append(raw, b)
			}
			if r, size := utf8.DecodeRune(raw); size == n && (r != utf8.RuneError || string(raw) == "\uFFFD") && common(raw[0], raw[1]) {
				return true
			}
		}
	}
	return false
}
