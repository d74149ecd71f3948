package analysis

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// ClassShare is what something else than the probes, such as the scores of past submissions, tells of a class's share of a part's rows: its mean and
// standard deviation. It narrows the intervals of counts that are not settled and has no say in any claim: neither points nor their masses know
// of it.
type ClassShare struct {
	Part  string // public or private
	Class int
	Share float64
	SD    float64
}

// informed conditions a Gaussian of the coordinates on the class shares of the public rows, each a linear reading Σ_k x_kg − n·share = 0 with the error
// n·sd. Shares of one part are estimated together: with more than one in the fit their errors are taken √(their number) times as large, so that
// whatever their correlation no combination counts for more than it is worth.
func (a *analyst) informed(belief int, mean *mat.VecDense, cov *mat.SymDense) (*mat.VecDense, *mat.SymDense) {
	m := a.models[belief]
	readings := a.shareReadings()
	if len(readings) == 0 || belief != stated {
		return mean, cov
	}
	out, spread := mat.VecDenseCopyOf(mean), mat.NewSymDense(m.Dim(), nil)
	spread.CopySym(cov)
	_, hi := m.Public()
	for _, r := range readings {
		row, target := m.Linear(a.indicator(-1, r.group), r.Share)
		v, sigma := mat.NewVecDense(len(row), row), float64(hi)*r.SD*math.Sqrt(float64(len(readings)))
		along := mat.NewVecDense(len(row), nil)
		along.MulVec(spread, v)
		variance := mat.Dot(v, along) + sigma*sigma
		out.AddScaledVec(out, (target-mat.Dot(v, out))/variance, along)
		spread.SymRankOne(spread, -1/variance, along)
	}
	return out, spread
}

// shareReading is a ClassShare of a group.
type shareReading struct {
	ClassShare
	group int
}

// shareReadings are the shares of groups that are known: of one class, or of all but one. Where all classes are counted the last group follows.
func (a *analyst) shareReadings() (out []shareReading) {
	groups := a.groups
	if !a.latent {
		groups = groups[:len(groups)-1]
	}
	for g, group := range groups {
		for _, s := range a.Shares {
			switch {
			case s.Part != publicPart || !(s.SD > 0):
			case len(group) == 1 && group[0] == s.Class:
				out = append(out, shareReading{s, g})
			case len(group) > 1 && len(group) == len(a.Design.Classes)-1 && !slices.Contains(group, s.Class):
				s.Share = 1 - s.Share
				out = append(out, shareReading{s, g})
			}
		}
	}
	return out
}
