package experiments

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lbprobe/probes/metric"
)

// has tells whether the file has a table, or a key below it.
func (e *Experiment) has(table string) bool {
	for key := range e.source.given {
		if under(key, []string{table}) {
			return true
		}
	}
	return false
}

// required asks for the keys that have no default.
func (e *Experiment) required() error {
	c := e.Competition
	switch {
	case !e.Given("name"):
		return e.Fault("name", "is missing; it names the run folder results/<name>", addTo("name", slug(baseName(e.Path))))
	case !e.Given("competition.classes") && c.Column != "" && c.Range == nil:
		return e.Fault("competition.classes", fmt.Sprintf("is missing; it lists what the column %s may hold, beginning with class A",
			strconv.Quote(shorten(c.Column))), addTo("competition.classes", e.likelyClasses()))
	case !e.Given("competition.classes") && c.Range == nil:
		return e.Fault("competition.classes", "is missing; it lists the columns of a submission behind the id, in order",
			addTo("competition.classes", e.likelyClasses()))
	case c.Test == "" && !c.Hidden:
		return e.Fault("competition.test", "is missing; it is the file with the rows to predict", addTo("competition.test", "test.csv"))
	case c.Public == nil && c.PublicRows == nil:
		return e.Fault("competition.public", "is missing; it is the share of the test that the public board scores",
			addTo("competition.public", 0.26)+", or public_rows with a number of rows")
	case len(e.Corpus.Paths) == 0 && c.Train == "":
		return e.Fault("corpus.path", "is missing; topics are learned from its texts", addTo("corpus.path", "train.csv"))
	case c.Board == "simulated" && !e.has("simulate"):
		return e.Fault("competition.board", "a simulated board needs a truth to play against", "Add a table [simulate] with: truth = \"truth.csv\"")
	}
	return e.checkName()
}

// likelyClasses are the values of the label column, or those of the reference competition where there is no such column to see.
func (e *Experiment) likelyClasses() []string {
	e.labelDefault()
	c := e.Competition
	if h, err := readHead(c.Train, string(e.reading(c.Train).Format), searchRows); err == nil && c.Label != "" {
		if values, all := h.values(c.Label, maxClasses); all && len(values) > 1 {
			slices.Sort(values)
			return values
		}
	}
	if c.Column != "" {
		return []string{"0", "1"}
	}
	return []string{"winner_model_a", "winner_model_b", "winner_tie"}
}

// baseName is a file's name without folders and extension.
func baseName(path string) string {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return name
}

// complete fills the defaults that depend on other settings. Those that depend on the heads of files are filled with the columns.
func (e *Experiment) complete() error {
	if len(e.Corpus.Paths) == 0 {
		e.setPaths("corpus.path", &e.Corpus.Paths, []string{e.Written("competition.train")})
		e.source.why["corpus.path"] = "competition.train"
	}
	e.labelDefault()
	if e.Corpus.ID == "" {
		e.Corpus.ID, e.source.why["corpus.id"] = e.Competition.ID, "competition.id"
	}
	if !e.Given("simulate.rounding") && e.Competition.Rounding != metric.Either {
		e.Simulate.Rounding, e.source.why["simulate.rounding"] = e.Competition.Rounding, "competition.rounding"
	}
	if !e.Competition.Hidden {
		e.source.why["competition.rows"] = "counted in the test file"
	}
	e.source.why["simulate.public"] = "the middle of what [competition] says"
	e.source.why["corpus.format"] = "by extension and header"
	if e.Embedding.Source == "openai" && e.Embedding.URL == "" {
		e.Embedding.URL, e.source.why["embedding.url"] = "https://api.openai.com/v1", "source = \"openai\""
	}
	if e.Embedding.Source == "openai" && !e.Given("embedding.key_env") {
		e.Embedding.KeyEnv, e.source.why["embedding.key_env"] = "OPENAI_API_KEY", "source = \"openai\""
	}
	e.source.why["embedding.price_input"] = "by model, from the built-in list"
	e.source.why["judge.price_input"], e.source.why["judge.price_output"] = "by model, from the built-in list", "by model, from the built-in list"
	if !e.has("simulate") {
		e.Simulate = nil
	}
	if !e.has("judge") {
		e.Judge = nil
	}
	return nil
}

// combinations refuses settings that cannot stand together, as far as the file alone shows it.
func (e *Experiment) combinations() error {
	checks := []func() error{e.checkClasses, e.checkLayout, e.checkShares, e.checkFloor, e.checkTexts, e.checkVectors, e.checkJudge, e.checkHidden}
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// checkClasses looks at the names of the columns of a submission, or of what its one column holds.
func (e *Experiment) checkClasses() error {
	c, key := e.Competition, "competition.classes"
	if c.ID == "" {
		return e.Fault("competition.id", "is empty; it names the column that tells rows apart", write("id", "id"))
	}
	if len(c.Classes) < 2 && c.Range == nil {
		return e.Fault(key, fmt.Sprintf("has %s; %s", plural(len(c.Classes), "class"), c.classesRule()), write("classes", e.likelyClasses()))
	}
	for i, class := range c.Classes {
		name := strconv.Quote(shorten(class))
		switch {
		case strings.TrimSpace(class) == "":
			return e.Fault(key, fmt.Sprintf("class %d is empty", i+1), "Write the name of its column")
		case strings.TrimSpace(class) != class || strings.ContainsAny(class, "\r\n"):
			return e.Fault(key, name+" begins or ends with a space, or has a line end in it", "Write: "+strconv.Quote(strings.Join(strings.Fields(class), " ")))
		case slices.Index(c.Classes, class) < i:
			return e.Fault(key, name+" is listed twice", "Keep one of the two")
		case class == c.ID && c.Column == "":
			return e.Fault(key, name+" is the id column too", "List only the columns behind the id")
		}
	}
	return nil
}

// classesRule says what classes there must be.
func (c Competition) classesRule() string {
	if c.Column != "" {
		return "a row has one of at least two"
	}
	return "a submission has one column for each of at least two classes"
}

// checkShares looks at how many rows are public, unscored and there at all.
func (e *Experiment) checkShares() error {
	c := e.Competition
	if c.Public != nil && c.PublicRows != nil {
		later := "competition.public_rows"
		if e.At("competition.public") > e.At(later) {
			later = "competition.public"
		}
		return e.Fault(later, "public and public_rows say the same thing twice", "Keep one of the two")
	}
	if c.Rows == nil {
		return nil
	}
	return e.checkRows(c.Rows.Hi, fmt.Sprintf("rows = %s", tomlText(showRange(c.Rows, just))))
}

// checkRows compares the numbers of public and unscored rows with the most rows that the test can have.
func (e *Experiment) checkRows(rows int, said string) error {
	c := e.Competition
	if c.Unscored.Lo >= rows {
		return e.Fault("competition.unscored", fmt.Sprintf("%d unscored rows leave none to score: %s", c.Unscored.Lo, said), write("unscored", int64(0)))
	}
	if p := c.PublicRows; p != nil && p.Lo+c.Unscored.Lo > rows {
		return e.Fault("competition.public_rows", fmt.Sprintf("%d public rows are more than the test can have: %s", p.Lo, said),
			"Write at most: public_rows = "+strconv.Itoa(rows-c.Unscored.Lo))
	}
	if lo, _ := c.PublicRange(rows); c.PrivateScores && lo+c.Unscored.Lo >= rows {
		return e.Fault("competition.private_scores", fmt.Sprintf("all rows are public or unscored, so there is no private score: %s", said),
			"Write: private_scores = false")
	}
	return nil
}

// checkFloor holds the least probability of a probe against the number of classes and the board's clip.
func (e *Experiment) checkFloor() error {
	floor, clip, classes := e.Probe.Floor, e.Competition.Clip, len(e.Competition.Classes)
	if !e.Competition.Metric.Probabilities() {
		return nil
	}
	if floor*float64(classes) >= 1 {
		return e.Fault("probe.floor", fmt.Sprintf("%s is too large for %d classes: their probabilities sum to 1", tomlText(floor), classes),
			write("floor", 1e-12))
	}
	if floor >= clip {
		return nil
	}
	key, msg := "probe.floor", fmt.Sprintf("%s is below the clip of the board, %s, which would change the probes", tomlText(floor), tomlText(clip))
	if !e.Given(key) {
		return e.Fault("competition.clip", fmt.Sprintf("%s is above probe.floor, %s, so the board would change the probes", tomlText(clip), tomlText(floor)),
			addTo(key, roundUp(clip)))
	}
	return e.Fault(key, msg, write(key, roundUp(clip)))
}

// roundUp is the power of ten next above a small number, times ten: well clear of a clip.
func roundUp(x float64) float64 {
	p := 1e-15
	for p < 3*x {
		p *= 10
	}
	p, _ = strconv.ParseFloat(strconv.FormatFloat(p, 'e', 0, 64), 64) // 1e-6, not 9.999999999999999e-07
	return p
}

// checkTexts looks at the settings of texts and topics.
func (e *Experiment) checkTexts() error {
	f, t := e.Corpus.Filter, e.Topics
	switch {
	case f.MinChars > f.MaxChars && e.Given("corpus.filter.min_chars"):
		return e.Fault("corpus.filter.min_chars", fmt.Sprintf("%d is more than max_chars, %d: no text would be left", f.MinChars, f.MaxChars),
			write("min_chars", int64(min(32, f.MaxChars))))
	case f.MinChars > f.MaxChars:
		return e.Fault("corpus.filter.max_chars", fmt.Sprintf("%d is less than min_chars, %d: no text would be left", f.MaxChars, f.MinChars),
			write("max_chars", int64(1536)))
	case t.Sample < t.K && !e.Given("topics.sample"):
		return e.Fault("topics.k", fmt.Sprintf("%d topics cannot be learned from a sample of %d rows", t.K, t.Sample), addTo("topics.sample", int64(10*t.K)))
	case t.Sample < t.K:
		return e.Fault("topics.sample", fmt.Sprintf("%d topics cannot be learned from a sample of %d rows", t.K, t.Sample), write("sample", int64(10*t.K)))
	}
	return nil
}

// checkVectors asks for a file of vectors for every file of texts.
func (e *Experiment) checkVectors() error {
	m := e.Embedding
	switch {
	case m.Source == "openai" && m.Model == "":
		return e.Fault("embedding.model", "is missing; source \"openai\" asks it for the vectors", addTo("embedding.model", "text-embedding-3-small"))
	case m.Source == "openai" && !e.Given("embedding.budget_usd"):
		return e.Fault("embedding.budget_usd", "is missing; nothing is asked without a budget", addTo("embedding.budget_usd", 5.0))
	case m.Script == "" && (m.Source == "python" || m.Source == "npy" && e.Competition.Hidden):
		return e.Fault("embedding.script", fmt.Sprintf("is missing; with source %q it is what embeds the test rows", m.Source), addTo("embedding.script", "embed.py"))
	case m.Source != "npy":
		return nil
	case m.Path == "":
		return e.Fault("embedding.path", "is missing; source \"npy\" reads the vectors of the corpus from it", addTo("embedding.path", "corpus.npy"))
	case m.TestPath == "" && !e.Competition.Hidden:
		return e.Fault("embedding.test_path", fmt.Sprintf("is missing; source \"npy\" needs vectors of the rows of %s too",
			baseFile(e.Written("competition.test"))), addTo("embedding.test_path", "test.npy"))
	case m.TrainPath == "" && e.trainApart():
		return e.Fault("embedding.train_path", fmt.Sprintf("is missing; %s is not the corpus, so its rows need vectors of their own",
			baseFile(e.Written("competition.train"))), addTo("embedding.train_path", "train.npy"))
	}
	return nil
}

// checkJudge asks for both prices or none.
func (e *Experiment) checkJudge() error {
	j := e.Judge
	switch {
	case j == nil:
		return nil
	case j.PriceInput != nil && j.PriceOutput == nil:
		return e.Fault("judge.price_input", "stands without price_output", addTo("judge.price_output", 60.0)+", in US dollars per million tokens")
	case j.PriceInput == nil && j.PriceOutput != nil:
		return e.Fault("judge.price_output", "stands without price_input", addTo("judge.price_input", 30.0)+", in US dollars per million tokens")
	}
	return nil
}

// trainApart tells whether train is another file than the corpus.
func (e *Experiment) trainApart() bool {
	return e.Competition.Train != "" && !(len(e.Corpus.Paths) == 1 && e.Corpus.Paths[0] == e.Competition.Train)
}

// TrainIsCorpus tells whether the labelled rows are the rows of the corpus, read once and called "train".
func (e *Experiment) TrainIsCorpus() bool { return e.Competition.Train != "" && !e.trainApart() }

// plural counts things.
func plural(n int, thing string) string {
	switch {
	case n == 1:
		return "1 " + thing
	case strings.HasSuffix(thing, "s"):
		return fmt.Sprintf("%d %ses", n, thing)
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
