package notebook

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/embed"
	"lbprobe/experiments/topics"
	"lbprobe/internal/fault"
)

// Places in the run folder of what the topics stage leaves. A bundle's data set holds the same files side by side, by their base names.
const (
	EmbedderPlace  = "topics/embedder.bin"
	CentroidsPlace = "topics/centroids.npy"
	CodebookPlace  = "topics/codebook.json"
	ReferencePlace = "topics/reference" // .jsonl and .npy
)

// Codebook is what it takes, beside centroids.npy and the embedder, to give a new row its topic.
type Codebook struct {
	K           int      `json:"k"` // without the topic "other"
	Dimension   int      `json:"dimension"`
	Distance    string   `json:"distance"`
	OtherRadius *float64 `json:"other_radius"` // rows farther than this from every centroid are of the topic "other"; null: there is none
	Embedding   string   `json:"embedding"`
	Hash        string   `json:"hash"` // SHA-256 of centroids, radius and what embeds: equal hashes give equal rows equal topics
}

// ReadCodebook reads codebook.json.
func ReadCodebook(path string) (c Codebook, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return c, fmt.Errorf("codebook: %w", err)
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fault.Damaged(path, err)
	}
	return c, nil
}

// Thaw joins the codebook.json and the centroids.npy of a folder, be it a data set or topics of a run folder.
func Thaw(dir string) (*topics.Codebook, error) {
	c, err := ReadCodebook(filepath.Join(dir, filepath.Base(CodebookPlace)))
	if err != nil {
		return nil, err
	}
	centroids := filepath.Join(dir, filepath.Base(CentroidsPlace))
	m, err := ReadMatrix(centroids)
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

// ReadMatrix reads a .npy file into memory.
func ReadMatrix(path string) (blas32.General, error) {
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

// WriteStrings writes texts as JSON, one a line.
func WriteStrings(w io.Writer, texts []string) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, text := range texts {
		if err := encoder.Encode(text); err != nil {
			return err
		}
	}
	return nil
}

// readStrings reads what WriteStrings wrote.
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
