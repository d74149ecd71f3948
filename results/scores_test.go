package results

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lbprobe/internal/fault"
)

var wholeRow = cmpopts.EquateComparable(Row{})

// Three rows as the kaggle client 2.2 printed them.
const clientRows = `ref,fileName,date,description,status,publicScore,privateScore
55058575,submission.csv,2026-07-28 15:17:26.513000,p-dup-surface diagnosis: ...,SubmissionStatus.COMPLETE,9.662,
54846753,submission.csv,2026-07-20 06:28:33.097000,baseline (kbench#18): ...,SubmissionStatus.COMPLETE,,
53773424,submission.csv,2026-06-17 11:05:20.263000,baseline [run_id=run01],SubmissionStatus.COMPLETE,0.95812,0.95780
`

func clientWant(skipped int) []Row {
	return []Row{
		{Line: skipped + 2, Ref: "55058575", File: "submission.csv", Time: "2026-07-28 15:17:26.513000", Description: "p-dup-surface diagnosis: ...", Status: "SubmissionStatus.COMPLETE", Public: "9.662"},
		{Line: skipped + 3, Ref: "54846753", File: "submission.csv", Time: "2026-07-20 06:28:33.097000", Description: "baseline (kbench#18): ...", Status: "SubmissionStatus.COMPLETE"},
		{Line: skipped + 4, Ref: "53773424", File: "submission.csv", Time: "2026-06-17 11:05:20.263000", Description: "baseline [run_id=run01]", Status: "SubmissionStatus.COMPLETE", Public: "0.95812", Private: "0.95780"},
	}
}

func TestReadScores(t *testing.T) {
	table := `fileName        date                 description  status    publicScore  privateScore  
--------------  -------------------  -----------  --------  -----------  ------------  
demo-001.csv    2020-01-02 03:04:05  first 日本     complete  1.09861                    
demo-002.csv    2020-01-02 03:04:06               pending   None         None`
	for _, c := range []struct {
		name, text string
		want       []Row
	}{
		{"client", clientRows, clientWant(0)},
		{"client with a warning", "Warning: Looks like you're using an outdated `kaggle` version, please upgrade\nUsing competition: demo\n" + clientRows, clientWant(2)},
		{"CRLF and a byte order mark", "\ufeff" + strings.ReplaceAll(clientRows, "\n", "\r\n"), clientWant(0)},
		{"UTF-16 of a Windows shell", utf16LE(clientRows), clientWant(0)},
		{"no submissions", "No submissions found\n", nil},
		{"no submissions, with a warning", "Warning: old client\nNo submissions found", nil},
		{"header only", "fileName,publicScore\n", nil},
		{"least columns", "fileName,publicScore\ndemo-001.csv,1.09861", []Row{{Line: 2, File: "demo-001.csv", Public: "1.09861"}}},
		{"other order, letter case, quotes, spaces", "\"PublicScore\",x,\"FILENAME\"\n 1.5 ,,\"a,b.csv\"\n", []Row{{Line: 2, File: "a,b.csv", Public: "1.5"}}},
		{"old client without ref", "fileName,date,description,status,publicScore,privateScore\na.csv,2020,\"two\nlines\",complete,1.1,None\nb.csv,2020,d,error,None,None\n", []Row{
			{Line: 2, File: "a.csv", Time: "2020", Description: "two\nlines", Status: "complete", Public: "1.1"},
			{Line: 4, File: "b.csv", Time: "2020", Description: "d", Status: "error"},
		}},
		{"remark between rows", "fileName,publicScore\na.csv,1.1\nNext Page Token = abc\nb.csv,1.2\n", []Row{{Line: 2, File: "a.csv", Public: "1.1"}, {Line: 4, File: "b.csv", Public: "1.2"}}},
		{"Meta Kaggle", "Id,TeamId,SubmissionDate,PublicScoreLeaderboardDisplay,PublicScoreFullPrecision,PrivateScoreFullPrecision\n77,5,01/02/2020,1.10,1.0986122886681098,1.1\n", []Row{
			{Line: 2, Ref: "77", Time: "01/02/2020", Public: "1.10", publicFull: "1.0986122886681098", privateFull: "1.1"},
		}},
		{"table of the client", table, []Row{
			{Line: 3, File: "demo-001.csv", Time: "2020-01-02 03:04:05", Description: "first 日本", Status: "complete", Public: "1.09861"},
			{Line: 4, File: "demo-002.csv", Time: "2020-01-02 03:04:06", Status: "pending"},
		}},
	} {
		got, err := ReadScores(strings.NewReader(c.text), "scores.csv")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, got, wholeRow); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
	}
}

func utf16LE(text string) string {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}

func TestReadScoresRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", " \n", `s.csv: is empty. Give a CSV with the columns fileName and publicScore`},
		{"other columns", "id,label\n1,2\n", `s.csv:1: no line has the columns fileName and publicScore; it begins with "id,label". Name the columns fileName and publicScore (privateScore, ref, description, status and date are read as well)`},
		{"semicolons", "fileName;publicScore\na.csv;1,1\n", `s.csv:1: no line has the columns fileName and publicScore; it begins with "fileName;publicScore". Separate the columns by commas`},
		{"ragged", "Warning: x\nfileName,publicScore\na.csv,1,1\n", `s.csv:3: has 3 fields, the header has 2. Put a cell that holds a comma in double quotes`},
		{"open quote", "fileName,publicScore\na.csv,\"1\n", `s.csv:2: cannot be read as CSV: extraneous or missing " in quoted-field. Write the list again with: kaggle competitions submissions COMPETITION --csv -W --page-size 200`},
		{"table without dashes", "fileName publicScore\na.csv 1.1\n", `s.csv:2: does not underline the columns of the table. Write the list as CSV: kaggle competitions submissions COMPETITION --csv -W --page-size 200`},
		{"table with a broken row", "fileName  publicScore\n--------  -----------\na-long-name.csv 1.1\n", `s.csv:3: does not fit the columns of the table. Write the list as CSV: kaggle competitions submissions COMPETITION --csv -W --page-size 200`},
	} {
		rows, err := ReadScores(strings.NewReader(c.text), "s.csv")
		if rows != nil || err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.name, err, c.want)
		}
		if status := fault.ExitStatus(err); status != 1 {
			t.Errorf("%s: exit status %d", c.name, status)
		}
	}
	cause := errors.New("disk on fire")
	if _, err := ReadScores(iotest.ErrReader(cause), "s.csv"); !errors.Is(err, cause) {
		t.Errorf("read error: %v", err)
	}
}

func TestParseTyped(t *testing.T) {
	got, err := ParseTyped([]string{"1=1.09861", "002=1.20112/1.19873", "10=0"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{{Probe: 1, Public: "1.09861"}, {Probe: 2, Public: "1.20112", Private: "1.19873"}, {Probe: 10, Public: "0"}}
	if diff := cmp.Diff(want, got, wholeRow); diff != "" {
		t.Error(diff)
	}
	const fix = `. Write PROBE=PUBLIC or PROBE=PUBLIC/PRIVATE, such as 1=1.09861 or 2=1.20112/1.19873`
	for arg, msg := range map[string]string{
		"":           `is not a score`,
		"1.09861":    `is not a score`,
		"0=1.1":      `has no probe number; probes count from 1`,
		"1=":         `"" is not a score; a score is digits, a point and digits, such as 1.09861`,
		"1=1.1/":     `"" is not a score; a score is digits, a point and digits, such as 1.09861`,
		"1=/1.1":     `"" is not a score; a score is digits, a point and digits, such as 1.09861`,
		"1=1,1":      `"1,1" is not a score; write a decimal point, not a comma`,
		"1=-1.1":     `"-1.1" is not a score; a score of these metrics is never negative`,
		"1=1e-5":     `"1e-5" is not a score; write it out, without an exponent`,
		"1=.5":       `".5" is not a score; write a digit before the point`,
		"1=NaN":      `"NaN" is not a score; a score is digits, a point and digits, such as 1.09861`,
		"1=１.1":      `"１.1" is not a score; a score is digits, a point and digits, such as 1.09861`,
		"1=1.1/2/3":  `is not a score`,
		"-1=1.1":     `is not a score`,
		"scores.csv": `is not a score`,
	} {
		_, err := ParseTyped([]string{"3=1.5", arg})
		want := `"` + arg + `": ` + msg + fix
		if err == nil || err.Error() != want || fault.ExitStatus(err) != 2 {
			t.Errorf("%s:\n got %v\nwant %s", arg, err, want)
		}
	}
}

// TestEqualScores compares texts as numbers.
func TestEqualScores(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"0.5038", "0.50380", true}, {"1", "1.000", true}, {"0.5038", "0.50381", false}, {"", "", true}, {"", "0", false}, {"10", "1", false}} {
		if got := equalScores(c.a, c.b); got != c.want {
			t.Errorf("%q %q: %v", c.a, c.b, got)
		}
	}
}

// FuzzReadScores: any bytes are read or refused by a fault, and rows that were read fit the file.
func FuzzReadScores(f *testing.F) {
	f.Add([]byte(clientRows))
	f.Add([]byte("Warning: x\nfileName  publicScore\n--------  -----------\na.csv     1.1\n"))
	f.Add([]byte("Id,PublicScoreFullPrecision\n1,2\n"))
	f.Add([]byte("No submissions found"))
	f.Add([]byte("\xff\xfef\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, err := ReadScores(strings.NewReader(string(text)), "s.csv")
		if _, ok := errors.AsType[*fault.Error](err); err != nil && !ok {
			t.Fatalf("not a fault: %v", err)
		}
		last := 1
		for _, row := range rows {
			if row.Line <= last || row.Public == "None" {
				t.Fatalf("row %+v after line %d", row, last)
			}
			last = row.Line
		}
		rules().Match(rows, nil)
	})
}

// FuzzParseTyped: what is accepted prints back to what was typed, but for zeros before the number.
func FuzzParseTyped(f *testing.F) {
	for _, seed := range []string{"1=1.09861", "02=1.20112/1.19873", "1=", "9=1/", "=", "1=1=1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		rows, err := ParseTyped([]string{arg})
		if err != nil {
			return
		}
		if got := rows[0].name(); len(rows) != 1 || got != strings.TrimLeft(arg, "0") {
			t.Fatalf("%q became %q", arg, got)
		}
	})
}

// BenchmarkReadScores reads a list of 200 submissions, the client's largest page.
func BenchmarkReadScores(b *testing.B) {
	text := "ref,fileName,date,description,status,publicScore,privateScore\n" +
		strings.Repeat("55058575,demo-001.csv,2026-07-28 15:17:26.513000,[lbp:demo/001/aaaaaaaa],SubmissionStatus.COMPLETE,9.662,\n", 200)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := ReadScores(strings.NewReader(text), "s.csv"); err != nil {
			b.Fatal(err)
		}
	}
}
