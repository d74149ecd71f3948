package calibration

import (
	"bytes"
	"fmt"
	"math/rand/v2"

	"lbprobe/analysis"
	"lbprobe/probes/metric"
)

// Slip is what is wrong with one score of a competition.
type Slip string

// The slips.
const (
	Digit Slip = "one digit replaced"    // by another one, anywhere in the score
	Tick  Slip = "last digit off by one" // one tick more or less
)

// slipsFrom is how many submissions past the bound slips are looked for first.
const slipsFrom = 2

// SlipRow is a setting in which one score is wrong, at 2 to 4 submissions past the bound.
type SlipRow struct {
	Setting Setting
	Slip    Slip
	At      [mostExtra + 1 - slipsFrom]Slips
	False   []string // every wrong claim, and where to find it
}

// Slips are what became of competitions with one wrong score.
type Slips struct {
	Detected Share // a check says that the scores do not fit
	Named    Share // and blames the wrong one alone
	Kept     Share // of those that are not detected: the likeliest counts are the truth
	Exact    Share // of those that are not detected: called exact
	Wrong    int   // competitions of which something is called exact and is not
}

func (r *SlipRow) join(o SlipRow) {
	for e := range r.At {
		a, b := &r.At[e], o.At[e]
		a.Detected.join(b.Detected)
		a.Named.join(b.Named)
		a.Kept.join(b.Kept)
		a.Exact.join(b.Exact)
		a.Wrong += b.Wrong
	}
	r.False = append(r.False, o.False...)
}

// slips spoils one of the scores that are read, another in each competition.
func (r *runner) slips(w *world, slip Slip) (row SlipRow, err error) {
	for game := range w.Games {
		c, err := w.play(game)
		if err != nil {
			return row, err
		}
		for e := range w.Past[1] + 1 - slipsFrom {
			in := c.read(w.bound + slipsFrom + e)
			j, spoiled := slip.spoil(in.Scores, w.Decimals, w.stream(w.seed^0x736c6970, w.number, game))
			in.Scores = spoiled
			result, err := r.analyze(in)
			if err != nil {
				return row, fmt.Errorf("%s: %w", c.where(), err)
			}
			row.At[e].take(c, result, in.Scores[j].Probe)
			if wrong, _ := c.judge(result); len(wrong) > 0 {
				row.At[e].Wrong++
				row.False = append(row.False, fmt.Sprintf("%s, %s in probe %d, bound + %d: %s", c.where(), slip, in.Scores[j].Probe, e+slipsFrom, wrong[0]))
			}
		}
	}
	return row, nil
}

// take compares what was said with the probe that is wrong.
func (s *Slips) take(c *competition, r *analysis.Result, probe int) {
	detected, blamed := alarmed(r), map[int]bool{}
	for _, check := range r.Checks {
		if !check.OK {
			blamed[check.Probe] = true
		}
	}
	delete(blamed, 0)
	s.Detected.one(detected)
	s.Named.one(len(blamed) == 1 && blamed[probe])
	if !detected {
		_, right := c.judge(r)
		s.Kept.one(right)
		s.Exact.one(r.Status == analysis.Exact)
	}
}

// spoil returns the scores with one of them changed, and which.
func (s Slip) spoil(scores []analysis.Score, decimals int, rng *rand.Rand) (int, []analysis.Score) {
	out := append([]analysis.Score(nil), scores...)
	j := rng.IntN(len(out))
	for {
		reading, err := metric.ParseReading(s.text(out[j].Public.Text, rng), decimals)
		if err == nil {
			out[j].Public = reading
			return j, out
		}
	}
}

// text is a score with the slip.
func (s Slip) text(shown string, rng *rand.Rand) string {
	text := []byte(shown)
	if s == Digit {
		i := rng.IntN(len(text))
		for text[i] == '.' {
			i = rng.IntN(len(text))
		}
		text[i] = '0' + (text[i]-'0'+byte(1+rng.IntN(9)))%10
		return string(text)
	}
	up := rng.IntN(2) == 0
	for i := len(text) - 1; i >= 0; i-- { // with its carry
		switch {
		case text[i] == '.':
			continue
		case up && text[i] == '9':
			text[i] = '0'
			continue
		case !up && text[i] == '0':
			text[i] = '9'
			continue
		case up:
			text[i]++
		default:
			text[i]--
		}
		return string(text)
	}
	return shown
}

// leastFound is the share of wrong scores that must be detected, and named, two submissions past the bound.
var leastFound = map[Slip][2]float64{Digit: {0.99, 0.95}, Tick: {0.95, 0}}

// missed says where fewer than that are surely found.
func (r SlipRow) missed() (out []string) {
	at := r.At[0]
	for i, share := range []Share{at.Detected, at.Named} {
		if _, hi := share.Interval(); share.Of > 0 && hi < leastFound[r.Slip][i] {
			out = append(out, fmt.Sprintf("%s, %s, bound + %d: %s in %s %%", r.Setting.Name(), r.Slip, slipsFrom, [...]string{"detected", "named"}[i], share))
		}
	}
	return out
}

// slips prints the table of wrong scores.
func (r *Report) slips(b *bytes.Buffer) {
	if len(r.Slips) == 0 {
		return
	}
	b.WriteString("## Wrong scores\nOne of the scores read is wrong. Detected: a check says so; named: it blames that score and no other; kept: of those not detected, ")
	b.WriteString("the likeliest counts are the truth all the same, as when the true score is within the interval of the shown one.\n\n")
	b.WriteString("| setting | slip | past the bound | of | detected | named | not detected: kept | exact | wrong claims |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, row := range r.Slips {
		for e, at := range row.At[:row.Setting.Past[1]+1-slipsFrom] {
			fmt.Fprintf(b, "| %s | %s | +%d | %.0f | %s | %s | %s | %s | %d |\n", row.Setting.Name(), row.Slip, e+slipsFrom, at.Detected.Of, at.Detected,
				at.Named, at.Kept, at.Exact, at.Wrong)
		}
	}
	b.WriteString("\n")
}
