package pipeline

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"lbprobe/experiments/corpus"
	"lbprobe/experiments/judge"
	"lbprobe/internal/fault"
	"lbprobe/results"
)

// matter is a row to judge, with what is known of it.
type matter struct {
	judge.Item
	topic int
	vote  *judge.Outcome // nil: nobody has voted
	of    *[2]string     // the conversations that make up a pair; nil: the row has two responses itself
}

// prompt is what the user has said, as one text.
func (m matter) prompt() string { return strings.Join(m.Prompt, "\x00") }

// matters are the rows to judge, in the order of the corpus.
type matters []matter

func (m matters) items() []judge.Item {
	items := make([]judge.Item, len(m))
	for i := range m {
		items[i] = m[i].Item
	}
	return items
}

// matters reads the rows of the corpus that topics were learned from, with their responses and votes.
func (s *Session) matters(folder *results.Folder, o JudgeOptions, columns [3]int) (matters, error) {
	if o.Pairs && o.Calibrate {
		return nil, &fault.Error{Field: "--calibrate", Msg: "pairs of conversations have no votes to calibrate by", Fix: "Leave out --calibrate or --pairs", Usage: true}
	}
	topicOf, err := kept(folder)
	if err != nil {
		return nil, err
	}
	p := s.parts()[0]
	p.columns.Whole, p.columns.Classes, p.columns.Label = true, nil, ""
	p.columns.Turns = corpus.AllTurns // people have voted on all of them, whichever the topics are learned from
	reader, err := corpus.ReadFiles(p.paths, p.columns)
	if err != nil {
		return nil, s.unread(err)
	}
	defer reader.Close()
	var all matters
	if o.Pairs {
		all, err = s.readPairs(reader, topicOf, judge.AlikeTexts(o.Near))
	} else {
		all, err = s.readResponses(reader, topicOf)
	}
	if err != nil {
		return nil, err
	}
	if all = s.drawn(all, o.Rows); !o.Calibrate {
		return all, nil
	}
	return all, s.readVotes(all, columns)
}

// kept are the topics of the corpus rows that its filter keeps, by id.
func kept(folder *results.Folder) (map[string]int, error) {
	topicOf := map[string]int{}
	first := "" // the set of the corpus comes first
	err := readTable(folder, "topics/assignment.csv", []string{"id", "set", "topic"}, func(cell func(string) string) error {
		if first == "" {
			first = strings.Clone(cell("set"))
		}
		k, err := number(cell("topic"))
		if cell("set") == first {
			topicOf[strings.Clone(cell("id"))] = k
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return topicOf, readTable(folder, "corpus/dropped.csv", []string{"id"}, func(cell func(string) string) error {
		delete(topicOf, cell("id"))
		return nil
	})
}

// conversations hands over the conversations of rows whose topic is known, each once, without what the filter redacts: it goes to an endpoint.
func (s *Session) conversations(reader *corpus.Reader, topicOf map[string]int, take func(c corpus.Conversation, topic int)) error {
	taken, filter := map[string]bool{}, s.filter()
	for c, err := range reader.Conversations() {
		if err != nil {
			return s.unread(err)
		}
		if topic, ok := topicOf[c.ID]; ok && !taken[c.ID] {
			taken[c.ID] = true
			filter.RedactTurns(c.Turns)
			take(c, topic)
		}
	}
	return nil
}

// readResponses reads rows that have two responses.
func (s *Session) readResponses(reader *corpus.Reader, topicOf map[string]int) (matters, error) {
	there := reader.Columns()
	for _, name := range []string{"response_a", "response_b"} {
		if !slices.Contains(there, name) && !slices.Contains(there, strings.Replace(name, "response", "conversation", 1)) {
			return nil, s.Experiment.Fault("corpus.path", fmt.Sprintf("%s has no %q; judging needs two responses a row", s.Experiment.Written("corpus.path"), name),
				"Where each row is a conversation with one model, let pairs be made: --pairs")
		}
	}
	var out matters
	return out, s.conversations(reader, topicOf, func(c corpus.Conversation, topic int) {
		out = append(out, matter{Item: judge.Item{ID: c.ID, Prompt: prompts(c), A: answers(c, 0), B: answers(c, 1)}, topic: topic})
	})
}

// prompts are the user's turns of a conversation.
func prompts(c corpus.Conversation) (texts []string) {
	for _, t := range c.Turns {
		if t.Role == corpus.User || t.Role == "" {
			texts = append(texts, t.Text)
		}
	}
	return texts
}

// answers are the turns of one side that answers.
func answers(c corpus.Conversation, side int) (texts []string) {
	for _, t := range c.Turns {
		if t.Role == corpus.Assistant && t.Side == side {
			texts = append(texts, t.Text)
		}
	}
	return texts
}

// readPairs makes pairs of conversations that have a model and one response each. What comes after the first response is left out: from there on two
// conversations with equal beginnings are about different things.
func (s *Session) readPairs(reader *corpus.Reader, topicOf map[string]int, alike judge.Grouper) (matters, error) {
	if !reader.Holds().Models {
		return nil, s.Experiment.Fault("corpus.path", fmt.Sprintf("%s has no column %q; pairs are made of conversations with different models",
			s.Experiment.Written("corpus.path"), "model"), "Leave out --pairs where a row has two responses")
	}
	var all []judge.Answer
	err := s.conversations(reader, topicOf, func(c corpus.Conversation, _ int) {
		asked, said := prompts(c), answers(c, 0)
		if len(asked) > 0 && len(said) > 0 && said[0] != "" && len(c.Models) > 0 {
			all = append(all, judge.Answer{ID: c.ID, Model: c.Models[0], Prompt: asked[0], Response: said[0]})
		}
	})
	if err != nil {
		return nil, err
	}
	var out matters
	for _, p := range judge.Pairs(all, alike, s.Experiment.Seed) {
		a, b := all[p.A], all[p.B]
		out = append(out, matter{Item: judge.Item{ID: a.ID + "|" + b.ID, Prompt: []string{a.Prompt}, A: []string{a.Response}, B: []string{b.Response}},
			topic: topicOf[a.ID], of: &[2]string{a.ID, b.ID}})
	}
	if len(out) == 0 {
		return nil, s.Experiment.Fault("corpus.path", fmt.Sprintf("no two of %d conversations have the same first prompt and different models", len(all)),
			"Name a set in which several models answered the same prompts, or take alike prompts for the same: --near 0.8")
	}
	return out, nil
}

// drawn are n of the rows, in their order; all where there are no more, or n is 0.
func (s *Session) drawn(all matters, n int) matters {
	if n == 0 || n >= len(all) {
		return all
	}
	places := rand.New(rand.NewPCG(s.Experiment.Seed, 0x6a75646765)).Perm(len(all))[:n]
	slices.Sort(places)
	out := make(matters, n)
	for i, at := range places {
		out[i] = all[at]
	}
	return out
}

// readVotes reads the classes of the rows.
func (s *Session) readVotes(all matters, columns [3]int) error {
	if !s.Experiment.TrainIsCorpus() {
		return s.Experiment.Fault("corpus.path", "has no votes to calibrate by: it is not the train file", "Let the corpus be competition.train, or leave out --calibrate")
	}
	place := make(map[string]int, len(all))
	for i := range all {
		place[all[i].ID] = i
	}
	o := s.labelled()
	o.ID, o.NoText = s.Experiment.Corpus.ID, true
	reader, err := corpus.ReadFiles(s.Experiment.Corpus.Paths, o)
	if err != nil {
		return s.unread(err)
	}
	defer reader.Close()
	for row, err := range reader.Rows() {
		if err != nil {
			return s.unread(err)
		}
		if i, ok := place[row.ID]; ok {
			vote := judge.Outcome(slices.Index(columns[:], row.Class))
			all[i].vote = &vote
		}
	}
	prompts := map[string]bool{}
	for _, m := range all {
		prompts[m.prompt()] = true
	}
	return s.pointed("corpus.path", judge.EnoughVotes(len(all), len(prompts))) // before anything is paid
}
