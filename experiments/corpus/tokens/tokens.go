// Package tokens counts the tokens of a text as GPT-4 sees them.
package tokens

import (
	"fmt"
	"sync"

	"github.com/tiktoken-go/tokenizer"
)

// Encoding is the byte-pair encoding that is counted with, OpenAI's for GPT-4 and GPT-3.5. The figures that LMSYS publishes were counted
// with Llama 2's tokenizer, which needs more tokens for the same text.
const Encoding = "cl100k_base"

// codec is built when it is first needed: its vocabulary is a map of 100,000 entries.
var codec = sync.OnceValue(func() tokenizer.Codec {
	c, err := tokenizer.Get(tokenizer.Cl100kBase)
	if err != nil {
		panic(fmt.Sprintf("tokens: %v", err)) // the vocabulary is part of the program
	}
	return c
})

// Count is the number of tokens of a text in valid UTF-8, without any that a chat format puts around it: what looks like a special token,
// such as <|endoftext|>, is text. It may be called by several goroutines.
func Count(text string) int {
	n, err := codec().Count(text)
	if err != nil {
		panic(fmt.Sprintf("tokens: %v", err)) // a time limit of the splitting pattern, and it has none
	}
	return n
}
