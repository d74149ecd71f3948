package judge

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Answer is what a model has answered to the first prompt of a conversation.
type Answer struct {
	ID, Model, Prompt, Response string
}

// Grouper says which texts are alike: alike texts get equal numbers, all others different ones.
type Grouper func(texts []string) (group []int)

// EqualTexts is the Grouper of texts that are equal after normalisation: compatibility forms (NFKC) and small letters, white space as one
// space, nothing but letters, digits and signs at the ends.
func EqualTexts(texts []string) []int {
	number, group := map[string]int{}, make([]int, len(texts))
	for i, text := range texts {
		key := normalised(text)
		if _, ok := number[key]; !ok {
			number[key] = len(number)
		}
		group[i] = number[key]
	}
	return group
}

// normalised is a text without what does not change its meaning.
func normalised(text string) string {
	text = strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(text))), " ")
	if bare := strings.TrimFunc(text, unicode.IsPunct); bare != "" {
		return bare
	}
	return text
}

// Pair is two answers, by index, to prompts that are alike.
type Pair struct{ A, B int }

// Pairs pairs answers of different models to alike prompts. An answer is in one pair at most, and no other choice has more pairs: time and again the
// two models with the most answers left each give one. The seed draws which answers of a model meet, and which of the two is A. The pairs
// stand in the order of the first answer of their group.
func Pairs(answers []Answer, alike Grouper, seed uint64) []Pair {
	texts := make([]string, len(answers))
	for i, a := range answers {
		texts[i] = a.Prompt
	}
	members, order := map[int][]int{}, []int(nil)
	for i, g := range alike(texts) {
		if members[g] == nil {
			order = append(order, g)
		}
		members[g] = append(members[g], i)
	}
	random := rand.New(rand.NewPCG(seed, 0x7061697273))
	var out []Pair
	for _, g := range order {
		out = append(out, paired(answers, members[g], random)...)
	}
	return out
}

// stack is the answers of one model that are not in a pair yet.
type stack struct{ left []int }

// paired pairs the answers of one group.
func paired(answers []Answer, group []int, random *rand.Rand) (out []Pair) {
	stacks := stacked(answers, group)
	if len(stacks) < 2 {
		return nil
	}
	for _, s := range stacks {
		random.Shuffle(len(s.left), func(i, j int) { s.left[i], s.left[j] = s.left[j], s.left[i] })
	}
	for {
		slices.SortStableFunc(stacks, func(a, b *stack) int { return cmp.Compare(len(b.left), len(a.left)) })
		if len(stacks[1].left) == 0 {
			return out
		}
		p := Pair{stacks[0].pop(), stacks[1].pop()}
		if random.IntN(2) == 1 {
			p.A, p.B = p.B, p.A
		}
		out = append(out, p)
	}
}

func (s *stack) pop() int {
	last := len(s.left) - 1
	i := s.left[last]
	s.left = s.left[:last]
	return i
}

// stacked sorts the answers of a group by model.
func stacked(answers []Answer, group []int) []*stack {
	byModel := map[string]*stack{}
	var out []*stack
	for _, i := range group {
		s := byModel[answers[i].Model]
		if s == nil {
			s = &stack{}
			byModel[answers[i].Model], out = s, append(out, s)
		}
		s.left = append(s.left, i)
	}
	return out
}
