package report

import (
	"fmt"
	"strings"
)

// Past is what submissions that are no probes tell, from their files and the scores they were shown. It is analysis/evidence.json as it
// stands on disk. Scores and their differences are on the board's scale.
type Past struct {
	Files       int          `json:"files"`       // that were read
	Readings    int          `json:"readings"`    // scores of theirs, public and private
	Rounding    string       `json:"rounding"`    // of the board: round or floor; either: every interval holds what both say
	Certainty   float64      `json:"certainty"`   // of every interval
	Shares      []PastShare  `json:"shares"`      // by split, then by class
	Submissions []PastFile   `json:"submissions"` // in the order of the ledger
	Split       PastSplit    `json:"split"`
	LeftOut     *PastLeftOut `json:"leave_one_out"` // null for fewer than three files with both scores
	Warnings    []string     `json:"warnings"`      // files that were left out too
}

// PastEstimate is a number with its interval.
type PastEstimate struct {
	Value  float64 `json:"value"`
	SD     float64 `json:"sd"` // standard deviation
	Lo     float64 `json:"lo"`
	Hi     float64 `json:"hi"`
	Method string  `json:"method"`
}

// PastShare is the share that a class has of the rows of a part.
type PastShare struct {
	Split string       `json:"split"` // public, private or total
	Class string       `json:"class"`
	Share PastEstimate `json:"share"`
}

// PastFile is one submission.
type PastFile struct {
	File       string        `json:"file"`
	SHA256     string        `json:"sha256"`
	Public     string        `json:"public"`     // as shown; empty where it is not known
	Private    string        `json:"private"`    // likewise
	Bits       float64       `json:"bits"`       // what its scores add to those of the other files
	Expected   *PastEstimate `json:"expected"`   // private score where none is known; null where one is, or where there may be no private rows
	Difference *PastEstimate `json:"difference"` // public less private score, likewise
}

// PastSplit weighs a random split against one in which the classes have different odds of being public.
type PastSplit struct {
	Drift float64 `json:"drift"`  // standard deviation of a class's odds, relative; 0: none is seen
	LogLR float64 `json:"log_lr"` // ln of the likelihood with that drift over that of none; never negative
	Files int     `json:"files"`  // that have both scores: only these can tell
}

// PastLeftOut tells how well public less private score is predicted for files whose private score was kept back: root mean squares, each after a
// fit without what was kept back.
type PastLeftOut struct {
	Files  int     `json:"files"`  // kept back in turn
	Others float64 `json:"others"` // from the scores of the other files alone
	Own    float64 `json:"own"`    // the file's own public score being known as well
	Mean   float64 `json:"mean"`   // by the mean of the other files' differences, for comparison
}

// questionable is the ln likelihood ratio from which on a random split is in doubt.
const questionable = 2

// String weighs the evidence in words.
func (s PastSplit) String() string {
	switch {
	case s.Files < 2:
		return "Whether the split is random can't be told: that takes two files or more with both scores"
	case s.LogLR > questionable:
		return fmt.Sprintf("The parts differ in class shares by more than a random split explains: ln likelihood ratio %.1f, from %d files with both scores", s.LogLR, s.Files)
	}
	return fmt.Sprintf("Nothing speaks against a random split: ln likelihood ratio %.1f for parts that differ by class, from %d files with both scores; from %d on it would be in doubt",
		s.LogLR, s.Files, questionable)
}

// String tells how well the model did.
func (l PastLeftOut) String() string {
	return fmt.Sprintf("Left out in turn, public less private score of %d files is predicted with an RMSE of %.3g from the other files' scores, of %.3g where the file's own public score is known; the mean of the other files' differences has %.3g",
		l.Files, l.Others, l.Own, l.Mean)
}

// line is what the terminal says of past submissions; empty where nothing was read.
func (p *Past) line() string {
	if p == nil || len(p.Shares) == 0 {
		return ""
	}
	const most = 4 // classes that are shown
	rows, parts := "public rows", []string{}
	classes := p.classes()
	for _, class := range classes[:min(len(classes), most)] {
		text := class + " " + interval(p.share("public", class))
		if s := p.share("private", class); s != nil {
			text += " and " + interval(s)
			rows = "public and private rows"
		}
		parts = append(parts, text)
	}
	if more := len(classes) - most; more > 0 {
		parts = append(parts, fmt.Sprintf("%d classes more", more))
	}
	if n := p.expected(); n > 0 {
		parts = append(parts, fmt.Sprintf("private scores predicted: %d", n))
	}
	return fmt.Sprintf("%s, %s; shares of %s: %s", counted(p.Files, "file"), counted(p.Readings, "score"), rows, strings.Join(parts, "; "))
}

// classes are those that have shares, each once.
func (p *Past) classes() (names []string) {
	for _, s := range p.Shares {
		if s.Split == p.Shares[0].Split {
			names = append(names, s.Class)
		}
	}
	return names
}

// share finds a class's share of a part; nil where there is none.
func (p *Past) share(split, class string) *PastEstimate {
	for i, s := range p.Shares {
		if s.Split == split && s.Class == class {
			return &p.Shares[i].Share
		}
	}
	return nil
}

// expected counts the files whose private score is predicted.
func (p *Past) expected() (n int) {
	for _, f := range p.Submissions {
		if f.Expected != nil {
			n++
		}
	}
	return n
}

// interval prints the ends of a share.
func interval(s *PastEstimate) string { return fmt.Sprintf("%.1f–%.1f %%", 100*s.Lo, 100*s.Hi) }

// counted puts a noun behind a number.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// past prints the section on submissions that are no probes.
func (p page) past(r Report) {
	past := r.Past
	if past == nil {
		return
	}
	p.printf("\n## What past submissions tell\n\n")
	if len(past.Shares) == 0 {
		p.printf("Nothing could be read from them: see the warnings.\n")
		return
	}
	p.printf("%s that are no probes, with %s, read together. Intervals hold with probability %v. Rounding of the board: %s.\n\n",
		counted(past.Files, "file"), counted(past.Readings, "score"), past.Certainty, escape(past.Rounding))
	p.shares(past)
	p.printf("\n%s.\n", past.Split)
	if past.LeftOut != nil {
		p.printf("\n%s.\n", past.LeftOut)
	}
	p.submissions(past, r.Asked.Decimals)
}

// shares prints a line for every class.
func (p page) shares(past *Past) {
	splits := []string{"public", "private", "total"}
	table := [][]string{{"class", "public rows", "private rows", "all rows"}}
	for _, class := range past.classes() {
		cells := []string{class}
		for _, split := range splits {
			cell := ""
			if s := past.share(split, class); s != nil {
				cell = fmt.Sprintf("%s (%s)", percent(s.Value), interval(s))
			}
			cells = append(cells, cell)
		}
		table = append(table, cells)
	}
	p.table("lrrr", table)
}

// submissions prints a line for every file.
func (p page) submissions(past *Past, decimals int) {
	p.printf("\n")
	table := [][]string{{"file", "public", "private", "private, predicted", "public − private, predicted", "bits"}}
	for _, f := range past.Submissions {
		private, difference := "", ""
		if e := f.Expected; e != nil {
			private = fmt.Sprintf("%.*f (%.*f–%.*f)", decimals, e.Value, decimals, e.Lo, decimals, e.Hi)
		}
		if e := f.Difference; e != nil {
			difference = fmt.Sprintf("%+.*f (%+.*f to %+.*f)", decimals, e.Value, decimals, e.Lo, decimals, e.Hi)
		}
		table = append(table, []string{f.File, f.Public, f.Private, private, difference, fmt.Sprintf("%.1f", f.Bits)})
	}
	p.table("lrrrrr", table)
	p.printf("\nBits are what a file's scores add to those of the others.\n")
}
