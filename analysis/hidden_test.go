package analysis

import (
	"testing"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// absentTopics empties the first two topics of a hidden test.
func absentTopics(g *game) {
	for k := range 2 {
		g.totals[len(g.totals)-1] += g.totals[k]
		g.totals[k] = 0
	}
}

// TestHiddenClaims plays hidden tests, as believed and not: exact claims are never wrong, and with as many submissions as the plan asks for nearly all
// competitions are claimed exact.
func TestHiddenClaims(t *testing.T) {
	for _, c := range []struct {
		name string
		rules
	}{
		{"presence", rules{target: design.Presence}},
		{"presence, n in a range, either", rules{target: design.Presence, width: 15, either: true}},
		{"rows", rules{target: design.Rows, width: 15}},
		{"cells", rules{target: design.Cells, topics: 4}},
		{"two topics absent", rules{target: design.Presence, wrong: absentTopics}},
		{"two topics absent, rows", rules{target: design.Rows, wrong: absentTopics}},
		{"concentration × 10", rules{target: design.Presence, concentration: 200, wrong: absentTopics}},
		{"class shares × 3", rules{target: design.Rows, wrong: shifted}},
		{"strata", rules{target: design.Presence, split: strata}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := c.rules
			r.hidden, r.decimals, r.rounding, r.extra, r.rows, r.share = true, 5, metric.Round, planned, [2]int{30, 200}, 0.3
			if r.topics == 0 {
				r.topics = 6
			}
			exact, played := 0, games(8)
			for seed := range uint64(played) {
				g := play(t, r, seed)
				result, err := Analyze(g.input)
				if err != nil {
					t.Fatal(err)
				}
				wrong, right := g.outcome(result)
				if len(wrong) > 0 {
					t.Errorf("seed %d: %v", seed, wrong)
				}
				if result.Status == Exact {
					exact++
					if !right {
						t.Errorf("seed %d: claimed exact, and not right", seed)
					}
				}
			}
			if exact < played*3/4 {
				t.Errorf("%d of %d claimed exact", exact, played)
			}
		})
	}
}

// privateGame is a hidden test whose public counts are decoded.
var privateGame = rules{target: design.Presence, topics: 8, rows: [2]int{60, 200}, decimals: 5, rounding: metric.Round, hidden: true, extra: planned}

// TestHiddenPrivatePart holds what is said of the private part from public counts alone: never exact, never by the probes alone, and intervals of
// private rows and totals that hold the truth.
func TestHiddenPrivatePart(t *testing.T) {
	inside, all := 0, 0
	for seed := range uint64(games(30)) {
		g := play(t, privateGame, seed)
		result, err := Analyze(g.input)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range result.Verdicts {
			if v.Exact || v.Source == "probes" {
				t.Errorf("seed %d: %+v", seed, v)
			}
		}
		for _, c := range result.Counts {
			if c.Topic == AllTopics || c.Split == "public" {
				continue
			}
			if c.Exact {
				t.Errorf("seed %d: %+v is called exact", seed, c)
			}
			all++
			if want := g.count(c.Split, c.Topic, c.Class); c.Lo <= want && want <= c.Hi {
				inside++
			}
		}
	}
	if t.Logf("%d of %d intervals hold the truth", inside, all); float64(inside) < 0.98*float64(all) {
		t.Errorf("%d of %d intervals at 0.99 hold the truth", inside, all)
	}
}

// TestHiddenVerdicts counts verdicts where two of eight topics are missing.
func TestHiddenVerdicts(t *testing.T) {
	absent, falsely := 0, 0
	r := privateGame
	r.wrong = absentTopics
	for seed := range uint64(games(15)) {
		g := play(t, r, seed)
		result, err := Analyze(g.input)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range result.Verdicts {
			private := g.count("private", v.Topic, every)
			switch {
			case private == 0 && v.Verdict == Present || private > 0 && v.Verdict == Absent:
				falsely++
			case v.Topic < 2 && v.Verdict == Absent:
				absent++
			}
		}
	}
	t.Logf("%d of %d missing topics called absent, %d verdicts false", absent, 2*games(15), falsely)
	if absent < games(15) || falsely > 1 {
		t.Errorf("%d of %d missing topics called absent, %d verdicts false", absent, 2*games(15), falsely)
	}
}

// TestHiddenTooConfident takes a belief forty times too sure of the shares: once the counts are decoded it no longer draws the private rows to the
// train shares. A tenth of it is still four times too sure: a few may be outside.
func TestHiddenTooConfident(t *testing.T) {
	inside, all := 0, 0
	r := privateGame
	r.topics = 12
	for seed := range uint64(games(10)) {
		g := play(t, r, seed)
		for k := range g.input.Belief.Alpha {
			for c := range g.input.Belief.Alpha[k] {
				g.input.Belief.Alpha[k][c] *= 40
			}
		}
		early := g.input
		early.Scores = early.Scores[:len(early.Scores)-1] // hardly bits to spare: mostly the stated belief alone is searched
		if result, err := Analyze(early); err != nil {
			t.Errorf("seed %d, a score less: %v", seed, err)
		} else if wrong, _ := g.outcome(result); len(wrong) > 0 {
			t.Errorf("seed %d, a score less: %v", seed, wrong)
		}
		result, err := Analyze(g.input)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range result.Counts {
			if c.Split == "private" && result.Status == Exact {
				all++
				if want := g.count(c.Split, c.Topic, c.Class); c.Lo <= want && want <= c.Hi {
					inside++
				}
			}
		}
	}
	if t.Logf("%d of %d private rows are in their interval at 0.99", inside, all); all == 0 || float64(inside) < 0.9*float64(all) {
		t.Errorf("%d of %d private rows are in their interval at 0.99", inside, all)
	}
}
