package calibration

import (
	"fmt"
	"slices"
	"time"

	"lbprobe/analysis"
)

// Claims are what a setting's competitions came to after a number of submissions.
type Claims struct {
	Recovered Share           // the likeliest value of every count asked for is the truth
	Exact     Share           // called exact
	Misfit    Share           // a score is called wrong, though none is
	Wrong     int             // competitions of which something is called exact and is not
	Took      []time.Duration // by every analysis
}

func (c *Claims) join(o Claims) {
	c.Recovered.join(o.Recovered)
	c.Exact.join(o.Exact)
	c.Misfit.join(o.Misfit)
	c.Wrong += o.Wrong
	c.Took = append(c.Took, o.Took...)
}

// ClaimRow is a setting with its claims at 0 to 4 submissions past the bound, none where the setting does not ask for them.
type ClaimRow struct {
	Setting Setting
	Bound   float64 // mean over the worlds, each rounded up
	At      [mostExtra + 1]Claims
	False   []string // every wrong claim, and where to find it
}

func (r *ClaimRow) join(o ClaimRow, worlds int) {
	r.Bound += o.Bound / float64(worlds)
	for e := range r.At {
		r.At[e].join(o.At[e])
	}
	r.False = append(r.False, o.False...)
}

// claims analyses one world's competitions after each number of submissions.
func (r *runner) claims(w *world) (row ClaimRow, err error) {
	row.Bound = float64(w.bound)
	for game := range w.Games {
		c, err := w.play(game)
		if err != nil {
			return row, err
		}
		for e := w.Past[0]; e <= w.Past[1]; e++ {
			start := r.clock()
			result, err := r.analyze(c.read(w.bound + e))
			if err != nil {
				return row, fmt.Errorf("%s: %w", c.where(), err)
			}
			at := &row.At[e]
			at.Took = append(at.Took, r.clock()-start)
			wrong, recovered := c.judge(result)
			at.Recovered.one(recovered)
			at.Exact.one(result.Status == analysis.Exact)
			at.Misfit.one(alarmed(result))
			if len(wrong) > 0 {
				at.Wrong++
				row.False = append(row.False, fmt.Sprintf("%s, bound + %d: %s", c.where(), e, wrong[0]))
			}
		}
	}
	return row, nil
}

// alarmed says whether scores are called wrong: they fit nothing, or a check that is not about the belief has failed.
func alarmed(r *analysis.Result) bool {
	return r.Status == analysis.Misfit || slices.ContainsFunc(r.Checks, func(c analysis.Check) bool { return !c.OK && c.Name != "stated belief" })
}

// judge compares a result with the truth: wrong lists what is called exact and is not; recovered says whether the likeliest value of every
// public count that was asked for is the truth.
func (c *competition) judge(r *analysis.Result) (wrong []string, recovered bool) {
	recovered = true
	for _, v := range r.Counts {
		want := c.count(v.Split, v.Topic, v.Class)
		if v.Exact && (v.Lo != want || v.Best != want || v.Hi != want) {
			wrong = append(wrong, fmt.Sprintf("%+v, truly %d", v, want))
		}
		if v.Split == "public" && v.Class != "*" && v.Topic != analysis.AllTopics && v.Best != want {
			recovered = false
		}
	}
	for _, v := range r.Verdicts {
		if want := c.count("private", v.Topic, "*"); v.Exact && (v.PrivateLo != want || v.PrivateHi != want) {
			wrong = append(wrong, fmt.Sprintf("%+v, truly %d", v, want))
		}
	}
	return wrong, recovered
}

// Percentile is the duration that a share of those taken does not exceed; 0 for none.
func (c Claims) Percentile(share float64) time.Duration {
	if len(c.Took) == 0 {
		return 0
	}
	took := slices.Sorted(slices.Values(c.Took))
	return took[min(len(took)-1, int(share*float64(len(took))))]
}
