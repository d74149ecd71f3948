package evidence

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/internal/fault"
	"lbprobe/probes/metric"
)

// competition is a made-up test: classes drawn from chances that no file knows, files that see them through noise of their own.
type competition struct {
	files  []Submission // with both scores, rounded to 5 decimals
	true   [2][]float64 // class shares by part
	public int
}

func made(rows, classes, files, public int, rng *rand.Rand) competition {
	logit, class, in := make([][]float64, rows), make([]int, rows), make([]bool, rows)
	for i := range logit {
		logit[i] = normals(classes, 2, rng)
		class[i] = draw1(softmax(logit[i]), rng)
	}
	for _, i := range rng.Perm(rows)[:public] {
		in[i] = true
	}
	c := competition{public: public, true: [2][]float64{make([]float64, classes), make([]float64, classes)}}
	sizes := [2]float64{float64(public), float64(rows - public)}
	for i, k := range class {
		c.true[partOf(in[i])][k] += 1 / sizes[partOf(in[i])]
	}
	for j := range files {
		var sum [2]float64
		loss, noise, sharp := make([][]float64, rows), 0.5+rng.Float64(), 0.7+0.6*rng.Float64()
		for i := range loss {
			seen := normals(classes, noise, rng)
			for k := range seen {
				seen[k] = sharp * (seen[k] + logit[i][k])
			}
			for _, q := range softmax(seen) {
				loss[i] = append(loss[i], -math.Log(q))
			}
			sum[partOf(in[i])] += loss[i][class[i]]
		}
		pub := metric.ScoreInterval(sum[Public]/sizes[Public], 5, metric.Round)
		priv := metric.ScoreInterval(sum[Private]/sizes[Private], 5, metric.Round)
		c.files = append(c.files, Submission{fmt.Sprintf("file %d", j), loss, &pub, &priv})
	}
	return c
}

func partOf(public bool) Part {
	if public {
		return Public
	}
	return Private
}

func normals(n int, sd float64, rng *rand.Rand) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = sd * rng.NormFloat64()
	}
	return out
}

func softmax(x []float64) []float64 {
	out, sum := make([]float64, len(x)), 0.0
	for i, v := range x {
		out[i] = math.Exp(v)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

func draw1(p []float64, rng *rand.Rand) int {
	u := rng.Float64()
	for c, v := range p {
		if u -= v; u < 0 {
			return c
		}
	}
	return len(p) - 1
}

// TestCalibration: intervals hold the truth as often as they say, over made-up competitions. Labels are independent there, so that what rests on the
// overdispersion's prior is wider than it need be; differences do not rest on it.
func TestCalibration(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 4))
	var difference, private, shares held
	for range 30 {
		c := made(1200, 3, 8, 400, rng)
		kept := append([]Submission(nil), c.files...)
		kept[6].Private, kept[7].Private, kept[7].Public = nil, nil, nil
		p, err := Fit(kept, Options{Public: [2]int{400, 400}})
		if err != nil {
			t.Fatal(err)
		}
		e, _ := p.Difference(7)
		difference.add(middle(c.files[7].Public)-middle(c.files[7].Private), e)
		e, _ = p.Private(6)
		private.add(middle(c.files[6].Private), e)
		for part := range c.true {
			s, _ := p.Shares(Part(part))
			for k, v := range c.true[part] {
				shares.add(v, s[k])
			}
		}
	}
	difference.log(t, "difference from the others")
	private.log(t, "private from own public and the others")
	shares.log(t, "class shares")
	if z := math.Sqrt(difference.standard / difference.n); z < 0.8 || z > 1.25 {
		t.Errorf("standardised differences have spread %.3f, want about 1", z)
	}
	for _, h := range []held{difference, private, shares} {
		if float64(h.inside[2]) < 0.9*h.n || float64(h.inside[1]) < 0.82*h.n {
			t.Errorf("intervals too narrow: %+v", h)
		}
	}
}

// summary is all that a posterior says.
func summary(p *Posterior, files int) (out []any) {
	out = append(out, p.Belief(), p.Split(), p.Warnings())
	for i := range files {
		private, _ := p.Private(i)
		difference, _ := p.Difference(i)
		out = append(out, p.Public(i), private, difference, p.Bits(i), p.Residuals(i))
	}
	for _, part := range []Part{Public, Private, All} {
		s, _ := p.Shares(part)
		out = append(out, s)
	}
	return out
}

// TestThreads: the number of threads changes nothing, to the last bit.
func TestThreads(t *testing.T) {
	c := made(2000, 3, 4, 700, rand.New(rand.NewPCG(2, 2)))
	c.files[3].Private = nil
	var first []any
	for _, threads := range []int{0, 1, 2, 5} {
		p, err := Fit(c.files, Options{Public: [2]int{690, 710}, Unscored: [2]int{0, 20}, Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		got := summary(p, 4)
		if first == nil {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Errorf("%d threads (-one +these):\n%s", threads, diff)
		}
	}
}

// TestKnown: what was shown comes back, a file's twin has the same scores, and a file with its twin adds nothing but digits.
func TestKnown(t *testing.T) {
	c := made(1500, 3, 6, 500, rand.New(rand.NewPCG(7, 9)))
	twin := c.files[2]
	twin.Name, twin.Public, twin.Private = "twin", nil, nil
	files := append(c.files, twin)
	p, err := Fit(files, Options{Public: [2]int{500, 500}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range files {
		source := files[i]
		if i == 6 {
			source = files[2]
		}
		private, _ := p.Private(i)
		for _, e := range []struct {
			Estimate
			want *metric.Interval
		}{{p.Public(i), source.Public}, {private, source.Private}} {
			if math.Abs(e.Value-middle(e.want)) > 1e-5 || e.SD > 1e-5 {
				t.Errorf("%s: %v ± %v, shown %v", files[i].Name, e.Value, e.SD, middle(e.want))
			}
		}
	}
	alone := p.Bits(2)
	files[6].Public, files[6].Private = files[2].Public, files[2].Private
	if p, err = Fit(files, Options{Public: [2]int{500, 500}}); err != nil {
		t.Fatal(err)
	}
	if alone < 10 || p.Bits(2) > 1.5 {
		t.Errorf("the file brings %.1f bits alone and %.1f beside its twin", alone, p.Bits(2))
	}
}

// TestWrongScoreIsNamed: a score that belongs to another file stands out.
func TestWrongScoreIsNamed(t *testing.T) {
	c := made(3000, 3, 12, 1000, rand.New(rand.NewPCG(4, 6)))
	wrong := metric.ScoreInterval(math.Round(1e5*(middle(c.files[5].Private)+0.1))/1e5, 5, metric.Round)
	c.files[5].Private = &wrong
	p, err := Fit(c.files, Options{Public: [2]int{1000, 1000}})
	if err != nil {
		t.Fatal(err)
	}
	worst, at := 0.0, -1
	for i := range c.files {
		for _, r := range p.Residuals(i) {
			if z := math.Abs(r.Reading-r.Expected) / r.SD; z > worst {
				worst, at = z, i
			}
		}
	}
	if at != 5 || worst < 3 {
		t.Errorf("file %d stands out by %.1f, want file 5; %v", at, worst, p.Warnings())
	}
}

// TestPublicOnly: before the deadline there are public scores alone.
func TestPublicOnly(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 1))
	var h held
	for range 15 {
		c := made(1200, 3, 6, 400, rng)
		kept := append([]Submission(nil), c.files...)
		for i := range kept {
			kept[i].Private = nil
		}
		p, err := Fit(kept, Options{Public: [2]int{380, 420}})
		if err != nil {
			t.Fatal(err)
		}
		for i := range kept {
			e, _ := p.Private(i)
			h.add(middle(c.files[i].Private), e)
		}
	}
	h.log(t, "private scores from public ones")
	if float64(h.inside[2]) < 0.85*h.n {
		t.Error("intervals too narrow")
	}
}

func TestNoPrivateRows(t *testing.T) {
	c := made(300, 2, 3, 100, rand.New(rand.NewPCG(1, 1)))
	for i := range c.files {
		c.files[i].Private = nil
	}
	p, err := Fit(c.files, Options{Public: [2]int{100, 300}})
	if err != nil {
		t.Fatal(err)
	}
	_, private := p.Private(0)
	_, difference := p.Difference(0)
	_, shares := p.Shares(Private)
	if private || difference || shares {
		t.Error("estimates for a part that may be empty")
	}
	if w := p.Warnings(); len(w) != 1 || !strings.HasPrefix(w[0], "3 readings") {
		t.Errorf("warnings %q", w)
	}
}

func TestFaults(t *testing.T) {
	at := func(lo, hi float64) *metric.Interval { return &metric.Interval{Lo: lo, Hi: hi} }
	loss := func(rows ...[]float64) [][]float64 { return rows }
	good := loss([]float64{0, 1}, []float64{1, 0}, []float64{0.5, 0.5})
	o := Options{Public: [2]int{2, 2}}
	tests := []struct {
		name  string
		files []Submission
		o     Options
		want  string
	}{
		{"nothing", nil, o, "there are no files with rows of two classes or more"},
		{"no score", []Submission{{"a", good, nil, nil}}, o, "none of the 1 files has a score"},
		{"rows", []Submission{{"a", good, at(0.5, 0.6), nil}, {"b", good[:2], nil, nil}}, o, "b: 2 rows where the first file has 3"},
		{"classes", []Submission{{"a", loss([]float64{0, 1}, []float64{1}), at(0.5, 0.6), nil}}, o, "a: row 2 has 1 classes, the first file 2"},
		{"number", []Submission{{"a", loss([]float64{0, math.NaN()}), at(0.5, 0.6), nil}}, Options{Public: [2]int{1, 1}}, "a: row 1, class 2 is NaN"},
		{"too many rows", []Submission{{"a", good, at(0.5, 0.6), nil}}, Options{Public: [2]int{2, 3}, Unscored: [2]int{0, 1}}, "do not fit the 3 rows"},
		{"interval", []Submission{{"a", good, at(0.6, 0.5), nil}}, o, "a: the public score's interval runs from 0.6 to 0.5"},
		{"no private rows", []Submission{{"a", good, nil, at(0.5, 0.6)}}, Options{Public: [2]int{2, 3}}, "a: a private score, where all rows"},
		{"impossible", []Submission{{"a", good, at(1.9, 1.91), nil}}, Options{Public: [2]int{3, 3}}, "no classes of the rows give these scores"},
		{"certainty", []Submission{{"a", good, at(0.5, 0.6), nil}}, Options{Public: [2]int{2, 2}, Certainty: 1}, "certainty 1"},
		{"base", []Submission{{"a", good, at(0.5, 0.6), nil}}, Options{Public: [2]int{2, 2}, Base: loss([]float64{1, 0})}, "base: 1 rows"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Fit(test.files, test.o)
			if _, ok := errors.AsType[*fault.Error](err); !ok || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want a fault with %q", err, test.want)
			}
		})
	}
}

func TestLosses(t *testing.T) {
	s := metric.Scoring{Metric: metric.LogLoss, Clip: 0.1, Normalise: metric.Divide}
	got, err := Losses(s, [][]float64{{1, 3}, {0, 1}})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]float64{{math.Log(4), math.Log(4.0 / 3)}, {math.Log(10), -math.Log(0.9)}}
	for i := range want {
		for c := range want[i] {
			if math.Abs(got[i][c]-want[i][c]) > 1e-15 {
				t.Errorf("row %d, class %d: %v, want %v", i, c, got[i][c], want[i][c])
			}
		}
	}
	s.Clip = 0
	if _, err := Losses(s, [][]float64{{1, 3}, {0, 1}}); err == nil || !strings.HasPrefix(err.Error(), "row 2: ") {
		t.Errorf("error %v for a class at 0", err)
	}
	errorsOf, err := Errors([]int{1, 0}, 2)
	if diff := cmp.Diff([][]float64{{1, 0}, {0, 1}}, errorsOf); diff != "" || err != nil {
		t.Errorf("errors (-want +got):\n%s%v", diff, err)
	}
	if _, err := Errors([]int{2}, 2); err == nil {
		t.Error("label 2 of two classes")
	}
	if got := ErrorInterval(metric.Interval{Lo: 0.25, Hi: 0.5}); got != (metric.Interval{Lo: 0.5, Hi: 0.75}) {
		t.Errorf("interval %v", got)
	}
}

// BenchmarkFit counts the losses read in a second, over all passes of the fit.
func BenchmarkFit(b *testing.B) {
	for _, size := range []struct{ rows, classes, files int }{{8392, 3, 27}, {25000, 100, 8}} {
		b.Run(fmt.Sprintf("rows=%d/classes=%d/files=%d", size.rows, size.classes, size.files), func(b *testing.B) {
			c := made(size.rows, size.classes, size.files, size.rows/3, rand.New(rand.NewPCG(1, 2)))
			b.SetBytes(int64(8 * size.rows * size.classes * size.files))
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if _, err := Fit(c.files, Options{Public: [2]int{size.rows / 3, size.rows / 3}, Threads: 2}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
