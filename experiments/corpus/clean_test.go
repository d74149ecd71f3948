package corpus

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// everything keeps all rows.
var everything = Filter{MaxChars: math.MaxInt}

// cleaned runs Clean over a file and returns what it found, the rows and dropped.csv.
func cleaned(t *testing.T, name, content string, o Options, f Filter) (done *Cleaned, out, dropped string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Read(path, o)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var rows, list bytes.Buffer
	if done, err = Clean(r, CleanOptions{Filter: f, Out: &rows}); err != nil {
		t.Fatal(err)
	}
	if err := done.WriteDropped(&list); err != nil {
		t.Fatal(err)
	}
	if done.Rows != done.Kept+done.Dropped {
		t.Errorf("%d rows are %d kept and %d dropped", done.Rows, done.Kept, done.Dropped)
	}
	return done, rows.String(), list.String()
}

// languages are prompts in many scripts, messy as users write them.
var languages = []string{
	"用中文写一首关于月亮和大海的短诗，要求押韵，不超过八行，谢谢你的帮助！", "月と海についての俳句を三つ書いてください。季語も入れてくださいね。お願いします！",
	"달과 바다에 대한 짧은 시를 써 주세요. 운율도 맞춰 주시면 정말 감사하겠습니다.", "اكتب قصيدة قصيرة عن القمر والبحر من فضلك، ولا تنسَ القافية يا صديقي",
	"कृपया चाँद और समुद्र के बारे में एक छोटी कविता लिखिए, धन्यवाद।", "เขียนบทกวีสั้นๆ เกี่ยวกับดวงจันทร์และทะเลให้หน่อยครับ ขอบคุณมากครับ",
	"Напиши короткое стихотворение о луне и море, пожалуйста, с рифмой и без лишних слов!!!", "כתוב שיר קצר על הירח והים, בבקשה, עם חרוזים ובלי שגיאות",
	"Γράψε ένα σύντομο ποίημα για το φεγγάρι και τη θάλασσα, παρακαλώ", "Écris un poème — « court » — sur la lune, la mer & l'été… merci !",
	"😂😂 write me a funny story about 🐈‍⬛ and 🐕, with emoji in every line pls 🙏", "def f(x):\n\treturn x**2 + 3*x  # what does this do?\n\n```python\nprint(f(2))\n```",
	"Solve $\\int_0^1 x^2\\,dx$ and show that ∑_{i=1}^n i = n(n+1)/2, thanks", "চাঁদ ও সমুদ্র নিয়ে একটি ছোট কবিতা লেখো, দয়া করে", "Hãy viết một bài thơ ngắn về mặt trăng và biển cả, cảm ơn bạn",
	"zażółć gęślą jaźń: co to znaczy i skąd się wzięło to zdanie?", "\"quoted\", comma, semicolon; and a\ttab – all \\ in one / line",
}

// rowsOf writes texts as a file of a format.
func rowsOf(format Format, texts []string) string {
	var b strings.Builder
	if format != JSONL {
		b.WriteString(map[Format]string{CSV: "note,text,id\r\n", KaggleLMSYS: "id,model_a,prompt,response_a,response_b\n"}[format])
	}
	for i, text := range texts {
		twice := strings.NewReplacer(`"`, `""`).Replace
		switch format {
		case CSV:
			fmt.Fprintf(&b, "n %d,\"%s\",%d\r\n", i, twice(text), i)
		case KaggleLMSYS:
			turns := "[" + string(quoted(text)) + ", null ]"
			fmt.Fprintf(&b, "%d,x,\"%s\",\"%s\",\"[\"\"ok\"\"]\"\n", i, twice(turns), twice(turns))
		case JSONL:
			fmt.Fprintf(&b, "{ \"text\": [ {\"role\":\"user\", \"content\":%s} ],\"id\": %d , \"more\":1.50}\n", quoted(text), i)
		}
	}
	return b.String()
}

// TestNothingIsLost: rows in many languages survive every rule, and what survives is the file, byte for byte.
func TestNothingIsLost(t *testing.T) {
	strict := Filter{MinChars: 20, MaxChars: 1536, Duplicates: Near, LowQuality: Drop, PII: Redact}
	for format, name := range map[Format]string{CSV: "a.csv", KaggleLMSYS: "train.csv", JSONL: "a.jsonl"} {
		for _, mess := range []func(string) string{
			func(s string) string { return s },
			func(s string) string { return "\xef\xbb\xbf" + s },
			func(s string) string { return strings.TrimSuffix(strings.TrimSuffix(s, "\n"), "\r") },
			func(s string) string { return strings.Replace(s, "\n", "\n\n\n", 3) },
		} {
			content := mess(rowsOf(format, languages))
			done, out, dropped := cleaned(t, name, content, Options{}, strict)
			if out != content || done.Kept != len(languages) {
				t.Errorf("%s: %d of %d rows kept, dropped:\n%s\n%s", format, done.Kept, len(languages), dropped, cmp.Diff(content, out))
			}
		}
	}
}

// TestRealCopies: a filter that keeps everything copies real files as they are.
func TestRealCopies(t *testing.T) {
	for _, name := range []string{"chat_prompts.jsonl", "mtbench_human_votes.csv", "clinc150.csv", "spooky/train.csv"} {
		path := filepath.Join("..", "..", "..", "shared", "data", name)
		want, err := os.ReadFile(path)
		if err != nil {
			t.Skipf("%s is not here", path)
		}
		r, err := Read(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := Clean(r, CleanOptions{Filter: everything, Out: &out}); err != nil {
			t.Error(err)
		}
		if r.Close(); !bytes.Equal(out.Bytes(), want) {
			t.Errorf("%s: %d bytes become %d", name, len(want), out.Len())
		}
	}
}

// TestReasons: a row is dropped for the first rule that it meets, and duplicates are of rows that were kept.
func TestReasons(t *testing.T) {
	const long = "Write a poem about the sea and the moon, and make every line of it rhyme with the one before"
	const short = "Bake a loaf of bread, then slice it"
	content := "id,text,who\n" +
		"a,short,u1\n" +
		"b,Summarize the following text for me please:,u1\n" +
		"c,\"Please send the invoice of last month to jane.doe@gmail.com today, and a copy to the bank\",u1\n" +
		"d," + strings.ReplaceAll(long, ",", "") + ",u1\n" +
		"e,\"Please  SEND the invoice of last month to jane.doe@gmail.com today, and a copy to the bank\",u2\n" +
		"f,  " + strings.ToUpper(strings.ReplaceAll(long, ",", "")) + ",u2\n" +
		"g," + strings.ReplaceAll(long, ",", "") + " it,u2\n" +
		"h," + strings.ReplaceAll(long, ",", "") + ",u1\n" +
		"j,\"" + short + "\",u4\n" +
		"k," + strings.ReplaceAll(short, ",", "") + "!,u4\n" +
		"i,\"a stray \"quote\" and more than thirty-two characters\",u3\n"
	done, out, dropped := cleaned(t, "a.csv", content, Options{User: "who", SkipBad: true},
		Filter{MinChars: 32, MaxChars: 200, Duplicates: Near, LowQuality: Drop, PII: Drop})
	want := `line,id,reason
2,a,shorter than 32 characters
3,b,low quality: truncated
4,c,personal data: email
6,e,personal data: email
7,f,exact duplicate of d
8,g,near duplicate of d (0.95)
9,h,the user's own prompt again of d
11,k,near duplicate of j (the same words)
12,,"a quoted cell is not closed, or has a single quote inside; noticed at 12:12"
`
	if diff := cmp.Diff(want, dropped); diff != "" {
		t.Errorf("dropped.csv (-want +got):\n%s", diff)
	}
	if want := "id,text,who\nd," + strings.ReplaceAll(long, ",", "") + ",u1\nj,\"" + short + "\",u4\n"; out != want {
		t.Errorf("kept %q, want %q", out, want)
	}
	rules := map[string][2]int{}
	for _, r := range done.Rules {
		if r.Found > 0 {
			rules[r.Rule] = [2]int{r.Found, r.Dropped}
		}
	}
	wantRules := map[string][2]int{"shorter than 32 characters": {1, 1}, "low quality: truncated": {1, 1}, "personal data": {2, 2}, "exact duplicate": {1, 1}, "near duplicate": {2, 2},
		"the user's own prompt again": {1, 1}, "cannot be read": {1, 1}}
	if diff := cmp.Diff(wantRules, rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	if u := done.Users; u == nil || u.Users != 3 || u.Rows != 10 || math.Abs(u.Gini-0.2) > 1e-12 || math.Abs(u.Top-0.5) > 1e-12 {
		t.Errorf("users: %+v", u)
	}
}

// TestRedactTurns: what is named again has the number that it had before, and those of placeholders that stand there already are taken.
func TestRedactTurns(t *testing.T) {
	talk := func() []Turn {
		return []Turn{{Role: Assistant, Text: "Mail bob.jones@gmail.com"}, {Role: User, Text: "No, ann.smith@gmail.com"}, {Text: "or bob.jones@gmail.com, EMAIL_1"}}
	}
	kept, redacted := talk(), talk()
	Filter{PII: Drop}.RedactTurns(kept)
	if diff := cmp.Diff(talk(), kept); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	Filter{PII: Redact}.RedactTurns(redacted)
	want := []Turn{{Role: Assistant, Text: "Mail EMAIL_2"}, {Role: User, Text: "No, EMAIL_3"}, {Text: "or EMAIL_2, EMAIL_1"}}
	if diff := cmp.Diff(want, redacted); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestMeasure: a filter that keeps everything finds what a strict one drops of duplicates.
func TestMeasure(t *testing.T) {
	texts := append(languages, languages[0], strings.ToUpper(languages[6]), languages[10]+" !")
	content := rowsOf(JSONL, texts)
	loose, out, _ := cleaned(t, "a.jsonl", content, Options{}, everything)
	strict, _, _ := cleaned(t, "a.jsonl", content, Options{}, Filter{MaxChars: math.MaxInt, Duplicates: Near})
	for i, r := range loose.Rules {
		if s := strict.Rules[i]; r.Found != s.Found || r.Dropped != 0 {
			t.Errorf("%s: %d found by the filter that keeps, %d by the other", r.Rule, r.Found, s.Found)
		}
	}
	if strict.Dropped != 3 || out != content {
		t.Errorf("%d of 3 dropped", strict.Dropped)
	}
}

// TestRedacted: only strings with something personal change, in prompts and answers, and equal values of a row get equal numbers.
func TestRedacted(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"a.csv", "id,text,mail\n1,\"Mail \"\"me\"\" at a@b.com, or c@d.org.\",z@y.com\n2,plain a@b.com,x\n3,\"no, nothing\",\n",
			"id,text,mail\n1,\"Mail \"\"me\"\" at EMAIL_1, or EMAIL_2.\",z@y.com\n2,plain EMAIL_1,x\n3,\"no, nothing\",\n"},
		{"train.csv", "id,prompt,response_a,response_b,n\r\n1,\"[\"\"Write to NAME_1, a@b.com \\u00e9\"\", null]\",\"[\"\"Done: a@b.com, c@d.org <b>\"\"]\",\"[ \"\"x\\u00e9\"\" ]\",a@b.com\r\n" +
			"2,\"[\"\"Hi \\ud83d\"\",\"\"there\"\"]\",\"[\"\"ok\"\"]\",not a list but c@d.org,\r\n",
			"id,prompt,response_a,response_b,n\r\n1,\"[\"\"Write to NAME_1, EMAIL_1 é\"\", null]\",\"[\"\"Done: EMAIL_1, EMAIL_2 <b>\"\"]\",\"[ \"\"x\\u00e9\"\" ]\",a@b.com\r\n" +
				"2,\"[\"\"Hi \\ud83d\"\",\"\"there\"\"]\",\"[\"\"ok\"\"]\",not a list but EMAIL_1,\r\n"},
		{"a.jsonl", `{"id": 1, "mail":"a@b.com", "text" : [{"role":"user","content":"to a@b.com"}, {"role":"assistant","content":"a@b.com & 8.8.8.8"}]}` + "\n" + `{"text":"x\ty","id":2}` + "\n",
			`{"id": 1, "mail":"a@b.com", "text" : [{"role":"user","content":"to EMAIL_1"}, {"role":"assistant","content":"EMAIL_1 & IP_1"}]}` + "\n" + `{"text":"x\ty","id":2}` + "\n"},
	} {
		f := everything
		f.PII = Redact
		_, out, _ := cleaned(t, c.name, c.content, Options{}, f)
		if diff := cmp.Diff(c.want, out); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestConcentration: figures by hand; equal users have a Gini coefficient of 0.
func TestConcentration(t *testing.T) {
	for _, c := range []struct {
		rows map[string]int
		want Concentration
	}{
		{map[string]int{}, Concentration{}},
		{map[string]int{"a": 7}, Concentration{1, 7, 1, 0}},
		{map[string]int{"a": 2, "b": 2, "c": 2, "d": 2}, Concentration{4, 8, 0.25, 0}},
		{map[string]int{"a": 1, "b": 2, "c": 3, "d": 4}, Concentration{4, 10, 0.4, 0.25}},
	} {
		if got := *concentration(c.rows); !cmp.Equal(got, c.want) {
			t.Errorf("%v: %+v, want %+v", c.rows, got, c.want)
		}
	}
}

// FuzzCells: cells are found where encoding/csv finds them, and a copy of a record is the record.
func FuzzCells(f *testing.F) {
	f.Add("1,\"a, \"\"b\"\"\nc\",d\r\n")
	f.Add("\n\n,,\"\"")
	f.Fuzz(func(t *testing.T, record string) {
		s := newCSV(strings.NewReader(record), 0, 0)
		want, err := s.header()
		if err != nil {
			return
		}
		raw := record[:s.done()]
		cells := cellsOf([]byte(raw))
		if len(cells) != len(want) {
			t.Fatalf("%q: %d cells, want %d", raw, len(cells), len(want))
		}
		for i, cell := range cells {
			got := raw[cell[0]:cell[1]]
			if len(got) > 1 && got[0] == '"' {
				got = strings.ReplaceAll(got[1:len(got)-1], `""`, `"`)
			}
			if got = strings.ReplaceAll(got, "\r\n", "\n"); got != want[i] {
				t.Errorf("%q: cell %d is %q, want %q", raw, i, got, want[i])
			}
		}
	})
}

// BenchmarkSieve is the price of each filter, per prompt.
func BenchmarkSieve(b *testing.B) {
	for _, c := range []struct {
		name string
		f    Filter
	}{{"length", Filter{}}, {"quality", Filter{LowQuality: Drop}}, {"pii", Filter{PII: Drop}}, {"exact", Filter{Duplicates: Exact}}, {"near", Filter{Duplicates: Near}}} {
		b.Run("filter="+c.name, func(b *testing.B) {
			s := NewSieve(c.f)
			i := 0
			for b.Loop() {
				i++
				s.Judge(Row{ID: "x", Text: fmt.Sprintf("%s %d %d %d", languages[i%len(languages)], i, i/2, i/3)})
			}
		})
	}
}

// TestCleanParquet: what cannot be copied row by row is refused before anything is written.
func TestCleanParquet(t *testing.T) {
	r, err := Read(filepath.Join("testdata", "parquet", "element.parquet"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out bytes.Buffer
	_, err = Clean(r, CleanOptions{Out: &out})
	if err == nil || !strings.Contains(err.Error(), "Write it as JSONL first: python -c") || out.Len() > 0 {
		t.Errorf("%v, and %d bytes", err, out.Len())
	}
}
