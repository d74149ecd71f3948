package pipeline

import (
	"os"
	"path/filepath"
	"strings"

	"lbprobe/experiments/compare"
	"lbprobe/experiments/embed"
	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
)

// Codebook reads the topics that the experiment has learned, and the embedder that was frozen with them.
func (s *Session) Codebook() (*compare.Book, error) {
	folder, err := s.open()
	if err != nil {
		return nil, err
	}
	at := func(place string) string { return folder.Path(filepath.FromSlash(place)) }
	if _, there := existing(at(notebook.CodebookPlace)); !there {
		return nil, &fault.Error{File: folder.Path("topics"), Msg: "there are no topics yet", Fix: "Make them: lbprobe topics " + s.Experiment.Path}
	}
	frozen, err := notebook.Thaw(folder.Path("topics"))
	if err != nil {
		return nil, err
	}
	book := &compare.Book{From: s.Experiment.Name, Topics: *frozen}
	if s.Experiment.Embedding.Source == tfidfSVD {
		if book.Embedder, err = readEmbedder(at(notebook.EmbedderPlace)); err != nil {
			return nil, err
		}
	}
	return book, readTable(folder, "topics/topics.csv", []string{"keywords"}, func(cell func(string) string) error {
		book.Keywords = append(book.Keywords, strings.Split(cell("keywords"), "; "))
		return nil
	})
}

// readEmbedder reads the built-in embedder as it was frozen.
func readEmbedder(path string) (*embed.TFIDF, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault.Damaged(path, err)
	}
	defer file.Close()
	t, err := embed.ReadTFIDF(file)
	if err != nil {
		return nil, fault.Damaged(path, err)
	}
	return t, nil
}
