package duplicates

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/zeebo/xxh3"
)

// Options says when two texts are near duplicates.
type Options struct {
	Threshold float64 // least Jaccard similarity of the two sets of shingles; 0: DefaultThreshold
	Shingle   int     // tokens of a shingle; 0: 3
}

// DefaultThreshold is the similarity from which on texts are near duplicates. A text of 40 words keeps it with one word changed in the middle,
// not with two far apart.
const DefaultThreshold = 0.8

// Match is a text of an index that is a near duplicate of another text.
type Match struct {
	Doc        int     // as Add counted it
	Similarity float64 // shared shingles over all shingles of the two, each counted once
}

// Index finds near duplicates among texts. It holds, of every text, its shingles as hashes of 4 bytes each and a few bytes for each band: about 650 bytes for a
// prompt of 40 words. It is for one goroutine.
type Index struct {
	threshold   float64
	shingle     int
	bands, rows int

	first    []int      // of document d: its shingles begin here; one entry more than documents
	shingles [][]uint32 // in chunks, so that growing copies nothing; a document is in one chunk

	table buckets
	next  []uint32 // of each place (document × band): the place before it in the same bucket, 0 for none

	now  set // the document in hand
	bins []uint64
	seen []uint32 // of each document: the query that looked at it last
	turn uint32
}

// NewIndex returns an empty index. It panics if the threshold is not from 0.1 to 1 or a shingle is negative: those are to be checked where they were
// given.
func NewIndex(o Options) *Index {
	if o.Threshold == 0 {
		o.Threshold = DefaultThreshold
	}
	if o.Shingle == 0 {
		o.Shingle = defaultShingle
	}
	if !(o.Threshold >= 0.1 && o.Threshold <= 1) || o.Shingle < 0 {
		panic(fmt.Sprintf("duplicates: threshold %g, shingle %d", o.Threshold, o.Shingle))
	}
	x := &Index{threshold: o.Threshold, shingle: o.Shingle, first: []int{0}}
	x.bands, x.rows = shape(o.Threshold)
	x.bins = make([]uint64, x.bands*x.rows)
	x.table.grow(1 << 12)
	return x
}

// Len is the number of texts that were added.
func (x *Index) Len() int { return len(x.first) - 1 }

// Take makes a normalised text the one in hand, for Matches and Add.
func (x *Index) Take(normalised []byte) {
	x.now.fill(normalised, x.shingle, xxh3.Hash)
	sketch(x.bins, x.now.list)
	for b := range x.bands {
		h := uint64(b)
		for _, v := range x.bins[b*x.rows : (b+1)*x.rows] {
			h = mix(h*multiplier + v)
		}
		x.bins[b] = h // a band's key stands where a bin was that is read already
	}
}

// Matches appends the texts of the index that are near duplicates of the one in hand, in the order in which they were added.
func (x *Index) Matches(dst []Match) []Match {
	start := len(dst)
	if x.turn++; x.turn == 0 {
		clear(x.seen)
		x.turn = 1
	}
	for _, key := range x.keys() {
		for at := x.table.head(uint32(key >> 32)); at != 0; at = x.next[at] {
			doc := int(at-1) / x.bands
			if x.seen[doc] == x.turn {
				continue
			}
			x.seen[doc] = x.turn
			if s, ok := x.similar(doc); ok {
				dst = append(dst, Match{doc, s})
			}
		}
	}
	slices.SortFunc(dst[start:], func(a, b Match) int { return cmp.Compare(a.Doc, b.Doc) })
	return dst
}

// Best is the most similar of the texts that are near duplicates of the one in hand, the earliest of several.
func (x *Index) Best(scratch []Match) (best Match, ok bool) {
	for _, m := range x.Matches(scratch[:0]) {
		if m.Similarity > best.Similarity {
			best, ok = m, true
		}
	}
	return best, ok
}

// keys are those of the bands of the text in hand; a text without shingles has none.
func (x *Index) keys() []uint64 {
	if len(x.now.list) == 0 {
		return nil
	}
	return x.bins[:x.bands]
}

// similar is the Jaccard similarity of a document and the text in hand, and whether it reaches the threshold.
func (x *Index) similar(doc int) (float64, bool) {
	other := x.document(doc)
	a, b := len(x.now.list), len(other)
	// The intersection i of similar sets is at least t(a+b)/(1+t). The margin is for rounding: the last word has the quotient.
	need := int(math.Ceil(x.threshold/(1+x.threshold)*float64(a+b) - 1e-6))
	if min(a, b) < need {
		return 0, false
	}
	shared, ok := x.now.shared(other, need)
	similarity := float64(shared) / float64(a+b-shared)
	return similarity, ok && similarity >= x.threshold
}

// Add puts the text in hand into the index and returns its number, counted from 0. It may be asked for its matches afterwards too.
func (x *Index) Add() int {
	doc := x.Len()
	x.keep()
	x.seen = append(x.seen, 0)
	if len(x.next) == 0 {
		x.next = append(x.next, 0) // place 0 means none
	}
	if uint64(len(x.next))+uint64(x.bands) > math.MaxUint32 {
		panic("duplicates: more texts than an index can hold")
	}
	for range x.bands - len(x.keys()) {
		x.next = append(x.next, 0)
	}
	for _, key := range x.keys() {
		x.next = append(x.next, x.table.push(uint32(key>>32), uint32(len(x.next))))
	}
	return doc
}

// chunk is how many shingles stand together.
const chunk = 1 << 20

// keep stores the shingles of the text in hand.
func (x *Index) keep() {
	n := len(x.now.list)
	last := len(x.shingles) - 1
	if last < 0 || len(x.shingles[last])+n > cap(x.shingles[last]) {
		last++
		x.shingles = append(x.shingles, make([]uint32, 0, max(chunk, n)))
		x.first[len(x.first)-1] = last << chunkBits
	}
	x.shingles[last] = append(x.shingles[last], x.now.list...)
	x.first = append(x.first, last<<chunkBits|len(x.shingles[last]))
}

// chunkBits is room for the place in a chunk.
const chunkBits = 32

// document is the shingles of a document.
func (x *Index) document(doc int) []uint32 {
	from, to := x.first[doc], x.first[doc+1]
	const place = 1<<chunkBits - 1
	c := x.shingles[from>>chunkBits]
	if to>>chunkBits != from>>chunkBits { // the next document begins another chunk
		return c[from&place:]
	}
	return c[from&place : to&place]
}

// buckets maps the 32-bit keys of bands to the last place that was pushed under them: open addressing, at most three quarters full.
type buckets struct {
	slots []bucket
	shift int // of a 32-bit product, to a slot
	used  int
}

type bucket struct{ key, head uint32 } // head 0: a free slot

func (t *buckets) grow(slots int) {
	old := t.slots
	t.slots, t.shift = make([]bucket, slots), 64-bits.TrailingZeros(uint(slots))
	for _, s := range old {
		if s.head != 0 {
			*t.find(s.key) = s
		}
	}
}

// find is the slot of a key, or the free one where it belongs.
func (t *buckets) find(key uint32) *bucket {
	mask := len(t.slots) - 1
	for i := int(uint64(key) * multiplier >> t.shift); ; i = (i + 1) & mask {
		if s := &t.slots[i]; s.key == key && s.head != 0 || s.head == 0 {
			return s
		}
	}
}

func (t *buckets) head(key uint32) uint32 { return t.find(key).head }

// push makes a place the head of its bucket and returns the one before.
func (t *buckets) push(key, place uint32) (before uint32) {
	if 4*t.used >= 3*len(t.slots) {
		t.grow(2 * len(t.slots))
	}
	s := t.find(key)
	if before = s.head; before == 0 {
		t.used++
	}
	*s = bucket{key, place}
	return before
}
