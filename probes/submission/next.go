package submission

import (
	"fmt"
	"strings"
)

// Next is what NEXT.md is made of.
type Next struct {
	Experiment string  // name of the experiment
	Path       string  // experiment file, as it is given to the command
	Dir        string  // folder that holds the submissions
	Slug       string  // of the competition on Kaggle; empty for other boards
	PerDay     int     // submissions that the board takes a day; 0: no limit is known
	Probes     int     // submissions of the design
	Pending    []Entry // those without a score, in the order of upload
	Rules      string  // when the competition's rules were read; empty: not yet
	RulesURL   string  // where they stand; may be empty
	Decimals   int     // of a shown score
	Full       bool    // scores are not cut: all their digits count
	Private    bool    // private scores are shown too
}

// NextSteps returns the text of NEXT.md: the uploads of today in order, each with the description to paste, and how to record the scores.
// It knows no date: today's are the first PerDay of those that have no score.
func NextSteps(n Next) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: what to upload next\n\n", n.Experiment)
	if len(n.Pending) == 0 {
		fmt.Fprintf(&b, "Every submission is scored (%d of %d). Read them with `lbprobe run %s`.\n", n.Probes, n.Probes, n.Path)
		return b.String()
	}
	today := n.today()
	n.overview(&b, today)
	n.uploads(&b, today)
	n.record(&b, today)
	n.later(&b, n.Pending[len(today):])
	return b.String()
}

// today is the part of Pending that the board takes in one day.
func (n Next) today() []Entry {
	if n.PerDay > 0 {
		return n.Pending[:min(n.PerDay, len(n.Pending))]
	}
	return n.Pending
}

// overview says how far the design has come, and warns where the rules were not read.
func (n Next) overview(b *strings.Builder, today []Entry) {
	fmt.Fprintf(b, "%s in all, %d scored, %d to go", plural(n.Probes, "submission", "submissions"), n.Probes-len(n.Pending), len(n.Pending))
	if days := (len(n.Pending) + len(today) - 1) / len(today); n.PerDay > 0 {
		fmt.Fprintf(b, ": %s at %d a day", plural(days, "day", "days"), n.PerDay)
	}
	b.WriteString(".\n\n")
	if n.Rules != "" {
		return
	}
	b.WriteString("**First read the rules of the competition")
	if n.RulesURL != "" {
		fmt.Fprintf(b, " (<%s>)", n.RulesURL)
	}
	b.WriteString(": some hosts ban probing.** Then write the date under `[competition]`, as in `rules_checked = 2024-05-03`.\n\n")
}

// uploads lists the files of today with their descriptions.
func (n Next) uploads(b *strings.Builder, today []Entry) {
	fmt.Fprintf(b, "## Today: %s\n\n", plural(len(today), "upload", "uploads"))
	if n.Slug != "" {
		fmt.Fprintf(b, "On <https://www.kaggle.com/competitions/%s/submissions> press *Submit Prediction* and, for each file in this order, choose\n"+
			"the file, paste its description, and submit.", n.Slug)
	} else {
		b.WriteString("Upload each file in this order, with its description where the board takes one.")
	}
	fmt.Fprintf(b, " The files lie in `%s`. The description is how its score is\nfound again: paste it whole. A probe is never a final pick.\n\n", n.Dir)
	table(b, today)
	b.WriteByte('\n')
}

// record says how the scores come back.
func (n Next) record(b *strings.Builder, today []Entry) {
	fmt.Fprintf(b, "## Then record the scores\n\nType them as the board shows them, %s:\n\n    lbprobe record %s", n.digits(), n.Path)
	for _, e := range today {
		fmt.Fprintf(b, " %d=…", e.Number)
		if n.Private {
			b.WriteString("/…")
		}
	}
	b.WriteString("\n\n")
	if n.Private {
		b.WriteString("The public score comes first, the private one behind the stroke.\n\n")
	}
	if n.Slug != "" {
		fmt.Fprintf(b, "or take the list of the kaggle client:\n\n    kaggle competitions submissions %s --csv --page-size 200 > scores.csv\n"+
			"    lbprobe record %s scores.csv\n\n", n.Slug, n.Path)
	}
	fmt.Fprintf(b, "Go on with `lbprobe run %s`.\n", n.Path)
}

// digits says which of a score are needed.
func (n Next) digits() string {
	if n.Full {
		return "with every digit of their full precision"
	}
	return plural(n.Decimals, "decimal", "decimals") + " and all"
}

// later lists what the following days bring.
func (n Next) later(b *strings.Builder, later []Entry) {
	if len(later) == 0 {
		return
	}
	b.WriteString("\n## Later\n\n")
	table(b, later)
}

// table lists uploads in their order.
func table(b *strings.Builder, uploads []Entry) {
	b.WriteString("| probe | file | description |\n|---|---|---|\n")
	for _, e := range uploads {
		fmt.Fprintf(b, "| %d | `%s` | `%s` |\n", e.Number, e.File, e.Tag)
	}
}

// plural counts things.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
