package openai

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
)

// Message is one turn of a conversation.
type Message struct {
	Role    string `json:"role"` // system, user or assistant
	Content string `json:"content"`
}

// Chat is a question to a chat model. The temperature is 0.
type Chat struct {
	Model     string
	Messages  []Message
	MaxTokens int    // of the reply
	Format    string // response_format that is asked for: json_object; empty: none, which every endpoint takes
}

// Reply is what a chat model has said.
type Reply struct {
	Content string `json:"content"`
	Refusal string `json:"refusal,omitempty"` // why the model does not answer, in its own words
	Finish  string `json:"finish,omitempty"`  // stop, length or content_filter
	Model   string `json:"model,omitempty"`   // that has answered, as the endpoint names it
	Usage   Usage  `json:"usage"`
}

// Usage counts tokens.
type Usage struct {
	Prompt     int `json:"prompt_tokens"`
	Completion int `json:"completion_tokens"`
}

// chatRequest is the body of the call.
type chatRequest struct {
	Model          string    `json:"model"`
	Messages       []Message `json:"messages"`
	Temperature    float64   `json:"temperature"`
	MaxTokens      int       `json:"max_tokens"`
	ResponseFormat *format   `json:"response_format,omitempty"`
}

type format struct {
	Type string `json:"type"`
}

// Chat asks for the next turn of a conversation.
func (c *Client) Chat(ctx context.Context, chat Chat) (Reply, error) {
	q, err := c.chatQuestion(chat)
	if err != nil {
		return Reply{}, err
	}
	q.worst = func() Usage { return mostUsage(chat) }
	q.read = func(body []byte) (any, *Usage, error) { return readChat(body) }
	raw, err := c.answer(ctx, q)
	if err != nil {
		return Reply{}, err
	}
	var r Reply
	return r, json.Unmarshal(raw, &r)
}

// Price is what a question costs.
type Price struct {
	Key    string  // equal for equal questions
	USD    float64 // at most; 0 where it is cached
	Cached bool    // there is a reply already
}

// Price says what a question will cost.
func (c *Client) Price(chat Chat) (Price, error) {
	q, err := c.chatQuestion(chat)
	if err != nil {
		return Price{}, err
	}
	_, cached, err := c.cache.get(q.key)
	if cached || err != nil {
		return Price{Key: q.key, Cached: true}, err
	}
	return Price{Key: q.key, USD: c.o.Rates.Of(mostUsage(chat))}, nil
}

func (c *Client) chatQuestion(chat Chat) (question, error) {
	request := chatRequest{Model: chat.Model, Messages: chat.Messages, MaxTokens: chat.MaxTokens}
	if chat.Format != "" {
		request.ResponseFormat = &format{chat.Format}
	}
	return c.newQuestion("/chat/completions", request)
}

// mostUsage is a question's tokens and those of the longest reply.
func mostUsage(chat Chat) Usage { return Usage{Prompt: chatTokens(chat), Completion: chat.MaxTokens} }

// chatBody is the part of a reply that matters.
type chatBody struct {
	Model   string `json:"model"`
	Choices []struct {
		Message struct {
			Content *string `json:"content"`
			Refusal *string `json:"refusal"`
		} `json:"message"`
		Finish string `json:"finish_reason"`
	} `json:"choices"`
	Usage *Usage `json:"usage"`
	Error *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// readChat reads the body of a reply.
func readChat(body []byte) (Reply, *Usage, error) {
	var b chatBody
	if err := json.Unmarshal(body, &b); err != nil {
		return Reply{}, nil, err
	}
	if b.Error != nil {
		return Reply{}, nil, errors.New(oneLine(b.Error.Message))
	}
	if len(b.Choices) == 0 {
		return Reply{}, nil, errors.New("it has no choices")
	}
	first := b.Choices[0]
	if first.Message.Content == nil && first.Message.Refusal == nil && first.Finish == "" {
		return Reply{}, nil, errors.New("its message has no content")
	}
	r := Reply{Finish: first.Finish, Model: b.Model}
	if b.Usage != nil {
		r.Usage = Usage{max(0, b.Usage.Prompt), max(0, b.Usage.Completion)}
		b.Usage = &r.Usage
	}
	if first.Message.Content != nil {
		r.Content = *first.Message.Content
	}
	if first.Message.Refusal != nil {
		r.Refusal = *first.Message.Refusal
	}
	return r, b.Usage, nil
}

// longestMessage is how much is shown of what an endpoint says.
const longestMessage = 300

// oneLine makes foreign text fit for an error message: one line of printable characters, not too long.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))), " ")
	if runes := []rune(text); len(runes) > longestMessage {
		return string(runes[:longestMessage]) + "…"
	}
	return text
}
