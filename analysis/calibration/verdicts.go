package calibration

import (
	"fmt"

	"lbprobe/analysis"
)

// VerdictRow is a setting with its verdicts.
type VerdictRow struct {
	Setting   Setting
	Certainty float64
	FDR       float64
	At        [2]Verdicts // without a score; as many submissions as the bound
}

// Verdicts are what was said of topics. The share of false ones is a mean over competitions in which something was said at all.
type Verdicts struct {
	Given   Share   // of all topics: called present or absent
	False   Share   // of those given
	Rate    float64 // sum over competitions of their share of false verdicts
	Spoken  int     // competitions with a verdict
	Present Share   // of the topics called present: truly so
	Absent  Share   // of the topics called absent: truly so
}

func (r *VerdictRow) join(o VerdictRow) {
	for i := range r.At {
		a, b := &r.At[i], o.At[i]
		a.Given.join(b.Given)
		a.False.join(b.False)
		a.Present.join(b.Present)
		a.Absent.join(b.Absent)
		a.Rate, a.Spoken = a.Rate+b.Rate, a.Spoken+b.Spoken
	}
}

// verdicts analyses one world's competitions without a score and at the bound.
func (r *runner) verdicts(w *world, certainty, fdr float64) (row VerdictRow, err error) {
	for game := range w.Games {
		c, err := w.play(game)
		if err != nil {
			return row, err
		}
		for i, submissions := range []int{0, w.bound} {
			in := c.read(submissions)
			in.Certainty, in.FDR = certainty, fdr
			result, err := r.analyze(in)
			if err != nil {
				return row, fmt.Errorf("%s: %w", c.where(), err)
			}
			c.hear(result.Verdicts, &row.At[i])
		}
	}
	return row, nil
}

// hear compares the verdicts of one competition with the truth. Topics that are known to have no test row are passed over.
func (c *competition) hear(verdicts []analysis.Verdict, out *Verdicts) {
	topics, present, absent, truly, gone := 0, 0, 0, 0, 0
	for _, v := range verdicts {
		if !c.Hidden && c.totals[v.Topic] == 0 {
			continue
		}
		topics++
		private := sum(c.private[v.Topic])
		switch v.Verdict {
		case analysis.Present:
			present++
			truly += min(private, 1)
		case analysis.Absent:
			absent++
			gone += 1 - min(private, 1)
		}
	}
	given, wrong := present+absent, present+absent-truly-gone
	out.Given.add(given, topics)
	out.False.add(wrong, given)
	out.Present.add(truly, present)
	out.Absent.add(gone, absent)
	if given > 0 {
		out.Rate += float64(wrong) / float64(given)
		out.Spoken++
	}
}
