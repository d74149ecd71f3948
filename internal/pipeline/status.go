package pipeline

import (
	"slices"
	"strings"

	"lbprobe/analysis"
	"lbprobe/results"
)

// Status is where an experiment stands.
type Status struct {
	Experiment string   `json:"experiment"`
	Folder     string   `json:"folder"`
	Board      string   `json:"board"`
	Stages     []Fresh  `json:"stages"`
	Probes     int      `json:"probes"`
	Read       int      `json:"scores_read"`
	Pending    []string `json:"pending"` // files without a score
	Budget     int      `json:"budget"`
	PerDay     int      `json:"submissions_per_day"`
	Today      int      `json:"recorded_today"` // scores of the present UTC day
	LeftToday  int      `json:"left_today"`     // as far as the ledger knows
	Left       int      `json:"left_in_budget"`
	Next       string   `json:"next"`
}

// Fresh is a stage and whether its files stand as the present inputs make them.
type Fresh struct {
	Stage string `json:"stage"`
	State string `json:"state"` // fresh, stale or missing
}

// Status reads the run folder and changes nothing.
func (s *Session) Status() (*Status, error) {
	e := s.Experiment
	out := &Status{Experiment: e.Name, Folder: s.Folder(), Board: e.Competition.Board, Budget: e.Probe.Budget, PerDay: e.Competition.SubmissionsPerDay,
		LeftToday: e.Competition.SubmissionsPerDay, Left: e.Probe.Budget, Pending: []string{}, Next: "lbprobe run " + e.Path}
	folder, err := s.open()
	if err != nil {
		if _, there := existing(s.Folder()); there {
			return nil, err
		}
		out.Stages = []Fresh{{"topics", "missing"}, {"generate", "missing"}, {"analyze", "missing"}}
		return out, nil
	}
	if err := s.stages(folder, out); err != nil {
		return nil, err
	}
	m, err := manifest(folder, manifestPlace)
	if err != nil || m == nil {
		return out, err
	}
	recorded, ledger, err := scores(folder, m)
	if err != nil {
		return nil, err
	}
	out.Probes, out.Read = len(m.Probes), len(recorded)
	for _, p := range m.Probes {
		if _, ok := recorded[p.Number]; !ok {
			out.Pending = append(out.Pending, p.File)
		}
	}
	out.Today = s.recordedToday(ledger.All())
	out.LeftToday = max(0, out.PerDay-out.Today)
	if out.Left, err = s.budgetLeft(folder, m); err != nil {
		return nil, err
	}
	if b, err := s.bench(); err == nil {
		if r, err := b.result(); err == nil && out.fresh("analyze") {
			return out, s.statusNext(b, r, out)
		}
	}
	return out, nil
}

// fresh tells whether a stage is.
func (o *Status) fresh(stage string) bool {
	return slices.Contains(o.Stages, Fresh{stage, "fresh"})
}

// recordedToday counts the probes whose first score was recorded on the present UTC day, and other submissions that were made on it. The board may
// have taken more: those without a score yet.
func (s *Session) recordedToday(entries []results.Entry) (n int) {
	today := s.options.Now().UTC().Format("2006-01-02")
	seen := map[string]bool{}
	for _, e := range entries {
		made := e.Probe > 0 || strings.HasPrefix(e.Submitted, today)
		if made && !seen[e.File] && e.Time.UTC().Format("2006-01-02") == today {
			n++
		}
		seen[e.File] = true
	}
	return n
}

// stages finds out what is fresh.
func (s *Session) stages(folder *results.Folder, out *Status) error {
	add := func(stage, place, hash string) bool {
		state := "stale"
		if _, there := existing(folder.Path(place)); !there {
			state = "missing"
		} else if hash != "" && folder.Fresh(stage, hash) {
			state = "fresh"
		}
		out.Stages = append(out.Stages, Fresh{stage, state})
		return state == "fresh"
	}
	hash, err := s.topicInputs()
	if err != nil {
		return err
	}
	design, analysis := "", ""
	if add("topics", "topics/topics.csv", hash) {
		h, err := s.shelf(folder)
		if err != nil {
			return err
		}
		if design, err = s.designInputs(h); err != nil {
			return err
		}
	}
	if add("generate", manifestPlace, design) {
		b, err := s.bench()
		if err != nil {
			return err
		}
		if analysis, err = s.analysisInputs(b); err != nil {
			return err
		}
	}
	add("analyze", analysisPlace, analysis)
	return nil
}

// statusNext says what is next once the scores are analysed. Where a notebook has told all, no submission is pending.
func (s *Session) statusNext(b *bench, r *analysis.Result, out *Status) error {
	next, err := s.nextSteps(b, r)
	if err != nil {
		return err
	}
	out.Next = next[0]
	if b.manifest.Bundle == "" {
		return nil
	}
	heard, err := s.hear(b.folder, b.manifest, datasetPlace)
	if err == nil && heard.next() == 0 {
		out.Pending = []string{}
	}
	return err
}
