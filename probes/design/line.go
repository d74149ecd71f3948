package design

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// line is one score before it is put in the coordinates of a point.
type line struct {
	loss    [][]float64 // topics × groups, less base
	base    float64     // what every row costs at least, where the rows that no unknown counts all cost that
	known   float64     // cost, summed, of rows whose number is certain
	unseen  float64     // expected cost of the other rows that no unknown counts, summed
	wobble2 float64     // its variance
	blur    float64     // most by which the mean cost may be off because the classes of a group cost differently
	whole   bool        // every cost is a whole number, and so is every sum
	alike   bool        // a row costs the same in every topic
	middle  float64     // of the mean costs that the score stands for
	half    float64     // half their width
}

// drawer makes lines for one model.
type drawer struct {
	m      *prior.Model
	groups [][]int
	s      metric.Scoring
	rows   []int // public rows of each topic where all test rows are public, else nil
}

func newDrawer(m *prior.Model, groups [][]int, s metric.Scoring, topics int) drawer {
	d := drawer{m: m, groups: groups, s: s, rows: make([]int, topics)}
	lo, hi := m.Public()
	for k := range d.rows {
		f := m.PublicRowsOf(k)
		if lo < hi || len(f.P) != 1 {
			d.rows = nil
			break
		}
		d.rows[k] = f.Lo
	}
	return d
}

// line reads the cost of each group of classes off a probe.
func (d drawer) line(p Probe) (line, error) {
	l := line{loss: make([][]float64, len(p.Q)), whole: true}
	rest := make([]float64, len(p.Q)) // cost of a row that no unknown counts
	for k, q := range p.Q {
		var half float64
		var err error
		if l.loss[k], rest[k], half, err = d.costs(q); err != nil {
			return line{}, fmt.Errorf("probe %d, topic %d: %w", p.Number, k, err)
		}
		l.blur = max(l.blur, half)
	}
	d.leave(&l, rest)
	l.alike = !slices.ContainsFunc(l.loss, func(loss []float64) bool { return !slices.Equal(loss, l.loss[0]) })
	for _, loss := range l.loss {
		for _, v := range loss {
			l.whole = l.whole && v == math.Trunc(v)
		}
	}
	l.whole = l.whole && l.unseen == 0 && l.known == 0 && l.base == math.Trunc(l.base) && l.blur == 0
	return l, nil
}

// costs are those of a row by group, and of a row in no group (NaN where there is none). A group's classes must cost alike, or its rows could not
// be counted together; under a metric of distances they may differ by half either way, which blurs the score.
func (d drawer) costs(q []float64) (seen []float64, rest, half float64, err error) {
	if d.s.Range != nil {
		in, err := d.s.Bounds(q)
		return []float64{(in.Lo + in.Hi) / 2}, math.NaN(), (in.Hi - in.Lo) / 2, err
	}
	loss, err := d.s.RowLoss(q)
	if err != nil {
		return nil, 0, 0, err
	}
	for _, group := range d.groups {
		one, off, err := d.together(group, loss)
		if err != nil {
			return nil, 0, 0, err
		}
		seen, half = append(seen, one), max(half, off)
	}
	rest = math.NaN()
	if left := ungrouped(d.groups, len(loss)); len(left) > 0 {
		rest, _, err = d.together(left, loss)
	}
	return seen, rest, half, err
}

// together is the one cost of several classes, and how far any of theirs is from it.
func (d drawer) together(group []int, loss []float64) (one, half float64, err error) {
	one = loss[group[0]]
	lo, hi := one, one
	for _, c := range group {
		lo, hi = min(lo, loss[c]), max(hi, loss[c])
		if math.Abs(loss[c]-one) > 1e-9*(1+loss[c]) && !d.s.Metric.Numeric() {
			return 0, 0, fmt.Errorf("classes %d and %d are counted together but lose %v and %v", group[0], c, one, loss[c])
		}
	}
	if d.s.Metric.Numeric() {
		return (lo + hi) / 2, (hi - lo) / 2, nil
	}
	return one, 0, nil
}

// ungrouped are the classes that are in no group.
func ungrouped(groups [][]int, classes int) (left []int) {
	for c := range classes {
		if !slices.ContainsFunc(groups, func(g []int) bool { return slices.Contains(g, c) }) {
			left = append(left, c)
		}
	}
	return left
}

// leave accounts for the rows that no unknown counts: exactly, where they cost the same in every topic or their number follows from a count;
// else by their expectation.
func (d drawer) leave(l *line, rest []float64) {
	if math.IsNaN(rest[0]) {
		return
	}
	same := true
	for _, v := range rest {
		same = same && v == rest[0]
	}
	for k := range l.loss {
		switch {
		case same:
			l.loss[k][0] -= rest[0]
		case d.rows != nil:
			l.loss[k][0] -= rest[k]
			l.known += float64(d.rows[k]) * rest[k]
		default:
			mean, variance := d.m.Unseen(k)
			l.unseen += rest[k] * mean
			l.wobble2 += rest[k] * rest[k] * variance
		}
	}
	if same {
		l.base = rest[0]
	}
}

// expected is the mean cost at those expected coordinates.
func (l line) expected(m *prior.Model, mean *mat.VecDense) float64 {
	row, target := m.Linear(l.loss, 0) // without a score the target holds only what is known
	sum := l.unseen + l.known - target
	for i, a := range row {
		sum += a * mean.AtVec(i)
	}
	lo, hi := m.Public()
	return l.base + sum/(float64(lo+hi)/2)
}

// read gives the line the mean costs that its score stands for.
func (l *line) read(m *prior.Model, in metric.Interval, s metric.Scoring) {
	l.middle, l.half = (in.Lo+in.Hi)/2, (in.Hi-in.Lo)/2
	l.hear(m, s)
}

// hear adds the noise of the board to what wobbles.
func (l *line) hear(m *prior.Model, s metric.Scoring) {
	_, hi := m.Public()
	noise := float64(hi) * s.NoiseOf(l.middle)
	l.wobble2 += noise * noise
}

// expect gives the line the score that is expected of it.
func (l *line) expect(m *prior.Model, mean *mat.VecDense, s metric.Scoring) {
	l.middle = l.expected(m, mean)
	l.half = s.HalfWidth(l.middle)
	l.hear(m, s)
}

// error is the largest error of the mean cost at any counts, but for what wobbles: of its rounding, of the blur, and what float64 arithmetic may add.
func (l line) error() float64 { return l.half + l.blur + 1e-12 + 4e-15*math.Abs(l.middle) }

// wholeVariance is the error that a sum of whole numbers counts with, however fine the score: read without any error it tells its entropy and no
// more, which is ½ log₂(2πe v) for a variance v.
const wholeVariance = 1 / (2 * math.Pi * math.E)

// equation puts the line in coordinates: row·z = target + an error of standard deviation sigma.
func (l line) equation(m *prior.Model) (row []float64, target, sigma float64) {
	row, target = m.Linear(l.loss, l.middle-l.base)
	lo, hi := m.Public()
	off := float64(lo+hi) / 2 * (l.half + l.blur)
	v := off*off/3 + l.wobble2
	if l.whole {
		v = max(v, wholeVariance)
	}
	if l.alike {
		v = max(v, leastVariance(m, row))
	}
	return row, target - l.unseen - l.known, math.Sqrt(v)
}

// leastVariance is that of the error of a score that depends on the sums of all topics' counts alone, as that of a constant does: however fine it is, it tells their
// entropy and no more. That of whole numbers is taken to be that of a Gaussian of their covariance, and of rounding to them.
func leastVariance(m *prior.Model, row []float64) float64 {
	_, cov := m.Gaussian()
	sums := map[int]*mat.VecDense{}
	last := 0
	for i, u := range m.Unknowns() {
		if i == m.Dim() {
			break
		}
		if sums[u.Group] == nil {
			sums[u.Group] = mat.NewVecDense(m.Dim(), nil)
		}
		sums[u.Group].SetVec(i, 1)
		last = max(last, u.Group)
	}
	if lo, hi := m.Public(); lo == hi && last > 0 {
		delete(sums, last) // it follows from the others
	}
	groups := slices.Sorted(maps.Keys(sums))
	of := mat.NewSymDense(len(groups), nil)
	for i, g := range groups {
		for j, h := range groups[:i+1] {
			of.SetSym(i, j, mat.Inner(sums[g], cov, sums[h]))
		}
		of.SetSym(i, i, of.At(i, i)+1.0/12)
	}
	odds := math.Exp(float64(len(groups))*math.Log(2*math.Pi*math.E)) * mat.Det(of) // 2^(2 entropy)
	a := mat.NewVecDense(len(row), row)
	return mat.Inner(a, cov, a) / (odds - 1)
}
