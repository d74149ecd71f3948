// Package tokens counts the tokens of a text as GPT-4 sees them.
//
// The counts are those of OpenAI's own tiktoken but for one thing: a run of line breaks with blanks between them, as an empty line that is indented
// makes, is one piece there and several in the library that counts here, so it may have a token or two more. On the 14,550 messages of MT-bench's human
// votes that comes to 0.02 % more tokens than tiktoken 0.14.0 counts, on 4,729 chat prompts to 0.02 %.
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
