package duplicates

import "github.com/zeebo/xxh3"

// Covered is the share of the shingles of normalised parts of a text that a document of the index has too; 1 where no part is as long as
// a shingle. Together with the length of the gaps between the parts it tells whether the document can be the whole text.
func (x *Index) Covered(parts [][]byte, doc int) float64 {
	list := x.document(doc)
	x.other.reset(len(list))
	for _, h := range list {
		x.other.add(h)
	}
	return x.covered(parts, &x.other)
}

// CoveredNow is Covered for the text in hand.
func (x *Index) CoveredNow(parts [][]byte) float64 { return x.covered(parts, &x.now) }

func (x *Index) covered(parts [][]byte, in *set) float64 {
	all, shared := 0, 0
	for _, part := range parts {
		x.words = tokens(x.words[:0], part, xxh3.Hash)
		if len(x.words) < x.shingle {
			continue
		}
		hashShingles(x.words, x.shingle, func(h uint64) {
			all++
			if in.has(uint32(h >> 32)) {
				shared++
			}
		})
	}
	if all == 0 {
		return 1
	}
	return float64(shared) / float64(all)
}
