package channel

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
)

// size is how many counts a bucket has.
func (f Field) size(bucket int) int {
	if bucket+1 < len(f.Cuts) {
		return f.Cuts[bucket+1] - f.Cuts[bucket]
	}
	return f.Most - f.Cuts[bucket] + 1
}

// bits is the length of a message.
func (s *stream) bits() float64 { return log2(s.scale) - log2(s.width) }

// log2 of a positive integer.
func log2(v *big.Int) float64 {
	mantissa := new(big.Float)
	exponent := new(big.Float).SetInt(v).MantExp(mantissa)
	m, _ := mantissa.Float64()
	return float64(exponent) + math.Log2(m)
}

// draws are messages drawn from the belief.
type draws struct {
	table   *Table
	streams []*stream
}

// draw draws messages, the same ones for every table of the same options.
func (t *Table) draw(o Options, n int) (draws, error) {
	c, rng := t.code(), rand.New(rand.NewPCG(uint64(t.Rows[1]), uint64(len(o.Train))))
	out := draws{table: t}
	for range n {
		truth, err := t.values(o.Draw(rng))
		if err != nil {
			return out, fmt.Errorf("a message drawn from the belief: %w", err)
		}
		s := writer()
		c.pass(s, truth)
		out.streams = append(out.streams, s)
	}
	return out, nil
}

// submissions are those that the messages take, constants included, ascending.
func (d draws) submissions(levels int) []int {
	out := make([]int, len(d.streams))
	for i, s := range d.streams {
		out[i] = d.table.Constants + d.table.lay(s, levels).length
	}
	slices.Sort(out)
	return out
}

// bits is the mean length of the messages, the checksum included.
func (d draws) bits() float64 {
	sum := 0.0
	for _, s := range d.streams {
		sum += s.bits()
	}
	return sum/float64(len(d.streams)) + math.Log2(float64(d.table.Check))
}

// worst is a bound on the length of a message, in bits, its checksum included: every stage by the book of all messages alike, the rows of every topic
// the least likely.
func (t *Table) worst() float64 {
	bits := math.Log2(float64(t.Check))
	known := make([][]int, len(t.Fields)) // cuts that a field was refined by
	for _, s := range t.Stages {
		bits += s.escape()
		for _, f := range t.sent(s) {
			if s.Exact && t.Fields[f].Tally == Topics {
				bits += math.Log2(lawTop/lawFloor) + math.Log2(float64(t.Rows[1]+1))
				continue
			}
			bits += t.Fields[f].longest(known[f], t.cuts(s, f), len(s.Books) > 0, s.Exact)
			known[f] = t.cuts(s, f)
		}
	}
	return bits
}

// escape is what choosing the last book costs.
func (s Stage) escape() float64 {
	if len(s.Books) == 0 {
		return 0
	}
	total := 0
	for _, b := range s.Books {
		total += b.Weight
	}
	return math.Log2(float64(total) / float64(s.Books[len(s.Books)-1].Weight))
}

// longest is the most that a field refined by some cuts may cost when it is refined by others: all parts alike, or by its weights.
func (f Field) longest(known, cuts []int, alike, exact bool) float64 {
	most := 0.0
	classes, _ := f.split(span{f.Cuts[0], f.Most}, known)
	for _, class := range classes {
		parts, weights := f.split(class, cuts)
		total := 0
		for _, w := range weights {
			total += w
		}
		for i, p := range parts {
			bits := math.Log2(float64(total) / float64(weights[i]))
			if alike {
				bits = math.Log2(float64(len(parts)))
			}
			if exact {
				bits += math.Log2(float64(p.hi - p.lo + 1))
			}
			most = max(most, bits)
		}
	}
	return most
}
