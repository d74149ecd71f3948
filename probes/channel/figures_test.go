package channel

import (
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"lbprobe/probes/metric"
)

var competitions = flag.Int("competitions", 40, "simulated competitions of each figure")

// world is a simulated competition: 6,375 to 6,625 public rows of which 25 to 37 % are of class A, a board that rounds or floors, topics drawn
// about the train shares.
func world(table *Table, o Options, seed int) (game, *rand.Rand) {
	rng := rand.New(rand.NewPCG(uint64(seed), 7))
	n := o.Public[0] + rng.IntN(o.Public[1]-o.Public[0]+1)
	a := int(float64(n) * (0.25 + 0.12*rng.Float64()))
	b := int(float64(n-a) * (0.4 + 0.2*rng.Float64()))
	drawn := o
	drawn.Stray = 0
	rounding := []metric.Rounding{metric.Round, metric.Floor}[seed%2]
	return game{table, o.Scoring, []int{a, b, n - a - b}, drawn.Draw(rng), rounding}, rng
}

// plant makes up to four topics absent and gives up to four others 1 to 5 rows, at the cost of the largest. It returns how many are then absent
// or rare.
func plant(counts []int, cut int, rng *rand.Rand) (odd int) {
	absent := rng.IntN(5)
	for i, k := range rng.Perm(len(counts))[:absent+rng.IntN(5)] {
		n := 0
		if i >= absent {
			n = 1 + rng.IntN(5)
		}
		largest := (k + 1) % len(counts)
		for j := range counts {
			if j != k && counts[j] > counts[largest] {
				largest = j
			}
		}
		counts[largest] += counts[k] - n
		counts[k] = n
	}
	for _, n := range counts {
		if n < cut {
			odd++
		}
	}
	return odd
}

// tally is what was seen of a setting.
type tally struct {
	submissions, few map[int]int // few: where at most four topics are absent or rare
	wrong, n         int
	bits, least      float64
	mistyped         [2]mistypes // in the shortest plan, and with one submission more
}

// mistypes are readings of scores one of which has another digit. Open ones ask for another submission, as if the message were longer.
type mistypes struct{ tried, misread, open int }

// TestFigures plays the competitions of the issue. `make channel` plays 1,000 of each and prints the table.
func TestFigures(t *testing.T) {
	t.Logf("%-9s %-4s %-34s %-28s %-12s %-6s %s", "level", "dec.", "submissions: competitions", "at most 4 absent or rare", "bits (least)", "wrong", "mistyped digit, misread; asked for more, of all")
	for _, decimals := range []int{3, 5} {
		for _, level := range []Level{Presence, Sizes} {
			o := lmsys(level, decimals)
			seen := play(t, o)
			t.Logf("%-9s %-4d %-34s %-28s %5.2f (%5.2f) %-6d %s", level, decimals, spread(seen.submissions), spread(seen.few), seen.bits/float64(seen.n), seen.least, seen.wrong, seen.typos())
			seen.holds(t, level, decimals)
		}
	}
}

// play plays the competitions of one setting.
func play(t *testing.T, o Options) tally {
	table, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	seen := tally{submissions: map[int]int{}, few: map[int]int{}, least: math.Inf(1)}
	for seed := range *competitions {
		g, rng := world(table, o, seed)
		odd := plant(g.tallies[Topics], table.Cut, rng)
		r, scores := g.play(t)
		seen.n++
		seen.submissions[len(scores)]++
		if odd <= 4 {
			seen.few[len(scores)]++
		}
		seen.bits += r.Bits
		seen.least = min(seen.least, r.Bits)
		if !g.told(r, o.Level) {
			seen.wrong++
		}
		g.mistype(t, &seen.mistyped[0], scores, rng)
		more := len(scores) + 1
		q, err := table.Prediction(more, scores, g.tallies)
		if err != nil {
			t.Fatal(err)
		}
		scores[more] = g.show(t, q)
		g.mistype(t, &seen.mistyped[1], scores, rng)
	}
	return seen
}

// told tells whether a reading gives the class of every topic, and the right one.
func (g game) told(r *Reading, level Level) bool {
	if r.Rejected != "" || r.Faults != nil || r.Next != 0 || r.Tallies == nil {
		return false
	}
	cuts := map[Level][]int{Presence: {0, 1, g.table.Cut}, Sizes: {0, 1, g.table.Cut, 100, 1000}}[level]
	for k, n := range g.tallies[Topics] {
		want := span{0, g.table.Rows[1]}
		for _, c := range cuts {
			if c <= n {
				want.lo = c
			} else {
				want.hi = c - 1
				break
			}
		}
		if got := r.Tallies[Topics][k]; level != Exact && got != (Count{want.lo, want.hi}) || level == Exact && got != (Count{n, n}) {
			return false
		}
	}
	return true
}

// mistype replaces a digit of each score in turn and reads. Where the reading asks for more it gets the scores of a notebook that knows no
// better, until it is satisfied or refuses.
func (g game) mistype(t *testing.T, m *mistypes, scores map[int]string, rng *rand.Rand) {
	for probe := 1; probe <= len(scores); probe++ {
		for range 5 {
			text := []byte(scores[probe])
			at := rng.IntN(len(text))
			if text[at] == '.' {
				continue
			}
			text[at] = '0' + byte((int(text[at]-'0')+1+rng.IntN(9))%10)
			wrong := maps.Clone(scores)
			wrong[probe] = string(text)
			m.tried++
			r := g.read(t, wrong)
			if r.wants() {
				m.open++
			}
			for r.wants() && len(wrong) < 20 {
				right := maps.Clone(wrong)
				right[probe] = scores[probe]
				q, err := g.table.Prediction(r.Next, right, g.tallies)
				if err != nil {
					t.Fatal(err)
				}
				wrong[r.Next] = g.show(t, q)
				r = g.read(t, wrong)
			}
			if r.Rejected == "" && r.Faults == nil && !g.told(r, levelOf(g.table)) {
				m.misread++
			}
		}
	}
}

// wants tells whether a reading asks for another submission.
func (r *Reading) wants() bool { return r.Next != 0 && r.Rejected == "" && r.Faults == nil }

func (g game) read(t *testing.T, scores map[int]string) *Reading {
	t.Helper()
	r, err := g.table.Decode(scores)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func levelOf(t *Table) Level { return Level(t.Stages[len(t.Stages)-1].Name) }

func (s tally) typos() string {
	out := ""
	for _, m := range s.mistyped {
		out += fmt.Sprintf("%d; %d of %d | ", m.misread, m.open, m.tried)
	}
	return out
}

// spread prints how often each number came up.
func spread(h map[int]int) string {
	out := ""
	for n := range 100 {
		if h[n] > 0 {
			out += strconv.Itoa(n) + ":" + strconv.Itoa(h[n]) + " "
		}
	}
	return out
}

// holds holds a setting to the goals of the issue; three standard deviations are allowed where a share is asked and few competitions are played.
func (s tally) holds(t *testing.T, level Level, decimals int) {
	t.Helper()
	if s.wrong > 0 {
		t.Errorf("%s, %d decimals: %d competitions read wrongly", level, decimals, s.wrong)
	}
	if least := map[int]float64{3: 13, 5: 19}[decimals]; s.least < least {
		t.Errorf("%s, %d decimals: %.2f bits a submission, want %v", level, decimals, s.least, least)
	}
	within := 0
	for n, times := range s.submissions {
		if n <= 5 {
			within += times
		}
		if level == Presence && (n > 4 || n > 3 && s.few[n] > 0) {
			t.Errorf("presence, %d decimals: %d submissions in %d competitions", decimals, n, times)
		}
	}
	if float64(within) < atLeast(0.95, s.n) {
		t.Errorf("%s, %d decimals: %d of %d competitions within 5 submissions", level, decimals, within, s.n)
	}
	for i, passed := range []float64{0.01, 0.001} {
		if m := s.mistyped[i]; float64(m.tried-m.misread-m.open) < atLeast(1-passed, m.tried) {
			t.Errorf("%s, %d decimals: of %d mistyped scores %d are misread, %d not refused at once", level, decimals, m.tried, m.misread, m.open)
		}
	}
}

// atLeast is the least number of n that fits a chance, within three standard deviations.
func atLeast(p float64, n int) float64 {
	return p*float64(n) - 3*math.Sqrt(p*(1-p)*float64(n))
}

// TestExactTotals compares what the rows of all topics take with their entropy.
func TestExactTotals(t *testing.T) {
	for _, decimals := range []int{3, 5} {
		o := lmsys(Exact, decimals)
		table, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		more := 0
		sent, over, entropy, bits := map[int]int{}, map[int]int{}, 0.0, 0.0
		var moduli []int
		n := *competitions
		for seed := range n {
			g, _ := world(table, o, seed)
			r, scores := g.play(t)
			if !g.told(r, Exact) {
				t.Errorf("competition %d: not the rows", seed)
			}
			h := selfInformation(o, g.tallies[Topics])
			sent[len(scores)]++
			beyond := len(scores) - table.Constants - int(math.Ceil(h/r.Bits))
			over[beyond]++
			if beyond > 1 {
				more++
			}
			entropy += h / float64(n)
			bits += r.Bits / float64(n)
			moduli = append(moduli, r.Modulus)
		}
		slices.Sort(moduli)
		t.Logf("rows, %d decimals: entropy %.1f bits, %.2f a submission, ratio %.2f; submissions %s; beyond the ratio of each %s; checksum modulo %d, a tenth below %d, half below %d",
			decimals, entropy, bits, entropy/bits, spread(sent), spread(over), moduli[0], moduli[n/10], moduli[n/2])
		if float64(n-more) < atLeast(0.99, n) {
			t.Errorf("rows, %d decimals: %d of %d competitions take over one submission more than their information", decimals, more, n)
		}
	}
}

// selfInformation of counts under absence and the Dirichlet-multinomial, in bits.
func selfInformation(o Options, counts []int) float64 {
	all, l, A, N := 0, 0.0, 0.0, 0
	for _, n := range o.Train {
		all += n
	}
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	for k, n := range counts {
		if n == 0 {
			l += math.Log(o.Absent)
			continue
		}
		l += math.Log(1 - o.Absent)
		a := o.Concentration * float64(o.Train[k]) / float64(all+1)
		l += lg(a+float64(n)) - lg(a) - lg(float64(n)+1)
		A += a
		N += n
	}
	l += lg(A) + lg(float64(N)+1) - lg(A+float64(N))
	return -l / math.Ln2
}
