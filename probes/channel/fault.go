package channel

import (
	"fmt"
	"slices"
)

// Fault is what went wrong in the notebook.
type Fault int

// The faults, by their place among the reserved levels. The order is part of the form of a [Table].
const (
	Other          Fault = iota // anything that has no name of its own
	EncoderDiffers              // the encoder gives other vectors, or other topics, than here
	Columns                     // the test has other columns
	NullRows                    // rows without text or id
	RowCount                    // more or fewer rows than the design has room for
	Memory                      // not enough
	ModelMissing                // an attached model or data set
	BadScores                   // the scores pasted into the notebook can't be those of this design
	Damaged                     // a file of the bundle is not what its hash says
	faults
)

var faultNames = [...]string{"other", "encoder differs", "columns", "null rows", "row count", "memory", "model missing", "bad scores", "damaged bundle"}

// String is the fault in words.
func (f Fault) String() string {
	if f < 0 || f >= faults {
		return fmt.Sprintf("fault %d", int(f))
	}
	return faultNames[f]
}

// Faults lists all faults.
func Faults() []Fault {
	out := make([]Fault, faults)
	for i := range out {
		out[i] = Fault(i)
	}
	return out
}

// FaultPrediction is the prediction, one probability a class, whose score names a fault. Once the first score is known each fault has a level
// of its own that no message uses. The first submission comes before any class share is known: its faults are as far apart as the believed range of
// the share allows and may share a place ([Reading.Faults] lists all that fit). [Other] predicts all classes alike there, a score that no
// share moves. It never fails: what can't be known is passed over, for a rerun must end in a submission.
func (t *Table) FaultPrediction(probe int, scores map[int]string, f Fault) []float64 {
	f = min(max(f, 0), faults-1)
	if probe > 1 {
		if top, err := t.top(scores); err == nil {
			if l := t.ladder(top); l.count() > int(f) {
				return t.levelRow(l, int(f), top)
			}
		}
	}
	place := t.early()[f]
	if place == 0 {
		return t.row(0, 1/float64(t.Classes))
	}
	return t.scoring(place, t.middle())
}

// middle is the share of not-A in the middle of its believed range.
func (t *Table) middle() float64 { return float64(t.NotA[0]+t.NotA[1]) / 2000 }

// early are the scores at which the first submission's faults aim, for the middle share; 0 for the prediction of all classes alike. From the
// constant's own range downwards each place is lower by the ratio of the most to the least share, so that their ranges do not meet.
func (t *Table) early() [faults]float64 {
	var out [faults]float64
	own, other := t.costs(t.row(0, t.Floor), 0)
	ratio := 1.05 * float64(t.NotA[1]) / float64(t.NotA[0])
	least := 1.3 * uniform(t.Metric, t.Column, t.Classes)
	var places []float64
	for at := (own + t.middle()*(other-own)) / ratio; at > least && len(places) < int(faults)-1; at /= ratio {
		places = append(places, at)
	}
	for f := 1; f < int(faults) && len(places) > 0; f++ {
		out[f] = places[(f-1)%len(places)]
	}
	return out
}

// earlyFaults are the faults that a first score may name. A score within the range of the first constant itself names none.
func (t *Table) earlyFaults(tick int) (found []Fault) {
	if t.inRange(t.row(0, t.Floor), tick) {
		return nil
	}
	for f := range faults {
		if t.inRange(t.FaultPrediction(1, nil, f), tick) {
			found = append(found, f)
		}
	}
	return slices.Clip(found)
}

// inRange tells whether a prediction for class A may show a tick for some share that is believed possible.
func (t *Table) inRange(q []float64, tick int) bool {
	own, other := t.costs(q, 0)
	at := func(share int) float64 { return (own + float64(share)/1000*(other-own)) / t.unit() }
	lo, hi := min(at(t.NotA[0]), at(t.NotA[1])), max(at(t.NotA[0]), at(t.NotA[1]))
	return float64(tick) >= lo-1.5 && float64(tick) <= hi+1.5
}
