package submission

import (
	"fmt"
	"io"
	"strings"
)

// NextBundle is what NEXT.md is made of where a notebook writes the probes.
type NextBundle struct {
	Bundle
	Path    string         // experiment file, as it is given to the command
	Dir     string         // folder with dataset and kernel
	Probe   *Entry         // the one to submit next; nil: there is none
	Scores  map[int]string // of the design's probes so far
	Planned int            // submissions of the design
	Told    string         // what the scores say so far, one sentence or none
	Redo    string         // why the last submission has to be made again; empty: it was as it should be
	PerDay  int            // submissions that the board takes a day; 0: no limit is known
}

// NextBundleSteps returns the text of NEXT.md: one probe at a time, since each depends on the scores of those before it.
func NextBundleSteps(n NextBundle) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: what to submit next\n\n", n.Experiment)
	fmt.Fprintf(&b, "%s planned, %d scored", plural(n.Planned, "submission", "submissions"), len(n.Scores))
	if n.PerDay > 0 {
		fmt.Fprintf(&b, ", %d a day", n.PerDay)
	}
	b.WriteString(".")
	if n.Told != "" {
		b.WriteString(" " + n.Told)
	}
	b.WriteString("\n\n")
	if n.Probe == nil {
		fmt.Fprintf(&b, "Nothing is left to submit. Read the scores with `lbprobe run %s`.\n", n.Path)
		return b.String()
	}
	if n.Redo != "" {
		fmt.Fprintf(&b, "**Probe %d has to be submitted again: %s.** Mend that first. Then take the steps below, and record the new score in place of the old one:\n"+
			"`lbprobe record %s %d=… --correct --reason \"submitted again\"`.\n\n", n.Probe.Number, n.Redo, n.Path, n.Probe.Number)
	}
	if len(n.Scores) == 0 {
		n.once(&b)
	}
	n.submit(&b)
	return b.String()
}

// once says how the data set gets to Kaggle.
func (n NextBundle) once(b *strings.Builder) {
	fmt.Fprintf(b, `## Once: the data set

    kaggle datasets create -p %[1]s/dataset
    kaggle datasets status %[2]s

and wait until the second says `+"`ready`"+`. Or by hand: on <https://www.kaggle.com/datasets> press *New Dataset*, upload every file of `+"`%[1]s/dataset`"+`
but dataset-metadata.json, call it `+"`%[3]s`"+`, and leave it private. It stays as it is for all probes of this design.

`, n.Dir, n.ID(), n.title())
}

// submit says how one probe is submitted and recorded.
func (n NextBundle) submit(b *strings.Builder) {
	fmt.Fprintf(b, `## Probe %[1]d

1. The notebook has this line, which is all that differs from probe to probe. lbprobe has written it into `+"`%[2]s/kernel/probe.py`"+`:

       %[3]s

2. Push it, and wait until the second command says `+"`complete`"+`:

       kaggle kernels push -p %[2]s/kernel
       kaggle kernels status %[4]s

   This run sees the sample of the test only, so its log speaks of the fault "row count". That is as it should be. Or by hand: make a new
   script on Kaggle, paste probe.py, turn the internet off, attach the competition%[5]s, and save a version.
3. Submit that version, V being the number that the push has printed. The description is how its score is found again: paste it whole.

       kaggle competitions submit %[6]s -k %[4]s -v V -f submission.csv -m "%[7]s"

4. When it is scored, record the score as the board shows it, last zeros and all. That also sets the line for the next probe:

       lbprobe record %[8]s %[1]d=…
       lbprobe run %[8]s

A probe is never a final pick.
`, n.Probe.Number, n.Dir, ProbeLine(n.Probe.Number, n.before()), n.ID(), n.attached(), n.Slug, n.Probe.Tag, n.Path)
}

// before are the scores of the probes before the next one.
func (n NextBundle) before() map[int]string {
	out := map[int]string{}
	for number, score := range n.Scores {
		if number < n.Probe.Number {
			out[number] = score
		}
	}
	return out
}

// attached names what the notebook reads besides the competition.
func (n NextBundle) attached() string {
	return " and " + strings.Join(append([]string{n.ID()}, n.Sources...), ", ")
}

// WriteScript writes probe.py for the probe that is next.
func (n NextBundle) WriteScript(w io.Writer) error {
	return n.WriteProbe(w, n.Probe.Number, n.before())
}
