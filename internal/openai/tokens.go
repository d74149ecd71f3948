package openai

import "lbprobe/internal/tokens"

// What a chat adds to its texts, in tokens: by OpenAI's own recipe three a message, one for its role, and three that open the reply.
const (
	messageTokens = 4
	replyTokens   = 3
)

// chatTokens counts the tokens of the input.
func chatTokens(chat Chat) int {
	n := replyTokens
	for _, m := range chat.Messages {
		n += messageTokens + tokens.Of(chat.Model).Count(m.Content)
	}
	return n
}
