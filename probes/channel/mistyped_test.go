package channel

import (
	"flag"
	"fmt"
	"maps"
	"math"
	"testing"
)

var slipped = flag.Int("slips", 4, "simulated competitions of which every score is typed wrong in every way")

// slips are all the ways to type one of the scores wrong that are counted: a digit replaced, two digits side by side swapped, the last digit off by one tick with what
// is carried, and two scores in each other's place.
func slips(scores map[int]string, decimals int) (out []map[int]string) {
	add := func(probe int, text string) {
		if text != scores[probe] {
			wrong := maps.Clone(scores)
			wrong[probe] = text
			out = append(out, wrong)
		}
	}
	for probe := 1; probe <= len(scores); probe++ {
		text := []byte(scores[probe])
		for i, c := range text {
			if c == '.' {
				continue
			}
			for d := byte('0'); d <= '9'; d++ {
				text[i] = d
				add(probe, string(text))
			}
			text[i] = c
			if j := i + 1; j < len(text) && text[j] != '.' {
				text[i], text[j] = text[j], text[i]
				add(probe, string(text))
				text[i], text[j] = text[j], text[i]
			}
		}
		var value float64
		fmt.Sscan(scores[probe], &value)
		for _, tick := range []float64{-1, 1} {
			add(probe, fmt.Sprintf("%.*f", decimals, value+tick*math.Pow10(-decimals)))
		}
		if probe > 1 && scores[probe] != scores[probe-1] {
			wrong := maps.Clone(scores)
			wrong[probe], wrong[probe-1] = wrong[probe-1], wrong[probe]
			out = append(out, wrong)
		}
	}
	return out
}

// wrongScores is what became of readings that hold a wrong score.
type wrongScores struct {
	read    int // in all
	same    int // at the level of the right score, and read as if it were that
	refused int // when the score was read, before another submission is asked for
	later   int // read as part of a longer message at first
	misread int // as another message, at once or in the end
}

// TestMistyped types every score of many competitions wrong in every way that [slips] knows, in the shortest plan and with one submission more. `make channel`
// tries over a hundred thousand each, of rows fewer.
func TestMistyped(t *testing.T) {
	for _, decimals := range []int{3, 5} {
		for _, level := range Levels() {
			o := lmsys(level, decimals)
			table, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			n := *slipped
			if level == Exact {
				n = max(1, *slipped/6) // of five times as many scores, which take thirty times as long to read
			}
			var seen [2]wrongScores
			for seed := range n {
				g, rng := world(table, o, seed)
				if level != Exact {
					plant(g.tallies[Topics], table.Cut, rng)
				}
				_, scores := g.play(t)
				for more := range seen {
					if more > 0 {
						q, err := table.Prediction(len(scores)+1, scores, g.tallies)
						if err != nil {
							t.Fatal(err)
						}
						scores[len(scores)+1] = g.show(t, q)
					}
					for _, wrong := range slips(scores, decimals) {
						g.spoilt(t, &seen[more], scores, wrong)
					}
				}
			}
			for more, s := range seen {
				counted := s.read - s.same
				t.Logf("%-9s %d decimals, %d more: %d wrong scores, refused at once %.3f %%, with a later score %d, misread %d (%.4f %%)", level, decimals, more, counted,
					100*float64(s.refused)/float64(counted), s.later, s.misread, 100*float64(s.misread)/float64(counted))
				most := []float64{0.01, 0.001}[more]
				if float64(counted-s.misread) < atLeast(1-most, counted) || level != Exact && float64(s.refused) < atLeast(1-most, counted) {
					t.Errorf("%s, %d decimals, %d more: %+v", level, decimals, more, s)
				}
			}
		}
	}
}

// spoilt reads scores of which one is wrong. Where the reading asks for more it gets the scores of a notebook that knows no better, up to so many.
func (g game) spoilt(t *testing.T, seen *wrongScores, scores, wrong map[int]string) {
	t.Helper()
	const most = 60
	seen.read++
	r := g.read(t, wrong)
	first := r
	for r.wants() && len(wrong) < most {
		right := maps.Clone(wrong)
		for probe := range scores {
			right[probe] = scores[probe]
		}
		q, err := g.table.Prediction(r.Next, right, g.tallies)
		if err != nil {
			t.Fatal(err)
		}
		wrong[r.Next] = g.show(t, q)
		r = g.read(t, wrong)
	}
	switch refused := r.Rejected != "" || r.Faults != nil; {
	case !refused && !r.wants() && g.told(r, levelOf(g.table)):
		seen.same++
	case !refused:
		seen.misread++
	case first.wants():
		seen.later++
	default:
		seen.refused++
	}
}

// TestFirstMistyped: a first score that is typed wrong and given to the notebook so moves all levels that it aims at. What the board then shows is read as no message.
func TestFirstMistyped(t *testing.T) {
	for _, decimals := range []int{3, 5} {
		for _, level := range []Level{Presence, Sizes} {
			o := lmsys(level, decimals)
			table, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			var seen wrongScores
			for seed := range max(1, *slipped/2) {
				g, rng := world(table, o, seed)
				plant(g.tallies[Topics], table.Cut, rng)
				_, scores := g.play(t)
				for _, wrong := range slips(map[int]string{1: scores[1]}, decimals) {
					if r := g.read(t, wrong); r.wants() {
						g.playOn(t, &seen, wrong, len(scores))
					}
				}
			}
			counted := seen.read - seen.same
			t.Logf("%-9s %d decimals: %d wrong first scores that may be right, refused in the submissions of the right one %d, later %d, misread %d (%.3f %%); harmless %d", level, decimals,
				counted, seen.refused, seen.later, seen.misread, 100*float64(seen.misread)/float64(counted), seen.same)
			if float64(counted-seen.misread) < atLeast(0.99, counted) {
				t.Errorf("%s, %d decimals: %+v", level, decimals, seen)
			}
		}
	}
}

// playOn submits from a wrong first score on until the decoder wants no more; usual is what the right one takes.
func (g game) playOn(t *testing.T, seen *wrongScores, scores map[int]string, usual int) {
	t.Helper()
	r := g.read(t, scores)
	for r.wants() && len(scores) < 60 {
		q, err := g.table.Prediction(r.Next, maps.Clone(scores), g.tallies)
		if err != nil {
			t.Fatal(err)
		}
		scores[r.Next] = g.show(t, q)
		r = g.read(t, scores)
	}
	seen.read++
	switch refused := r.Rejected != "" || r.Faults != nil; {
	case !refused && !r.wants() && g.told(r, levelOf(g.table)):
		seen.same++
	case !refused:
		seen.misread++
	case len(scores) > usual:
		seen.later++
	default:
		seen.refused++
	}
}
