package corpus

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// pairs are the ids and texts of rows.
type pair struct{ ID, Text string }

// fuzzed reads arbitrary content with SkipBad and checks what must hold of any: it ends, lines ascend and none is told twice, ids are unique,
// texts are UTF-8. A file that cannot be opened gives ok = false.
func fuzzed(t *testing.T, name string, content []byte, o Options) (pairs []pair, bad []Dropped, ok bool) {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Sniff(path); err != nil && o.Format == "" {
		return nil, nil, false
	}
	r, err := Read(path, o)
	if err != nil {
		return nil, nil, false
	}
	defer r.Close()
	var lines []int
	ids := map[string]bool{}
	for row, err := range r.Rows() {
		if err != nil && len(pairs) == 0 && len(r.Faults().Bad) > 0 {
			break // no row could be read
		}
		if err != nil {
			t.Fatal(err)
		}
		if ids[row.ID] || row.ID == "" || !utf8.ValidString(row.Text) || row.Class != -1 {
			t.Fatalf("row %+v", row)
		}
		ids[row.ID] = true
		lines = append(lines, row.Line)
		pairs = append(pairs, pair{row.ID, row.Text})
	}
	bad = r.Faults().Bad
	for _, b := range bad {
		lines = append(lines, b.Line)
	}
	slices.Sort(lines)
	if len(slices.Compact(slices.Clone(lines))) != len(lines) || len(lines) > 0 && lines[len(lines)-1] > bytes.Count(content, []byte("\n"))+1 {
		t.Fatalf("rows on lines %v", lines)
	}
	return pairs, bad, true
}

// FuzzCSV reads anything, and compares files that encoding/csv can read with a plain loop over its records.
func FuzzCSV(f *testing.F) {
	for _, content := range []string{
		"id,text\n1,a\n2,\"b\nb\"\n", "\xef\xbb\xbfid,text\r\n1,\"a\r\nb\"\r\n\r\n2,x\r\n", "id,text\n1,\"a\n2,b\n3,\"\"\"\n", "id,text\n1,a,b\n2,c\n", "id,text\n1,a\n1,b\n",
		"text,id\n\xff,1\n,2\nx,\n", "id,prompt,response_a\n1,\"[\"\"a\"\",null]\",x\n2,[,y\n", "id,text", "id,text\n\"", "id;text\n1;2", "id,text\n1,\"\n\n\n\n2,x\n\"y\"",
	} {
		f.Add([]byte(content))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		fuzzed(t, "auto.csv", content, Options{SkipBad: true})
		got, bad, ok := fuzzed(t, "plain.csv", content, Options{Format: CSV, Text: "text", SkipBad: true})
		want, sound := plainCSV(content)
		if !ok || !sound {
			return
		}
		if diff := cmp.Diff(want, got); diff != "" || len(bad) > 0 {
			t.Fatalf("(-want +got):\n%s%v", diff, bad)
		}
	})
}

// plainCSV is what a sound file says; sound is false if any row is at fault.
func plainCSV(content []byte) (pairs []pair, sound bool) {
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil || len(records) == 0 {
		return nil, false
	}
	id, text := slices.Index(records[0], "id"), slices.Index(records[0], "text")
	if id < 0 || text < 0 {
		return nil, false
	}
	ids := map[string]bool{}
	for _, r := range records[1:] {
		if r[id] == "" || ids[r[id]] {
			return nil, false
		}
		ids[r[id]] = true
		pairs = append(pairs, pair{r[id], string([]rune(r[text]))})
	}
	return pairs, true
}

// FuzzJSONL reads anything, and compares the rows it takes with encoding/json's reading of the same lines.
func FuzzJSONL(f *testing.F) {
	for _, content := range []string{
		`{"id":1,"text":"a"}` + "\n" + `{"text":"b","id":"x"}`, "{\"id\":1,\"text\":\"a\tb\\ud800\"}\r\n\r\n", `{"id":"é","text":"\u20ac\ud83d\ude00","x":[{"y":"]}"},null,-1e5]}`,
		`{"id":1,"id":2,"text":"\"\\"}`, `{"i\u0064":1,"te\u0078t":"a","b" : {} , "c":[ ]}`, `{"id":1,"text":null}`, `{"id":1,"text":["a",null,{"role":"user","content":"q"}]}`,
		"[1]\n{}\nnull\n{\"id\":true,\"text\":\"\"}\n{\"id\":{},\"text\":\"\"}", "{\"id\":1,\"text\":\"\xff\"}", "{\"id\":1,\"text\":\"a\\\tb\"}", "\xef\xbb\xbf{\"id\":0.50,\"text\":\"\"}",
	} {
		f.Add([]byte(content))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		got, _, ok := fuzzed(t, "a.jsonl", content, Options{Text: "text", SkipBad: true})
		want, comparable := plainJSONL(content)
		if !ok || !comparable {
			return
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

// plainJSONL reads the lines that are objects with an id, and a string, null or a list of these as text. A file with lists of anything else is
// not compared.
func plainJSONL(content []byte) (pairs []pair, comparable bool) {
	ids := map[string]bool{}
	for line := range strings.SplitSeq(strings.TrimPrefix(string(content), "\xef\xbb\xbf"), "\n") {
		var fields map[string]json.RawMessage
		if json.Unmarshal([]byte(escapeRaw(line)), &fields) != nil {
			continue
		}
		id, okID := plainID(fields["id"])
		text, okText := plainText(fields["text"])
		if bytes.HasPrefix(fields["text"], []byte("[")) && !okText {
			return nil, false
		}
		if okID && okText && !ids[id] {
			ids[id] = true
			pairs = append(pairs, pair{id, text})
		}
	}
	return pairs, true
}

func plainID(raw json.RawMessage) (id string, ok bool) {
	if len(raw) == 0 || strings.ContainsRune("n[{", rune(raw[0])) {
		return "", false
	}
	if raw[0] != '"' {
		return string(raw), true
	}
	err := json.Unmarshal(raw, &id)
	return id, err == nil && id != ""
}

func plainText(raw json.RawMessage) (string, bool) {
	var turns []*string
	if json.Unmarshal(raw, &turns) != nil {
		turns = make([]*string, 1)
		if json.Unmarshal(raw, &turns[0]) != nil {
			return "", false
		}
	}
	var texts []string
	for _, turn := range turns {
		if turn != nil {
			texts = append(texts, *turn)
		}
	}
	return strings.Join(texts, "\n\n"), true
}
