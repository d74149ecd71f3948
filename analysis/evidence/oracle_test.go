package evidence

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// oracle knows the class of every row, but not the split. Under a random split the differences public - private of all files have mean zero and
// the covariance C = S (1/public + 1/private), S that of their losses over rows (divisor rows-1): exactly, by the theorem quoted at [draw]. So
// the best linear predictor of one difference from the others is known in closed form, and with it what no linear estimator can beat on average.
type oracle struct {
	public  int
	mean    []float64     // of each file over all rows
	off     [][]float64   // rows × files: what the row costs less that mean
	cov     *mat.SymDense // of the differences as they are shown, the rounding of two scores counted as noise
	inverse mat.SymDense
}

// rounding is the variance of the difference of two numbers rounded to 5 decimals, around that of the numbers.
const rounding = 2 * 1e-10 / 12

func newOracle(files []Submission, class []int, public int) *oracle {
	rows := float64(len(class))
	o := &oracle{public: public, mean: make([]float64, len(files)), cov: mat.NewSymDense(len(files), nil)}
	for i, c := range class {
		o.off = append(o.off, make([]float64, len(files)))
		for j, s := range files {
			o.off[i][j] = s.Loss[i][c]
		}
		floats.Add(o.mean, o.off[i])
	}
	floats.Scale(1/rows, o.mean)
	for _, x := range o.off {
		floats.Sub(x, o.mean)
		o.cov.SymRankOne(o.cov, (1/float64(public)+1/(rows-float64(public)))/(rows-1), mat.NewVecDense(len(x), x))
	}
	for j := range files {
		o.cov.SetSym(j, j, o.cov.At(j, j)+rounding)
	}
	o.invert()
	return o
}

func (o *oracle) invert() {
	if !solved(factor(o.cov).InverseTo(&o.inverse)) {
		panic("the files' losses are linearly dependent")
	}
}

// among is the oracle with some of the files only.
func (o *oracle) among(files []int) *oracle {
	out := &oracle{cov: new(mat.SymDense)}
	out.cov.SubsetSym(o.cov, files)
	out.invert()
	return out
}

// errors are each file's difference less its prediction from the others: (C⁻¹d)_j / (C⁻¹)_jj.
func (o *oracle) errors(d []float64) []float64 {
	var x mat.VecDense
	x.MulVec(&o.inverse, mat.NewVecDense(len(d), d))
	out := make([]float64, len(d))
	for j := range out {
		out[j] = x.AtVec(j) / o.inverse.At(j, j)
	}
	return out
}

// variances are what the squares of the errors are expected to be: 1/(C⁻¹)_jj.
func (o *oracle) variances() []float64 { return o.under(o.cov) }

// under are what they are expected to be where the covariance is not what it is taken for.
func (o *oracle) under(truth *mat.SymDense) []float64 {
	out := make([]float64, truth.SymmetricDim())
	for j := range out {
		w := mat.NewVecDense(len(out), mat.Row(nil, j, &o.inverse))
		out[j] = mat.Inner(w, truth, w) / (w.AtVec(j) * w.AtVec(j))
	}
	return out
}

// scores are the mean losses of the parts when these rows are public.
func (o *oracle) scores(public []int) (part [2][]float64) {
	sum := make([]float64, len(o.mean))
	for _, i := range public {
		floats.Add(sum, o.off[i])
	}
	part[Public], part[Private] = slices.Clone(o.mean), slices.Clone(o.mean)
	floats.AddScaled(part[Public], 1/float64(o.public), sum)
	floats.AddScaled(part[Private], -1/float64(len(o.off)-o.public), sum)
	return part
}

// shown draws a random split, and returns what the board shows.
func (o *oracle) shown(rng *rand.Rand) [2][]float64 {
	part := o.scores(rng.Perm(len(o.off))[:o.public])
	for _, p := range part {
		for j, v := range p {
			p[j] = math.Round(v*1e5) / 1e5
		}
	}
	return part
}

func minus(part [2][]float64) []float64 {
	return floats.SubTo(make([]float64, len(part[Public])), part[Public], part[Private])
}

func rms(x []float64) float64 { return floats.Norm(x, 2) / math.Sqrt(float64(len(x))) }

// rootMean is the root of a mean.
func rootMean(x []float64) float64 { return math.Sqrt(stat.Mean(x, nil)) }

// TestOracle goes through all 126 splits of nine rows: the mean square of an error is what the closed form says, and no error goes with a
// difference it was predicted from, which is what makes the prediction the best linear one.
func TestOracle(t *testing.T) {
	c := made(9, 3, 4, 4, rand.New(rand.NewPCG(3, 8)))
	o := newOracle(c.files, []int{0, 1, 2, 0, 1, 2, 0, 0, 1}, 4)
	n := 0.0
	product := mat.NewDense(4, 4, nil) // errors × differences
	square := make([]float64, 4)
	for set := range 1 << 9 {
		var public []int
		for i := range 9 {
			if set>>i&1 == 1 {
				public = append(public, i)
			}
		}
		if len(public) != 4 {
			continue
		}
		n++
		d := minus(o.scores(public))
		e := o.errors(d)
		product.RankOne(product, 1, mat.NewVecDense(4, e), mat.NewVecDense(4, d))
		floats.Add(square, floats.MulTo(make([]float64, 4), e, e))
	}
	if n != 126 {
		t.Fatalf("%v splits", n)
	}
	for j, v := range o.variances() {
		if math.Abs(square[j]/n-v) > 1e-8*v {
			t.Errorf("file %d: mean square %v, closed form %v", j, square[j]/n, v)
		}
		for k := range 4 {
			if k != j && math.Abs(product.At(j, k)/n) > 1e-8 {
				t.Errorf("the error of file %d goes with the difference of file %d: %v", j, k, product.At(j, k)/n)
			}
		}
	}
}
