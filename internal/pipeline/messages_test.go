package pipeline

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/analysis"
	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/experiments/corpus/language"
	"lbprobe/probes/channel"
)

// tongues are sentences whose language is told with ease.
var tongues = map[string]string{
	"de": "Kannst du mir in einfachen Worten erklären, wie Solarenergie funktioniert und was sie kostet?",
	"fr": "Peux-tu m'expliquer avec des mots simples comment fonctionne l'énergie solaire et combien elle coûte ?",
	"ru": "Можешь простыми словами объяснить мне, как работает солнечная энергия?",
	"ja": "太陽光発電の仕組みを簡単な言葉で説明してもらえますか？",
}

// spokenRow is a row as it is made, so that what is counted of it is known without any reader.
type spokenRow struct {
	id    string
	turns []string
}

func (r spokenRow) text() string { return strings.Join(r.turns, "\n\n") }

// retold gives the rows of a file of one text each more turns, other lengths and other languages, in the schema of LMSYS.
func retold(t *testing.T, path string, salt int) (out []spokenRow) {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(read(t, path))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"de", "fr", "ja", "ru"}
	for i, row := range records[1:] {
		r := spokenRow{row[0], []string{row[1]}}
		for more := range (i + salt) % 12 {
			if (i*salt)%3 == 0 {
				r.turns = append(r.turns, fmt.Sprintf("And then? %d", more))
			}
		}
		switch n := (i * (salt + 7)) % 29; {
		case n < 4:
			r.turns[0] = tongues[names[n]]
		case n == 4:
			r.turns[0] = strings.Repeat(row[1]+" ", 20)
		case n == 5:
			r.turns = []string{"12 + 30 = ?"}
		}
		cell, err := json.Marshal(r.turns)
		if err != nil {
			t.Fatal(err)
		}
		row[1] = string(cell)
		out = append(out, r)
	}
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(records); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.String())
	return out
}

// counts are rows by message and label, counted one by one.
type countsByLabel map[string]map[string]int

// countRows counts rows as the messages are documented: by hand-written classes, row by row.
func countRows(rows []spokenRow, own []string, near *duplicates.Hashes) countsByLabel {
	out := countsByLabel{"languages": {}, "lengths": {}, "turns": {}, "overlap": {}}
	for _, r := range rows {
		code := string(language.Detect(r.text()))
		if !slices.Contains(own, code) && code != "und" {
			code = "other"
		}
		out["languages"][code]++
		length := "10000 or more"
		switch n := len([]rune(r.text())); {
		case n < 32:
			length = "0 to 31"
		case n < 100:
			length = "32 to 99"
		case n < 300:
			length = "100 to 299"
		case n < 1000:
			length = "300 to 999"
		case n < 3000:
			length = "1000 to 2999"
		case n < 10000:
			length = "3000 to 9999"
		}
		out["lengths"][length]++
		turns := "10 or more"
		switch n := len(r.turns); {
		case n < 2:
			turns = "0 to 1"
		case n == 2:
			turns = "2"
		case n < 5:
			turns = "3 to 4"
		case n < 10:
			turns = "5 to 9"
		}
		out["turns"][turns]++
		if near.NearDuplicate(r.text()) {
			out["overlap"]["near duplicate"]++
		}
	}
	return out
}

// talkative is a hidden test asked for all that a channel can tell; rows are known to be 150 so that shares are sharp.
func talkative(t *testing.T, target string) (s *Session, dir string, train, test []spokenRow) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "cli", "testdata", "small"))); err != nil {
		t.Fatal(err)
	}
	train, test = retold(t, filepath.Join(dir, "train.csv"), 1), retold(t, filepath.Join(dir, "test.csv"), 2)
	set := &duplicates.HashSet{}
	for i, r := range test {
		if i%9 == 0 {
			set.Add(r.text() + " Thanks.")
		}
	}
	writeHashes(t, filepath.Join(dir, "hashes.bin"), set)
	text := strings.NewReplacer("[120, 180]", "150", `text = "text"`, "text = \"text\"\nformat = \"kaggle-lmsys\"", `target = "rows"`, `target = "`+target+`"`,
		"budget = 12", "budget = 30").Replace(smallHidden)
	text = strings.Replace(text, "[simulate]", "[probe.channel]\nmessages = [\"languages\", \"lengths\", \"turns\", \"overlap\"]\noverlap = \"hashes.bin\"\n[simulate]", 1)
	return bundled(t, dir, text), dir, train, test
}

func writeHashes(t *testing.T, path string, set *duplicates.HashSet) {
	t.Helper()
	var b bytes.Buffer
	if _, err := set.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.String())
}

func readHashesOf(t *testing.T, path string) *duplicates.Hashes {
	t.Helper()
	out, err := duplicates.ReadHashes(strings.NewReader(read(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// listened plays reruns until all is told, and records what they score.
func listened(t *testing.T, s *Session, dir string) *hearing {
	t.Helper()
	g := newGame(t, s, dir)
	scores := map[int]string{}
	for probe := 1; probe > 0; {
		if probe > 30 {
			t.Fatal("no end")
		}
		score, out := g.play(g.rerun(probe, scores))
		if out.Fault != "" {
			t.Fatalf("%+v", out)
		}
		scores[probe] = score
		if _, err := s.Record(Scores{Typed: []string{fmt.Sprintf("%d=%s", probe, score)}}); err != nil {
			t.Fatal(err)
		}
		told, err := g.table.Decode(scores)
		if err != nil || told.Rejected != "" {
			t.Fatalf("%v: %+v, %v", scores, told, err)
		}
		probe = told.Next
	}
	h, err := hearingOf(t, s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestMessagesAreTold: each message's counts come back within the classes that were sent, for every label, and stand beside the shares of train.
func TestMessagesAreTold(t *testing.T) {
	for _, target := range []string{"presence", "rows"} {
		t.Run(target, func(t *testing.T) {
			s, dir, train, test := talkative(t, target)
			h := listened(t, s, dir)
			if len(h.Messages) != 4 || h.Wrong > 0 {
				t.Fatalf("%+v", h)
			}
			near := readHashesOf(t, filepath.Join(dir, "hashes.bin"))
			own := []string{}
			for _, c := range h.Messages[0].Counts {
				own = append(own, c.Label)
			}
			truth, before := countRows(test, own, near), countRows(train, own, near)
			for _, m := range h.Messages {
				checkTold(t, m, truth[m.Message], before[m.Message], len(train))
			}
			if near := h.Messages[3].Counts[0]; near.Lo == 0 || near.Hi == 150 {
				t.Errorf("nothing is told of the overlap: %+v", near)
			}
			text := read(t, filepath.Join(dir, "results", "small", "analysis", "analysis.json"))
			if !strings.Contains(text, `"message": "overlap"`) {
				t.Errorf("%s", text)
			}
		})
	}
}

// checkTold compares a message with counts that were made directly.
func checkTold(t *testing.T, m analysis.Tally, truth, before map[string]int, train int) {
	t.Helper()
	seen := map[string]bool{}
	for _, c := range m.Counts {
		seen[c.Label] = true
		n := truth[c.Label]
		if n < c.Lo || n > c.Hi || c.Share[0] > float64(n)/150 || c.Share[1] < float64(n)/150 {
			t.Errorf("%s %s: told %d to %d (%v), counted %d", m.Message, c.Label, c.Lo, c.Hi, c.Share, n)
		}
		if c.Hi-c.Lo > 15 { // a class is a tenth of all rows at most
			t.Errorf("%s %s: %d to %d is not much of an answer", m.Message, c.Label, c.Lo, c.Hi)
		}
		if want := float64(before[c.Label]) / float64(train); c.Seen != want {
			t.Errorf("%s %s: %v of train, counted %v", m.Message, c.Label, c.Seen, want)
		}
	}
	for label := range truth {
		if !seen[label] {
			t.Errorf("%s: nothing is told of %q, which has %d rows", m.Message, label, truth[label])
		}
	}
}

// TestMessagesStay: the data set holds the hashes under their own hash; other hashes ask for another design, as do other messages.
func TestMessagesStay(t *testing.T) {
	s, dir, _, _ := talkative(t, "presence")
	g := newGame(t, s, dir)
	if got := read(t, filepath.Join(g.dataset, "hashes.bin")); got != read(t, filepath.Join(dir, "hashes.bin")) {
		t.Error("the hashes in the data set are others")
	}
	r := g.rerun(1, nil)
	r.Dataset = damagedCopy(t, g.dataset, "hashes.bin")
	if _, out := g.play(r); out.Fault != channel.Damaged.String() {
		t.Errorf("%+v", out)
	}
	later := again(t, s)
	if made, err := later.Generate(); err != nil || made.Done {
		t.Errorf("nothing has changed: %+v, %v", made, err)
	}
	set := &duplicates.HashSet{}
	set.Add("another prompt that nobody has ever asked")
	writeHashes(t, filepath.Join(dir, "hashes.bin"), set)
	if made, err := again(t, s).Generate(); err != nil || !made.Done {
		t.Errorf("other hashes: %+v, %v", made, err)
	}
	write(t, filepath.Join(dir, "hashes.bin"), "LBPNEAR1 and no more")
	if _, err := again(t, s).Generate(); err == nil || !strings.Contains(err.Error(), "probe.channel.overlap: ") {
		t.Errorf("%v", err)
	}
}

// again is the experiment opened anew, as another call of lbprobe would.
func again(t *testing.T, s *Session) *Session {
	t.Helper()
	out, err := Open(s.Experiment.Path, s.options)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestPlanMessages: every message has its price, the sum of which is what they cost together.
func TestPlanMessages(t *testing.T) {
	s, _, _, _ := talkative(t, "presence")
	p, err := s.Plan()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range p.Messages {
		names = append(names, m.Message)
		if m.Bits <= 0 || m.Expected < 0 || m.Counts < 1 {
			t.Errorf("%+v", m)
		}
	}
	if diff := cmp.Diff([]string{"languages", "lengths", "turns", "overlap"}, names); diff != "" {
		t.Error(diff)
	}
}
