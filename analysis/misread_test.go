package analysis

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"

	"lbprobe/probes/channel"
	"lbprobe/probes/design"
)

var misreads = flag.Int("misreads", 0, "competitions of 25,000 rows in TestMisread")

// misread types scores of a channel wrong, one digit of one at a time from the last score on, and returns what is read of them as other rows of the topics, at most two
// readings. The channel's checksum has to be a weak one for that.
func (g *talk) misread(t *testing.T, scores map[int]string) (found []*Result) {
	t.Helper()
	for probe := len(scores); probe > 1; probe-- {
		text := []byte(scores[probe])
		for i, c := range text {
			for d := byte('0'); d <= '9' && c != '.'; d++ {
				text[i] = d
				wrong := maps.Clone(scores)
				wrong[probe] = string(text)
				reading, err := g.table.Decode(wrong)
				if err != nil {
					t.Fatal(err)
				}
				rows := func(k int) channel.Count { n := g.rows(k, 0, 1, 2); return channel.Count{Lo: n, Hi: n} }
				for k, c := range reading.Tallies[channel.Topics] {
					if reading.Modulus > 0 && c != rows(k) {
						if found = append(found, g.read(t, wrong)); len(found) == 2 {
							return found
						}
						break
					}
				}
			}
			text[i] = c
		}
	}
	return found
}

// after is what becomes of wrong totals in the lattice that starts from them: with the probes of its plan, or with three more.
type after struct{ unclaimed, doubted, claimed int }

// note counts a result, and whether a public count that it claims is false.
func (a *after) note(t *testing.T, g *talk, r *Result) {
	t.Helper()
	switch {
	case r.Status != Exact:
		a.unclaimed++
		return
	case len(r.Warnings) > 0:
		a.doubted++
	default:
		a.claimed++
	}
	for _, c := range r.Counts {
		if c.Split == publicPart && c.Class == every && c.Topic != AllTopics && (!c.Exact || c.Best != g.rows(c.Topic, 0)) {
			t.Errorf("%d public rows, claimed %+v", g.rows(c.Topic, 0), c)
		}
	}
}

// TestMisread: a lattice that starts from totals that were misread still finds the public rows, which its own scores tell. The private ones are then wrong as the totals
// are, and the lattice shows it only where the public rows are no likely draw from such totals. `make weeks` prints how often.
func TestMisread(t *testing.T) {
	for _, kind := range []struct {
		name  string
		games int
		rows  func(seed uint64) *talk
	}{
		{"150 to 450 rows, 5 topics", 12 + *misreads, func(seed uint64) *talk { return newTalk(t, seed, channel.Exact, 4) }},
		{"25,000 rows, 20 topics", *misreads, func(seed uint64) *talk {
			g, o := newWeek(t, seed)
			var err error
			if g.table, err = channel.New(o); err != nil {
				t.Fatal(err)
			}
			return g
		}},
	} {
		var planned, more after
		for seed := range uint64(kind.games) {
			g := kind.rows(seed)
			g.table.Check = 2
			_, scores := g.listen(t, 100)
			for _, told := range g.misread(t, scores) {
				planned.note(t, g, g.lattice(t, told, seed))
				o := g.drawing
				o.Known, o.Count = g.last.Design.Probes, 3
				d, err := design.Draw(g.model, o)
				if err != nil {
					t.Fatal(err)
				}
				probes := slices.Clone(d.Probes)
				for i := range probes {
					probes[i].Number += 1000
				}
				more.note(t, g, g.probe(t, probes))
			}
		}
		t.Logf("%s, totals misread: as planned %s; with three more %s", kind.name, planned, more)
		if kind.games > 0 && planned == (after{}) {
			t.Error("none was misread")
		}
	}
}

func (a after) String() string {
	return fmt.Sprintf("%d not claimed, %d claimed with a warning, %d without one", a.unclaimed, a.doubted, a.claimed)
}
