package experiments

import (
	"fmt"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestLocate(t *testing.T) {
	text := strings.Join([]string{
		"\ufeff# a comment with [a.table] and key = 1", // 1
		`a = 1`,                               // 2
		`b.c . "d e" = '# no comment'`,        // 3
		`[t]  # [x]`,                          // 4
		"\tlist = [ # first ]",                // 5
		`  "one]", 'two[', # three`,           // 6
		`  """four`,                           // 7
		`[no]`,                                // 8
		`x = 1 \" """", { in = 1,`,            // 9: ends the text, which has a quote in it
		`  deep = { er = 2 } } ]`,             // 10
		`after = 1979-05-27`,                  // 11
		`["quoted table".'and.dot']`,          // 12
		`'' = 1`,                              // 13
		`[[many]]`,                            // 14
		`k = '''`,                             // 15
		`'' '''`,                              // 16
		`[[many]]`,                            // 17
		`k = { a = [1, 2], "b\u0041" = "}" }`, // 18
		`[t.sub]`,                             // 19
		`z=1`,                                 // 20
	}, "\r\n")
	if _, err := toml.Decode(text, &map[string]any{}); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"a": 2, "b": 3, "b.c": 3, `b.c."d e"`: 3, "t": 4, "t.list": 5, "t.list.in": 9, "t.list.deep": 10, "t.list.deep.er": 10,
		"t.after": 11, `"quoted table"`: 12, `"quoted table"."and.dot"`: 12, `"quoted table"."and.dot".""`: 13, "many": 14, "many.k": 15, "many.k.a": 18,
		"many.k.bA": 18, "t.sub": 19, "t.sub.z": 20}
	if diff := cmp.Diff(want, locate(text)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Texts are put together from pieces whose lines are counted while they are written; the locator must find them again.
func TestLocateFindsWhatWasWritten(t *testing.T) {
	values := []string{"1", "-2.5e-3", "true", "2024-05-03", `"a # b"`, `'c = [d]'`, "[1, 2]", "[\n 1, # ]\n 2,\n]", `"""x` + "\n[y]\nz = 1\"\"\"", "'''\nq = 1\n'''",
		`{ in = "}" }`, "[[1], ['a']]", `"back\\"`, `"quo\"te"`}
	keys := []string{"%s", "%s ", "\t%s\t", `"%s"`, `'%s'`, "%s.sub", `%s . "s u b"`}
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		want := map[string]int{}
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
		prefix := ""
		for i := range rapid.IntRange(1, 12).Draw(t, "pieces") {
			line := 1 + strings.Count(text.String(), "\n")
			name := fmt.Sprintf("k%d", i)
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				text.WriteString("# x = 1 [" + name + "]" + end + end)
			case 1:
				text.WriteString(" [ " + name + " ] # comment" + end)
				prefix, want[name] = name+".", line
			default:
				key := fmt.Sprintf(rapid.SampledFrom(keys).Draw(t, "key"), name)
				text.WriteString(key + "=" + rapid.SampledFrom(values).Draw(t, "value") + end)
				want[prefix+name] = line
			}
		}
		if _, err := toml.Decode(text.String(), &map[string]any{}); err != nil {
			t.Fatalf("the test's own text is no TOML: %v\n%s", err, text.String())
		}
		got := locate(text.String())
		for key, line := range want {
			if got[key] != line {
				t.Fatalf("%s on line %d, want %d, of\n%s", key, got[key], line, text.String())
			}
		}
	})
}

// Every key that the parser reports has a line, whatever the text.
func FuzzLocate(f *testing.F) {
	for _, text := range []string{small, every, "a.b.c = {d = 1}\n", "[[a]]\nb = [\n]\n", "\"\\u0041\" = 1", "a = \"\"\"\n\"\"\"\"\"", "[a]\r\nb = 'x'", "[", "=", "a = [[", "{"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := locate(text)
		tree := map[string]any{}
		meta, err := toml.Decode(text, &tree)
		if err != nil {
			return
		}
		most := 1 + strings.Count(text, "\n")
		for _, key := range meta.Keys() {
			key = key[:min(len(key), deepest)]
			if line := lines[key.String()]; line < 1 || line > most {
				t.Fatalf("%s: line %d of %d in %q", key, line, most, text)
			}
		}
	})
}
