package experiments

import (
	"fmt"
	"slices"

	"lbprobe/probes/metric"
)

// hiddenTest is how a file says that the test rows are seen by a notebook in its rerun, and by nobody else.
const hiddenTest = "hidden"

// channelDesign is the design that speaks through scores instead of asking for counts.
const channelDesign = "channel"

// test is the path of the test file, or "hidden".
func (e *Experiment) test(key string) setting {
	s := e.path(key, &e.Competition.Test)
	read := s.read
	s.read = func(v any) *trouble {
		if v == hiddenTest {
			e.Competition.Hidden, e.source.written[key] = true, []string{hiddenTest}
			return nil
		}
		return read(v)
	}
	return s
}

// checkHidden refuses what can't be asked of a hidden test, and what can be asked of no other.
func (e *Experiment) checkHidden() error {
	c, p := e.Competition, e.Probe
	switch {
	case !c.Hidden && p.Design == channelDesign:
		return e.Fault("probe.design", "the channel needs a notebook that sees a hidden test; the rows of this one are known, and their topics with them",
			write("design", "auto"))
	case !c.Hidden && p.Target == "sizes":
		return e.Fault("probe.target", "the sizes of topics in a test whose rows are known need no submission", write("target", "rows"))
	case !c.Hidden:
		return nil
	case c.Rows == nil:
		return e.Fault("competition.rows", "is missing; nobody can count the rows of a hidden test", addTo("competition.rows", []any{int64(24000), int64(26000)}))
	case c.Board == "simulated" && e.Simulate.Test == "":
		return e.Fault("simulate.test", "is missing; it holds the rows that the simulated board takes for the hidden test", addTo("simulate.test", "full_test.csv"))
	case e.Embedding.Source == "openai":
		return e.Fault("embedding.source", "the notebook of a hidden test is offline and can ask no endpoint", write("source", "tfidf-svd"))
	case c.PrivateScores:
		return e.Fault("competition.private_scores", "is not available yet for a hidden test", "Leave it out: public scores are read")
	case !slices.Contains([]string{"auto", channelDesign, "lattice", "one-at-a-time", "hadamard"}, p.Design):
		return e.Fault("probe.design", fmt.Sprintf("%q is not for a hidden test", p.Design), write("design", "auto"))
	case p.Design == channelDesign || p.Target == "sizes" && p.Design == "auto":
		return e.checkChannel()
	case p.Target == "sizes":
		return e.Fault("probe.target", "sizes are told by the channel alone", write("design", channelDesign))
	case c.Column != "" && !e.ByChannel():
		return e.Fault("competition.column", "a hidden test of one-column submissions is not available yet but for the channel", write("design", channelDesign))
	}
	return nil
}

// ByChannel says whether a hidden test is asked through the channel: where that is wanted, or nothing is said and the channel can tell what is asked.
func (e *Experiment) ByChannel() bool {
	return e.Competition.Hidden && (e.Probe.Design == channelDesign || e.Probe.Design == "auto" && e.checkChannel() == nil)
}

// checkChannel refuses what can't be asked through the channel.
func (e *Experiment) checkChannel() error {
	c, p := e.Competition, e.Probe
	switch {
	case c.Metric != metric.LogLoss:
		return e.Fault("competition.metric", fmt.Sprintf("the channel is not available yet for %q", c.Metric), `For now it takes: metric = "log-loss"`)
	case p.Target == "cells":
		return e.Fault("probe.target", "a notebook does not see the classes of the test rows, so the channel can't tell them", write("target", "rows"))
	case p.Split != "private":
		return e.Fault("probe.split", "the channel counts public and private rows together", write("split", "private"))
	}
	return nil
}

// Script is the Python file that embeds texts: with source "python" here, and with "npy" too in the notebook of a hidden test. Empty where nothing
// runs one.
func (e *Experiment) Script() string {
	if m := e.Embedding; m.Source == "python" || m.Source == "npy" && e.Competition.Hidden {
		return m.Script
	}
	return ""
}
