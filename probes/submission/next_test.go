package submission

import (
	"fmt"
	"testing"

	"lbprobe/internal/golden"
)

func TestNextSteps(t *testing.T) {
	entries := func(from, to int) (out []Entry) {
		for i := from; i <= to; i++ {
			sha := fmt.Sprintf("%064x", 0x1234567*i)
			out = append(out, Entry{i, FileName("spooky", i), sha, Tag("spooky", i, sha[56:])})
		}
		return out
	}
	kaggle := Next{Experiment: "spooky", Path: "experiments/spooky.toml", Dir: "results/spooky/probes", Slug: "spooky-author-identification",
		PerDay: 5, Probes: 12, Pending: entries(5, 12), Rules: "2024-05-03", Decimals: 5}
	unread := kaggle
	unread.Rules, unread.RulesURL, unread.Pending = "", "https://example.org/rules", entries(12, 12)
	other := Next{Experiment: "spooky", Path: "s.toml", Dir: "p", Probes: 3, Pending: entries(1, 3), Rules: "2024-05-03", Decimals: 3}
	done := kaggle
	done.Pending = nil
	tests := []struct {
		golden, reason string
		next           Next
	}{
		{"kaggle", "two days of uploads", kaggle},
		{"unread", "one upload, and the rules were not read", unread},
		{"other", "a board without a client and without a quota", other},
		{"done", "nothing left to upload", done},
	}
	for _, test := range tests {
		t.Run(test.golden+": "+test.reason, func(t *testing.T) {
			golden.Check(t, "next-"+test.golden+".md", NextSteps(test.next))
		})
	}
}
