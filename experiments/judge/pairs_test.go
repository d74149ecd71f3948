package judge

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAlikeTexts(t *testing.T) {
	const long = "please write a long and detailed letter to my landlord about the broken heating in the kitchen and the bathroom of our flat number"
	texts := []string{"Hello, World", "  hello,\n\tworld ", "ＨＥＬＬＯ, world", "hello world", "", "", long + " 7", long + " 8", "7 " + long, "another thing altogether"}
	for near, want := range map[float64][]int{0: {0, 0, 0, 1, 2, 2, 3, 4, 5, 6}, 1: {0, 0, 0, 1, 2, 2, 3, 4, 5, 6}, 0.8: {0, 0, 0, 1, 2, 2, 3, 3, 3, 4}} {
		if diff := cmp.Diff(want, AlikeTexts(near)(texts)); diff != "" {
			t.Errorf("near %g (-want +got)\n%s", near, diff)
		}
	}
}

// most is how many pairs of different models can be made at most, by trying all ways.
func most(models []string) int {
	if len(models) < 2 {
		return 0
	}
	best := most(models[1:])
	for i := 1; i < len(models); i++ {
		if models[i] != models[0] {
			rest := slices.Delete(slices.Clone(models[1:]), i-1, i)
			best = max(best, 1+most(rest))
		}
	}
	return best
}

// bare is a prompt of the test without what may differ.
func bare(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// Pairs are of alike prompts and different models, use no answer twice, and are as many as there can be.
func TestPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		answers := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Answer {
			return Answer{Model: rapid.SampledFrom([]string{"m", "n", "o"}).Draw(t, "model"), Prompt: rapid.SampledFrom([]string{"p", " P", "q"}).Draw(t, "prompt")}
		}), 0, 8).Draw(t, "answers")
		seed := rapid.Uint64().Draw(t, "seed")
		pairs := Pairs(answers, equalTexts, seed)
		used := map[int]bool{}
		for _, p := range pairs {
			a, b := answers[p.A], answers[p.B]
			if a.Model == b.Model || bare(a.Prompt) != bare(b.Prompt) || used[p.A] || used[p.B] || p.A == p.B {
				t.Fatalf("%+v of %+v", pairs, answers)
			}
			used[p.A], used[p.B] = true, true
		}
		want := 0
		for _, prompt := range []string{"p", "q"} {
			var models []string
			for _, a := range answers {
				if bare(a.Prompt) == prompt {
					models = append(models, a.Model)
				}
			}
			want += most(models)
		}
		if len(pairs) != want {
			t.Fatalf("%d pairs of %+v, want %d", len(pairs), answers, want)
		}
		if !slices.Equal(pairs, Pairs(answers, equalTexts, seed)) {
			t.Fatal("equal seed, other pairs")
		}
	})
}

// Which model is A is left to chance.
func TestPairsOrder(t *testing.T) {
	var answers []Answer
	for i := range 400 {
		answers = append(answers, Answer{Model: "m", Prompt: fmt.Sprint(i)}, Answer{Model: "n", Prompt: fmt.Sprint(i)})
	}
	first := 0
	for _, p := range Pairs(answers, equalTexts, 5) {
		if answers[p.A].Model == "m" {
			first++
		}
	}
	if first < 150 || first > 250 {
		t.Errorf("m is A in %d of 400 pairs", first)
	}
}
