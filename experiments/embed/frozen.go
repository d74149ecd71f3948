package embed

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/internal/fault"
)

// The frozen embedder, all numbers little endian:
//
//	8 bytes   "LBPTFIDF"
//	6 uint32  version, Dim, number of words, number of letter sequences, number of count weights, bytes of the terms
//	terms     each followed by a line feed: the words, then the sequences, either in byte order
//	float64   count weights; idf of every term
//	float32   directions, a row a term
//	32 bytes  SHA-256 of all before
const (
	frozenMagic   = "LBPTFIDF"
	frozenVersion = 1
	frozenHead    = len(frozenMagic) + 6*4
)

// WriteTo writes the embedder down, for ReadTFIDF. Equal embedders give equal bytes.
func (t *TFIDF) WriteTo(w io.Writer) (int64, error) {
	b := []byte(frozenMagic)
	terms := t.joinedTerms()
	for _, n := range []int{frozenVersion, t.Dim(), len(t.known[words].terms), len(t.known[grams].terms), len(t.weight), len(terms)} {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	b = append(b, terms...)
	for _, x := range slices.Concat(t.weight, t.idf[words], t.idf[grams]) {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	for kind := range kinds {
		for i := range t.direction[kind].Rows {
			for _, x := range rowOf(t.direction[kind], i) {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
			}
		}
	}
	sum := sha256.Sum256(b)
	n, err := w.Write(append(b, sum[:]...))
	return int64(n), err
}

func (t *TFIDF) joinedTerms() string {
	var b strings.Builder
	for kind := range kinds {
		for _, term := range t.known[kind].terms {
			b.WriteString(term + "\n")
		}
	}
	return b.String()
}

// ReadTFIDF reads what WriteTo wrote, to the end of r. Anything else is a fault: a file cut short or altered never embeds.
func ReadTFIDF(r io.Reader) (*TFIDF, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, &fault.Error{Msg: "the frozen embedder can't be read: " + fault.Reason(err), Err: err}
	}
	if len(b) < frozenHead+sha256.Size || string(b[:len(frozenMagic)]) != frozenMagic {
		return nil, notFrozen("is no frozen embedder")
	}
	if v := binary.LittleEndian.Uint32(b[len(frozenMagic):]); v != frozenVersion {
		return nil, notFrozen(fmt.Sprintf("is a frozen embedder of version %d; version %d is read", v, frozenVersion))
	}
	body, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if want := sha256.Sum256(body); !bytes.Equal(sum, want[:]) {
		return nil, notFrozen("the frozen embedder is damaged: its checksum differs")
	}
	t, ok := decode(body)
	if !ok {
		return nil, notFrozen("the frozen embedder contradicts itself")
	}
	return t, nil
}

func notFrozen(msg string) error {
	return &fault.Error{Msg: msg, Fix: "Make it again with lbprobe topics"}
}

// decode reads a body whose checksum is right. It is false where lengths, order or values can't be what WriteTo writes.
func decode(body []byte) (*TFIDF, bool) {
	var head [5]uint64 // after the version
	for i := range head {
		head[i] = uint64(binary.LittleEndian.Uint32(body[len(frozenMagic)+4*(i+1):]))
	}
	dim, total, weights, bytesOfTerms := head[0], head[1]+head[2], head[3], head[4]
	rest := body[frozenHead:]
	if dim < 1 || dim > mostDim || weights != highestCount || uint64(len(rest)) != bytesOfTerms+8*(weights+total)+4*dim*total {
		return nil, false
	}
	terms, ok := splitTerms(string(rest[:bytesOfTerms]), int(head[1]), int(head[2]))
	if !ok {
		return nil, false
	}
	rest = rest[bytesOfTerms:]
	doubles, ok := readFloat64s(rest[:8*(weights+total)])
	if !ok {
		return nil, false
	}
	singles, ok := readFloat32s(rest[8*(weights+total):])
	if !ok {
		return nil, false
	}
	return assemble(int(dim), terms, doubles, singles), true
}

// assemble parts the numbers of a frozen embedder by kind.
func assemble(dim int, terms [kinds][]string, doubles []float64, singles []float32) *TFIDF {
	t := &TFIDF{weight: doubles[:highestCount]}
	doubles = doubles[highestCount:]
	for kind := range kinds {
		n := len(terms[kind])
		t.known[kind] = newVocabulary(terms[kind])
		t.idf[kind], doubles = doubles[:n], doubles[n:]
		t.direction[kind], singles = blas32.General{Rows: n, Cols: dim, Stride: dim, Data: singles[:n*dim]}, singles[n*dim:]
	}
	return t
}

// splitTerms cuts the terms apart; it is false unless there are so many of each kind in ascending order.
func splitTerms(joined string, nWords, nGrams int) (terms [kinds][]string, ok bool) {
	if strings.Count(joined, "\n") != nWords+nGrams || (joined != "" && !strings.HasSuffix(joined, "\n")) {
		return terms, false
	}
	all := strings.Split(joined, "\n")
	terms[words], terms[grams] = all[:nWords], all[nWords:nWords+nGrams]
	for _, list := range terms {
		for i := 1; i < len(list); i++ {
			if list[i-1] >= list[i] {
				return terms, false
			}
		}
	}
	return terms, true
}

// readFloat64s is false for NaN and infinities.
func readFloat64s(b []byte) ([]float64, bool) {
	values := make([]float64, len(b)/8)
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
		if values[i]-values[i] != 0 {
			return nil, false
		}
	}
	return values, true
}

// readFloat32s is false for NaN and infinities.
func readFloat32s(b []byte) ([]float32, bool) {
	values := make([]float32, len(b)/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		if values[i]-values[i] != 0 {
			return nil, false
		}
	}
	return values, true
}
