package pipeline

import (
	"fmt"
	"io"
	"path"
	"slices"

	"lbprobe/probes/design"
	"lbprobe/probes/submission"
	"lbprobe/results"
)

// designSettings are the settings that the probes are drawn by. What is believed about the counts has a say too, but a belief that changes does
// not make a design wrong.
var designSettings = []string{"seed", "probe", "competition.classes", "competition.column", "competition.range",
	"competition.outside", "competition.id", "competition.metric", "competition.decimals", "competition.noise",
	"competition.rounding", "competition.clip", "competition.normalise", "competition.rows", "competition.public", "competition.public_rows",
	"competition.unscored", "competition.private_scores"}

// Generated is a design on disk.
type Generated struct {
	Manifest submission.Manifest
	Done     bool // false: it was there already
	Added    int  // probes that were added to a design that was there
}

// Generate draws the design and writes its submissions, unless that was done with the same inputs. It learns the topics first, if need be.
func (s *Session) Generate() (*Generated, error) {
	folder, h, err := s.sorted()
	if err != nil {
		return nil, err
	}
	hash, err := s.designInputs(h)
	if err != nil {
		return nil, err
	}
	present, err := manifest(folder, manifestPlace)
	if err != nil {
		return nil, err
	}
	if present != nil && !s.options.Renew && s.options.More == 0 && folder.Fresh("generate", hash) {
		return &Generated{Manifest: *present}, nil
	}
	g := generator{Session: s, folder: folder, shelf: h, present: present}
	out, err := g.generate()
	if err != nil {
		return nil, err
	}
	if err := folder.Done("design", h.made); err != nil {
		return nil, err
	}
	outputs := outputsOf(out.Manifest)
	if out.Manifest.Bundle != "" {
		if outputs, err = s.bundleOutputs(folder); err != nil {
			return nil, err
		}
	}
	return out, folder.Done("generate", hash, outputs...)
}

// designInputs is the hash of what a design is made of.
func (s *Session) designInputs(h *shelf) (string, error) {
	settings := designSettings
	if s.Experiment.Competition.Hidden {
		settings = append(settings[:len(settings):len(settings)], bundleSettings...)
	}
	all := map[string]string{"settings": s.Experiment.HashOf(settings...), "topics": h.made}
	var err error
	if hashes := s.Experiment.Hashes(); hashes != "" {
		all["hashes"], err = s.sum(hashes)
	}
	return results.HashOf(all), err
}

// outputsOf are the files of a design.
func outputsOf(m submission.Manifest) []string {
	out := []string{designPlace, manifestPlace}
	for _, p := range m.Probes {
		out = append(out, path.Join("probes", p.File))
	}
	return out
}

// generator brings one design to the disk.
type generator struct {
	*Session
	folder  *results.Folder
	shelf   *shelf
	present *submission.Manifest // the design that is there; nil for none
	program string               // the lbprobe that goes into a bundle
}

// generate keeps the design that is there as far as the new one begins with it; else that is set aside.
func (g *generator) generate() (*Generated, error) {
	past, err := rounds(g.folder)
	if err != nil {
		return nil, err
	}
	if g.Experiment.Competition.Hidden {
		return g.generateBundle(past)
	}
	if g.present != nil && !g.options.Renew {
		out, err := g.extend(past)
		if out != nil || err != nil {
			return out, err
		}
	}
	if g.present != nil {
		why := "the settings of the design have changed"
		if g.options.Renew {
			why = "a new round was asked for"
		}
		if err := g.setAside(g.folder, g.present, why); err != nil {
			return nil, err
		}
		past = append(past, *g.present)
	}
	m, d, err := g.draw(past, 0)
	if err != nil {
		return nil, err
	}
	return &Generated{Manifest: m, Done: true}, g.write(m, d)
}

// extend keeps the design that is there, with more probes where the budget or the user asks for them. It returns nil where the settings ask for
// other probes. A design is never cut: what lies on the disk may be uploaded already.
func (g *generator) extend(past []submission.Manifest) (*Generated, error) {
	old := g.present.Probes
	least := len(old) + g.options.More
	spent, err := spentOn(g.folder, past...)
	if err != nil {
		return nil, err
	}
	if budget := g.Experiment.Probe.Budget; g.options.More > 0 && spent+least > budget {
		return nil, g.Experiment.Fault("probe.budget", fmt.Sprintf("%d submissions and %d more are above the budget of %d", spent+len(old), g.options.More,
			budget), fmt.Sprintf("Write: budget = %d", spent+least))
	}
	m, d, err := g.draw(past, least)
	if err != nil || len(m.Probes) < len(old) || !slices.Equal(old, m.Probes[:len(old)]) {
		return nil, err
	}
	if g.options.More > 0 && len(m.Probes) < least {
		return nil, g.Experiment.Fault("probe.design", fmt.Sprintf("%s has no more than %d submissions", m.Design, len(m.Probes)),
			"Write: design = \"lattice\", and set this design aside: --new-round")
	}
	if len(old) == len(m.Probes) && g.standing(m) {
		return &Generated{Manifest: m}, g.writeNext(g.folder, &m)
	}
	return &Generated{Manifest: m, Done: true, Added: len(m.Probes) - len(old)}, g.write(m, d)
}

// standing tells whether the files of the design lie on the disk as the manifest says.
func (g *generator) standing(m submission.Manifest) bool {
	if _, err := g.readDesign(g.folder, &m, len(g.shelf.topics)); err != nil {
		return false
	}
	return !slices.ContainsFunc(m.Probes, func(p submission.Entry) bool {
		sum, err := results.HashFile(g.folder.Path("probes", p.File))
		return err != nil || sum != p.SHA256
	})
}

// draw lays out a design of `least` probes or more and names its files, without writing any.
func (g *generator) draw(past []submission.Manifest, least int) (submission.Manifest, *design.Design, error) {
	spent, err := spentOn(g.folder, past...)
	if err != nil {
		return submission.Manifest{}, nil, err
	}
	p, d, err := g.plan(g.shelf, drawing{round: len(past), spent: spent, least: least})
	if err != nil {
		return submission.Manifest{}, nil, err
	}
	if len(d.Probes) == 0 {
		return submission.Manifest{}, nil, g.Experiment.Fault("probe.budget", fmt.Sprintf("designs before have spent %d of %d submissions", spent,
			g.Experiment.Probe.Budget), "Raise it")
	}
	g.tellShort(p)
	m := submission.Manifest{Experiment: g.Experiment.Name, Design: string(d.Kind), Target: string(d.Target), Bound: p.Designs[0].Bound}
	for i := range d.Probes {
		probe := &d.Probes[i]
		probe.Number = nextNumber(past...) + i
		entry, err := g.template().Entry(io.Discard, m.Experiment, probe.Number, probe.Q)
		if err != nil {
			return m, nil, err
		}
		m.Probes = append(m.Probes, entry)
	}
	return m, d, nil
}

// tellShort says that the budget does not reach as far as the question.
func (g *generator) tellShort(p *Planned) {
	for _, plan := range p.Designs {
		if plan.Kind == p.Chosen && plan.Submissions > p.Budget {
			g.warn("probe.budget: %d submissions are too few to settle every count; that takes about %d", p.Budget, plan.Submissions)
		}
	}
}

// template is what all submissions of the experiment share.
func (g *generator) template() submission.Template {
	c := g.Experiment.Competition
	return submission.Template{IDColumn: c.ID, Classes: c.Classes, Column: c.Column, Named: c.Named(), IDs: g.shelf.ids, Topic: g.shelf.of}
}

// write leaves the files of a design, the manifest last: what it names is there.
func (g *generator) write(m submission.Manifest, d *design.Design) error {
	g.step("writing submissions")
	for i, p := range m.Probes {
		q := d.Probes[i].Q
		if err := g.folder.Write(path.Join("probes", p.File), func(w io.Writer) error { return g.template().Write(w, q) }); err != nil {
			return err
		}
	}
	if err := g.folder.Write(designPlace, d.WriteCSV); err != nil {
		return err
	}
	if err := g.folder.Write(manifestPlace, m.Write); err != nil {
		return err
	}
	return g.writeNext(g.folder, &m)
}

// writeNext brings NEXT.md up to what is recorded.
func (s *Session) writeNext(folder *results.Folder, m *submission.Manifest) error {
	if m.Bundle != "" {
		return s.writeNextBundle(folder, m)
	}
	next, err := s.next(folder, m)
	if err != nil {
		return err
	}
	return folder.Write(nextPlace, func(w io.Writer) error {
		_, err := io.WriteString(w, submission.NextSteps(next))
		return err
	})
}

// next is what NEXT.md is made of.
func (s *Session) next(folder *results.Folder, m *submission.Manifest) (submission.Next, error) {
	recorded, _, err := scores(folder, m)
	if err != nil {
		return submission.Next{}, err
	}
	e := s.Experiment
	n := submission.Next{Experiment: e.Name, Path: e.Path, Dir: folder.Path("probes"), Slug: e.Competition.Slug, PerDay: e.Competition.SubmissionsPerDay,
		Probes: len(m.Probes), Rules: e.Competition.RulesChecked, RulesURL: e.Competition.RulesURL, Decimals: e.Competition.Decimals, Full: e.Competition.Full, Private: e.Competition.PrivateScores}
	for _, p := range m.Probes {
		if _, ok := recorded[p.Number]; !ok {
			n.Pending = append(n.Pending, p)
		}
	}
	return n, nil
}
