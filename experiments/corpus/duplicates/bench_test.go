package duplicates

import (
	"bufio"
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

var (
	prompts   = flag.String("prompts", "", "a `file` of prompts, one a line, with the planted pairs beside it in .dup.npy; left out: made up")
	pairsFile = flag.String("pairs", "", "write the pairs found to a `file`, earlier and later line, from 0")
	threshold = flag.Float64("threshold", 0.7, "of near duplicates")
)

// BenchmarkPairs finds all pairs of near duplicates, each text being held against those before it: the protocol of `make bench-duplicates`.
func BenchmarkPairs(b *testing.B) {
	texts, planted := corpusOf(b)
	b.ResetTimer()
	var pairs []pair
	for range b.N {
		pairs = pairsOf(texts, *threshold)
	}
	b.ReportMetric(float64(len(texts))*float64(b.N)/b.Elapsed().Seconds(), "texts/s")
	b.ReportMetric(float64(len(pairs)), "pairs")
	found := map[pair]bool{}
	for _, p := range pairs {
		found[p] = true
	}
	hits := 0
	for _, p := range planted {
		if found[p] {
			hits++
		}
	}
	if len(planted) > 0 {
		b.ReportMetric(float64(hits)/float64(len(planted)), "recall_of_planted")
	}
	if *pairsFile != "" {
		writePairs(b, pairs)
	}
}

type pair struct{ earlier, later int }

func pairsOf(texts []string, threshold float64) (pairs []pair) {
	x := NewIndex(Options{Threshold: threshold})
	var text []byte
	var matches []Match
	for i, t := range texts {
		text = Normalise(text[:0], t)
		x.Take(text)
		matches = x.Matches(matches[:0])
		for _, m := range matches {
			pairs = append(pairs, pair{m.Doc, i})
		}
		x.Add()
	}
	return pairs
}

// BenchmarkIndex says what an index of so many prompts takes: its time a prompt must not grow with them.
func BenchmarkIndex(b *testing.B) {
	for _, n := range []int{62_500, 250_000, 1_000_000} {
		b.Run(fmt.Sprintf("texts=%d", n), func(b *testing.B) {
			for range b.N {
				rng := rand.New(rand.NewPCG(1, 2))
				x := NewIndex(Options{})
				var text []byte
				var matches []Match
				for i := range n {
					text = Normalise(text[:0], madeUp(rng, i))
					x.Take(text)
					if matches = x.Matches(matches[:0]); len(matches) == 0 {
						x.Add()
					}
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(n*b.N), "µs/text")
		})
	}
}

// madeUp is a prompt of about 40 words; every eighth one is much like the one before it in the same series.
func madeUp(rng *rand.Rand, i int) string {
	var b strings.Builder
	state := uint64(i)
	if i%8 == 7 {
		state--
	}
	own := rand.New(rand.NewPCG(state, 7))
	words := 10 + own.IntN(60)
	change := -1
	if i%8 == 7 {
		change = rng.IntN(words)
	}
	for w := range words {
		v := int(own.ExpFloat64() * 3000)
		if w == change {
			v = -v - 1
		}
		fmt.Fprintf(&b, "w%d ", v)
	}
	return b.String()
}

// corpusOf reads the prompts and their planted pairs, or makes prompts up.
func corpusOf(b *testing.B) (texts []string, planted []pair) {
	b.Helper()
	if *prompts == "" {
		rng := rand.New(rand.NewPCG(1, 2))
		for i := range 20_000 {
			texts = append(texts, madeUp(rng, i))
		}
		return texts, nil
	}
	file, err := os.Open(*prompts)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	in := bufio.NewScanner(file)
	in.Buffer(nil, 1<<24)
	for in.Scan() {
		texts = append(texts, in.Text())
	}
	if in.Err() != nil {
		b.Fatal(in.Err())
	}
	dup, err := os.ReadFile(*prompts + ".dup.npy")
	if err != nil {
		b.Fatal(err)
	}
	dup = dup[len(dup)-8*len(texts):] // int64, behind the header
	for i := range texts {
		if src := int64(binary.LittleEndian.Uint64(dup[8*i:])); src >= 0 {
			planted = append(planted, pair{int(src), i})
		}
	}
	return texts, planted
}

func writePairs(b *testing.B, pairs []pair) {
	file, err := os.Create(*pairsFile)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	out := bufio.NewWriter(file)
	for _, p := range pairs {
		fmt.Fprintln(out, p.earlier, p.later)
	}
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
}
