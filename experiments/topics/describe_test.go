package topics_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/experiments/topics"
)

func TestExemplars(t *testing.T) {
	texts := []string{"b", "a", " A\n", "c", "d", "e", "f"}
	topic := []int32{0, 0, 0, 0, 2, 2, 0}
	dist := []float64{3, 1, 0.5, 3, 9, 8, 4}
	want := [][]int{{2, 0, 3}, {}, {5, 4}}
	if diff := cmp.Diff(want, topics.Exemplars(dist, topic, texts, 3, 3)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestKeywords(t *testing.T) {
	var texts []string
	var topic []int32
	add := func(t int32, n int, format string) {
		for i := range n {
			texts, topic = append(texts, strings.ReplaceAll(format, "#", fmt.Sprintf("n%d", i))), append(topic, t)
		}
	}
	add(0, 10, "How do I bake the bread? Bread, bread, flour and # don't")
	add(0, 1, "yeast yeast yeast yeast yeast yeast yeast")
	add(1, 10, "how do i fly the plane over clouds and # 42")
	add(2, 10, "今天天气很好")
	add(3, 10, "Как испечь хлеб дома")
	want := [][]string{{"bake", "bread", "don't"}, {"clouds", "fly", "over"}, {"今天", "天天", "天气"}, {"дома", "испечь", "как"}, {}}
	// how, do, i, the, and are in two of four topics: not in more than half, so only their weight holds them back.
	if diff := cmp.Diff(want, topics.Keywords(texts, topic, 5, 3)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, words := range topics.Keywords(texts[:21], topic[:21], 2, 100) {
		for _, w := range words {
			if w == "how" || w == "the" || w == "42" {
				t.Errorf("%q is usual in both topics or no word, and still a keyword: %v", w, words)
			}
		}
	}
}

// The weights of one tiny case, worked out by hand: topic 0 has the words a a b, topic 1 the words b c (each once a text), so A = 2.5,
// and ln(1+A/f) is ln 2.25 for a and b, ln 3.5 for c. Topic 0: a 2·0.811, b 0.811. Topic 1: c 1.253, b 0.811.
func TestKeywordsOrder(t *testing.T) {
	got := topics.Keywords([]string{"a a", "b a", "c b"}, []int32{0, 0, 1}, 2, 5)
	// b is usual in both topics and left out.
	if diff := cmp.Diff([][]string{{"a"}, {"c"}}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func FuzzKeywords(f *testing.F) {
	for _, text := range []string{"", "don't ’", "ไทย 漢字かな mixed", "\xff\xfea b", "e\u0301 42x"} {
		f.Add(text, text+" more")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, list := range topics.Keywords([]string{a, b, a}, []int32{0, 1, 1}, 3, 4) {
			if len(list) > 4 {
				t.Errorf("%d keywords, asked for 4", len(list))
			}
			for _, w := range list {
				if strings.TrimSpace(w) == "" {
					t.Errorf("empty keyword %q", w)
				}
			}
		}
	})
}
