package design

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

var header = []string{"probe", "topic", "class", "probability"}

// AllTopics is how a prediction for the rows of every topic is written.
const AllTopics = "*"

// WriteCSV writes the design as probe,topic,class,probability, with 17 significant digits, so that reading it gives the same floats. Where the
// submission has one column, class is its name and probability what it holds: a number, or the index of a class, -1 for none.
func (d *Design) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	if err := c.Write(header); err != nil {
		return err
	}
	for _, p := range d.Probes {
		for k, q := range p.Q {
			for i, v := range q {
				row := []string{strconv.Itoa(p.Number), strconv.Itoa(k), d.Columns[i], strconv.FormatFloat(v, 'g', 17, 64)}
				if err := c.Write(row); err != nil {
					return err
				}
			}
		}
	}
	c.Flush()
	return c.Error()
}

// ReadCSV reads the probes of a design.csv for a known number of topics and known columns of the submission, which hold probabilities or any
// numbers. Every probe must hold every topic, or "*", and every column once.
func ReadCSV(r io.Reader, topics int, columns []string, probabilities bool) ([]Probe, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = len(header)
	head, err := c.Read()
	if err != nil {
		return nil, err
	}
	if !slices.Equal(head, header) {
		return nil, fmt.Errorf("line 1: the header is %q, want %q", head, header)
	}
	t := table{topics: topics, columns: columns, probabilities: probabilities, byNumber: map[int]*Probe{}}
	for {
		rec, err := c.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := t.add(rec); err != nil {
			line, _ := c.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
	return t.probes()
}

// table collects the cells of a design.
type table struct {
	topics        int
	columns       []string
	probabilities bool
	byNumber      map[int]*Probe
	order         []int
}

func (t *table) add(rec []string) error {
	number, err := strconv.Atoi(rec[0])
	if err != nil || number < 1 {
		return fmt.Errorf("probe: %q is not a positive whole number", rec[0])
	}
	column := slices.Index(t.columns, rec[2])
	if column < 0 {
		return fmt.Errorf("class: %q is none of %q", rec[2], t.columns)
	}
	q, err := strconv.ParseFloat(rec[3], 64)
	switch {
	case t.probabilities && (err != nil || !(q > 0 && q < 1)):
		return fmt.Errorf("probability: %q is not between 0 and 1", rec[3])
	case err != nil || math.IsNaN(q) || math.IsInf(q, 0):
		return fmt.Errorf("probability: %q is not a number", rec[3])
	}
	first, last := 0, t.topics-1
	if rec[1] != AllTopics {
		k, err := strconv.Atoi(rec[1])
		if err != nil || k < 0 || k >= t.topics {
			return fmt.Errorf("topic: %q is not a topic from 0 to %d", rec[1], t.topics-1)
		}
		first, last = k, k
	}
	p := t.probe(number)
	for k := first; k <= last; k++ {
		if !math.IsNaN(p.Q[k][column]) {
			return fmt.Errorf("probe %d, topic %d, class %s stands twice", number, k, rec[2])
		}
		p.Q[k][column] = q
	}
	return nil
}

func (t *table) probe(number int) *Probe {
	if p := t.byNumber[number]; p != nil {
		return p
	}
	p := &Probe{Number: number, Q: make([][]float64, t.topics)}
	for k := range p.Q {
		p.Q[k] = slices.Repeat([]float64{math.NaN()}, len(t.columns))
	}
	t.byNumber[number] = p
	t.order = append(t.order, number)
	return p
}

func (t *table) probes() ([]Probe, error) {
	var out []Probe
	for _, number := range t.order {
		p := t.byNumber[number]
		for k, q := range p.Q {
			if c := slices.IndexFunc(q, math.IsNaN); c >= 0 {
				return nil, fmt.Errorf("probe %d has no probability for topic %d, class %s", number, k, t.columns[c])
			}
		}
		out = append(out, *p)
	}
	return out, nil
}
