package duplicates

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// A file of hashes, all numbers little endian:
//
//	8 bytes    "LBPNEAR1"; another version has another last character
//	3 uint32   tokens of a shingle (3), bins of a sketch (64), bins that must agree (45)
//	uint64     n, the distinct prompts
//	n uint64   fingerprints, ascending
//	n×64 bytes sketches, in the order of the fingerprints
//	32 bytes   SHA-256 of all before
//
// A prompt is normalised (see Normalise). Its fingerprint is the first 8 bytes of its SHA-256, and so is the hash t of a token. A shingle folds its tokens:
// h = rotl64(h·g + t, 29) from h = 0, g = 0x9e3779b97f4a7c15; then mixed by the finaliser of MurmurHash3, upper 32 bits. The set of a prompt's shingles is
// sketched (see sketch); of each bin the lowest byte is kept (b-bit minwise hashing, Li and König 2010). All of it can be had with Python's
// standard library: testdata/hashes.py does.
//
// Two sketches agree in a bin with a chance of s + (1-s)/256, s being the similarity of the two sets of shingles. A text is near a prompt if 45 of 64 bins agree
// and four in a row do, from a multiple of 4 on, which is what a reader can look up.
const (
	hashesMagic   = "LBPNEAR1"
	hashesBins    = 64
	hashesAgree   = 45
	hashesBand    = 4
	hashesHead    = len(hashesMagic) + 3*4 + 8
	hashesPrompt  = 8 + hashesBins
	mostOfHashes  = 1 << 31
	hashesTrailer = sha256.Size
)

// hashed is one prompt.
type hashed struct {
	print  uint64
	sketch [hashesBins]byte
}

// hasher makes hashed prompts; it is used again for text after text.
type hasher struct {
	text []byte
	set  set
	bins [hashesBins]uint64
}

// sum hashes a text; ok is false for a text without any token.
func (h *hasher) sum(text string) (p hashed, ok bool) {
	h.text = Normalise(h.text[:0], text)
	h.set.fill(h.text, defaultShingle, sha64)
	sketch(h.bins[:], h.set.list)
	p.print = sha64(h.text)
	for i, v := range h.bins {
		p.sketch[i] = byte(v)
	}
	return p, len(h.set.list) > 0
}

func sha64(b []byte) uint64 {
	sum := sha256.Sum256(b)
	return binary.LittleEndian.Uint64(sum[:])
}

// HashSet collects the prompts of a set for a file of hashes: 72 bytes a prompt.
type HashSet struct {
	hasher
	prompts []hashed
}

// Add puts a prompt into the set. A text without any token is no prompt.
func (s *HashSet) Add(text string) {
	if p, ok := s.sum(text); ok {
		s.prompts = append(s.prompts, p)
	}
}

// WriteTo writes the file. Equal sets give equal bytes, in whatever order their prompts came.
func (s *HashSet) WriteTo(w io.Writer) (int64, error) {
	slices.SortFunc(s.prompts, func(a, b hashed) int { return cmp.Compare(a.print, b.print) })
	s.prompts = slices.CompactFunc(s.prompts, func(a, b hashed) bool { return a.print == b.print })
	b := make([]byte, 0, hashesHead+len(s.prompts)*hashesPrompt+hashesTrailer)
	b = append(b, hashesMagic...)
	for _, n := range []uint32{defaultShingle, hashesBins, hashesAgree} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(len(s.prompts)))
	for i := range s.prompts {
		b = binary.LittleEndian.AppendUint64(b, s.prompts[i].print)
	}
	for i := range s.prompts {
		b = append(b, s.prompts[i].sketch[:]...)
	}
	sum := sha256.Sum256(b)
	n, err := w.Write(append(b, sum[:]...))
	return int64(n), err
}

// Hashes is a file of hashes, ready to be asked. It is for one goroutine.
type Hashes struct {
	hasher
	prints   []uint64
	sketches []byte        // hashesBins a prompt
	bands    [][]bandEntry // sorted by key
}

type bandEntry struct{ key, prompt uint32 }

// ReadHashes reads a file of hashes from end to end. Its errors say what is wrong with the file.
func ReadHashes(r io.Reader) (*Hashes, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	n, err := checkHashes(b)
	if err != nil {
		return nil, err
	}
	h := &Hashes{prints: make([]uint64, n)}
	b = b[hashesHead : len(b)-hashesTrailer]
	for i := range h.prints {
		h.prints[i] = binary.LittleEndian.Uint64(b[8*i:])
		if i > 0 && h.prints[i] <= h.prints[i-1] {
			return nil, fmt.Errorf("fingerprint %d is not above the one before", i)
		}
	}
	h.sketches = b[8*n:]
	h.sortBands()
	return h, nil
}

// checkHashes returns the number of prompts of a file that is whole.
func checkHashes(b []byte) (n int, err error) {
	if len(b) < hashesHead+hashesTrailer || !bytes.HasPrefix(b, []byte(hashesMagic)) {
		return 0, fmt.Errorf("not a file of hashes of version 1: it does not begin with %q", hashesMagic)
	}
	at := len(hashesMagic)
	for i, want := range []uint32{defaultShingle, hashesBins, hashesAgree} {
		if got := binary.LittleEndian.Uint32(b[at+4*i:]); got != want {
			return 0, fmt.Errorf("parameter %d of its head is %d; this version reads %d", i+1, got, want)
		}
	}
	prompts := binary.LittleEndian.Uint64(b[hashesHead-8:])
	if have := len(b) - hashesHead - hashesTrailer; prompts > mostOfHashes || int(prompts)*hashesPrompt != have {
		return 0, fmt.Errorf("its head says %d prompts of %d bytes, but there are %d bytes", prompts, hashesPrompt, have)
	}
	body := len(b) - hashesTrailer
	if sum := sha256.Sum256(b[:body]); !bytes.Equal(sum[:], b[body:]) {
		return 0, fmt.Errorf("its checksum is not that of its content: it is damaged")
	}
	return int(prompts), nil
}

// sortBands makes the sketches searchable.
func (h *Hashes) sortBands() {
	h.bands = make([][]bandEntry, hashesBins/hashesBand)
	for b := range h.bands {
		entries := make([]bandEntry, len(h.prints))
		for i := range entries {
			entries[i] = bandEntry{binary.LittleEndian.Uint32(h.sketches[i*hashesBins+b*hashesBand:]), uint32(i)}
		}
		slices.SortFunc(entries, func(a, b bandEntry) int { return cmp.Compare(a.key, b.key) })
		h.bands[b] = entries
	}
}

// Len is the number of distinct prompts.
func (h *Hashes) Len() int { return len(h.prints) }

// Contains reports whether the set has an exact duplicate of the text. It is wrong with a chance of n/2^64 at most.
func (h *Hashes) Contains(text string) bool {
	p, ok := h.sum(text)
	if !ok {
		return false
	}
	_, found := slices.BinarySearch(h.prints, p.print)
	return found
}

// NearDuplicate reports whether the set has a prompt whose sketch agrees with the text's in 45 of 64 bins. Over edited prompts of 10 words and
// more that is so for 0.999 of the pairs whose similarity is 0.8 or more, 0.84 from 0.7 on, 0.18 from 0.6 on, 0.002 from 0.5 on and none below
// (TestNearDuplicate).
func (h *Hashes) NearDuplicate(text string) bool {
	p, ok := h.sum(text)
	if !ok {
		return false
	}
	if _, found := slices.BinarySearch(h.prints, p.print); found {
		return true
	}
	for b, entries := range h.bands {
		key := binary.LittleEndian.Uint32(p.sketch[b*hashesBand:])
		at, _ := slices.BinarySearchFunc(entries, key, func(e bandEntry, key uint32) int { return cmp.Compare(e.key, key) })
		for ; at < len(entries) && entries[at].key == key; at++ {
			if h.agree(int(entries[at].prompt), &p.sketch) >= hashesAgree {
				return true
			}
		}
	}
	return false
}

// agree counts the bins in which a prompt's sketch is like another.
func (h *Hashes) agree(prompt int, sketch *[hashesBins]byte) (n int) {
	for i, v := range h.sketches[prompt*hashesBins : (prompt+1)*hashesBins] {
		if v == sketch[i] {
			n++
		}
	}
	return n
}
