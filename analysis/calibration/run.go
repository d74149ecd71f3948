package calibration

import (
	"sync"
	"time"

	"lbprobe/analysis"
)

// Catalogue lists what is measured.
type Catalogue struct {
	Claims    []Setting
	Intervals []Setting
	Verdicts  []VerdictRow // settings with certainty and fdr; nothing measured yet
	Slips     []SlipRow    // settings with their slip; likewise
}

// Options say how to run a Catalogue. They change no figure but times, save for Seed.
type Options struct {
	Seed     uint64
	Threads  int                    // at once; 0 means 1
	Clock    func() time.Duration   // since any fixed moment; nil: times are 0
	Progress func(done, worlds int) // called after every world, by one goroutine at a time; may be nil
}

// Report is what was measured, in the order of the Catalogue.
type Report struct {
	Seed      uint64
	Claims    []ClaimRow
	Intervals []IntervalRow
	Verdicts  []VerdictRow
	Slips     []SlipRow
}

// runner plays worlds. Tests put another analysis in place of the true one.
type runner struct {
	Options
	analyze func(analysis.Input) (*analysis.Result, error)
}

func (r *runner) clock() time.Duration {
	if r.Clock == nil {
		return 0
	}
	return r.Clock()
}

// task measures one world; what it found is joined in the order of tasks.
type task struct {
	measure func() (join func(), err error)
}

// Run plays the catalogue. The error is the first, in the order of the catalogue, that an analysis or a design failed with.
func Run(c Catalogue, o Options) (*Report, error) {
	return (&runner{o, analysis.Analyze}).run(c)
}

func (r *runner) run(c Catalogue) (*Report, error) {
	out := &Report{Seed: r.Seed, Claims: make([]ClaimRow, len(c.Claims)), Intervals: make([]IntervalRow, len(c.Intervals)),
		Verdicts: make([]VerdictRow, len(c.Verdicts)), Slips: make([]SlipRow, len(c.Slips))}
	var tasks []task
	for i, s := range c.Claims {
		row := &out.Claims[i]
		row.Setting = s
		tasks = append(tasks, worlds(r, s, r.claims, func(v ClaimRow) { row.join(v, s.Worlds) })...)
	}
	for i, s := range c.Intervals {
		row := &out.Intervals[i]
		row.Setting = s
		tasks = append(tasks, worlds(r, s, r.intervals, func(v IntervalRow) { row.join(v) })...)
	}
	for i, v := range c.Verdicts {
		row := &out.Verdicts[i]
		*row = VerdictRow{Setting: v.Setting, Certainty: v.Certainty, FDR: v.FDR}
		measure := func(w *world) (VerdictRow, error) { return r.verdicts(w, v.Certainty, v.FDR) }
		tasks = append(tasks, worlds(r, v.Setting, measure, func(v VerdictRow) { row.join(v) })...)
	}
	for i, s := range c.Slips {
		row := &out.Slips[i]
		*row = SlipRow{Setting: s.Setting, Slip: s.Slip}
		measure := func(w *world) (SlipRow, error) { return r.slips(w, s.Slip) }
		tasks = append(tasks, worlds(r, s.Setting, measure, func(v SlipRow) { row.join(v) })...)
	}
	return out, r.each(tasks)
}

// worlds are the tasks of a setting.
func worlds[Row any](r *runner, s Setting, measure func(*world) (Row, error), join func(Row)) []task {
	out := make([]task, s.Worlds)
	for i := range out {
		out[i].measure = func() (func(), error) {
			w, err := newWorld(s, r.Seed, i)
			if err != nil {
				return nil, err
			}
			row, err := measure(w)
			return func() { join(row) }, err
		}
	}
	return out
}

// each carries out tasks by the threads and joins what they found in their order.
func (r *runner) each(tasks []task) error {
	joins, errs := make([]func(), len(tasks)), make([]error, len(tasks))
	next := make(chan int)
	var group sync.WaitGroup
	var progress sync.Mutex
	done := 0
	for range max(1, r.Threads) {
		group.Go(func() {
			for i := range next {
				joins[i], errs[i] = tasks[i].measure()
				progress.Lock()
				if done++; r.Progress != nil {
					r.Progress(done, len(tasks))
				}
				progress.Unlock()
			}
		})
	}
	for i := range tasks {
		next <- i
	}
	close(next)
	group.Wait()
	for i, join := range joins {
		if errs[i] != nil {
			return errs[i]
		}
		join()
	}
	return nil
}
