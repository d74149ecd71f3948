package experiments

import (
	"fmt"
	"slices"
	"strconv"

	"lbprobe/internal/fault"
)

// overlapMessage is the message that needs a file of hashes.
const overlapMessage = "overlap"

// messageNames are what a channel can tell besides the topics.
var messageNames = []string{"languages", "lengths", "turns", overlapMessage}

// messages is a list of messages, each once.
func messages(key string, dst *[]string) setting {
	s := texts(key, dst, messageNames)
	read := s.read
	s.read = func(v any) *trouble {
		list, ok := asTexts(v)
		if !ok {
			return read(v)
		}
		for i, name := range list {
			if !slices.Contains(messageNames, name) {
				return unknownMessage(key, name, list)
			}
			if slices.Contains(list[:i], name) {
				return &trouble{strconv.Quote(name) + " stands in it twice", write(key, slices.Compact(slices.Sorted(slices.Values(list))))}
			}
		}
		return read(v)
	}
	return s
}

// unknownMessage says that a word is no message, and which was meant.
func unknownMessage(key, name string, list []string) *trouble {
	near, distance := fault.Nearest(name, messageNames)
	if !fault.Alike(name, distance) {
		return &trouble{unknownWord(key, name, messageNames, nil).msg, "Leave it out"}
	}
	meant := slices.Clone(list)
	meant[slices.Index(meant, name)] = near
	return &trouble{unknownWord(key, name, messageNames, nil).msg, write(key, meant)}
}

// checkMessages asks whether the message of overlap has the hashes that it needs.
func (e *Experiment) checkMessages() error {
	if e.Asks(overlapMessage) && e.Probe.Channel.Overlap == "" {
		return e.Fault("probe.channel.overlap", fmt.Sprintf("is missing; the message %q counts test rows that have a near duplicate in a file of hashes", overlapMessage),
			addTo("probe.channel.overlap", "hashes.bin")+"; lbprobe clean FILE -o OUT --hashes hashes.bin makes one")
	}
	return nil
}

// Asks tells whether a message besides the topics is asked for, by its name.
func (e *Experiment) Asks(message string) bool {
	return e.Competition.Hidden && slices.Contains(e.Probe.Channel.Messages, message)
}

// Hashes is the file of hashes that the notebook holds its rows against. Empty where it holds them against none.
func (e *Experiment) Hashes() string {
	if e.Asks(overlapMessage) {
		return e.Probe.Channel.Overlap
	}
	return ""
}
