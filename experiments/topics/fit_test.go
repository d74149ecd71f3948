package topics_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/embed"
	"lbprobe/experiments/topics"
)

// grid is 400 rows of 5 numbers below 10 from a linear congruential generator, moved apart in the first column: the same as the
// Python that made the figures of TestScikitLearn computes.
func grid() blas32.General {
	m := blas32.General{Rows: 400, Cols: 5, Stride: 5, Data: make([]float32, 2000)}
	state := uint64(12345)
	for i := range m.Data {
		state = (state*1103515245 + 12345) % (1 << 31)
		m.Data[i] = float32(state>>15%1000) / 100
	}
	for i := range m.Rows {
		m.Data[i*5] += float32(i % 7 * 3)
	}
	return m
}

// checksum tells labelings apart by position.
func checksum(label []int32) (sum int) {
	for i, l := range label {
		sum += (i + 1) * int(l)
	}
	return sum
}

func must(tb testing.TB, x blas32.General, o topics.Options) *topics.Result {
	tb.Helper()
	r, err := topics.Fit(x, o)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// The figures are of scikit-learn 1.9.1: KMeans(k, init=C, n_init=1, algorithm="lloyd", tol=0), the inertia added up anew in float64.
func TestScikitLearn(t *testing.T) {
	type figures struct {
		Sizes    []int
		Checksum int
		Inertia  float64
	}
	near := cmpopts.EquateApprox(1e-7, 0) // its centroids are float32 sums
	t.Run("grid", func(t *testing.T) {
		x := grid()
		init := blas32.General{Rows: 7, Cols: 5, Stride: 5, Data: x.Data[:35]}
		r := must(t, x, topics.Options{K: 7, Init: &init})
		want := figures{[]int{64, 73, 60, 45, 46, 59, 53}, 228188, 11875.190900918697}
		if diff := cmp.Diff(want, figures{r.Sizes, checksum(r.Assignment), r.Inertia}, near); diff != "" || r.Status != topics.Converged {
			t.Errorf("%s, -scikit-learn +got:\n%s", r.Status, diff)
		}
	})
	t.Run("minilm", func(t *testing.T) {
		x := readMatrix(t, "clinc150_train.minilm.npy")
		init := blas32.General{Rows: 20, Cols: x.Cols, Stride: 700 * x.Stride, Data: x.Data}
		r := must(t, x, topics.Options{K: 20, Init: &init, MaxIter: 1000})
		want := figures{
			[]int{525, 408, 587, 1176, 1025, 1105, 967, 373, 999, 708, 887, 1033, 864, 669, 394, 660, 940, 343, 503, 934},
			1088837709, 10986.796213871468,
		}
		if diff := cmp.Diff(want, figures{r.Sizes, checksum(r.Assignment), r.Inertia}, near); diff != "" || r.Status != topics.Converged {
			t.Errorf("%s, -scikit-learn +got:\n%s", r.Status, diff)
		}
	})
}

// readMatrix copies shared vectors, or skips the test where they are not there.
func readMatrix(tb testing.TB, name string) blas32.General {
	tb.Helper()
	npy, err := embed.OpenNPY(filepath.Join(shared, name))
	if errors.Is(err, fs.ErrNotExist) {
		tb.Skip("the real data is not beside the repository")
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer npy.Close()
	m, err := npy.Matrix()
	if err != nil {
		tb.Fatal(err)
	}
	m.Data = slices.Clone(m.Data)
	return m
}

// render is every bit of a result.
func render(r *topics.Result) []byte {
	var b bytes.Buffer
	for _, part := range []any{r.Centroids.Data, r.Assignment, r.Distance, r.Inertia, r.OtherRadius, int64(r.Iterations), int64(r.Restart)} {
		if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
			panic(err)
		}
	}
	return b.Bytes()
}

func TestSameBytesAtAnyThreadCount(t *testing.T) {
	x := clumps(3000, 37, 12, 2, 5)
	o := topics.Options{K: 9, Seed: 3, Restarts: 3, Other: 0.95, Sample: 2500, Threads: 1}
	want := render(must(t, x, o))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, procs := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(procs)
		for _, threads := range []int{0, 2, 5, 64} {
			o.Threads = threads
			if got := render(must(t, x, o)); !bytes.Equal(got, want) {
				t.Errorf("GOMAXPROCS %d, %d threads: other bytes than 1 thread", procs, threads)
			}
		}
	}
	o.Seed = 4
	if bytes.Equal(render(must(t, x, o)), want) {
		t.Error("another seed gave the same bytes")
	}
}

// reference is Lloyd's algorithm written as plainly as can be, for rows that leave no cluster empty.
func reference(x, c [][]float64) (label []int32) {
	for {
		next := make([]int32, len(x))
		for i := range x {
			least := math.Inf(1)
			for k := range c {
				d := 0.0
				for j := range x[i] {
					d += (x[i][j] - c[k][j]) * (x[i][j] - c[k][j])
				}
				if d < least {
					least, next[i] = d, int32(k)
				}
			}
		}
		if slices.Equal(next, label) {
			return label
		}
		label = next
		for k := range c {
			c[k] = make([]float64, len(c[k]))
			n := 0.0
			for i, l := range label {
				if int(l) == k {
					n++
					for j, v := range x[i] {
						c[k][j] += v
					}
				}
			}
			for j := range c[k] {
				c[k][j] = float64(float32(c[k][j] / n))
			}
		}
	}
}

func rowsOf(m blas32.General) [][]float64 {
	rows := make([][]float64, m.Rows)
	for i := range rows {
		for _, v := range m.Data[i*m.Stride : i*m.Stride+m.Cols] {
			rows[i] = append(rows[i], float64(v))
		}
	}
	return rows
}

func TestEqualsPlainLloyd(t *testing.T) {
	for seed := range uint64(20) {
		x := clumps(300, 11, 6, 1, seed)
		init := blas32.General{Rows: 6, Cols: 11, Stride: 11, Data: x.Data}
		want := reference(rowsOf(x), rowsOf(blas32.General{Rows: 6, Cols: 11, Stride: 11, Data: x.Data}))
		if got := must(t, x, topics.Options{K: 6, Init: &init}).Assignment; !slices.Equal(got, want) {
			t.Errorf("seed %d: other clusters than plain Lloyd", seed)
		}
	}
}

// Rows where float32 is of little help: the nearest centroid must still be that of float64.
func TestAssignHardRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name          string
		scale, offset float64
		step          float64 // centroids differ in multiples of it; 0: no such rule
	}{
		{"plain", 1, 0, 0},
		{"far from the origin", 1e-3, 1000, 0},
		{"subnormal", 1e-42, 0, 0},
		{"tiny", 1e-25, 0, 0},
		{"huge", 1e30, 0, 0},
		{"near the end of float32", 1e38, 0, 0},
		{"ties", 1, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			draw := func(rows int) blas32.General {
				m := blas32.General{Rows: rows, Cols: 13, Stride: 13, Data: make([]float32, rows*13)}
				for i := range m.Data {
					v := rng.NormFloat64()
					if c.step > 0 {
						v = math.Round(v/c.step) * c.step
					}
					m.Data[i] = float32(v*c.scale + c.offset)
				}
				return m
			}
			x, book := draw(500), topics.Codebook{Centroids: draw(40), OtherRadius: math.Inf(1)}
			topic, dist := book.Assign(x, 2)
			centroids := rowsOf(book.Centroids)
			for i, row := range rowsOf(x) {
				best, least := bruteNearest(row, centroids)
				if topic[i] != best || math.Abs(dist[i]-least) > 1e-12*least {
					t.Fatalf("row %d: topic %d at %g, want %d at %g", i, topic[i], dist[i], best, least)
				}
			}
		})
	}
}

func bruteNearest(row []float64, centroids [][]float64) (best int32, least float64) {
	least = math.Inf(1)
	for k, c := range centroids {
		d := 0.0
		for j, v := range row {
			d += (v - c[j]) * (v - c[j])
		}
		if d = math.Sqrt(d); d < least {
			best, least = int32(k), d
		}
	}
	return best, least
}

func line(values ...float32) blas32.General {
	return blas32.General{Rows: len(values), Cols: 1, Stride: 1, Data: values}
}

func TestEmptyClustersAreRefilled(t *testing.T) {
	// Both rows at the far ends start nearest to centroid 0; 1 and 2 start empty. The farthest row, 100, goes to cluster 1, and
	// of 0 and 40, which are 10 and 30 from the centroid at 10, the latter to cluster 2.
	x, init := line(0, 1, 2, 40, 100), line(10, 1000, 2000)
	r := must(t, x, topics.Options{K: 3, Init: &init})
	if diff := cmp.Diff([]int32{0, 0, 0, 2, 1}, r.Assignment); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if r.Status != topics.Converged || r.Inertia != 2 {
		t.Errorf("%s with inertia %v, want converged with 2", r.Status, r.Inertia)
	}
}

func TestDuplicatesFillEveryCluster(t *testing.T) {
	values := make([]float32, 0, 120)
	for i := range 120 {
		values = append(values, float32(i%6))
	}
	r := must(t, line(values...), topics.Options{K: 6, Seed: 1})
	if r.Inertia != 0 || !slices.Equal(r.Sizes, []int{20, 20, 20, 20, 20, 20}) {
		t.Errorf("inertia %v, sizes %v", r.Inertia, r.Sizes)
	}
	if r.Centroids.Data[0] != 0 || r.Centroids.Data[5] != 5 {
		t.Errorf("equal topics do not stand in the order of their first rows: %v", r.Centroids.Data)
	}
}

func TestOther(t *testing.T) {
	// The means are 0.6 and 97; the distances 8 × 0.6, 1.4, 3.4, 9 × 3 and 27, of which the 0.9 quantile is the 18th: 3.
	values := []float32{0, 0, 0, 0, 0, 0, 0, 0, 2, 4, 100, 100, 100, 100, 100, 100, 100, 100, 100, 70}
	r := must(t, line(values...), topics.Options{K: 2, Seed: 1, Other: 0.9})
	want := []int32{0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2}
	if diff := cmp.Diff(want, r.Assignment); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if r.OtherRadius != 3 || r.Topics() != 3 || !slices.Equal(r.Sizes, []int{9, 9, 2}) {
		t.Errorf("radius %v, %d topics, sizes %v", r.OtherRadius, r.Topics(), r.Sizes)
	}
	topic, _ := r.Assign(line(50, 100, -1000), 1)
	if diff := cmp.Diff([]int32{2, 1, 2}, topic); diff != "" {
		t.Errorf("new rows, -want +got:\n%s", diff)
	}
}

func TestInvariants(t *testing.T) {
	for seed := range uint64(10) {
		x := clumps(500, 8, 5, 2, seed)
		one := must(t, x, topics.Options{K: 7, Seed: seed})
		r := must(t, x, topics.Options{K: 7, Seed: seed, Restarts: 4, Other: 0.97})
		if r.Inertia > one.Inertia {
			t.Errorf("seed %d: four restarts have inertia %v, the first alone %v", seed, r.Inertia, one.Inertia)
		}
		if !slices.IsSortedFunc(r.Sizes[:7], func(a, b int) int { return b - a }) {
			t.Errorf("seed %d: sizes %v do not fall", seed, r.Sizes)
		}
		topic, dist := r.Assign(x, 1)
		if !slices.Equal(topic, r.Assignment) || !slices.Equal(dist, r.Distance) {
			t.Errorf("seed %d: the codebook assigns the fitted rows otherwise", seed)
		}
	}
}

func TestSampleAndLimit(t *testing.T) {
	x := clumps(2000, 8, 5, 0.5, 1)
	all := must(t, x, topics.Options{K: 5, Seed: 1, Restarts: 3})
	part := must(t, x, topics.Options{K: 5, Seed: 1, Restarts: 3, Sample: 300})
	if len(part.Assignment) != 2000 || topics.AdjustedRand(all.Assignment, part.Assignment) < 0.95 {
		t.Errorf("a sample of 300 gives %d assignments that agree by %v", len(part.Assignment), topics.AdjustedRand(all.Assignment, part.Assignment))
	}
	cut := must(t, clumps(2000, 8, 5, 3, 1), topics.Options{K: 9, Seed: 1, MaxIter: 2})
	if cut.Status != topics.IterationLimit || cut.Iterations != 2 {
		t.Errorf("%s after %d iterations, want the limit of 2", cut.Status, cut.Iterations)
	}
}

func TestFaults(t *testing.T) {
	three, nan := line(1, 2, 3), line(1, 2, float32(math.NaN()))
	wide := blas32.General{Rows: 1, Cols: 2, Stride: 2, Data: []float32{1, 2}}
	for _, c := range []struct {
		name string
		x    blas32.General
		o    topics.Options
		want string
	}{
		{"no topics", three, topics.Options{}, "topics.k: 0 topics. Set k to 1 or more"},
		{"k over rows", three, topics.Options{K: 4}, "topics.k: 4 topics, but only 3 rows. Set k to at most 3"},
		{"k over distinct rows", line(1, 2, 1, 2, 0, float32(math.Copysign(0, -1))), topics.Options{K: 4}, "topics.k: 4 topics, but only 3 distinct rows. Set k to at most 3"},
		{"k over sample", three, topics.Options{K: 3, Sample: 2}, "topics.k: 3 topics, but only 2 rows in the sample. Set k to at most 2"},
		{"NaN", nan, topics.Options{K: 1}, "embedding: row 2 (from 0), column 0 is NaN. Embed that text again, or leave the row out"},
		{"infinity", line(float32(math.Inf(-1))), topics.Options{K: 1}, "embedding: row 0 (from 0), column 0 is -Inf. Embed that text again, or leave the row out"},
		{"quantile", three, topics.Options{K: 1, Other: 1.5}, "topics.other: 1.5 is not a quantile. Give a number above 0 and at most 1"},
		{"quantile NaN", three, topics.Options{K: 1, Other: math.NaN()}, "topics.other: NaN is not a quantile. Give a number above 0 and at most 1"},
		{"restarts", three, topics.Options{K: 1, Restarts: -1}, "topics.restarts: -1 is negative. Give 0 for the default, or a positive number"},
		{"start", three, topics.Options{K: 1, Init: &wide}, "init: the starting centroids are 1×2. Give 1×1: one row a topic, as wide as the vectors"},
		{"start NaN", three, topics.Options{K: 3, Init: &nan}, "init: row 2 (from 0), column 0 is NaN. Embed that text again, or leave the row out"},
		{"no columns", blas32.General{Rows: 2}, topics.Options{K: 1}, "embedding: the vectors have no columns. Give at least one number a row"},
	} {
		_, err := topics.Fit(c.x, c.o)
		if got := fmt.Sprint(err); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}
