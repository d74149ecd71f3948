package results

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Probe is a submission as the manifest knows it.
type Probe struct {
	Number int    // from 1; never reused in a run folder
	File   string // name of the file in probes/, without folders
	SHA256 string // of the file's bytes, 64 hexadecimal digits
	Tag    string // stands in the description of the submission: [lbp:<experiment>/<NNN>/<first 8 digits of SHA256>]
}

// Row is one row of a board's list of submissions, as imported or typed. Texts are as they stand in the source; empty where it has none.
type Row struct {
	Line        int    // where the row begins in its file, from 1; 0 when typed
	Probe       int    // the number of the probe, when typed; else 0
	Ref         string // the board's own number of the submission
	File        string // name of the submitted file
	Description string // message that was given with the submission
	Time        string // when it was submitted
	Status      string // such as SubmissionStatus.COMPLETE
	Public      string // score on the public part
	Private     string // score on the private part
	SHA256      string // of the submitted file, where it is at hand and is not a probe (see Others)
	Dir         string // folder of that file

	publicFull, privateFull string // scores that were not cut to decimals, as Meta Kaggle has them
}

// name tells a row in a message.
func (r Row) name() string {
	if r.Line == 0 {
		return fmt.Sprintf("%d=%s", r.Probe, strings.TrimSuffix(r.Public+"/"+r.Private, "/"))
	}
	label := cmp.Or(r.File, r.Description, r.Ref)
	if r.Ref != "" && r.Ref != label {
		label += ", ref " + r.Ref
	}
	return label
}

// Entry is one line of ledger.jsonl.
type Entry struct {
	Seq       int       `json:"seq"`   // position in the ledger, from 1
	Time      time.Time `json:"time"`  // when it was recorded, UTC
	Epoch     int       `json:"epoch"` // from 1; grows when the host rescores
	Probe     int       `json:"probe"` // number of the probe; 0 for a submission that is none
	File      string    `json:"file"`
	SHA256    string    `json:"sha256,omitempty"` // of the submitted file
	Dir       string    `json:"dir,omitempty"`    // where the file of a submission that is no probe was, as given by the user
	Ref       string    `json:"ref,omitempty"`
	Tag       string    `json:"tag,omitempty"`
	Submitted string    `json:"submitted,omitempty"` // the board's time of submission, as shown
	Public    string    `json:"public,omitempty"`    // as shown; empty while there is no score
	Private   string    `json:"private,omitempty"`
	Source    string    `json:"source"`             // where the score was read: a file's name, "typed", or a board
	Corrects  int       `json:"corrects,omitempty"` // Seq of the entry that this one replaces within its epoch
	Reason    string    `json:"reason,omitempty"`   // why, for a correction or a new epoch
}

// Scored tells whether the entry holds a score at all; one without is a submission that has none yet.
func (e Entry) Scored() bool { return e.Public != "" || e.Private != "" }

// key is equal for entries on the same submission: the probe's number, or the bytes of a file that is no probe.
func (e Entry) key() string {
	if e.Probe > 0 {
		return fmt.Sprintf("probe %d", e.Probe)
	}
	return "file " + e.SHA256
}

// name tells the entry's submission in a message.
func (e Entry) name() string {
	if e.Probe > 0 {
		return fmt.Sprintf("probe %d", e.Probe)
	}
	return e.File
}

// Latest picks, in order of first appearance, the last entry of every submission within the last epoch of entries, which stand in order of Seq.
func Latest(entries []Entry) []Entry {
	if len(entries) == 0 {
		return nil
	}
	epoch := entries[len(entries)-1].Epoch
	place := map[string]int{}
	var latest []Entry
	for _, e := range entries {
		if e.Epoch != epoch {
			continue
		}
		if at, ok := place[e.key()]; ok {
			latest[at] = e
			continue
		}
		place[e.key()] = len(latest)
		latest = append(latest, e)
	}
	return latest
}
