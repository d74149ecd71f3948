package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestInterrupted: work that an interrupt ends says so in one line and leaves no file, whole or in part.
func TestInterrupted(t *testing.T) {
	t.Chdir(t.TempDir())
	var b strings.Builder
	b.WriteString("id,text\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "%d,This is prompt number %d of a thousand and says not much\n", i, i)
	}
	if err := os.WriteFile("texts.csv", []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("out", 0o777); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, args := range [][]string{{"clean", "texts.csv", "-o", "out/clean.csv"}, {"compare", "texts.csv", "texts.csv", "-o", "out"}} {
		var out, errs bytes.Buffer
		status := Run(ctx, args, &out, &errs)
		if want := "lbprobe: interrupted; nothing is written. Run it again\n"; status != 1 || errs.String() != want || out.Len() > 0 {
			t.Errorf("%s: status %d, %q, and %q on stdout", args[0], status, errs.String(), out.String())
		}
	}
	left, err := os.ReadDir("out")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
