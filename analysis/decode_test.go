package analysis

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// TestTeller adds up how far two walks have come, in millions of nodes, and holds that short walks are not told of.
func TestTeller(t *testing.T) {
	g := play(t, rules{target: design.Rows, topics: 12, hidden: true, rows: [2]int{300, 900}, decimals: 4, rounding: metric.Round, extra: 1}, 1)
	var told [][2]int
	g.input.Advance = func(done, all int) { told = append(told, [2]int{done, all}) }
	a, err := newAnalyst(g.input)
	if err != nil {
		t.Fatal(err)
	}
	b := &ball{reading: &a.decoder.readings[0][stated], model: a.models[stated], stretch: 1}
	a.decoder.index = map[string]bool{}
	if err := a.decoder.walk([]*ball{b}); err != nil {
		t.Fatal(err)
	}
	short := *b
	for b.region.Within = nil; b.estimate() < 3*longWalk; b.region.Radius2 *= 1.2 {
	}
	if tell := a.decoder.teller([]*ball{&short, &short}, maxNodes)(0); tell != nil || len(told) > 0 {
		t.Errorf("short walks of %.0f nodes were told: %v", short.estimate(), told)
	}
	tell := a.decoder.teller([]*ball{b, b}, maxNodes)
	tell(0)(1, 4)
	tell(1)(1, 2)
	tell(0)(4, 4)
	tell(1)(2, 2)
	millions := func(walks float64) int { return int(walks * b.estimate() / 1e6) }
	all := millions(2)
	if d := cmp.Diff([][2]int{{millions(0.25), all}, {millions(0.75), all}, {millions(1.5), all}, {all, all}}, told); d != "" {
		t.Errorf("(-want +told):\n%s", d)
	}
	if tell := a.decoder.teller([]*ball{b}, longWalk); tell(0) != nil {
		t.Error("a walk that is given up is told")
	}
}
