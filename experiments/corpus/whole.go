package corpus

import (
	"iter"
	"slices"
	"strings"
)

// Conversation is one row as a whole: what was asked, what was answered, by whom. Reader.Conversations yields it.
type Conversation struct {
	File     string
	Line     int      // as in Row
	ID       string   // "" where there is none
	User     string   // "" where none is told
	Language string   // as the file has it; "" where none is told
	Class    string   // the label, or the class column that is 1; "" where none is told
	Models   []string // one for each side that answers; "" where none is told
	Turns    []Turn   // the prompts, with the answers after or between them, as the file has them
}

// Holds says what the columns of a file can tell of a conversation, apart from prompts.
type Holds struct{ IDs, Users, Models, Languages, Responses, Classes bool }

// layout is where, among the wanted cells, the parts of a conversation stand; -1 for a part that the file does not have.
type layout struct {
	id, user, language int
	label              int
	oneHot             []int // class columns of 0 and 1, where there is no label
	sides              []side
}

// side is a column of turns.
type side struct {
	at      int
	role    Role // of turns that name no speaker
	model   int  // column of the model that answers, or -1
	index   int  // into Conversation.Models
	answers bool // only the assistant's turns are taken: the user's are those of another side
}

// The names that columns usually have, the likelier first.
var (
	idNames       = []string{"id", "conversation_id", "question_id"}
	userNames     = []string{"user", "user_id", "judge", "hashed_ip"}
	languageNames = []string{"language", "lang"}
	modelNames    = []string{"model", "model_name"}
	answerNames   = []string{"response", "answer", "output"}
	labelNames    = []string{"winner", "label", "class"}
)

// resolveWhole finds the columns of whole conversations. Only that of the text must be there.
func (in *input) resolveWhole(o Options) error {
	second := ""
	if o.Text == "" {
		if o.Text = in.usualText(); o.Text == "conversation_a" {
			second = "conversation_b"
		}
	}
	in.options = o
	text, err := in.want("text", o.Text)
	if err != nil {
		return err
	}
	if err := in.resolveScalars(o); err != nil {
		return err
	}
	return in.resolveSides(text, second)
}

// resolveScalars finds the columns of single values.
func (in *input) resolveScalars(o Options) (err error) {
	l := &in.layout
	for _, part := range []struct {
		at     *int
		option string
		name   string
		usual  []string
	}{
		{&l.id, "id", o.ID, idNames}, {&l.user, "user", o.User, userNames},
		{&l.language, "language", o.Language, languageNames}, {&l.label, "label", o.Label, labelNames},
	} {
		if *part.at, err = in.find(part.option, part.name, part.usual); err != nil {
			return err
		}
	}
	if o.Detect {
		l.language = -1
	}
	if l.label >= 0 {
		return nil
	}
	for _, name := range in.columns {
		if strings.HasPrefix(name, "winner_") {
			l.oneHot = append(l.oneHot, in.optional(name))
		}
	}
	return nil
}

// resolveSides finds who answers where: in the column of the text itself, in that of a second conversation, or in columns of responses.
func (in *input) resolveSides(text int, second string) error {
	model, err := in.find("model", in.options.Model, modelNames)
	if err != nil {
		return err
	}
	a, b := in.optional("model_a"), in.optional("model_b")
	first := model
	if first < 0 {
		first = a
	}
	sides := []side{{at: text, role: User, model: first}}
	answer := func(at, model, index int) {
		if at >= 0 {
			sides = append(sides, side{at: at, role: Assistant, model: model, index: index, answers: true})
		}
	}
	if second != "" {
		answer(in.optional(second), b, 1)
	} else {
		answer(in.optional("response_a"), a, 0)
		answer(in.optional("response_b"), b, 1)
		if len(sides) == 1 {
			at, _ := in.find("", "", answerNames) // no name is asked for
			answer(at, first, 0)
		}
	}
	in.layout.sides = sides
	return nil
}

// find is the place among the wanted cells of a column that an option names, or of the first there is of the usual ones; -1 for none.
func (in *input) find(option, name string, usual []string) (int, error) {
	if name != "" {
		return in.want(option, name)
	}
	for _, name := range usual {
		if at := in.optional(name); at >= 0 {
			return at, nil
		}
	}
	return -1, nil
}

// optional wants a column if it is there; else -1.
func (in *input) optional(name string) int {
	if name == in.options.Text || !slices.Contains(in.columns, name) {
		return -1
	}
	at, _ := in.want("", name) // it is there
	return at
}

// want adds a column to the wanted cells and returns its place there.
func (in *input) want(option, name string) (int, error) {
	at := slices.Index(in.columns, name)
	if at < 0 {
		return -1, in.missing(option, name).fault()
	}
	in.wanted, in.at = append(in.wanted, name), append(in.at, at)
	return len(in.wanted) - 1, nil
}

// holds says what the file can tell.
func (l layout) holds() Holds {
	h := Holds{IDs: l.id >= 0, Users: l.user >= 0, Languages: l.language >= 0, Classes: l.label >= 0 || len(l.oneHot) > 0}
	for _, s := range l.sides {
		h.Models = h.Models || s.model >= 0
		h.Responses = h.Responses || s.answers
	}
	return h
}

// Conversations goes through all rows of all files as Rows does. The Reader must have been opened with Options.Whole. Rows that have no id, or
// one that has been seen before, are not refused.
func (r *Reader) Conversations() iter.Seq2[Conversation, error] {
	if !r.o.Whole {
		panic("corpus: Conversations of a Reader that was opened for Rows")
	}
	return func(yield func(Conversation, error) bool) {
		p := newPass(r)
		var c Conversation
		read := func(place Row, rec record, in *input) (id string, err error) {
			c = Conversation{File: place.File, Line: place.Line}
			err = p.converse(&c, rec, in)
			return c.ID, err
		}
		p.walk(read, func(place Row, err error) bool {
			if err != nil {
				return yield(Conversation{File: place.File, Line: place.Line}, err)
			}
			return yield(c, nil)
		})
	}
}

// converse makes a conversation of a record. What was read before an error stays in it.
func (p *pass) converse(c *Conversation, rec record, in *input) error {
	l := in.layout
	c.ID, c.User, c.Language = p.told(in, rec, l.id), p.told(in, rec, l.user), p.told(in, rec, l.language)
	if c.Class = p.told(in, rec, l.label); len(l.oneHot) > 0 {
		c.Class = p.theOne(in, rec, l.oneHot)
	}
	for _, s := range l.sides {
		if err := p.side(c, s, rec, in); err != nil {
			return err
		}
	}
	return nil
}

// theOne is the name of the class column that is 1; "" where none is or several are.
func (p *pass) theOne(in *input, rec record, columns []int) (class string) {
	ones := 0
	for _, at := range columns {
		if one, ok := zeroOrOne(p.told(in, rec, at)); ok && one {
			class = in.wanted[at]
			ones++
		}
	}
	if ones != 1 {
		return ""
	}
	return class
}

// told is a copy of a single value; "" where there is none, or a list or object that merely has a usual name.
func (p *pass) told(in *input, rec record, at int) string {
	if at < 0 {
		return ""
	}
	text, err := p.scalar(in.format, in.wanted[at], rec.cells[at])
	if err != nil {
		return ""
	}
	return strings.ToValidUTF8(strings.Clone(text), "\uFFFD")
}

// side adds the turns of a column, and the model that answers there.
func (p *pass) side(c *Conversation, s side, rec record, in *input) error {
	for len(c.Models) <= s.index {
		c.Models = append(c.Models, "")
	}
	c.Models[s.index] = p.told(in, rec, s.model)
	turns, err := p.said(in, rec, s)
	if err != nil {
		return &rowError{field: in.wanted[s.at], msg: err.Error()}
	}
	for _, t := range turns {
		if t.Role == "" {
			t.Role = s.role
		}
		if t.Side = s.index; t.Role == Assistant || !s.answers {
			c.Turns = append(c.Turns, t)
		}
	}
	return nil
}

// said reads a cell of turns.
func (p *pass) said(in *input, rec record, s side) ([]Turn, error) {
	cell := rec.cells[s.at]
	switch {
	case rec.turns != nil && rec.turns[s.at] != nil:
		return p.sound(rec.turns[s.at]), nil
	case in.format == LMSYSChat1M && rec.cells[s.at] == "":
		return nil, nil // an empty list
	case in.format == KaggleLMSYS:
		_, err := p.turns.array(cell)
		return p.turns.spoken(), err
	case in.format == JSONL && cell == "" && s.answers:
		return nil, nil // a field that not every object has
	case in.format == JSONL:
		_, err := p.turns.value(cell)
		return p.turns.spoken(), err
	}
	return []Turn{{Text: p.validUTF8(cell)}}, nil
}

// sound makes texts valid and counts the null ones, in place.
func (p *pass) sound(turns []Turn) []Turn {
	for i, t := range turns {
		if t.Null {
			p.faults.NullTurns++
		}
		turns[i].Text = p.turns.valid(t.Text)
	}
	return turns
}
