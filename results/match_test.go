package results

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// rules of an experiment "demo" with the probes 1, 3, 4 and 5; 2 belongs to a design that was replaced.
func rules() Rules {
	r := Rules{Experiment: "demo", Decimals: 5, Source: "scores.csv"}
	for _, n := range []int{1, 3, 4, 5} {
		r.Probes = append(r.Probes, probe(n))
	}
	r.Replaced = []Probe{probe(2)}
	return r
}

func probe(n int) Probe {
	sha := fmt.Sprintf("%x", sha256.Sum256([]byte{byte(n)}))
	return Probe{Number: n, File: fmt.Sprintf("demo-%03d.csv", n), SHA256: sha, Tag: fmt.Sprintf("[lbp:demo/%03d/%s]", n, sha[:8])}
}

func tag(n int) string { return "my probe " + probe(n).Tag + " of today" }

// outcome is what a test looks at.
type outcome struct {
	New      []string // probe:public/private, with ^n where entry n is corrected
	Same     int
	Skipped  []string
	Notes    []string
	Problems []string
}

func summarise(m Matched) outcome {
	o := outcome{Same: m.Same, Skipped: m.SkippedBy(), Notes: m.Notes}
	for _, e := range m.New {
		text := fmt.Sprintf("%d:%s/%s", e.Probe, e.Public, e.Private)
		if e.Corrects > 0 {
			text += fmt.Sprintf("^%d %s", e.Corrects, e.Reason)
		}
		o.New = append(o.New, text)
	}
	for _, p := range m.Problems {
		o.Problems = append(o.Problems, p.Error())
	}
	return o
}

func row(line int, file, description, public string) Row {
	return Row{Line: line, File: file, Description: description, Public: public, Status: "SubmissionStatus.COMPLETE"}
}

func TestMatch(t *testing.T) {
	recorded := []Entry{
		{Seq: 1, Time: noon, Epoch: 1, Probe: 3, File: "demo-003.csv", Ref: "900", Public: "1.30000", Source: "typed"},
		{Seq: 2, Time: noon, Epoch: 1, Probe: 4, File: "demo-004.csv", Public: "1.4", Private: "1.5", Source: "typed"},
	}
	correct := func(r *Rules) { r.Correct, r.Reason = true, "misread" }
	for _, c := range []struct {
		name string
		set  func(*Rules)
		rows []Row
		want outcome
	}{
		{"by tag, whatever the name", nil, []Row{row(2, "submission.csv", tag(5), "1.50000")}, outcome{New: []string{"5:1.50000/"}}},
		{"by ref", nil, []Row{{Line: 2, Ref: "900", Public: "1.30000", Private: "1.31000"}}, outcome{New: []string{"3:1.30000/1.31000"}}},
		{"by name", nil, []Row{row(2, "demo-005.csv", "", "1.50000")}, outcome{New: []string{"5:1.50000/"}}},
		{"typed", nil, []Row{{Probe: 5, Public: "1.50000", Private: "1.60000"}}, outcome{New: []string{"5:1.50000/1.60000"}}},
		{"typed, no such probe", nil, []Row{{Probe: 9, Public: "1.50000"}}, outcome{Problems: []string{`9=1.50000: there is no probe 9. The manifest has 4 probes, 1 to 5`}}},
		{"recorded already", nil, []Row{row(2, "demo-003.csv", "", "1.3"), row(3, "", tag(4), "1.40000")}, outcome{Same: 2, Notes: []string{
			"probe 3: public score 1.3 is read as 1.30000: zeros at the end were dropped"}}},
		{"no score to read", nil, []Row{
			{Line: 2, File: "demo-001.csv", Status: "SubmissionStatus.PENDING"}, {Line: 3, File: "demo-005.csv", Status: "error", Public: "1.0"},
			row(4, "demo-003.csv", "", ""), row(5, "model.csv", "my best", "0.4"), row(6, "demo-002.csv", tag(2), "1.00000"), row(7, "x.csv", "[lbp:other/001/00000000]", "1.0"),
		}, outcome{Skipped: []string{"1 pending", "1 failed", "1 no score yet", "2 not a probe", "1 of a replaced design"}, Notes: []string{"no row is a scored probe of demo"}}},
		{"unknown status", nil, []Row{{Line: 2, File: "demo-001.csv", Status: "queued", Public: "1.0"}}, outcome{Problems: []string{
			`scores.csv:2: demo-001.csv: its status "queued" is not known. Leave the row out, or set its status to COMPLETE`}}},
		{"changed since", nil, []Row{row(2, "demo-005.csv", "[lbp:demo/005/00000000]", "1.50000")}, outcome{Problems: []string{
			`scores.csv:2: demo-005.csv: its tag [lbp:demo/005/00000000] is of another file: demo-005.csv begins with ` + probe(5).SHA256[:8] +
				` now, so it was changed after it was submitted. Bring back the run folder that was submitted, or submit the present file`}}},
		{"tag of no probe", nil, []Row{row(2, "", "[lbp:demo/017/00000000]", "1.50000")}, outcome{Problems: []string{
			`scores.csv:2: [lbp:demo/017/00000000]: its tag [lbp:demo/017/00000000] names probe 17, which the manifest does not have. The manifest has 4 probes, 1 to 5`}}},
		{"damaged tag", nil, []Row{row(2, "a.csv", "[lbp:demo/005/0000", "1.50000")}, outcome{Problems: []string{
			`scores.csv:2: a.csv: its tag is damaged: "[lbp:demo/005/0000". Leave the row out and type the score, such as: record EXP 1=1.09861`}}},
		{"two tags", nil, []Row{row(2, "a.csv", tag(3)+tag(4), "1.50000")}, outcome{Problems: []string{
			`scores.csv:2: a.csv: it has two tags, ` + probe(3).Tag + ` and ` + probe(4).Tag + `. Leave the row out and type the score of the probe that was really uploaded`}}},
		{"tag against name", nil, []Row{row(2, "demo-005.csv", tag(1), "1.50000")}, outcome{Problems: []string{
			`scores.csv:2: demo-005.csv: its tag says probe 1, but its file name says probe 5. If it is probe 1, leave the row out and type the score: record EXP 1=SCORE`}}},
		{"tag against ref", nil, []Row{{Line: 2, Ref: "900", Description: tag(1), Public: "1.50000"}}, outcome{Problems: []string{
			`scores.csv:2: ` + tag(1) + `, ref 900: its tag says probe 1, but its ref says probe 3. If it is probe 1, leave the row out and type the score: record EXP 1=SCORE`}}},
		{"foreign tag, our name", nil, []Row{row(2, "demo-005.csv", "[lbp:other/001/00000000]", "1.5")}, outcome{Problems: []string{
			`scores.csv:2: demo-005.csv: its tag is of experiment "other", but its file name says probe 5. If it is probe 5, leave the row out and type the score: record EXP 5=SCORE`}}},
		{"almost the name", nil, []Row{row(2, "Demo-005 (1).csv", "", "1.5"), row(3, "demo-5.csv", "", "1.5"), row(4, `probes\demo-005.csv.zip`, "", "1.5")}, outcome{Problems: []string{
			`scores.csv:2: Demo-005 (1).csv: its file name is close to demo-005.csv of probe 5, but not the same. If it is probe 5, leave the row out and type the score: record EXP 5=SCORE`,
			`scores.csv:3: demo-5.csv: its file name is close to demo-005.csv of probe 5, but not the same. If it is probe 5, leave the row out and type the score: record EXP 5=SCORE`,
			`scores.csv:4: probes\demo-005.csv.zip: its file name is close to demo-005.csv of probe 5, but not the same. If it is probe 5, leave the row out and type the score: record EXP 5=SCORE`}}},
		{"two scores for one probe", nil, []Row{row(2, "demo-005.csv", "", "1.50000"), row(3, "submission.csv", tag(5), "1.50001")}, outcome{New: []string{"5:1.50000/"}, Problems: []string{
			`scores.csv:3: submission.csv: a second score for probe 5: 1.50001 here, 1.5 in line 2. Keep the row that counts. If the same file scored differently, the board was rescored (--new-epoch) or is noisy: then write noise = 7.1e-06 under [competition]`}}},
		{"two rows that agree", nil, []Row{row(2, "demo-005.csv", "", "1.50000"), {Line: 3, Description: tag(5), Public: "1.50000", Private: "1.60000"}},
			outcome{New: []string{"5:1.50000/1.60000"}, Notes: []string{"probe 5 stands in two rows that agree"}}},
		{"too many decimals", nil, []Row{row(2, "demo-005.csv", "", "1.500000")}, outcome{Problems: []string{
			`scores.csv:2: demo-005.csv: public score 1.500000 has 6 decimals, and the board shows 5. Give the score as the board shows it, or set competition.decimals if it is not 5`}}},
		{"not a score", nil, []Row{row(2, "demo-005.csv", "", "1,5")}, outcome{Problems: []string{
			`scores.csv:2: demo-005.csv: public score "1,5" is not a score; write a decimal point, not a comma. Give the score as the board shows it, or set competition.decimals if it is not 5`}}},
		{"uncut scores that fit", nil, []Row{{Line: 2, Ref: "900", publicFull: "1.3", Public: "1.29"}}, outcome{Same: 1, Notes: []string{
			"probe 3: public score 1.3 is read as 1.30000: zeros at the end were dropped"}}},
		{"uncut scores that do not", nil, []Row{{Line: 2, Ref: "900", publicFull: "1.2999997", Public: "1.30000"}}, outcome{Same: 1}},
		{"contradiction", nil, []Row{row(2, "demo-003.csv", "", "1.30001")}, outcome{Problems: []string{
			`scores.csv:2: demo-003.csv: probe 3 scored 1.3 in typed, recorded 2026-03-01 12:00; here it scores 1.30001. If this one is right, add: --correct --reason TEXT; if the host has rescored, record all scores anew: --new-epoch --reason TEXT`}}},
		{"contradiction of the private score", nil, []Row{{Probe: 4, Public: "1.40000", Private: "1.50001"}}, outcome{Problems: []string{
			`4=1.40000/1.50001: probe 4 scored 1.4/1.5 in typed, recorded 2026-03-01 12:00; here it scores 1.4/1.50001. If this one is right, add: --correct --reason TEXT; if the host has rescored, record all scores anew: --new-epoch --reason TEXT`}}},
		{"correction", correct, []Row{{Probe: 4, Public: "1.41000"}}, outcome{New: []string{"4:1.41000/1.5^2 misread"}}},
		{"correction without reason", func(r *Rules) { r.Correct, r.Reason = true, " " }, nil, outcome{Problems: []string{
			`--reason: is missing: a correction and a new epoch say why. Add: --reason TEXT`}}},
		{"correction of what is right", correct, []Row{{Probe: 3, Public: "1.30000"}}, outcome{Same: 1}},
		{"new epoch", func(r *Rules) { r.Epoch, r.Reason = 2, "rescored" }, []Row{{Probe: 3, Public: "1.39999"}}, outcome{New: []string{"3:1.39999/"}}},
		{"epoch left out", func(r *Rules) { r.Epoch, r.Reason = 4, "rescored" }, []Row{{Probe: 3, Public: "1.39999"}}, outcome{New: []string{"3:1.39999/"}, Problems: []string{
			`--epoch: 4 does not follow epoch 1. Give 2, or leave it out`}}},
	} {
		r := rules()
		if c.set != nil {
			c.set(&r)
		}
		if diff := cmp.Diff(c.want, summarise(r.Match(c.rows, recorded)), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
	}
}

// TestCodeCompetition: where every file has the same name, the name says nothing.
func TestCodeCompetition(t *testing.T) {
	r := rules()
	for i := range r.Probes {
		r.Probes[i].File = "submission.csv"
	}
	got := summarise(r.Match([]Row{row(2, "submission.csv", tag(3), "1.30000"), row(3, "submission.csv", "my model", "0.5")}, nil))
	want := outcome{New: []string{"3:1.30000/"}, Skipped: []string{"1 not a probe"}}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// TestRecordAllOrNothing: one refused row, and the file does not change by a byte; without it all are there, and once more changes nothing again.
func TestRecordAllOrNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.jsonl")
	l, err := OpenLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	good := []Row{row(2, "demo-001.csv", "", "1.10000"), row(3, "demo-003.csv", tag(3), "1.30000")}
	m, err := l.Record(rules(), append(good, row(4, "demo-005.csv", "", "1.5000000")), noon)
	if err == nil || len(m.New) != 0 || !strings.Contains(err.Error(), "7 decimals") {
		t.Errorf("recorded %v, %v", m.New, err)
	}
	if text, err := os.ReadFile(path); err != nil || len(text) > 0 {
		t.Errorf("the ledger holds %q, %v", text, err)
	}
	if m, err = l.Record(rules(), good, noon); err != nil || len(m.New) != 2 {
		t.Fatalf("recorded %v, %v", m.New, err)
	}
	want := `{"seq":1,"time":"2026-03-01T12:00:00Z","epoch":1,"probe":1,"file":"demo-001.csv","sha256":"` + probe(1).SHA256 + `","tag":"` + probe(1).Tag + `","public":"1.10000","source":"scores.csv"}
{"seq":2,"time":"2026-03-01T12:00:00Z","epoch":1,"probe":3,"file":"demo-003.csv","sha256":"` + probe(3).SHA256 + `","tag":"` + probe(3).Tag + `","public":"1.30000","source":"scores.csv"}
`
	for range 2 {
		text, err := os.ReadFile(path)
		if diff := cmp.Diff(want, string(text)); err != nil || diff != "" {
			t.Fatal(diff, err)
		}
		if m, err = l.Record(rules(), good, noon); err != nil || len(m.New) != 0 || m.Same != 2 {
			t.Fatalf("again: %v, %d the same, %v", m.New, m.Same, err)
		}
	}
}

// TestCorrectionStays: both scores are in the ledger, and the later one counts.
func TestCorrectionStays(t *testing.T) {
	l, err := OpenLedger(filepath.Join(t.TempDir(), "ledger.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	r := rules()
	for _, public := range []string{"1.30000", "1.31000"} {
		if _, err := l.Record(r, []Row{{Probe: 3, Public: public}}, noon); err != nil {
			t.Fatal(err)
		}
		r.Correct, r.Reason = true, "misread"
	}
	all, current := l.All(), l.Current()
	if len(all) != 2 || all[0].Public != "1.30000" || all[1].Corrects != 1 || all[1].Reason != "misread" || publics(current) != "1.31000" {
		t.Errorf("all %+v\ncurrent %+v", all, current)
	}
}

// TestOthers: submissions that are no probes come in with the hash of their file, and are held to it.
func TestOthers(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"best.csv": "id,a\n1,0.5\n", "unscored.csv": "x", "notes.txt": "y"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	rows := []Row{row(2, "best.csv", "", "0.41000"), row(3, "lost.csv", "", "0.42000"), row(4, "../best.csv", "", "0.4"), row(5, "demo-003.csv", tag(3), "1.30000")}
	joined, left, err := Others(dir, rows)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"unscored.csv"}, left); diff != "" {
		t.Error(diff)
	}
	l, err := OpenLedger(filepath.Join(dir, "ledger.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := l.Record(rules(), joined, noon)
	if diff := cmp.Diff([]string{"2 not a probe"}, m.SkippedBy()); err != nil || diff != "" {
		t.Fatal(diff, err)
	}
	want := Entry{Seq: 1, Time: noon, Epoch: 1, File: "best.csv", SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte("id,a\n1,0.5\n"))), Dir: filepath.ToSlash(dir), Public: "0.41000", Source: "scores.csv"}
	if diff := cmp.Diff(want, l.All()[0]); diff != "" {
		t.Error(diff)
	}
	moved := t.TempDir()
	joined[0].Dir = moved
	if m, err := l.Record(rules(), joined[:1], noon); err != nil || len(m.New) != 1 || m.New[0].Dir != moved || len(l.Current()) != 2 {
		t.Errorf("a file that was moved: %+v, %v", m.New, err)
	}
	if m, err := l.Record(rules(), joined[:1], noon); err != nil || m.Same != 1 {
		t.Errorf("the same again: %+v, %v", m, err)
	}
	joined[0].Public = "0.41001"
	if _, err := l.Record(rules(), joined, noon); err == nil || !strings.Contains(err.Error(), "best.csv scored 0.41") {
		t.Errorf("contradiction: %v", err)
	}
	joined[0].SHA256 = probe(5).SHA256
	if _, err := l.Record(rules(), joined, noon); err == nil || !strings.Contains(err.Error(), "byte for byte that of probe 5") {
		t.Errorf("a probe under another name: %v", err)
	}
	joined[3].Description, joined[3].SHA256 = "", probe(1).SHA256
	if _, err := l.Record(rules(), joined[3:], noon); err == nil || !strings.Contains(err.Error(), "is not the one that probe 3 is made of") {
		t.Errorf("another file under a probe's name: %v", err)
	}
	if _, _, err := Others(filepath.Join(dir, "none"), rows); err == nil {
		t.Error("a missing folder was read")
	}
}

// TestPastSubmissions reads the 27 real submissions of a past competition with both their real scores.
func TestPastSubmissions(t *testing.T) {
	shared := filepath.Join("..", "..", "shared", "data", "spooky")
	text, err := os.ReadFile(filepath.Join(shared, "lb_scores.csv"))
	if err != nil {
		t.Skipf("the shared data is not here: %v", err)
	}
	renamed := strings.NewReplacer("private_lb_logloss", "privateScore", "public_lb_logloss", "publicScore", "filename", "fileName").Replace(string(text))
	rows, err := ReadScores(strings.NewReader(renamed), "lb_scores.csv")
	if err != nil {
		t.Fatal(err)
	}
	joined, left, err := Others(filepath.Join(shared, "submissions"), rows)
	if err != nil || len(left) > 0 {
		t.Fatal(left, err)
	}
	m := rules().Match(joined, nil)
	if err := m.Err(); err != nil || len(m.New) != 27 || len(m.Skipped) != 0 {
		t.Errorf("%d entries, skipped %v, %v", len(m.New), m.SkippedBy(), err)
	}
}
