package channel

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"lbprobe/internal/fault"
)

// TestPlan: the reference competition at 3 decimals costs what the issue asks, every level more than the one before it, and the checksums are as
// promised.
func TestPlan(t *testing.T) {
	const budget = 5
	p, err := NewPlan(lmsys(Presence, 3), budget)
	if err != nil {
		t.Fatal(err)
	}
	const rare = 0.05 // by which rare long messages may lift the mean above what 19 of 20 take
	for i, l := range p.Levels {
		t.Logf("%-9s %6.1f bits, %.1f to %.1f a submission: %.2f submissions expected, %d usual, %d at worst, within %d with chance %.2f, checksum modulo %d",
			l.Level, l.Bits, l.PerSubmission[0], l.PerSubmission[1], l.Expected, l.Usual, l.Worst, budget, l.Within, l.Check[0])
		if l.Expected > float64(l.Usual)+rare || l.Usual > l.Worst || l.Table.Probes() != l.Usual || l.Check[0] < 128 || l.Check[1] < 1024 {
			t.Errorf("%+v", l)
		}
		if i > 0 && l.Bits <= p.Levels[i-1].Bits {
			t.Errorf("%s takes no more than %s", l.Level, p.Levels[i-1].Level)
		}
	}
	if p.Levels[0].Usual > 3 || p.Levels[1].Usual > 5 {
		t.Errorf("presence takes %d submissions, sizes %d", p.Levels[0].Usual, p.Levels[1].Usual)
	}
	if err := p.Refusal(Sizes); err != nil {
		t.Error(err)
	}
	refusal := p.Refusal(Exact)
	if refusal == nil || fault.ExitStatus(refusal) != 2 || !strings.Contains(refusal.Error(), `Allow 18, or ask for less: target = "sizes" takes 4`) {
		t.Errorf("refusal %v", refusal)
	}
}

// TestStrongerChecksum: a least modulus that is asked for costs a submission more at most, and is what holds.
func TestStrongerChecksum(t *testing.T) {
	for _, level := range Levels() {
		o := lmsys(level, 3)
		usual, err := planLevel(o, 0)
		if err != nil {
			t.Fatal(err)
		}
		o.Check = 100_000
		strong, err := planLevel(o, 0)
		if err != nil {
			t.Fatal(err)
		}
		if more := strong.Usual - usual.Usual; more < 0 || more > 1 || strong.Check[0] != o.Check {
			t.Errorf("%s: %d submissions, %d without, checksum modulo %d", level, strong.Usual, usual.Usual, strong.Check[0])
		}
		g, _ := world(strong.Table, o, 1)
		r, _ := g.play(t)
		if !g.told(r, level) || r.Modulus < o.Check {
			t.Errorf("%s: told under a checksum modulo %d", level, r.Modulus)
		}
	}
}

// TestPlanHolds: of competitions at the worst class share, as many stay within the plan as it says, and none goes beyond the worst case.
func TestPlanHolds(t *testing.T) {
	for _, level := range Levels() {
		o := lmsys(level, 3)
		l, err := planLevel(o, 0)
		if err != nil {
			t.Fatal(err)
		}
		within, n := 0, 60
		for seed := range n {
			rng := rand.New(rand.NewPCG(uint64(seed), 11))
			a := int(6500 * (1 - o.NotA[0]))
			g := game{l.Table, o.Scoring, []int{a, 2000, 6500 - a - 2000}, o.Draw(rng), "round"}
			_, scores := g.play(t)
			if len(scores) <= l.Usual {
				within++
			}
			if len(scores) > l.Worst {
				t.Errorf("%s: %d submissions, at worst %d", level, len(scores), l.Worst)
			}
		}
		// 0.95 of 60 less three standard deviations
		if least := 0.95*float64(n) - 3*math.Sqrt(0.95*0.05*float64(n)); float64(within) < least {
			t.Errorf("%s: %d of %d competitions within %d submissions", level, within, n, l.Usual)
		}
	}
}

// TestNarrow: a board that can't carry a message at the worst class share is refused before anything is spent.
func TestNarrow(t *testing.T) {
	o := lmsys(Presence, 1)
	o.NotA = [2]float64{0.06, 0.3}
	_, err := New(o)
	if !errors.Is(err, ErrNarrow) || fault.ExitStatus(err) != 2 {
		t.Errorf("error %v", err)
	}
}

// TestOptionFaults: what can't be planned is refused by the name of its key.
func TestOptionFaults(t *testing.T) {
	for field, spoil := range map[string]func(o *Options){
		"competition.metric":     func(o *Options) { o.Scoring.Metric = "accuracy" },
		"competition.decimals":   func(o *Options) { o.Scoring.Decimals = 8 },
		"probe.channel.guard":    func(o *Options) { o.Guard = 1 },
		"analysis.certainty":     func(o *Options) { o.Certainty = 1 },
		"competition.public":     func(o *Options) { o.Public = [2]int{6000, 25000} },
		"competition.classes":    func(o *Options) { o.NotA = [2]float64{0.5, 1} },
		"competition.rows":       func(o *Options) { o.Rows, o.Level = [2]int{25000, 5_000_000}, Exact },
		"analysis.concentration": func(o *Options) { o.Concentration = math.NaN() },
		"probe.target":           func(o *Options) { o.Level = "cells" },
	} {
		o := lmsys(Presence, 3)
		spoil(&o)
		if _, err := New(o); err == nil || !strings.HasPrefix(err.Error(), field+": ") || fault.ExitStatus(err) != 2 {
			t.Errorf("%s: error %v", field, err)
		}
	}
}
