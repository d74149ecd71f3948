package corpus

import (
	"fmt"
	"slices"

	"lbprobe/internal/fault"
)

// resolve fills in the names that the options leave open and finds the columns in the file.
func (in *input) resolve(o Options) error {
	if o.Text == "" || o.Borrowed && !slices.Contains(in.columns, o.Text) {
		o.Text = in.usualText()
	}
	if o.ID == "" {
		o.ID = in.usualID(o)
	}
	if o.Usual && o.User == "" {
		o.User, in.guessed = in.firstOf(userNames, o.Text), true
	}
	in.options, in.wanted = o, o.wanted()
	in.at = make([]int, len(in.wanted))
	for i, name := range in.wanted {
		at, err := in.column(i, name)
		if err != nil {
			return err
		}
		in.at[i] = at
	}
	return nil
}

// usualID is the name that the id column has, by format and custom; "" where rows are to be called by their lines.
func (in *input) usualID(o Options) string {
	switch {
	case o.Usual:
		return in.firstOf(idNames, o.Text)
	case in.format == LMSYSChat1M:
		return "conversation_id"
	}
	return "id"
}

// firstOf is the first of some names that a column has, other than that of the text; "" where none has one.
func (in *input) firstOf(names []string, text string) string {
	for _, name := range names {
		if name != text && slices.Contains(in.columns, name) {
			return name
		}
	}
	return ""
}

// usualText is the name that the text column has, by format and custom.
func (in *input) usualText() string {
	switch in.format {
	case KaggleLMSYS:
		return "prompt"
	case LMSYSChat1M:
		return "conversation"
	}
	for _, name := range []string{"text", "prompt", "conversation", "conversation_a"} {
		if slices.Contains(in.columns, name) {
			return name
		}
	}
	return "text"
}

// column finds a wanted column; -1 for one that nobody needs or, as Usage, may be missing.
func (in *input) column(wanted int, name string) (int, error) {
	if name == "" {
		return -1, nil
	}
	at := slices.Index(in.columns, name)
	switch {
	case at < 0 && wanted == atUsage:
		return -1, nil
	case at < 0:
		return -1, in.missing(in.role(wanted), name).fault()
	case slices.Contains(in.columns[at+1:], name):
		return -1, &fault.Error{File: in.path, Line: 1, Field: in.role(wanted), Msg: fmt.Sprintf("two columns are called %q", name),
			Fix: "Rename one of them"}
	}
	return at, nil
}

// role is the option that asks for a wanted column.
func (in *input) role(wanted int) string {
	switch {
	case wanted == atID:
		return "id"
	case wanted == atText:
		return "text"
	case wanted == atUser:
		return "user"
	case in.options.Label != "":
		return "label"
	}
	return "classes"
}
