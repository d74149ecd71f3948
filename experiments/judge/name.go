package judge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"lbprobe/internal/openai"
	"lbprobe/internal/tokens"
)

// Name is what a model calls a topic: a label, never evidence.
type Name struct {
	Title   string
	Summary string
}

// Bounds of what a model is shown of a topic and of what it may say. The exemplars fit the window of the oldest GPT-4, 8,192 tokens.
const (
	exemplarRunes  = 300
	exemplarTokens = 6000
	titleRunes     = 60
	summaryRunes   = 400
	longestName    = 200 // tokens
)

// NameTemplate is the built-in prompt for names; its placeholder is {{prompts}}.
func NameTemplate() *Template { return builtIn(nameText, []string{"prompts"}) }

// EstimateNames says what Names would ask.
func (j *Judge) EstimateNames(topics [][]string) (Estimate, error) {
	return j.estimate(func(yield func(openai.Chat) bool) {
		for _, exemplars := range topics {
			if len(exemplars) > 0 && !yield(j.nameQuestion(exemplars)) {
				return
			}
		}
	})
}

// Names names topics by their exemplars, nearest to the centroid first (Zheng et al., arXiv:2309.11998, use 100 a topic). A topic without exemplars, or
// of which the model makes nothing, has an empty name and, in reasons, why. The Template of j must be a [NameTemplate].
func (j *Judge) Names(ctx context.Context, topics [][]string, advance func(done, all int)) (names []Name, reasons []string, err error) {
	names, reasons = make([]Name, len(topics)), make([]string, len(topics))
	err = j.each(ctx, len(topics), advance, func(ctx context.Context, i int) error {
		if len(topics[i]) == 0 {
			reasons[i] = "it has no exemplars"
			return nil
		}
		name, err := ask(ctx, j.Client, j.nameQuestion(topics[i]), ParseName)
		if err != nil {
			reasons[i] = err.Error()
		}
		names[i] = name
		return err
	})
	return names, reasons, err
}

// nameQuestion shows a model as many exemplars as fit, each cut to its beginning.
func (j *Judge) nameQuestion(exemplars []string) openai.Chat {
	var list strings.Builder
	used := 0
	for i, text := range exemplars {
		text = strings.Join(strings.Fields(text), " ")
		if runes := []rune(text); len(runes) > exemplarRunes {
			text = string(runes[:exemplarRunes]) + "…"
		}
		line := fmt.Sprintf("%d. %s\n", i+1, text)
		if used += tokens.Of(j.Model).Count(line); used > exemplarTokens && i > 0 {
			break
		}
		list.WriteString(line)
	}
	prompt := j.Template.fill(map[string]string{"prompts": strings.TrimSuffix(list.String(), "\n")})
	return openai.Chat{Model: j.Model, MaxTokens: longestName, Format: j.Format, Messages: []openai.Message{{Role: "user", Content: prompt}}}
}

// ParseName reads the reply of a model that names a topic: one JSON object {"title": "…", "summary": "…"}, perhaps with text or a code fence around it.
func ParseName(reply string) (Name, error) {
	object, err := soleObject(reply)
	if err != nil {
		return Name{}, err
	}
	var n Name
	if n.Title, err = label(object, "title", titleRunes); err != nil {
		return Name{}, err
	}
	n.Summary, err = label(object, "summary", summaryRunes)
	return n, err
}

// label reads a text of one line.
func label(object map[string]json.RawMessage, key string, longest int) (string, error) {
	raw, ok := object[key]
	if !ok {
		return "", fmt.Errorf("the object has no %q", key)
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return "", fmt.Errorf("%q is not a text", key)
	}
	text = strings.Join(strings.Fields(strings.Map(printable, text)), " ")
	switch n := len([]rune(text)); {
	case !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return "", errors.New(key + " is empty")
	case n > longest:
		return "", fmt.Errorf("%q has %d characters; %d at most", key, n, longest)
	}
	return text, nil
}

// printable turns what could disturb a line of a table or a terminal into a space.
func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}
