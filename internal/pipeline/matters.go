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
	reader, err := corpus.ReadFiles(p.paths, p.columns)
	if err != nil {
		return nil, s.unread(err)
	}
	defer reader.Close()
	read := s.readResponses
	if o.Pairs {
		read = s.readPairs
	}
	all, err := read(reader, topicOf)
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

// readResponses reads rows that have two responses.
func (s *Session) readResponses(reader *corpus.Reader, topicOf map[string]int) (matters, error) {
	there := reader.Columns()
	for _, name := range []string{"response_a", "response_b"} {
		if !slices.Contains(there, name) {
			return nil, s.Experiment.Fault("corpus.path", fmt.Sprintf("%s has no %q; judging needs two responses a row", s.Experiment.Written("corpus.path"), name),
				"Where each row is a conversation with one model, let pairs be made: --pairs")
		}
	}
	var out matters
	for row, err := range reader.Turns(s.textColumn(there), "response_a", "response_b") {
		if err != nil {
			return nil, s.unread(err)
		}
		if topic, ok := topicOf[row.ID]; ok {
			item := judge.Item{ID: row.ID, Prompt: spoken(row.Cells[0], users), A: spoken(row.Cells[1], models), B: spoken(row.Cells[2], models)}
			out = append(out, matter{Item: item, topic: topic})
		}
	}
	return out, nil
}

// textColumn is the column of the prompts.
func (s *Session) textColumn(there []string) string {
	if text := s.Experiment.Corpus.Text; text != "" {
		return text
	}
	for _, name := range []string{"prompt", "text", "conversation"} {
		if slices.Contains(there, name) {
			return name
		}
	}
	return "prompt"
}

// Who speaks, in the spellings that are common. A turn that names nobody is of whoever its column belongs to.
var (
	users  = []string{"", "user", "human", "prompter"}
	models = []string{"", "assistant", "gpt", "model", "bot"}
)

// spoken are the texts of the turns of some speakers.
func spoken(turns []corpus.Turn, by []string) (texts []string) {
	for _, t := range turns {
		if slices.Contains(by, t.Role) {
			texts = append(texts, t.Text)
		}
	}
	return texts
}

// readPairs makes pairs of conversations that have a model and one response each.
func (s *Session) readPairs(reader *corpus.Reader, topicOf map[string]int) (matters, error) {
	there := reader.Columns()
	columns := []string{"model", s.textColumn(there)}
	if slices.Contains(there, "response") {
		columns = append(columns, "response")
	}
	if !slices.Contains(there, "model") {
		return nil, s.Experiment.Fault("corpus.path", fmt.Sprintf("%s has no %q; pairs are made of conversations with different models", s.Experiment.Written("corpus.path"), "model"),
			"Leave out --pairs where a row has two responses")
	}
	var answers []judge.Answer
	for row, err := range reader.Turns(columns...) {
		if err != nil {
			return nil, s.unread(err)
		}
		_, wanted := topicOf[row.ID]
		if a, ok := firstAnswer(row); ok && wanted {
			answers = append(answers, a)
		}
	}
	var out matters
	for _, p := range judge.Pairs(answers, judge.EqualTexts, s.Experiment.Seed) {
		a, b := answers[p.A], answers[p.B]
		out = append(out, matter{Item: judge.Item{ID: a.ID + "|" + b.ID, Prompt: []string{a.Prompt}, A: []string{a.Response}, B: []string{b.Response}},
			topic: topicOf[a.ID], of: &[2]string{a.ID, b.ID}})
	}
	if len(out) == 0 {
		return nil, s.Experiment.Fault("corpus.path", fmt.Sprintf("no two of %d conversations have the same first prompt and different models", len(answers)),
			"Name a set in which several models answered the same prompts")
	}
	return out, nil
}

// firstAnswer is the first prompt of a conversation and the response to it; not ok where there is no response.
func firstAnswer(row corpus.TurnRow) (a judge.Answer, ok bool) {
	a.ID, a.Model = row.ID, row.Cells[0][0].Text
	prompts := spoken(row.Cells[1], users)
	responses := spoken(row.Cells[1], models[1:])
	if len(row.Cells) > 2 {
		responses = spoken(row.Cells[2], models)
	}
	if len(prompts) == 0 || len(responses) == 0 || responses[0] == "" {
		return a, false
	}
	a.Prompt, a.Response = prompts[0], responses[0]
	return a, true
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
