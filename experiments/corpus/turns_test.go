package corpus

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// decoded is what a cell gives.
type decoded struct {
	Text              string
	Turns             int
	Nulls, Surrogates int
}

func decode(cell string) (decoded, error) {
	var f Faults
	d := turnDecoder{faults: &f}
	text, err := d.array(cell)
	return decoded{text, d.turns, f.NullTurns, f.Surrogates}, err
}

// oracle decodes a cell with encoding/json, after writing raw control characters inside strings as escapes.
func oracle(cell string) (decoded, error) {
	var turns []*string
	if err := json.Unmarshal([]byte(escapeRaw(cell)), &turns); err != nil {
		return decoded{}, err
	}
	var texts []string
	d := decoded{Surrogates: halves(cell)}
	for _, turn := range turns {
		if turn != nil {
			texts = append(texts, *turn)
		}
	}
	d.Text, d.Turns, d.Nulls = strings.Join(texts, "\n\n"), len(texts), len(turns)-len(texts)
	if turns == nil {
		d.Nulls = 1
	}
	return d, nil
}

// jsonString matches a JSON string that may hold raw control characters, but not behind a backslash.
var jsonString = regexp.MustCompile(`"(?:[^"\\]|\\[^\x00-\x1f])*"`)

func escapeRaw(cell string) string {
	return jsonString.ReplaceAllStringFunc(cell, func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			if s[i] < 0x20 {
				fmt.Fprintf(&b, `\u%04x`, s[i])
				continue
			}
			b.WriteByte(s[i])
		}
		return b.String()
	})
}

// halves counts the escapes of half a surrogate pair in a raw scan: whole pairs, and escapes of anything else, are taken away first.
func halves(cell string) int {
	n := 0
	for _, escape := range regexp.MustCompile(`(?i)\\u(d[89ab]..)\\u(d[c-f]..)|\\u(d[89a-f]..)|\\.`).FindAllStringSubmatch(cell, -1) {
		if escape[3] != "" {
			n++
		}
	}
	return n
}

var cells = []string{
	`[]`, ` [ ] `, `null`, ` null `, `["a"]`, `["a", null, "b"]`, "[\"raw\nline\tand\u2028\"]", `["\"\\\/\b\f\n\r\té\u20AC"]`,
	`["\ud83d\ude00 \ud83d \ude00 \ud83d\ud83d\ude00 \uD83Dx \\ud83d \ud83d\u0041"]`, "[\"\xff\xfe\xed\xa0\xbd\"]", `[""]`, `["",""]`,
	"", " ", `a`, `"a"`, `["a"`, `["a`, `["a\`, `["a\x"]`, `["a\u12g4"]`, `["\ud83d\u12g4"]`, `["\u+123"]`, `["a",]`, `[,]`, `["a" "b"]`, `[1]`, `[[]]`,
	`["a"] x`, `nul`, `nullx`, `[nullx]`, `[nul`, `{}`, "[\"a\\\nb\"]", "\ufeff[]", "[\x00]", "[\"\x00\"]", "[\u00a0]",
}

func TestTurnsEqualEncodingJSON(t *testing.T) {
	for _, cell := range cells {
		want, wantErr := oracle(cell)
		got, err := decode(cell)
		if (err == nil) != (wantErr == nil) {
			t.Errorf("%q: error %v, encoding/json says %v", cell, err, wantErr)
		}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			t.Errorf("%q (-want +got):\n%s", cell, diff)
		}
	}
}

func FuzzTurns(f *testing.F) {
	for _, cell := range cells {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		want, wantErr := oracle(cell)
		got, err := decode(cell)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("error %v, encoding/json says %v", err, wantErr)
		}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

// The first turn is the whole text of the list of its first string.
func TestFirstTurn(t *testing.T) {
	for cell, want := range map[string]string{`["a","b"]`: "a", `[null,"b","c"]`: "b", `["","b"]`: "", `[null]`: "", `[]`: ""} {
		d := turnDecoder{faults: &Faults{}, first: true}
		if got, err := d.array(cell); got != want || err != nil {
			t.Errorf("%s: %q, %v; want %q", cell, got, err, want)
		}
	}
	d := turnDecoder{faults: &Faults{}, first: true}
	if _, err := d.array(`["a","b]`); err == nil {
		t.Error("a broken second turn is no error")
	}
}
