package analysis

import (
	"fmt"
	"slices"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// told is what one part's scores tell: the counts of its rows under the stated belief, and under the loose one.
type told struct {
	by            *analyst
	known, robust marginals
}

// side is one scored part of the test in the role that the public rows have elsewhere: a number of rows drawn at random from the test, whose
// counts its scores tell.
type side struct {
	name      string // public or private
	input     Input
	rowsKnown bool // the topics' rows follow from the other side
	reduced   bool // so that the first of two groups follows from the second, which alone is asked
	result    *Result
}

// The names of the sides, and of all parts together, as counts.csv has them.
const (
	publicPart  = "public"
	privatePart = "private"
	totalPart   = "total"
)

// analyzeBoth reads public and private scores: every probe has brought two readings. Where byTotals does not settle them, the smaller part is decoded first, as it takes fewer bits.
// Once its counts are exact they tie the other: n_private = rows − n_public − unscored, and where every row of a topic is counted and none
// ignored, that holds for each topic too, so that only the classes are left to ask.
func analyzeBoth(in Input) (*Result, error) {
	b, err := newBoth(in)
	if err != nil {
		return nil, err
	}
	if r, err := b.byTotals(); r != nil || err != nil {
		return r, err
	}
	first, second := b.sides[0], b.sides[1]
	if second.middle() < first.middle() {
		first, second = second, first
	}
	if err := first.read(); err != nil {
		return nil, err
	}
	if err := second.given(first); err != nil {
		return nil, err
	}
	if first.result.Status != Exact && second.result.Status == Exact {
		if err := first.given(second); err != nil {
			return nil, err
		}
	}
	return b.result(), nil
}

// both is an analysis of two sides. base knows what holds for the whole test; it has no equations.
type both struct {
	base  *analyst
	sides [2]*side // public, private
}

func newBoth(in Input) (*both, error) {
	rows, left := rowsIn(in.Belief.Totals), PrivateRange(in.Belief, in.Unscored)
	if left[1] < left[0] {
		return nil, fmt.Errorf("there are private scores, but with %d of %d rows public and %d unscored no row is private", in.Belief.Public[0], rows,
			in.Unscored[0])
	}
	b := &both{base: &analyst{Input: in, groups: in.Design.Groups, latent: design.Latent(in.Design.Groups, len(in.Design.Classes)), rows: [2]int{rows, rows}}}
	spec := in.Belief
	spec.Groups = b.base.groups
	m, err := prior.New(spec)
	if err != nil {
		return nil, err
	}
	b.base.models = []*prior.Model{m}
	b.sides = [2]*side{{name: publicPart, input: in}, {name: privatePart, input: in}}
	b.sides[1].input.Belief.Public = left
	for i, s := range b.sides {
		s.input.Scores, s.input.Shares = nil, nil
		for _, share := range in.Shares {
			if share.Part == s.name {
				share.Part = publicPart // the side's role
				s.input.Shares = append(s.input.Shares, share)
			}
		}
		for _, score := range in.Scores {
			switch {
			case i == 0:
				s.input.Scores = append(s.input.Scores, Score{Probe: score.Probe, Public: score.Public})
			case score.Private != nil:
				s.input.Scores = append(s.input.Scores, Score{Probe: score.Probe, Public: *score.Private})
			}
		}
	}
	return b, nil
}

// middle is twice the middle of the range of its rows.
func (s *side) middle() int { return s.input.Belief.Public[0] + s.input.Belief.Public[1] }

func rowsIn(totals []int) (rows int) {
	for _, n := range totals {
		rows += n
	}
	return rows
}

// PrivateRange is the least and the most private rows: those that are neither public nor ignored, at least one.
func PrivateRange(belief prior.Spec, unscored [2]int) [2]int {
	rows := rowsIn(belief.Totals)
	return [2]int{max(1, rows-belief.Public[1]-unscored[1]), rows - belief.Public[0] - unscored[0]}
}

// read analyses the side.
func (s *side) read() (err error) {
	s.result, err = analyze(s.input)
	return err
}

// given analyses the side once more with what follows from the other side's exact counts, or for the first time, whatever is known of the other.
func (s *side) given(other *side) error {
	if other.result.Status != Exact {
		return s.read()
	}
	a := other.result.told.by
	if r := metric.Rounding(other.result.Rounding); r != metric.Either {
		s.input.Scoring.Rounding = r // the same for all scores
	}
	if s.input.Unscored != [2]int{} {
		return s.read()
	}
	_, n, _ := other.result.told.known.all.Interval(s.input.Certainty)
	left := rowsIn(s.input.Belief.Totals) - n
	if left < 1 {
		return s.read()
	}
	s.input.Belief.Public = [2]int{left, left}
	if !a.latent {
		totals := slices.Clone(s.input.Belief.Totals)
		for k := range totals {
			totals[k] -= other.rows(k).Lo
		}
		s.input.Belief.Totals, s.rowsKnown = totals, true
		if groups := s.input.Design.Groups; len(groups) == 2 {
			d := *s.input.Design
			d.Groups = groups[1:]
			s.input.Design, s.reduced = &d, true
		}
	}
	return s.read()
}

// rank orders sides by how far their scores carry.
func (s *side) rank() int {
	return slices.Index([]Status{Misfit, NoScores, NotIdentified, Candidates, Exact}, s.result.Status)
}

func (s *side) exact() bool { return s.result.Status == Exact }

// rows are those of a topic.
func (s *side) rows(k int) prior.PMF { return s.result.told.known.rows[k] }

// cell is the count of a topic and a group of the design.
func (s *side) cell(k, g int) prior.PMF {
	known := s.result.told.known
	switch {
	case !s.reduced:
		return known.cell[k][g]
	case g == 0:
		return reflected(known.cell[k][0], s.input.Belief.Totals[k])
	}
	return known.cell[k][0]
}

// sum is the count of a group over all topics.
func (s *side) sum(g int) prior.PMF {
	known := s.result.told.known
	switch {
	case !s.reduced:
		return known.sums[g]
	case g == 0:
		return reflected(known.sums[0], s.input.Belief.Public[0])
	}
	return known.sums[0]
}

// reflected is the distribution of total − x.
func reflected(f prior.PMF, total int) prior.PMF {
	p := slices.Clone(f.P)
	slices.Reverse(p)
	return prior.PMF{Lo: total - f.Lo - len(p) + 1, P: p}
}
