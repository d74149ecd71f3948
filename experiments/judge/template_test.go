package judge

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"lbprobe/internal/fault"
	"lbprobe/internal/golden"
)

// The prompts as a model sees them. A prompt that changes asks every question anew: its hash is in the targets.
func TestPrompts(t *testing.T) {
	d := DefaultTemplate()
	golden.Check(t, "single.golden", d.Render(Item{Prompt: []string{"Write {{response_a}} and $1 \\1.\nThanks"}, A: []string{"{{prompt}}"}, B: []string{""}}))
	golden.Check(t, "turns.golden", d.Render(Item{Prompt: []string{"Hi", "Go on"}, A: []string{"Hello", ""}, B: []string{"你好", "再见", "更多"}}))
	j := Judge{Model: "gpt-4", Template: NameTemplate()}
	long := strings.Repeat("word ", 100)
	q := j.nameQuestion([]string{"How do I\n\nsort a list?", long, "{{prompts}}"})
	golden.Check(t, "name.golden", q.Messages[0].Content)
	if want := fmt.Sprintf("%x", sha256.Sum256([]byte(judgeText)))[:16]; d.SHA != want {
		t.Errorf("hash %s, want %s", d.SHA, want)
	}
}

// A hundred long exemplars fit the window of the oldest GPT-4.
func TestNameQuestionFits(t *testing.T) {
	j := Judge{Model: "gpt-4", Template: NameTemplate()}
	exemplars := make([]string, 100)
	for i := range exemplars {
		exemplars[i] = strings.Repeat("什么是量子力学", 50)
	}
	text := j.nameQuestion(exemplars).Messages[0].Content
	if n := strings.Count(text, "\n"); n < 20 || len([]rune(text)) > 100*(exemplarRunes+10) {
		t.Errorf("%d lines, %d characters", n, len([]rune(text)))
	}
}

func TestParseTemplate(t *testing.T) {
	const all = "{{prompt}} {{ response_a }}\n{{response_b}}"
	if _, err := ParseTemplate(all + ` {"a": 1} { {x} }`); err != nil {
		t.Error(err)
	}
	for text, want := range map[string]string{
		"":                                 "the prompt has no {{prompt}}",
		"{{prompt}}{{response_b}}":         "the prompt has no {{response_a}}",
		all + "\n\n{{Response_a}}":         "line 4: {{Response_a}} is no placeholder",
		all + "{{}}":                       "line 2: {{}} is no placeholder",
		"{prompt}{response_a}{response_b}": "the prompt has no {{prompt}}",
	} {
		_, err := ParseTemplate(text)
		if f, ok := errors.AsType[*fault.Error](err); !ok || !f.Usage || f.Fix == "" || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
