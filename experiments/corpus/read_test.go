package corpus

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// write puts a file into a folder of its own and makes that the current folder, so that messages show the bare name.
func write(t *testing.T, name, content string) string {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// readAll reads a corpus to its end or its first error.
func readAll(t *testing.T, o Options, paths ...string) (rows []Row, faults Faults, err error) {
	t.Helper()
	r, err := ReadFiles(paths, o)
	if err != nil {
		return nil, Faults{}, err
	}
	defer r.Close()
	for row, rowErr := range r.Rows() {
		if rowErr != nil {
			err = rowErr
			break
		}
		rows = append(rows, row)
	}
	return rows, r.Faults(), err
}

var (
	winners = []string{"winner_model_a", "winner_model_b", "winner_tie"}
	authors = []string{"EAP", "HPL", "MWS"}
)

const lmsysHeader = "id,model_a,model_b,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie\n"

var readable = []struct {
	name, file, content string
	o                   Options
	want                []Row
	faults              Faults
}{
	{
		name: "LMSYS train rows have turns and one class column that is 1", file: "train.csv",
		content: lmsysHeader + `30192,a,b,"[""Is it so?"",""Really?""]","[""x"",null]","[""y"",""z""]",1,0,0` + "\n" +
			`53567,a,b,"[""Why?""]","[""x""]","[""y""]",0,0,1` + "\n",
		o: Options{Classes: winners},
		want: []Row{{"train.csv", 2, "30192", "Is it so?\n\nReally?", 0, "", "", 2},
			{"train.csv", 3, "53567", "Why?", 2, "", "", 1}},
	},
	{
		name: "LMSYS test rows have no classes", file: "test.csv",
		content: "id,prompt,response_a,response_b\n" + `136060,"[""one"",""two""]","[""x""]","[""y""]"` + "\n",
		o:       Options{Turns: FirstTurn},
		want:    []Row{{"test.csv", 2, "136060", "one", -1, "", "", 2}},
	},
	{
		name: "the same columns with plain text are CSV", file: "train.csv",
		content: "id,prompt,response_a,response_b,winner\n" + `f1,"[sic] plain, text",x,y,model_b` + "\n",
		o:       Options{Label: "winner", Classes: []string{"model_a", "model_b"}},
		want:    []Row{{"train.csv", 2, "f1", "[sic] plain, text", 1, "", "", 1}},
	},
	{
		name: "null turns are left out and halves of surrogate pairs replaced, both counted", file: "train.csv",
		content: "id,prompt,response_a\n" + `1,"[null,""a \ud83d b \ud83d\ude00"",""c\udc00""]",x` + "\n" + `2,null,x` + "\n" + `3,[],x` + "\n",
		o:       Options{Format: KaggleLMSYS},
		want: []Row{{"train.csv", 2, "1", "a \uFFFD b 😀\n\nc\uFFFD", -1, "", "", 2}, {"train.csv", 3, "2", "", -1, "", "", 0},
			{"train.csv", 4, "3", "", -1, "", "", 0}},
		faults: Faults{Surrogates: 2, NullTurns: 2},
	},
	{
		name: "a null turn is not the first", file: "train.csv",
		content: "id,prompt,response_a\n" + `1,"[null,""b"",""c""]",x` + "\n",
		o:       Options{Turns: FirstTurn},
		want:    []Row{{"train.csv", 2, "1", "b", -1, "", "", 2}},
		faults:  Faults{NullTurns: 1},
	},
	{
		name: "raw newlines, tabs and U+2028 inside JSON strings", file: "train.csv",
		content: "id,prompt,response_a\n" + "1,\"[\"\"line\nline\u2028end\ttab\"\"]\",x\n" + "2,\"[\"\"b\"\"]\",x\n",
		want:    []Row{{"train.csv", 2, "1", "line\nline\u2028end\ttab", -1, "", "", 1}, {"train.csv", 4, "2", "b", -1, "", "", 1}},
	},
	{
		name: "byte order mark, CRLF, empty lines, embedded newlines", file: "plain.csv",
		content: "\xef\xbb\xbf\"id\",text,author\r\n\r\na,\"one\r\n\r\ntwo\",EAP\r\nb,\"\",MWS\r\n",
		o:       Options{Label: "author", Classes: authors},
		want:    []Row{{"plain.csv", 3, "a", "one\n\ntwo", 0, "", "", 1}, {"plain.csv", 6, "b", "", 2, "", "", 1}},
		faults:  Faults{BOM: 1},
	},
	{
		name: "no newline at the end", file: "plain.csv", content: "id,text\n1,a", want: []Row{{"plain.csv", 2, "1", "a", -1, "", "", 1}},
	},
	{
		name: "a header that spans lines", file: "plain.csv", content: "id,\"a\nb\",text\n1,x,y\n", want: []Row{{"plain.csv", 3, "1", "y", -1, "", "", 1}},
	},
	{
		name: "bytes that are not UTF-8", file: "latin1.csv", content: "id,text\n1,na\xefve\n",
		want: []Row{{"latin1.csv", 2, "1", "na\uFFFDve", -1, "", "", 1}}, faults: Faults{InvalidUTF8: 1},
	},
	{
		name: "class columns as data frames write them, and Usage", file: "truth.csv",
		content: "id,EAP,HPL,MWS,Usage\n1,1.0,0.0,0,Public\n2,False,True,False,Private\n",
		o:       Options{Classes: authors, NoText: true},
		want:    []Row{{"truth.csv", 2, "1", "", 0, "Public", "", 0}, {"truth.csv", 3, "2", "", 1, "Private", "", 0}},
	},
	{
		name: "other names", file: "odd.csv", content: "key,body\n7,x\n", o: Options{ID: "key", Text: "body"},
		want: []Row{{"odd.csv", 2, "7", "x", -1, "", "", 1}},
	},
	{
		name: "JSONL with strings, lists and numbers as ids", file: "a.jsonl",
		content: `{"id": 7, "text": "plain"}` + "\n\n" + `{"text": ["a", null, "b"], "id": "x"}` + "\n" + `{"id":9007199254740993,"text":null}`,
		want: []Row{{"a.jsonl", 1, "7", "plain", -1, "", "", 1}, {"a.jsonl", 3, "x", "a\n\nb", -1, "", "", 2},
			{"a.jsonl", 4, "9007199254740993", "", -1, "", "", 0}},
		faults: Faults{NullTurns: 2},
	},
	{
		name: "JSONL with conversations: what the user says", file: "a.ndjson",
		content: `{"id":"1","conversation":[{"role":"system","content":"s"},{"content":"q1","role":"user"},{"role":"assistant","content":"\ud800"},{"role":"user","content":"q2 \ud800"}]}` + "\n" +
			`{"id":"2","conversation":[{"from":"human","value":"h"},{"from":"gpt","value":"g"},{"from":"human","value":null}]}` + "\n",
		want:   []Row{{"a.ndjson", 1, "1", "q1\n\nq2 \uFFFD", -1, "", "", 2}, {"a.ndjson", 2, "2", "h", -1, "", "", 1}},
		faults: Faults{Surrogates: 1, NullTurns: 1},
	},
	{
		name: "JSONL with raw control characters, classes and CRLF", file: "x.txt",
		content: "\xef\xbb\xbf{\"id\":\"1\",\"prompt\":\"a\tb\u2028\",\"EAP\":0,\"HPL\":1,\"MWS\":false,\"Usage\":\"Public\"}\r\n",
		o:       Options{Classes: authors},
		want:    []Row{{"x.txt", 1, "1", "a\tb\u2028", 1, "Public", "", 1}},
		faults:  Faults{BOM: 1},
	},
	{
		name: "JSONL whose first line is broken", file: "a.jsonl", content: "oops\n{\"id\":1,\"text\":\"a\"}\n", o: Options{SkipBad: true},
		want: []Row{{"a.jsonl", 2, "1", "a", -1, "", "", 1}},
		faults: Faults{Bad: []Dropped{{"a.jsonl", 1, "",
			"not a JSON object: invalid character 'o' looking for beginning of value"}}},
	},
}

func TestReadFormats(t *testing.T) {
	for _, tt := range readable {
		t.Run(tt.name, func(t *testing.T) {
			rows, faults, err := readAll(t, tt.o, write(t, tt.file, tt.content))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, rows); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.faults, faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUsual: columns are found by all the names they usually have, and a file without ids calls its rows by their lines.
func TestUsual(t *testing.T) {
	for _, tt := range []struct {
		file, content string
		want          Row
	}{
		{"a.jsonl", `{"question_id":"q","conversation_a":[{"role":"user","content":"p"}],"judge":"j"}`, Row{Line: 1, ID: "q", Text: "p", User: "j"}},
		{"b.csv", "user_id,id,prompt\nu,7,p\n", Row{Line: 2, ID: "7", Text: "p", User: "u"}},
		{"d.jsonl", `{"id":"q","text":"p","judge":["gpt4","pair"]}`, Row{Line: 1, ID: "q", Text: "p"}},
		{"c.csv", "prompt\np\n", Row{Line: 2, ID: "2", Text: "p"}},
	} {
		path := write(t, tt.file, tt.content)
		tt.want.File, tt.want.Class, tt.want.Turns = path, -1, 1
		rows, _, err := readAll(t, Options{Usual: true}, path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]Row{tt.want}, rows); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestSeveralFilesAreOneCorpus(t *testing.T) {
	write(t, "a.csv", "id,text\n1,a\n2,b\n")
	os.WriteFile("b.jsonl", []byte(`{"id":3,"text":"c"}`), 0o644)
	rows, _, err := readAll(t, Options{}, "a.csv", "b.jsonl")
	want := []Row{{"a.csv", 2, "1", "a", -1, "", "", 1}, {"a.csv", 3, "2", "b", -1, "", "", 1}, {"b.jsonl", 1, "3", "c", -1, "", "", 1}}
	if diff := cmp.Diff(want, rows); diff != "" || err != nil {
		t.Errorf("rows (-want +got):\n%s%v", diff, err)
	}

	os.WriteFile("b.jsonl", []byte(`{"id":2,"text":"c"}`), 0o644)
	_, _, err = readAll(t, Options{}, "a.csv", "b.jsonl")
	wantErr := `b.jsonl:1: id: id "2" stands at a.csv:3 already. Give every row an id of its own, or skip such rows with --skip-bad`
	if err == nil || err.Error() != wantErr {
		t.Errorf("got error %v, want %s", err, wantErr)
	}
}

// A pass can be repeated or left early, and gives the same rows and counts again.
func TestRowsStartAnew(t *testing.T) {
	r, err := Read(write(t, "a.csv", "id,text\n1,a\n2\n3,c\n"), Options{SkipBad: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for range r.Rows() {
		break
	}
	for range 2 {
		var ids []string
		for row, err := range r.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, row.ID)
		}
		if diff := cmp.Diff([]string{"1", "3"}, ids); diff != "" {
			t.Errorf("ids (-want +got):\n%s", diff)
		}
		if n := len(r.Faults().Bad); n != 1 {
			t.Errorf("%d bad rows, want 1", n)
		}
	}
	if diff := cmp.Diff([]string{"id", "text"}, r.Columns()); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
}

// One broken quote costs one row, however far the open cell would reach.
func TestSkipBadGoesOnBelowABrokenRow(t *testing.T) {
	content := strings.Join([]string{"id,text", "1,a", "", `2,"never closed`, "3,c", "4,d", `5,"x "y" z"`, `6,"line`, `line"`, "7", `8,"still open`, "9,i"}, "\n")
	rows, faults, err := readAll(t, Options{SkipBad: true}, write(t, "a.csv", content+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{{"a.csv", 2, "1", "a", -1, "", "", 1}, {"a.csv", 5, "3", "c", -1, "", "", 1}, {"a.csv", 6, "4", "d", -1, "", "", 1},
		{"a.csv", 8, "6", "line\nline", -1, "", "", 1}, {"a.csv", 12, "9", "i", -1, "", "", 1}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	wantBad := []Dropped{
		{"a.csv", 4, "", "a quoted cell is not closed, or has a single quote inside; noticed at 7:3"},
		{"a.csv", 7, "", "a quoted cell is not closed, or has a single quote inside; noticed at 7:6"},
		{"a.csv", 10, "", "cells in the row: 1; in the header: 2"},
		{"a.csv", 11, "", "a quoted cell is not closed, or has a single quote inside; noticed at 12:5"},
	}
	if diff := cmp.Diff(wantBad, faults.Bad); diff != "" {
		t.Errorf("bad rows (-want +got):\n%s", diff)
	}
}

func TestSkipBadSkipsEveryKind(t *testing.T) {
	content := lmsysHeader + `1,a,b,"[""x""]",r,r,1,0,0` + "\n" + `2,a,b,"[""x",r,r,1,0,0` + "\n" + `3,a,b,"[""x""]",r,r,1,0,1` + "\n" +
		`1,a,b,"[""x""]",r,r,1,0,0` + "\n" + `,a,b,"[""x""]",r,r,1,0,0` + "\n" + `6,a,b,"[""x""]",r,r,1,0,0` + "\n"
	rows, faults, err := readAll(t, Options{SkipBad: true, Classes: winners}, write(t, "train.csv", content))
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, error %v; want 2 rows", len(rows), err)
	}
	want := []Dropped{
		{"train.csv", 3, "2", "prompt: a turn's closing quote is missing"},
		{"train.csv", 4, "3", "classes: 2 of winner_model_a, winner_model_b, winner_tie are 1; exactly one must be"},
		{"train.csv", 5, "1", `id: id "1" stands on line 2 already`},
		{"train.csv", 6, "", "id: the row has no id"},
	}
	if diff := cmp.Diff(want, faults.Bad); diff != "" {
		t.Errorf("bad rows (-want +got):\n%s", diff)
	}
}

// The reader keeps ids and places; the texts must not pile up.
func TestReadInConstantMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "train.csv")
	writeLMSYS(t, path, 8000)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rows, texts, most := 0, []string(nil), uint64(0)
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before := m.HeapAlloc
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		if rows++; rows%10 == 0 { // short texts that would pin long records if they shared their memory
			texts = append(texts, row.Text)
		}
		if rows%2000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc-min(m.HeapAlloc, before))
		}
	}
	kept := 0
	for _, text := range texts {
		kept += len(text)
	}
	if limit := uint64(kept + 8000*150 + 4*readAhead); most > limit {
		t.Errorf("reading %d bytes held up to %d, want at most %d", info.Size(), most, limit)
	}
}

// TestBeside: format and text of a corpus hold for files of its kind, and a file of another kind tells its own.
func TestBeside(t *testing.T) {
	whole := func(path string) string {
		path, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	parquet := whole("testdata/parquet/item.parquet")
	lmsys := whole(write(t, "train.csv", "id,prompt,response_a\n1,\"[\"\"hi\"\"]\",x\n"))
	plain := whole(write(t, "plain.csv", "id,conversation,text\n1,a,b\n"))
	chats := whole(write(t, "chats.jsonl", `{"id":"1","conversation":[{"role":"user","content":"hi"}]}`))
	for _, tt := range []struct {
		name, corpus, path string
		o                  Options
		format             Format
		text               string
	}{
		{"the corpus itself", chats, chats, Options{Format: JSONL, Text: "conversation"}, JSONL, "conversation"},
		{"CSV beside JSON lines", chats, lmsys, Options{Format: JSONL, Text: "conversation"}, KaggleLMSYS, "prompt"},
		{"the format left out", chats, lmsys, Options{Text: "conversation"}, KaggleLMSYS, "prompt"},
		{"CSV that has such a column", chats, plain, Options{Text: "conversation"}, CSV, "conversation"},
		{"CSV beside Parquet", parquet, lmsys, Options{Format: LMSYSChat1M, Text: "conversation"}, KaggleLMSYS, "prompt"},
		{"JSON lines beside CSV", lmsys, chats, Options{Format: KaggleLMSYS, Text: "prompt"}, JSONL, "conversation"},
		{"plain CSV beside the competition's", lmsys, plain, Options{Format: CSV, Text: "text"}, CSV, "text"},
	} {
		r, err := Read(tt.path, tt.o.Beside(tt.corpus, tt.path))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := r.Formats()[0]; got != tt.format || r.TextColumn() != tt.text {
			t.Errorf("%s: %s with %q, want %s with %q", tt.name, got, r.TextColumn(), tt.format, tt.text)
		}
		r.Close()
	}
	o := Options{Format: CSV, Text: "question"}
	if _, err := Read(plain, o.Beside(lmsys, plain)); err == nil {
		t.Error("a file of the same kind without the column is read")
	}
	if diff := cmp.Diff(o, o.Beside(lmsys, "none.jsonl")); diff != "" {
		t.Errorf("a file that is not there changes the options: %s", diff)
	}
}
