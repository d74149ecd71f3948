package design

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// Chances are how likely a number of submissions is to be enough, all being as believed.
type Chances struct {
	Certain float64 `json:"p_certain"` // the likeliest counts hold the asked certainty, by the scores and the stated belief
	Exact   float64 `json:"p_exact"`   // the scores tell enough to claim every count exact
}

// chanceDraws are truths that scores are drawn for.
const chanceDraws = 32

// uniformBits is by how much a rounding error, being uniform, is less uncertain than the Gaussian of its variance as which it enters Information.
var uniformBits = 0.5 * math.Log2(2*math.Pi*math.E/12)

// NewChances approximates, without decoding anything, what the first submissions of a design lead to, beside the scores that are known already. With b bits of joint information and h the
// entropy of the d unknown counts, a point of prior mass p leaves wrong points the odds 2^-b/p on average. In the Gaussian limit -log₂ p is
// h + (χ² - d)/(2 ln 2), so that the certainty c is reached if
//
//	χ²_d ≤ d + 2 ln 2 (b - h - log₂ (c/(1-c))).
//
// That is too low at the bound itself, where counts vary less than that, and right from one submission past it (a test plays it). An exact claim needs b - h ≥ SpareBits under the flat belief; b is found for scores of truths drawn from the stated one, for it depends a little on
// them where the public rows are not known. That every search ends in time is assumed. flat is the flat belief about the same counts as m.
func NewChances(m, flat *prior.Model, o Options, d *Design, submissions int, certainty float64) (Chances, error) {
	probes := d.Probes[:max(0, min(submissions, len(d.Probes)))]
	if len(probes) == 0 || m.Dim() == 0 || d.Kind != Lattice && len(probes) < len(d.Probes) {
		return Chances{}, nil // but for a lattice some count is touched by no probe but the last
	}
	o.groups = d.Groups
	probes = slices.Concat(o.Known, probes)
	mean, cov := m.Gaussian()
	draws := gaussian{mean: mean, rng: rand.New(rand.NewPCG(o.Seed, 0x6368616e6365))}
	known := draws.root.Factorize(cov)
	var out Chances
	h, flatH := m.Entropy(), flat.FullEntropy()
	free, odds := float64(m.Dim()), math.Log2(certainty/(1-certainty))
	for range chanceDraws {
		at := mean
		if known {
			at = draws.draw()
		}
		bits, err := bitsAt(m, m, o, probes, at)
		if err != nil {
			return Chances{}, err
		}
		bits += uniformBits * float64(len(probes))
		if x := free + 2*math.Ln2*(bits-h-odds); x > 0 {
			out.Certain += distuv.ChiSquared{K: free}.CDF(x) / chanceDraws
		}
		if bits, err = bitsAt(m, flat, o, probes, at); err != nil {
			return Chances{}, err
		}
		if bits-flatH >= SpareBits {
			out.Exact += 1.0 / chanceDraws
		}
	}
	return out, nil
}

// bitsAt is what probes tell under the belief of reader where the counts are those of at, coordinates of m.
func bitsAt(m, reader *prior.Model, o Options, probes []Probe, at *mat.VecDense) (float64, error) {
	means, err := meansAt(m, o, probes, at)
	if err != nil {
		return 0, err
	}
	sys, err := NewSystem(reader, o.groups, o.Scoring, probes, means)
	if err != nil {
		return 0, err
	}
	info := sys.Information()
	return info[len(info)-1], nil
}

// meansAt are the mean costs that probes stand for if the counts are those of at.
func meansAt(m *prior.Model, o Options, probes []Probe, at *mat.VecDense) ([]metric.Interval, error) {
	means := make([]metric.Interval, len(probes))
	d := newDrawer(m, o.groups, o.Scoring, o.Topics)
	for j, p := range probes {
		l, err := d.line(p)
		if err != nil {
			return nil, err
		}
		l.expect(m, at, o.Scoring)
		means[j] = metric.Interval{Lo: l.middle - l.half, Hi: l.middle + l.half}
	}
	return means, nil
}

// gaussian draws vectors of a mean and a covariance.
type gaussian struct {
	mean *mat.VecDense
	root mat.Cholesky
	rng  *rand.Rand
}

func (g *gaussian) draw() *mat.VecDense {
	d := g.mean.Len()
	white, out := mat.NewVecDense(d, nil), mat.NewVecDense(d, nil)
	for i := range d {
		white.SetVec(i, g.rng.NormFloat64())
	}
	var lower mat.TriDense
	g.root.LTo(&lower)
	out.MulVec(&lower, white)
	out.AddVec(out, g.mean)
	return out
}
