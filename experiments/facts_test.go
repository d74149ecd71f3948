package experiments

import (
	"strings"
	"testing"
)

// The checks that need the data point at the line of the file that is to be changed.
func TestFacts(t *testing.T) {
	e := mustLoad(t, every)
	e.Path = "e.toml"
	tests := []struct {
		err  error
		want string
	}{
		{e.UnknownLabel("train.csv", 7, "JV"), `e.toml:12: competition.label: train.csv, line 7: "JV" is none of the classes EAP, HPL. Add it to classes if a submission has a column for it; else name another column`},
		{e.CheckClassCounts([]int{3, 0}), `e.toml:8: competition.classes: no row of train.csv has the class "HPL". Correct its name or remove it`},
		{e.CheckTopics(2), `e.toml:53: topics.k: 3 topics cannot be learned from 2 texts that the filter keeps. Write at most: k = 2, or widen [corpus.filter]`},
		{e.CheckTestRows(0), `e.toml:13: competition.test: test.csv has a header but no rows. Name the file that has the rows to predict`},
		{e.CheckTestRows(3), `e.toml:19: competition.rows: test.csv has 3 rows, not [1, 2]. Remove the line: the rows of a test file are counted`},
		{e.CheckVectors("embedding.test_path", 4, e.Competition.Test, 3), `e.toml:39: embedding.test_path: v.npy has 4 vectors, but test.csv has 3 rows. Embed every row, in order: lbprobe topics EXPERIMENT --texts FILE writes them`},
		{e.CheckClassCounts([]int{3, 1}), ""}, {e.CheckTopics(3), ""}, {e.CheckTestRows(2), ""}, {e.CheckVectors("embedding.path", 3, "x", 3), ""},
	}
	for _, tt := range tests {
		if got := message(tt.err); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
	e = mustLoad(t, strings.Replace(small, "public = 0.26", "public_rows = 9", 1))
	if err := e.CheckTestRows(5); err == nil || !strings.Contains(err.Error(), "9 public rows are more than the test can have: test.csv has 5 rows") {
		t.Error(err)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Without labels the experiment loads, and says what it will assume.
func TestNotes(t *testing.T) {
	e := mustLoad(t, `name = "n"
[competition]
classes = ["A", "B"]
test = "test.csv"
public = 0.3
rounding = "floor"
[corpus]
path = "test.csv"
[embedding]
path = "v.npy"
[simulate]
rounding = "round"
public = 0.5
`)
	all := strings.Join(e.Notes, "\n")
	for _, want := range []string{"competition.train: no labelled rows", "embedding.path: has no effect", "simulate.rounding: the simulated board will round",
		"simulate.public: 0.5 is outside"} {
		if !strings.Contains(all, want) {
			t.Errorf("no note %q among\n%s", want, all)
		}
	}
	if e.Competition.Train != "" {
		t.Errorf("train is %s", e.Competition.Train)
	}
}
