package design

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// System is what scores say about the counts z of a prior.Model: probe j asserts
//
//	A_j·z = Target_j + e_j,   e_j of mean 0 and standard deviation Sigma_j,
//
// where e_j holds the rounding of the score, n times a uniform error over the score's own interval, and the losses of rows that no unknown
// counts. It comes from n S = Σ n_kc ℓ_jkc with S the middle of the mean costs that the shown score stands for, and is homogeneous in n where
// n is unknown.
type System struct {
	A      *mat.Dense // scores × Dim
	Target []float64
	Sigma  []float64

	model *prior.Model
	lines []line
}

// NewSystem writes down the scores of some probes: probes[j] has the prediction of probe j for every topic, and means[j] is the interval of
// mean costs that its score stands for, as of metric.Scoring.LossInterval. groups are those of the model's unknowns.
func NewSystem(m *prior.Model, groups [][]int, s metric.Scoring, probes []Probe, means []metric.Interval) (*System, error) {
	out := &System{model: m, A: mat.NewDense(len(probes), m.Dim(), nil)}
	var d drawer
	for j, p := range probes {
		if j == 0 {
			d = newDrawer(m, groups, s, len(p.Q))
		}
		l, err := d.line(p)
		if err != nil {
			return nil, err
		}
		l.read(m, means[j], s)
		row, target, sigma := l.equation(m)
		out.A.SetRow(j, row)
		out.lines, out.Target, out.Sigma = append(out.lines, l), append(out.Target, target), append(out.Sigma, sigma)
	}
	return out, nil
}

// Middle is that of the mean costs that score j stands for.
func (s *System) Middle(j int) float64 { return s.lines[j].middle }

// wobbles is how many standard deviations of the unseen rows' losses widen the interval of a score. At three the truth lies outside one of a dozen intervals in about
// 1 of 10,000 competitions where these losses move a score by a hundredth of a tick; more would let scores pass that are a tick off.
const wobbles = 3

// Admits reports whether a point lies inside the interval of every score, widened for the unseen rows' losses and by what float64 arithmetic may add.
func (s *System) Admits(z []int) bool {
	if math.Abs(s.Residual(0, z)) > s.Reach(0) {
		return false // as nearly all points are told at once
	}
	_, n, ok := s.model.Counts(z)
	if !ok {
		return false
	}
	for j := range s.lines {
		if math.Abs(s.Residual(j, z)) > s.reach(j, n) {
			return false
		}
	}
	return true
}

// Reach is the largest residual of score j that Admits lets pass.
func (s *System) Reach(j int) float64 {
	_, hi := s.model.Public()
	return s.reach(j, hi)
}

func (s *System) reach(j, n int) float64 {
	return float64(n)*s.lines[j].error() + wobbles*math.Sqrt(s.lines[j].wobble2)
}

// Residual is how far score j is from what the point predicts, in units of loss summed over the public rows.
func (s *System) Residual(j int, z []int) float64 {
	r := -s.Target[j]
	for i, a := range s.A.RawRowView(j) {
		r += a * float64(z[i])
	}
	return r
}

// LogLikelihood is ln P(scores | point) up to a constant: the chance that the losses of the unseen rows put each sum into its interval.
// Without unseen rows that is sure or impossible. With them nothing is impossible, only very unlikely: how they are spread is a belief
// that may be wrong.
func (s *System) LogLikelihood(z []int) float64 {
	_, n, ok := s.model.Counts(z)
	if !ok {
		return math.Inf(-1)
	}
	l := 0.0
	for j := range s.lines {
		w := math.Sqrt(2 * s.lines[j].wobble2)
		r, h := math.Abs(s.Residual(j, z)), float64(n)*(s.lines[j].half+s.lines[j].blur)
		switch {
		case w > 0:
			l += math.Log(max(0.5*(math.Erfc((r-h)/w)-math.Erfc((r+h)/w)), math.SmallestNonzeroFloat64))
		case r > s.reach(j, n):
			return math.Inf(-1)
		}
	}
	return l
}

// Surprise is how many standard deviations score j lies from what the prior expects of it.
func (s *System) Surprise(j int) float64 {
	mean, cov := s.model.Gaussian()
	a := s.A.RawRowView(j)
	gap := s.Target[j] - mat.Dot(mat.NewVecDense(len(a), a), mean)
	return math.Abs(gap) / math.Sqrt(newState(cov).spread(a, s.Sigma[j]))
}

// Information is what the first j+1 scores are worth together, in bits, for every j: ½ log₂ det(1 + Σ^-½ A C Aᵀ Σ^-½), C the prior
// covariance.
func (s *System) Information() []float64 {
	_, cov := s.model.Gaussian()
	state, out, sum := newState(cov), make([]float64, len(s.Sigma)), 0.0
	for j := range out {
		sum += state.learn(s.A.RawRowView(j), s.Sigma[j])
		out[j] = sum
	}
	return out
}

// Posterior is the Gaussian of the counts given the scores.
func (s *System) Posterior() (mean *mat.VecDense, cov *mat.SymDense) {
	mean, cov = s.model.Gaussian()
	state := newState(cov)
	for j := range s.Sigma {
		a := s.A.RawRowView(j)
		v := mat.NewVecDense(len(a), a)
		gap := s.Target[j] - mat.Dot(v, mean)
		mean.AddScaledVec(mean, gap/state.spread(a, s.Sigma[j]), state.along)
		state.learn(a, s.Sigma[j])
	}
	return mean, state.cov
}

// state is a Gaussian that learns one linear reading after the other.
type state struct {
	cov   *mat.SymDense
	along *mat.VecDense // cov·a of the last reading
}

func newState(cov *mat.SymDense) *state {
	d := cov.SymmetricDim()
	c := mat.NewSymDense(d, nil)
	c.CopySym(cov)
	return &state{c, mat.NewVecDense(d, nil)}
}

// spread is the variance of the reading a·z + e.
func (s *state) spread(a []float64, sigma float64) float64 {
	v := mat.NewVecDense(len(a), a)
	s.along.MulVec(s.cov, v)
	return mat.Dot(v, s.along) + sigma*sigma
}

// gain is what a reading would tell, in bits.
func (s *state) gain(a []float64, sigma float64) float64 {
	return 0.5 * math.Log2(max(1, s.spread(a, sigma)/(sigma*sigma)))
}

func (s *state) learn(a []float64, sigma float64) float64 {
	v := s.spread(a, sigma)
	s.cov.SymRankOne(s.cov, -1/v, s.along)
	return 0.5 * math.Log2(max(1, v/(sigma*sigma)))
}
