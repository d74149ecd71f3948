package evidence

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"lbprobe/probes/metric"
)

// small is a test of few rows with files of random losses, every one with both scores.
func small(rows, classes, files int, public, unscored [2]int, rng *rand.Rand) *fitter {
	t := &table{rows: rows, classes: classes, threads: 1}
	f := &fitter{table: t, draw: newDraw(rows, public, unscored), within: settled}
	for j := range files {
		t.loss = append(t.loss, randomLosses(rows, classes, rng))
		f.readings = append(f.readings, reading{j, Public, 0, leastNoise})
		if f.draw.private {
			f.readings = append(f.readings, reading{j, Private, 0, leastNoise})
		}
	}
	return f
}

func randomLosses(rows, classes int, rng *rand.Rand) [][]float64 {
	out := make([][]float64, rows)
	for i := range out {
		out[i] = make([]float64, classes)
		for c := range out[i] {
			out[i][c] = rng.Float64()
		}
	}
	return out
}

// outcomes visits every labelling and every split of the rows with its probability: parts[i] is Public, Private or All for an unscored row.
func outcomes(f *fitter, tilt []float64, public, unscored [2]int, visit func(p float64, class []int, parts []Part)) {
	class, parts := make([]int, f.table.rows), make([]Part, f.table.rows)
	w := newWorker(f.table)
	var labels func(i int, p float64)
	labels = func(i int, p float64) {
		if i == len(class) {
			splits(parts, public, unscored, func(q float64) { visit(p*q, class, parts) })
			return
		}
		w.chances(tilt, i)
		chance := append([]float64(nil), w.p...)
		for c, q := range chance {
			class[i] = c
			labels(i+1, p*q)
		}
	}
	labels(0, 1)
}

// splits visits every split with its probability: sizes are uniform over their ranges, the rows of each uniform given the sizes.
func splits(parts []Part, public, unscored [2]int, visit func(p float64)) {
	for n := public[0]; n <= public[1]; n++ {
		for u := unscored[0]; u <= unscored[1]; u++ {
			sizes := float64((public[1] - public[0] + 1) * (unscored[1] - unscored[0] + 1))
			ways := choose(len(parts), n) * choose(len(parts)-n, u)
			var fill func(i, n, u int)
			fill = func(i, n, u int) {
				if i == len(parts) {
					if n == 0 && u == 0 {
						visit(1 / sizes / ways)
					}
					return
				}
				for part, left := range [3]int{n, len(parts), u} {
					if left > 0 {
						parts[i] = Part(part)
						fill(i+1, n-[3]int{1, 0, 0}[part], u-[3]int{0, 0, 1}[part])
					}
				}
			}
			fill(0, n, u)
		}
	}
}

func choose(n, k int) float64 {
	v := 1.0
	for i := range k {
		v *= float64(n-i) / float64(i+1)
	}
	return v
}

// partMean is the mean of a value over the rows of a part.
func partMean(parts []Part, part Part, value func(i int) float64) float64 {
	var m metric.Mean
	for i, p := range parts {
		if p == part || part == All {
			m.Add(value(i))
		}
	}
	return m.Value()
}

// TestMomentsExact compares mean and covariance of all scores and class shares with their values over every labelling and every split.
func TestMomentsExact(t *testing.T) {
	tests := []struct {
		name             string
		rows, classes    int
		public, unscored [2]int
	}{
		{"all rows public", 4, 3, [2]int{4, 4}, [2]int{}},
		{"public and private", 5, 2, [2]int{2, 2}, [2]int{}},
		{"unscored rows", 5, 2, [2]int{2, 2}, [2]int{1, 1}},
		{"sizes unknown", 6, 2, [2]int{1, 3}, [2]int{0, 2}},
		{"three classes", 4, 3, [2]int{1, 2}, [2]int{0, 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, uint64(test.rows)))
			f := small(test.rows, test.classes, 2, test.public, test.unscored, rng)
			tilt := []float64{0.7, 0.4}
			m := f.table.at(tilt).moments(test.rows)

			var values []func(class []int, parts []Part) float64
			var targets []target
			var combos []reading
			add := func(t target, part Part, value func(i int, class []int) float64) {
				targets, combos = append(targets, t), append(combos, reading{part: part})
				values = append(values, func(class []int, parts []Part) float64 {
					return partMean(parts, part, func(i int) float64 { return value(i, class) })
				})
			}
			parts := []Part{Public, All}
			if f.draw.private {
				parts = append(parts, Private)
			}
			for _, part := range parts {
				for j := range 2 {
					add(m.file(j), part, func(i int, class []int) float64 { return f.table.loss[j][i][class[i]] })
				}
				for c := range test.classes {
					add(m.class[c], part, func(i int, class []int) float64 {
						if class[i] == c {
							return 1
						}
						return 0
					})
				}
			}
			mean, square := bruteMoments(f, tilt, test.public, test.unscored, values)
			for a, x := range targets {
				near(t, "mean", mean[a], x.mean)
				near(t, "variance", square.At(a, a)-mean[a]*mean[a], x.selfLabel+f.parted(unit(combos[a].part), unit(combos[a].part), x.selfRows, 0))
				for b := range targets {
					if file := b % (2 + test.classes); file < 2 { // the covariance of anything with a file's score
						r := reading{file: file, part: combos[b].part}
						got := x.label[file] + f.cross(m, x, unit(combos[a].part), r, 0)
						near(t, "covariance", square.At(a, b)-mean[a]*mean[b], got)
					}
				}
			}
		})
	}
}

func bruteMoments(f *fitter, tilt []float64, public, unscored [2]int, values []func([]int, []Part) float64) ([]float64, *mat.Dense) {
	mean, square := make([]float64, len(values)), mat.NewDense(len(values), len(values), nil)
	x := make([]float64, len(values))
	outcomes(f, tilt, public, unscored, func(p float64, class []int, parts []Part) {
		for a, value := range values {
			x[a] = value(class, parts)
			mean[a] += p * x[a]
		}
		square.RankOne(square, p, mat.NewVecDense(len(x), x), mat.NewVecDense(len(x), x))
	})
	return mean, square
}

func near(t *testing.T, what string, want, got float64) {
	t.Helper()
	if math.Abs(want-got) > 1e-12 {
		t.Errorf("%s: %.15g, all outcomes give %.15g", what, got, want)
	}
}

// TestDrift compares what a drift does to the parts with its definition: a class's odds of being public change by a small share.
func TestDrift(t *testing.T) {
	const tiny, rows, public = 1e-6, 40, 10
	rng := rand.New(rand.NewPCG(3, 3))
	f := small(rows, 3, 2, [2]int{public, public}, [2]int{}, rng)
	tilt := []float64{0.5, 0.9}
	m := f.table.at(tilt).moments(rows)
	w := newWorker(f.table)
	for c := range 3 {
		for j := range 2 {
			var in, out, inRows, outRows float64
			for i := range rows {
				w.chances(tilt, i)
				for k, p := range w.p {
					odds := float64(public) / (rows - public)
					if k == c {
						odds *= 1 + tiny
					}
					chance := odds / (1 + odds)
					in, inRows = in+p*chance*f.table.loss[j][i][k], inRows+p*chance
					out, outRows = out+p*(1-chance)*f.table.loss[j][i][k], outRows+p*(1-chance)
				}
			}
			for part, mean := range []float64{in / inRows, out / outRows} {
				want := (mean - m.mean[j]) / tiny
				if got := f.draw.reach[part] * m.drift.At(j, c); math.Abs(got-want) > 1e-5 {
					t.Errorf("class %d, file %d, %s: %v, want %v", c, j, Part(part), got, want)
				}
			}
		}
	}
}

// TestConditioning compares an estimate given shown scores with the mean over random outcomes that would have been shown so. The Gaussian is an
// approximation; what it leaves must be small beside what the scores moved.
func TestConditioning(t *testing.T) {
	const rows, draws = 60, 150_000
	rng := rand.New(rand.NewPCG(5, 8))
	var left, moved float64
	for range 8 {
		f := small(rows, 2, 3, [2]int{25, 25}, [2]int{}, rng)
		f.readings = f.readings[:4] // the third file has no score; it is much like the others
		for i, l := range f.table.loss[2] {
			for c := range l {
				l[c] = f.table.loss[0][i][c] + f.table.loss[1][i][c] + l[c]/2
			}
		}
		p := pool{tilt: []float64{0.2, 0.2, 0.2}}
		p.logZ = f.table.logZ(p.tilt)
		m := f.table.at(p.tilt).moments(rows)
		for r, a := range f.readings { // a coarse board: 0.7 standard deviations a tick
			tick := 0.7 * math.Sqrt(m.label.At(a.file, a.file)+f.draw.cov[a.part][a.part]*m.rows.At(a.file, a.file))
			f.readings[r].noise = tick * tick / 12
			f.readings[r].value = m.mean[a.file] + (rng.Float64()-0.5)*3*tick
		}
		want := sampled(f, p.tilt, 25, draws, rng)
		s := met(t, f, p, m)
		got, _ := f.given(s, s.moments.file(2), 1, unit(Private))
		left += (got - want) * (got - want)
		moved += (m.mean[2] - want) * (m.mean[2] - want)
	}
	share := math.Sqrt(left / moved)
	t.Logf("the Gaussian leaves %.3f of what the scores moved", share)
	if share > 0.1 {
		t.Errorf("the Gaussian leaves %.3f of what the scores moved", share)
	}
}

// met is the state at a given pool, without overdispersion or drift.
func met(t *testing.T, f *fitter, p pool, m *moments) *state {
	s := &state{pool: p, over: 1, meeting: &meeting{multiplier: make([]float64, len(f.readings))}, moments: m}
	for range 4 {
		next, err := f.meet(p, f.around(s.moments, 0), 1, s.meeting)
		if err != nil {
			t.Fatal(err)
		}
		s.meeting, s.moments = next, next.sums.moments(f.table.rows)
		f.weigh(s)
	}
	return s
}

// sampled is the mean private score of the last file over random outcomes whose readings all lie in their intervals.
func sampled(f *fitter, tilt []float64, public, draws int, rng *rand.Rand) float64 {
	rows, files := f.table.rows, len(f.table.loss)
	chance := make([]float64, rows) // of the second of two classes
	w := newWorker(f.table)
	for i := range chance {
		w.chances(tilt, i)
		chance[i] = w.p[1]
	}
	order := rng.Perm(rows)
	var kept metric.Mean
	for range draws {
		sum := make([][2]float64, files)
		rng.Shuffle(rows, func(a, b int) { order[a], order[b] = order[b], order[a] })
		for place, i := range order {
			part, class := Private, 0
			if place < public {
				part = Public
			}
			if rng.Float64() < chance[i] {
				class = 1
			}
			for j := range sum {
				sum[j][part] += f.table.loss[j][i][class]
			}
		}
		fits := true
		for _, a := range f.readings {
			n := float64([2]int{public, rows - public}[a.part])
			fits = fits && math.Abs(sum[a.file][a.part]/n-a.value) <= math.Sqrt(3*a.noise)
		}
		if fits {
			kept.Add(sum[files-1][Private] / float64(rows-public))
		}
	}
	return kept.Value()
}

// TestMeetClosedForm: a file that costs 1 for one class in every row is a count of that class, and a board over all rows shows its share. The classes
// nearest to a pool of equal chances then have that share, and the rest alike.
func TestMeetClosedForm(t *testing.T) {
	loss := make([][]float64, 30)
	for i := range loss {
		loss[i] = []float64{1, 0, 0}
	}
	f := &fitter{table: &table{loss: [][][]float64{loss}, rows: 30, classes: 3}, draw: newDraw(30, [2]int{30, 30}, [2]int{}), within: settled}
	f.readings = []reading{{0, Public, 0.5, 1e-18}}
	p := pool{tilt: []float64{0}, logZ: 30 * math.Log(3)}
	met, err := f.meet(p, f.around(f.table.at(p.tilt).moments(30), 0), 1, &meeting{multiplier: []float64{0}})
	if err != nil {
		t.Fatal(err)
	}
	// KL per row of (1/2, 1/4, 1/4) from thirds: ½ ln(3/2) + ½ ln(3/4) = ½ ln(9/8).
	if want := 30 * math.Log(9.0/8) / 2; math.Abs(met.relative-want) > 1e-6 {
		t.Errorf("relative entropy %v, want %v", met.relative, want)
	}
	for c, want := range []float64{15, 7.5, 7.5} {
		if got := met.sums.share[c]; math.Abs(got-want) > 1e-6 {
			t.Errorf("rows of class %d: %v, want %v", c, got, want)
		}
	}
}
