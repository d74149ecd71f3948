package calibration

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Totals counts the competitions played, those of them that were called exact by the last submission, and lists the claims that are wrong
// in anything.
func (r *Report) Totals() (competitions, exact int, wrong []string) {
	for _, row := range r.Claims {
		competitions += row.Setting.Worlds * row.Setting.Games
		exact += int(row.At[row.Setting.Past[1]].Exact.Hits)
		wrong = append(wrong, row.False...)
	}
	for _, row := range r.Intervals {
		competitions += row.Setting.Worlds * row.Setting.Games
	}
	for _, row := range r.Verdicts {
		competitions += row.Setting.Worlds * row.Setting.Games
	}
	for _, row := range r.Slips {
		competitions += row.Setting.Worlds * row.Setting.Games
		exact += int(row.At[row.Setting.Past[1]-slipsFrom].Exact.Hits)
		wrong = append(wrong, row.False...)
	}
	return competitions, exact, wrong
}

// Markdown writes all figures. command is what printed them, picture the file of what SVG draws. Only the table of times differs from run to run.
func (r *Report) Markdown(w io.Writer, command, picture string) error {
	var b bytes.Buffer
	n, exact, wrong := r.Totals()
	_, hi := Wilson(float64(min(len(wrong), exact)), float64(exact), 0.95)
	fmt.Fprintf(&b, "# Calibration\n`%s` wrote this page and the picture from %d simulated competitions, seed %d. ", command, n, r.Seed)
	fmt.Fprintf(&b, "**%d of them were called exact, %d claims were wrong** (at most %.2g %% by Wilson's interval).\n", exact, len(wrong), 100*hi)
	b.WriteString("Shares are in per cent, each with its 95 % interval of Wilson, for as many independent trials as the counts of a competition are worth.\n\n")
	for _, f := range wrong {
		fmt.Fprintf(&b, "- **wrong claim**: %s\n", f)
	}
	fmt.Fprintf(&b, "![Recoveries and exact claims against submissions past the bound, one panel a setting](%s)\n\n", picture)
	r.off(&b)
	r.claims(&b)
	r.intervals(&b)
	r.verdicts(&b)
	r.slips(&b)
	r.times(&b)
	_, err := w.Write(b.Bytes())
	return err
}

// off lists what is not as it should be.
func (r *Report) off(b *bytes.Buffer) {
	b.WriteString("## What is off\n")
	found := r.Findings()
	for _, f := range found {
		fmt.Fprintf(b, "- %s\n", f)
	}
	if len(found) == 0 {
		b.WriteString("Nothing: no wrong claim, no false alarm, no wrong score that is overlooked too often, no interval that holds less than it says, no ranks that are not uniform.\n")
	}
	b.WriteString("\n")
}

// Findings are the figures that are not as they should be, beyond chance: intervals that surely hold less than 94 % where 95 % are stated
// (counts are whole, so that they may hold more), ranks that are not uniform at p < 0.001, more false verdicts than fdr, true scores called
// wrong in more than 0.5 % of analyses, wrong scores found less often than leastFound.
func (r *Report) Findings() (out []string) {
	for _, row := range r.Claims {
		for e, at := range row.At {
			if lo, _ := at.Misfit.Interval(); lo > 0.005 {
				out = append(out, fmt.Sprintf("%s, bound + %d: a true score is called wrong in %s %%", row.Setting.Name(), e, at.Misfit))
			}
		}
	}
	for _, row := range r.Intervals {
		for s := range row.At {
			for k, c := range row.At[s] {
				name := fmt.Sprintf("%s, %s, %s", row.Setting.Name(), Stage(s), Kind(k))
				if _, hi := c.Inside[2].Interval(); c.Inside[2].Of > 0 && hi < 0.94 {
					out = append(out, fmt.Sprintf("%s: intervals of 95 %% hold %s %%", name, c.Inside[2]))
				}
				if p := c.Ranks.PValue(); p < 0.001 {
					out = append(out, fmt.Sprintf("%s: ranks are not uniform, p = %.2g", name, p))
				}
			}
		}
	}
	for _, row := range r.Verdicts {
		for i, v := range row.At {
			if lo, _ := v.False.Interval(); v.False.Of > 0 && lo > row.FDR {
				out = append(out, fmt.Sprintf("certainty %v, %s: %s %% of the verdicts are false", row.Certainty, verdictStages[i], v.False))
			}
		}
	}
	for _, row := range r.Slips {
		out = append(out, row.missed()...)
	}
	return out
}

func (r *Report) claims(b *bytes.Buffer) {
	r.byExtra(b, "Recoveries", "Competitions in which the likeliest value of every count asked for is the truth, by submissions past the bound, which is "+
		"that of the belief, right or wrong, rounded up.", func(c Claims) Share { return c.Recovered })
	r.byExtra(b, "Claims of \"exact\"", "Competitions in which the four conditions hold.", func(c Claims) Share { return c.Exact })
	r.alarms(b)
}

// byExtra is a table of one share: settings by submissions past the bound.
func (r *Report) byExtra(b *bytes.Buffer, title, note string, of func(c Claims) Share) {
	fmt.Fprintf(b, "## %s\n%s\n\n| setting | bound | of | +0 | +1 | +2 | +3 | +4 |\n|---|---|---|---|---|---|---|---|\n", title, note)
	for _, row := range r.Claims {
		fmt.Fprintf(b, "| %s | %.1f | %d |", row.Setting.Name(), row.Bound, row.Setting.Worlds*row.Setting.Games)
		for _, at := range row.At {
			fmt.Fprintf(b, " %s |", of(at))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// alarms is a table of true scores called wrong: truths by submissions past the bound, all settings taken together.
func (r *Report) alarms(b *bytes.Buffer) {
	b.WriteString("## False alarms\nCompetitions in which a score is called wrong. None is.\n\n| truth | of | +0 | +1 | +2 | +3 | +4 |\n|---|---|---|---|---|---|---|\n")
	for _, t := range slices.Concat([]Truth{AsBelieved}, wrongTopics, wrongClasses, wrongSplits) {
		var at [mostExtra + 1]Share
		most := 0.0
		for _, row := range r.Claims {
			for e := range at {
				if row.Setting.Truth == t {
					at[e].join(row.At[e].Misfit)
					most = max(most, at[e].Of)
				}
			}
		}
		if most == 0 {
			continue
		}
		fmt.Fprintf(b, "| %s | %.0f |", t, most)
		for _, share := range at {
			fmt.Fprintf(b, " %s |", share)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

func (r *Report) intervals(b *bytes.Buffer) {
	if len(r.Intervals) == 0 {
		return
	}
	b.WriteString("## Intervals\nWhere all is as believed. Counts are whole, so an interval may hold more than it says. Ranks: ten bins from likeliest to least likely, and ")
	b.WriteString("the p of a chi-square test for uniformity. Stated: the mean probability that is stated for the likeliest value, beside how often that is the truth.\n\n")
	b.WriteString("| setting | scores | count | of | 50 % | 90 % | 95 % | ranks | p | stated | true |\n|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, row := range r.Intervals {
		for s := range row.At {
			for k, c := range row.At[s] {
				if c.Best.Of == 0 {
					continue
				}
				ranks, p := "–", "–"
				if sum(c.Ranks[:]) > 0 {
					ranks, p = strings.Trim(fmt.Sprint(c.Ranks), "[]"), fmt.Sprintf("%.2g", c.Ranks.PValue())
				}
				fmt.Fprintf(b, "| %s | %s | %s | %.0f | %s | %s | %s | %s | %s | %.1f | %s |\n", row.Setting.Name(), Stage(s), Kind(k), c.Best.Of,
					c.Inside[0], c.Inside[1], c.Inside[2], ranks, p, 100*c.Stated/c.Best.Of, c.Best)
			}
		}
	}
	b.WriteString("\n")
}

var verdictStages = [2]string{"no score", "as many as the bound"}

func (r *Report) verdicts(b *bytes.Buffer) {
	if len(r.Verdicts) == 0 {
		return
	}
	b.WriteString("## Verdicts\nFalse: of the verdicts given. Rate: the mean over competitions of their share of false verdicts, which `fdr` is to bound.\n\n")
	b.WriteString("| setting | certainty | fdr | scores | given | false | rate | present: true | absent: true |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, row := range r.Verdicts {
		for i, v := range row.At {
			fmt.Fprintf(b, "| %s | %v | %v | %s | %s | %s | %.2f | %s | %s |\n", row.Setting.Name(), row.Certainty, row.FDR, verdictStages[i],
				v.Given, v.False, 100*v.Rate/float64(max(1, v.Spoken)), v.Present, v.Absent)
		}
	}
	b.WriteString("\n")
}

func (r *Report) times(b *bytes.Buffer) {
	b.WriteString("## Times\nOf one analysis, by submissions past the bound: median / 95th percentile / most, in milliseconds, on the machine of this run.\n\n")
	b.WriteString("| setting | +0 | +1 | +2 | +3 | +4 |\n|---|---|---|---|---|---|\n")
	for _, row := range r.Claims {
		fmt.Fprintf(b, "| %s |", row.Setting.Name())
		for _, at := range row.At {
			if len(at.Took) == 0 {
				b.WriteString(" – |")
				continue
			}
			fmt.Fprintf(b, " %s / %s / %s |", ms(at.Percentile(0.5)), ms(at.Percentile(0.95)), ms(at.Percentile(1)))
		}
		b.WriteString("\n")
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.0f", float64(d)/float64(time.Millisecond)) }
