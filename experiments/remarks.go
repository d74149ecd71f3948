package experiments

import (
	"fmt"

	"lbprobe/probes/metric"
)

// remarks collects what the user should know though it stops nothing.
func (e *Experiment) remarks() error {
	c := e.Competition
	if c.Train == "" {
		e.note("competition.train", "no labelled rows: every class is taken to be equally likely")
	}
	if c.RulesChecked == "" && c.Board != "simulated" {
		e.note("competition.rules_checked", "not set: read the competition's rules on probing, and write the day, before anything is submitted")
	}
	e.idleVectors()
	e.idleScoring()
	if e.Simulate != nil {
		e.simulatedMismatch(c)
	}
	return nil
}

// idleVectors names settings of an embedding source that is not chosen.
func (e *Experiment) idleVectors() {
	source, hidden := e.Embedding.Source, e.Competition.Hidden
	var idle []string
	if source != "openai" {
		idle = append(idle, "model", "url", "key_env", "budget_usd", "price_input", "requests_per_minute")
	}
	if source != "npy" {
		idle = append(idle, "path", "train_path", "test_path", "ids", "train_ids", "test_ids")
	}
	if e.Script() == "" {
		idle = append(idle, "script")
	}
	for _, k := range idle {
		if key := "embedding." + k; e.Given(key) {
			e.note(key, fmt.Sprintf("has no effect with source = %q", source))
		}
	}
	onlyHidden := []string{"embedding.sources", "embedding.gpu", "probe.channel.messages", "probe.channel.overlap", "simulate.test", "simulate.test_embedding"}
	if hidden {
		onlyHidden = []string{"embedding.test_path", "embedding.test_ids"}
	}
	for _, key := range onlyHidden {
		if e.Given(key) {
			e.note(key, fmt.Sprintf("has no effect with test = %q", e.Written("competition.test")))
		}
	}
	if key := "probe.channel.overlap"; hidden && e.Given(key) && e.Hashes() == "" {
		e.note(key, fmt.Sprintf("has no effect without %q among the messages", overlapMessage))
	}
}

// idleScoring names settings of the board that the metric has no use for.
func (e *Experiment) idleScoring() {
	m := e.Competition.Metric
	idle := []string{"competition.outside"}
	if !m.Probabilities() {
		idle = []string{"competition.clip", "competition.normalise", "probe.floor"}
	}
	for _, key := range idle {
		if e.Given(key) {
			e.note(key, fmt.Sprintf("has no effect with metric = %q", m))
		}
	}
}

// simulatedMismatch names where the simulated board plays by other rules than the analysis believes in.
func (e *Experiment) simulatedMismatch(c Competition) {
	s := e.Simulate
	if c.Rounding != metric.Either && c.Rounding != s.Rounding {
		e.note("simulate.rounding", fmt.Sprintf("the simulated board will %s, while competition.rounding says %q", s.Rounding, c.Rounding))
	}
	if s.Public != nil && c.Public != nil && (*s.Public < c.Public.Lo || *s.Public > c.Public.Hi) {
		e.note("simulate.public", fmt.Sprintf("%s is outside of competition.public, %s to %s", tomlText(*s.Public), tomlText(c.Public.Lo), tomlText(c.Public.Hi)))
	}
}
