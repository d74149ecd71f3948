package corpus

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFilterKeepsBothEnds(t *testing.T) {
	f := Filter{MinChars: 3, MaxChars: 5}
	for text, want := range map[string]string{
		"": "shorter than 3 characters", "äö": "shorter than 3 characters", "äöü": "", "日本語です": "", "日本語です。": "longer than 5 characters",
	} {
		if ok, reason := f.Keep(text); reason != want || ok != (want == "") {
			t.Errorf("%q: %v %q, want %q", text, ok, reason, want)
		}
	}
	if ok, _ := (Filter{}).Keep(strings.Repeat("x", 1e6)); !ok {
		t.Error("the zero filter drops a long text")
	}
}

// profiled runs a pass over the files and returns profile.json and dropped.csv.
func profiled(t *testing.T, f Filter, o Options, paths ...string) (profile Profile, dropped string) {
	t.Helper()
	r, err := ReadFiles(paths, o)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := NewProfiler(f)
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		if keep, _ := f.Keep(row.Text); p.Add(row) != keep {
			t.Errorf("Add and Keep differ on %q", row.Text)
		}
	}
	var out bytes.Buffer
	if err := p.WriteDropped(&out, r); err != nil {
		t.Fatal(err)
	}
	return p.Profile(r), out.String()
}

func TestProfile(t *testing.T) {
	path := write(t, "a.csv", "id,text\n1,abcd\n2\n3,a\n\"x,y\",abcdefghi\n5,äöüß\n6,\"ab\ncd\"\n7,b\n")
	profile, dropped := profiled(t, Filter{MinChars: 2, MaxChars: 8}, Options{SkipBad: true}, path)
	wantDropped := "line,id,reason\n3,,cells in the row: 1; in the header: 2\n4,3,shorter than 2 characters\n" +
		"5,\"x,y\",longer than 8 characters\n9,7,shorter than 2 characters\n"
	if diff := cmp.Diff(wantDropped, dropped); diff != "" {
		t.Errorf("dropped.csv (-want +got):\n%s", diff)
	}
	want := Profile{
		Files: []string{"a.csv"}, Formats: []Format{CSV}, Rows: 7, Kept: 3,
		Dropped: []Reason{{"shorter than 2 characters", 2}, {"cannot be read", 1}, {"longer than 8 characters", 1}},
		Chars:   Lengths{Min: 1, P05: 1, P25: 1, Median: 4, P75: 5, P95: 9, Max: 9, Mean: 4},
		Keeps:   Lengths{Min: 4, P05: 4, P25: 4, Median: 4, P75: 5, P95: 5, Max: 5, Mean: 13. / 3},
		Faults:  Faults{Bad: []Dropped{{"a.csv", 3, "", "cells in the row: 1; in the header: 2"}}},
	}
	if diff := cmp.Diff(want, profile); diff != "" {
		t.Errorf("profile (-want +got):\n%s", diff)
	}
	var out bytes.Buffer
	if err := profile.Write(&out); err != nil {
		t.Fatal(err)
	}
	var back Profile
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	want.Faults.Bad = nil // stands in dropped.csv
	if diff := cmp.Diff(want, back); diff != "" {
		t.Errorf("profile.json (-want +got):\n%s", diff)
	}
}

// Lines of several files are told apart by a fourth column, and stand in the order of the files.
func TestDroppedOfSeveralFiles(t *testing.T) {
	write(t, "b.csv", "id,text\n1,a\n2,b,c\n")
	os.WriteFile("a.csv", []byte("id,text\n3\n4,d\n"), 0o644)
	_, dropped := profiled(t, Filter{MinChars: 2}, Options{SkipBad: true}, "b.csv", "a.csv")
	want := "line,id,reason,file\n2,1,shorter than 2 characters,b.csv\n3,,cells in the row: 3; in the header: 2,b.csv\n" +
		"2,,cells in the row: 1; in the header: 2,a.csv\n3,4,shorter than 2 characters,a.csv\n"
	if diff := cmp.Diff(want, dropped); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The summary of counted lengths equals that of the sorted list.
func TestLengthsEqualTheSortedList(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		counted, all, sum := lengths{}, []int(nil), 0
		for range 1 + rng.IntN(60) {
			n := rng.IntN(40)
			counted[n]++
			all = append(all, n)
			sum += n
		}
		slices.Sort(all)
		at := func(percent int) int { return all[max((percent*len(all)+99)/100, 1)-1] }
		want := Lengths{all[0], at(5), at(25), at(50), at(75), at(95), all[len(all)-1], float64(sum) / float64(len(all))}
		if diff := cmp.Diff(want, counted.summary()); diff != "" {
			t.Fatalf("%v (-want +got):\n%s", all, diff)
		}
	}
	if got := (lengths{}).summary(); got != (Lengths{}) {
		t.Errorf("no texts: %+v", got)
	}
}
