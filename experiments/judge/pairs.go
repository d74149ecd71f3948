package judge

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"lbprobe/experiments/corpus/duplicates"
)

// Answer is what a model has answered to the first prompt of a conversation.
type Answer struct {
	ID, Model, Prompt, Response string
}

// Grouper says which texts are alike: alike texts get equal numbers, all others different ones.
type Grouper func(texts []string) (group []int)

// AlikeTexts groups texts that are equal after the normalisation of [duplicates.Normalise], or near duplicates: then each is as similar to the first of
// its group (Jaccard similarity of the shingles) as near says. 0 and 1 take equal texts alone.
func AlikeTexts(near float64) Grouper {
	if near == 0 || near == 1 {
		return equalTexts
	}
	return func(texts []string) []int {
		index := duplicates.NewIndex(duplicates.Options{Threshold: near})
		group := make([]int, len(texts))
		first := map[duplicates.Print]int{} // texts that are too short to have shingles are alike if they are equal
		var normal []byte
		var scratch []duplicates.Match
		for i, text := range texts {
			normal = duplicates.Normalise(normal[:0], text)
			print := duplicates.Fingerprint(normal)
			if g, ok := first[print]; ok {
				group[i] = g
				continue
			}
			index.Take(normal)
			if best, ok := index.Best(scratch); ok {
				group[i] = best.Doc
			} else {
				group[i] = index.Add()
			}
			first[print] = group[i]
		}
		return group
	}
}

// equalTexts groups texts that are equal after normalisation.
func equalTexts(texts []string) []int {
	number, group := map[duplicates.Print]int{}, make([]int, len(texts))
	var normal []byte
	for i, text := range texts {
		normal = duplicates.Normalise(normal[:0], text)
		print := duplicates.Fingerprint(normal)
		if _, ok := number[print]; !ok {
			number[print] = len(number)
		}
		group[i] = number[print]
	}
	return group
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
