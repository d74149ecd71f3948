package analysis

// Result is what the recorded scores say. It is analysis.json as it stands on disk.
type Result struct {
	Target     string     `json:"target"`
	Asked      []string   `json:"asked"` // classes of the public counts that each topic was asked for, as counts.csv writes them
	Design     string     `json:"design"`
	Status     Status     `json:"status"`
	Conclusion string     `json:"conclusion"` // one line, such as "not identified yet: 61 of about 160 bits; about 6 more submissions"
	Probes     int        `json:"probes"`
	Read       int        `json:"read"`     // probes that have a score
	Epoch      int        `json:"epoch"`    // of the scores read; those of earlier epochs, before the host rescored, are left out
	Rounding   string     `json:"rounding"` // round, floor, or either where the scores do not tell
	Identified Identified `json:"identified"`
	Public     [2]int     `json:"public_rows"` // least and most public rows
	Exactness  []Check    `json:"exactness"`   // the four conditions of a claim "exact"
	Candidates int        `json:"candidates"`  // integer points that fit every score; 0 where the search was not complete
	Excluded   float64    `json:"excluded_prior_mass"`
	Nodes      int        `json:"nodes"`     // of all enumerations
	Residuals  []Residual `json:"residuals"` // of the likeliest point; empty where no point is known
	Counts     []Count    `json:"counts"`
	Verdicts   []Verdict  `json:"verdicts"`
	Checks     []Check    `json:"checks"`
	Messages   []Tally    `json:"messages,omitempty"` // of a channel, besides the topics
	Warnings   []string   `json:"warnings"`
	Assumed    []string   `json:"assumed"`

	PrivateRead int    `json:"private_read"` // private scores read beside public ones
	PrivateRows [2]int `json:"private_rows"` // least and most private rows; zeros where no private score was read

	empty bool  // no counts fit the scores
	told  *told // what the counts and verdicts are made from
}

// Residual is how far a shown score is from what the likeliest counts would score.
type Residual struct {
	Probe int     `json:"probe"`
	Part  string  `json:"part,omitempty"` // private for a private score; empty for a public one
	Ticks float64 `json:"ticks"`          // shown less computed, in units of the last shown decimal
}

// Status is how far the scores carry.
type Status string

// The states of an analysis.
const (
	NoScores      Status = "no scores"
	NotIdentified Status = "not identified yet"
	Candidates    Status = "candidates" // a few points fit; what they share is in the counts
	Exact         Status = "exact"      // the four conditions of design.md §2 hold
	Misfit        Status = "misfit"     // no point fits every score: a score is wrong
	Told          Status = "told"       // a channel's message is read to its end; the totals that were asked for are intervals
)

// Identified compares what the scores tell with what was asked, in bits.
type Identified struct {
	Bits            float64 `json:"bits"`             // information of the scores read so far
	Needed          float64 `json:"needed"`           // entropy of the unknown counts under the prior
	SubmissionsMore int     `json:"submissions_more"` // about how many more identify the counts; 0 when they do
}

// Count is what is known of one number of rows.
type Count struct {
	Split     string  `json:"split"` // public, private or total
	Topic     int     `json:"topic"` // AllTopics for all rows
	Class     string  `json:"class"` // a class, "!NAME" for all but that class, "*" for all classes
	Lo        int     `json:"lo"`    // interval at certainty
	Best      int     `json:"best"`
	Hi        int     `json:"hi"`
	Exact     bool    `json:"exact"`
	Posterior float64 `json:"posterior"` // probability of Best
}

// AskedPart is the split whose counts a design asks for. A channel counts public and private rows together.
func (r *Result) AskedPart() string {
	if r.Design == Channel {
		return totalPart
	}
	return publicPart
}

// AllTopics is the topic of a Count that covers all rows; it is written "*".
const AllTopics = -1

// Verdict is what is known of one topic. Counts are rows of any class.
type Verdict struct {
	Topic       int      `json:"topic"`
	Name        string   `json:"name"`
	TrainShare  float64  `json:"train_share"`
	PublicLo    int      `json:"public_lo"`
	PublicBest  int      `json:"public_best"`
	PublicHi    int      `json:"public_hi"`
	PrivateLo   int      `json:"private_lo"`
	PrivateBest int      `json:"private_best"`
	PrivateHi   int      `json:"private_hi"`
	PPrivate    float64  `json:"p_private"` // P(private rows ≥ present_from)
	Verdict     Presence `json:"verdict"`
	Exact       bool     `json:"exact"`  // the private count is
	Source      string   `json:"source"` // split-model, probes or both
	ShiftLo     float64  `json:"shift_lo"`
	Shift       float64  `json:"shift"` // private share over train share; 0 where train_share is 0
	ShiftHi     float64  `json:"shift_hi"`
}

// Presence is the verdict on a topic.
type Presence string

// The verdicts.
const (
	Present      Presence = "present"
	Absent       Presence = "absent"
	Undetermined Presence = "undetermined"
)

// Check is something that a reading must pass.
type Check struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	Probe   int    `json:"probe"` // the number that a failed check blames; 0 for none
	Message string `json:"message"`
}

// Tally is what a message of a channel besides the topics has told of the whole test.
type Tally struct {
	Message string       `json:"message"`       // languages, lengths, turns, overlap
	Seen    string       `json:"compared_to"`   // train or corpus: whose shares stand beside
	Rows    int          `json:"compared_rows"` // of it
	Counts  []TallyCount `json:"counts"`
}

// TallyCount is one count of a message: from Lo to Hi test rows.
type TallyCount struct {
	Label string     `json:"label"`
	Name  string     `json:"name"` // the label for people
	Lo    int        `json:"lo"`
	Hi    int        `json:"hi"`
	Share [2]float64 `json:"share"`      // of the test's rows, least and most
	Seen  float64    `json:"seen_share"` // of what it is compared to
}
