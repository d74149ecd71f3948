package calibration

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// Setting is one kind of competition.
type Setting struct {
	Hidden   bool // the test's rows are not known by topic
	Target   design.Target
	Topics   int
	Classes  int
	Public   int     // public rows, or the middle of their range
	Width    float64 // n is believed within ± this share of Public; 0: known
	Share    float64 // of the test that is public
	Decimals int
	Rounding metric.Rounding // as believed; under Either worlds take turns in rounding and flooring
	Truth    Truth

	Worlds int // how many designs are drawn
	Games  int // competitions played with each
	// Past are the fewest and the most submissions past the bound after which scores are read: of claims, and of wrong scores, which are looked for from
	// slipsFrom on.
	Past [2]int
}

// Name tells a setting from all others; its seeds hang on it.
func (s Setting) Name() string {
	l := s.lines()
	return strings.Join(l[:], ", ")
}

// lines are the name in three parts: what is asked, how it is read, what is true.
func (s Setting) lines() [3]string {
	n := fmt.Sprint(s.Public)
	if s.Width > 0 {
		n += fmt.Sprintf(" ± %.1f %%", 100*s.Width)
	}
	asked := fmt.Sprintf("%s K=%d C=%d", s.Target, s.Topics, s.Classes)
	if s.Hidden {
		asked = "hidden test: " + asked
	}
	return [3]string{
		asked,
		fmt.Sprintf("n=%s, %d decimals, %s", n, s.Decimals, roundings[s.Rounding]),
		string(s.Truth),
	}
}

var roundings = map[metric.Rounding]string{metric.Round: "rounded", metric.Floor: "floored", metric.Either: "either"}

// rows is the size of the test.
func (s Setting) rows() int { return int(math.Round(float64(s.Public) / s.Share)) }

// publicRange is what is believed about n.
func (s Setting) publicRange() [2]int {
	w := int(math.Round(s.Width * float64(s.Public)))
	return [2]int{s.Public - w, s.Public + w}
}

// stream is the randomness of one game of a world; game -1 is the world's own.
func (s Setting) stream(seed uint64, world, game int) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(s.Name()))
	return rand.New(rand.NewPCG(seed^h.Sum64(), uint64(world)<<32|uint64(game+1)))
}

// Truth is how a competition departs from what is believed of it.
type Truth string

// The truths. Believed concentrations are of the class shares, and in a hidden test of the topics' shares too.
const (
	AsBelieved     Truth = "as believed"
	Overconfident  Truth = "concentration believed × 10"  // ten times the true one
	Underconfident Truth = "concentration believed ÷ 8"   // an eighth of the true one
	SingleClass    Truth = "three topics of one class"    // three topics lack all classes but one
	SharesShifted  Truth = "class share × 3"              // the odds of one class are threefold in every topic
	TopicsAbsent   Truth = "three topics absent"          // the first three; of a hidden test
	TopicsShifted  Truth = "topic shares × 3"             // three topics are three times as large; of a hidden test
	Strata         Truth = "split by strata"              // half of the topics is twenty times likelier to be public
	WhollyPublic   Truth = "a topic wholly public"        // the first one
	Varying        Truth = "public share varies by topic" // by a factor of ½ to 2
)

// wrongClasses and wrongSplits are the truths that are not as believed, wrongTopics those of hidden tests alone.
var (
	wrongTopics  = []Truth{TopicsAbsent, TopicsShifted}
	wrongClasses = []Truth{Overconfident, Underconfident, SingleClass, SharesShifted}
	wrongSplits  = []Truth{WhollyPublic, Varying, Strata}
)
