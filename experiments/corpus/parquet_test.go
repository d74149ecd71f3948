package corpus

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"lbprobe/internal/fault"
)

// whole reads whole conversations to the end or the first error.
func whole(t testing.TB, o Options, paths ...string) (all []Conversation, faults Faults, err error) {
	t.Helper()
	o.Whole = true
	r, err := ReadFiles(paths, o)
	if err != nil {
		return nil, Faults{}, err
	}
	defer r.Close()
	for c, rowErr := range r.Conversations() {
		if rowErr != nil {
			err = rowErr
			break
		}
		all = append(all, c)
	}
	if done, total := r.Progress(); err == nil && done != total {
		t.Errorf("at the end %d of %d bytes are done", done, total)
	}
	return all, r.Faults(), err
}

// fixture is what testdata/parquet/make.py writes.
func fixture(path string) []Conversation {
	var long []Turn
	for i := range 40 {
		long = append(long, Turn{Role: []Role{User, Assistant}[i%2], Text: "turn " + string(rune('0'+i/10)) + string(rune('0'+i%10))})
		if i < 10 {
			long[i].Text = "turn " + string(rune('0'+i))
		}
	}
	turns := [][]Turn{
		{{Role: User, Text: "How do I boil an egg?"}, {Role: Assistant, Text: "Eight minutes."}, {Role: User, Text: "Thanks, NAME_1!"}, {Role: Assistant, Text: "Welcome."}},
		nil,
		{{Role: User, Null: true}},
		{{Role: User, Null: true}, {Role: Assistant}},
		{{Role: User, Null: true}, {Role: User, Text: "Wie geht’s?"}, {Role: Assistant, Text: "Gut 🙂"}},
		{{Role: System, Text: "Be brief."}, {Role: User, Text: "a\x00b \ufffd Ã©"}, {Role: Assistant, Text: strings.Repeat("x", 3000)}},
		long,
	}
	models := []string{"vicuna-13b", "vicuna-13b", "koala-13b", "", "koala-13b", "alpaca-13b", "vicuna-13b"}
	languages := []string{"English", "unknown", "unknown", "unknown", "German", "English", "English"}
	all := make([]Conversation, len(turns))
	for i := range all {
		all[i] = Conversation{File: path, Line: i + 1, ID: "c" + string(rune('0'+i)), Language: languages[i], Models: []string{models[i]}, Turns: turns[i]}
	}
	return all
}

// Both names of the list's child, several row groups, and pages that end within a conversation.
func TestParquetOfPyarrow(t *testing.T) {
	for _, name := range []string{"item", "element"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", "parquet", name+".parquet")
			got, faults, err := whole(t, Options{}, path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(fixture(path), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if want := (Faults{NullTurns: 3}); !cmp.Equal(faults, want) {
				t.Errorf("faults %+v, want %+v", faults, want)
			}
		})
	}
}

// Rows are the user's turns, as in every format.
func TestParquetRows(t *testing.T) {
	path := filepath.Join("testdata", "parquet", "item.parquet")
	rows, faults, err := readAll(t, Options{}, path)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, row := range rows {
		texts = append(texts, row.ID+" "+row.Text)
	}
	want := []string{"c0 How do I boil an egg?\n\nThanks, NAME_1!", "c1 ", "c2 ", "c3 ", "c4 Wie geht’s?", "c5 a\x00b \ufffd Ã©"}
	if diff := cmp.Diff(want, texts[:6]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if faults.NullTurns != 3 {
		t.Errorf("%d null turns", faults.NullTurns)
	}
	first, _, err := readAll(t, Options{Turns: FirstTurn, Format: LMSYSChat1M, Text: "conversation", ID: "conversation_id"}, path)
	if err != nil || first[0].Text != "How do I boil an egg?" || first[6].Text != "turn 0" {
		t.Errorf("first turns %q, %q, %v", first[0].Text, first[6].Text, err)
	}
	plain, _, err := readAll(t, Options{Text: "language", Label: "model", Classes: []string{"", "vicuna-13b", "koala-13b", "alpaca-13b"}}, path)
	if err != nil || plain[4].Text != "German" || plain[4].Class != 2 || plain[3].Class != 0 {
		t.Errorf("a plain column as text: %+v, %v", plain, err)
	}
}

func TestSniffParquet(t *testing.T) {
	h, err := Sniff(filepath.Join("testdata", "parquet", "element.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	turn := Column{Name: "turn", Samples: []string{"2", "0", "0"}, Values: []string{"0", "1", "2", "20"}, Filled: 7, MeanChars: 8. / 7}
	if diff := cmp.Diff(turn, h.Columns[3]); diff != "" || h.Format != LMSYSChat1M || h.Rows != 7 || h.Columns[2].Name != "conversation" {
		t.Errorf("%+v\n%s", h, diff)
	}
}

// writeParquet writes rows with parquet-go's own writer and returns the path.
func writeParquet[T any](t *testing.T, rows []T) string {
	t.Helper()
	var out bytes.Buffer
	if err := parquet.Write(&out, rows); err != nil {
		t.Fatal(err)
	}
	return write(t, "a.parquet", out.String())
}

// Lists that other writers make: a repeated group alone, required all through, and lists of strings.
func TestParquetOfOtherWriters(t *testing.T) {
	type message struct {
		Content string `parquet:"content"`
		Role    string `parquet:"role"`
	}
	type bare struct {
		ID           string    `parquet:"id"`
		Conversation []message `parquet:"conversation"`
		Answer       []string  `parquet:"answer,list"`
	}
	path := writeParquet(t, []bare{
		{"1", []message{{"q", "human"}, {"a", "gpt"}, {"q2", "USER"}}, []string{"x", "y"}}, {"2", nil, nil}, {"3", []message{{"\xff", ""}}, []string{""}},
	})
	got, faults, err := whole(t, Options{}, path)
	if err != nil {
		t.Fatal(err)
	}
	var turns [][]Turn
	for _, c := range got {
		turns = append(turns, c.Turns)
	}
	want := [][]Turn{
		{{Role: User, Text: "q"}, {Role: Assistant, Text: "a"}, {Role: User, Text: "q2"}, {Role: Assistant, Text: "x"}, {Role: Assistant, Text: "y"}},
		nil, {{Role: User, Text: "\uFFFD"}, {Role: Assistant}},
	}
	if diff := cmp.Diff(want, turns); diff != "" || faults.InvalidUTF8 != 1 {
		t.Errorf("%+v (-want +got):\n%s", faults, diff)
	}
}

// A file of which any byte is wrong gives rows or a fault that names the file; never a panic.
func TestDamagedParquet(t *testing.T) {
	var files [][]byte
	for _, name := range []string{"item", "element"} {
		sound, err := os.ReadFile(filepath.Join("testdata", "parquet", name+".parquet"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, sound)
	}
	t.Chdir(t.TempDir())
	for _, sound := range files {
		for at := 4; at < len(sound); at += 29 {
			damaged := bytes.Clone(sound)
			damaged[at] ^= 1 << (at % 8)
			survives(t, damaged)
			damaged[at] = 0xff
			survives(t, damaged)
		}
		for end := 0; end < len(sound); end += 197 {
			survives(t, sound[:end])
		}
	}
}

// survives reads a file that may be damaged.
func survives(t testing.TB, content []byte) {
	t.Helper()
	if err := os.WriteFile("d.parquet", content, 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := whole(t, Options{Format: LMSYSChat1M, SkipBad: true}, "d.parquet")
	if f, ok := errors.AsType[*fault.Error](err); err != nil && (!ok || f.File != "d.parquet") {
		t.Fatalf("error %v", err)
	}
}

func FuzzParquet(f *testing.F) {
	for _, name := range []string{"item", "element"} {
		sound, err := os.ReadFile(filepath.Join("testdata", "parquet", name+".parquet"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(sound)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		t.Chdir(t.TempDir())
		survives(t, content)
		_, _ = Sniff("d.parquet")
	})
}
