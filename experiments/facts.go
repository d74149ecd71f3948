package experiments

import (
	"fmt"
	"strconv"
	"strings"

	"lbprobe/internal/fault"
)

// The checks of this file need all of the data. The stage that has read it calls them.

// UnknownLabel is the fault of a label that is none of the classes, at a line of a file.
func (e *Experiment) UnknownLabel(file string, line int, label string) *fault.Error {
	classes := e.Competition.Classes
	msg := fmt.Sprintf("%s, line %d: %s is none of the classes %s", file, line, strconv.Quote(shorten(label)), listing(classes, 8))
	near, _ := fault.Nearest(label, classes)
	switch {
	case strings.TrimSpace(label) == "":
		return e.Fault("competition.label", fmt.Sprintf("%s, line %d: the label is empty", file, line), "Fill it in or remove the row")
	case strings.EqualFold(strings.TrimSpace(label), near):
		return e.Fault("competition.label", msg, "Spell classes as the file does: "+strconv.Quote(shorten(label)))
	}
	if e.Competition.Column != "" {
		return e.Fault("competition.label", msg, "Add it to classes; or name another column with label")
	}
	return e.Fault("competition.label", msg, "Add it to classes if a submission has a column for it; else name another column")
}

// CheckClassCounts refuses a class that no train row has. counts follow the order of the classes.
func (e *Experiment) CheckClassCounts(counts []int) error {
	for i, n := range counts {
		if n == 0 {
			return e.Fault("competition.classes", fmt.Sprintf("no row of %s has the class %q", baseFile(e.Written("competition.train")), e.Competition.Classes[i]),
				"Correct its name or remove it")
		}
	}
	return nil
}

// CheckTopics refuses more topics than there are texts to learn them from: rows is what the filter has kept.
func (e *Experiment) CheckTopics(rows int) error {
	if e.Topics.K <= rows {
		return nil
	}
	return e.Fault("topics.k", fmt.Sprintf("%d topics cannot be learned from %s that the filter keeps", e.Topics.K, plural(rows, "text")),
		fmt.Sprintf("Write at most: k = %d, or widen [corpus.filter]", rows))
}

// CheckTestRows holds the number of rows in the test file, or in the one that stands in for a hidden test, against what the competition says.
func (e *Experiment) CheckTestRows(rows int) error {
	c, key := e.Competition, "competition.test"
	if c.Hidden {
		key = "simulate.test"
	}
	file := baseFile(e.Written(key))
	if rows == 0 {
		return e.Fault(key, file+" has a header but no rows", "Name the file that has the rows to predict")
	}
	if c.Rows != nil && (rows < c.Rows.Lo || rows > c.Rows.Hi) {
		if c.Hidden {
			return e.Fault(key, fmt.Sprintf("%s has %s, which rows = %s rules out", file, plural(rows, "row"), tomlText(showRange(c.Rows, just))),
				"Give a file of such a size, or write: rows = "+tomlText(showRange(&IntRange{min(rows, c.Rows.Lo), max(rows, c.Rows.Hi)}, just)))
		}
		return e.Fault("competition.rows", fmt.Sprintf("%s has %s, not %s", file, plural(rows, "row"), tomlText(showRange(c.Rows, just))),
			"Remove the line: the rows of a test file are counted")
	}
	return e.checkRows(rows, fmt.Sprintf("%s has %s", file, plural(rows, "row")))
}

// CheckVectors holds the number of vectors that a key of [embedding] brings against the rows of the file they belong to.
func (e *Experiment) CheckVectors(key string, vectors int, file string, rows int) error {
	if vectors == rows {
		return nil
	}
	return e.Fault(key, fmt.Sprintf("%s has %s, but %s has %s", baseFile(e.Written(key)), plural(vectors, "vector"), baseFile(file), plural(rows, "row")),
		"Embed every row, in order: lbprobe topics EXPERIMENT --texts FILE writes them")
}
