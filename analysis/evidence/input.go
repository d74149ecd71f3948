package evidence

import (
	"fmt"
	"math"

	"lbprobe/internal/fault"
	"lbprobe/probes/metric"
)

// leastNoise is the variance of a reading given without rounding.
const leastNoise = 1e-16 / 12

// Fit reads the known scores of the submissions together. The error is a *fault.Error that names the file: shapes that differ, losses that are
// no numbers, no score at all, or scores that no classes of the rows give. Nothing in the submissions is changed, but their losses are read
// as long as the posterior is used.
func Fit(submissions []Submission, o Options) (*Posterior, error) {
	f, err := newFitter(submissions, o)
	if err != nil {
		return nil, err
	}
	best, err := f.search(o.Start)
	if err != nil {
		return nil, err
	}
	p := &Posterior{fitter: f, certainty: o.Certainty}
	if p.states, p.share, err = f.average(best); err != nil {
		return nil, err
	}
	p.state = p.states[0]
	if err := f.fits(p.state); err != nil {
		return nil, err
	}
	if p.certainty == 0 {
		p.certainty = 0.95
	}
	for _, v := range submissions {
		p.names = append(p.names, v.Name)
	}
	p.warn()
	return p, nil
}

func newFitter(submissions []Submission, o Options) (*fitter, error) {
	t, err := newTable(submissions, o)
	if err != nil {
		return nil, err
	}
	if o.Public[0] < 1 || o.Public[1] < o.Public[0] || o.Unscored[0] < 0 || o.Unscored[1] < o.Unscored[0] || o.Public[1]+o.Unscored[1] > t.rows {
		return nil, refused("", "%d to %d public and %d to %d unscored rows do not fit the %d rows of the files",
			o.Public[0], o.Public[1], o.Unscored[0], o.Unscored[1], t.rows)
	}
	if !(o.Certainty >= 0 && o.Certainty < 1) {
		return nil, refused("", "certainty %v is not between 0 and 1", o.Certainty)
	}
	f := &fitter{table: t, draw: newDraw(t.rows, o.Public, o.Unscored)}
	for i, s := range submissions {
		if err := f.read(i, s); err != nil {
			return nil, err
		}
	}
	if len(f.readings) == 0 {
		return nil, refused("", "none of the %d files has a score", len(submissions))
	}
	f.known = len(f.readings)
	f.levels(len(submissions))
	f.alike()
	f.drifting = f.complete() >= 2
	return f, nil
}

func newTable(submissions []Submission, o Options) (*table, error) {
	if len(submissions) == 0 || len(submissions[0].Loss) == 0 || len(submissions[0].Loss[0]) < 2 {
		return nil, refused("", "there are no files with rows of two classes or more")
	}
	t := &table{base: o.Base, threads: o.Threads, rows: len(submissions[0].Loss), classes: len(submissions[0].Loss[0])}
	for _, s := range submissions {
		if err := t.check(s.Name, s.Loss, -math.MaxFloat64); err != nil {
			return nil, err
		}
		t.loss = append(t.loss, s.Loss)
	}
	if o.Base != nil {
		return t, t.check("base", o.Base, math.SmallestNonzeroFloat64)
	}
	return t, nil
}

// check holds a matrix to rows × classes of finite numbers, none below least.
func (t *table) check(name string, x [][]float64, least float64) error {
	if len(x) != t.rows {
		return refused(name, "%d rows where the first file has %d", len(x), t.rows)
	}
	for i, row := range x {
		if len(row) != t.classes {
			return refused(name, "row %d has %d classes, the first file %d", i+1, len(row), t.classes)
		}
		for c, v := range row {
			if !(v >= least && v <= math.MaxFloat64) {
				return refused(name, "row %d, class %d is %v", i+1, c+1, v)
			}
		}
	}
	return nil
}

// read takes the readings of file i.
func (f *fitter) read(i int, s Submission) error {
	for part, v := range [2]*metric.Interval{Public: s.Public, Private: s.Private} {
		if v == nil {
			continue
		}
		width := v.Hi - v.Lo
		if !(width >= 0) || math.IsInf(v.Lo, 0) || math.IsInf(v.Hi, 0) {
			return refused(s.Name, "the %s score's interval runs from %v to %v", Part(part), v.Lo, v.Hi)
		}
		if Part(part) == Private && !f.draw.private {
			return refused(s.Name, "a private score, where all rows may be public or unscored")
		}
		f.readings = append(f.readings, reading{i, Part(part), v.Lo + width/2, max(width*width/12, leastNoise)})
	}
	return nil
}

// levels estimates each file's mean loss over the scored rows. A file with one score takes over how the parts differ for the files with two.
func (f *fitter) levels(files int) {
	score := [2][]float64{make([]float64, files), make([]float64, files)}
	for part := range score {
		for i := range score[part] {
			score[part][i] = math.NaN()
		}
	}
	for _, r := range f.readings {
		score[r.part][r.file] = r.value
	}
	var apart metric.Mean
	for i, v := range score[Public] {
		if d := v - score[Private][i]; !math.IsNaN(d) {
			apart.Add(d)
		}
	}
	gap := 0.0
	if apart.N() > 0 {
		gap = apart.Value()
	}
	f.level = make([]float64, files)
	for i, public := range score[Public] {
		private := score[Private][i]
		if math.IsNaN(private) {
			private = public - gap
		}
		if math.IsNaN(public) {
			public = private + gap
		}
		f.level[i] = f.draw.share*public + (1-f.draw.share)*private
	}
}

// alikeFrom is the least number of scored files from which the others are expected to score alike.
const alikeFrom = 3

// alike expects of a file without a score that its mean loss over all rows is like those of the others: people submit what they believe to be
// good. That is a reading too, with the variance of the others for noise.
func (f *fitter) alike() {
	var mean, square metric.Mean
	for _, v := range f.level {
		if !math.IsNaN(v) {
			mean.Add(v)
			square.Add(v * v)
		}
	}
	n := float64(mean.N())
	if n < alikeFrom {
		return
	}
	variance := max(square.Value()-mean.Value()*mean.Value(), leastNoise) * n / (n - 1) * (1 + 1/n)
	for i, v := range f.level {
		if math.IsNaN(v) {
			f.readings = append(f.readings, reading{i, All, mean.Value(), variance})
		}
	}
}

// complete counts the files that have both scores.
func (f *fitter) complete() (n int) {
	for r, a := range f.readings {
		if a.part == Public && f.both(r) {
			n++
		}
	}
	return n
}

// both tells whether the file of reading r has the other score too: readings of a file follow one another.
func (f *fitter) both(r int) bool {
	file := f.readings[r].file
	return r > 0 && f.readings[r-1].file == file || r+1 < len(f.readings) && f.readings[r+1].file == file
}

func refused(file, format string, args ...any) error {
	return &fault.Error{
		File: file, Msg: fmt.Sprintf(format, args...),
		Fix: "Give every file the same rows and classes, and the scores that it was shown",
	}
}
