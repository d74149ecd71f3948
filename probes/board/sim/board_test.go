package sim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lbprobe/probes/board"
	"lbprobe/probes/metric"
)

// scoring is a board like Kaggle's.
var scoring = metric.Scoring{Metric: metric.LogLoss, Decimals: 5, Rounding: metric.Round, Clip: metric.Clip64, Normalise: metric.Refuse}

// small is a test of four rows, one of each kind.
func small() Truth {
	return Truth{IDColumn: "id", Classes: []string{"a", "b"}, IDs: []string{"r1", "r2", "r3", "r4"},
		Class: []int{0, 1, 0, -1}, Usage: []Usage{Public, Public, Private, Ignored}}
}

// submit hands text in and returns the row that the board shows for it.
func submit(t testing.TB, b *Board, text string) board.Row {
	t.Helper()
	ref, err := b.Submit(context.Background(), board.Submission{Name: "p.csv", Message: "[tag]", Open: open(text)})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.Scores(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if last := rows[len(rows)-1]; last.Ref == ref {
		return last
	}
	t.Fatalf("the last of %d rows is not %s", len(rows), ref)
	return board.Row{}
}

func open(text string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

func newBoard(t testing.TB, truth Truth, s metric.Scoring) *Board {
	t.Helper()
	b, err := New(truth, s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSubmitByHand: public rows of classes a and b cost ln 2 and ln 4, the private one ln 2; the ignored one does not count.
func TestSubmitByHand(t *testing.T) {
	file := "b,id,a\n0.5,r1,0.5\n0.9,r4,0.1\n0.25,r2,0.75\n0.5,r3,0.5\n"
	tests := []struct {
		decimals        int
		rounding        metric.Rounding
		public, private string
	}{
		{5, metric.Round, "1.03972", "0.69315"}, // ln(8)/2 = 1.0397207…
		{5, metric.Floor, "1.03972", "0.69314"},
		{3, metric.Round, "1.040", "0.693"},
		{3, metric.Floor, "1.039", "0.693"},
		{0, metric.Round, "1", "1"},
	}
	for _, test := range tests {
		s := scoring
		s.Decimals, s.Rounding = test.decimals, test.rounding
		got := submit(t, newBoard(t, small(), s), file)
		want := board.Row{Ref: "1", File: "p.csv", Description: "[tag]", Status: board.Complete, Public: test.public, Private: test.private}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d decimals, %s (-want +got):\n%s", test.decimals, test.rounding, diff)
		}
	}
}

// TestScoreClosedForm: with probabilities that are powers of 2 a score is a rational number times ln 2, which is known to 60 digits. Truth,
// split, order of rows and columns, decimals and rounding are random; the shown digits must be those of the exact number.
func TestScoreClosedForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		n := rapid.IntRange(2, 60).Draw(t, "rows")
		truth := Truth{IDColumn: "id", Classes: []string{"a", "b", "c"}, Usage: DrawSplit(n, 1+rng.IntN(n-1), 0, rng)}
		var bits [Private + 1]int64
		lines := make([]string, n)
		for i := range n {
			truth.IDs = append(truth.IDs, fmt.Sprint("r", i))
			truth.Class = append(truth.Class, rng.IntN(3))
			k := rng.Perm(40)[:3] // the row costs so many times ln 2
			bits[truth.Usage[i]] += int64(k[truth.Class[i]])
			lines[i] = fmt.Sprintf("%.17g,%.17g,r%d,%.17g\n", math.Exp2(-float64(k[2])), math.Exp2(-float64(k[0])), i, math.Exp2(-float64(k[1])))
		}
		rng.Shuffle(n, func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		s := scoring
		s.Normalise = metric.None // the rows do not sum to 1
		s.Decimals = rapid.IntRange(0, 8).Draw(t, "decimals")
		s.Rounding = rapid.SampledFrom([]metric.Rounding{metric.Round, metric.Floor}).Draw(t, "rounding")
		b, err := New(truth, s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Submit(context.Background(), board.Submission{Open: open("c,a,id,b\n" + strings.Join(lines, ""))}); err != nil {
			t.Fatal(err)
		}
		row := b.shown[0]
		public, private := exact(bits[Public], truth.Usage, Public, s), exact(bits[Private], truth.Usage, Private, s)
		if row.Status != board.Complete || row.Public != public || row.Private != private {
			t.Fatalf("shown %+v, want %s and %s", row, public, private)
		}
	})
}

// exact returns ln(2)·bits over the number of rows, cut to the board's decimals in rational arithmetic.
func exact(bits int64, usage []Usage, part Usage, s metric.Scoring) string {
	n := int64(0)
	for _, u := range usage {
		if u == part {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	const ln2 = "0.693147180559945309417232121458176568075500134360255254120680"
	tick := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(s.Decimals)), nil)
	mean, _ := new(big.Rat).SetString(ln2)
	mean.Mul(mean, big.NewRat(bits, n)).Mul(mean, new(big.Rat).SetInt(tick))
	if s.Rounding == metric.Round {
		mean.Add(mean, big.NewRat(1, 2))
	}
	floor := new(big.Int).Quo(mean.Num(), mean.Denom())
	return new(big.Rat).SetFrac(floor, tick).FloatString(s.Decimals)
}

// TestConstantPrediction: (a, b, b) for all rows tells the share of A: (S + ln b)/(ln b - ln a).
func TestConstantPrediction(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const n, public = 25_000, 6_500
	truth := Truth{IDColumn: "id", Classes: []string{"a", "b", "c"}, Usage: DrawSplit(n, public, 0, rng)}
	q := metric.Quantise([]float64{1 - 2e-12, 1e-12, 1e-12}, 1e-12)
	var file strings.Builder
	file.WriteString("id,a,b,c\n")
	inPublic := 0
	for i := range n {
		truth.IDs = append(truth.IDs, fmt.Sprint(i))
		truth.Class = append(truth.Class, rng.IntN(3))
		if truth.Usage[i] == Public && truth.Class[i] != 0 {
			inPublic++
		}
		fmt.Fprintf(&file, "%d,%.17g,%.17g,%.17g\n", i, q[0], q[1], q[2])
	}
	row := submit(t, newBoard(t, truth, scoring), file.String())
	reading, err := metric.ParseReading(row.Public, 5)
	if err != nil {
		t.Fatalf("%+v: %v", row, err)
	}
	loss, err := scoring.RowLoss(q)
	if err != nil {
		t.Fatal(err)
	}
	notA := (reading.Value - loss[0]) / (loss[1] - loss[0]) * public
	if diff := notA - float64(inPublic); diff > 0.01 || diff < -0.01 {
		t.Errorf("the score %s tells %.3f public rows that are not of class a, there are %d", row.Public, notA, inPublic)
	}
}

// TestBrokenFiles: what a competition refuses has a message and no score, and the board goes on.
func TestBrokenFiles(t *testing.T) {
	const good = "id,a,b\nr1,0.5,0.5\nr2,0.5,0.5\nr3,0.5,0.5\nr4,0.5,0.5\n"
	edit := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	tests := []struct{ name, file, want string }{
		{"empty", "", "the file is empty"},
		{"no column", edit("id,a,b", "id,a,c"), `the file has no column "b"`},
		{"no id", edit("id,a,b", "ID,a,b"), `the file has no column "id"`},
		{"column too many", "x," + strings.ReplaceAll(good, "\nr", "\n1,r"), `the file has a column "x" too many`},
		{"column twice", "a," + strings.ReplaceAll(good, "\nr", "\n1,r"), `the file has a column "a" too many`},
		{"unknown id", edit("r3", "r9"), `line 4: the test has no row with the id "r9"`},
		{"id twice", edit("r3", "r1"), `line 4: the id "r1" stands on line 2 too`},
		{"rows missing", "id,a,b\nr2,0.5,0.5\n", `3 of the test's 4 rows are missing, the first has the id "r1"`},
		{"row too many", good + "r5,0.5,0.5\n", `line 6: the test has no row with the id "r5"`},
		{"NaN", edit("r2,0.5", "r2,NaN"), `line 3: column "a" holds "NaN", not a number`},
		{"infinity", edit("r2,0.5", "r2,inf"), `line 3: column "a" holds "inf", not a number`},
		{"beyond float64", edit("r2,0.5", "r2,1e999"), `line 3: column "a" holds "1e999", not a number`},
		{"empty value", edit("r2,0.5", "r2,"), `line 3: column "a" holds "", not a number`},
		{"hexadecimal", edit("r2,0.5", "r2,0x1p-1"), `line 3: column "a" holds "0x1p-1", not a number`},
		{"text", edit("r2,0.5", "r2,half"), `line 3: column "a" holds "half", not a number`},
		{"sum", edit("r2,0.5", "r2,0.6"), `id "r2": the row sums to 1.1, not 1`},
		{"negative", edit("r2,0.5,0.5", "r2,-0.5,1.5"), `id "r2": class 0 is -0.5, outside [0, 1]`},
		{"fields", edit("r2,0.5", "r2"), "record on line 3: wrong number of fields"},
		{"quote", edit("r2", `r"2`), "parse error on line 3, column 2: bare \" in non-quoted-field"},
	}
	b := newBoard(t, small(), scoring)
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := board.Row{Ref: fmt.Sprint(i + 1), File: "p.csv", Description: "[tag]", Status: board.Error, Message: test.want}
			if diff := cmp.Diff(want, submit(t, b, test.file)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if row := submit(t, b, "\ufeff"+strings.ReplaceAll(good, "\n", "\r\n")); row.Status != board.Complete || row.Public != "0.69315" {
		t.Errorf("a good file with a byte order mark and CRLF: %+v", row)
	}
}

// TestIgnoredRowsAreNotScored: an ignored row must be there with numbers, but what they are does not matter.
func TestIgnoredRowsAreNotScored(t *testing.T) {
	row := submit(t, newBoard(t, small(), scoring), "id,a,b\nr1,0.5,0.5\nr2,0.5,0.5\nr3,0.5,0.5\nr4,7,7\n")
	if row.Status != board.Complete || row.Public != "0.69315" || row.Private != "0.69315" {
		t.Errorf("%+v", row)
	}
}

// TestAllPublic: a board without private rows shows no private score.
func TestAllPublic(t *testing.T) {
	truth := small()
	truth.Usage = []Usage{Public, Public, Public, Ignored}
	row := submit(t, newBoard(t, truth, scoring), "id,a,b\nr1,0.5,0.5\nr2,0.5,0.5\nr3,0.5,0.5\nr4,0.5,0.5\n")
	if row.Status != board.Complete || row.Public != "0.69315" || row.Private != "" {
		t.Errorf("%+v", row)
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Truth, *metric.Scoring)
		want   string
	}{
		{"rounding", func(_ *Truth, s *metric.Scoring) { s.Rounding = metric.Either },
			`the simulated board needs rounding round or floor, not "either"`},
		{"metric", func(_ *Truth, s *metric.Scoring) { s.Metric = metric.AUC }, `the simulated board can't score this: auc takes one column, not one a class`},
		{"decimals", func(_ *Truth, s *metric.Scoring) { s.Decimals = 20 }, "the simulated board can't show 20 decimals"},
		{"lengths", func(t *Truth, _ *metric.Scoring) { t.Usage = nil }, "truth has 4 ids, 4 classes and 0 usages"},
		{"id twice", func(t *Truth, _ *metric.Scoring) { t.IDs[1] = "r1" }, `truth has two rows with the id "r1"`},
		{"no class", func(t *Truth, _ *metric.Scoring) { t.Class[2] = -1 }, `truth has no class for the scored row "r3"`},
		{"class unknown", func(t *Truth, _ *metric.Scoring) { t.Class[2] = 2 }, `truth has no class for the scored row "r3"`},
		{"nothing public", func(t *Truth, _ *metric.Scoring) { t.Usage[0], t.Usage[1] = Private, Ignored },
			"no row of the truth is public, so there is nothing to show"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			truth, s := small(), scoring
			test.change(&truth, &s)
			if _, err := New(truth, s); err == nil || err.Error() != test.want {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

// TestNotTaken: a file that does not open, and a context that is done, cost no submission.
func TestNotTaken(t *testing.T) {
	b := newBoard(t, small(), scoring)
	gone := errors.New("gone")
	fails := board.Submission{Open: func() (io.ReadCloser, error) { return nil, gone }}
	if _, err := b.Submit(context.Background(), fails); !errors.Is(err, gone) {
		t.Errorf("error %v, want %v", err, gone)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := b.Submit(ctx, board.Submission{Open: open("")}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	if rows, err := b.Scores(context.Background()); err != nil || len(rows) != 0 {
		t.Errorf("%d rows, %v; want none", len(rows), err)
	}
}

// FuzzSubmit: any file is either scored, with digits that read back, or refused with a message.
func FuzzSubmit(f *testing.F) {
	const good = "id,a,b\nr1,0.5,0.5\nr2,0.5,0.5\nr3,0.5,0.5\nr4,0.5,0.5\n"
	for _, seed := range []string{"", good, "\ufeff" + good, "b,a,id\n1,0,r4\n1e-12,1,r3\n0,1,r2\n.5,5e-1,r1", "id,a,b\nr1,\"0.5\n", "id,a,b\nr1,-0,+1\n", "\"\"\n"} {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, file string, strict bool) {
		s := scoring
		if s.Normalise = metric.None; strict {
			s.Normalise = metric.Refuse
		}
		row := submit(t, newBoard(t, small(), s), file)
		switch row.Status {
		case board.Complete:
			for _, score := range []string{row.Public, row.Private} {
				if reading, err := metric.ParseReading(score, s.Decimals); err != nil || reading.Padded || reading.Value > 36.1 {
					t.Errorf("score %q: %+v, %v", score, reading, err)
				}
			}
		case board.Error:
			if row.Public != "" || row.Private != "" || row.Message == "" {
				t.Errorf("%+v", row)
			}
		default:
			t.Errorf("status %q", row.Status)
		}
	})
}

func BenchmarkSubmit(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	const n = 25_000
	truth := Truth{IDColumn: "id", Classes: []string{"a", "b", "c"}, Usage: DrawSplit(n, 6500, 0, rng)}
	var file strings.Builder
	file.WriteString("id,a,b,c\n")
	for i := range n {
		truth.IDs = append(truth.IDs, fmt.Sprint(i))
		truth.Class = append(truth.Class, rng.IntN(3))
		q := metric.Quantise([]float64{rng.Float64(), rng.Float64(), rng.Float64()}, 1e-12)
		fmt.Fprintf(&file, "%d,%.17g,%.17g,%.17g\n", i, q[0], q[1], q[2])
	}
	sim, err := New(truth, scoring)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		if row := submit(b, sim, file.String()); row.Status != board.Complete {
			b.Fatal(row.Message)
		}
	}
}
