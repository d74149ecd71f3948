package pipeline

import (
	"fmt"
	"math"
	"runtime"

	"lbprobe/analysis/evidence"
	"lbprobe/probes/metric"
	"lbprobe/results/report"
)

// told is what past submissions tell. What keeps them from telling anything is a warning: the probes are read all the same.
func (s *Session) told(b *bench) *report.Past {
	c := s.Experiment.Competition
	out := &report.Past{Certainty: s.Experiment.Analysis.Certainty, Rounding: string(c.Rounding), Shares: []report.PastShare{}, Submissions: []report.PastFile{},
		Warnings: []string{}}
	if c.Range != nil || !c.Metric.Linear() {
		out.Warnings = append(out.Warnings, fmt.Sprintf("past submissions are not read: %s of such rows is no mean of what each row costs under each of its classes", c.Metric))
		return out
	}
	files, warnings := s.pastFiles(b)
	out.Warnings = append(out.Warnings, warnings...)
	if len(files) == 0 {
		return out
	}
	w := &weighing{scoring: c.Scoring(), files: files, options: s.evidenceOptions(len(b.shelf.ids))}
	for _, r := range c.Rounding.Hypotheses() {
		p, err := evidence.Fit(submissionsOf(files, w.scoring, r), w.options)
		if err != nil {
			out.Warnings = append(out.Warnings, fmt.Sprintf("past submissions cannot be read with rounding = %q: %v", r, err))
			continue
		}
		w.rounding, w.fits = append(w.rounding, r), append(w.fits, p)
	}
	if len(w.fits) > 0 {
		w.fill(out, c.Classes)
	}
	return out
}

// evidenceOptions say what is known of the test besides the files.
func (s *Session) evidenceOptions(rows int) evidence.Options {
	c := s.Experiment.Competition
	lo, hi := c.PublicRange(rows)
	return evidence.Options{Public: [2]int{lo, hi}, Unscored: [2]int{min(c.Unscored.Lo, rows-hi), min(c.Unscored.Hi, rows-hi)},
		Certainty: s.Experiment.Analysis.Certainty, Threads: s.threads()}
}

// threads is how many goroutines may work.
func (s *Session) threads() int {
	if s.options.Threads > 0 {
		return s.options.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// weighing is past submissions and the fits to them: one for every way of rounding that is left open and can be. A tick is far below what
// the split leaves open, so scores hardly tell these apart: where there are two, the figures are those of the first and each interval holds both.
type weighing struct {
	scoring  metric.Scoring
	files    []pastFile
	options  evidence.Options
	rounding []metric.Rounding
	fits     []*evidence.Posterior
}

// fill puts down everything that the fits say.
func (w *weighing) fill(out *report.Past, classes []string) {
	if len(w.fits) == 1 {
		out.Rounding = string(w.rounding[0])
	}
	out.Files = len(w.files)
	for _, part := range []evidence.Part{evidence.Public, evidence.Private, evidence.All} {
		out.Shares = append(out.Shares, w.shares(part, classes)...)
	}
	for i, f := range w.files {
		out.Submissions = append(out.Submissions, w.file(i))
		for _, reading := range []*metric.Reading{f.public, f.private} {
			if reading != nil {
				out.Readings++
			}
		}
	}
	split := w.fits[0].Split()
	out.Split = report.PastSplit{Drift: split.Drift, LogLR: split.LogLR, Files: split.Files}
	for _, warning := range w.fits[0].Warnings() {
		out.Warnings = append(out.Warnings, "past submissions: "+warning)
	}
	left, err := w.leftOut()
	if err != nil {
		out.Warnings = append(out.Warnings, fmt.Sprintf("past submissions: the model was not checked by leaving files out: %v", err))
	}
	out.LeftOut = left
}

// shares are those of every class in a part; none where there may be no such rows.
func (w *weighing) shares(part evidence.Part, classes []string) (out []report.PastShare) {
	name := [...]string{evidence.Public: "public", evidence.Private: "private", evidence.All: "total"}[part]
	for c, class := range classes {
		share, ok := w.both(func(p *evidence.Posterior) (evidence.Estimate, bool) {
			all, ok := p.Shares(part)
			if !ok {
				return evidence.Estimate{}, false
			}
			return all[c], true
		})
		if ok {
			out = append(out, report.PastShare{Split: name, Class: class, Share: share})
		}
	}
	return out
}

// file is what is said of file i.
func (w *weighing) file(i int) report.PastFile {
	f := w.files[i]
	out := report.PastFile{File: f.entry.File, SHA256: f.entry.SHA256, Public: f.entry.Public, Private: f.entry.Private, Bits: w.fits[0].Bits(i)}
	if f.private != nil {
		return out
	}
	slope := 0.0
	private, ok := w.both(func(p *evidence.Posterior) (evidence.Estimate, bool) {
		e, ok := p.Private(i)
		slope = w.slope(e.Value)
		return w.shown(e), ok
	})
	if !ok {
		return out
	}
	difference, _ := w.both(func(p *evidence.Posterior) (evidence.Estimate, bool) {
		e, ok := p.Difference(i)
		return scaled(e, slope), ok
	})
	out.Expected, out.Difference = &private, &difference
	return out
}

// both asks every fit the same thing: the first one's answer, with an interval that holds those of all.
func (w *weighing) both(ask func(*evidence.Posterior) (evidence.Estimate, bool)) (out report.PastEstimate, ok bool) {
	for i, p := range w.fits {
		e, ok := ask(p)
		if !ok {
			return out, false
		}
		if i == 0 {
			out = report.PastEstimate{Value: e.Value, SD: e.SD, Lo: e.Lo, Hi: e.Hi, Method: e.Method}
		}
		out.Lo, out.Hi = min(out.Lo, e.Lo), max(out.Hi, e.Hi)
	}
	return out, true
}

// shown brings a mean cost to the scale of the board.
func (w *weighing) shown(e evidence.Estimate) evidence.Estimate {
	at := func(mean float64) float64 {
		if w.scoring.Metric == metric.RMSE {
			mean = max(mean, 0)
		}
		return w.scoring.Shown(mean)
	}
	out := scaled(e, w.slope(e.Value))
	lo, hi := at(e.Lo), at(e.Hi)
	out.Value, out.Lo, out.Hi = at(e.Value), min(lo, hi), max(lo, hi)
	return out
}

// slope is by how much a score changes with the mean cost: differences of scores are those of costs times that, for rmse nearly so.
func (w *weighing) slope(mean float64) float64 {
	switch w.scoring.Metric {
	case metric.Accuracy:
		return -1
	case metric.RMSE:
		return 1 / (2 * math.Sqrt(max(mean, math.SmallestNonzeroFloat64)))
	}
	return 1
}

// scaled multiplies an estimate.
func scaled(e evidence.Estimate, by float64) evidence.Estimate {
	lo, hi := e.Lo*by, e.Hi*by
	e.Value, e.SD, e.Lo, e.Hi = e.Value*by, e.SD*math.Abs(by), min(lo, hi), max(lo, hi)
	return e
}
