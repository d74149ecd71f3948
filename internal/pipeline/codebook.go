package pipeline

import (
	"encoding/json"
	"math"
	"os"
	"strings"

	"lbprobe/experiments/compare"
	"lbprobe/experiments/embed"
	"lbprobe/experiments/topics"
	"lbprobe/internal/fault"
)

// Codebook reads the topics that the experiment has learned, and the embedder that was frozen with them.
func (s *Session) Codebook() (*compare.Book, error) {
	folder, err := s.open()
	if err != nil {
		return nil, err
	}
	if _, there := existing(folder.Path("topics/codebook.json")); !there {
		return nil, &fault.Error{File: folder.Path("topics"), Msg: "there are no topics yet", Fix: "Make them: lbprobe topics " + s.Experiment.Path}
	}
	var frozen codebook
	data, err := os.ReadFile(folder.Path("topics/codebook.json"))
	if err == nil {
		err = json.Unmarshal(data, &frozen)
	}
	if err != nil {
		return nil, damaged(folder.Path("topics/codebook.json"), err)
	}
	book := &compare.Book{From: s.Experiment.Name, Topics: topics.Codebook{OtherRadius: math.Inf(1)}}
	if frozen.OtherRadius != nil {
		book.Topics.OtherRadius = *frozen.OtherRadius
	}
	centroids, err := embed.OpenNPY(folder.Path("topics/centroids.npy"))
	if err != nil {
		return nil, err
	}
	if book.Topics.Centroids, err = centroids.Matrix(); err != nil { // stays mapped while the process lives
		return nil, err
	}
	if frozen.Embedding != npy {
		if book.Embedder, err = readEmbedder(folder.Path("topics/embedder.bin")); err != nil {
			return nil, err
		}
	}
	return book, readTable(folder, "topics/topics.csv", []string{"keywords"}, func(cell func(string) string) error {
		book.Keywords = append(book.Keywords, strings.Split(cell("keywords"), "; "))
		return nil
	})
}

func readEmbedder(path string) (*embed.TFIDF, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, damaged(path, err)
	}
	defer file.Close()
	t, err := embed.ReadTFIDF(file)
	if err != nil {
		return nil, damaged(path, err)
	}
	return t, nil
}
