package notebook

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/corpus"
	"lbprobe/internal/atomicfile"
	"lbprobe/internal/fault"
	"lbprobe/probes/channel"
	"lbprobe/probes/submission"
)

// Rerun is one probe to be written where the test rows are: in the rerun of a code competition.
type Rerun struct {
	Test       string         // file of the competition
	Dataset    string         // folder of the bundle's data set
	Output     string         // submission to write
	Probe      int            // its number
	Scores     map[int]string // of earlier probes, as shown
	Embeddings string         // .npy with a vector a test row; empty: the data set has a frozen embedder
	Reference  string         // .npy with the vectors of the reference texts, made by what made Embeddings; empty: nobody made any
	Fault      string         // what kept the caller from going on; empty: nothing
	Threads    int            // at most; 0: all processors
}

// Reran is what came of a rerun: sums, and nothing of any row.
type Reran struct {
	Experiment string
	Probe      int
	Rows       int    // of the test
	Blank      int    // whose text can't be read and counts as empty
	Topics     int    // that have rows
	Fault      string // that the submission tells in place of what was asked; empty: none
	Detail     string // of the fault
	Unchecked  bool   // vectors were given, and none of the reference texts to check them by
}

// Write writes the submission. What is wrong with the test or the embedder becomes a submission whose score tells it; an error means that there is
// no submission at all.
func (r Rerun) Write() (*Reran, error) {
	d, broken := OpenDataset(r.Dataset)
	if d == nil {
		return nil, broken
	}
	if r.Probe < d.First {
		return nil, &fault.Error{Field: "--probe", Usage: true, Msg: fmt.Sprintf("the design has no probe %d", r.Probe), Fix: fmt.Sprintf("Its first is %d", d.First)}
	}
	out := &Reran{Experiment: d.Experiment, Probe: r.Probe}
	t := submission.Template{IDColumn: d.ID, Classes: d.Classes}
	q, err := [][]float64(nil), broken
	if broken == nil {
		q, err = r.predict(d, &t, out)
	}
	if f, ok := errors.AsType[*rerunFault](err); ok {
		out.Fault, out.Detail = f.kind.String(), f.detail
		q, err = r.confess(d, &t, f.kind)
	}
	if err != nil {
		return nil, err
	}
	out.Rows = len(t.IDs)
	return out, atomicfile.Write(r.Output, func(w io.Writer) error { return t.Write(w, q) })
}

// predict gives every test row its topic, and every topic its prediction.
func (r Rerun) predict(d *Dataset, t *submission.Template, out *Reran) ([][]float64, error) {
	if r.Fault != "" {
		return nil, &rerunFault{faultOf(r.Fault), r.Fault + ", as the caller says"}
	}
	test, err := r.read(d, out)
	if err != nil {
		return nil, err
	}
	x, err := r.embed(d, test.Texts, out)
	if err != nil {
		return nil, err
	}
	t.IDs = test.IDs
	t.Topic, _ = d.book.Assign(x, r.Threads)
	topics := CountTopics(t.Topic, d.book.Topics())
	for _, rows := range topics {
		out.Topics += min(rows, 1)
	}
	if d.table == nil {
		return d.asked(r.Probe)
	}
	tallies, err := CountMessages(d.table, d.hashes, test, r.Threads)
	if err != nil {
		return nil, &rerunFault{channel.Damaged, err.Error()}
	}
	tallies[channel.Topics], tallies[channel.Rows] = topics, []int{len(test.IDs)}
	return d.ask(r, t, tallies)
}

// CountTopics counts rows by topic.
func CountTopics(of []int32, topics int) []int {
	out := make([]int, topics)
	for _, k := range of {
		out[k]++
	}
	return out
}

// Texts writes what a script has to embed: the reference texts, then those of the test rows, as JSON strings line by line.
func (r Rerun) Texts(w io.Writer) error {
	d, err := OpenDataset(r.Dataset)
	if err != nil {
		return err
	}
	test, err := r.read(d, &Reran{})
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	if err := WriteStrings(out, d.texts); err != nil {
		return err
	}
	if err := WriteStrings(out, test.Texts); err != nil {
		return err
	}
	return out.Flush()
}

// read reads the test. Columns may stand in any order, and a text that is null or broken counts as empty.
func (r Rerun) read(d *Dataset, out *Reran) (*Rows, error) {
	reader, err := corpus.Read(r.Test, corpus.Options{Format: corpus.Format(d.Format), Text: d.Text, Borrowed: d.Format == "", ID: d.ID, Turns: d.Turns, Blank: true})
	if err != nil {
		return nil, testFault(err)
	}
	defer reader.Close()
	test := &Rows{}
	for row, err := range reader.Rows() {
		if err != nil {
			return nil, testFault(err)
		}
		test.take(row)
	}
	out.Blank = reader.Faults().Blank
	if n := len(test.IDs); n < d.Rows[0] || n > d.Rows[1] {
		return nil, &rerunFault{channel.RowCount, fmt.Sprintf("the test has %d rows, not %d to %d; so has the sample that stands for it until the rerun", n, d.Rows[0], d.Rows[1])}
	}
	return test, nil
}

// embed gives every text its vector, and holds what does so against the reference.
func (r Rerun) embed(d *Dataset, texts []string, out *Reran) (x blas32.General, err error) {
	again := blas32.General{}
	if d.tfidf != nil && r.Embeddings == "" {
		d.tfidf.Threads = r.Threads
		if x, err = d.tfidf.Embed(texts); err == nil {
			again, err = d.tfidf.Embed(d.texts)
		}
	} else {
		x, again, err = r.vectors(d)
		out.Unchecked = err == nil && again.Rows == 0
	}
	if err != nil {
		return x, err
	}
	if x.Rows != len(texts) || x.Cols != d.book.Centroids.Cols {
		return x, &rerunFault{channel.Other, fmt.Sprintf("%d×%d vectors for %d texts and %d dimensions", x.Rows, x.Cols, len(texts), d.book.Centroids.Cols)}
	}
	if again.Rows > 0 {
		if differs := d.book.Differs(d.reference, again); differs != "" {
			return x, &rerunFault{channel.EncoderDiffers, differs}
		}
	}
	return x, nil
}

// vectors reads those that were made elsewhere.
func (r Rerun) vectors(d *Dataset) (x, again blas32.General, err error) {
	if r.Embeddings == "" {
		return x, again, &rerunFault{channel.ModelMissing, "the data set has no embedder, and --embeddings is not given"}
	}
	if x, err = ReadMatrix(r.Embeddings); err == nil && r.Reference != "" {
		again, err = ReadMatrix(r.Reference)
	}
	if err != nil {
		return x, again, &rerunFault{channel.Other, err.Error()}
	}
	return x, again, nil
}
