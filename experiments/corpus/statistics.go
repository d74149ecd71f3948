package corpus

// Statistics describes the conversations of a corpus by the terms of the table that LMSYS publishes with LMSYS-Chat-1M (arXiv:2309.11998, table
// 1). What the files do not hold is nil.
//
// A row is a conversation, also where two models answer it. A turn is a prompt and what is answered to it, so a conversation has as many as it
// has prompts: messages of the user, null ones with them. System messages are neither prompts nor responses. Tokens are those of
// tokens.GPT4, of the bare texts; LMSYS counted with Llama 2's tokenizer. Null messages have no length; empty ones have the length zero.
type Statistics struct {
	Measures
	Models      *int    `json:"models"`       // different ones
	Users       *int    `json:"users"`        // different ones
	Languages   *int    `json:"languages"`    // different ones; not counting "unknown" where they were detected
	RepeatedIDs *int    `json:"repeated_ids"` // rows whose id an earlier row has
	TokensBy    string  `json:"tokens_by"`    // the encoding
	LanguagesBy string  `json:"languages_by"` // the column, or the detector
	Classes     []Count `json:"classes"`      // as in the files, most rows first
	ByModel     []Group `json:"by_model"`     // most conversations first
	ByLanguage  []Group `json:"by_language"`  // most conversations first
}

// Measures are counts and lengths of a set of conversations.
type Measures struct {
	Conversations  int      `json:"conversations"`
	Turns          Lengths  `json:"turns"` // a conversation
	Prompts        Messages `json:"prompts"`
	Responses      Messages `json:"responses"`
	PromptChars    Lengths  `json:"prompt_chars"`
	PromptTokens   Lengths  `json:"prompt_tokens"`
	ResponseChars  *Lengths `json:"response_chars"`
	ResponseTokens *Lengths `json:"response_tokens"`
}

// Messages counts the prompts or the responses of a set of conversations, and what is wrong with them.
type Messages struct {
	All      int `json:"all"`
	Null     int `json:"null"`
	Empty    int `json:"empty"`    // nothing but white space
	Replaced int `json:"replaced"` // with U+FFFD
	Controls int `json:"controls"` // with control characters other than tab, newline and carriage return
	Mojibake int `json:"mojibake"` // with UTF-8 that was read as Windows-1252 or Latin-1
	Faulty   int `json:"faulty"`   // with any of the last three
}

// texts is how many messages have a text.
func (m Messages) texts() int { return m.All - m.Null }

// Group is the conversations of one model or in one language.
type Group struct {
	Name string `json:"name"`
	Measures
}

// Count is a value and its rows.
type Count struct {
	Value string `json:"value"`
	Rows  int    `json:"rows"`
}
