package pipeline

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"lbprobe/analysis"
	"lbprobe/experiments"
	"lbprobe/experiments/corpus"
	"lbprobe/probes/prior"
	"lbprobe/results/report"
)

// exemplarsShown is how many texts of a topic are read for the report.
const exemplarsShown = 3

// render writes the report of a result and returns it.
func (s *Session) render(b *bench, r *analysis.Result) (*report.Report, error) {
	page, err := s.page(b, r)
	if err != nil {
		return nil, err
	}
	if err := b.folder.Write(picturePlace, page.SVG); err != nil {
		return nil, err
	}
	return page, b.folder.Write(reportPlace, page.Markdown)
}

// page gathers what the report shows.
func (s *Session) page(b *bench, r *analysis.Result) (*report.Report, error) {
	e := s.Experiment
	asked := report.Asked{Split: e.Probe.Split, Target: r.Target, Design: r.Design, Topics: len(b.shelf.topics), Classes: len(e.Competition.Classes),
		TestRows: len(b.shelf.ids), Certainty: e.Analysis.Certainty, FDR: e.Analysis.FDR, PresentFrom: presentFrom(e.Analysis.PresentFrom),
		Decimals: e.Competition.Decimals, Full: e.Competition.Full}
	page := &report.Report{Experiment: e.Name, Competition: e.Competition.Slug, Board: e.Competition.Board, Asked: asked, Result: *r,
		Warnings: append(e.Notes[:len(e.Notes):len(e.Notes)], b.dropped()...), Picture: filepath.Base(picturePlace), Path: b.folder.Path(filepath.FromSlash(reportPlace))}
	if rows := e.Competition.Rows; e.Competition.Hidden && rows.Lo == rows.Hi {
		page.Asked.TestRows = rows.Lo
	}
	var err error
	if page.Next, err = s.nextSteps(b, r); err != nil {
		return nil, err
	}
	if e.Corpus.URL != "" {
		page.Sources = []string{strings.Join(nonEmpty(e.Corpus.URL, e.Corpus.Licence), ", ")}
	}
	page.Scores = b.shown(r)
	if page.Topics, err = s.readTopics(b); err != nil {
		return nil, err
	}
	if page.Past, err = b.readPast(); err != nil {
		return nil, err
	}
	if page.Effort, err = s.effort(b); err != nil {
		return nil, err
	}
	if e.Competition.Board == simulated {
		stand, truth, err := s.truthOf(b, 0)
		if err != nil {
			return nil, err
		}
		page.Truth = s.compared(stand, r, stand.trueCounts(truth))
	}
	return page, nil
}

// shown are the probes as the report lists them.
func (b *bench) shown(r *analysis.Result) (out []report.Score) {
	for _, p := range b.manifest.Probes {
		entry := b.scores[p.Number]
		score := report.Score{Probe: p.Number, File: p.File, Public: entry.Public, Private: entry.Private}
		if entry.Corrects > 0 {
			score.Note = "corrected: " + entry.Reason
		}
		for _, r := range r.Residuals {
			switch {
			case r.Probe != p.Number:
			case r.Part == "":
				score.Residual = &r.Ticks
			default:
				score.PrivateResidual = &r.Ticks
			}
		}
		out = append(out, score)
	}
	return out
}

// dropped tells of rows that --skip-bad has left out of what the topics were learned from.
func (b *bench) dropped() (warnings []string) {
	var p corpus.Profile
	text, err := os.ReadFile(b.folder.Path("corpus", "profile.json"))
	if err != nil || json.Unmarshal(text, &p) != nil {
		return []string{"corpus/profile.json cannot be read: whether rows were left out is not known"}
	}
	for _, d := range p.Dropped {
		if d.Reason == corpus.Unreadable {
			warnings = append(warnings, fmt.Sprintf("%d of %d rows were left out because they cannot be read: see corpus/dropped.csv", d.Rows, p.Rows))
		}
	}
	return warnings
}

// compared holds a result against the truth.
func (s *Session) compared(h *shelf, r *analysis.Result, truth []analysis.Count) *report.Truth {
	private := 0
	for _, c := range truth {
		if c.Split == "private" && c.Topic == analysis.AllTopics && c.Class == "*" {
			private = c.Best
		}
	}
	out := report.Compare(*r, truth, s.Experiment.Analysis.PresentFrom.Of(private))
	out.Misses = append(out.Misses, missedMessages(h, r)...)
	return out
}

// effort compares the design with asking one topic at a time.
func (s *Session) effort(b *bench) (*report.Effort, error) {
	spec, err := s.belief(b.shelf)
	if err != nil {
		return nil, err
	}
	m, err := prior.New(spec)
	if err != nil {
		return nil, err
	}
	hand := 0
	for _, u := range m.Unknowns() {
		if u.Group != prior.PublicRows {
			hand++
		}
	}
	return &report.Effort{ByHand: hand, Lbprobe: len(b.manifest.Probes), Bound: b.manifest.Bound, PerDay: s.Experiment.Competition.SubmissionsPerDay}, nil
}

// readTopics reads what the report shows of each topic.
func (s *Session) readTopics(b *bench) ([]report.Topic, error) {
	out := make([]report.Topic, len(b.shelf.topics))
	for k, t := range b.shelf.topics {
		out[k] = report.Topic{Name: t.name, NamedBy: t.namedBy, Summary: t.summary, Keywords: t.keywords}
	}
	return out, eachExemplar(b.folder, len(out), func(k int, text string) {
		if len(out[k].Exemplars) < exemplarsShown {
			out[k].Exemplars = append(out[k].Exemplars, text)
		}
	})
}

// nextSteps says what to do next, in order.
func (s *Session) nextSteps(b *bench, r *analysis.Result) ([]string, error) {
	e := s.Experiment
	if r.Design == channelDesign {
		return s.channelSteps(b, r)
	}
	pending := len(b.manifest.Probes) - len(b.scores)
	for _, c := range r.Checks {
		if !c.OK && c.Name == analysis.ScorerCheck {
			return []string{fmt.Sprintf("write the clip and normalise that the scores fit, and a floor ten times the clip or more, then draw probes that it leaves alone: lbprobe run %s --new-round",
				e.Path)}, nil
		}
		if !c.OK && c.Probe > 0 {
			return []string{fmt.Sprintf("look the score of probe %d up again; if it is wrong: lbprobe record %s %d=SCORE --correct --reason TEXT", c.Probe, e.Path, c.Probe)}, nil
		}
	}
	switch {
	case r.Status == analysis.Misfit:
		return []string{fmt.Sprintf("hold every recorded score against the board's; mend what is wrong: lbprobe record %s NUMBER=SCORE --correct --reason TEXT", e.Path)}, nil
	case r.Status == analysis.Exact:
		return []string{"nothing: every count that was asked for is exact"}, nil
	case pending > 0 && b.manifest.Bundle != "":
		return s.bundleSteps(b)
	case pending > 0 && e.Competition.Board == simulated:
		return []string{fmt.Sprintf("%d submissions have no score: lbprobe run %s", pending, e.Path)}, nil
	case pending > 0:
		return []string{fmt.Sprintf("upload what %s lists, then: lbprobe record %s NUMBER=SCORE …", b.folder.Path(filepath.FromSlash(nextPlace)), e.Path)}, nil
	}
	return s.moreSteps(len(b.manifest.Probes), max(r.Identified.SubmissionsMore, 1)), nil
}

// moreSteps says how to get more probes, within the budget or beyond it.
func (s *Session) moreSteps(have, more int) []string {
	e := s.Experiment
	command := fmt.Sprintf("lbprobe generate %s --more %d && lbprobe run %s", e.Path, more, e.Path)
	if have+more > e.Probe.Budget {
		return []string{fmt.Sprintf("%d submissions do not settle every count. For more write budget = %d under [probe], then: %s", have, have+more, command)}
	}
	return []string{fmt.Sprintf("%d submissions do not settle every count. For more: %s", have, command)}
}

// presentFrom says how much of a topic makes it present.
func presentFrom(p experiments.PresentFrom) string {
	switch {
	case p.Share > 0:
		return fmt.Sprintf("%g %% of the rows", 100*p.Share)
	case p.Rows == 1:
		return "1 row"
	}
	return fmt.Sprintf("%d rows", p.Rows)
}

// nonEmpty leaves out empty texts.
func nonEmpty(texts ...string) (out []string) {
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}
