package calibration

import (
	"math"
	"regexp"
	"slices"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// Tests that settings are about: few rows are quick to play, the many of the LMSYS competition are the goal.
var (
	large = Setting{Target: design.Presence, Topics: 20, Classes: 3, Public: 6500, Width: 0.019, Share: 0.26, Decimals: 5, Rounding: metric.Round,
		Truth: AsBelieved, Past: [2]int{0, mostExtra}}
	medium = edited(large, func(s *Setting) { s.Public = 650 })
	small  = edited(large, func(s *Setting) { s.Topics, s.Public, s.Share = 5, 300, 0.3 })
	// rerun is the LMSYS competition as it was: the rows are seen in the rerun of a notebook only.
	rerun = edited(large, func(s *Setting) { s.Hidden = true })
	// unseen is a small hidden test.
	unseen = edited(small, func(s *Setting) { s.Hidden, s.Topics, s.Decimals = true, 8, 4 })
	// sparse has about eight rows a topic, so that some topics have no private row.
	sparse = edited(large, func(s *Setting) { s.Topics, s.Public, s.Share, s.Width, s.Decimals = 30, 144, 0.6, 0, 3 })
)

func edited(s Setting, edit func(*Setting)) Setting {
	edit(&s)
	return s
}

// games sets how many worlds are drawn and how many competitions are played with each.
func games(s Setting, worlds, each int) Setting {
	s.Worlds, s.Games = worlds, each
	return s
}

// Long is what docs/calibration.md tells: under twenty minutes on two cores at scale 1. scale multiplies the number of worlds.
func Long(scale float64) Catalogue {
	c := Catalogue{Claims: append(believed(), mistaken(8, 5)...), Intervals: trusted(40), Verdicts: judged(40), Slips: spoiled(8)}
	c.Claims = append(append(c.Claims, unknown(8, 5)...), heavy()...)
	return c.scaled(scale)
}

// Short has the same kinds of competition, but few of each and none of the large ones: under three minutes on two cores.
func Short() Catalogue {
	c := Catalogue{Claims: append(believed(), mistaken(4, 4)...), Intervals: trusted(12), Verdicts: judged(12)}
	c.Claims = c.scaled(0.5).Claims
	c.Slips = []SlipRow{{Setting: games(small, 5, 4), Slip: Digit}, {Setting: games(small, 5, 4), Slip: Tick}}
	c.Claims = append(c.Claims, games(large, 1, 4))
	return c
}

// Matching keeps the settings whose Name the expression matches.
func (c Catalogue) Matching(name *regexp.Regexp) Catalogue {
	other := func(s Setting) bool { return !name.MatchString(s.Name()) }
	return Catalogue{
		Claims:    slices.DeleteFunc(slices.Clone(c.Claims), other),
		Intervals: slices.DeleteFunc(slices.Clone(c.Intervals), other),
		Verdicts:  slices.DeleteFunc(slices.Clone(c.Verdicts), func(r VerdictRow) bool { return other(r.Setting) }),
		Slips:     slices.DeleteFunc(slices.Clone(c.Slips), func(r SlipRow) bool { return other(r.Setting) }),
	}
}

// Goals are the competitions of 6,500 public rows after which a claim of "exact" is to be trusted: at scale 1 ten thousand of 20 unknowns, a thousand of 40,
// a hundred of 59 cells, of both kinds of test, under beliefs right and wrong.
func Goals(scale float64) (c Catalogue) {
	for _, test := range []Setting{large, rerun} {
		for _, decimals := range []int{5, 3} {
			with := func(fewest, most int, edit func(*Setting)) Setting {
				return edited(test, func(s *Setting) { s.Decimals, s.Past = decimals, [2]int{fewest, most}; edit(s) })
			}
			right := with(1, 2, func(*Setting) {})
			c.Claims = append(c.Claims, games(right, 100, 10))
			wrong := append([]Truth{Overconfident, Underconfident, SharesShifted}, wrongSplits...)
			if test.Hidden {
				wrong = append(wrong[:3:3], wrongTopics...)
			}
			for _, t := range wrong {
				c.Claims = append(c.Claims, games(with(2, 3, func(s *Setting) { s.Truth = t }), 27, 10))
			}
			c.Claims = append(c.Claims, games(with(2, 4, func(s *Setting) { s.Target = design.Rows }), 30, 5))
			for _, t := range []Truth{Overconfident, SharesShifted} {
				c.Claims = append(c.Claims, games(with(3, 4, func(s *Setting) { s.Target, s.Truth = design.Rows, t }), 10, 5))
			}
			for _, slip := range []Slip{Digit, Tick} {
				c.Slips = append(c.Slips, SlipRow{Setting: games(right, 40, 10), Slip: slip})
			}
		}
		c.Claims = append(c.Claims,
			games(edited(test, func(s *Setting) { s.Topics, s.Public, s.Past = 50, 8750, [2]int{2, 3} }), 10, 2),
			games(edited(test, func(s *Setting) { s.Target, s.Width, s.Past = design.Cells, 0, [2]int{1, 4} }), 10, 5))
	}
	return c.scaled(scale)
}

func (c Catalogue) scaled(scale float64) Catalogue {
	grow := func(s *Setting) { s.Worlds = int(math.Ceil(scale * float64(s.Worlds))) }
	for i := range c.Claims {
		grow(&c.Claims[i])
	}
	for i := range c.Intervals {
		grow(&c.Intervals[i])
	}
	for i := range c.Verdicts {
		grow(&c.Verdicts[i].Setting)
	}
	for i := range c.Slips {
		grow(&c.Slips[i].Setting)
	}
	return c
}

// believed are competitions that are as believed.
func believed() (out []Setting) {
	for _, decimals := range []int{5, 3} {
		out = append(out,
			games(edited(medium, func(s *Setting) { s.Decimals = decimals }), 16, 5),
			games(edited(small, func(s *Setting) { s.Decimals = decimals }), 16, 5),
			games(edited(small, func(s *Setting) { s.Target, s.Decimals = design.Rows, decimals }), 16, 5),
			games(edited(small, func(s *Setting) { s.Target, s.Decimals = design.Cells, decimals }), 16, 5))
	}
	return append(out,
		games(edited(medium, func(s *Setting) { s.Width, s.Classes = 0, 2 }), 16, 5),
		games(edited(medium, func(s *Setting) { s.Rounding = metric.Either }), 8, 5),
		games(edited(small, func(s *Setting) { s.Classes, s.Rounding, s.Decimals = 2, metric.Either, 3 }), 16, 5),
		games(edited(small, func(s *Setting) { s.Target, s.Width = design.Rows, 0 }), 16, 5))
}

// mistaken are competitions that are not as believed.
func mistaken(worlds, each int) (out []Setting) {
	for _, t := range append(append([]Truth{}, wrongClasses...), wrongSplits...) {
		bent := func(s *Setting) { s.Truth = t }
		out = append(out, games(edited(medium, bent), worlds, each),
			games(edited(small, func(s *Setting) { s.Target, s.Truth = design.Rows, t }), worlds, each))
	}
	return out
}

// unknown are competitions whose rows are not known by topic.
func unknown(worlds, each int) (out []Setting) {
	for _, target := range []design.Target{design.Presence, design.Rows} {
		for _, t := range append([]Truth{AsBelieved, Overconfident, Underconfident}, wrongTopics...) {
			out = append(out, games(edited(unseen, func(s *Setting) { s.Target, s.Truth = target, t }), worlds, each))
		}
	}
	return out
}

// heavy are the settings of the goals: seconds a competition.
func heavy() []Setting {
	return []Setting{
		games(large, 8, 5),
		games(edited(large, func(s *Setting) { s.Decimals = 3 }), 8, 5),
		games(edited(large, func(s *Setting) { s.Truth = Overconfident }), 2, 4),
		games(edited(large, func(s *Setting) { s.Truth = Underconfident }), 2, 4),
		games(edited(large, func(s *Setting) { s.Truth = SingleClass }), 2, 4),
		games(edited(large, func(s *Setting) { s.Truth = SharesShifted }), 2, 4),
		games(edited(large, func(s *Setting) { s.Target = design.Rows }), 4, 2),
		games(edited(large, func(s *Setting) { s.Target, s.Decimals = design.Rows, 3 }), 4, 2),
		games(edited(large, func(s *Setting) { s.Topics, s.Public = 50, 8750 }), 3, 1),
		games(edited(large, func(s *Setting) { s.Target, s.Width = design.Cells, 0 }), 4, 1),
	}
}

// trusted are settings whose intervals are measured, all as believed.
func trusted(worlds int) []Setting {
	few := edited(small, func(s *Setting) { s.Topics, s.Decimals = 8, 4 })
	return []Setting{
		games(few, worlds, 5),
		games(edited(few, func(s *Setting) { s.Width, s.Classes = 0, 2 }), worlds, 5),
		games(edited(few, func(s *Setting) { s.Target = design.Rows }), worlds, 5),
		games(edited(few, func(s *Setting) { s.Target, s.Topics, s.Width = design.Cells, 5, 0 }), worlds, 5),
		games(unseen, worlds, 5), // not its rows: below the bound they list so many points that a world takes minutes
	}
}

// spoiled are settings in which one score is wrong, all as believed.
func spoiled(worlds int) (out []SlipRow) {
	for _, slip := range []Slip{Digit, Tick} {
		for _, decimals := range []int{5, 3} {
			for _, s := range []Setting{medium, edited(small, func(s *Setting) { s.Target = design.Rows })} {
				s.Decimals = decimals
				out = append(out, SlipRow{Setting: games(s, worlds, 5), Slip: slip})
			}
		}
	}
	return out
}

// judged are settings whose verdicts are counted. At a certainty of 0.75 it is the fdr that holds them back.
func judged(worlds int) []VerdictRow {
	s := games(sparse, worlds, 5)
	hidden := edited(s, func(s *Setting) { s.Hidden = true })
	return []VerdictRow{{Setting: s, Certainty: 0.99, FDR: 0.05}, {Setting: s, Certainty: 0.75, FDR: 0.05}, {Setting: hidden, Certainty: 0.99, FDR: 0.05}}
}
