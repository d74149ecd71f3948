package corpus

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/internal/fault"
)

const skip = ", or skip such rows with --skip-bad"

func lmsysRow(row string) string { return lmsysHeader + row + "\n" }

var badInputs = []struct {
	name, file, content string
	o                   Options
	want                string
}{
	{"a column that is not there", "train.csv", "id,promt\n1,a\n", Options{Text: "prompt"},
		`train.csv:1: text: no column "prompt"; there are id, promt. Did you mean "promt"?`},
	{"no id column", "train.csv", "ID,text\n1,a\n", Options{}, `train.csv:1: id: no column "id"; there are ID, text. Did you mean "ID"?`},
	{"many columns", "train.csv", "id," + strings.Repeat("c,", 30) + "txt\n", Options{},
		`train.csv:1: text: no column "text"; there are id` + strings.Repeat(", c", 19) + ` and 12 more. Did you mean "txt"?`},
	{"class columns where there is a label", "train.csv", "id,text,author\n1,a,HPL\n2,b,EAP\n3,c,EAP\n", Options{Classes: []string{"EAP", "HPL"}},
		`train.csv:1: classes: no column "EAP"; column "author" holds EAP, HPL. Add: label = "author"`},
	{"class columns where there is none", "train.csv", "id,text\n1,a\n", Options{Classes: []string{"EAP", "HPL"}},
		`train.csv:1: classes: no column "EAP"; there are id, text. Name the column that holds the class as label`},
	{"no label column", "train.csv", "id,text,author\n1,a,HPL\n", Options{Label: "Autor", Classes: authors},
		`train.csv:1: label: no column "Autor"; there are id, text, author. Did you mean "author"?`},
	{"a column twice", "train.csv", "id,text,text\n1,a,b\n", Options{}, `train.csv:1: text: two columns are called "text". Rename one of them`},
	{"a field that is not there", "a.jsonl", `{"id":1,"body":"x"}`, Options{},
		`a.jsonl:1: text: no field "text"; there are id, body. Set text to one of them`},
	{"a field that one row lacks", "a.jsonl", "{\"id\":1,\"text\":\"x\"}\n{\"id\":2}", Options{},
		`a.jsonl:2: text: the row has no such field. Mend the row` + skip},
	{"unknown label", "train.csv", "id,text,author\n1,a,HPL\n2,\"b\nb\",EAPP\n", Options{Label: "author", Classes: authors},
		`train.csv:3: author: label "EAPP" is none of the classes EAP, HPL, MWS. Mend the label or add it to classes` + skip},
	{"no class is 1", "train.csv", lmsysRow(`1,a,b,"[""x""]",r,r,0,0,0`), Options{Classes: winners},
		"train.csv:2: classes: 0 of winner_model_a, winner_model_b, winner_tie are 1; exactly one must be. Mend the row" + skip},
	{"a class cell that is neither", "train.csv", lmsysRow(`1,a,b,"[""x""]",r,r,0,0.5,0`), Options{Classes: winners},
		`train.csv:2: winner_model_b: "0.5" is neither 0 nor 1. Mend the row` + skip},
	{"an id twice", "a.csv", "id,text\n1,a\n2,b\n1,c\n", Options{},
		`a.csv:4: id: id "1" stands on line 2 already. Give every row an id of its own` + skip},
	{"no id", "a.csv", "id,text\n,a\n", Options{}, "a.csv:2: id: the row has no id. Mend the row" + skip},
	{"a cell too many", "a.csv", "id,text\n1,a,b\n", Options{},
		"a.csv:2: cells in the row: 3; in the header: 2. Mend the row's commas and quotes" + skip},
	{"a quote that is not closed", "a.csv", "id,text\n1,\"a\n2,b\n", Options{},
		"a.csv:2: a quoted cell is not closed, or has a single quote inside; noticed at 3:5. Quote the cell and double every quote inside" + skip},
	{"a bare quote", "a.csv", "id,text\n1,a \"b\"\n", Options{},
		"a.csv:2: a quote inside a cell that is not quoted, at 2:5. Quote the cell and double every quote inside" + skip},
	{"turns that are no JSON", "train.csv", lmsysRow(`1,a,b,"[""x"" 'y']",r,r,1,0,0`), Options{},
		`train.csv:2: prompt: not a JSON list of turns such as ["Hello", null, "Bye"]: '\'' where a comma or ] belongs (character 6). Mend the row` + skip},
	{"turns of another kind", "train.csv", lmsysRow(`1,a,b,"[""x"",{""role"":1}]",r,r,1,0,0`), Options{},
		`train.csv:2: prompt: not a JSON list of turns such as ["Hello", null, "Bye"]: '{' where a turn belongs, a string or null (character 6). Mend the row` + skip},
	{"plain text where turns belong", "train.csv", "id,prompt\n1,hello\n", Options{Format: KaggleLMSYS},
		`train.csv:2: prompt: not a JSON list of turns such as ["Hello", null, "Bye"]. Mend the row` + skip},
	{"a list as id", "a.jsonl", `{"id":[1],"text":"x"}`, Options{},
		"a.jsonl:1: id: a list or object where a single value is needed. Mend the row" + skip},
	{"a number as text", "a.jsonl", `{"id":1,"text":5}`, Options{}, "a.jsonl:1: text: neither a string nor a list of turns. Mend the row" + skip},
	{"a message without content", "a.jsonl", `{"id":1,"text":[{"role":"user"}]}`, Options{},
		"a.jsonl:1: text: a turn has no content. Mend the row" + skip},
	{"a line that is no object", "a.jsonl", "{\"id\":1,\"text\":\"x\"}\n[1]\n", Options{},
		"a.jsonl:2: not a JSON object but [1]. Mend the row" + skip},
	{"no object at all", "a.jsonl", "1\n2\n", Options{},
		"a.jsonl:1: not a JSON object but 1. Write one JSON object on every line, or set format"},
	{"an object without fields", "a.jsonl", "{}\n", Options{},
		"a.jsonl:1: the object has no fields. Write one JSON object on every line, or set format"},
	{"every row is bad", "a.csv", "id,text,author\n1,a,Poe\n2,b,King\n", Options{Label: "author", Classes: authors, SkipBad: true},
		`a.csv:2: none of 2 rows can be read; the first: author: label "Poe" is none of the classes EAP, HPL, MWS. Check format, text, id and label`},
	{"one JSON document", "a.json", `[{"id":1}]`, Options{},
		"a.json:1: one JSON list, where JSONL has an object on every line. Rewrite it: jq -c '.[]' FILE > FILE.jsonl"},
	{"semicolons", "a.csv", "id;text\n1;a\n", Options{},
		`a.csv:1: the header has one column, "id;text"; it seems to be separated by ";". Write the file with commas and newlines`},
	{"an empty file", "a.csv", "\xef\xbb\xbf\n", Options{}, "a.csv: the file is empty. Check the path"},
	{"a broken header", "a.csv", "id,te\"xt\n", Options{},
		`a.csv:1: the header cannot be read: parse error on line 1, column 6: bare " in non-quoted-field. Name the columns in the first line`},
	{"gzip", "a.csv", "\x1f\x8b\x08", Options{}, "a.csv: the file is compressed with gzip. Unpack it first: gunzip FILE"},
	{"Parquet that is cut off", "a.parquet", "PAR1", Options{},
		"a.parquet: the Parquet file is damaged: it ends within its first bytes. Fetch it again and compare its checksum"},
	{"Parquet without its end", "a.parquet", "PAR1 and something that is no footer", Options{},
		"a.parquet: the Parquet file is damaged: its end is missing. Fetch it again and compare its checksum"},
	{"Parquet where JSONL should be", "a.jsonl", "PAR1", Options{Format: JSONL},
		"a.jsonl: the file is Parquet. Set the format to lmsys-chat-1m, or leave it out"},
	{"JSONL where Parquet should be", "a.parquet", "{}", Options{Format: LMSYSChat1M},
		"a.parquet: the file is not Parquet, which format says it is. Leave the format out: it is told by the file itself"},
	{"UTF-16", "a.csv", "\xff\xfei\x00", Options{}, "a.csv: the file is UTF-16. Save it as UTF-8: iconv -f UTF-16 -t UTF-8"},
	{"an unknown format", "a.csv", "id\n", Options{Format: "xlsx"}, `format: "xlsx" is not a format that can be read. Use kaggle-lmsys, lmsys-chat-1m, jsonl or csv`},
	{"an unknown choice of turns", "a.csv", "id\n", Options{Turns: "last"}, `turns: "last" is not a choice of turns. Use all or first`},
}

// Every kind of bad input has one message, on one line, with the place and the fix.
func TestErrors(t *testing.T) {
	for _, tt := range badInputs {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := readAll(t, tt.o, write(t, tt.file, tt.content))
			if _, ok := errors.AsType[*fault.Error](err); !ok {
				t.Fatalf("error %v is not a fault", err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("folder.csv", 0o755); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"none.csv":   "none.csv: cannot be opened: no such file or directory. Check the path",
		"folder.csv": "folder.csv: cannot be read: is a directory. Give a regular file that may be read",
	} {
		_, err := Read(path, Options{})
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := Read("none.csv", Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the cause of %v is lost", err)
	}
}

// The experiment file's reader points at its own line; it needs the parts of the message.
func TestMissingIsACause(t *testing.T) {
	_, err := Read(write(t, "train.csv", "id,text,author\n1,a,HPL\n2,b,EAP\n"), Options{Classes: []string{"EAP", "HPL"}})
	var m *Missing
	if !errors.As(err, &m) {
		t.Fatalf("no Missing in %v", err)
	}
	got := []string{m.Option, m.Name, m.Error(), m.Fix}
	want := []string{"classes", "EAP", `train.csv has no column "EAP"; column "author" holds EAP, HPL`, `Add: label = "author"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
