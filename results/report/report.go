// Package report says what the scores mean, in three forms of the same content:
//
//   - [Report.Terminal], the table that a run ends with;
//   - [Report.Markdown], the full report, report.md;
//   - [Report.SVG], a picture of the shifts.
//
// All three lead with the shifts (a topic's share of the private part over its share of the train set), largest first, and all three tell what
// was found by probing from what follows from a random split alone. They print the same bytes for the same content. Names, keywords and
// exemplars are foreign text: each form makes them harmless for its medium.
package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"lbprobe/analysis"
)

// Report is everything that the pages need.
type Report struct {
	Experiment  string
	Competition string // its slug; may be empty
	Board       string // hand, kaggle or simulated
	Asked       Asked
	Topics      []Topic // by index: Topics[t] is topic t; may be shorter than there are topics
	Scores      []Score // every probe of the manifest, in order
	Result      analysis.Result
	Past        *Past    // what submissions that are no probes tell; nil where there are none
	Truth       *Truth   // for a simulated board; nil where the truth is not known
	Effort      *Effort  // nil leaves the comparison out
	Warnings    []string // beside those of Result
	Assumed     []string // beside those of Result
	Sources     []string // where the texts came from and under which licence, one line each
	Next        []string // what to do next, in order
	Picture     string   // place of the SVG as seen from the Markdown file; empty for none
	Path        string   // of the Markdown file, as the user would open it
}

// Asked is what the experiment file asked.
type Asked struct {
	Split       string  // private or public: whose answer is wanted
	Target      string  // presence, rows or cells
	Design      string  // one-at-a-time or lattice
	Topics      int     // with the topic "other", if there is one
	Classes     int     //
	TestRows    int     // 0 where it is not known
	Certainty   float64 // of intervals and verdicts
	FDR         float64 // expected share of false verdicts
	PresentFrom string  // such as "1 row" or "0.2 % of the rows"
	Decimals    int     // shown by the board
	Full        bool    // scores are not cut: Decimals is how far they are relied on
}

// Topic is what a reader needs to see what a topic is about.
type Topic struct {
	Name      string
	NamedBy   string // the language model that made up name and summary; empty: none did
	Summary   string
	Keywords  []string
	Exemplars []string // texts nearest the centroid; the report shows a few
}

// Score is one probe as read.
type Score struct {
	Probe           int
	File            string
	Public          string   // as shown by the board; empty while it is not scored
	Private         string   // as shown; mostly empty
	Residual        *float64 // shown minus decoded score, in units of the last shown decimal; nil where nothing was decoded
	PrivateResidual *float64 // likewise of the private score
	Note            string   // such as "corrected: typing error"
}

// Effort compares numbers of submissions.
type Effort struct {
	ByHand  int     // one topic at a time
	Lbprobe int     // the design of this run
	Bound   float64 // the least whose information reaches what is asked; 0 where it is not known
	PerDay  int     // quota; 0 where there is none
}

// Truth compares what was claimed with the known truth of a simulated board, by topics.
type Truth struct {
	Right     int      // topics with exact counts of the part that was asked, or by a channel with a verdict, whose every claim holds
	Wrong     int      // topics with an exact count or a verdict that is false
	Open      int      // the other topics
	Intervals int      // counts that are given as intervals
	Outside   int      // of these, how many do not hold the truth; a few may not, as the certainty says
	Misses    []string // everything that is not the truth, in words
}

// Options of a terminal.
type Options struct {
	Width int  // columns; 0 means 100
	Color bool // whether escape sequences may be used
}

// missing tells that a topic's shift is not defined, because the train set has no row of it.
func missing(v analysis.Verdict) bool { return v.TrainShare == 0 }

// ranked is a verdict with the size of its shift.
type ranked struct {
	analysis.Verdict
	sure float64 // at the end of the interval nearer to 1; 0 where the shift may be 1
	best float64 // at the best value
}

// pseudoRows steady the order of small topics; they enter nothing that is printed.
const pseudoRows = 5

// rank orders the verdicts, largest shifts first. The size of a shift is |ln| of private rows over the rows that the train share lets expect, with pseudoRows
// added to both, so that one row more or less in a tiny topic is no large shift, and topics without train or private rows have a size. A wide interval
// around a large value is not a finding: what counts first is the end of the interval nearer to 1.
func rank(verdicts []analysis.Verdict) []ranked {
	private := 0
	for _, v := range verdicts {
		private += v.PrivateBest
	}
	all := make([]ranked, len(verdicts))
	for i, v := range verdicts {
		expected := v.TrainShare*float64(private) + pseudoRows
		size := func(count int) float64 { return math.Log((float64(count) + pseudoRows) / expected) }
		all[i] = ranked{v, max(0, size(v.PrivateLo), -size(v.PrivateHi)), math.Abs(size(v.PrivateBest))}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.sure, a.sure), cmp.Compare(b.best, a.best), cmp.Compare(b.TrainShare, a.TrainShare), cmp.Compare(a.Topic, b.Topic))
	})
	return all
}

// String says how many submissions the question takes, one way and the other.
func (e Effort) String() string {
	text := fmt.Sprintf("%d with this design, %d one topic at a time", e.Lbprobe, e.ByHand)
	if e.Bound > 0 {
		text += fmt.Sprintf(", information bound %.1f", e.Bound)
	}
	return text
}

// Summary is the line that says how far the scores carry.
func (r Report) Summary() string {
	parts := []string{fmt.Sprintf("%d of %d scores read", r.Result.Read, r.Result.Probes)}
	if r.Result.Read > 0 {
		parts = append(parts, fmt.Sprintf("%.0f of %.0f bits", r.Result.Identified.Bits, r.Result.Identified.Needed))
	}
	switch exact, all := exactly(r.Result, r.Result.AskedPart()); {
	case r.Result.Status == analysis.NoScores:
		parts = append(parts, "nothing found by probing yet")
	case r.Result.Status == analysis.Misfit:
		parts = append(parts, "the scores contradict each other")
	case all > 0 && r.Result.PrivateRead > 0:
		privately, asked := exactly(r.Result, "private")
		parts = append(parts, fmt.Sprintf("%d/%d public and %d/%d private counts exact", exact, all, privately, asked))
	case r.Result.Design == analysis.Channel && r.Result.Status == analysis.Told:
		parts = append(parts, fmt.Sprintf("%d/%d verdicts on the private part", verdicts(r.Result), len(r.Result.Verdicts)))
	case r.Result.Design == analysis.Channel:
		parts = append(parts, fmt.Sprintf("%d/%d totals exact", exact, all))
	case all > 0:
		parts = append(parts, fmt.Sprintf("%d/%d public counts exact", exact, all))
	}
	if r.Truth != nil {
		parts = append(parts, "truth known: "+r.Truth.String())
	}
	return r.Experiment + ": " + strings.Join(parts, " · ")
}

// String says how the claims compare with the truth.
func (t Truth) String() string {
	text := fmt.Sprintf("%d right, %d wrong", t.Right, t.Wrong)
	if t.Open > 0 {
		text += fmt.Sprintf(", %d open", t.Open)
	}
	if t.Outside > 0 {
		text += fmt.Sprintf(", outside %d of %d intervals", t.Outside, t.Intervals)
	}
	return text
}

// asked tells whether a count is one of those that were asked for: all rows of a topic where all are counted, else what is.
func asked(r analysis.Result, c analysis.Count) bool {
	target := r.Target
	switch {
	case c.Topic == analysis.AllTopics:
		return false
	case slices.Contains(r.Asked, "*"):
		return c.Class == "*"
	case len(r.Asked) > 0:
		return slices.Contains(r.Asked, c.Class)
	case target == "presence":
		return strings.HasPrefix(c.Class, "!")
	case target == "rows":
		return c.Class == "*"
	}
	return c.Class != "*" && !strings.HasPrefix(c.Class, "!")
}

// verdicts counts those that are given.
func verdicts(r analysis.Result) (given int) {
	for _, v := range r.Verdicts {
		if v.Verdict != analysis.Undetermined {
			given++
		}
	}
	return given
}

// exactly counts the counts of a part that were asked for, and how many of them are exact.
func exactly(r analysis.Result, split string) (exact, all int) {
	for _, c := range r.Counts {
		if c.Split != split || !asked(r, c) {
			continue
		}
		all++
		if c.Exact {
			exact++
		}
	}
	return exact, all
}
