package analysis

import (
	"testing"

	"lbprobe/probes/design"
	"lbprobe/probes/metric"
)

// late is a game after its deadline: private scores are shown too.
type late struct {
	*game
	private [][]int // rows by topic and class
}

// playLate adds the private scores to a game; ignored of its rows that are not public count in neither part.
func playLate(t testing.TB, r rules, seed uint64, ignored int) *late {
	t.Helper()
	l := &late{game: play(t, r, seed)}
	var rest [][2]int
	for k, labels := range l.labels {
		left := make([]int, l.classes)
		for _, c := range labels {
			left[c]++
		}
		for c := range left {
			left[c] -= l.cells[k][c]
			for range left[c] {
				rest = append(rest, [2]int{k, c})
			}
		}
		l.private = append(l.private, left)
	}
	l.rng.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	for _, row := range rest[:ignored] {
		l.private[row[0]][row[1]]--
	}
	public, n := l.cells, l.n
	l.cells, l.n = l.private, len(rest)-ignored
	for i, p := range l.input.Design.Probes {
		shown := l.score(t, p)
		l.input.Scores[i].Private = &shown
	}
	l.cells, l.n = public, n
	return l
}

// truth is that of a row of counts.csv.
func (l *late) truth(c Count) int {
	if c.Split != privatePart {
		return l.count(c.Split, c.Topic, c.Class)
	}
	public := l.cells
	defer func() { l.cells = public }()
	l.cells = l.private
	return l.count(publicPart, c.Topic, c.Class)
}

// TestPrivateScores reads two scores a probe. No exact claim may be wrong, on either side, and intervals must hold the truth.
func TestPrivateScores(t *testing.T) {
	small := rules{target: design.Presence, topics: 6, rows: [2]int{40, 200}, decimals: 5, rounding: metric.Round, extra: planned}
	for name, test := range map[string]struct {
		edit    func(*rules)
		ignored int
		claims  bool // every competition is called exact
	}{
		"presence":               {func(r *rules) {}, 0, true},
		"presence, n in a range": {func(r *rules) { r.width = 4 }, 0, false},
		"rows":                   {func(r *rules) { r.target = design.Rows }, 0, true},
		"rows, by totals":        {func(r *rules) { r.target, r.extra = design.Rows, 2 }, 0, true},
		"rows, n in a range":     {func(r *rules) { r.target, r.width = design.Rows, 4 }, 0, true},
		"rows, mostly public":    {func(r *rules) { r.target, r.share = design.Rows, 0.7 }, 0, false},
		"rows, floored, either":  {func(r *rules) { r.target, r.rounding, r.either = design.Rows, metric.Floor, true }, 0, true},
		"rows, some ignored":     {func(r *rules) { r.target, r.unscored = design.Rows, 9 }, 5, false},
		"cells":                  {func(r *rules) { r.target, r.topics = design.Cells, 4 }, 0, true},
		"too few":                {func(r *rules) { r.target, r.extra = design.Rows, -1 }, 0, false},
		"split by strata":        {func(r *rules) { r.split = strata }, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exact, n, outside, intervals := 0, games(8), 0, 0
			for seed := range uint64(n) {
				r := small
				test.edit(&r)
				l := playLate(t, r, seed, test.ignored)
				result, err := Analyze(l.input)
				if err != nil {
					t.Fatal(err)
				}
				if result.Status == Exact {
					exact++
				}
				if result.Status == Exact && (result.Candidates != 1 || !allOK(result.Exactness) || result.PrivateRead != len(l.input.Scores)) {
					t.Errorf("seed %d: exact with %d candidates, %d private scores, %v", seed, result.Candidates, result.PrivateRead, result.Exactness)
				}
				for _, c := range result.Counts {
					want := l.truth(c)
					if c.Exact && (c.Best != want || c.Lo != want || c.Hi != want) {
						t.Errorf("seed %d, %s: said to be exact: %+v, truly %d", seed, result.Status, c, want)
					}
					if !c.Exact {
						intervals++
						if want < c.Lo || want > c.Hi {
							outside++
						}
					}
				}
				for _, v := range result.Verdicts {
					rows := l.truth(Count{Split: privatePart, Topic: v.Topic, Class: every})
					if v.Exact && v.PrivateBest != rows || v.Verdict == Present && rows == 0 || v.Verdict == Absent && rows > 0 {
						t.Errorf("seed %d: %+v, truly %d private rows", seed, v, rows)
					}
				}
			}
			t.Logf("%d of %d exact; %d of %d intervals miss", exact, n, outside, intervals)
			if test.claims && exact < n {
				t.Errorf("%d of %d called exact", exact, n)
			}
			if outside*20 > intervals+20 {
				t.Errorf("%d of %d intervals of 99 %% do not hold the truth", outside, intervals)
			}
		})
	}
}

// TestPrivateMisfit mistypes a private score: it is named as such, and neither part is called exact.
func TestPrivateMisfit(t *testing.T) {
	l := playLate(t, rules{target: design.Presence, topics: 6, rows: [2]int{40, 200}, decimals: 5, rounding: metric.Round, extra: planned}, 3, 0)
	text := []byte(l.input.Scores[2].Private.Text)
	text[len(text)-3] = '0' + (text[len(text)-3]-'0'+4)%10
	wrong, err := metric.ParseReading(string(text), 5)
	if err != nil {
		t.Fatal(err)
	}
	l.input.Scores[2].Private = &wrong
	result, err := Analyze(l.input)
	if err != nil {
		t.Fatal(err)
	}
	if result.Status != Misfit {
		t.Fatalf("%s: %s", result.Status, result.Conclusion)
	}
	named := false
	for _, c := range result.Checks {
		named = named || !c.OK && c.Probe == l.input.Scores[2].Probe
	}
	if !named {
		t.Errorf("probe %d is not named: %s", l.input.Scores[2].Probe, result.Conclusion)
	}
	for _, c := range result.Counts {
		if c.Exact && c.Split != "total" && c.Topic != AllTopics {
			t.Errorf("%+v is called exact", c)
		}
	}
}
