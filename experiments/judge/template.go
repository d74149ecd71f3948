package judge

import (
	"crypto/sha256"
	_ "embed" // the built-in prompts
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"lbprobe/internal/fault"
)

//go:embed prompts/judge.txt
var judgeText string

//go:embed prompts/name.txt
var nameText string

// DefaultTemplate is the built-in prompt for the judge.
func DefaultTemplate() *Template { return builtIn(judgeText, placeholders) }

// Template is a prompt with placeholders: {{prompt}}, {{response_a}} and {{response_b}}.
type Template struct {
	SHA  string // the first 16 hexadecimal digits of the SHA-256 of the text, as sha256sum tells it
	text string
}

// placeholders of the prompt for the judge.
var placeholders = []string{"prompt", "response_a", "response_b"}

var placeholder = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// ParseTemplate checks the text of a prompt. Each of {{prompt}}, {{response_a}} and {{response_b}} must be in it, and no other placeholder. The
// error is a *fault.Error without a file.
func ParseTemplate(text string) (*Template, error) { return parse(text, placeholders) }

// parse checks that a text has certain placeholders and no others.
func parse(text string, names []string) (*Template, error) {
	found := map[string]bool{}
	for _, at := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		name := text[at[2]:at[3]]
		found[name] = true
		if !known(name, names) {
			return nil, &fault.Error{Line: 1 + strings.Count(text[:at[0]], "\n"), Msg: fmt.Sprintf("{{%s}} is no placeholder", name),
				Fix: "Use {{" + strings.Join(names, "}}, {{") + "}}", Usage: true}
		}
	}
	for _, name := range names {
		if !found[name] {
			return nil, &fault.Error{Msg: "the prompt has no {{" + name + "}}", Fix: "Put {{" + name + "}} where the model is to see it", Usage: true}
		}
	}
	sum := sha256.Sum256([]byte(text))
	return &Template{SHA: hex.EncodeToString(sum[:8]), text: text}, nil
}

func known(name string, names []string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// builtIn parses a prompt of this package; a test holds that each is sound.
func builtIn(text string, names []string) *Template {
	t, err := parse(text, names)
	if err != nil {
		panic("judge: " + err.Error())
	}
	return t
}

// fill puts values in the places of the placeholders. What looks like a placeholder in a value stays as it is.
func (t *Template) fill(values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(t.text, func(found string) string {
		return values[placeholder.FindStringSubmatch(found)[1]]
	})
}

// Render is the prompt for an item, its responses in the order A, B.
func (t *Template) Render(i Item) string {
	return t.fill(map[string]string{"prompt": turns(i.Prompt), "response_a": turns(i.A), "response_b": turns(i.B)})
}

// turns writes what one side has said: a single turn as it stands, several with their numbers, so that the reader can match prompts and
// responses.
func turns(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	var b strings.Builder
	for i, turn := range list {
		if i > 0 {
			b.WriteString("\n\n")
		}
		fmt.Fprintf(&b, "[turn %d]\n%s", i+1, turn)
	}
	return b.String()
}
