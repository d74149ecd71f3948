package results

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// tagged finds the tags that lbprobe puts into descriptions: experiment, number, first digits of the file's SHA-256.
var tagged = regexp.MustCompile(`\[lbp:([a-z0-9][a-z0-9-]{0,39})/([0-9]{3,6})/([0-9a-f]{8})\]`)

// claim is what one kind of evidence says about a row: a probe, a replaced probe, or nothing (number 0).
type claim struct {
	number   int
	replaced bool
	by       string // for messages
}

const byFileName = "its file name"

// identify finds the submission that a row is about, or why the row is skipped, or what is wrong with it.
func (in *intake) identify(row Row) (entry Entry, why string, problem error) {
	if row.Probe > 0 {
		return in.typed(row)
	}
	byTag, foreign, problem := in.byTag(row)
	if problem != nil {
		return Entry{}, "", problem
	}
	claims := []claim{byTag, in.byRef(row), in.byName(row)}
	first := cmp.Or(claims...)
	for _, other := range claims {
		if other.number > 0 && other.number != first.number {
			return Entry{}, "", in.refuse(row, fmt.Sprintf("%s says probe %d, but %s says probe %d", first.by, first.number, other.by, other.number), in.byHand(first.number))
		}
	}
	switch {
	case foreign != "" && first.number > 0:
		return Entry{}, "", in.refuse(row, fmt.Sprintf("its tag is of experiment %q, but %s says probe %d", foreign, first.by, first.number), in.byHand(first.number))
	case first.replaced:
		return Entry{}, "of a replaced design", nil
	case first.number > 0:
		return in.probeEntry(row, first)
	}
	return in.stranger(row, foreign != "")
}

// typed is a row whose probe the user named.
func (in *intake) typed(row Row) (Entry, string, error) {
	probe, ok := find(in.Probes, row.Probe)
	if !ok {
		return Entry{}, "", in.refuse(row, fmt.Sprintf("there is no probe %d", row.Probe), "The manifest has "+in.numbers())
	}
	return in.entry(row, probe), "", nil
}

// byTag reads the tags in the description. foreign is the experiment of a tag that is not ours.
func (in *intake) byTag(row Row) (c claim, foreign string, problem error) {
	tags := tagged.FindAllStringSubmatch(row.Description, -1)
	if strings.Count(row.Description, "[lbp:") > len(tags) {
		return claim{}, "", in.refuse(row, fmt.Sprintf("its tag is damaged: %q", row.Description), "Leave the row out and type the score, such as: record EXP 1=1.09861")
	}
	for _, tag := range tags {
		if tag[0] != tags[0][0] {
			return claim{}, "", in.refuse(row, "it has two tags, "+tags[0][0]+" and "+tag[0], "Leave the row out and type the score of the probe that was really uploaded")
		}
	}
	if len(tags) == 0 {
		return claim{}, "", nil
	}
	experiment, sha := tags[0][1], tags[0][3]
	number, _ := strconv.Atoi(tags[0][2]) // at most six digits
	if experiment != in.Experiment {
		return claim{}, experiment, nil
	}
	c = claim{number: number, by: "its tag"}
	if old, ok := find(in.Replaced, number); ok && strings.HasPrefix(old.SHA256, sha) {
		c.replaced = true
		return c, "", nil
	}
	probe, ok := find(in.Probes, number)
	if !ok {
		return claim{}, "", in.refuse(row, fmt.Sprintf("its tag %s names probe %d, which the manifest does not have", tags[0][0], number), "The manifest has "+in.numbers())
	}
	if !strings.HasPrefix(probe.SHA256, sha) {
		return claim{}, "", in.refuse(row, fmt.Sprintf("its tag %s is of another file: %s begins with %.8s now, so it was changed after it was submitted", tags[0][0], probe.File, probe.SHA256),
			"Bring back the run folder that was submitted, or submit the present file")
	}
	return c, "", nil
}

// byRef looks for a submission that was recorded under the same ref, in any epoch.
func (in *intake) byRef(row Row) claim {
	if row.Ref == "" {
		return claim{}
	}
	for _, e := range slices.Backward(in.recorded) {
		if e.Ref == row.Ref && e.Probe > 0 {
			_, present := find(in.Probes, e.Probe)
			return claim{number: e.Probe, replaced: !present, by: "its ref"}
		}
	}
	return claim{}
}

// byName looks for the one probe with exactly this file name. Rows of a code competition all bear the same name, which says nothing.
func (in *intake) byName(row Row) claim {
	for i, probes := range [][]Probe{in.Probes, in.Replaced} {
		var named []Probe
		for _, p := range probes {
			if p.File == row.File {
				named = append(named, p)
			}
		}
		if len(named) == 1 {
			return claim{number: named[0].Number, replaced: i == 1, by: byFileName}
		}
	}
	return claim{}
}

// probeEntry makes the entry of the probe that a row was matched with.
func (in *intake) probeEntry(row Row, c claim) (Entry, string, error) {
	probe, _ := find(in.Probes, c.number) // a claim that is not replaced is of the manifest
	if c.by == byFileName && row.SHA256 != "" && row.SHA256 != probe.SHA256 {
		return Entry{}, "", in.refuse(row, fmt.Sprintf("the file of that name in %s is not the one that probe %d is made of", row.Dir, c.number), in.byHand(c.number))
	}
	return in.entry(row, probe), "", nil
}

// stranger is a row that is not about a probe: a submission whose file is at hand, or nothing to us.
func (in *intake) stranger(row Row, tagged bool) (Entry, string, error) {
	if !tagged {
		for _, p := range in.Probes {
			if resembling(p.File) == resembling(row.File) && p.File != row.File {
				return Entry{}, "", in.refuse(row, fmt.Sprintf("its file name is close to %s of probe %d, but not the same", p.File, p.Number), in.byHand(p.Number))
			}
			if row.SHA256 != "" && row.SHA256 == p.SHA256 {
				return Entry{}, "", in.refuse(row, fmt.Sprintf("the file is byte for byte that of probe %d", p.Number), in.byHand(p.Number))
			}
		}
	}
	if row.SHA256 == "" {
		return Entry{}, "not a probe", nil
	}
	return in.entry(row, Probe{File: row.File, SHA256: row.SHA256}), "", nil
}

// entry is what is known of a submission but for its score.
func (in *intake) entry(row Row, probe Probe) Entry {
	e := Entry{
		Epoch: in.Epoch, Probe: probe.Number, File: probe.File, SHA256: probe.SHA256, Tag: probe.Tag,
		Ref: row.Ref, Submitted: row.Time, Source: in.Source,
	}
	if probe.Number == 0 {
		e.Dir = row.Dir
	}
	return e
}

// byHand is the way out of a doubtful match.
func (in *intake) byHand(number int) string {
	return fmt.Sprintf("If it is probe %d, leave the row out and type the score: record EXP %d=SCORE", number, number)
}

// numbers lists the probes of the manifest in few words.
func (in *intake) numbers() string {
	switch n := len(in.Probes); n {
	case 0:
		return "no probes"
	case 1:
		return fmt.Sprintf("probe %d only", in.Probes[0].Number)
	default:
		return fmt.Sprintf("%d probes, %d to %d", n, in.Probes[0].Number, in.Probes[n-1].Number)
	}
}

func find(probes []Probe, number int) (Probe, bool) {
	at := slices.IndexFunc(probes, func(p Probe) bool { return p.Number == number })
	if at < 0 {
		return Probe{}, false
	}
	return probes[at], true
}
