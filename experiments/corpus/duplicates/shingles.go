package duplicates

import (
	"bytes"
	"math/bits"
	"unicode/utf8"
)

// defaultShingle is the number of tokens of a shingle.
const defaultShingle = 3

// tokens appends the hash of every token of a normalised text.
func tokens(dst []uint64, text []byte, hash func([]byte) uint64) []uint64 {
	for len(text) > 0 {
		end := bytes.IndexByte(text, ' ')
		word := text
		if text = nil; end >= 0 {
			word, text = word[:end], word[end+1:]
		}
		dst = word64(dst, word, hash)
	}
	return dst
}

// word64 appends the tokens of a run without spaces: one, but for the characters that stand alone.
func word64(dst []uint64, word []byte, hash func([]byte) uint64) []uint64 {
	start := 0
	for i := 0; i < len(word); {
		if word[i] < firstAlone {
			i++
			continue
		}
		r, n := utf8.DecodeRune(word[i:])
		if standsAlone(r) {
			if i > start {
				dst = append(dst, hash(word[start:i]))
			}
			dst = append(dst, hash(word[i:i+n]))
			start = i + n
		}
		i += n
	}
	if start < len(word) {
		dst = append(dst, hash(word[start:]))
	}
	return dst
}

// firstAlone is the first byte of U+0E00 in UTF-8, the least character that may stand alone.
const firstAlone = 0xe0

// standsAlone tells whether a character is of a script that sets no spaces between words.
func standsAlone(r rune) bool {
	switch {
	case r < 0x0e00:
		return false
	case r < 0x10a0: // Thai, Lao, Tibetan, Burmese
		return true
	case r < 0x1780:
		return false
	case r < 0x1800: // Khmer
		return true
	case r < 0x2e80:
		return false
	case r < 0x3130: // radicals, CJK punctuation, kana
		return true
	case r < 0x3190: // Hangul letters
		return false
	case r < 0xa000: // Han
		return true
	}
	return r >= 0xf900 && r < 0xfb00 || r >= 0x20000 && r < 0x40000
}

// hashShingles calls take for the hash of every shingle of width tokens, repeated ones again.
func hashShingles(tokens []uint64, width int, take func(uint64)) {
	if len(tokens) == 0 {
		return
	}
	for i := 0; i == 0 || i+width <= len(tokens); i++ {
		h := uint64(0)
		for _, t := range tokens[i:min(i+width, len(tokens))] {
			h = bits.RotateLeft64(h*multiplier+t, 29)
		}
		take(mix(h))
	}
}

// multiplier is the odd number nearest to 2^64 divided by the golden ratio.
const multiplier = 0x9e3779b97f4a7c15

// mix is the finaliser of MurmurHash3 (Appleby): every bit of h moves every bit of the result with a chance of about one half.
func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// set is the shingles of one text, as 32-bit hashes, each once: a list in order of first appearance and a table to look them up in. It is used again
// for text after text.
type set struct {
	list  []uint32
	slots []uint64 // round<<32 | hash; another round is an empty slot
	round uint64
	words []uint64
}

// fill makes the set of a normalised text. hash is that of a token.
func (s *set) fill(text []byte, width int, hash func([]byte) uint64) {
	s.words = tokens(s.words[:0], text, hash)
	s.reset(len(s.words))
	hashShingles(s.words, width, func(h uint64) { s.add(uint32(h >> 32)) })
}

// reset empties the set and makes room for n members.
func (s *set) reset(n int) {
	s.list = s.list[:0]
	s.round++
	if 2*n > len(s.slots) || s.round == 1<<32 {
		s.slots, s.round = make([]uint64, 1<<bits.Len(uint(max(2*n, 64)))), 1
	}
}

func (s *set) add(h uint32) {
	want, mask := s.round<<32|uint64(h), uint32(len(s.slots)-1)
	for i := h & mask; ; i = (i + 1) & mask {
		if s.slots[i] == want {
			return
		}
		if s.slots[i]>>32 != s.round {
			s.slots[i] = want
			s.list = append(s.list, h)
			return
		}
	}
}

func (s *set) has(h uint32) bool {
	want, mask := s.round<<32|uint64(h), uint32(len(s.slots)-1)
	for i := h & mask; ; i = (i + 1) & mask {
		if s.slots[i] == want {
			return true
		}
		if s.slots[i]>>32 != s.round {
			return false
		}
	}
}

// shared counts the members of other that are in the set, and gives up with false when they cannot be at least need any more.
func (s *set) shared(other []uint32, need int) (int, bool) {
	spare := len(other) - need
	n := 0
	for _, h := range other {
		if s.has(h) {
			n++
		} else if spare--; spare < 0 {
			return n, false
		}
	}
	return n, n >= need
}
