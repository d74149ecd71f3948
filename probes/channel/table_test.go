package channel

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// written is the text of a table.
func written(t testing.TB, o Options) string {
	t.Helper()
	table, _, err := draft(o)
	if err != nil {
		t.Fatal(err)
	}
	table.Planned = 3
	var text bytes.Buffer
	if err := table.Write(&text); err != nil {
		t.Fatal(err)
	}
	again, err := ReadTable(bytes.NewReader(text.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(table, again); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	return text.String()
}

// TestTableFaults: what can't be a table is refused by the name of the field.
func TestTableFaults(t *testing.T) {
	text := written(t, lmsys(Exact, 3))
	for _, c := range []struct{ old, new, want string }{
		{`"version": 2`, `"version": 1`, "version: is 1, this program reads 2"},
		{`"metric": "log-loss"`, `"metric": "auc"`, `metric: "auc" can't carry a channel`},
		{`"classes": 3`, `"classes": 1`, "classes: can't be 1"},
		{`"decimals": 3`, `"decimals": 9`, "decimals: is 9, want 1 to 7"},
		{`"rounding": "either"`, `"rounding": "up"`, `"up" is none of either, round, floor`},
		{`"rounding": "either"`, `"rounding": ""`, `"" is none of`},
		{`"guard": 1250`, `"guard": 1`, "guard: is 1 thousandths"},
		{`"planned": 3`, `"planned": 1`, "planned: can't be 1"},
		{`"cut": 4`, `"cot": 4`, `unknown field "cot"`},
		{`"check": 128`, `"check": 1`, "check: can't be 1"},
		{`"check": 128`, `"check": 0`, "check: can't be 0"},
		{`"marks": 1`, `"marks": 3`, "marks: can't be 3"},
		{`"bits": [`, `"bits": [-1,`, "bits: are no quantiles"},
		{`"even": 0`, `"even": -1`, "even: can't be -1"},
		{`"kind": "any"`, `"kind": "all"`, "stages[0]: has books that leave out some message"},
		{`"most": 4,`, `"most": 400,`, "stages[0]: can't have the book"},
		{`"most": 25000`, `"most": 0`, "fields[0]: has cuts out of bounds"},
		{`"tally": "rows"`, `"tally": "lines"`, "stages[2]: sends the rows of topics, but not all rows before them"},
		{`"evidence": `, `"evidence": -`, "stages[2]: sends a topic of evidence -"},
		{"}\n", "} {}\n", "goes on after the table"},
		{text, "", "EOF"},
		{text, "[]", "is not the table of a channel"},
	} {
		bad := strings.Replace(text, c.old, c.new, 1)
		if c.old == "}\n" {
			bad = text + "{}"
		}
		_, err := ReadTable(strings.NewReader(bad))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.20q for %.20q: error %v, want %q", c.new, c.old, err, c.want)
		}
	}
}

// FuzzReadTable: no text makes the package panic or hang: a table that is read can predict, decode and be written.
func FuzzReadTable(f *testing.F) {
	for _, level := range Levels() {
		o := lmsys(level, 3)
		o.Train, o.Rows, o.Public = []int{30, 20, 50}, [2]int{100, 120}, [2]int{20, 30}
		o.Extras = []Extra{{Name: "languages", Labels: []string{"en", "de"}}}
		f.Add(written(f, o), "18.2", "7.1")
	}
	f.Fuzz(func(t *testing.T, text, first, second string) {
		table, err := ReadTable(strings.NewReader(text))
		if err != nil {
			return
		}
		if len(table.Fields) > 100 || len(table.Stages) > 20 {
			return // sound, but slow
		}
		tallies := map[string][]int{}
		for _, field := range table.Fields {
			if tallies[field.Tally] == nil && table.Entries(field.Tally) < 1000 {
				tallies[field.Tally] = make([]int, table.Entries(field.Tally))
			}
			if counts := tallies[field.Tally]; counts != nil {
				counts[field.Entry] = field.Cuts[len(field.Cuts)/2]
			}
		}
		scores := map[int]string{1: first}
		for _, probe := range []int{table.Constants, table.Constants + 1, table.Constants + 3} {
			if q, err := table.Prediction(probe, scores, tallies); err == nil && len(q) != table.Classes {
				t.Errorf("%d probabilities for %d classes", len(q), table.Classes)
			}
		}
		table.FaultPrediction(1, nil, Memory)
		table.FaultPrediction(2, scores, Memory)
		for probe := 2; probe < table.Constants+3 && probe < 10; probe++ {
			scores[probe] = second
			if _, err := table.Decode(scores); err != nil {
				return
			}
		}
		var again bytes.Buffer
		if err := table.Write(&again); err != nil {
			t.Error(err)
		}
	})
}
