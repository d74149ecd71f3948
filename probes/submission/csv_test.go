package submission

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lbprobe/probes/metric"
)

func TestWrite(t *testing.T) {
	third := metric.Quantise([]float64{1, 1, 1}, 1e-12)
	low := metric.Quantise([]float64{1, 0, 0}, 1e-12)
	template := Template{IDColumn: "id", Classes: []string{"EAP", "HPL", "M,WS"},
		IDs: []string{"id02310", "a b", `say "x"`, "", "二"}, Topic: []int32{0, 1, 1, 0, 0}}
	var b bytes.Buffer
	if err := template.Write(&b, [][]float64{third, low}); err != nil {
		t.Fatal(err)
	}
	want := `id,EAP,HPL,"M,WS"
id02310,0.33333333333333326,0.33333333333333337,0.33333333333333337
a b,0.99999999999799982,1.000088900582341e-12,1.000088900582341e-12
"say ""x""",0.99999999999799982,1.000088900582341e-12,1.000088900582341e-12
,0.33333333333333326,0.33333333333333337,0.33333333333333337
二,0.33333333333333326,0.33333333333333337,0.33333333333333337
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestWriteReadsBack reads random submissions with encoding/csv and strconv: ids, columns and every bit of every value are what was
// written, and every line sums to exactly 1, from the left and from the right.
func TestWriteReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, template := draw(t)
		var b bytes.Buffer
		if err := template.Write(&b, q); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := [][]string{append([]string{template.IDColumn}, template.Classes...)}
		if len(records) != len(template.IDs)+1 || !cmp.Equal(normal(want[0]), records[0]) {
			t.Fatalf("%d lines with the header %q, want %d with %q", len(records), records[0], len(template.IDs)+1, want[0])
		}
		for i, record := range records[1:] {
			if record[0] != normal(template.IDs[i : i+1])[0] {
				t.Fatalf("id %q, want %q", record[0], template.IDs[i])
			}
			values := numbers(t, record[1:])
			if diff := cmp.Diff(q[template.Topic[i]], values); diff != "" {
				t.Fatalf("row %d (-want +got):\n%s", i, diff)
			}
			left, right := 0.0, 0.0
			for c := range values {
				left, right = left+values[c], right+values[len(values)-1-c]
			}
			if left != 1 || right != 1 {
				t.Fatalf("row %d sums to %v and %v", i, left, right)
			}
		}
	})
}

// draw makes a small submission with ids and columns of any text.
func draw(t *rapid.T) ([][]float64, Template) {
	classes := rapid.IntRange(2, 5).Draw(t, "classes")
	q := make([][]float64, rapid.IntRange(1, 4).Draw(t, "topics"))
	for k := range q {
		weights := rapid.SliceOfN(rapid.Float64Range(1e-300, 1), classes, classes).Draw(t, "weights")
		q[k] = metric.Quantise(weights, rapid.SampledFrom([]float64{0, 1e-15, 1e-12, 1e-6}).Draw(t, "floor"))
	}
	text := rapid.OneOf(rapid.StringMatching(`[a-z0-9]{1,9}`), rapid.StringMatching(`[ ,"\r\n\\.x]{0,6}`), rapid.String())
	n := rapid.IntRange(0, 30).Draw(t, "rows")
	return q, Template{
		IDColumn: text.Draw(t, "id column"),
		Classes:  rapid.SliceOfN(text, classes, classes).Draw(t, "class"),
		IDs:      rapid.SliceOfN(text, n, n).Draw(t, "ids"),
		Topic:    rapid.SliceOfN(rapid.Int32Range(0, int32(len(q)-1)), n, n).Draw(t, "topic"),
	}
}

// normal is what a CSV reader makes of line ends inside quotes.
func normal(fields []string) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = strings.ReplaceAll(f, "\r\n", "\n")
	}
	return out
}

func numbers(t *rapid.T, fields []string) []float64 {
	out := make([]float64, len(fields))
	for i, f := range fields {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = v
	}
	return out
}

// TestWriteChunks: rows beyond the first chunk arrive whole, and equal input gives equal bytes.
func TestWriteChunks(t *testing.T) {
	template, q := large(20_000)
	var b, again bytes.Buffer
	for _, w := range []io.Writer{&b, &again} {
		if err := template.Write(w, q); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) != 20_001 || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Fatalf("%d lines, want 20001, twice the same", len(lines))
	}
	for i, line := range lines[1:] {
		if id, _, _ := strings.Cut(line, ","); id != template.IDs[i] {
			t.Fatalf("line %d has the id %s, want %s", i+2, id, template.IDs[i])
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	half := []float64{.5, .5}
	tests := []struct {
		name     string
		template Template
		q        [][]float64
		want     string
	}{
		{"topics missing", Template{Classes: []string{"a", "b"}, IDs: []string{"x"}}, nil, "1 ids, but topics of 0 rows"},
		{"class missing", Template{Classes: []string{"a", "b", "c"}}, [][]float64{half}, "topic 0 predicts 2 values, the submission has 3 columns"},
		{"topic unknown", Template{Classes: []string{"a", "b"}, IDs: []string{"x"}, Topic: []int32{1}}, [][]float64{half},
			"row x is of topic 1, the design predicts 1 topics"},
		{"topic negative", Template{Classes: []string{"a", "b"}, IDs: []string{"x"}, Topic: []int32{-1}}, [][]float64{half},
			"row x is of topic -1, the design predicts 1 topics"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := test.template.Write(&b, test.q); err == nil || err.Error() != test.want || b.Len() > 0 {
				t.Errorf("error %v after %d bytes, want %q and none", err, b.Len(), test.want)
			}
		})
	}
}

// TestWriteFails passes the writer's error on, from the middle and from the end of a file.
func TestWriteFails(t *testing.T) {
	full := errors.New("disk full")
	for _, rows := range []int{10, 5000} {
		template, q := large(rows)
		if _, err := template.Entry(failing{full}, "demo", 1, q); !errors.Is(err, full) {
			t.Errorf("%d rows: error %v", rows, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// large makes a template of n rows with ids like Kaggle's, over 20 topics and three classes.
func large(n int) (Template, [][]float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	q := make([][]float64, 20)
	for k := range q {
		q[k] = metric.Quantise([]float64{rng.Float64(), rng.Float64(), rng.Float64()}, 1e-12)
	}
	t := Template{IDColumn: "id", Classes: []string{"winner_model_a", "winner_model_b", "winner_tie"}}
	for range n {
		t.IDs = append(t.IDs, strconv.Itoa(100_000_000+rng.IntN(3_900_000_000)))
		t.Topic = append(t.Topic, int32(rng.IntN(len(q))))
	}
	return t, q
}

// BenchmarkWrite writes 100 submissions of 25,000 rows an iteration, as generate does for a design of 100 probes: to memory-backed files where
// the system has them.
func BenchmarkWrite(b *testing.B) {
	b.Run("hash=no", func(b *testing.B) {
		bench(b, func(t Template, w io.Writer, q [][]float64) error { return t.Write(w, q) })
	})
	b.Run("hash=sha256", func(b *testing.B) {
		bench(b, func(t Template, w io.Writer, q [][]float64) error {
			_, err := t.Entry(w, "demo", 1, q)
			return err
		})
	})
}

func bench(b *testing.B, write func(Template, io.Writer, [][]float64) error) {
	const files = 100
	template, q := large(25_000)
	dir, err := os.MkdirTemp("/dev/shm", "submission")
	if err != nil {
		dir = b.TempDir()
	}
	defer os.RemoveAll(dir)
	size := int64(0)
	for b.Loop() {
		size = 0
		for i := range files {
			f, err := os.Create(filepath.Join(dir, fmt.Sprint(i)))
			if err != nil {
				b.Fatal(err)
			}
			if err := write(template, f, q); err != nil {
				b.Fatal(err)
			}
			at, _ := f.Seek(0, io.SeekCurrent)
			size += at
			if err := f.Close(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.SetBytes(size)
}
