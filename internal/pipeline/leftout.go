package pipeline

import (
	"errors"
	"math"
	"slices"
	"sync"

	"lbprobe/analysis/evidence"
	"lbprobe/probes/metric"
	"lbprobe/results/report"
)

// Leaving files out takes two fits each: so many are left out at most, evenly spread over the ledger, and so many must be left.
const (
	mostLeftOut  = 30
	leastLeftOut = 3
)

// leftOut predicts the public less the private score of every file that has both, from fits that have not seen the one or either of its scores.
// It returns nil where there are too few such files.
func (w *weighing) leftOut() (*report.PastLeftOut, error) {
	given := submissionsOf(w.files, w.scoring, w.rounding[0])
	var complete []int
	sum := 0.0
	for i, f := range w.files {
		if f.public != nil && f.private != nil {
			complete = append(complete, i)
			sum += f.public.Value - f.private.Value
		}
	}
	n := len(complete)
	if n < leastLeftOut {
		return nil, nil
	}
	held := min(n, mostLeftOut)
	off := make([][2]float64, held)
	err := inParallel(held, w.options.Threads, func(k int) (err error) {
		off[k], err = w.withheld(given, complete[k*n/held])
		return err
	})
	if err != nil {
		return nil, err
	}
	var others, own, mean metric.Mean
	for k, v := range off {
		f := w.files[complete[k*n/held]]
		d := f.public.Value - f.private.Value
		m := d - (sum-d)/float64(n-1)
		others.Add(v[0] * v[0])
		own.Add(v[1] * v[1])
		mean.Add(m * m)
	}
	root := func(m metric.Mean) float64 { return math.Sqrt(m.Value()) }
	return &report.PastLeftOut{Files: held, Others: root(others), Own: root(own), Mean: root(mean)}, nil
}

// withheld fits without both scores of file i, then without its private score, and returns by how much the predicted difference is off.
func (w *weighing) withheld(given []evidence.Submission, i int) (off [2]float64, err error) {
	o := w.options
	o.Threads, o.Start = 1, w.fits[0].Belief() // where the search starts, not where it ends
	f := w.files[i]
	for k := range off {
		kept := slices.Clone(given)
		kept[i].Private = nil
		if k == 0 {
			kept[i].Public = nil
		}
		p, err := evidence.Fit(kept, o)
		if err != nil {
			return off, err
		}
		e, ok := p.Difference(i)
		if !ok {
			return off, errors.New("there may be no private rows")
		}
		level, _ := p.Private(i)
		off[k] = f.public.Value - f.private.Value - w.slope(level.Value)*e.Value
	}
	return off, nil
}

// inParallel calls f for 0…n-1 on several goroutines and returns the error of the lowest number that has one.
func inParallel(n, threads int, f func(i int) error) error {
	errs := make([]error, n)
	next := make(chan int)
	var done sync.WaitGroup
	for range min(n, threads) {
		done.Go(func() {
			for i := range next {
				errs[i] = f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	done.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
