package corpus

import (
	"encoding/csv"
	"io"
	"strconv"
)

// CSV writes every figure of the statistics as table,name,measure,value: the table is all, class, model or language, the name that of the class,
// model or language. A figure that the files cannot tell is left out; means have all their digits.
func (p Profile) CSV(w io.Writer) error {
	s := p.Statistics
	out := &figures{Writer: csv.NewWriter(w)}
	out.Write([]string{"table", "name", "measure", "value"}) // the Writer keeps its first error
	for _, f := range []struct {
		name string
		n    *int
	}{
		{"models", s.Models}, {"users", s.Users}, {"languages", s.Languages}, {"repeated_ids", s.RepeatedIDs}, {"surrogates", &p.Faults.Surrogates},
		{"invalid_utf8", &p.Faults.InvalidUTF8}, {"bom", &p.Faults.BOM},
	} {
		if f.n != nil {
			out.count("all", "", f.name, *f.n)
		}
	}
	out.count("all", "", "unreadable_rows", p.Rows-p.Kept)
	out.measures("all", "", s.Measures)
	for _, c := range s.Classes {
		out.count("class", c.Value, "conversations", c.Rows)
	}
	for _, g := range s.ByModel {
		out.measures("model", g.Name, g.Measures)
	}
	for _, g := range s.ByLanguage {
		out.measures("language", g.Name, g.Measures)
	}
	out.Flush()
	return out.Error()
}

// figures writes one figure a line.
type figures struct{ *csv.Writer }

func (f *figures) count(table, name, measure string, n int) {
	f.Write([]string{table, name, measure, strconv.Itoa(n)})
}

func (f *figures) measures(table, name string, m Measures) {
	f.count(table, name, "conversations", m.Conversations)
	f.lengths(table, name, "turns", &m.Turns)
	f.messages(table, name, "prompts", m.Prompts)
	f.lengths(table, name, "prompt_chars", &m.PromptChars)
	f.lengths(table, name, "prompt_tokens", &m.PromptTokens)
	if m.ResponseTokens != nil {
		f.messages(table, name, "responses", m.Responses)
		f.lengths(table, name, "response_chars", m.ResponseChars)
		f.lengths(table, name, "response_tokens", m.ResponseTokens)
	}
}

func (f *figures) messages(table, name, measure string, m Messages) {
	for _, c := range []struct {
		name string
		n    int
	}{{"", m.All}, {"_null", m.Null}, {"_empty", m.Empty}, {"_replaced", m.Replaced}, {"_controls", m.Controls}, {"_mojibake", m.Mojibake}, {"_faulty", m.Faulty}} {
		f.count(table, name, measure+c.name, c.n)
	}
}

func (f *figures) lengths(table, name, measure string, l *Lengths) {
	for _, c := range []struct {
		name string
		n    int
	}{{"_min", l.Min}, {"_p05", l.P05}, {"_p25", l.P25}, {"_median", l.Median}, {"_p75", l.P75}, {"_p95", l.P95}, {"_max", l.Max}} {
		f.count(table, name, measure+c.name, c.n)
	}
	f.Write([]string{table, name, measure + "_mean", strconv.FormatFloat(l.Mean, 'g', -1, 64)})
}
