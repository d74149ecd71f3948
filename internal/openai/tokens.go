package openai

import (
	"strings"
	"sync"

	"github.com/tiktoken-go/tokenizer"
)

// What a chat adds to its texts, in tokens: by OpenAI's own recipe three a message, one for its role, and three that open the reply.
const (
	messageTokens = 4
	replyTokens   = 3
)

// Tokens counts the tokens of a text as the model does: exactly for OpenAI's models, by the vocabulary of GPT-4 for all others, whose own counts
// may be higher, above all for texts that are not English.
func Tokens(model, text string) int {
	codec := gpt4
	for _, family := range []string{"gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "chatgpt-4o", "o1", "o3", "o4"} {
		if strings.HasPrefix(model, family) {
			codec = gpt4o
		}
	}
	n, err := codec().Count(text)
	if err != nil {
		return len(text) // a token has a byte at least
	}
	return n
}

var (
	gpt4  = vocabulary(tokenizer.Cl100kBase)
	gpt4o = vocabulary(tokenizer.O200kBase)
)

// vocabulary makes a codec when it is first needed.
func vocabulary(name tokenizer.Encoding) func() tokenizer.Codec {
	return sync.OnceValue(func() tokenizer.Codec {
		codec, err := tokenizer.Get(name)
		if err != nil {
			panic("openai: " + err.Error()) // the vocabulary is built in
		}
		return codec
	})
}

// chatTokens counts the tokens of the input.
func chatTokens(chat Chat) int {
	n := replyTokens
	for _, m := range chat.Messages {
		n += messageTokens + Tokens(chat.Model, m.Content)
	}
	return n
}
