package experiments

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lbprobe/internal/fault"
	"lbprobe/internal/golden"
)

// rows repeats a line n times, with its number in place of %d.
func rows(header, line string, n int) string {
	var b strings.Builder
	b.WriteString(header + "\n")
	for i := range n {
		fmt.Fprintf(&b, line+"\n", i, i)
	}
	return b.String()
}

// initCases are folders as competitions publish them, by the name of their golden file.
var initCases = []struct {
	name  string
	files []string
	fails string // what Load says of the result: in this version some competitions cannot be played yet
}{
	{"label-column", []string{
		"train.csv", "id,text,author\n1,\"a long, dark text\",EAP\n2,another long text,HPL\n3,a third,MWS\n4,a fourth,EAP\n",
		"test.csv", "id,text\n5,a fifth text\n6,a sixth text\n",
		"sample_submission.csv", "id,EAP,HPL,MWS\n5,0.3,0.3,0.4\n6,0.3,0.3,0.4\n"}, ""},
	{"code-competition", []string{
		"train.csv", rows("id,model_a,model_b,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie",
			`%d,gpt,llama,"[""a question %d""]","[""x""]","[""y""]",1,0,0`, 2100),
		"test.csv", "id,prompt,response_a,response_b\n1,\"[\"\"q\"\"]\",\"[\"\"x\"\"]\",\"[\"\"y\"\"]\"\n",
		"sample_submission.csv", "id,winner_model_a,winner_model_b,winner_tie\n1,0.33,0.33,0.34\n"}, ""},
	{"one-column", []string{
		"train.csv", "PassengerId,Name,Age,Survived\n1,\"Braund, Mr. Owen Harris\",22,0\n2,\"Heikkinen, Miss. Laina\",26,1\n",
		"test.csv", "PassengerId,Name,Age\n3,\"Kelly, Mr. James\",34\n",
		"gender_submission.csv", "PassengerId,Survived\n3,0\n"}, ""},
	{"one-column-of-probabilities", []string{
		"train.csv", "id,question,is_duplicate\n1,what is it,0\n2,who is it,1\n",
		"test.csv", "id,question\n3,where is it\n",
		"sample_submission.csv", "id,is_duplicate\n3,0.5\n"}, ""},
	{"one-column-of-numbers", []string{
		"train.csv", rows("id,text,price", "%d,a good text about things,%d.5", 600),
		"test.csv", "id,text\n3,another text\n",
		"sample_submission.csv", "id,price\n3,0\n"}, ""},
	{"no-sample-one-hot", []string{
		"my_train.jsonl", `{"qid":"a","question":"how long is a piece of string","yes":1,"no":0}` + "\n" + `{"qid":"b","question":"why","yes":0,"no":1}` + "\n",
		"my_test.jsonl", `{"qid":"c","question":"what is the time in another place"}` + "\n"}, ""},
	{"nothing-but-texts", []string{"train.csv", "id,text\n1,a text\n", "test.csv", "\ufeffid,text\r\n2,a text\r\n"}, ""},
}

func TestInit(t *testing.T) {
	for _, tt := range initCases {
		dir := filepath.Join(writeFiles(t), "Some Competition")
		if err := os.Rename(writeFiles(t, tt.files...), dir); err != nil {
			t.Fatal(err)
		}
		text, err := Init(dir)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		golden.Check(t, "init-"+tt.name+".golden", text)
		path := filepath.Join(dir, "e.toml")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		switch _, err := Load(path); {
		case tt.fails == "" && err != nil, tt.fails != "" && (err == nil || !strings.Contains(err.Error(), tt.fails)):
			t.Errorf("%s: what Init wrote loads with %v, want %q", tt.name, err, tt.fails)
		}
	}
}

// Saved in another folder the paths lead back.
func TestInitFor(t *testing.T) {
	dir := writeFiles(t, append(initCases[0].files[:4:4], "out/x", "")...)
	text, err := InitFor(dir, filepath.Join(dir, "out"))
	if err != nil || !strings.Contains(text, `train = "../train.csv"`) {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestInitFaults(t *testing.T) {
	tests := []struct {
		name  string
		files []string
		want  string
	}{
		{"no data", []string{"readme.txt", ""}, `no file has "train" in its name. Give the folder that has train.csv and test.csv`},
		{"no test", []string{"train.csv", smallTrain, "x.csv", "a\n"}, `no file has "test" in its name; there are train.csv, x.csv. Give the folder that has train.csv and test.csv`},
		{"still packed", []string{"train.csv.zip", "PK"}, `no file has "train" in its name; there are train.csv.zip. Unpack train.csv.zip first`},
		{"broken", []string{"train.csv", "a,b\n1\n", "test.csv", smallTest}, `cannot be read: record on line 2: wrong number of fields. Give a CSV file with a header`},
		{"empty", []string{"train.csv", "", "test.csv", smallTest}, `it is empty. Give a CSV file with a header`},
	}
	for _, tt := range tests {
		dir := writeFiles(t, tt.files...)
		_, err := Init(dir)
		var f *fault.Error
		if !errors.As(err, &f) || !f.Usage || !strings.HasPrefix(f.File, dir) || strings.TrimPrefix(f.Error(), f.File+": ") != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	if _, err := Init(filepath.Join(t.TempDir(), "none")); fault.ExitStatus(err) != 2 {
		t.Errorf("no folder: %v", err)
	}
}

// Every template loads beside files of the shape it speaks of.
func TestTemplates(t *testing.T) {
	data := []string{"train.csv", "id,text,label,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie\n1,x,A,x,y,z,1,0,0\n2,x,B,x,y,z,1,0,0\n",
		"test.csv", "id,text,prompt\n3,x,y\n"}
	for _, name := range Templates() {
		if name == "demo" {
			continue
		}
		text, err := Template(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = Load(filepath.Join(writeFiles(t, append(data, "e.toml", text)...), "e.toml")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for i, line := range strings.Split(text, "\n") {
			if len([]rune(line)) > 140 || strings.HasSuffix(line, " ") {
				t.Errorf("%s:%d: a long line, or spaces at its end: %q", name, i+1, line)
			}
		}
	}
	if _, err := Template("demos"); err == nil || !strings.Contains(err.Error(), "Write: --template demo") {
		t.Errorf("unknown template: %v", err)
	}
}

// The demo is written in full or not at all, and loads from where it was written.
func TestWriteDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	if err := WriteDemo(dir); err != nil {
		t.Fatal(err)
	}
	e, err := Load(filepath.Join(dir, "demo.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if e.Name != "demo" || e.Simulate == nil || !e.TrainIsCorpus() {
		t.Errorf("%+v", e)
	}
	if err := WriteDemo(dir); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("written again: %v", err)
	}
	other := writeFiles(t, "demo/truth.csv", "mine")
	if err := WriteDemo(other); err == nil {
		t.Error("a file of the user's is gone")
	}
	if _, err := os.Stat(filepath.Join(other, "demo.toml")); err == nil {
		t.Error("half of the demo was written")
	}
}
