package analysis

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"lbprobe/probes/prior"
)

// marginals are what is known of each number of public rows, one distribution a number.
type marginals struct {
	cell [][]prior.PMF // topics × groups
	rows []prior.PMF   // n_k
	sums []prior.PMF   // of each group over all topics
	all  prior.PMF     // n
}

// unread is the belief itself, before any score.
func (a *analyst) unread(belief int) marginals {
	m := a.models[belief]
	mean, cov := m.Gaussian()
	mean, cov = a.informed(belief, mean, cov)
	return a.gaussian(m, mean, cov)
}

// smooth is the linear-Gaussian posterior, every marginal reshaped by the exact prior of its count, so that small counts stay whole and
// within their bounds. Hypotheses of rounding are mixed.
func (a *analyst) smooth(belief int) marginals {
	var parts []marginals
	for _, row := range a.decoder.readings {
		mean, cov := row[belief].system.Posterior()
		mean, cov = a.informed(belief, mean, cov)
		parts = append(parts, a.gaussian(a.models[belief], mean, cov))
	}
	return mixed(parts, slices.Repeat([]float64{1 / float64(len(parts))}, len(parts)))
}

// mixed is a mixture of what is known one way or another.
func mixed(parts []marginals, weights []float64) marginals {
	if len(parts) == 1 {
		return parts[0]
	}
	mix := func(of func(m marginals) prior.PMF) prior.PMF {
		f := make([]prior.PMF, len(parts))
		for i, m := range parts {
			f[i] = of(m)
		}
		return prior.Mix(weights, f)
	}
	out := marginals{all: mix(func(m marginals) prior.PMF { return m.all })}
	for k := range parts[0].rows {
		out.rows = append(out.rows, mix(func(m marginals) prior.PMF { return m.rows[k] }))
		var cells []prior.PMF
		for g := range parts[0].cell[k] {
			cells = append(cells, mix(func(m marginals) prior.PMF { return m.cell[k][g] }))
		}
		out.cell = append(out.cell, cells)
	}
	for g := range parts[0].sums {
		out.sums = append(out.sums, mix(func(m marginals) prior.PMF { return m.sums[g] }))
	}
	return out
}

// gaussian turns a Gaussian of the coordinates into distributions of the counts.
func (a *analyst) gaussian(m *prior.Model, mean *mat.VecDense, cov *mat.SymDense) marginals {
	before, spread := m.Gaussian()
	look := func(row []float64, shift float64) likelihood {
		m1, v1 := along(row, mean, cov)
		m0, v0 := along(row, before, spread)
		return likelihood{m0 - shift, v0, m1 - shift, v1}
	}
	out := marginals{}
	lo, hi := m.Public()
	for k := range m.Topics() {
		asked, cells := m.Asked(k), make([]prior.PMF, len(a.groups))
		for g := range a.groups {
			cells[g] = prior.Point(0)
			if asked {
				seen := look(m.Linear(a.indicator(k, g), 0))
				cells[g] = m.Marginal(prior.Unknown{Topic: k, Group: g}).Reweighted(seen.log)
			}
		}
		rows := m.PublicRowsOf(k)
		switch {
		case !asked:
		case a.latent:
			seen := look(m.Linear(a.indicator(k, 0), 0))
			f := m.Marginal(prior.Unknown{Topic: k, Group: 0})
			if !seen.empty() {
				rows = m.PublicRowsSeen(k, f.Lo, f.Lo+len(f.P)-1, seen.log)
			}
		default:
			rows = rows.Reweighted(look(m.Linear(a.indicator(k, -1), 0)).log)
		}
		out.cell, out.rows = append(out.cell, cells), append(out.rows, rows)
	}
	for g := range a.groups {
		l := look(m.Linear(a.indicator(-1, g), 0))
		out.sums = append(out.sums, prior.Normal(l.mean1, l.var1, 0, hi))
	}
	out.all = m.Marginal(prior.Unknown{Group: prior.PublicRows})
	if lo < hi {
		out.all = out.all.Reweighted(look(a.ofPublicRows(m), 0).log)
	}
	return out
}

// ofPublicRows weighs n, which is a number, a coordinate, or the sum of all coordinates.
func (a *analyst) ofPublicRows(m *prior.Model) []float64 {
	row := make([]float64, m.Dim())
	for i, u := range m.Unknowns() {
		if !a.latent || u.Group == prior.PublicRows {
			row[i] = 1
		}
	}
	return row
}

// indicator weighs the counts of one topic (all for -1) and one group (all for -1) by 1.
func (a *analyst) indicator(topic, group int) [][]float64 {
	w := make([][]float64, a.models[stated].Topics())
	for k := range w {
		w[k] = make([]float64, len(a.groups))
		for g := range w[k] {
			if (topic < 0 || k == topic) && (group < 0 || g == group) {
				w[k][g] = 1
			}
		}
	}
	return w
}

// along is mean and variance of row·z.
func along(row []float64, mean *mat.VecDense, cov *mat.SymDense) (m, v float64) {
	r := mat.NewVecDense(len(row), row)
	return mat.Dot(r, mean), math.Max(mat.Inner(r, cov, r), 1e-6)
}

// likelihood is what took a normal distribution from its mean and variance before to those after.
type likelihood struct{ mean0, var0, mean1, var1 float64 }

func (l likelihood) precision() float64 { return 1/l.var1 - 1/l.var0 }

// empty says that nothing was learned.
func (l likelihood) empty() bool { return l.precision() <= 1e-6/l.var0 }

func (l likelihood) log(x int) float64 {
	if l.empty() {
		return 0
	}
	p := l.precision()
	d := float64(x) - (l.mean1/l.var1-l.mean0/l.var0)/p
	return -0.5 * p * d * d
}

// mostPoints is how many of the likeliest points a distribution is made of; the rest of a long list weighs next to nothing.
const mostPoints = 200

// pointwise is the posterior over the points that fit every score, by the belief, the weakest one searched if that is stronger, or, where it has no mass for any
// of them, by the next weaker one that has.
func (a *analyst) pointwise(belief int) marginals {
	points := a.decoder.ranked()
	points = points[:min(len(points), mostPoints)]
	searched := min(belief, len(points[0].mass)-1)
	for points[0].mass[searched] == 0 && searched < len(points[0].mass)-1 {
		searched++
	}
	m := a.models[max(belief, searched)]
	out := marginals{cell: make([][]prior.PMF, m.Topics()), rows: make([]prior.PMF, m.Topics())}
	weights := make([]float64, len(points))
	counts, n := make([][][]int, len(points)), make([]int, len(points))
	for i, p := range points {
		weights[i] = p.mass[searched]
		counts[i], n[i], _ = m.Counts(p.z)
	}
	mix := func(of func(i int) prior.PMF) prior.PMF {
		f := make([]prior.PMF, len(points))
		for i := range points {
			f[i] = of(i)
		}
		return prior.Mix(weights, f)
	}
	for k := range m.Topics() {
		asked := m.Asked(k)
		out.cell[k], out.rows[k] = make([]prior.PMF, len(a.groups)), prior.Point(0)
		for g := range a.groups {
			out.cell[k][g] = prior.Point(0)
			if asked {
				out.cell[k][g] = mix(func(i int) prior.PMF { return prior.Point(counts[i][k][g]) })
			}
		}
		if asked {
			out.rows[k] = mix(func(i int) prior.PMF { return a.topicRows(m, k, counts[i], n[i]) })
		}
	}
	for g := range a.groups {
		out.sums = append(out.sums, mix(func(i int) prior.PMF { return prior.Point(sumOver(counts[i], g)) }))
	}
	out.all = mix(func(i int) prior.PMF { return prior.Point(n[i]) })
	return out
}

// topicRows is the distribution of n_k at one point: known where all classes are counted.
func (a *analyst) topicRows(m *prior.Model, k int, counts [][]int, n int) prior.PMF {
	if a.latent {
		return m.PublicRowsAt(k, counts, n)
	}
	sum := 0
	for _, v := range counts[k] {
		sum += v
	}
	return prior.Point(sum)
}

func sumOver(counts [][]int, g int) int {
	sum := 0
	for _, c := range counts {
		if c != nil {
			sum += c[g]
		}
	}
	return sum
}
