package results

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lbprobe/internal/fault"
)

// Rules say which rows are accepted as scores of which probes.
type Rules struct {
	Experiment string  // its name
	Probes     []Probe // of the manifest
	Replaced   []Probe // of designs that were replaced; their rows are skipped, and counted
	Decimals   int     // that the board shows
	Full       bool    // scores are taken uncut, whatever their decimals
	Noisy      bool    // the board is known to score the same file differently: of several scores the first one counts
	Source     string  // what the rows were read from; the file in messages
	Correct    bool    // a score that contradicts a recorded one replaces it
	Again      bool    // with Correct: so does one that does not, for the submission was made again
	Epoch      int     // 0: the present one; one more begins a new epoch, in which nothing is recorded yet
	Reason     string  // needed for Correct and for a new epoch
}

// Matched is what becomes of rows under rules.
type Matched struct {
	New      []Entry  // to be appended; Seq and Time are not set
	Same     int      // readings that are recorded already
	Skipped  []Skip   // rows that hold no score of a probe
	Notes    []string // what the user should know of accepted rows
	Problems []error  // refused rows, each a *fault.Error; when there is one, nothing may be recorded
}

// Skip is a row that was passed over.
type Skip struct {
	Row Row
	Why string // "pending", "failed", "no score yet", "not a probe" or "of a replaced design"
}

// Err joins the problems; nil when there are none.
func (m Matched) Err() error { return errors.Join(m.Problems...) }

// String tells in one line what happened, such as "2 recorded, 1 recorded before; skipped: 1 pending, 3 not a probe".
func (m Matched) String() string {
	text := fmt.Sprintf("%d recorded", len(m.New))
	if m.Same > 0 {
		text += fmt.Sprintf(", %d recorded before", m.Same)
	}
	if skipped := m.SkippedBy(); len(skipped) > 0 {
		text += "; skipped: " + strings.Join(skipped, ", ")
	}
	return text
}

// SkippedBy counts the skipped rows by reason, such as "2 pending", in the order in which the reasons first came.
func (m Matched) SkippedBy() []string {
	var reasons []string
	count := map[string]int{}
	for _, skip := range m.Skipped {
		if count[skip.Why]++; count[skip.Why] == 1 {
			reasons = append(reasons, skip.Why)
		}
	}
	for i, why := range reasons {
		reasons[i] = fmt.Sprintf("%d %s", count[why], why)
	}
	return reasons
}

// Match tells, without recording anything, what the rows mean beside all entries recorded before. A row is matched by the tag in its
// description, then by its ref, then by the exact name of its file; where these disagree, or come close without meeting, it is refused.
func (r Rules) Match(rows []Row, recorded []Entry) Matched {
	in := &intake{Rules: r, recorded: recorded, place: map[string]int{}}
	in.refuseUsage()
	for _, row := range rows {
		in.take(row)
	}
	for _, reading := range in.readings {
		in.compare(reading)
	}
	if len(rows) > 0 && len(in.readings) == 0 && len(in.out.Problems) == 0 {
		in.out.Notes = append(in.out.Notes, fmt.Sprintf("no row is a scored probe of %s", r.Experiment))
	}
	return in.out
}

// intake is one run of Match.
type intake struct {
	Rules
	recorded []Entry
	readings []reading
	place    map[string]int // Entry.key → index into readings
	out      Matched
}

// reading is a score that belongs to a known submission.
type reading struct {
	entry Entry
	row   Row
}

// take finds out what a row is and what it scored.
func (in *intake) take(row Row) {
	entry, why, problem := in.identify(row)
	if why == "" && problem == nil {
		why, problem = in.status(row)
	}
	if why == "" && problem == nil {
		problem = in.scores(row, &entry)
		if problem == nil && !entry.Scored() {
			why = "no score yet"
		}
	}
	switch {
	case problem != nil:
		in.out.Problems = append(in.out.Problems, problem)
	case why != "":
		in.out.Skipped = append(in.out.Skipped, Skip{row, why})
	default:
		in.join(reading{entry, row})
	}
}

// status tells why a row with this status has no score to read.
func (in *intake) status(row Row) (why string, problem error) {
	switch strings.ToLower(strings.TrimPrefix(strings.TrimSpace(row.Status), "SubmissionStatus.")) {
	case "", "complete":
		return "", nil
	case "pending":
		return "pending", nil
	case "error":
		return "failed", nil
	}
	return "", in.refuse(row, fmt.Sprintf("its status %q is not known", row.Status), "Leave the row out, or set its status to COMPLETE")
}

// scores checks both scores of the row and puts them into the entry.
func (in *intake) scores(row Row, entry *Entry) (problem error) {
	var notes []string
	read := func(part, shown, full string) string {
		text, note, err := in.pick(shown, full)
		if err != nil {
			problem = cmp.Or(problem, in.refuse(row, part+" score "+err.Error(),
				fmt.Sprintf("Give the score as the board shows it, or set competition.decimals if it is not %d", in.Decimals)))
		}
		if note != "" {
			notes = append(notes, fmt.Sprintf("%s: %s score %s", entry.name(), part, note))
		}
		return text
	}
	entry.Public = read("public", row.Public, row.publicFull)
	entry.Private = read("private", row.Private, row.privateFull)
	if problem == nil {
		in.out.Notes = append(in.out.Notes, notes...)
	}
	return problem
}

// shownDecimals is what a score has that was cut for display, with one to spare: a score in full precision has hardly ever so few.
const shownDecimals = 6

// pick takes the uncut score where the board's decimals hold it, else the shown one.
func (in *intake) pick(shown, full string) (text, note string, err error) {
	if in.Full {
		text = cmp.Or(full, shown)
		d, err := parseScore(text)
		if text == "" {
			return "", "", nil
		}
		if err == nil && len(d.fraction) <= shownDecimals {
			note = fmt.Sprintf("%s is taken as uncut, though it has %d decimals only", text, len(d.fraction))
		}
		return text, note, err
	}
	if d, err := parseScore(full); err == nil && len(d.fraction) <= in.Decimals {
		shown = full
	}
	text = cmp.Or(shown, full)
	if text == "" {
		return "", "", nil
	}
	d, err := parseScore(text)
	if err != nil {
		return "", "", err
	}
	switch n := len(d.fraction); {
	case n > in.Decimals:
		return "", "", fmt.Errorf("%s has %d decimals, and the board shows %d", text, n, in.Decimals)
	case n < in.Decimals:
		return text, fmt.Sprintf("%s is read as %s: zeros at the end were dropped", text, d.padded(in.Decimals)), nil
	}
	return text, "", nil
}

// join merges the rows on one submission, which must agree.
func (in *intake) join(new reading) {
	at, twice := in.place[new.entry.key()]
	if !twice {
		in.place[new.entry.key()] = len(in.readings)
		in.readings = append(in.readings, new)
		return
	}
	old := &in.readings[at]
	if clash(old.entry, new.entry) && in.Noisy {
		in.out.Notes = append(in.out.Notes, fmt.Sprintf("%s scored %s and %s: the first one counts", new.entry.name(), shown(old.entry), shown(new.entry)))
		return
	}
	if clash(old.entry, new.entry) {
		in.out.Problems = append(in.out.Problems, in.refuse(new.row,
			fmt.Sprintf("a second score for %s: %s here, %s in %s", new.entry.name(), shown(new.entry), shown(old.entry), in.where(old.row)),
			"Keep the row that counts. If the same file scored differently, the board was rescored (--new-epoch) or is noisy: then write noise = "+
				apartBy(old.entry, new.entry)+" under [competition]"))
		return
	}
	old.entry = filled(old.entry, new.entry)
	in.out.Notes = append(in.out.Notes, fmt.Sprintf("%s stands in two rows that agree", new.entry.name()))
}

// compare holds a reading against what is recorded.
func (in *intake) compare(new reading) {
	old, found := in.latest(new.entry.key())
	merged := filled(new.entry, old)
	switch {
	case !found:
		if in.Epoch > 0 {
			new.entry.Reason = in.Reason
		}
		in.out.New = append(in.out.New, new.entry)
	case (clash(old, new.entry) || in.Again) && in.Correct:
		merged.Corrects, merged.Reason = old.Seq, in.Reason
		in.out.New = append(in.out.New, merged)
	case clash(old, new.entry) && in.Noisy:
		in.out.Notes = append(in.out.Notes, fmt.Sprintf("%s scored %s and %s: the first one counts", old.name(), shown(old), shown(new.entry)))
		in.out.Same++
	case clash(old, new.entry):
		in.out.Problems = append(in.out.Problems, in.refuse(new.row,
			fmt.Sprintf("%s scored %s in %s, recorded %s; here it scores %s", old.name(), shown(old), old.Source, old.Time.Format("2006-01-02 15:04"), shown(new.entry)),
			"If this one is right, add: --correct --reason TEXT; if the host has rescored, record all scores anew: --new-epoch --reason TEXT"))
	case shown(merged) == shown(old) && new.entry.Dir == old.Dir: // a file that was moved is recorded anew
		in.out.Same++
	default:
		in.out.New = append(in.out.New, merged)
	}
}

// latest finds what counts now for a submission; a new epoch knows nothing yet.
func (in *intake) latest(key string) (Entry, bool) {
	current := Latest(in.recorded)
	at := slices.IndexFunc(current, func(e Entry) bool { return e.key() == key })
	if at < 0 || in.Epoch > current[at].Epoch {
		return Entry{}, false
	}
	return current[at], true
}

// refuseUsage checks the rules themselves.
func (in *intake) refuseUsage() {
	present := 1
	if n := len(in.recorded); n > 0 {
		present = in.recorded[n-1].Epoch
	}
	refuse := func(field, msg, fix string) {
		in.out.Problems = append(in.out.Problems, &fault.Error{Field: field, Msg: msg, Fix: fix, Usage: true})
	}
	if in.Epoch != 0 && in.Epoch != present && in.Epoch != present+1 {
		refuse("--epoch", fmt.Sprintf("%d does not follow epoch %d", in.Epoch, present), fmt.Sprintf("Give %d, or leave it out", present+1))
	}
	if strings.TrimSpace(in.Reason) == "" && (in.Correct || in.Epoch > present) {
		refuse("--reason", "is missing: a correction and a new epoch say why", "Add: --reason TEXT")
	}
}

// refuse names a row and what is wrong with it.
func (in *intake) refuse(row Row, msg, fix string) error {
	if row.Line == 0 {
		return &fault.Error{Field: row.name(), Msg: msg, Fix: fix, Usage: true}
	}
	return &fault.Error{File: in.Source, Line: row.Line, Field: row.name(), Msg: msg, Fix: fix}
}

// where tells where another row stands.
func (in *intake) where(row Row) string {
	if row.Line == 0 {
		return row.name()
	}
	return fmt.Sprintf("line %d", row.Line)
}

// clash tells whether two entries on one submission contradict each other. A score that one of them lacks does not.
func clash(a, b Entry) bool {
	differ := func(x, y string) bool { return x != "" && y != "" && !equalScores(x, y) }
	return differ(a.Public, b.Public) || differ(a.Private, b.Private)
}

// apartBy estimates the standard deviation of a noisy board from two scores of a file: their distance over √2.
func apartBy(a, b Entry) string {
	x, y := a.Public, b.Public
	if !clash(Entry{Public: x}, Entry{Public: y}) {
		x, y = a.Private, b.Private
	}
	v, _ := strconv.ParseFloat(x, 64) // both are scores: they were checked
	w, _ := strconv.ParseFloat(y, 64)
	return strconv.FormatFloat(math.Abs(v-w)/math.Sqrt2, 'g', 2, 64)
}

// filled completes an entry with what only the other one knows.
func filled(e, other Entry) Entry {
	e.Public = cmp.Or(e.Public, other.Public)
	e.Private = cmp.Or(e.Private, other.Private)
	e.Ref = cmp.Or(e.Ref, other.Ref)
	e.Submitted = cmp.Or(e.Submitted, other.Submitted)
	return e
}

// shown prints the scores of an entry in one way, whatever zeros were dropped.
func shown(e Entry) string {
	plain := func(text string) string {
		if strings.Contains(text, ".") {
			return strings.TrimRight(strings.TrimRight(text, "0"), ".")
		}
		return text
	}
	if e.Private == "" {
		return plain(e.Public)
	}
	return plain(e.Public) + "/" + plain(e.Private)
}

var (
	copied = regexp.MustCompile(`\s*\([0-9]+\)`)
	padded = regexp.MustCompile(`(^|[^0-9])0+([0-9])`)
)

// resembling reduces a file name to what survives a browser, a zip program and a tired hand.
func resembling(name string) string {
	name = strings.ToLower(path.Base(strings.ReplaceAll(strings.TrimSpace(name), `\`, "/")))
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".zip"), ".gz")
	return padded.ReplaceAllString(copied.ReplaceAllString(name, ""), "$1$2")
}
