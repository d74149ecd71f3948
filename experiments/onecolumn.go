package experiments

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"lbprobe/probes/metric"
)

// values are what the classes stand for in a submission of one column; nil where there is one column a class, or where the truth is any number of
// a range. The classes of a loaded experiment always have values.
func (c Competition) values() []float64 {
	if c.Column == "" || c.Range != nil {
		return nil
	}
	v, err := metric.Values(c.Metric, c.Classes)
	if err != nil {
		return nil // Load has refused such classes
	}
	return v
}

// Named tells whether a submission's one column holds the names of classes.
func (c Competition) Named() bool { return c.Column != "" && c.Metric == metric.Accuracy }

// Columns are those of a submission behind the id.
func (c Competition) Columns() []string {
	if c.Column != "" {
		return []string{c.Column}
	}
	return c.Classes
}

// Positive is the class whose chance a submission's one column holds, by index. It is 0 where there is no such column.
func (c Competition) Positive() int {
	return max(0, slices.Index(c.values(), 1))
}

// checkLayout asks whether a metric is scored on such submissions: one column a class, or one column in all.
func (e *Experiment) checkLayout() error {
	c := e.Competition
	switch {
	case c.Column == "" && !c.Metric.TakesClasses():
		return e.Fault("competition.metric", fmt.Sprintf("%s is scored on submissions with one column behind the id, and column does not name it", c.Metric),
			addTo("competition.column", e.likelyColumn()))
	case c.Column != "" && !c.Metric.TakesColumn():
		fix := "Remove the line: the classes are the columns"
		if len(c.Classes) == 2 {
			fix = write("metric", string(metric.BinaryLogLoss)) + ", or remove column: then the classes are the columns"
		}
		return e.Fault("competition.column", fmt.Sprintf("%s is scored on submissions with one column a class", c.Metric), fix)
	case c.Range != nil:
		return e.checkRange()
	case c.Column == "":
		return nil
	case c.Column == c.ID:
		return e.Fault("competition.column", strconv.Quote(shorten(c.Column))+" is the id column too", "Name the column behind the id")
	}
	if _, err := metric.Values(c.Metric, c.Classes); err != nil {
		return e.Fault("competition.classes", err.Error(), classesFix(c))
	}
	return nil
}

// classesFix says what classes the metric of a submission of one column can have.
func classesFix(c Competition) string {
	switch {
	case c.Metric.Numeric():
		return "Write the numbers that rows may have, in quotes, or range = [lo, hi] in place of classes"
	case len(c.Classes) > 2 && c.Metric == metric.Brier:
		return "Keep two, or remove column: then the classes are the columns"
	}
	return `Write the two values of the column, as in: classes = ["0", "1"]`
}

// checkRange looks at a truth that may be any number of a range.
func (e *Experiment) checkRange() error {
	c, key := e.Competition, "competition.range"
	switch {
	case c.Column == "":
		return e.Fault(key, "is for submissions with one column behind the id, and column does not name it", addTo("competition.column", e.likelyColumn()))
	case !c.Metric.Numeric():
		return e.Fault(key, fmt.Sprintf("%s compares classes, not numbers", c.Metric), `Write the classes in its place, as in: classes = ["0", "1"]`)
	case len(c.Classes) > 0:
		return e.Fault(key, "classes and range say what the column holds twice", "Keep one of the two")
	}
	return nil
}

// likelyColumn is the train column that holds the class, which mostly has the name of the submission's.
func (e *Experiment) likelyColumn() string {
	if e.Competition.Label != "" {
		return e.Competition.Label
	}
	return "target"
}

// labelDefault takes the train column of the submission's name for the label.
func (e *Experiment) labelDefault() {
	if c := &e.Competition; c.Column != "" && c.Label == "" {
		c.Label, e.source.why["competition.label"] = c.Column, "competition.column"
	}
}

// corpusIsTrain tells whether the corpus holds the classes, so that it is the train file where none is named.
func (e *Experiment) corpusIsTrain(corpus head) bool {
	c := e.Competition
	if c.Label != "" {
		// A sample submission may stand in for the test file, and holds no labels though it has the column.
		return e.Given("competition.label") || corpus.has(c.Label) && e.Corpus.Paths[0] != c.Test
	}
	return !slices.ContainsFunc(c.Classes, func(class string) bool { return !corpus.has(class) })
}

// checkNumbers asks whether the first labels are numbers of the range.
func (e *Experiment) checkNumbers(h head) error {
	c := e.Competition
	j := slices.Index(h.columns, c.Label)
	for i, row := range h.rows {
		v, err := strconv.ParseFloat(row[j], 64)
		if err == nil && v >= c.Range[0] && v <= c.Range[1] {
			continue
		}
		return e.Fault("competition.range", fmt.Sprintf("%s, line %d: %s is no number from %s to %s", h.name, h.lines[i], strconv.Quote(shorten(row[j])),
			tomlText(c.Range[0]), tomlText(c.Range[1])), "Widen it, or name another column with label")
	}
	return nil
}

// guessMetric goes by what the sample submission's one column holds: classes, one number for a class of two, or numbers of any size.
func (g *guesses) guessMetric() {
	g.metric = metric.LogLoss
	if g.column == "" {
		return
	}
	samples, _ := g.sample.values(g.column, maxClasses)
	span, numeric := g.train.span(g.column)
	_, unequal := metric.Values(metric.MAE, g.classes)
	switch {
	case len(g.classes) > 1 && len(outside(samples, g.classes)) == 0:
		g.metric = metric.Accuracy
	case len(g.classes) == 2:
		g.metric = metric.BinaryLogLoss
	case len(g.classes) > 1 && unequal == nil:
		g.metric = metric.RMSE
	case len(g.classes) == 0 && numeric:
		g.metric, g.span, g.label = metric.RMSE, &span, g.column
	default:
		g.metric = metric.Accuracy
	}
}

// span is the least and the greatest number of a column's head; ok is false where it holds no numbers.
func (h head) span(column string) (span [2]float64, ok bool) {
	j := slices.Index(h.columns, column)
	if j < 0 {
		return span, false
	}
	for i, row := range h.rows {
		v, err := strconv.ParseFloat(row[j], 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return span, false
		}
		if i == 0 {
			span = [2]float64{v, v}
		}
		span = [2]float64{min(span[0], v), max(span[1], v)}
	}
	return span, span[0] < span[1]
}
