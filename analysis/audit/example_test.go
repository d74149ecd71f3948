package audit_test

import (
	"fmt"

	"lbprobe/analysis/audit"
)

// Example audits a code competition that shows 3 decimals.
func Example() {
	r, err := audit.Run(audit.Options{Kind: audit.Hidden, Decimals: 3, Rows: 25000, Public: 0.26, Quota: 5, Days: 90, Classes: 3, Competitions: 20, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range r.Findings {
		fmt.Printf("%-26s %4.1f bits a submission, %d of %d numbers misread\n", f.Name, f.Bits, f.Check.Wrong, f.Check.Sent)
	}
	// Output:
	// as it is                   13.9 bits a submission, 0 of 500 numbers misread
	// 2 decimals                 10.6 bits a submission, 0 of 500 numbers misread
	// 1 decimal                   7.1 bits a submission, 0 of 500 numbers misread
	// half the public rows       13.9 bits a submission, 0 of 500 numbers misread
	// probabilities from 0.001   11.6 bits a submission, 0 of 500 numbers misread
	// probabilities from 0.01    10.7 bits a submission, 0 of 500 numbers misread
	// jitter of 3 ticks           8.6 bits a submission, 0 of 500 numbers misread
	// Ladder, steps of 10 ticks   4.4 bits a submission, 0 of 500 numbers misread
}
