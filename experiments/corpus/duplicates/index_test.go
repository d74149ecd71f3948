package duplicates

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// similarity is the Jaccard similarity of two texts of words, from sets of strings: nothing is hashed.
func similarity(a, b string) float64 {
	return jaccard(shinglesOf(a), shinglesOf(b))
}

func jaccard(s, t map[string]bool) float64 {
	shared := 0
	for g := range s {
		if t[g] {
			shared++
		}
	}
	return float64(shared) / float64(len(s)+len(t)-shared)
}

func shinglesOf(text string) map[string]bool {
	words := strings.Fields(strings.ToLower(text))
	set := map[string]bool{}
	for i := 0; i == 0 || i+3 <= len(words); i++ {
		set[strings.Join(words[i:min(i+3, len(words))], " ")] = true
	}
	return set
}

// planted makes texts of 5 to 120 words of which a third are edited copies of earlier ones: words replaced, dropped, put in, or cut off at the end.
func planted(rng *rand.Rand, n int) []string {
	var texts []string
	for i := range n {
		if i > 20 && i%3 == 0 {
			texts = append(texts, edited(rng, texts[rng.IntN(i)]))
			continue
		}
		words := make([]string, 5+int(rng.ExpFloat64()*25)%116)
		for w := range words {
			words[w] = fmt.Sprintf("w%d", int(rng.ExpFloat64()*400))
		}
		texts = append(texts, strings.Join(words, " "))
	}
	return texts
}

func edited(rng *rand.Rand, text string) string {
	words := strings.Fields(text)
	switch edit, at := rng.IntN(4), rng.IntN(len(words)); edit {
	case 0:
		words[at] = "REPLACED"
	case 1:
		words = slices.Insert(words, at, "inserted")
	case 2:
		words = words[:len(words)-len(words)/6]
	case 3:
		words = slices.Delete(words, at, at+1)
	}
	if len(words) == 0 {
		return "one"
	}
	return strings.Join(words, "  ")
}

// TestPairs holds the pairs of an index against all pairs of texts. Those reported must be true ones; of the true ones, which bands find by chance, the
// goal is 0.98.
func TestPairs(t *testing.T) {
	texts := planted(rand.New(rand.NewPCG(3, 4)), 1200)
	truth := map[pair]float64{} // pairs that share a shingle
	sets := make([]map[string]bool, len(texts))
	for later := range texts {
		sets[later] = shinglesOf(texts[later])
		for earlier := range later {
			if s := jaccard(sets[earlier], sets[later]); s > 0 {
				truth[pair{earlier, later}] = s
			}
		}
	}
	for _, threshold := range []float64{0.5, 0.7, 0.8, 0.9, 1} {
		found := map[pair]bool{}
		for _, p := range pairsOf(texts, threshold) {
			if found[p] = true; truth[p] < threshold {
				t.Errorf("threshold %g: %q and %q are reported at similarity %g", threshold, texts[p.earlier], texts[p.later], truth[p])
			}
		}
		all, missed := 0, 0
		for p, s := range truth {
			if s >= threshold {
				if all++; !found[p] {
					missed++
				}
			}
		}
		t.Logf("threshold %g: %d of %d pairs found, every one right", threshold, all-missed, all)
		if all < 10 || float64(missed) > 0.02*float64(all) {
			t.Errorf("threshold %g: %d of %d pairs missed", threshold, missed, all)
		}
	}
}

// TestScripts: near duplicates in scripts with and without spaces.
func TestScripts(t *testing.T) {
	for _, c := range []struct {
		a, b string
		near bool
	}{
		{"请用中文写一首关于月亮和大海的短诗，要求押韵，不超过八行，谢谢你的帮助。", "请用中文写一首关于月亮和大海的短诗，要求押韵，不超过八行，谢谢您的帮助。", true},
		{"请用中文写一首关于月亮和大海的短诗，要求押韵，不超过八行，谢谢你的帮助。", "请解释量子力学中的不确定性原理，并举一个日常生活中的例子来说明。", false},
		{"月と海についての俳句を三つ書いてください。季語を必ず入れてください。", "月と海についての俳句を五つ書いてください。季語を必ず入れてください。", true},
		{"เขียนบทกวีสั้นๆ เกี่ยวกับดวงจันทร์และทะเลให้หน่อยครับ", "เขียนบทกวีสั้นๆ เกี่ยวกับดวงจันทร์และทะเลให้หน่อยค่ะ", true},
		{"Напиши короткое стихотворение о луне, море и далёких кораблях, которые уходят в туман рано утром", "НАПИШИ короткое стихотворение о луне, море и далёких кораблях, которые уходят в туман рано утром!", true},
		{"x", "x", true},
		{"x y", "y x", false},
		{"", "", false},
		{"🎉", "🎉", true},
	} {
		x := NewIndex(Options{Threshold: 0.7})
		x.Take(Normalise(nil, c.a))
		x.Add()
		x.Take(Normalise(nil, c.b))
		if m, ok := x.Best(nil); ok != c.near {
			t.Errorf("%q and %q: %v, want near=%v", c.a, c.b, m, c.near)
		}
	}
}

// TestSketch: the share of bins in which sketches agree is the similarity of the sets, without bias and at most as scattered as independent bins,
// for sets smaller and larger than the sketch.
func TestSketch(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const bins, trials = 64, 400
	for _, n := range []int{3, 20, 64, 1000} {
		for _, share := range []float64{0.2, 0.5, 0.8} {
			shared := int(math.Round(share * float64(n)))
			want := float64(shared) / float64(2*n-shared)
			sum, squares := 0.0, 0.0
			for range trials {
				a, b := make([]uint32, n), make([]uint32, n)
				for i := range n {
					a[i], b[i] = rng.Uint32(), rng.Uint32()
				}
				copy(b, a[:shared])
				var s, u [bins]uint64
				sketch(s[:], a)
				sketch(u[:], b)
				same := 0
				for i := range s {
					if s[i] == u[i] {
						same++
					}
				}
				x := float64(same) / bins
				sum, squares = sum+x, squares+x*x
			}
			mean := sum / trials
			variance := squares/trials - mean*mean
			binomial := want * (1 - want) / bins
			if math.Abs(mean-want) > 4*math.Sqrt(max(variance, 1e-6)/trials) || n >= bins && variance > 1.3*binomial {
				t.Errorf("%d members, similarity %.3f: mean %.4f, variance %.2g against %.2g", n, want, mean, variance, binomial)
			}
		}
	}
}

// TestShape: the bands meet what is said of them.
func TestShape(t *testing.T) {
	for threshold := 0.1; threshold <= 1.0001; threshold += 0.05 {
		s := min(threshold, 1)
		bands, rows := shape(s)
		if miss := math.Pow(1-math.Pow(s, float64(rows)), float64(bands)); miss > mostMissed || bands > mostBands && rows > 1 {
			t.Errorf("threshold %g: %d bands of %d rows miss %g", s, bands, rows, miss)
		}
	}
}

// TestManyChunks: documents are kept whole when they cross from one chunk to the next, and a document larger than a chunk.
func TestManyChunks(t *testing.T) {
	x := NewIndex(Options{})
	rng := rand.New(rand.NewPCG(1, 1))
	sizes := []int{chunk - 10, 30, 0, chunk + 5, 7, 7}
	var want [][]uint32
	for _, n := range sizes {
		list := make([]uint32, n)
		for i := range list {
			list[i] = rng.Uint32()
		}
		x.now.list = list
		clear(x.bins)
		x.Add()
		want = append(want, list)
	}
	for doc := range sizes {
		if got := x.document(doc); !slices.Equal(got, want[doc]) {
			t.Errorf("document %d has %d shingles, want %d", doc, len(got), len(want[doc]))
		}
	}
}

// TestCopies: a text that occurs often is found every time, in order.
func TestCopies(t *testing.T) {
	x := NewIndex(Options{})
	var want []Match
	for i := range 50 {
		x.Take(Normalise(nil, "Write a poem about the sea, and make it short."))
		if diff := cmp.Diff(want, x.Matches(nil)); diff != "" {
			t.Fatalf("copy %d (-want +got):\n%s", i, diff)
		}
		want = append(want, Match{x.Add(), 1})
	}
}

func TestBadOptions(t *testing.T) {
	for _, o := range []Options{{Threshold: -1}, {Threshold: 0.05}, {Threshold: 1.1}, {Threshold: math.NaN()}, {Shingle: -1}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v is accepted", o)
				}
			}()
			NewIndex(o)
		}()
	}
}
