package results_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lbprobe/results"
)

// Scores of a board come in as a list, are matched with the probes of the manifest, and are kept.
func Example() {
	base, err := os.MkdirTemp("", "results")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(base)
	folder, err := results.Create(filepath.Join(base, "results"), results.Meta{Experiment: "demo"})
	if err != nil {
		fmt.Println(err)
		return
	}
	ledger, err := folder.Ledger()
	if err != nil {
		fmt.Println(err)
		return
	}
	list := `fileName,description,status,publicScore
submission.csv,[lbp:demo/001/5e884898],SubmissionStatus.COMPLETE,1.09861
submission.csv,[lbp:demo/002/6b3a55e0],SubmissionStatus.PENDING,
submission.csv,my best model,SubmissionStatus.COMPLETE,0.41234
`
	rows, err := results.ReadScores(strings.NewReader(list), "scores.csv")
	if err != nil {
		fmt.Println(err)
		return
	}
	rules := results.Rules{Experiment: "demo", Decimals: 5, Source: "scores.csv", Probes: []results.Probe{
		{Number: 1, File: "demo-001.csv", SHA256: "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"},
		{Number: 2, File: "demo-002.csv", SHA256: "6b3a55e0261b0304143f805a24924d0c1c44524821305f31d9277843b8a10f4e"},
	}}
	matched, err := ledger.Record(rules, rows, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	fmt.Println(matched, err)
	for _, e := range ledger.Current() {
		fmt.Println(e.Probe, e.Public)
	}
	// Output:
	// 1 recorded; skipped: 1 pending, 1 not a probe <nil>
	// 1 1.09861
}
