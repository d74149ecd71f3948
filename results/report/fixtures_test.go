package report

import (
	"fmt"
	"math"
	"slices"

	"lbprobe/analysis"
)

// places is the made-up test set of the golden reports: 12 topics with train shares, and their true public and private rows.
var places = []struct {
	name            string
	keywords        []string
	train           float64
	public, private int
}{
	{"python and scripts", []string{"python", "function", "list", "error", "pandas", "loop"}, 0.112, 210, 591},
	{"poetry", []string{"poem", "rhyme", "haiku", "verse", "sonnet"}, 0.0412, 151, 437},
	{"日本語の質問", []string{"日本", "翻訳", "漢字", "意味"}, 0.0603, 40, 122},
	{"travel plans", []string{"itinerary", "days", "hotel", "visit"}, 0.0587, 118, 330},
	{"a | b, <b>bold</b> & `code`", []string{"pipe|word", "*star*", "_under_"}, 0.09, 176, 498},
	{"arithmetic", []string{"sum", "equation", "solve", "digits"}, 0.137, 120, 333},
	{"medical advice that goes on for quite a while", []string{"doctor", "symptoms", "dose", "pain", "treatment", "side effects"}, 0.051, 101, 268},
	{"", nil, 0.0721, 130, 384},
	{"role play", []string{"character", "story", "you are", "scene"}, 0.104, 240, 702},
	{"letters", []string{"dear", "cover letter", "regards"}, 0.0836, 160, 469},
	{"obsolete phones", []string{"sms", "ringtone"}, 0.0021, 0, 0},
	{"a new product", []string{"brand", "launch"}, 0, 9, 31},
}

// example is the report of an experiment whose scores tell everything.
func example() Report {
	r := Report{
		Experiment: "demo", Competition: "prompts-by-topic", Board: "simulated",
		Asked: Asked{Split: "private", Target: "rows", Design: "lattice", Topics: len(places), Classes: 3, TestRows: 5620, Certainty: 0.99, FDR: 0.05,
			PresentFrom: "1 row", Decimals: 5},
		Effort:  &Effort{ByHand: 24, Lbprobe: 8, Bound: 6.4, PerDay: 5},
		Assumed: []string{"the texts of the test set are those of the file"},
		Sources: []string{"experiments/demo/train.csv, written for this project, Apache-2.0"},
		Next:    []string{"compare the shifts with your validation set: lbprobe weights experiments/demo.toml"},
		Picture: "shifts.svg", Path: "results/demo/analysis/report.md",
	}
	r.Result = analysis.Result{
		Target: "rows", Design: "lattice", Status: analysis.Exact, Conclusion: "every public count is exact", Probes: 8, Read: 8, Rounding: "round",
		Identified: analysis.Identified{Bits: 141.6, Needed: 112.3}, Public: [2]int{1455, 1455}, Candidates: 1,
		Exactness: []analysis.Check{{Name: "one point", OK: true, Message: "one point lies inside every interval"}, {Name: "priors", OK: true, Message: "three priors name it"}},
		Checks:    []analysis.Check{{Name: "residuals", OK: true, Message: "all within half a tick"}, {Name: "band", OK: true, Message: "every score is where the prior allows"}},
		Assumed:   []string{"no test row is unscored"},
	}
	for t, p := range places {
		r.Topics = append(r.Topics, Topic{Name: p.name, Keywords: p.keywords, Exemplars: []string{fmt.Sprintf("First text of topic %d.\nIt has two lines.", t)}})
		r.Result.Counts = append(r.Result.Counts,
			analysis.Count{Split: "public", Topic: t, Class: "A", Lo: p.public / 3, Best: p.public / 3, Hi: p.public / 3, Exact: true, Posterior: 1},
			analysis.Count{Split: "public", Topic: t, Class: "!A", Lo: p.public - p.public/3, Best: p.public - p.public/3, Hi: p.public - p.public/3, Exact: true, Posterior: 1},
			analysis.Count{Split: "public", Topic: t, Class: "*", Lo: p.public, Best: p.public, Hi: p.public, Exact: true, Posterior: 1},
			analysis.Count{Split: "private", Topic: t, Class: "*", Lo: p.private, Best: p.private, Hi: p.private, Exact: true, Posterior: 1})
		r.Result.Verdicts = append(r.Result.Verdicts, verdict(t, 0))
	}
	r.Topics[1].Exemplars = append(r.Topics[1].Exemplars, "a text with a fence\n```\nand ````\nmore \x1b[31mred\x1b[0m | pipe", "third", "fourth is not shown")
	for i := range 8 {
		off := 0.04 * float64(i*i%7-3)
		r.Scores = append(r.Scores, Score{Probe: i + 1, File: fmt.Sprintf("demo-%03d.csv", i+1), Public: fmt.Sprintf("%.5f", 3.1+0.37*float64(i)), Residual: &off})
	}
	r.Scores[3].Note = "corrected: typing error"
	r.Truth = &Truth{Right: len(places)}
	return r
}

// verdict is what is said of a topic when its private rows are known to a factor of 1 ± spread.
func verdict(t int, spread float64) analysis.Verdict {
	p, total := places[t], 4165.0
	v := analysis.Verdict{
		Topic: t, Name: p.name, TrainShare: p.train, PublicLo: p.public, PublicBest: p.public, PublicHi: p.public,
		PrivateLo: int(float64(p.private) * (1 - spread)), PrivateBest: p.private, PrivateHi: int(math.Ceil(float64(p.private)*(1+spread) + 20*spread)),
		PPrivate: 1, Verdict: analysis.Present, Exact: spread == 0, Source: "both",
	}
	if p.private == 0 {
		v.Verdict, v.PPrivate = analysis.Absent, 0
		if spread > 0 {
			v.Verdict, v.PPrivate = analysis.Undetermined, 0.41
		}
	}
	if p.train > 0 {
		share := p.train * total
		v.ShiftLo, v.Shift, v.ShiftHi = float64(v.PrivateLo)/share, float64(v.PrivateBest)/share, float64(v.PrivateHi)/share
	}
	return v
}

// blurred is the example before its scores tell the counts.
func blurred(status analysis.Status, conclusion string, read int, spread float64, source string) Report {
	r := example()
	r.Truth, r.Result.Exactness = nil, nil
	r.Result.Status, r.Result.Conclusion, r.Result.Read = status, conclusion, read
	r.Result.Identified = analysis.Identified{Bits: 17.4 * float64(read), Needed: 112.3, SubmissionsMore: 8 - read}
	for i := range r.Result.Counts {
		c := &r.Result.Counts[i]
		c.Lo, c.Hi, c.Exact, c.Posterior = c.Best*9/10, c.Best*11/10+1, false, 0.2
	}
	for t := range r.Result.Verdicts {
		r.Result.Verdicts[t] = verdict(t, spread)
		r.Result.Verdicts[t].Source = source
	}
	for i := range r.Scores {
		r.Scores[i].Residual = nil
		if i >= read {
			r.Scores[i].Public, r.Scores[i].Note = "", ""
		}
	}
	r.Next = []string{"submit demo-00" + fmt.Sprint(read+1) + ".csv (see results/demo/probes/NEXT.md), then: lbprobe record experiments/demo.toml " + fmt.Sprint(read+1) + "=SCORE"}
	return r
}

// notIdentified has three of eight scores.
func notIdentified() Report {
	r := blurred(analysis.NotIdentified, "not identified yet: 52 of about 112 bits; about 4 more submissions", 3, 0.35, "split-model")
	for _, t := range []int{1, 5} {
		r.Result.Verdicts[t] = verdict(t, 0.1)
	}
	r.Past = past()
	r.Result.Warnings = []string{"topic 7 did not come back in 4 of 10 bootstrap runs: do not trust its verdict"}
	return r
}

// candidates has a few points that fit.
func candidates() Report {
	r := blurred(analysis.Candidates, "3 points fit every score; they agree on 9 of 12 topics; 1 more submission", 7, 0.05, "both")
	r.Result.Candidates = 3
	for i := range r.Result.Counts {
		if c := &r.Result.Counts[i]; c.Topic > 2 && c.Split == "public" {
			c.Lo, c.Hi, c.Exact = c.Best, c.Best, true
		}
	}
	return r
}

// noScores has nothing but the split model.
func noScores() Report {
	return blurred(analysis.NoScores, "no score has been read", 0, 0.15, "split-model")
}

// told is what a channel has told of a hidden test: totals between bounds, and verdicts.
func told() Report {
	r := blurred(analysis.Told, "all is told that was asked; private part: 11 topics present, 0 absent, 1 undetermined", 3, 0.2, "both")
	r.Asked.Design, r.Asked.Target, r.Result.Design, r.Result.Target, r.Result.Asked = "channel", "sizes", analysis.Channel, "sizes", []string{"*"}
	r.Result.Counts = slices.DeleteFunc(r.Result.Counts, func(c analysis.Count) bool { return c.Split == "public" && c.Class != "*" })
	for t := range places {
		r.Result.Counts = append(r.Result.Counts, analysis.Count{Split: "total", Topic: t, Class: "*", Lo: 100, Best: 400, Hi: 999})
	}
	r.Result.Exactness = []analysis.Check{{Name: "checksum", OK: true, Message: "modulo 5113, of 128 needed: of messages that a wrong score has spoilt one in 5113 passes"},
		{Name: "single counts", Message: "0 of 12 totals are told as one number"}}
	r.Result.Checks = []analysis.Check{{Name: "levels", OK: true, Message: "every score stands at a level of the design"}}
	r.Truth, r.Result.Probes, r.Next = &Truth{Right: 11, Open: 1}, 3, []string{"nothing: all that was asked is told"}
	return r
}

// misfit has a wrong score.
func misfit() Report {
	r := blurred(analysis.Misfit, "no counts fit every score; without probe 4 they do", 8, 0.15, "split-model")
	r.Result.Checks[0] = analysis.Check{Name: "residuals", Probe: 4, Message: "4.2 is read where 4.21000 would fit"}
	r.Next = []string{"look up the score of probe 4, then: lbprobe record experiments/demo.toml --correct --reason TEXT 4=SCORE"}
	return r
}

// past is what three submissions of a competition with five classes tell.
func past() *Past {
	p := &Past{Files: 3, Readings: 5, Rounding: "round", Certainty: 0.99, Split: PastSplit{Drift: 0.06, LogLR: 1.35, Files: 2},
		LeftOut: &PastLeftOut{Files: 27, Others: 0.00724, Own: 0.00598, Mean: 0.01334}, Warnings: []string{"past submission old/d.csv is left out: it has changed"}}
	for s, split := range []string{"public", "private", "total"} {
		for c, class := range []string{"A", "B|b", "C", "D", "E"} {
			share := 0.1*float64(c+1) - 0.003*float64(s)
			p.Shares = append(p.Shares, PastShare{Split: split, Class: class, Share: PastEstimate{Value: share, SD: 0.004, Lo: share - 0.01, Hi: share + 0.01}})
		}
	}
	p.Submissions = []PastFile{
		{File: "old_1.csv", Public: "0.47175", Private: "0.45205", Bits: 23.3},
		{File: "old_2.csv", Public: "0.5038", Private: "0.46585", Bits: 19.9},
		{File: "new.csv", Public: "0.35332", Bits: 11.2, Expected: &PastEstimate{Value: 0.33116, Lo: 0.32013, Hi: 0.34219},
			Difference: &PastEstimate{Value: 0.02216, Lo: -0.01113, Hi: 0.03319}},
	}
	return p
}
