package pipeline

import (
	"slices"

	"lbprobe/probes/channel"
)

// MessageCost is what a message besides the topics adds to the cost of the answer that is asked for.
type MessageCost struct {
	Message  string  `json:"message"`
	Counts   int     `json:"counts"`
	Bits     float64 `json:"bits"`             // on average
	Expected float64 `json:"submissions_mean"` // more than without it
	Usual    int     `json:"submissions"`      // more than without it are enough for 19 of 20 messages
}

// messageCosts plans the channel once more without each of its messages.
func (s *Session) messageCosts(o channel.Options, all *channel.Plan) ([]MessageCost, error) {
	level := channel.Level(s.Experiment.Probe.Target)
	with := levelOf(all, level)
	var out []MessageCost
	for i, e := range o.Extras {
		less := o
		less.Extras = slices.Delete(slices.Clone(o.Extras), i, i+1)
		plan, err := channel.NewPlan(less, all.Budget)
		if err != nil {
			return nil, s.keyed(err)
		}
		without := levelOf(plan, level)
		out = append(out, MessageCost{e.Name, len(e.Labels), with.Bits - without.Bits, with.Expected - without.Expected, with.Usual - without.Usual})
	}
	return out, nil
}

// levelOf is a plan's line for a level of answer.
func levelOf(p *channel.Plan, level channel.Level) channel.LevelPlan {
	return p.Levels[slices.IndexFunc(p.Levels, func(l channel.LevelPlan) bool { return l.Level == level })]
}
