package corpus

import (
	"bytes"
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func survey(t testing.TB, o Options, threads int, paths ...string) Profile {
	t.Helper()
	o.Whole = true
	r, err := ReadFiles(paths, o)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p, err := Survey(r, threads, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The figures were counted with Python 3.11: csv and json for rows and turns, len for characters, str.strip for empty ones, re for control
// characters, the index ceil(p·n) - 1 of the sorted lengths for quantiles, and tiktoken 0.14.0 with the ranks of cl100k_base for tokens. The
// tokens may be more by a little; package tokens tells why.
func TestSurveyOfRealFiles(t *testing.T) {
	p := survey(t, Options{}, 0, shared(t, "mtbench_human_votes.csv"))
	s := p.Statistics
	if s.Conversations != 3241 || *s.Models != 6 || s.Users != nil || *s.RepeatedIDs != 0 || p.Rows != 3241 || p.Kept != 3241 {
		t.Errorf("%+v", s)
	}
	if diff := cmp.Diff(Messages{All: 4850}, s.Prompts); diff != "" {
		t.Errorf("prompts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Messages{All: 9700, Empty: 18}, s.Responses); diff != "" {
		t.Errorf("responses (-want +got):\n%s", diff)
	}
	totals(t, "prompts", s.PromptChars, s.PromptTokens, 4850, 1140642, 251476)
	totals(t, "responses", *s.ResponseChars, *s.ResponseTokens, 9700, 8416326, 1874323)
	for _, q := range []struct{ got, want int }{{s.PromptChars.Median, 131}, {s.PromptTokens.Median, 27}, {s.PromptChars.P95, 862}, {s.PromptTokens.P95, 200},
		{s.ResponseChars.Median, 593}, {s.ResponseTokens.Median, 145}, {s.ResponseChars.P95, 2494}, {s.ResponseTokens.P95, 525}} {
		if q.got != q.want {
			t.Errorf("quantile %d, want %d", q.got, q.want)
		}
	}
	if s.Turns.Mean != 4850./3241 || s.Turns.Max != 2 {
		t.Errorf("turns %+v", s.Turns)
	}
	if diff := cmp.Diff([]Count{{"winner_model_b", 1271}, {"winner_model_a", 1209}, {"winner_tie", 761}}, s.Classes); diff != "" {
		t.Errorf("classes (-want +got):\n%s", diff)
	}
	votes := map[string][3]int{"alpaca-13b": {962, 1441, 112185}, "gpt-3.5-turbo": {1460, 2184, 426799}, "vicuna-13b-v1.2": {1074, 1606, 391647},
		"claude-v1": {958, 1434, 317071}, "llama-13b": {1027, 1538, 254662}, "gpt-4": {1001, 1497, 371959}}
	for _, g := range s.ByModel {
		want := votes[g.Name]
		if g.Conversations != want[0] || g.Responses.All != want[1] || !near(g.ResponseTokens.Mean*float64(want[1]), want[2]) {
			t.Errorf("%s: %d conversations, %d responses of %g tokens, want %v", g.Name, g.Conversations, g.Responses.All, g.ResponseTokens.Mean, want)
		}
	}
}

func TestSurveyOfPrompts(t *testing.T) {
	s := survey(t, Options{}, 0, shared(t, "chat_prompts.jsonl")).Statistics
	if s.Conversations != 4729 || s.Models != nil || s.ResponseTokens != nil || s.Prompts.Replaced != 6 || s.Prompts.Controls != 0 || s.Prompts.Empty != 0 {
		t.Errorf("%+v", s)
	}
	totals(t, "prompts", s.PromptChars, s.PromptTokens, 4729, 3664609, 887327)
	if s.PromptChars.Median != 192 || s.PromptTokens.Median != 44 || s.PromptChars.P95 != 3479 || s.PromptTokens.P95 != 815 {
		t.Errorf("characters %+v, tokens %+v", s.PromptChars, s.PromptTokens)
	}
	english := s.ByLanguage[0]
	if english.Name != "English" || english.Conversations < 4000 || *s.Languages > 40 {
		t.Errorf("%d languages; most texts, %d, are in %s", *s.Languages, english.Conversations, english.Name)
	}
}

// totals holds means against sums that were counted apart.
func totals(t *testing.T, what string, chars, tokens Lengths, texts, wantChars, wantTokens int) {
	t.Helper()
	if got := chars.Mean * float64(texts); math.Round(got) != float64(wantChars) {
		t.Errorf("%s: %.0f characters, want %d", what, got, wantChars)
	}
	if got := tokens.Mean * float64(texts); !near(got, wantTokens) {
		t.Errorf("%s: %.0f tokens, want %d", what, got, wantTokens)
	}
}

// near allows for what package tokens counts too much: 0.03 % on these files.
func near(got float64, want int) bool {
	return got > float64(want)-0.5 && got < float64(want)*1.0005
}

// The figures do not depend on the number of threads, on the order of equal rows, or on a second pass.
func TestSurveyIsTheSameOnAnyThreads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "chats.parquet")
	writeChats(t, path, 500)
	r, err := Read(path, Options{Whole: true, Detect: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var first []byte
	for _, threads := range []int{1, 2, 7} {
		var last int64
		p, err := Survey(r, threads, func(done, total int64) {
			if done < last || done > total {
				t.Errorf("%d of %d bytes after %d", done, total, last)
			}
			last = done
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = got
		}
		if !bytes.Equal(first, got) {
			t.Errorf("%d threads: %s\nbut one: %s", threads, got, first)
		}
	}
}

// A census of the whole is the sum of those of its parts.
func TestCensusesAddUp(t *testing.T) {
	all := fixture("x")
	for cut := range len(all) {
		whole, a, b := newCensus(false), newCensus(false), newCensus(false)
		whole.addAll(all)
		a.addAll(all[cut:])
		b.addAll(all[:cut])
		a.merge(b)
		if diff := cmp.Diff(whole, a, cmp.AllowUnexported(census{}, sums{}, spoken{})); diff != "" {
			t.Fatalf("cut at %d (-whole +parts):\n%s", cut, diff)
		}
	}
}

// Both sides of a battle are the same row, but each model has its own answers; a model that meets itself has both, and one conversation.
func TestCensusOfSides(t *testing.T) {
	c := newCensus(false)
	c.addAll([]Conversation{
		{Models: []string{"a", "b"}, Turns: []Turn{{Role: User, Text: "q"}, {Role: Assistant, Text: "yes"}, {Role: Assistant, Text: "", Side: 1}, {Role: Assistant, Null: true, Side: 1}}},
		{Models: []string{"a", "a"}, Turns: []Turn{{Role: System, Text: "s"}, {Role: User, Text: "\x00"}, {Role: Assistant, Text: "1"}, {Role: Assistant, Text: "2", Side: 1}}},
		{Models: []string{""}, Turns: []Turn{{Role: Assistant, Text: "alone"}}},
	})
	var got []int
	for _, s := range []*sums{&c.all, c.models["a"], c.models["b"]} {
		got = append(got, s.conversations, s.prompts.All, s.responses.All, s.responses.Null, s.responses.Empty, s.prompts.Controls)
	}
	want := []int{3, 2, 6, 1, 1, 1, 2, 2, 3, 0, 0, 1, 1, 1, 2, 1, 1, 0}
	if !slices.Equal(got, want) || len(c.models) != 2 || c.all.turns[0] != 1 || c.all.turns[1] != 2 {
		t.Errorf("got %v, want %v; turns %v", got, want, c.all.turns)
	}
}
