package prior

import "slices"

// frame is what every belief shares: the coordinates of a point, and what they count.
type frame struct {
	spec     Spec
	asked    []int // topics that have unknowns, in their order
	unknowns []Unknown
	latent   bool // some classes are unseen
	known    bool // n is
}

func newFrame(s Spec) (*frame, error) {
	if err := checkEvidence(s); err != nil {
		return nil, err
	}
	f := &frame{spec: s, known: s.Public[0] == s.Public[1], latent: len(s.unseen()) > 0}
	for k := range s.Alpha {
		if !s.Hidden() && (k >= len(s.Totals) || s.Totals[k] == 0) {
			continue
		}
		f.asked = append(f.asked, k)
		for g := range s.Groups {
			f.unknowns = append(f.unknowns, Unknown{k, g})
		}
	}
	switch {
	case f.latent && !f.known:
		f.unknowns = append(f.unknowns, Unknown{-1, PublicRows})
	case !f.latent && f.known && len(f.unknowns) > 0:
		f.unknowns = f.unknowns[:len(f.unknowns)-1]
	}
	return f, nil
}

// unseen are the classes in no group.
func (s Spec) unseen() (classes []int) {
	if len(s.Alpha) == 0 {
		return nil
	}
	for c := range s.Alpha[0] {
		if !slices.ContainsFunc(s.Groups, func(g []int) bool { return slices.Contains(g, c) }) {
			classes = append(classes, c)
		}
	}
	return classes
}

// evidenceOf sums the evidence of a topic by group, and that of the classes in no group.
func (f *frame) evidenceOf(k int) (seen []float64, unseen float64) {
	for _, group := range f.spec.Groups {
		seen = append(seen, sumOf(f.spec.Alpha[k], group))
	}
	return seen, sumOf(f.spec.Alpha[k], f.spec.unseen())
}

func sumOf(alpha []float64, classes []int) (sum float64) {
	for _, c := range classes {
		sum += alpha[c]
	}
	return sum
}

// Dim is the number of coordinates of a point.
func (f *frame) Dim() int { return len(f.unknowns) }

// Unknowns names the coordinates of a point.
func (f *frame) Unknowns() []Unknown { return f.unknowns }

// Public returns the least and the most public rows.
func (f *frame) Public() (lo, hi int) { return f.spec.Public[0], f.spec.Public[1] }

// Topics is how many there are, with those that have no rows.
func (f *frame) Topics() int { return len(f.spec.Alpha) }

// Asked tells whether a topic has unknowns: all topics of a hidden test, and those of a static one that have rows.
func (f *frame) Asked(k int) bool { return slices.Contains(f.asked, k) }

// Rows returns the least and the most rows of the test.
func (f *frame) Rows() (lo, hi int) {
	if f.spec.Hidden() {
		return f.spec.Rows[0], f.spec.Rows[1]
	}
	for _, n := range f.spec.Totals {
		lo += n
	}
	return lo, lo
}

// middle is that of the range of n.
func (f *frame) middle() float64 { return float64(f.spec.Public[0]+f.spec.Public[1]) / 2 }

// publicVariance is the variance of n, uniform on its range.
func (f *frame) publicVariance() float64 {
	w := float64(f.spec.Public[1] - f.spec.Public[0] + 1)
	return (w*w - 1) / 12
}

// publicRange is the distribution of n.
func (f *frame) publicRange() PMF {
	lo, hi := f.Public()
	return trimmed(lo, slices.Repeat([]float64{1}, hi-lo+1))
}

// Counts spells out a point: counts[k][g] for every topic (nil where a topic has no rows), and the number of public rows. ok is false
// outside the support: a negative count, more public rows than a topic has, or n out of its range.
func (f *frame) Counts(z []int) (counts [][]int, n int, ok bool) {
	groups := len(f.spec.Groups)
	counts = make([][]int, f.Topics())
	sum := 0
	for i, k := range f.asked {
		c := make([]int, groups)
		copied := copy(c, z[min(i*groups, len(z)):min((i+1)*groups, len(z))])
		for _, v := range c[:copied] {
			sum += v
		}
		counts[k] = c
	}
	n = f.spec.Public[0]
	switch {
	case f.latent && !f.known:
		n = z[len(z)-1]
	case !f.latent && f.known:
		counts[f.asked[len(f.asked)-1]][groups-1] = n - sum
	case !f.latent:
		n = sum
	}
	return counts, n, f.supported(counts, n, sum)
}

func (f *frame) supported(counts [][]int, n, sum int) bool {
	if n < f.spec.Public[0] || n > f.spec.Public[1] || f.latent && sum > n {
		return false
	}
	for _, k := range f.asked {
		rows := 0
		for _, v := range counts[k] {
			if v < 0 {
				return false
			}
			rows += v
		}
		if !f.spec.Hidden() && rows > f.spec.Totals[k] {
			return false
		}
	}
	return true
}

// Linear puts n·score = Σ_kg loss_kg x_kg + (losses of unseen rows) into the coordinates of a point z: row·z = target + (those losses,
// negated). loss is topics × groups. Where n is known it is a number in target; where not, it is a coordinate or the sum of all.
func (f *frame) Linear(loss [][]float64, score float64) (row []float64, target float64) {
	row = make([]float64, 0, f.Dim()+1)
	for _, k := range f.asked {
		row = append(row, loss[k]...)
	}
	n := float64(f.spec.Public[0])
	switch {
	case f.latent && f.known:
		return row, n * score
	case f.latent:
		return append(row, -score), 0
	case !f.known:
		for i := range row {
			row[i] -= score
		}
		return row, 0
	}
	last := row[len(row)-1] // x_last = n − Σ others
	row = row[:len(row)-1]
	for i := range row {
		row[i] -= last
	}
	return row, n * (score - last)
}

// all stands for every topic in weights.
const all = -1

// weights are topics × groups: of(group) for one topic or all, 0 elsewhere.
func (f *frame) weights(topic int, of func(group int) float64) [][]float64 {
	out := make([][]float64, f.Topics())
	for k := range out {
		out[k] = make([]float64, len(f.spec.Groups))
		for g := range out[k] {
			if k == topic || topic == all {
				out[k][g] = of(g)
			}
		}
	}
	return out
}

// none weighs nothing.
func none(int) float64 { return 0 }

// one weighs every group alike.
func one(int) float64 { return 1 }
