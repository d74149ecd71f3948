package report

import (
	"fmt"

	"lbprobe/analysis"
)

// place is what a count is about.
type place struct {
	split string
	topic int
	class string
}

// Compare holds a result against the true counts, of which only Split, Topic, Class and Best are read. A topic is wrong if a count that is said to be exact is
// not the truth, or if its verdict is false: private rows reach presentFrom, or not. It is right if its public counts are exact and nothing is wrong.
func Compare(result analysis.Result, truth []analysis.Count, presentFrom int) *Truth {
	known := map[place]int{}
	for _, c := range truth {
		known[place{c.Split, c.Topic, c.Class}] = c.Best
	}
	out := &Truth{}
	claimed, wrong := map[int]bool{}, map[int]bool{}
	for _, c := range result.Counts {
		rows, ok := known[place{c.Split, c.Topic, c.Class}]
		switch {
		case !ok:
		case !c.Exact:
			out.interval(c, rows)
		case c.Best != rows:
			wrong[c.Topic] = true
			out.Misses = append(out.Misses, fmt.Sprintf("%s: %d said to be exact, truth %d", about(c), c.Best, rows))
		default:
			claimed[c.Topic] = claimed[c.Topic] || c.Split == result.AskedPart() && asked(result, c)
		}
	}
	for _, v := range result.Verdicts {
		claimed[v.Topic] = claimed[v.Topic] || result.Design == analysis.Channel && result.Read > 0 && v.Verdict != analysis.Undetermined
		if rows, ok := known[place{"private", v.Topic, "*"}]; ok && v.Verdict != analysis.Undetermined && (v.Verdict == analysis.Present) != (rows >= presentFrom) {
			wrong[v.Topic] = true
			out.Misses = append(out.Misses, fmt.Sprintf("topic %d is said to be %s, and has %d private rows", v.Topic, v.Verdict, rows))
		}
		switch {
		case wrong[v.Topic]:
			out.Wrong++
		case claimed[v.Topic]:
			out.Right++
		default:
			out.Open++
		}
	}
	return out
}

// interval takes down whether a count that is not exact holds the truth, which it may fail to do as often as its certainty says.
func (t *Truth) interval(c analysis.Count, rows int) {
	t.Intervals++
	if rows < c.Lo || rows > c.Hi {
		t.Outside++
		t.Misses = append(t.Misses, fmt.Sprintf("%s: %d to %d said, truth %d", about(c), c.Lo, c.Hi, rows))
	}
}

// about tells which rows a count counts.
func about(c analysis.Count) string {
	topic := "all topics"
	if c.Topic != analysis.AllTopics {
		topic = fmt.Sprintf("topic %d", c.Topic)
	}
	return fmt.Sprintf("%s, %s rows, class %s", topic, c.Split, c.Class)
}
