package corpus

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var long = strings.Repeat("é", 100)

var sniffed = []struct {
	name, file, content string
	want                Header
}{
	{
		name: "labelled CSV", file: "train.csv", content: "id,text,author,empty\n1," + long + ",HPL,\n2,b,EAP,\n3,c,EAP,\n4\n5,d,,\n",
		want: Header{Format: CSV, Rows: 4, Bad: 1, Columns: []Column{
			{Name: "id", Samples: []string{"1", "2", "3"}, Values: []string{"1", "2", "3", "5"}, Filled: 4, MeanChars: 1},
			{Name: "text", Samples: []string{long[:160] + "…", "b", "c"}, Filled: 4, MeanChars: 103. / 4},
			{Name: "author", Samples: []string{"HPL", "EAP", "EAP"}, Values: []string{"EAP", "HPL"}, Filled: 3, MeanChars: 3},
			{Name: "empty", Samples: []string{"", "", ""}},
		}},
	},
	{
		name: "LMSYS", file: "test.csv", content: "id,prompt,response_a,response_b\n9,\"[\"\"a\"\"]\",[null],[]\n",
		want: Header{Format: KaggleLMSYS, Rows: 1, Columns: []Column{
			{Name: "id", Samples: []string{"9"}, Values: []string{"9"}, Filled: 1, MeanChars: 1},
			{Name: "prompt", Samples: []string{`["a"]`}, Values: []string{`["a"]`}, Filled: 1, MeanChars: 5},
			{Name: "response_a", Samples: []string{"[null]"}, Values: []string{"[null]"}, Filled: 1, MeanChars: 6},
			{Name: "response_b", Samples: []string{"[]"}, Values: []string{"[]"}, Filled: 1, MeanChars: 2},
		}},
	},
	{
		name: "JSONL", file: "a.jsonl", content: "{\"id\":1,\"t\":\"x\",\"c\":[\"y\"]}\n{\"t\":\"z\"}\n-\n",
		want: Header{Format: JSONL, Rows: 2, Bad: 1, Columns: []Column{
			{Name: "id", Samples: []string{"1", ""}, Values: []string{"1"}, Filled: 1, MeanChars: 1},
			{Name: "t", Samples: []string{"x", "z"}, Values: []string{"x", "z"}, Filled: 2, MeanChars: 1},
			{Name: "c", Samples: []string{`["y"]`, ""}, Values: []string{`["y"]`}, Filled: 1, MeanChars: 5},
		}},
	},
	{
		name: "a header alone", file: "a.csv", content: "id,x\n",
		want: Header{Format: CSV, Columns: []Column{{Name: "id"}, {Name: "x"}}},
	},
}

func TestSniff(t *testing.T) {
	for _, tt := range sniffed {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Sniff(write(t, tt.file, tt.content))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSniffListsFewValuesOnly(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,few\n")
	for i := range 40 {
		b.WriteString(strings.Repeat("x", i+1) + ",v\n")
	}
	h, err := Sniff(write(t, "a.csv", b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if h.Columns[0].Values != nil || len(h.Columns[1].Values) != 1 {
		t.Errorf("values %q and %q", h.Columns[0].Values, h.Columns[1].Values)
	}
}
