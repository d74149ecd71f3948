package pipeline

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/embed"
	"lbprobe/internal/notebook"
	"lbprobe/results"
)

// freeze fixes how rows get their topics.
func (c *clustering) freeze(v *vectors) error {
	e := c.session.Experiment
	c.codebook = notebook.Codebook{K: c.book.Centroids.Rows, Dimension: c.book.Centroids.Cols, Distance: e.Topics.Distance, Embedding: e.Embedding.Source}
	if c.book.HasOther() {
		c.codebook.OtherRadius = &c.book.OtherRadius
	}
	embedder, err := v.identity()
	if err != nil {
		return err
	}
	c.codebook.Hash = results.HashOf(map[string]string{"centroids": matrixHash(c.book.Centroids), "embedder": embedder,
		"radius": fmt.Sprintf("%x", math.Float64bits(c.book.OtherRadius))})
	return nil
}

// hashBytes is the SHA-256 of bytes, as results.HashFile has it.
func hashBytes(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// identity tells embedders apart: by the frozen bytes of the built-in one, else by the script; vectors from files speak through the centroids.
func (v *vectors) identity() (string, error) {
	if v.tfidf != nil {
		var frozen bytes.Buffer
		_, err := v.tfidf.WriteTo(&frozen)
		return hashBytes(frozen.Bytes()), err
	}
	script := v.session.Experiment.Script()
	if script == "" {
		return npy, nil
	}
	return v.session.sum(script)
}

// matrixHash is the SHA-256 of a matrix's shape and numbers.
func matrixHash(m blas32.General) string {
	b := binary.LittleEndian.AppendUint64(nil, uint64(m.Cols))
	for i := range m.Rows {
		for _, x := range m.Data[i*m.Stride : i*m.Stride+m.Cols] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
	}
	return hashBytes(b)
}

// referenceTexts is how many texts of the corpus go into a bundle.
const referenceTexts = 64

// reference is texts of the corpus with their vectors: what embeds in the notebook must give them again.
type reference struct {
	texts   []string
	vectors blas32.General
}

// newReference takes texts that topics were learned from, evenly over the corpus.
func newReference(x blas32.General, from *rows) *reference {
	var kept []int
	for i, keep := range from.keep {
		if keep {
			kept = append(kept, i)
		}
	}
	n := min(referenceTexts, len(kept))
	out := &reference{vectors: blas32.General{Rows: n, Cols: x.Cols, Stride: x.Cols}}
	for i := range n {
		row := kept[i*len(kept)/n]
		out.texts = append(out.texts, from.texts[row])
		out.vectors.Data = append(out.vectors.Data, x.Data[row*x.Stride:row*x.Stride+x.Cols]...)
	}
	return out
}

// write leaves the reference in the run folder; there may be none.
func (r *reference) write(folder *results.Folder) error {
	if r == nil {
		return nil
	}
	if err := folder.Write(notebook.ReferencePlace+".jsonl", func(w io.Writer) error { return notebook.WriteStrings(w, r.texts) }); err != nil {
		return err
	}
	return folder.Write(notebook.ReferencePlace+".npy", func(w io.Writer) error { return embed.WriteNPY(w, r.vectors) })
}
