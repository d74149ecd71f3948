package tokens

import (
	"strings"
	"testing"
)

// The counts are those that OpenAI's cookbook prints for cl100k_base ("How to count tokens with tiktoken"), and follow from the split in the
// rest: a special token is text.
func TestCount(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "antidisestablishmentarianism": 6, "2 + 2 = 4": 7, "お誕生日おめでとう": 9, "tiktoken is great!": 6, "hello world": 2, "<|endoftext|>": 7,
	} {
		if got := Count(text); got != want {
			t.Errorf("%q: %d tokens, want %d", text, got, want)
		}
	}
}

// Text that a splitting pattern could choke on is counted in passable time.
func TestHostileText(t *testing.T) {
	for _, unit := range []string{"a", " ", "\n", "é", "\uFFFD", "'s", "0"} {
		if n := Count(strings.Repeat(unit, 100_000)); n == 0 {
			t.Errorf("%q: no tokens", unit)
		}
	}
}

func BenchmarkCount(b *testing.B) {
	text := strings.Repeat("Can you explain to me in simple words how solar energy works? Güneş enerjisi nasıl çalışıyor? 太阳能 x := f(x)\n", 10)
	n := Count(text)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Count(text)
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
}
