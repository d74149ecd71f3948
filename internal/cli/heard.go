package cli

import (
	"fmt"

	"lbprobe/internal/pipeline"
)

// printListened decodes what a hidden test has told so far, and prints it.
func (a *app) printListened(s *pipeline.Session) error {
	heard, err := s.Listen()
	if err != nil {
		return err
	}
	a.progress.stop()
	return a.printHeard(heard)
}

// printMessages prints what was told besides the topics, each count beside its share in what can be seen.
func (a *app) printMessages(h *pipeline.Heard) {
	for _, m := range h.Messages {
		fmt.Fprintf(a.stdout, "%-16s  %15s  %16s  %8s\n", m.Message, "rows in all", "share", m.Seen)
		for _, c := range m.Counts {
			fmt.Fprintf(a.stdout, "  %-14s  %15s  %16s  %8.4f\n", c.Name, between([2]int{c.Lo, c.Hi}), fmt.Sprintf("%.4f to %.4f", c.Share[0], c.Share[1]), c.Seen)
		}
		fmt.Fprintln(a.stdout)
	}
}

// printHeard prints what a hidden test has told through the channel.
func (a *app) printHeard(h *pipeline.Heard) error {
	if a.json {
		return a.printJSON(h)
	}
	fmt.Fprintf(a.stdout, "%s: %s of the topics in a hidden test, by the channel\n\n", h.Experiment, h.Target)
	if len(h.Topics) > 0 {
		fmt.Fprintf(a.stdout, "%5s  %15s  %6s  %-12s  %s\n", "topic", "rows in all", "P", "private part", "name")
		for _, t := range h.Topics {
			fmt.Fprintf(a.stdout, "%5d  %15s  %6.3f  %-12s  %s\n", t.Topic, between([2]int{t.Lo, t.Hi}), t.Private, t.Verdict, t.Name)
		}
		fmt.Fprintf(a.stdout, "\nRows are public, private and ignored ones together. P: chance that one is private, if the split is random and there are no more rows than\nthe fewest told; from %d rows on it is as sure as was asked.\n", h.Cut)
	}
	a.printMessages(h)
	fmt.Fprintln(a.stdout, h.Summary())
	for _, miss := range h.Misses {
		fmt.Fprintf(a.stdout, "not the truth: %s\n", miss)
	}
	fmt.Fprintf(a.stdout, "next: %s\n", h.Steps)
	return nil
}
