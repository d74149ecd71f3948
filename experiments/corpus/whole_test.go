package corpus

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"lbprobe/internal/fault"
)

func user(text string) Turn { return Turn{Role: User, Text: text} }

func answer(side int, text string) Turn { return Turn{Role: Assistant, Text: text, Side: side} }

var wholes = []struct {
	name, file, content string
	o                   Options
	want                []Conversation
	faults              Faults
}{
	{
		name: "a battle of the competition", file: "train.csv",
		content: lmsysHeader + `7,a,b,"[""p"",null]","[""x"",""y""]","[""z\ud800""]",0,1,0` + "\n" + `7,a,a,[],null,[],1,1,0` + "\n",
		want: []Conversation{
			{ID: "7", Line: 2, Class: "winner_model_b", Models: []string{"a", "b"},
				Turns: []Turn{user("p"), {Role: User, Null: true}, answer(0, "x"), answer(0, "y"), answer(1, "z\uFFFD")}},
			{ID: "7", Line: 3, Models: []string{"a", "a"}, Turns: []Turn{{Role: Assistant, Null: true}}},
		},
		faults: Faults{NullTurns: 2, Surrogates: 1},
	},
	{
		name: "a battle of Chatbot Arena", file: "arena.jsonl",
		content: `{"question_id":"q","model_a":"a","model_b":"b","winner":"tie","judge":"j1","language":"German",` +
			`"conversation_a":[{"role":"user","content":"p"},{"role":"assistant","content":"x"}],` +
			`"conversation_b":[{"role":"user","content":"p"},{"role":"assistant","content":"y"}]}`,
		want: []Conversation{{ID: "q", Line: 1, User: "j1", Language: "German", Class: "tie", Models: []string{"a", "b"},
			Turns: []Turn{user("p"), answer(0, "x"), answer(1, "y")}}},
	},
	{
		name: "texts with an answer, and columns that only look like others", file: "a.jsonl",
		content: `{"text":"p","response":"x","model":{"name":"m"},"user":["u"],"label":3}` + "\n" + `{"text":"q"}` + "\n" + `{"text":1}` + "\n",
		o:       Options{SkipBad: true},
		want: []Conversation{{Line: 1, Class: "3", Models: []string{""}, Turns: []Turn{user("p"), answer(0, "x")}},
			{Line: 2, Models: []string{""}, Turns: []Turn{user("q")}}},
		faults: Faults{Bad: []Dropped{{File: "a.jsonl", Line: 3, Reason: "text: neither a string nor a list of turns"}}},
	},
	{
		name: "a plain text under another name, and the language not asked for", file: "a.csv",
		content: "body,language,author\nhello,French,EAP\n,German,\n",
		o:       Options{Text: "body", Label: "author", Detect: true},
		want: []Conversation{{Line: 2, Class: "EAP", Models: []string{""}, Turns: []Turn{user("hello")}},
			{Line: 3, Models: []string{""}, Turns: []Turn{user("")}}},
	},
}

func TestConversations(t *testing.T) {
	for _, tt := range wholes {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.file, tt.content)
			for i := range tt.want {
				tt.want[i].File = path
			}
			got, faults, err := whole(t, tt.o, path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.faults, faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// A decoder that asks for ever more memory on a damaged page is not let near one.
func TestLZ4IsRefused(t *testing.T) {
	type row struct {
		Text string `parquet:"text"`
	}
	var out bytes.Buffer
	w := parquet.NewGenericWriter[row](&out, parquet.Compression(&parquet.Lz4Raw))
	if _, err := w.Write([]row{{"a"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, _, err := whole(t, Options{Text: "text"}, write(t, "a.parquet", out.String()))
	const want = "a.parquet: text: the column is compressed by LZ4_RAW, which is not read. Write the file with snappy or zstd"
	if _, ok := errors.AsType[*fault.Error](err); !ok || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// What is no message cannot be the text.
func TestNestedColumnIsRefused(t *testing.T) {
	_, _, err := whole(t, Options{Text: "openai_moderation"}, "testdata/parquet/item.parquet")
	const want = "testdata/parquet/item.parquet: openai_moderation: is neither a single value nor a list of messages with content and role. Name another column"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A file that shrinks while it is read ends in a fault, not in a crash.
func TestVanishingParquet(t *testing.T) {
	sound, err := os.ReadFile("testdata/parquet/item.parquet")
	if err != nil {
		t.Fatal(err)
	}
	path := write(t, "a.parquet", string(sound))
	r, err := Read(path, Options{Whole: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := os.Truncate(path, 100); err != nil {
		t.Fatal(err)
	}
	for _, err = range r.Conversations() {
	}
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.File != path {
		t.Errorf("error %v", err)
	}
}

// A Reader is for rows or for conversations, not for both; a conversation as a whole has all its turns.
func TestWholeOrRows(t *testing.T) {
	path := write(t, "a.jsonl", `{"id":1,"text":["p","q"]}`+"\n")
	for _, o := range []Options{{}, {Whole: true}} {
		r, err := Read(path, o)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("no panic where Whole is %v", o.Whole)
				}
			}()
			if o.Whole {
				r.Rows()
			} else {
				r.Conversations()
			}
		}()
	}
	_, err := Read(path, Options{Whole: true, Turns: FirstTurn})
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.Field != "turns" {
		t.Errorf("the first turn of a whole conversation: %v", err)
	}
}
