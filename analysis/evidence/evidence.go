package evidence

import (
	"lbprobe/probes/metric"
)

// Submission is a file that was scored.
type Submission struct {
	Name    string
	Loss    [][]float64      // rows × classes: what a row costs if that is its class; the same rows and classes in every file
	Public  *metric.Interval // where the mean loss over the public rows lies; nil: not known
	Private *metric.Interval // likewise over the private rows
}

// Options say what is known of the test besides the files.
type Options struct {
	Public   [2]int // least and most public rows, each number between them as likely as the others
	Unscored [2]int // least and most rows that are in neither part, likewise

	Base      [][]float64 // rows × classes: chance of each class before the files are read; nil: all alike
	Certainty float64     // of the intervals; 0: 0.95
	Threads   int         // 0: one. The answer does not depend on it
	Start     Belief      // where the search for the belief starts, close to the end; the zero value: a grid
}

// Belief is what the marginal likelihood of the scores chose. Every number is positive or zero.
type Belief struct {
	Trust          float64 // a file's weight in the pool falls by e^-Trust for every standard deviation that its score is worse
	Sharpness      float64 // exponent of the pool
	Overdispersion float64 // variance of mean losses over what independent rows would have, the price of a pool that errs in many rows at once
	Drift          float64 // standard deviation of a class's odds of being public, relative, beyond a random split
}

// Part is a part of the test's rows.
type Part int

// The parts.
const (
	Public Part = iota
	Private
	All // unscored rows included
)

// String names the part.
func (p Part) String() string { return [...]string{"public", "private", "all"}[p] }

// Estimate is a number with its uncertainty.
type Estimate struct {
	Value     float64  `json:"value"`
	SD        float64  `json:"sd"`
	Lo        float64  `json:"lo"` // interval that holds the number with that certainty
	Hi        float64  `json:"hi"`
	Certainty float64  `json:"certainty"`
	N         int      `json:"n"` // readings it rests on
	Method    string   `json:"method"`
	Warnings  []string `json:"warnings"`
}

// SplitEvidence weighs a random split against one that drifts by class.
type SplitEvidence struct {
	Drift float64 `json:"drift"`  // of the [Belief]
	LogLR float64 `json:"log_lr"` // ln of the likelihood with that drift, times its prior, over that of none; never negative; above 2 is worth a look
	Files int     `json:"files"`  // that have both scores: only these can tell
}

// Residual compares a reading with what all other files make of it.
type Residual struct {
	File     int     `json:"file"`
	Part     Part    `json:"part"`
	Reading  float64 `json:"reading"`  // middle of the interval
	Expected float64 `json:"expected"` // from the other files, under the belief that was fitted to all
	SD       float64 `json:"sd"`       // of the reading less Expected
}
