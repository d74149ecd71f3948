package notebook

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lbprobe/experiments/corpus"
	"lbprobe/internal/fault"
	"lbprobe/probes/channel"
	"lbprobe/probes/metric"
	"lbprobe/probes/submission"
)

// rerunFault is what keeps a rerun from writing what it was asked for, but not from writing a submission that says so.
type rerunFault struct {
	kind   channel.Fault
	detail string
}

// Error tells both.
func (f *rerunFault) Error() string { return f.kind.String() + ": " + f.detail }

// faultOf finds a fault by its name; one that is not known is none of the others.
func faultOf(name string) channel.Fault {
	for _, f := range channel.Faults() {
		if f.String() == name {
			return f
		}
	}
	return channel.Other
}

// testFault names what is wrong with a test file, without a word of any row.
func testFault(err error) error {
	if missing, ok := errors.AsType[*corpus.Missing](err); ok {
		return &rerunFault{channel.Columns, missing.Error()}
	}
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Line > 1 {
		return &rerunFault{channel.NullRows, "a row has no id, or that of another, or can't be read"}
	}
	return &rerunFault{channel.Other, "the test file can't be read"}
}

// confess is the constant prediction that tells a fault, and the ids to predict it for: those of the test, or if they can't be used those of the sample
// submission beside it.
func (r Rerun) confess(d *Dataset, t *submission.Template, kind channel.Fault) ([][]float64, error) {
	ids, err := BareIDs(r.Test, d.ID)
	if err != nil || !distinct(ids) {
		if sample, missing := BareIDs(filepath.Join(filepath.Dir(r.Test), "sample_submission.csv"), d.ID); missing == nil {
			ids, err = sample, nil
		}
	}
	t.IDs, t.Topic = ids, make([]int32, len(ids))
	return [][]float64{d.tell(r, kind)}, err
}

// distinct tells whether ids can stand in a submission.
func distinct(ids []string) bool {
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if id == "" || seen[id] {
			return false
		}
		seen[id] = true
	}
	return true
}

// BareIDs reads the ids of a CSV whatever else is wrong with it.
func BareIDs(path, column string) (ids []string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, &fault.Error{File: path, Msg: "cannot be opened: " + fault.Reason(err), Fix: "Check the path", Err: err}
	}
	defer file.Close()
	in := csv.NewReader(bufio.NewReaderSize(file, 1<<18))
	in.ReuseRecord, in.LazyQuotes, in.FieldsPerRecord = true, true, -1
	header, err := in.Read()
	if err != nil {
		return nil, &fault.Error{File: path, Msg: "has no header", Err: err}
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	at := slices.Index(header, column)
	if at < 0 {
		return nil, &fault.Error{File: path, Line: 1, Field: column, Msg: "there is no such column"}
	}
	for {
		record, err := in.Read()
		if err == io.EOF {
			return ids, nil
		}
		if err != nil {
			return nil, &fault.Error{File: path, Msg: err.Error(), Err: err}
		}
		if at < len(record) {
			ids = append(ids, string([]byte(record[at])))
		}
	}
}

// tell is the prediction for all rows that tells a fault: through the channel where there is one; else all classes alike, which every fault shares.
func (d *Dataset) tell(r Rerun, kind channel.Fault) []float64 {
	if d.table != nil {
		return d.inColumns(d.table.FaultPrediction(d.place(r.Probe), Places(r.Scores, d.First), kind))
	}
	return d.inColumns(metric.Quantise(slices.Repeat([]float64{1}, max(2, len(d.Classes))), 0))
}
