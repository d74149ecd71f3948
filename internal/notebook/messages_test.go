package notebook

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/probes/channel"
	"lbprobe/probes/metric"
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

// TestTallies: rows that are counted here by hand, and labels that a channel carries into the rerun, where the same rows give the same counts on any
// number of threads.
func TestTallies(t *testing.T) {
	rows := &Rows{
		Texts: []string{"Kannst du mir in einfachen Worten erklären, wie Solarenergie funktioniert?", "Peux-tu m'expliquer avec des mots simples comment fonctionne l'énergie solaire et combien elle coûte ?",
			"Können Sie mir bitte erklären, wie eine Wärmepumpe funktioniert und was sie kostet?", "12 + 30", ""},
		Turns: []int{1, 2, 4, 12, 1},
	}
	hashes := hashesOf(t, rows.Texts[1])
	want := []Tally{
		{"languages", []string{"de", "fr", "und", "other"}, []int{2, 1, 2, 0}},
		{"lengths", []string{"0 to 31", "32 to 99", "100 to 299", "300 to 999", "1000 to 2999", "3000 to 9999", "10000 or more"}, []int{2, 2, 1, 0, 0, 0, 0}},
		{"turns", []string{"0 to 1", "2", "3 to 4", "5 to 9", "10 or more"}, []int{2, 1, 1, 0, 1}},
		{"overlap", []string{"near duplicate"}, []int{1}},
	}
	o := channel.Options{Scoring: metric.Scoring{Metric: metric.LogLoss, Decimals: 5, Rounding: metric.Either, Clip: metric.Clip64, Normalise: metric.Divide}, Classes: 3, Floor: 1e-12,
		Guard: 1.25, NotA: [2]float64{0.55, 0.8}, Constants: 1, Rows: [2]int{5, 5}, Public: [2]int{2, 2}, Certainty: 0.99, Train: []int{3, 2},
		Concentration: 400, Absent: 0.05, Stray: 0.02, Level: channel.Presence}
	all := map[string][]int{}
	for _, w := range want {
		got, err := NewTally(w.Message, rows, hashes)
		if diff := cmp.Diff(w, got); err != nil || diff != "" {
			t.Errorf("%v (-counted by hand +got):\n%s", err, diff)
		}
		o.Extras, all[w.Message] = append(o.Extras, channel.Extra{Name: w.Message, Labels: w.Labels}), w.Rows
	}
	table, err := channel.New(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, threads := range []int{1, 4} {
		got, err := CountMessages(table, hashes, rows, threads)
		if diff := cmp.Diff(all, got); err != nil || diff != "" {
			t.Errorf("%d threads: %v (-counted by hand +got):\n%s", threads, err, diff)
		}
	}
}

// hashesOf are the hashes of one prompt.
func hashesOf(t *testing.T, text string) *duplicates.Hashes {
	t.Helper()
	set := &duplicates.HashSet{}
	set.Add(text)
	var b bytes.Buffer
	if _, err := set.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	out, err := duplicates.ReadHashes(&b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
