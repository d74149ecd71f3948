package analysis

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"lbprobe/probes/channel"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// Channel is the kind of design that sends what a notebook counts through the scores.
const Channel = "channel"

// LeastCheck is the least modulus of a channel's checksum under which counts are called exact: of messages that a wrong score has spoilt at most one in so
// many passes.
const LeastCheck = channel.ShortCheck

// Message is what the scores of a channel tell, with the table that they are read by.
type Message struct {
	Table   *channel.Table
	Reading *channel.Reading
	First   int // number of the design's first probe
	Planned int // submissions of the design
	Read    int // of these, how many have a score
}

// listener turns a message into counts. Of an analyst it has what holds for every design: what verdicts, intervals and shifts are made by.
type listener struct {
	*analyst
	Message
	laws    [][]prior.PMF        // of each topic's rows over all parts, under each belief, before a message
	weights []float64            // of the beliefs, with it
	split   map[[2]int]prior.PMF // public rows of so many of a topic, given so many public rows in all
}

// AnalyzeChannel says what a channel has told of a hidden test. It tells the rows of topics over all parts of the test, exactly or between bounds; what
// follows for one part is the hypergeometric law of a random split, over the totals that are possible, weighed by the belief. in.Scores and the probes
// of in.Design are passed over.
func AnalyzeChannel(in Input, m Message) (*Result, error) {
	if public := m.Reading.Public; public != nil {
		in.Belief.Public = [2]int{public.Rows, public.Rows}
	}
	l := &listener{analyst: &analyst{Input: in}, Message: m, split: map[[2]int]prior.PMF{}}
	if err := l.believe(); err != nil {
		return nil, err
	}
	l.rows = m.Table.Rows
	if all := m.Reading.Tallies[channel.Rows]; len(all) > 0 {
		l.rows = [2]int{all[0].Lo, all[0].Hi}
	}
	r := &Result{Target: string(in.Design.Target), Asked: []string{every}, Design: Channel, Probes: m.Planned, Read: m.Read, Epoch: in.Epoch, Public: in.Belief.Public,
		Rounding: l.rounding(), Assumed: l.premises(), Exactness: []Check{}, Counts: []Count{}, Verdicts: []Verdict{}, Checks: []Check{},
		Warnings: []string{}, Residuals: []Residual{}}
	l.weigh()
	l.check(r)
	l.fill(r)
	l.conclude(r)
	return r, nil
}

// told says whether the message is read to its end.
func (l *listener) told() bool { return l.Reading.Modulus > 0 }

// modulus is that of the checksum: of one that has fitted what really held, before that the least that there will be.
func (l *listener) modulus() int { return cmp.Or(l.Reading.Modulus, l.Table.Check) }

// sure says whether what the message tells exactly may be called exact.
func (l *listener) sure() bool { return l.Reading.Modulus >= LeastCheck }

func (l *listener) rounding() string {
	if l.Read > 0 && len(l.Reading.Roundings) == 1 {
		return string(l.Reading.Roundings[0])
	}
	return string(l.Table.Rounding)
}

// probe is the number in the run folder of a submission that the reading blames.
func (l *listener) probe() int {
	if l.Reading.Probe == 0 {
		return 0
	}
	return l.Reading.Probe + l.First - 1
}

// bounds are the rows of a topic over all parts, as a checksum that has fitted covers them; all rows before.
func (l *listener) bounds(k int) (lo, hi int) {
	if topics := l.Reading.Tallies[channel.Topics]; k < len(topics) {
		return topics[k].Lo, min(topics[k].Hi, l.rows[1])
	}
	return 0, l.rows[1]
}

// weigh says how much each belief counts by which the bounds that are told predict the rest: as likely as it holds those bounds, all being as likely
// beforehand. Topics are taken one by one, as if they did not share the rows.
func (l *listener) weigh() {
	likely := make([]float64, len(l.models))
	for b, m := range l.models {
		l.laws = append(l.laws, nil)
		for k := range m.Topics() {
			l.laws[b] = append(l.laws[b], l.strayed(m.Total(k, m.PublicRowsOf(k))))
			likely[b] += math.Log(l.inside(b, k))
		}
	}
	for _, v := range likely {
		l.weights = append(l.weights, math.Exp(v-slices.Max(likely)))
	}
}

// inside is how likely a belief holds the bounds of a topic.
func (l *listener) inside(belief, k int) float64 {
	lo, hi := l.bounds(k)
	return max(l.laws[belief][k].AtLeast(lo)-l.laws[belief][k].AtLeast(hi+1), math.SmallestNonzeroFloat64)
}

// stray is the chance that a topic's rows have nothing to do with what is believed of them.
const stray = 0.02

// strayed is a law under which with that chance any order of magnitude is as likely as another, so that a belief that is far off rules out nothing.
func (l *listener) strayed(believed prior.PMF) prior.PMF {
	vague := prior.PMF{P: make([]float64, l.rows[1]+1)}
	for i := range vague.P {
		vague.P[i] = 1 / float64(i+1)
	}
	return prior.Mix([]float64{1 - stray, stray}, []prior.PMF{believed, prior.Mix([]float64{1}, []prior.PMF{vague})})
}

// total is the law of a topic's rows over all parts: what is believed, within the bounds that are told. The beliefs are mixed, since
// nothing but them says where within its bounds a total lies.
func (l *listener) total(k int) prior.PMF {
	lo, hi := l.bounds(k)
	out := prior.PMF{Lo: lo, P: make([]float64, hi-lo+1)}
	for b, weight := range l.weights {
		weight /= l.inside(b, k)
		for i := range out.P {
			out.P[i] += weight * max(l.laws[b][k].At(lo+i), math.SmallestNonzeroFloat64)
		}
	}
	return prior.Mix([]float64{1}, []prior.PMF{out})
}

// publicSizes are how many numbers of public rows stand for their range, and leastStep the mass below which a step of totals is passed over.
const (
	publicSizes = 3
	leastStep   = 1e-9
)

// drawn is the law of the public rows among those of a topic, where so many are public in all. Topics between the same bounds share it.
func (l *listener) drawn(marked, public int) prior.PMF {
	law, ok := l.split[[2]int{marked, public}]
	if !ok {
		law = prior.Hypergeometric(marked, (l.rows[0]+l.rows[1])/2, public)
		l.split[[2]int{marked, public}] = law
	}
	return law
}

// parts are the laws of a topic's public rows and of those that are not, where so many rows of it as total says are split at random. Totals are taken in
// steps of about a standard deviation of what a split makes of them.
func (l *listener) parts(total prior.PMF) (public, elsewhere prior.PMF) {
	var weights []float64
	var inside, outside []prior.PMF
	for i := 0; i < len(total.P); {
		size := min(1+int(math.Sqrt(float64(total.Lo+i))/2.5), len(total.P)-i)
		if total.Lo+i < l.Table.Cut {
			size = 1
		}
		weight := 0.0
		for _, p := range total.P[i : i+size] {
			weight += p
		}
		marked := min(total.Lo+i+size/2, (l.rows[0]+l.rows[1])/2)
		i += size
		if weight < leastStep {
			continue
		}
		for j := range publicSizes {
			n := l.Belief.Public[0] + (l.Belief.Public[1]-l.Belief.Public[0])*j/(publicSizes-1)
			law := l.drawn(marked, n)
			weights, inside, outside = append(weights, weight), append(inside, law), append(outside, reflected(law, marked))
		}
	}
	return prior.Mix(weights, inside), prior.Mix(weights, outside)
}

// fill lists counts and verdicts.
func (l *listener) fill(r *Result) {
	var totals []Count
	for k := range l.Names {
		total := l.total(k)
		public, elsewhere := l.parts(total)
		lo, hi := l.bounds(k)
		exact := lo == hi && l.sure()
		none := exact && hi == 0
		r.Counts = append(r.Counts, l.count(publicPart, k, every, public, none))
		v := l.judged(r, k, elsewhere)
		v.Exact = none
		v.PublicLo, v.PublicBest, v.PublicHi = public.Interval(l.Certainty)
		v.PrivateLo, v.PrivateBest, v.PrivateHi = l.private(public, elsewhere)
		l.shift(&v)
		r.Verdicts = append(r.Verdicts, v)
		r.Counts = append(r.Counts, Count{Split: privatePart, Topic: k, Class: every, Lo: v.PrivateLo, Best: v.PrivateBest, Hi: v.PrivateHi, Exact: v.Exact,
			Posterior: l.massOfBest(elsewhere)})
		_, best, _ := total.Interval(l.Certainty)
		totals = append(totals, Count{Split: totalPart, Topic: k, Class: every, Lo: lo, Best: best, Hi: hi, Exact: exact, Posterior: total.At(best)})
	}
	l.classes(r)
	r.Counts = append(r.Counts, totals...)
	r.Counts = append(r.Counts, between(totalPart, every, l.rows, l.rows[0] == l.rows[1]))
	l.holdFalseVerdicts(r)
}

// judged is the verdict on a topic. It rests on the channel and on the split, or before a checksum has fitted on the split and the train rows alone.
func (l *listener) judged(r *Result, k int, elsewhere prior.PMF) Verdict {
	lo, hi := l.chances(elsewhere.Below)
	v := Verdict{Topic: k, Name: l.Names[k], PPrivate: lo, Verdict: l.judge(lo, hi), Source: "split-model"}
	if slices.ContainsFunc(l.Reading.Stages, func(s channel.StageReading) bool { return s.Checked }) {
		v.Source = "both"
	}
	return v
}

// classes lists the public rows by class, and all of them.
func (l *listener) classes(r *Result) {
	n := l.Belief.Public
	for c, share := range l.Reading.Shares {
		in := [2]int{int(math.Floor(share.Lo * float64(n[0]))), int(math.Ceil(share.Hi * float64(n[1])))}
		if public := l.Reading.Public; public != nil {
			in = [2]int{public.Classes[c], public.Classes[c]}
		}
		r.Counts = append(r.Counts, between(publicPart, l.Design.Classes[c], in, l.Reading.Public != nil && l.sure()))
	}
	r.Counts = append(r.Counts, between(publicPart, every, n, n[0] == n[1] && (l.Reading.Public == nil || l.sure())))
}

// between is a count of all topics' rows of which bounds are known, and no more.
func between(split, class string, in [2]int, exact bool) Count {
	return Count{Split: split, Topic: AllTopics, Class: class, Lo: in[0], Best: (in[0] + in[1]) / 2, Hi: in[1], Exact: exact, Posterior: 1 / float64(in[1]-in[0]+1)}
}

// check lists what the reading has passed and what not.
func (l *listener) check(r *Result) {
	rejected := l.Reading.Rejected
	add := func(name string, ok bool, probe int, format string, args ...any) {
		r.Checks = append(r.Checks, Check{Name: name, OK: ok, Probe: probe, Message: fmt.Sprintf(format, args...)})
	}
	switch {
	case l.Read == 0:
		return
	case rejected != "" && l.probe() > 0:
		add("levels", false, l.probe(), "%s", rejected)
	case rejected != "":
		add("checksum", false, 0, "%s", rejected)
	case len(l.Reading.Faults) > 0:
		add("notebook", false, l.probe(), "its score tells that the notebook met %s", faultsOf(l.Reading.Faults))
	default:
		add("levels", true, 0, "every score stands at a level of the design")
		add("notebook", true, 0, "no score tells of a fault of the notebook")
	}
	if l.told() {
		add("checksum", true, 0, "it fits, modulo %d", l.modulus())
	}
	if len(l.Reading.Roundings) == 1 && l.Table.Rounding == metric.Either && rejected == "" {
		add("rounding", true, 0, "only one way fits all scores: %s", l.Reading.Roundings[0])
	}
	if l.Reading.Longer {
		r.Warnings = append(r.Warnings, "the message goes on where the plan ends: the counts are improbable, or a score is wrong")
	}
}

// faultsOf names what may have gone wrong in a notebook.
func faultsOf(found []channel.Fault) string {
	var names []string
	for _, f := range found {
		names = append(names, fmt.Sprintf("%q", f))
	}
	if len(names) == 1 {
		return "the fault " + names[0]
	}
	return "one of the faults " + strings.Join(names, ", ")
}

// conclude sets the status and says in a line how far the message has come.
func (l *listener) conclude(r *Result) {
	l.identify(r)
	count := map[Presence]int{}
	for _, v := range r.Verdicts {
		count[v.Verdict]++
	}
	verdicts := fmt.Sprintf("private part: %d topics present, %d absent, %d undetermined", count[Present], count[Absent], count[Undetermined])
	exact := 0
	for _, c := range r.Counts {
		if c.Split == totalPart && c.Topic != AllTopics && c.Lo == c.Hi {
			exact++
		}
	}
	switch {
	case l.Read == 0:
		r.Status, r.Conclusion = NoScores, fmt.Sprintf("no scores yet: %d submissions wait; what is said below rests on the train rows alone", l.Planned)
	case l.Reading.Rejected != "":
		r.Status, r.Conclusion = Misfit, "the scores can't be read: "+l.Reading.Rejected
	case len(l.Reading.Faults) > 0:
		r.Status, r.Conclusion = NotIdentified, fmt.Sprintf("probe %d tells that the notebook met %s; it has to be submitted again", l.probe(), faultsOf(l.Reading.Faults))
	case !l.told():
		r.Status, r.Conclusion = NotIdentified, "not identified yet: the message goes on; about "+more(r.Identified.SubmissionsMore)
	case l.sure() && exact == len(r.Verdicts):
		r.Status, r.Conclusion = Exact, fmt.Sprintf("%d/%d totals exact; %s", exact, exact, verdicts)
	default:
		r.Status, r.Conclusion = Told, "all is told that was asked; "+verdicts
	}
	r.Exactness = []Check{
		{Name: "one message", OK: l.told(), Message: "every score spells the same message, and encoding it again gives the same levels"},
		{Name: "checksum", OK: l.sure(), Message: fmt.Sprintf("modulo %d, of %d needed: of messages that a wrong score has spoilt one in %d passes", l.modulus(), LeastCheck, l.modulus())},
		{Name: "single counts", OK: exact == len(r.Verdicts), Message: fmt.Sprintf("%d of %d totals are told as one number", exact, len(r.Verdicts))},
	}
}

// identify compares what the channel has carried with what its plan has room for.
func (l *listener) identify(r *Result) {
	sent := max(0, l.Read-l.Table.Constants)
	planned := max(l.Planned-l.Table.Constants, 1)
	each := l.Reading.Bits
	if each == 0 {
		each = math.Log2(float64(l.Table.NumbersAt(float64(l.Table.NotA[0]) / 1000)))
	}
	r.Identified = Identified{Bits: float64(sent) * each, Needed: float64(planned) * each}
	switch {
	case l.told():
		r.Identified.Needed = r.Identified.Bits
	case l.Reading.Whole > 0:
		r.Identified.SubmissionsMore = l.Reading.Whole - l.Read
	default:
		r.Identified.SubmissionsMore = max(1, l.Planned-l.Read)
	}
}

// premises is what every statement rests on.
func (l *listener) premises() []string {
	out := []string{
		"a topic is a cluster of embeddings: its name is a label, not evidence",
		"the public rows were drawn at random from the test: what is said of one part of a topic's rows follows from its total by that alone",
		"between the bounds that are told a topic's rows are such as the train rows let expect, or with a small chance any number",
		fmt.Sprintf("between %d and %d test rows are neither public nor private", l.Unscored[0], l.Unscored[1]),
		fmt.Sprintf("the scores are %s, %s, %s", l.Scoring.Metric, l.Scoring.Ticks(), l.roundingText()),
		fmt.Sprintf("no two scores are wrong in a way that the checksum misses: of messages that a wrong score has spoilt one in %d passes", l.modulus()),
	}
	if l.Unscored[1] == 0 {
		out[3] = "every test row is either public or private (unscored = 0)"
	}
	if l.Epoch > 1 {
		out = append(out, fmt.Sprintf("the host has rescored: scores of epoch %d are read, those before it are not", l.Epoch))
	}
	return out
}
