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
	case p.Design == channelDesign || p.Design == "auto" && (p.Target == "sizes" || c.Column != "" || len(p.Channel.Messages) > 0):
		return e.checkChannel() // no other design can
	case p.Target == "sizes":
		return e.Fault("probe.target", "sizes are told by the channel alone", write("design", channelDesign))
	case c.Column != "":
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
	case !slices.Contains(channelMetrics, c.Metric):
		return e.Fault("competition.metric", fmt.Sprintf("%s carries no channel: a constant prediction has too few scores, or none that is told apart", c.Metric),
			"A hidden test can be asked over log-loss, binary-log-loss and brier")
	case c.Full:
		return e.Fault("competition.decimals", "the channel reads scores that are cut to a number of decimals, up to 7", write("decimals", int64(6)))
	case c.Noise > 0:
		return e.Fault("competition.noise", "a score that varies would be read as another message", "Ask a board whose scores do not vary: "+write("noise", 0.0))
	case p.Target == "cells":
		return e.Fault("probe.target", "a notebook does not see the classes of the test rows, so the channel can't tell them", write("target", "rows"))
	case p.Channel.Constants > len(c.Classes):
		return e.Fault("probe.channel.constants", fmt.Sprintf("%d constants are more than the %d classes, each of which takes one", p.Channel.Constants, len(c.Classes)),
			write("constants", int64(len(c.Classes))))
	case p.Split != "private":
		return e.Fault("probe.split", "the channel counts public and private rows together", write("split", "private"))
	}
	return e.checkMessages()
}

// channelMetrics carry a channel: see package channel for why the others do not.
var channelMetrics = []metric.Metric{metric.LogLoss, metric.BinaryLogLoss, metric.Brier}

// Script is the Python file that embeds texts: with source "python" here, and with "npy" too in the notebook of a hidden test. Empty where nothing
// runs one.
func (e *Experiment) Script() string {
	if m := e.Embedding; m.Source == "python" || m.Source == "npy" && e.Competition.Hidden {
		return m.Script
	}
	return ""
}
