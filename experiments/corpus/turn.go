package corpus

import "strings"

// Role is who speaks in a turn.
type Role string

// The speakers that have one name here, whatever a file calls them. Others keep the name that the file gives them.
const (
	User      Role = "user"      // user, human, prompter
	Assistant Role = "assistant" // assistant, gpt, model, bot, chatbot
	System    Role = "system"
)

// roleOf is the speaker by the name that a file gives; "" for none.
func roleOf(name string) Role {
	switch name = strings.ToLower(name); name {
	case "user", "human", "prompter":
		return User
	case "assistant", "gpt", "model", "bot", "chatbot":
		return Assistant
	}
	return Role(name)
}

// Turn is one message of a conversation.
type Turn struct {
	Role Role   // "" where the file tells no speaker: then the user's
	Text string // valid UTF-8
	Null bool   // there is null where the text belongs
	Side int    // of an assistant's turn: by index into Conversation.Models, whose it is
}

// asked joins the user's turns by a blank line, or takes the first.
func (d *turnDecoder) asked(turns []Turn) string {
	d.reset()
	for _, t := range turns {
		switch {
		case t.Role != "" && t.Role != User:
		case t.Null:
			d.faults.NullTurns++
		case d.turns == 0:
			d.text = append(d.text, d.valid(t.Text)...)
			d.turns++
		default:
			text := d.valid(t.Text)
			if !d.first {
				d.text = append(append(d.text, betweenTurns...), text...)
			}
			d.turns++
		}
	}
	return string(d.text)
}

// spoken are the turns that were read last, of every speaker.
func (d *turnDecoder) spoken() []Turn {
	text := string(d.text)
	turns := make([]Turn, len(d.spans))
	for i, s := range d.spans {
		turns[i] = Turn{Role: roleOf(s.role), Text: text[s.from:s.to], Null: s.null}
	}
	return turns
}
