package pipeline

import (
	"strconv"

	"lbprobe/experiments/judge"
	"lbprobe/results"
)

const (
	targetsPlace     = "judge/targets.csv"
	failedPlace      = "judge/failed.csv"
	pairsPlace       = "judge/pairs.csv"
	calibrationPlace = "judge/calibration.json"
)

// docket is judged rows on their way to the files.
type docket struct {
	session  *Session
	matters  matters
	judged   []judge.Judged
	columns  [3]int // class of each outcome
	template *judge.Template
	out      *Judgement
	final    []judge.Verdict // by row: corrected, or as judged
}

// close corrects the verdicts, if that is wanted, and leaves all files.
func (d *docket) close(folder *results.Folder, o JudgeOptions) error {
	d.final = make([]judge.Verdict, len(d.judged))
	for i, j := range d.judged {
		d.final[i] = j.Verdict
	}
	d.count()
	if o.Calibrate {
		if err := d.calibrate(folder); err != nil {
			return err
		}
	}
	if o.Pairs {
		if err := d.writePairs(folder); err != nil {
			return err
		}
	}
	if err := d.writeFailed(folder); err != nil {
		return err
	}
	d.out.Path = folder.Path("judge", "targets.csv")
	return d.writeTargets(folder)
}

// count sums up.
func (d *docket) count() {
	gap := 0.0
	for _, j := range d.judged {
		if j.Reason != "" {
			d.out.Failed++
			continue
		}
		d.out.Judged++
		gap += j.Gap()
	}
	if d.out.Judged > 0 {
		gap /= float64(d.out.Judged)
		d.out.Gap = &gap
	}
	if d.out.Failed > 0 {
		d.session.warn("%d of %d rows have no verdict: see %s; the next run asks again what was not answered", d.out.Failed, len(d.judged), failedPlace)
	}
}

// calibrate measures and corrects the verdicts by the votes.
func (d *docket) calibrate(folder *results.Folder) error {
	var voted []judge.Voted
	var at []int
	for i, m := range d.matters {
		if m.vote != nil && d.judged[i].Reason == "" {
			voted = append(voted, judge.Voted{Judged: d.judged[i], Vote: *m.vote, Prompt: m.prompt(), Topic: m.topic})
			at = append(at, i)
		}
	}
	c, err := judge.Calibrate(voted, d.session.Experiment.Seed)
	if err != nil {
		return d.session.pointed("corpus.path", err)
	}
	for i, j := range d.judged {
		if j.Reason == "" {
			d.final[i] = c.Map.Apply(j.Verdict)
		}
	}
	for i, corrected := range c.Corrected {
		d.final[at[i]] = corrected
	}
	d.out.Calibration = c
	return folder.WriteJSON(calibrationPlace, c)
}

// writeTargets writes the verdicts in the columns of the competition; raw_ columns are as judged, before any correction.
func (d *docket) writeTargets(folder *results.Folder) error {
	classes := d.session.Experiment.Competition.Classes
	header := append([]string{"id"}, classes...)
	for _, c := range classes {
		header = append(header, "raw_"+c)
	}
	header = append(header, "order_gap", "prompt_sha", "model")
	return table(folder, targetsPlace, header, func(put func(...string) error) error {
		for i, j := range d.judged {
			if j.Reason != "" {
				continue
			}
			cells := append([]string{d.matters[i].ID}, d.cells(d.final[i])...)
			cells = append(cells, d.cells(j.Verdict)...)
			if err := put(append(cells, decimal(j.Gap()), d.template.SHA, d.session.Experiment.Judge.Model)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// cells are the numbers of a verdict in the order of the classes.
func (d *docket) cells(v judge.Verdict) []string {
	out := make([]string, len(v))
	for outcome, class := range d.columns {
		out[class] = decimal(v[outcome])
	}
	return out
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', 6, 64) }

// writeFailed lists the rows without a verdict, and why.
func (d *docket) writeFailed(folder *results.Folder) error {
	return table(folder, failedPlace, []string{"id", "reason"}, func(put func(...string) error) error {
		for i, j := range d.judged {
			if j.Reason == "" {
				continue
			}
			if err := put(d.matters[i].ID, j.Reason); err != nil {
				return err
			}
		}
		return nil
	})
}

// writePairs says which conversations make up each pair.
func (d *docket) writePairs(folder *results.Folder) error {
	return table(folder, pairsPlace, []string{"id", "id_a", "id_b"}, func(put func(...string) error) error {
		for _, m := range d.matters {
			if err := put(m.ID, m.of[0], m.of[1]); err != nil {
				return err
			}
		}
		return nil
	})
}
