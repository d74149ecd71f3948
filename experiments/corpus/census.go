package corpus

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lbprobe/experiments/corpus/language"
	"lbprobe/internal/tokens"
)

// census counts conversations. It keeps sums and no text, and censuses of the parts of a corpus add up to that of the whole in any order.
type census struct {
	detect            bool // the files tell no language
	all               sums
	models, languages map[string]*sums
	classes           map[string]int
	chars             lengths // of all prompts of a row, joined as Row.Text has them
}

// sums are what Measures are made of.
type sums struct {
	conversations      int
	turns              lengths // by the number of turns
	prompts, responses spoken
}

// spoken are the sums of the prompts or the responses.
type spoken struct {
	Messages
	chars, tokens lengths
}

func newCensus(detect bool) *census {
	return &census{detect: detect, all: *newSums(), models: map[string]*sums{}, languages: map[string]*sums{}, classes: map[string]int{},
		chars: lengths{}}
}

func newSums() *sums {
	return &sums{turns: lengths{}, prompts: spoken{chars: lengths{}, tokens: lengths{}}, responses: spoken{chars: lengths{}, tokens: lengths{}}}
}

// group is the sums of a name.
func group(of map[string]*sums, name string) *sums {
	s, ok := of[name]
	if !ok {
		s = newSums()
		of[strings.Clone(name)] = s
	}
	return s
}

// add counts a conversation: for all, for its language, and for each model that answers, with the responses that are the model's own.
func (t *census) add(c Conversation) {
	if c.Class != "" {
		t.classes[c.Class]++
	}
	shared := []*sums{&t.all}
	if name := t.language(c); name != "" {
		shared = append(shared, group(t.languages, name))
	}
	own := t.own(c)
	each := shared
	for i, s := range own {
		if s != nil && !slices.Contains(own[:i], s) { // a model may meet itself
			each = append(each, s)
		}
	}
	turns, texts, chars := 0, 0, 0
	for _, turn := range c.Turns {
		if turn.Role != User && turn.Role != Assistant {
			continue
		}
		m := measure(turn)
		if turn.Role == Assistant {
			answered(shared, own[turn.Side], m)
			continue
		}
		turns, texts, chars = turns+1, texts+1-m.Null, chars+m.chars
		for _, s := range each {
			s.prompts.add(m)
		}
	}
	t.chars[chars+max(0, texts-1)*len(betweenTurns)]++
	for _, s := range each {
		s.conversations++
		s.turns[turns]++
	}
}

// own are the sums of the models by side; nil for one that is not told.
func (t *census) own(c Conversation) []*sums {
	own := make([]*sums, len(c.Models))
	for i, name := range c.Models {
		if name != "" {
			own[i] = group(t.models, name)
		}
	}
	return own
}

// answered counts a response for all and for the model that gave it.
func answered(shared []*sums, own *sums, m counted) {
	for _, s := range shared {
		s.responses.add(m)
	}
	if own != nil {
		own.responses.add(m)
	}
}

// language is the language of a conversation by the file, or else that of its prompts; where they do not tell, that of the responses.
func (t *census) language(c Conversation) string {
	if !t.detect {
		return c.Language
	}
	code := language.Detect(start(c.Turns, User))
	if code == language.Unknown {
		code = language.Detect(start(c.Turns, Assistant))
	}
	return code.Name()
}

// enough is how many bytes of text tell the language.
const enough = 2000

// start joins what one speaker says, until it is enough to tell the language.
func start(turns []Turn, role Role) string {
	var text strings.Builder
	for _, t := range turns {
		if t.Role == role && text.Len() < enough {
			text.WriteString(t.Text[:min(len(t.Text), enough)])
			text.WriteByte('\n')
		}
	}
	return strings.ToValidUTF8(text.String(), "")
}

// counted is what is counted of one message.
type counted struct {
	Messages
	chars, tokens int
}

// measure looks at a message.
func measure(t Turn) counted {
	if t.Null {
		return counted{Messages: Messages{All: 1, Null: 1}}
	}
	m := counted{chars: utf8.RuneCountInString(t.Text), tokens: tokens.GPT4.Count(t.Text)}
	m.All = 1
	m.Empty = one(strings.TrimSpace(t.Text) == "")
	m.Replaced, m.Controls, m.Mojibake = one(replaced(t.Text)), one(controls(t.Text)), one(mojibake(t.Text))
	m.Faulty = max(m.Replaced, m.Controls, m.Mojibake)
	return m
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// add counts a message.
func (s *spoken) add(m counted) {
	s.Messages.add(m.Messages)
	if m.Null == 0 {
		s.chars[m.chars]++
		s.tokens[m.tokens]++
	}
}

// add adds the counts of other messages.
func (m *Messages) add(o Messages) {
	m.All, m.Null, m.Empty = m.All+o.All, m.Null+o.Null, m.Empty+o.Empty
	m.Replaced, m.Controls, m.Mojibake, m.Faulty = m.Replaced+o.Replaced, m.Controls+o.Controls, m.Mojibake+o.Mojibake, m.Faulty+o.Faulty
}

// merge adds what another census has counted.
func (t *census) merge(o *census) {
	t.all.merge(&o.all)
	t.chars.merge(o.chars)
	for name, s := range o.models {
		group(t.models, name).merge(s)
	}
	for name, s := range o.languages {
		group(t.languages, name).merge(s)
	}
	for class, rows := range o.classes {
		t.classes[class] += rows
	}
}

func (s *sums) merge(o *sums) {
	s.conversations += o.conversations
	s.turns.merge(o.turns)
	s.prompts.merge(&o.prompts)
	s.responses.merge(&o.responses)
}

func (s *spoken) merge(o *spoken) {
	s.Messages.add(o.Messages)
	s.chars.merge(o.chars)
	s.tokens.merge(o.tokens)
}

// merge adds the texts of other lengths.
func (l lengths) merge(o lengths) {
	for n, texts := range o {
		l[n] += texts
	}
}
