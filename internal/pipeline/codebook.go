package pipeline

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/embed"
	"lbprobe/experiments/topics"
	"lbprobe/internal/fault"
	"lbprobe/results"
)

const (
	embedderPlace  = "topics/embedder.bin"
	centroidsPlace = "topics/centroids.npy"
	codebookPlace  = "topics/codebook.json"
	referencePlace = "topics/reference" // .jsonl and .npy
)

// codebook is what it takes, beside centroids.npy and the embedder, to give a new row its topic.
type codebook struct {
	K           int      `json:"k"` // without the topic "other"
	Dimension   int      `json:"dimension"`
	Distance    string   `json:"distance"`
	OtherRadius *float64 `json:"other_radius"` // rows farther than this from every centroid are of the topic "other"; null: there is none
	Embedding   string   `json:"embedding"`
	Hash        string   `json:"hash"` // SHA-256 of centroids, radius and what embeds: equal hashes give equal rows equal topics
}

// freeze fixes how rows get their topics.
func (c *clustering) freeze(v *vectors) error {
	e := c.session.Experiment
	c.codebook = codebook{K: c.book.Centroids.Rows, Dimension: c.book.Centroids.Cols, Distance: e.Topics.Distance, Embedding: e.Embedding.Source}
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

// readCodebook reads codebook.json.
func readCodebook(path string) (c codebook, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return c, fmt.Errorf("codebook: %w", err)
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fault.Damaged(path, err)
	}
	return c, nil
}

// thaw joins codebook.json and centroids.npy.
func thaw(book, centroids string) (*topics.Codebook, error) {
	c, err := readCodebook(book)
	if err != nil {
		return nil, err
	}
	m, err := readMatrix(centroids)
	if err != nil {
		return nil, err
	}
	if m.Rows != c.K || m.Cols != c.Dimension {
		return nil, fault.Damaged(centroids, fmt.Errorf("it is %d×%d, codebook.json says %d×%d", m.Rows, m.Cols, c.K, c.Dimension))
	}
	out := &topics.Codebook{Centroids: m, OtherRadius: math.Inf(1)}
	if c.OtherRadius != nil {
		out.OtherRadius = *c.OtherRadius
	}
	return out, nil
}

// readMatrix reads a .npy file into memory.
func readMatrix(path string) (blas32.General, error) {
	file, err := embed.OpenNPY(path)
	if err != nil {
		return blas32.General{}, err
	}
	defer file.Close()
	m, err := file.Matrix()
	if err != nil {
		return m, err
	}
	m.Data = append([]float32(nil), m.Data...) // it may be the mapped file itself
	return m, nil
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
	if err := folder.Write(referencePlace+".jsonl", func(w io.Writer) error { return writeStrings(w, r.texts) }); err != nil {
		return err
	}
	return folder.Write(referencePlace+".npy", func(w io.Writer) error { return embed.WriteNPY(w, r.vectors) })
}

// writeStrings writes texts as JSON, one a line.
func writeStrings(w io.Writer, texts []string) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, text := range texts {
		if err := encoder.Encode(text); err != nil {
			return err
		}
	}
	return nil
}

// readStrings reads what writeStrings wrote.
func readStrings(path string) (texts []string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	for decoder := json.NewDecoder(file); ; {
		var text string
		if err := decoder.Decode(&text); err == io.EOF {
			return texts, nil
		} else if err != nil {
			return nil, fault.Damaged(path, err)
		}
		texts = append(texts, text)
	}
}
