package experiments

import (
	"lbprobe/internal/fault"
	"lbprobe/probes/metric"
)

// Experiment is a checked experiment file. Every field has its effective value: what the file says, else the default.
// Paths are resolved: absolute, or relative to the current folder; an empty path is one that is not used.
type Experiment struct {
	Path string // of the experiment file, as the user wrote it
	Dir  string // its folder, which the paths in it are relative to

	Name        string // of the run folder: [a-z0-9][a-z0-9-]{0,39}, not "report"
	Seed        uint64 // of every random choice
	Competition Competition
	Corpus      Corpus
	Embedding   Embedding
	Topics      Topics
	Probe       Probe
	Analysis    Analysis
	Simulate    *Simulate // nil: the file has no [simulate]
	Judge       *Judge    // nil: the file has no [judge]

	// Notes are remarks worth a line to the user that stop nothing: no labels, a setting without effect. In order of the file.
	Notes []string

	source source
}

// Competition says what is predicted, which rows, and how the board shows a score.
type Competition struct {
	Slug              string // for the Kaggle client; may be empty
	Board             string // "hand" or "simulated"
	Owner             string // Kaggle user name; may be empty
	Metric            metric.Metric
	Classes           []string         // columns of the submission, in order, or with Column what the rows may be; A is the first
	Column            string           // of a one-column submission; empty: a column a class
	Range             *[2]float64      // of the truth, where that is any number and there are no classes
	Outside           bool             // in one column of classes or numbers a probe may say what no row can be
	ID                string           // column of train, test and submission that names a row
	Train             string           // labelled rows; empty: no labels are known
	Label             string           // column of train that holds the class; empty: the classes are 0/1 columns
	Test              string           // rows to predict; empty where Hidden
	Hidden            bool             // the test rows are seen only by a notebook in its rerun
	Decimals          int              // digits behind the point that the board shows; metric.FullDecimals where Full
	Full              bool             // scores come in full precision, not cut at all
	Noise             float64          // standard deviation of what a score varies by when the same file is scored again
	Rounding          metric.Rounding  // how it gets there
	Clip              float64          // probabilities are kept this far from 0 and 1 by the scorer
	Normalise         metric.Normalise // what the scorer does to rows that do not sum to 1
	Rows              *IntRange        // rows of the test; nil: counted in the test file
	Public            *ShareRange      // share of the scored rows that are public; nil where PublicRows says it
	PublicRows        *IntRange        // public rows; nil where Public says it
	Unscored          IntRange         // test rows that the host ignores
	PrivateScores     bool             // private scores are shown: the deadline is past
	SubmissionsPerDay int
	RulesChecked      string // day on which the user read the rules, as 2006-01-02; empty: not yet
	RulesURL          string
}

// Corpus says which texts the topics are learned from.
type Corpus struct {
	Paths   []string // files in order; one at least
	Format  string   // "kaggle-lmsys", "lmsys-chat-1m", "jsonl" or "csv"; empty: by extension and header, file by file
	Text    string   // column or field with the text, of train and test files too
	ID      string   // column or field that names a row of the corpus
	Turns   string   // "all" or "first"
	URL     string   // where it came from
	Licence string
	Filter  Filter
}

// Filter chooses the rows of the corpus that topics are learned from.
type Filter struct {
	MinChars, MaxChars          int // characters of a text, both included
	Duplicates, LowQuality, PII string
}

// Embedding says how texts become vectors.
type Embedding struct {
	Source                    string   // "tfidf-svd", "npy", "python" or "openai"
	Path, TrainPath, TestPath string   // npy: vectors of the corpus, of train where that is another file, of test
	IDs, TrainIDs, TestIDs    string   // npy: one id a line, to check the rows by
	Script                    string   // Python with encode(texts) -> n×d: run here for "python", and in the notebook of a hidden test
	Sources                   []string // data sets and models to attach to the notebook
	GPU                       bool
	Model, URL, KeyEnv        string   // openai: as in Judge
	BudgetUSD                 float64  // openai: for all texts
	PriceInput                *float64 // openai: US dollars per million tokens; nil: from the built-in list
	RequestsPerMinute         int      // openai
}

// Topics says how vectors become topics.
type Topics struct {
	K         int // topics, without "other"
	Sample    int // rows at most that the centroids are learned from
	Restarts  int
	Distance  string
	Exemplars int     // texts a topic to show
	Other     float64 // quantile of train distances beyond which a row is of the topic "other"; 1: there is no such topic
}

// Probe says what is asked of the board and at what price.
type Probe struct {
	Target  string // "presence", "sizes", "rows" or "cells"
	Split   string // "private" or "public": whose answer is wanted
	Design  string // "auto", "lattice", "one-at-a-time", "hadamard", "blocks" or "channel"
	Budget  int    // submissions at most
	Floor   float64
	Base    string // "uniform"
	Channel Channel
}

// Channel sets the score channel of hidden tests.
type Channel struct {
	Guard     float64  // how many times its size the uncertainty of the class share is taken for
	Constants int      // submissions that read the public shares of classes, one class each
	Checksum  int      // of the messages that a wrong score has spoilt one in so many may pass, at most
	Messages  []string // tallies that are sent besides the topics: languages, lengths, turns, overlap
	Overlap   string   // file of hashes; "overlap" counts the rows that have a near duplicate in it
}

// Analysis says what is believed before any score, and how sure a verdict must be.
type Analysis struct {
	Certainty     float64
	FDR           float64
	Concentration *float64 // rows of evidence that the train shares are worth; nil: "weak"
	Absent        float64  // prior chance that a topic is missing
	PresentFrom   PresentFrom
}

// Simulate is the truth to play against.
type Simulate struct {
	Truth         string // id with class columns or label, perhaps Usage; empty: drawn from the prior
	Test          string // the rows of a hidden test
	TestEmbedding string // their vectors; empty: the notebook makes them
	Seed          uint64
	Public        *float64        // share of the rows that are public; nil: the middle of what the competition says
	Rounding      metric.Rounding // Round or Floor
	Normalise     metric.Normalise
}

// Judge names the language model that judges filtered prompts and names topics.
type Judge struct {
	URL                     string // of an OpenAI-compatible endpoint, up to and with the version
	Model                   string
	KeyEnv                  string // environment variable that holds the key; empty: the endpoint needs none
	Prompt                  string // file of the prompt; empty: the built-in one
	ResponseFormat          string // "none" or "json_object"
	BudgetUSD               float64
	PriceInput, PriceOutput *float64 // US dollars per million tokens; nil: from the built-in list
	RequestsPerMinute       int
	Concurrency             int
	TimeoutSeconds          int // of one attempt
}

// Scoring is how the competition's own board is believed to score.
func (c Competition) Scoring() metric.Scoring {
	s := metric.Scoring{Metric: c.Metric, Decimals: c.Decimals, Noise: c.Noise, Rounding: c.Rounding, Clip: c.Clip, Normalise: c.Normalise, Values: c.values()}
	if c.Full {
		s.Full, s.Rounding = true, metric.Round // nothing is cut: there is one way to read it
	}
	if c.Range != nil {
		s.Range = &metric.Interval{Lo: c.Range[0], Hi: c.Range[1]}
	}
	return s
}

// SimulatedScoring is how the simulated board scores. It needs Simulate.
func (e *Experiment) SimulatedScoring() metric.Scoring {
	s := e.Competition.Scoring()
	if s.Normalise = e.Simulate.Normalise; !s.Full {
		s.Rounding = e.Simulate.Rounding
	}
	return s
}

// At tells the line of a dotted key, such as "competition.classes": where it stands, else where its table begins, else 1.
func (e *Experiment) At(key string) (line int) { return e.source.at(key) }

// Given tells whether the file itself sets the key.
func (e *Experiment) Given(key string) bool { return e.source.given[key] }

// Written is the path that the file gives for a key, before it was resolved: what messages should quote. The first one of a list.
func (e *Experiment) Written(key string) string {
	if w := e.source.written[key]; len(w) > 0 {
		return w[0]
	}
	return ""
}

// Fault is a fault of the experiment file at a key: msg without a full stop, fix an imperative sentence or empty.
func (e *Experiment) Fault(key, msg, fix string) *fault.Error {
	return &fault.Error{File: e.Path, Line: e.At(key), Field: tame(key), Msg: tame(msg), Fix: tame(fix), Usage: true}
}

// note keeps a remark for the user.
func (e *Experiment) note(key, msg string) { e.Notes = append(e.Notes, key+": "+msg) }
