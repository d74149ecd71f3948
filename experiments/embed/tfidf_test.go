package embed

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gonum.org/v1/gonum/mat"
)

// stories is texts about a few things, each of its own words beside common ones.
func stories(n int, seed uint64) []string {
	subjects := []string{"planet orbit telescope comet galaxy", "bread flour oven yeast dough", "goal striker match league keeper", "面包 面粉 烤箱 酵母", "хлеб мука печь тесто"}
	common := strings.Fields("the a of to and is in it for how what")
	rng := rand.New(rand.NewPCG(seed, 9))
	texts := make([]string, n)
	for i := range texts {
		own := strings.Fields(subjects[i%len(subjects)])
		var b strings.Builder
		for range 8 {
			b.WriteString(common[rng.IntN(len(common))] + " " + own[rng.IntN(len(own))] + " ")
		}
		fmt.Fprintf(&b, "number%d", rng.IntN(n/4+1))
		texts[i] = b.String()
	}
	return texts
}

func fit(tb testing.TB, texts []string, o TFIDFOptions) *TFIDF {
	tb.Helper()
	t, err := FitTFIDF(texts, o)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// frozen is the embedder as bytes.
func frozen(tb testing.TB, t *TFIDF) []byte {
	tb.Helper()
	var b bytes.Buffer
	n, err := t.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		tb.Fatalf("WriteTo: %d of %d bytes, %v", n, b.Len(), err)
	}
	return b.Bytes()
}

func vectors(tb testing.TB, t *TFIDF, texts []string) []float32 {
	tb.Helper()
	m, err := t.Embed(texts)
	if err != nil {
		tb.Fatal(err)
	}
	return m.Data
}

// The figures are of scikit-learn 1.9.1: TfidfVectorizer(sublinear_tf=True, min_df=2) with token_pattern \w+, and with
// analyzer="char_wb", ngram_range=(4, 4) on the texts without punctuation.
func TestWeightsScikitLearn(t *testing.T) {
	texts := []string{"The cat sat on the mat.", "A cat and a dog sat.", "Dogs and cats: the best of dogs!", "Quantum cats sat, quantum dogs sat; the cat sat."}
	e := fit(t, texts, TFIDFOptions{})
	for kind, want := range [kinds]struct {
		terms  []string
		weight [][]float64
	}{
		{[]string{"and", "cat", "cats", "dogs", "sat", "the"}, [][]float64{
			{0, 0.453294655228, 0, 0, 0.453294655228, 0.767494567462},
			{0.6578293133, 0.532569523426, 0, 0, 0.532569523426, 0},
			{0.425544353368, 0, 0.425544353368, 0.720509222108, 0, 0.344514829132},
			{0, 0.325203571815, 0.40169110871, 0.40169110871, 0.68247621213, 0.325203571815},
		}},
		{[]string{" and", " cat", " dog", " sat", " the", "and ", "ats ", "cat ", "cats", "dogs", "ogs ", "sat ", "the "}, [][]float64{
			{0, 0.266633410803, 0, 0.326130936989, 0.552187676456, 0, 0, 0.326130936989, 0, 0, 0, 0.326130936989, 0.552187676456},
			{0.444562254658, 0.29425120124, 0.359911459263, 0.359911459263, 0, 0.444562254658, 0, 0.359911459263, 0, 0, 0, 0.359911459263, 0},
			{0.273573453045, 0.181075465455, 0.375000418108, 0, 0.221481287872, 0.273573453045, 0.273573453045, 0, 0.273573453045, 0.463200120699, 0.463200120699, 0, 0.221481287872},
			{0, 0.303319204158, 0.219120306147, 0.459848567176, 0.219120306147, 0, 0.270657170909, 0.219120306147, 0.270657170909, 0.270657170909, 0.270657170909, 0.459848567176, 0.219120306147},
		}},
	} {
		// "a" is a word here and has no place in the shorter patterns' vocabulary: it occurs in one text.
		if diff := cmp.Diff(want.terms, e.known[kind].terms); diff != "" {
			t.Errorf("vocabulary %d, -scikit-learn +got:\n%s", kind, diff)
			continue
		}
		for i, text := range texts {
			found, weight := e.weights(text)
			got := make([]float64, len(want.terms))
			for j, c := range found[kind] {
				got[c.term] = weight[kind][j]
			}
			if diff := cmp.Diff(want.weight[i], got, cmpopts.EquateApprox(0, 1e-11)); diff != "" {
				t.Errorf("%q, -scikit-learn +got:\n%s", text, diff)
			}
		}
	}
}

// Against gonum's full decomposition: V·Σ of a matrix of rank below the width is found exactly, up to the sign of a column.
func TestTermVectors(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	const rows, cols, rank, dim = 60, 25, 9, 6
	left, right := mat.NewDense(rows, rank, nil), mat.NewDense(rank, cols, nil)
	left.Apply(func(_, j int, _ float64) float64 { return rng.NormFloat64() * float64(j+1) }, left)
	right.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() }, right)
	var dense mat.Dense
	dense.Mul(left, right)
	x := sparse{rows: rows, cols: cols, start: []int{0}}
	for i := range rows {
		for j := range cols {
			x.col, x.value = append(x.col, int32(j)), append(x.value, float32(dense.At(i, j)))
		}
		x.start = append(x.start, len(x.col))
	}
	var svd mat.SVD
	var v mat.Dense
	svd.Factorize(&dense, mat.SVDThin)
	svd.VTo(&v)
	got := termVectors(x, dim, rng, 2)
	if got.Rows != cols || got.Cols != dim {
		t.Fatalf("%d×%d", got.Rows, got.Cols)
	}
	for j := range dim {
		sign := math.Copysign(1, v.At(0, j+1)*float64(got.Data[j]))
		for i := range cols {
			want := sign * v.At(i, j+1) * svd.Values(nil)[j+1]
			if math.Abs(float64(got.Data[i*got.Stride+j])-want) > 1e-4*svd.Values(nil)[0] {
				t.Fatalf("row %d, component %d: %v, want %v", i, j+1, got.Data[i*got.Stride+j], want)
			}
		}
	}
	if all := termVectors(x, 20, rng, 2); all.Cols != rank-1 {
		t.Errorf("%d components of a matrix of rank %d, without the first", all.Cols, rank)
	}
}

func TestTransposed(t *testing.T) {
	x := sparse{rows: 3, cols: 4, start: []int{0, 2, 2, 4}, col: []int32{1, 3, 0, 1}, value: []float32{1, 2, 3, 4}}
	want := sparse{rows: 4, cols: 3, start: []int{0, 1, 3, 3, 4}, col: []int32{2, 0, 2, 0}, value: []float32{3, 1, 4, 2}}
	if diff := cmp.Diff(want, x.transposed(), cmp.AllowUnexported(sparse{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(x, x.transposed().transposed(), cmp.AllowUnexported(sparse{})); diff != "" {
		t.Errorf("twice, -want +got:\n%s", diff)
	}
}

func TestSubjectsComeApart(t *testing.T) {
	texts := stories(200, 1)
	e := fit(t, texts, TFIDFOptions{Dim: 12})
	v := vectors(t, e, texts)
	if e.Dim() != 12 || len(v) != 200*12 {
		t.Fatalf("%d numbers of dimension %d", len(v), e.Dim())
	}
	cosine := func(i, j int) (s float64) {
		for d := range 12 {
			s += float64(v[i*12+d]) * float64(v[j*12+d])
		}
		return s
	}
	for i := range 200 {
		if n := cosine(i, i); math.Abs(n-1) > 1e-6 {
			t.Errorf("row %d has norm² %v", i, n)
		}
		if own, other := cosine(i, (i+5)%200), cosine(i, (i+1)%200); own < other+0.2 {
			t.Errorf("row %d is like its own subject by %.3f, like another by %.3f", i, own, other)
		}
	}
}

func TestSameBytesAtAnyThreadCount(t *testing.T) {
	texts := stories(700, 2)
	e := fit(t, texts, TFIDFOptions{Seed: 5, Threads: 1})
	want, wantV := frozen(t, e), vectors(t, e, texts)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, procs := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(procs)
		for _, threads := range []int{0, 3, 40} {
			e := fit(t, texts, TFIDFOptions{Seed: 5, Threads: threads})
			if !bytes.Equal(frozen(t, e), want) || !slices.Equal(vectors(t, e, texts), wantV) {
				t.Errorf("GOMAXPROCS %d, %d threads: other bytes than 1 thread", procs, threads)
			}
		}
	}
}

func TestFrozenEmbedsAlike(t *testing.T) {
	e := fit(t, stories(300, 3), TFIDFOptions{Dim: 20})
	fresh := append(stories(50, 4), "", "words nobody knows: xyzzyqq", "面包", strings.Repeat("bread ", 1000))
	file := frozen(t, e)
	read, err := ReadTFIDF(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	got, want := vectors(t, read, fresh), vectors(t, e, fresh)
	if !slices.Equal(got, want) || !bytes.Equal(frozen(t, read), file) {
		t.Error("the frozen embedder embeds otherwise")
	}
	for i, text := range fresh { // in any company
		if one := vectors(t, read, []string{text}); !slices.Equal(one, want[i*20:i*20+20]) {
			t.Errorf("%q alone embeds otherwise", text)
		}
	}
	if slices.ContainsFunc(want[50*20:51*20], func(v float32) bool { return v != 0 }) {
		t.Error("a text without terms has a vector other than zero")
	}
	// The last text has one term 1,000 times; counts above 255 weigh the same.
	if once := vectors(t, e, []string{strings.Repeat("bread ", 255)}); !slices.Equal(once, want[53*20:]) {
		t.Error("a count of 1,000 weighs otherwise than 255")
	}
}

func TestFitFaults(t *testing.T) {
	for _, c := range []struct {
		texts []string
		dim   int
		want  string
	}{
		{nil, 0, `embedding: no word or letter sequence occurs in two of the 0 texts. Give more texts, or vectors of your own: source = "npy"`},
		{[]string{"alpha", "beta"}, 0, `embedding: no word or letter sequence occurs in two of the 2 texts. Give more texts, or vectors of your own: source = "npy"`},
		{[]string{"same", "same", "same"}, 0, `embedding: the 3 texts differ in no word or letter sequence that two of them share. Give more texts, or vectors of your own: source = "npy"`},
		{[]string{"a", "b"}, -1, "embedding.dim: -1 numbers a vector. Give 1 to 4096, or 0 for 100"},
	} {
		if _, err := FitTFIDF(c.texts, TFIDFOptions{Dim: c.dim}); fmt.Sprint(err) != c.want {
			t.Errorf("%q:\n got %v\nwant %s", c.texts, err, c.want)
		}
	}
	if e := fit(t, []string{"red fox", "red hen", "fox hen"}, TFIDFOptions{}); e.Dim() != 2 {
		t.Errorf("three texts of rank 3 give %d dimensions", e.Dim())
	}
}

// sealed replaces the checksum by the right one.
func sealed(b []byte) []byte {
	body := b[:len(b)-sha256.Size]
	sum := sha256.Sum256(body)
	return append(slices.Clone(body), sum[:]...)
}

func TestReadDamaged(t *testing.T) {
	good := frozen(t, fit(t, stories(60, 5), TFIDFOptions{Dim: 3}))
	alter := func(at int, value byte) []byte {
		b := slices.Clone(good)
		b[at] = value
		return b
	}
	infinite := slices.Clone(good)
	binary.LittleEndian.PutUint32(infinite[len(infinite)-sha256.Size-4:], math.Float32bits(float32(math.Inf(1))))
	swapped := bytes.Replace(good, []byte("bread\n"), []byte("zread\n"), 1)
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "is no frozen embedder"},
		{"other file", bytes.Repeat([]byte("text "), 40), "is no frozen embedder"},
		{"version", alter(8, 2), "is a frozen embedder of version 2; version 1 is read"},
		{"cut short", good[:len(good)-1], "the frozen embedder is damaged: its checksum differs"},
		{"longer", append(slices.Clone(good), 0), "the frozen embedder is damaged: its checksum differs"},
		{"one bit", alter(len(good)/2, good[len(good)/2]^1), "the frozen embedder is damaged: its checksum differs"},
		{"dimension", sealed(alter(12, 4)), "the frozen embedder contradicts itself"},
		{"words", sealed(alter(16, good[16]+1)), "the frozen embedder contradicts itself"},
		{"infinite", sealed(infinite), "the frozen embedder contradicts itself"},
		{"order", sealed(swapped), "the frozen embedder contradicts itself"},
	} {
		want := c.want + ". Make it again with lbprobe topics"
		if _, err := ReadTFIDF(bytes.NewReader(c.data)); fmt.Sprint(err) != want {
			t.Errorf("%s: got %v, want %s", c.name, err, want)
		}
	}
	if _, err := ReadTFIDF(io.MultiReader(bytes.NewReader(good[:50]), brokenReader{})); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a failing reader: %v", err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func FuzzReadTFIDF(f *testing.F) {
	good := frozen(f, fit(f, stories(20, 6), TFIDFOptions{Dim: 2}))
	f.Add(good)
	f.Add(good[:100])
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) >= frozenHead+sha256.Size {
			data = sealed(data) // let the fuzzer get behind the checksum
		}
		e, err := ReadTFIDF(bytes.NewReader(data))
		if err != nil {
			return
		}
		if !bytes.Equal(frozen(t, e), data) {
			t.Error("what was read is written otherwise")
		}
		vectors(t, e, []string{"the bread 面包", ""})
	})
}

// chatPrompts is the texts of real prompts, as often as makes n, or skips where they are not beside the repository.
func chatPrompts(tb testing.TB, n int) (texts []string, length int) {
	tb.Helper()
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "chat_prompts.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		tb.Skip("the real data is not beside the repository")
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	for lines := json.NewDecoder(file); lines.More(); {
		var row struct{ Text string }
		if err := lines.Decode(&row); err != nil {
			tb.Fatal(err)
		}
		texts = append(texts, row.Text)
	}
	texts = slices.Repeat(texts, n/len(texts)+1)[:n]
	for _, text := range texts {
		length += len(text)
	}
	return texts, length
}

// BenchmarkTFIDF fits on, and embeds, as many real prompts as the LMSYS competition has.
func BenchmarkTFIDF(b *testing.B) {
	texts, length := chatPrompts(b, 57_000)
	report := func(b *testing.B) {
		b.SetBytes(int64(length))
		b.ReportMetric(float64(len(texts)*b.N)/b.Elapsed().Seconds(), "texts/s")
	}
	b.Run("stage=fit", func(b *testing.B) {
		for b.Loop() {
			fit(b, texts, TFIDFOptions{})
		}
		report(b)
	})
	b.Run("stage=embed", func(b *testing.B) {
		e := fit(b, texts, TFIDFOptions{})
		for b.Loop() {
			vectors(b, e, texts)
		}
		report(b)
	})
}
