package pipeline

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lbprobe/experiments/judge"
	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
	"lbprobe/results"
)

// Named is what has come of naming topics.
type Named struct {
	Offer  Offer        `json:"offer"`
	Topics []NamedTopic `json:"topics"`
	Spent  float64      `json:"spent_usd"`
	Path   string       `json:"topics_csv"`
}

// NamedTopic is one topic with its name, which is a label and no evidence.
type NamedTopic struct {
	Topic   int    `json:"topic"`
	Name    string `json:"name"` // empty: it has none
	Summary string `json:"summary"`
	NamedBy string `json:"named_by"`
	Reason  string `json:"reason"` // why it has no name
}

// NameTopics has the language model of [judge] name the topics by their exemplars, and puts the names into topics.csv. The topics are learned first, if
// need be; when they are learned anew their names are gone, and asking again costs nothing for those whose exemplars are the same. tell is told
// what it will cost, before anything is asked.
func (s *Session) NameTopics(ctx context.Context, tell func(text string)) (out *Named, err error) {
	key, err := s.needJudge(false)
	if err != nil {
		return nil, err
	}
	folder, h, err := s.sorted()
	if err != nil {
		return nil, err
	}
	exemplars, err := s.exemplars(folder, h)
	if err != nil {
		return nil, err
	}
	m, err := s.newModel(folder, judge.NameTemplate(), key)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	estimate, err := m.EstimateNames(exemplars)
	if err != nil {
		return nil, err
	}
	out = &Named{Offer: s.offer(m, estimate), Path: folder.Path("topics", "topics.csv")}
	if err := s.affordable(out.Offer, ""); err != nil {
		return nil, err
	}
	tell(out.Offer.String())
	s.step("naming topics")
	names, reasons, err := m.Names(ctx, exemplars, s.options.Advance)
	if err != nil {
		return nil, s.stopped(m, err)
	}
	out.Spent = m.Client.Spent()
	for k, t := range h.topics {
		n := s.christened(k, t, names[k], reasons[k])
		h.topics[k].name, h.topics[k].namedBy = n.Name, n.NamedBy
		out.Topics = append(out.Topics, n)
	}
	return out, s.writeNames(folder, out.Topics, h)
}

// christened is one topic with its name. The topic "other" keeps its own: it is what is left over, whatever its rows are about.
func (s *Session) christened(k int, t topic, n judge.Name, reason string) NamedTopic {
	switch {
	case t.isOther():
		return NamedTopic{Topic: k, Name: t.name}
	case reason != "":
		s.warn("topic %d has no name: %s", k, reason)
		return NamedTopic{Topic: k, Reason: reason}
	}
	return NamedTopic{Topic: k, Name: n.Title, Summary: n.Summary, NamedBy: s.Experiment.Judge.Model}
}

// exemplars are the texts nearest the centroid of each topic; none for the topic "other".
func (s *Session) exemplars(folder *results.Folder, h *shelf) ([][]string, error) {
	out := make([][]string, len(h.topics))
	return out, eachExemplar(folder, len(out), func(k int, text string) {
		if !h.topics[k].isOther() {
			out[k] = append(out[k], text)
		}
	})
}

// writeNames puts the names into topics.csv and the picture, which stay fresh outputs of the stage that has made them.
func (s *Session) writeNames(folder *results.Folder, names []NamedTopic, h *shelf) error {
	file, err := os.ReadFile(folder.Path("topics", "topics.csv"))
	if err != nil {
		return fmt.Errorf("run folder: %w", err)
	}
	records, err := csv.NewReader(strings.NewReader(string(file))).ReadAll()
	if err != nil || len(records) != len(names)+1 {
		return fault.Damaged(folder.Path("topics", "topics.csv"), fmt.Errorf("%d lines for %d topics: %w", len(records), len(names), err))
	}
	header := records[0]
	for k, n := range names {
		row := records[k+1]
		row[slices.Index(header, "name")], row[slices.Index(header, "named_by")], row[slices.Index(header, "summary")] = n.Name, n.NamedBy, n.Summary
	}
	err = table(folder, "topics/topics.csv", header, func(put func(...string) error) error {
		for _, row := range records[1:] {
			if err := put(row...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	centroids, err := notebook.ReadMatrix(folder.Path(filepath.FromSlash(notebook.CentroidsPlace)))
	if err != nil {
		return err
	}
	if err := s.drawTopics(folder, h.topics, centroids); err != nil {
		return err
	}
	hash, err := s.topicInputs()
	if err != nil {
		return err
	}
	return folder.Done("topics", hash, s.topicOutputs()...)
}
