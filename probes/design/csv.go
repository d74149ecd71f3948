package design

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
)

var header = []string{"probe", "topic", "class", "probability"}

// AllTopics is how a prediction for the rows of every topic is written.
const AllTopics = "*"

// WriteCSV writes the design as probe,topic,class,probability, with 17 significant digits, so that reading it gives the same floats.
func (d *Design) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	if err := c.Write(header); err != nil {
		return err
	}
	for _, p := range d.Probes {
		for k, q := range p.Q {
			for i, v := range q {
				row := []string{strconv.Itoa(p.Number), strconv.Itoa(k), d.Classes[i], strconv.FormatFloat(v, 'g', 17, 64)}
				if err := c.Write(row); err != nil {
					return err
				}
			}
		}
	}
	c.Flush()
	return c.Error()
}

// ReadCSV reads the probes of a design.csv for a known number of topics and known classes. Every probe must hold every topic, or "*",
// and every class once.
func ReadCSV(r io.Reader, topics int, classes []string) ([]Probe, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = len(header)
	head, err := c.Read()
	if err != nil {
		return nil, err
	}
	if !slices.Equal(head, header) {
		return nil, fmt.Errorf("line 1: the header is %q, want %q", head, header)
	}
	t := table{topics: topics, classes: classes, byNumber: map[int]*Probe{}}
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
	topics   int
	classes  []string
	byNumber map[int]*Probe
	order    []int
}

func (t *table) add(rec []string) error {
	number, err := strconv.Atoi(rec[0])
	if err != nil || number < 1 {
		return fmt.Errorf("probe: %q is not a positive whole number", rec[0])
	}
	class := slices.Index(t.classes, rec[2])
	if class < 0 {
		return fmt.Errorf("class: %q is none of %q", rec[2], t.classes)
	}
	q, err := strconv.ParseFloat(rec[3], 64)
	if err != nil || !(q > 0 && q < 1) {
		return fmt.Errorf("probability: %q is not between 0 and 1", rec[3])
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
		if p.Q[k][class] != 0 {
			return fmt.Errorf("probe %d, topic %d, class %s stands twice", number, k, rec[2])
		}
		p.Q[k][class] = q
	}
	return nil
}

func (t *table) probe(number int) *Probe {
	if p := t.byNumber[number]; p != nil {
		return p
	}
	p := &Probe{Number: number, Q: make([][]float64, t.topics)}
	for k := range p.Q {
		p.Q[k] = make([]float64, len(t.classes))
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
			if c := slices.Index(q, 0); c >= 0 {
				return nil, fmt.Errorf("probe %d has no probability for topic %d, class %s", number, k, t.classes[c])
			}
		}
		out = append(out, *p)
	}
	return out, nil
}
