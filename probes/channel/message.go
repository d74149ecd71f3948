package channel

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"
)

// The tallies that the package knows by name.
const (
	Topics = "topics" // rows by topic
	Rows   = "rows"   // one count, all rows
)

// span is what is known of a count: it is from lo to hi.
type span struct{ lo, hi int }

// code is a table ready to code: the hash of its text, with which all checksums begin, is made once.
type code struct {
	*Table
	seed []byte
}

// code prepares the table. A message made with another table fails its checksum.
func (t *Table) code() code {
	h := sha256.New()
	if err := t.Write(h); err != nil {
		panic(fmt.Sprintf("channel: %v", err)) // a hash takes every byte, and every table has a JSON form
	}
	return code{t, h.Sum(nil)}
}

// walk is one passage through a message, for writer and reader alike, so that they can't differ in the order of symbols.
type walk struct {
	table  *Table
	stream *stream
	truth  []int  // of each field; nil for a reader
	known  []span // of each field
	coded  []byte // symbols so far
	stages int    // stages passed
	sound  bool   // the symbols are not such as can't be
}

// pass walks until the end, or for a reader to the first symbol that its digits leave open.
func (c code) pass(s *stream, truth []int) *walk {
	w := &walk{table: c.Table, stream: s, truth: truth, known: c.possible(), coded: slices.Clone(c.seed), sound: true}
	for _, stage := range c.Stages {
		if !w.stage(stage) {
			break
		}
		w.stages++
	}
	return w
}

// stage codes the symbols of a stage, with the book that makes the message shortest.
func (w *walk) stage(s Stage) bool {
	if len(s.Books) == 0 {
		return w.symbols(s, Book{Kind: Believed})
	}
	weights := make([]int, len(s.Books))
	for i, b := range s.Books {
		weights[i] = b.Weight
	}
	if w.truth == nil {
		i, ok := w.stream.pick(weights, 0)
		w.coded = binary.AppendUvarint(w.coded, uint64(i))
		return ok && w.symbols(s, s.Books[i])
	}
	var best *walk
	for i, b := range s.Books {
		try := *w
		try.stream, try.known, try.coded = w.stream.clone(), slices.Clone(w.known), binary.AppendUvarint(slices.Clone(w.coded), uint64(i))
		try.stream.pick(weights, i)
		if try.symbols(s, b) && (best == nil || try.stream.wider(best.stream)) {
			best = &try
		}
	}
	*w.stream = *best.stream // whoever began the walk reads its stream
	best.stream = w.stream
	*w = *best
	return true
}

// symbols codes a stage by one of its books. ok is false for a reader whose digits end before or spell what can't be, and for a writer whose message
// is not in the book.
func (w *walk) symbols(s Stage, b Book) (ok bool) {
	fields := w.table.sent(s)
	for i, f := range fields {
		if s.Exact && w.table.Fields[f].Tally == Topics {
			if !w.share(f, fields[i+1:]) {
				return false
			}
			continue
		}
		usual, ok := w.refine(f, w.table.cuts(s, f), b, len(fields)-i-1)
		if !usual {
			b.Most--
		}
		if !ok || s.Exact && !w.offset(f) {
			return false
		}
	}
	return true
}

// sent are the fields whose counts a stage sends.
func (t *Table) sent(s Stage) (fields []int) {
	for f, field := range t.Fields {
		if slices.Contains(s.Tallies, field.Tally) {
			fields = append(fields, f)
		}
	}
	return fields
}

// cuts are those that a stage refines a field by.
func (t *Table) cuts(s Stage, f int) []int {
	if len(s.Cuts) == 0 {
		return t.Fields[f].Cuts
	}
	return s.Cuts
}

// refine codes between which of the cuts a count lies; usual tells whether it is beyond the last, as ordinary counts are. rest fields of the
// stage follow.
func (w *walk) refine(f int, cuts []int, b Book, rest int) (usual, ok bool) {
	parts, weights := w.table.Fields[f].split(w.known[f], cuts)
	if len(parts) == 1 {
		return true, true
	}
	truth := -1
	if w.truth != nil {
		truth = slices.IndexFunc(parts, func(p span) bool { return p.lo <= w.truth[f] && w.truth[f] <= p.hi })
	}
	i, ok := w.stream.pick(b.weights(weights, rest), truth)
	if ok {
		w.known[f] = parts[i]
		w.coded = binary.AppendUvarint(w.coded, uint64(i))
	}
	return i == len(parts)-1, ok
}

// offset codes which count of a bucket it is.
func (w *walk) offset(f int) bool {
	in := w.known[f]
	if in.lo == in.hi {
		return true
	}
	truth := 0
	if w.truth != nil {
		truth = w.truth[f] - in.lo
	}
	i, ok := w.stream.number(in.hi-in.lo+1, truth)
	if ok {
		w.known[f] = span{in.lo + i, in.lo + i}
		w.coded = binary.AppendUvarint(w.coded, uint64(i))
	}
	return ok
}

// share codes the rows of a topic, of those that the topics before it have left to it and to the topics after it; the last topic's follow.
func (w *walk) share(f int, after []int) bool {
	left, others := w.rows(), 0
	for i, field := range w.table.Fields[:f] {
		if field.Tally == Topics {
			left -= w.known[i].lo
		}
	}
	in := w.known[f]
	lo, hi := left, left // less what the topics after it hold at most, and at least
	for _, i := range after {
		lo, hi = lo-w.known[i].hi, hi-w.known[i].lo
		if w.known[i].hi > 0 {
			others += w.table.Fields[i].Evidence
		}
	}
	lo, hi = max(lo, in.lo), min(hi, in.hi)
	if lo > hi { // classes that can't add up: a reader of wrong digits
		w.sound = false
		return false
	}
	n := lo
	if lo < hi {
		truth := lo
		if w.truth != nil {
			truth = w.truth[f]
		}
		var ok bool
		if n, ok = newLaw(left, w.table.Fields[f].Evidence, others, lo, hi).code(w.stream, truth); !ok {
			return false
		}
		w.coded = binary.AppendUvarint(w.coded, uint64(n))
	}
	w.known[f] = span{n, n}
	return true
}

// rows is the number of all rows, sent before those of the topics.
func (w *walk) rows() int {
	i := slices.IndexFunc(w.table.Fields, func(f Field) bool { return f.Tally == Rows })
	return w.known[i].lo
}

// least are the least counts that a walk leaves possible.
func (w *walk) least() []int {
	out := make([]int, len(w.known))
	for f, k := range w.known {
		out[f] = k.lo
	}
	return out
}

// hash is a number below n that the symbols decide, and salt.
func (w *walk) hash(salt int, n *big.Int) *big.Int {
	sum := sha256.Sum256(binary.AppendUvarint(slices.Clone(w.coded), uint64(salt)))
	return new(big.Int).Mod(new(big.Int).SetBytes(sum[:]), n)
}

// split divides a range of counts at those cuts that are cuts of the field, and sums the weights of its buckets by part. A range is made of whole
// buckets, or lies inside one.
func (f Field) split(in span, cuts []int) (parts []span, weights []int) {
	for i, from := range f.Cuts {
		to := f.Most
		if i+1 < len(f.Cuts) {
			to = f.Cuts[i+1] - 1
		}
		if to < in.lo || from > in.hi {
			continue
		}
		if len(parts) == 0 || slices.Contains(cuts, from) {
			parts, weights = append(parts, span{max(from, in.lo), to}), append(weights, 0)
		}
		parts[len(parts)-1].hi = min(to, in.hi)
		weights[len(weights)-1] += f.Weights[i]
	}
	return parts, weights
}

// digits are the first n digits that carry a message: as many as its layout takes, then hashes of it, which tell nothing new but that all is well.
func (c code) digits(truth []int, levels, n int) (digits []int, l laid) {
	s := writer()
	w := c.pass(s, truth)
	l = c.lay(s, levels)
	digits = l.frame.spell(new(big.Int).Add(l.first, w.hash(0, l.cells)), l.length)
	for len(digits) < n {
		digits = append(digits, int(w.hash(len(digits), big.NewInt(int64(levels))).Int64()))
	}
	return digits[:min(n, len(digits))], l
}
