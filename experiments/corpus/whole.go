package corpus

import (
	"io"
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
		o.Text = in.usualText()
		if slices.Contains(in.columns, "conversation_a") && !slices.Contains(in.columns, o.Text) {
			o.Text, second = "conversation_a", "conversation_b"
		}
	}
	in.options = o
	text, err := in.want("text", o.Text)
	if err != nil {
		return err
	}
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
	if l.label < 0 {
		for _, name := range in.columns {
			if strings.HasPrefix(name, "winner_") {
				at, _ := in.want("classes", name) // it is there
				l.oneHot = append(l.oneHot, at)
			}
		}
	}
	return in.resolveSides(text, second)
}

// resolveSides finds who answers where.
func (in *input) resolveSides(text int, second string) error {
	model, err := in.find("model", in.options.Model, modelNames)
	if err != nil {
		return err
	}
	a, b := in.optional("model_a"), in.optional("model_b")
	if model < 0 {
		model = a
	}
	l := &in.layout
	l.sides = []side{{at: text, role: User, model: model}}
	if second != "" {
		if at := in.optional(second); at >= 0 {
			l.sides = append(l.sides, side{at: at, role: Assistant, model: b, index: 1, answers: true})
		}
		return nil
	}
	answers := []int{in.optional("response_a"), in.optional("response_b")}
	for i, at := range answers {
		if at >= 0 {
			l.sides = append(l.sides, side{at: at, role: Assistant, model: []int{a, b}[i], index: i, answers: true})
		}
	}
	if len(l.sides) > 1 {
		return nil
	}
	if at, _ := in.find("", "", answerNames); at >= 0 {
		l.sides = append(l.sides, side{at: at, role: Assistant, model: model, answers: true})
	}
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
	if !slices.Contains(in.columns, name) || name == in.options.Text && len(in.wanted) > 0 {
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
	return func(yield func(Conversation, error) bool) {
		r.faults, r.before, r.source = Faults{}, 0, nil
		p := newPass(r)
		p.turns.all = true
		for p.at = range r.inputs {
			if !r.wholeFile(p, r.inputs[p.at], yield) {
				return
			}
			r.before += r.inputs[p.at].size
			r.source = nil
		}
		if p.rows == 0 && len(r.faults.Bad) > 0 {
			yield(Conversation{}, p.nothingLeft())
		}
	}
}

// wholeFile yields the conversations of one file and reports whether the pass goes on.
func (r *Reader) wholeFile(p *pass, in *input, yield func(Conversation, error) bool) bool {
	if in.bom {
		p.faults.BOM++
	}
	src, err := in.rows()
	if err != nil {
		yield(Conversation{File: in.path}, in.unreadable(err))
		return false
	}
	r.source = src
	for {
		rec, err := src.next()
		if err == io.EOF {
			return true
		}
		c := Conversation{File: in.path, Line: rec.line}
		if err == nil {
			err = p.converse(&c, rec, in)
		}
		if err != nil {
			if err = p.skip(Row{File: c.File, Line: c.Line, ID: c.ID}, err); err != nil {
				yield(Conversation{File: c.File, Line: c.Line}, err)
				return false
			}
			continue
		}
		p.rows++
		if !yield(c, nil) {
			return false
		}
	}
}

// converse makes a conversation of a record. What was read before an error stays in it.
func (p *pass) converse(c *Conversation, rec record, in *input) (err error) {
	l := in.layout
	for _, part := range []struct {
		to *string
		at int
	}{{&c.ID, l.id}, {&c.User, l.user}, {&c.Language, l.language}, {&c.Class, l.label}} {
		if *part.to, err = p.optional(in, rec, part.at); err != nil {
			return err
		}
	}
	if len(l.oneHot) > 0 {
		if c.Class, err = p.theOne(in, rec, l.oneHot); err != nil {
			return err
		}
	}
	for _, s := range l.sides {
		if err := p.side(c, s, rec, in); err != nil {
			return err
		}
	}
	return nil
}

// theOne is the name of the class column that is 1; "" where none is or several are.
func (p *pass) theOne(in *input, rec record, columns []int) (class string, err error) {
	ones := 0
	for _, at := range columns {
		cell, err := p.optional(in, rec, at)
		if err != nil {
			return "", err
		}
		if one, ok := zeroOrOne(cell); ok && one {
			class = in.wanted[at]
			ones++
		}
	}
	if ones != 1 {
		return "", nil
	}
	return class, nil
}

// optional is a copy of a single value; "" where there is none.
func (p *pass) optional(in *input, rec record, at int) (string, error) {
	if at < 0 {
		return "", nil
	}
	text, err := p.scalar(in.format, in.wanted[at], rec.cells[at])
	return strings.ToValidUTF8(strings.Clone(text), "\uFFFD"), err
}

// side adds the turns of a column, and the model that answers there.
func (p *pass) side(c *Conversation, s side, rec record, in *input) error {
	for len(c.Models) <= s.index {
		c.Models = append(c.Models, "")
	}
	model, err := p.optional(in, rec, s.model)
	if err != nil {
		return err
	}
	c.Models[s.index] = model
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
