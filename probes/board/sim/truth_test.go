package sim

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDrawSplit: the counts are exact, and each of the 12 splits of four rows into two public, one private and one ignored is drawn equally
// often. 12,000 draws leave each of them 1,000 ± 30; six of those deviations are allowed.
func TestDrawSplit(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	seen := map[[4]Usage]int{}
	for range 12_000 {
		usage := DrawSplit(4, 2, 1, rng)
		count := [3]int{}
		for _, u := range usage {
			count[u]++
		}
		if count != [3]int{Public: 2, Private: 1, Ignored: 1} {
			t.Fatalf("split %v", usage)
		}
		seen[[4]Usage(usage)]++
	}
	if len(seen) != 12 {
		t.Errorf("%d different splits, want 12", len(seen))
	}
	for split, n := range seen {
		if n < 820 || n > 1180 {
			t.Errorf("split %v was drawn %d times of 12000, want about 1000", split, n)
		}
	}
	again := DrawSplit(50, 13, 2, rand.New(rand.NewPCG(7, 8)))
	if !slices.Equal(again, DrawSplit(50, 13, 2, rand.New(rand.NewPCG(7, 8)))) {
		t.Error("the same seed drew another split")
	}
}

func TestDrawSplitPanics(t *testing.T) {
	for _, counts := range [][2]int{{-1, 0}, {0, -1}, {3, 2}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("no panic for %d public and %d ignored of 4", counts[0], counts[1])
				}
			}()
			DrawSplit(4, counts[0], counts[1], rand.New(rand.NewPCG(1, 1)))
		}()
	}
}

func TestReadTruth(t *testing.T) {
	label := TruthColumns{ID: "id", Classes: []string{"EAP", "HPL"}, Label: "author"}
	oneHot := TruthColumns{ID: "id", Classes: []string{"EAP", "HPL"}}
	want := Truth{IDColumn: "id", Classes: []string{"EAP", "HPL"}, IDs: []string{"x", "y"}, Class: []int{1, 0}}
	split := want
	split.Usage = []Usage{Private, Public}
	ignored := want
	ignored.Class, ignored.Usage = []int{1, -1}, []Usage{Public, Ignored}
	tests := []struct {
		name, file string
		columns    TruthColumns
		want       Truth
	}{
		{"label", "id,author\nx,HPL\ny,EAP\n", label, want},
		{"columns of 0 and 1", "HPL,id,EAP\n1,x,0\n0,y,1\n", oneHot, want},
		{"written as floats", "id,EAP,HPL\r\nx,0.0,1.0\r\ny,1.0,0.0\r\n", oneHot, want},
		{"other columns, byte order mark, line ends in cells", "\ufefftext,id,author\n\"a\nb\",x,HPL\n,y,EAP", label, want},
		{"split", "id,author,Usage\nx,HPL,Private\ny,EAP,Public\n", label, split},
		{"split, otherwise spelt", "usage,id,EAP,HPL\nprivate,x,0,1\nPUBLIC,y,1,0\n", oneHot, split},
		{"ignored rows may lack a class", "id,author,Usage\nx,HPL,Public\ny,,Ignored\n", label, ignored},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadTruth(strings.NewReader(test.file), "truth.csv", test.columns)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadTruthRefuses(t *testing.T) {
	label := TruthColumns{ID: "id", Classes: []string{"EAP", "HPL"}, Label: "author"}
	oneHot := TruthColumns{ID: "id", Classes: []string{"EAP", "HPL"}}
	const rowFix = ". Correct the row, or mark it Ignored in a column Usage"
	tests := []struct {
		file    string
		columns TruthColumns
		want    string
	}{
		{"", label, "truth.csv: is empty. Give a CSV with the id and the class of every test row"},
		{"id,author\n", label, "truth.csv: has no rows. Give the class of every test row"},
		{"id,class\nx,EAP\n", label,
			"truth.csv:1: author: no such column among id, class. The truth needs the id and either one column a class or the label"},
		{"id,EAP\nx,1\n", oneHot,
			"truth.csv:1: HPL: no such column among id, EAP. The truth needs the id and either one column a class or the label"},
		{"id,author\nx,MWS\n", label, `truth.csv:2: author: "MWS" is none of the classes EAP, HPL` + rowFix},
		{"id,author\nx,EAP\nx,HPL\n", label, `truth.csv:3: id: the id "x" stands on line 2 too. Keep one row an id`},
		{"id,author,Usage\nx,EAP,Test\n", label, `truth.csv:2: Usage: "Test" is none of Public, Private, Ignored. Write one of them`},
		{"id,EAP,HPL\nx,1,1\n", oneHot, `truth.csv:2: the row is of "EAP" and of "HPL"` + rowFix},
		{"id,EAP,HPL\nx,0,0\n", oneHot, "truth.csv:2: no class is 1" + rowFix},
		{"id,EAP,HPL\nx,0.5,0.5\n", oneHot, `truth.csv:2: column "EAP" holds "0.5", want 0 or 1` + rowFix},
		{"id,author\nx\n", label, "truth.csv:2: not readable as CSV: wrong number of fields. Correct the line"},
		{"id,\"author\n", label, "truth.csv:1: not readable as CSV: extraneous or missing \" in quoted-field. Correct the line"},
	}
	for _, test := range tests {
		_, err := ReadTruth(strings.NewReader(test.file), "truth.csv", test.columns)
		if err == nil || err.Error() != test.want {
			t.Errorf("%q\n got %v\nwant %s", test.file, err, test.want)
		}
	}
}

// FuzzReadTruth: what is read fits together, and makes a board once it has a split.
func FuzzReadTruth(f *testing.F) {
	f.Add("id,author,Usage\nx,HPL,Private\ny,EAP,Public\n", true)
	f.Add("id,EAP,HPL\nx,0,1\ny,1,0\n", false)
	f.Add("\ufeffid,\"author\"\n\"x\ny\",EAP", true)
	f.Fuzz(func(t *testing.T, file string, label bool) {
		columns := TruthColumns{ID: "id", Classes: []string{"EAP", "HPL"}}
		if label {
			columns.Label = "author"
		}
		truth, err := ReadTruth(strings.NewReader(file), "t", columns)
		if err != nil {
			return
		}
		if truth.Usage == nil {
			truth.Usage = DrawSplit(len(truth.IDs), len(truth.IDs), 0, rand.New(rand.NewPCG(1, 1)))
		}
		if _, err := New(truth, scoring); err != nil && slices.Contains(truth.Usage, Public) {
			t.Errorf("%q: %v", file, err)
		}
	})
}
