package judge

import (
	"math"
	"strings"
	"testing"
)

func TestParseVerdict(t *testing.T) {
	for reply, want := range map[string]Verdict{
		`{"a": 0.6, "b": 0.3, "tie": 0.1}`:                                        {0.6, 0.3, 0.1},
		"```json\n{\"a\": 1, \"b\": 0, \"tie\": 0}\n```":                          {1, 0, 0},
		`I think {A} is better. {"tie":0.1,"b":0.3,"a":0.6} That is all.`:         {0.6, 0.3, 0.1},
		`{"A": 0.5, "B": 0.5, "Tie": 0, "why": "equal {\"a\": 1}"}`:               {0.5, 0.5, 0},
		`{"a": 0.33, "b": 0.33, "tie": 0.33}`:                                     {1 / 3., 1 / 3., 1 / 3.},
		`{"a": 6e-1, "b": 0.3, "tie": 0.1, "nested": {"a": [1, 2, {"b": null}]}}`: {0.6, 0.3, 0.1},
	} {
		got, err := ParseVerdict(reply)
		for i := range got {
			if err != nil || math.Abs(got[i]-want[i]) > 1e-12 {
				t.Errorf("%s: %v, %v; want %v", reply, got, err, want)
				break
			}
		}
	}
	for reply, want := range map[string]string{
		"":                                                                    "no JSON object",
		"A is better":                                                         "no JSON object",
		`{"a": 0.6, "b": 0.3, "tie": 0.1`:                                     "no JSON object",
		`{"a": 0.6, "b": 0.3}`:                                                `no "tie"`,
		`{"a": "0.6", "b": 0.3, "tie": 0}`:                                    `"a" is not a number`,
		`{"a": null, "b": 1, "tie": 0}`:                                       `"a" is not a number`,
		`{"a": 1.2, "b": -0.2, "tie": 0}`:                                     "from 0 to 1",
		`{"a": 60, "b": 30, "tie": 10}`:                                       "from 0 to 1",
		`{"a": 0.6, "b": 0.6, "tie": 0.1}`:                                    "sum to 1.3",
		`{"a": 0, "b": 0, "tie": 0}`:                                          "sum to 0",
		`{"a": 1, "a": 0, "b": 0, "tie": 0}`:                                  "no JSON object",
		`{"a": 1, "A": 0, "b": 0, "tie": 0}`:                                  "no JSON object",
		`{"a": 1, "b": 0, "tie": 0} or {"a": 0, "b": 1, "tie": 0}`:            "more than one",
		`{"a": NaN, "b": 0, "tie": 0}`:                                        "no JSON object",
		`{"a": 1e999, "b": 0, "tie": 0}`:                                      "not a number",
		`[{"a": 1, "b": 0, "tie": 0}, {"a": 0, "b": 1, "tie": 0}]`:            "more than one",
		`{"verdict": {"a": 1, "b": 0, "tie": 0}}`:                             `no "a"`,
		"{\"a\": 1, \"b\": 0, \"tie\": 0}" + strings.Repeat("{\"x\": 1}", 10): "more than one",
	} {
		if v, err := ParseVerdict(reply); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v; want %q", reply, v, err, want)
		}
	}
}

// Whatever a model says: a verdict is three probabilities, and text around it changes nothing.
func FuzzParseVerdict(f *testing.F) {
	for _, s := range []string{`{"a": 0.6, "b": 0.3, "tie": 0.1}`, "```json\n{}```", `{"a":{"b":[{}]}}`, `{{{`, `{"a":1,"b":0,"tie":0}}`, "{\"\xff\":1}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, reply string) {
		v, err := ParseVerdict(reply)
		if err != nil {
			return
		}
		if sum := v[0] + v[1] + v[2]; !(math.Abs(sum-1) < 1e-9) || v[0] < 0 || v[1] < 0 || v[2] < 0 {
			t.Fatalf("%q: %v", reply, v)
		}
		if again, err := ParseVerdict("So: " + reply + " I am sure."); err != nil || again != v {
			t.Fatalf("%q: %v, then %v, %v", reply, v, again, err)
		}
	})
}

func TestParseName(t *testing.T) {
	n, err := ParseName("Sure!\n{\"title\": \" Debugging\\nPython \", \"summary\": \"People paste\\u001b[31m code.\"}")
	if err != nil || n != (Name{"Debugging Python", "People paste [31m code."}) {
		t.Errorf("%+v, %v", n, err)
	}
	for reply, want := range map[string]string{
		`{"title": "x"}`:                  `no "summary"`,
		`{"title": 7, "summary": "x"}`:    `"title" is not a text`,
		`{"title": " - ", "summary": ""}`: "title is empty",
		`{"title": "` + strings.Repeat("ä", 61) + `", "summary": "x"}`: `"title" has 61 characters; 60 at most`,
	} {
		if n, err := ParseName(reply); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v", reply, n, err)
		}
	}
}

// A name is one line that no table, terminal or report can trip over.
func FuzzParseName(f *testing.F) {
	f.Add(`{"title": "Debugging Python", "summary": "People paste code."}`)
	f.Add("{\"title\": \"\\u202eabc\", \"summary\": \"\\u0000\"}")
	f.Fuzz(func(t *testing.T, reply string) {
		n, err := ParseName(reply)
		if err != nil {
			return
		}
		for _, text := range []string{n.Title, n.Summary} {
			if text == "" || text != strings.TrimSpace(text) || strings.ContainsAny(text, "\n\r\t\x1b\u202e") || len([]rune(text)) > summaryRunes {
				t.Fatalf("%q", text)
			}
		}
	})
}
