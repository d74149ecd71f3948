package pipeline

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"lbprobe/experiments/corpus/duplicates"
	"lbprobe/internal/fault"
	"lbprobe/internal/notebook"
	"lbprobe/probes/channel"
)

// censusPlace is the file of a [census].
const censusPlace = "corpus/messages.json"

// censusSettings are the settings that a census depends on.
var censusSettings = []string{"corpus.format", "corpus.text", "corpus.id", "corpus.turns", "competition.id", "competition.label", "competition.classes",
	"probe.channel.messages"}

// census is what the messages of a channel would say of rows that can be seen: those of train, or where there is no train those of the corpus.
type census struct {
	Set      string           `json:"set"` // train or corpus
	Rows     int              `json:"rows"`
	Messages []notebook.Tally `json:"messages"`
}

// census counts what can be seen, unless that was done.
func (s *Session) census() (*census, error) {
	folder, err := s.open()
	if err != nil {
		return nil, err
	}
	p := s.censusPart()
	hash, err := s.inputs(censusSettings, append(slices.Clone(p.paths), s.Experiment.Hashes())...)
	if err != nil {
		return nil, err
	}
	if folder.Fresh("messages", hash) {
		return readCensus(folder.Path(filepath.FromSlash(censusPlace)))
	}
	s.step("counting what the messages would say of " + p.set)
	seen, err := s.readRows(p)
	if err != nil {
		return nil, err
	}
	hashes, err := s.readHashes()
	if err != nil {
		return nil, err
	}
	out := &census{Set: p.set, Rows: len(seen.ids)}
	for _, message := range s.Experiment.Probe.Channel.Messages {
		t, err := notebook.NewTally(message, seen.counted(), hashes)
		if err != nil {
			return nil, err
		}
		out.Messages = append(out.Messages, t)
	}
	if err := folder.WriteJSON(censusPlace, out); err != nil {
		return nil, err
	}
	return out, folder.Done("messages", hash, censusPlace)
}

// censusPart is what can be seen and is most like the test.
func (s *Session) censusPart() part {
	parts := s.parts()
	return parts[len(parts)-1] // the test is hidden: it is none of them
}

// readCensus reads messages.json.
func readCensus(path string) (*census, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	out := &census{}
	if err := json.Unmarshal(text, out); err != nil {
		return nil, fault.Damaged(path, err)
	}
	return out, nil
}

// extras are the messages that the experiment asks for, with what is believed of them. How many test rows are near the hashes is not believed to be as in
// train: the hashes may be of train itself.
func (s *Session) extras() (out []channel.Extra, err error) {
	if len(s.Experiment.Probe.Channel.Messages) == 0 {
		return nil, nil
	}
	seen, err := s.census()
	if err != nil {
		return nil, err
	}
	for _, t := range seen.Messages {
		e := channel.Extra{Name: t.Message, Labels: t.Labels, Train: t.Rows}
		if t.Message == notebook.OverlapMessage {
			e.Train = nil
		}
		out = append(out, e)
	}
	return out, nil
}

// readHashes reads the file of hashes that rows are held against; nil where there is none.
func (s *Session) readHashes() (hashes *duplicates.Hashes, err error) {
	path := s.Experiment.Hashes()
	if path == "" {
		return nil, nil
	}
	if hashes, err = notebook.ReadIfThere(path, duplicates.ReadHashes); err != nil {
		return nil, s.Experiment.Fault("probe.channel.overlap", err.Error(), "Make it anew: lbprobe clean FILE -o OUT --hashes "+path)
	}
	return hashes, nil
}
