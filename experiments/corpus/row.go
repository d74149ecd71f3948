package corpus

// Format is how a file stores its rows.
type Format string

// The formats that can be read.
const (
	KaggleLMSYS Format = "kaggle-lmsys"  // CSV whose text cells are JSON arrays of turns, as in the LMSYS competition
	JSONL       Format = "jsonl"         // one JSON object a line; the text is a string, a list of turns, or a conversation
	CSV         Format = "csv"           // comma separated with a header; the text is the cell as it stands
	LMSYSChat1M Format = "lmsys-chat-1m" // Parquet whose conversations are lists of messages, as in LMSYS-Chat-1M
)

// What Options.Turns can be.
const (
	AllTurns  = "all"   // every turn, joined by a blank line
	FirstTurn = "first" // the first turn that is not null
)

// Options says what to read. The zero value reads ids and texts of any file that names its columns in the usual way.
type Options struct {
	Format   Format   // "": by extension, header and the first rows of each file
	Text     string   // column or field of the text; "": "prompt" for kaggle-lmsys, else the first there is of text, prompt, conversation, conversation_a
	ID       string   // column or field of the id; "": "id", and "conversation_id" for lmsys-chat-1m; see Usual
	Turns    string   // AllTurns or FirstTurn; "": AllTurns
	Label    string   // column that holds the class; "": the classes are columns of 0 and 1
	Classes  []string // in the order that Row.Class counts; none: labels are not read
	Borrowed bool     // Text was said of a file of another kind: where there is no such column, the text is in the usual one
	NoText   bool     // read no texts: for files of labels alone
	Blank    bool     // a text that cannot be read is empty, instead of a fault of its row, and counted
	SkipBad  bool     // leave out rows that cannot be read, instead of stopping at the first
	Usual    bool     // for files of which nothing is told: find ids and users by all the names that they usually have; where there are no ids, rows are called by their lines

	Whole    bool   // open for Reader.Conversations, not Rows: no column but that of the text must be there
	User     string // column of the user; "": not read; Usual and Whole: the first there is of user, user_id, judge, hashed_ip
	Model    string // Whole: column of the model that answers; "": model, model_name, or model_a and model_b
	Language string // Whole: column of the language; "": language, lang
	Detect   bool   // Whole: look for no column of the language
}

// Row is one row of a corpus.
type Row struct {
	File  string // as given to Read
	Line  int    // where the record starts, from 1; in Parquet the number of the row
	ID    string // never empty, unique over all files
	Text  string // valid UTF-8; turns joined by a blank line
	Class int    // index into Options.Classes; -1 where labels are not read
	Usage string // the column Usage, "" where there is none
	User  string // the column Options.User, "" where that is not read
	Turns int    // of those who ask, null ones aside, whichever Options.Turns takes; 1 for a plain text, 0 where no text is read
}

// Faults counts what a pass had to mend or leave out.
type Faults struct {
	Surrogates  int       `json:"surrogates"`   // escapes of half a surrogate pair, each now U+FFFD
	NullTurns   int       `json:"null_turns"`   // turns that are null, left out
	InvalidUTF8 int       `json:"invalid_utf8"` // texts with bytes that are not UTF-8, each byte now U+FFFD
	BOM         int       `json:"bom"`          // files that start with a byte order mark
	Blank       int       `json:"-"`            // texts that cannot be read, each now empty: see Options.Blank
	Bad         []Dropped `json:"-"`            // rows left out because they cannot be read, in order
}

// Dropped is a row that was left out, and why.
type Dropped struct {
	File   string
	Line   int
	ID     string // "" where it could not be read
	Reason string
}
