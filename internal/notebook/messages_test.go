package notebook

import (
	"testing"

	"lbprobe/experiments/corpus/duplicates"
)

// TestSorters: labels of another version are refused rather than counted by.
func TestSorters(t *testing.T) {
	for _, message := range []string{"languages", "lengths", "turns", "overlap", "smells"} {
		if _, err := newSorter(message, []string{"x"}, &duplicates.Hashes{}); err == nil {
			t.Errorf("%s: labels that nobody knows are taken", message)
		}
	}
	if _, err := newSorter("overlap", []string{nearLabel}, nil); err == nil {
		t.Error("an overlap with nothing")
	}
	for n, want := range map[int]int{0: 0, 31: 0, 32: 1, 99: 1, 100: 2, 9_999: 5, 10_000: 6, 1 << 30: 6} {
		if got := cutClass(lengthCuts, n); got != want {
			t.Errorf("length %d: class %d, want %d", n, got, want)
		}
	}
}
