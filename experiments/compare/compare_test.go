package compare

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/experiments/corpus"
	"lbprobe/experiments/embed"
)

var halves = flag.Int("halves", 3, "random halves that TestHalves compares")

// open writes texts as JSONL with the ids prefix0, prefix1, … and opens them.
func open(t testing.TB, prefix string, texts []string) *corpus.Reader {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	for i, text := range texts {
		if err := e.Encode(map[string]string{"id": fmt.Sprint(prefix, i), "text": text}); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), prefix+".jsonl")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := corpus.Read(path, corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func run(t testing.TB, a, b []string, o Options) (*Comparison, string) {
	t.Helper()
	var pairs bytes.Buffer
	c, err := Run(open(t, "a", a), open(t, "b", b), o, &pairs)
	if err != nil {
		t.Fatal(err)
	}
	return c, pairs.String()
}

// TestPairs has one pair of each kind, and texts that only seem to be pairs.
func TestPairs(t *testing.T) {
	a := []string{
		"Write a poem about the sea, please.",
		"Write  a POEM about the sea, please.",
		"Please send the invoice of last month to jane.doe@gmail.com today, and a copy of it to the bank as soon as you can",
		"Write a reference letter for John Smith, who was my assistant, and mention that he was always on time for work",
		"Tell NAME_1 that the meeting with NAME_2 is moved to the afternoon and that nobody needs to bring anything to it",
		"Compare Python and Rust for NAME_1 as languages to begin with, in a table of five rows",
		"用中文写一首关于月亮和大海的短诗，要求押韵，不超过八行。",
		"Who was Albert Einstein and what is he famous for?",
		"I missed that, say it again",
		"Yes that's it.",
		"\"Yes\", that's it!",
	}
	b := []string{
		"write a poem about the sea, please.",
		"Please send the invoice of last month to EMAIL_1 today, and a copy of it to the bank as soon as you can",
		"Write a reference letter for NAME_1, who was my assistant, and mention that he was always on time for work",
		"Tell Bob that the meeting with Mary Ann Miller is moved to the afternoon and that nobody needs to bring anything to it",
		"Compare Java and Go for Bob as languages to begin with, in a table of five rows",
		"用中文写一首关于月亮和大海的短诗，要求押韵，不超过六行。",
		"Who was Isaac Newton and what is he famous for?",
		"I missed that. Say it again!",
		"yes, that's it",
		"!?",
	}
	c, pairs := run(t, a, b, Options{Threshold: 0.7})
	want := `id_a,id_b,similarity,kind
a0,b0,1.0000,exact
a1,b0,1.0000,exact
a2,b1,0.7500,near
a3,b2,1.0000,names
a4,b3,1.0000,names
a6,b5,0.7931,near
a8,b7,1.0000,words
a9,b8,1.0000,words
a10,b8,1.0000,words
`
	if diff := cmp.Diff(want, pairs); diff != "" {
		t.Errorf("pairs.csv (-want +got):\n%s", diff)
	}
	o := c.Overlap
	if o.Exact.Rows != 1 || o.Near.Rows != 2 || o.Words.Rows != 2 || o.Names.Rows != 2 || o.Any.Rows != 7 || o.Any.Of != 10 || o.Pairs != 9 || o.Unlisted != 0 || o.Semantic != nil {
		t.Errorf("overlap %+v", o)
	}
	wantPII := PII{Pairs: 7, Changed: 3, Added: map[string]int{}, Removed: map[string]int{"email": 1}, NamesHidden: 1, NamesShown: 2}
	if diff := cmp.Diff(wantPII, c.PII); diff != "" {
		t.Errorf("personal data (-want +got):\n%s", diff)
	}
	if c.A.Rows != 11 || c.A.Distinct != 10 || c.B.Rows != 10 || c.B.Distinct != 10 || c.Topics != nil {
		t.Errorf("sets %+v and %+v", c.A, c.B)
	}
}

// TestMost: a text that A has often fills no more than the list.
func TestMost(t *testing.T) {
	a := make([]string, 25)
	for i := range a {
		a[i] = "Write a poem about the sea, please."
	}
	c, pairs := run(t, a, []string{"write a poem about the sea, please.", "something else"}, Options{Most: 4})
	if n := strings.Count(pairs, "exact"); n != 4 || c.Overlap.Pairs != 4 || c.Overlap.Unlisted != 21 || c.Overlap.Exact.Rows != 1 {
		t.Errorf("%d pairs, %+v", n, c.Overlap)
	}
}

// talk makes texts on one of a few subjects.
func talk(rng *rand.Rand, subject int) string {
	subjects := [][]string{
		{"python", "function", "loop", "error", "compile", "thread", "pointer", "array"}, {"onion", "soup", "bread", "oven", "salt", "recipe", "knead", "slice"},
		{"museum", "mountain", "ticket", "border", "hotel", "train", "island", "passport"}, {"guitar", "melody", "chord", "drum", "concert", "singer", "rhythm", "album"},
	}
	words := make([]string, 12)
	for i := range words {
		words[i] = subjects[subject][rng.IntN(8)]
	}
	return "Please tell me about " + strings.Join(words, " ")
}

// TestTopics: a subject that B lacks is missing, one that A lacks is far from all topics, and sets of one kind do not differ.
func TestTopics(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var a, b, alike []string
	for range 300 {
		a, alike = append(a, talk(rng, rng.IntN(3))), append(alike, talk(rng, rng.IntN(3)))
	}
	for i := range 300 {
		b = append(b, talk(rng, []int{0, 1, 3}[i%3]))
	}
	c, _ := run(t, a, b, Options{K: 3, Seed: 1})
	missing := 0
	for _, row := range c.Topics.Rows {
		if row.Missing {
			missing++
			if !strings.Contains(strings.Join(row.Keywords, " "), "mountain") && !strings.Contains(strings.Join(row.Keywords, " "), "museum") && row.B.Rows != 0 {
				t.Errorf("missing: %+v", row)
			}
		}
	}
	if missing != 1 || c.Topics.Test.P > 1e-6 || c.Topics.Test.VCorrected < 0.3 {
		t.Errorf("%d missing, test %v", missing, c.Topics.Test)
	}
	if f := c.Topics.Far; f.Difference.Lo <= 0.1 || len(f.New) == 0 || !strings.Contains(fmt.Sprint(f.New), "melody") {
		t.Errorf("far: %+v", f)
	}
	same, _ := run(t, a, alike, Options{K: 3, Seed: 1})
	if same.Topics.Test.P < 0.001 {
		t.Errorf("sets of one kind differ: %v", same.Topics.Test)
	}
	again, _ := run(t, a, b, Options{K: 3, Seed: 1, Threads: 3})
	if diff := cmp.Diff(c.Topics, again.Topics); diff != "" {
		t.Errorf("the number of threads shows:\n%s", diff)
	}
}

// TestHalves splits real prompts at random, again and again: if the two halves are of one kind, p should be below 0.05 one time in twenty. Topics are fitted on the first half,
// which could favour it.
func TestHalves(t *testing.T) {
	const path = "../../../shared/data/chat_prompts.jsonl"
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here", path)
	}
	r, err := corpus.Read(path, corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var texts []string
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, row.Text[:min(len(row.Text), 400)])
	}
	rng := rand.New(rand.NewPCG(7, 7))
	trials, low := *halves, 0
	far := 0.0
	for range trials {
		rng.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
		c, _ := run(t, texts[:1000], texts[1000:2000], Options{Seed: rng.Uint64()})
		if c.Topics.Test.P < 0.05 {
			low++
		}
		far += c.Topics.Far.B.Share / float64(trials)
	}
	t.Logf("p < 0.05 in %d of %d random halves; rows of B beyond A's 0.99 quantile: %.4f", low, trials, far)
	if low > 2+trials/10 {
		t.Errorf("p < 0.05 in %d of %d random halves", low, trials)
	}
}

// TestVectors: real prompts against themselves, by real vectors: every row is its own neighbour, and a wrong number of rows is refused.
func TestVectors(t *testing.T) {
	const data = "../../../shared/data/"
	if _, err := os.Stat(data); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here", data)
	}
	file, err := embed.OpenNPY(data + "chat_prompts.minilm.npy")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all, err := file.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	texts := make([]string, 600)
	for i := range texts {
		texts[i] = fmt.Sprintf("text number %d", i)
	}
	x, y := part(all, 0, 500), part(all, 100, 600)
	c, pairs := run(t, texts[:500], texts[100:600], Options{VectorsA: &x, VectorsB: &y, Cosine: 0.999, K: 5})
	if s := c.Overlap.Semantic; s == nil || s.Rows < 400 || !strings.Contains(pairs, "a100,b0,1.0000,semantic") {
		t.Errorf("semantic: %+v", s)
	}
	if c.Topics == nil || len(c.Topics.Rows) != 6 {
		t.Errorf("topics: %+v, notes %v", c.Topics, c.Notes)
	}
	if _, err := Run(open(t, "a", texts[:499]), open(t, "b", texts[:500]), Options{VectorsA: &x, VectorsB: &y}, &bytes.Buffer{}); err == nil ||
		!strings.Contains(err.Error(), "the vectors are of 500 and 500 rows, the sets have 499 and 500") {
		t.Errorf("wrong rows: %v", err)
	}
}

func TestBlind(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"Write to John Smith, please.", "Write to NAME_1, please."},
		{"Is it Anna's book?", "Is it NAME_12's book?"},
		{"dear Mr O. Miller", "dear Mr O. NAME_1"},
	} {
		if blind(c.a) != blind(c.b) {
			t.Errorf("%q and %q: %q, %q", c.a, c.b, blind(c.a), blind(c.b))
		}
	}
	if text := "用中文写 and no capitals, 42!"; blind(text) != text {
		t.Errorf("%q becomes %q", text, blind(text))
	}
}

// TestRepeats: a set that repeats itself is said to, because the test takes its rows for independent; one that does not is not.
func TestRepeats(t *testing.T) {
	var once []string
	for i := range 100 {
		once = append(once, fmt.Sprintf("prompt number %d of a hundred, and no other", i))
	}
	c, _ := run(t, append(slices.Clone(once[:98]), once[0], "PROMPT  number 1 of a hundred, and no other"), once, Options{})
	var said []string
	for _, note := range c.Notes {
		if strings.Contains(note, "repeats itself:") {
			said = append(said, note)
		}
	}
	if len(said) != 1 || !strings.HasPrefix(said[0], "set A repeats itself: 2 of 100 rows ") {
		t.Errorf("notes: %q", said)
	}
}
