package experiments

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// page writes the experiment file of Init. A line that a file suggested is marked "guess", one that no file can tell "ASK".
func (g *guesses) page() string {
	var p page
	p.say("# %s: an experiment of lbprobe, filled in from %s.", g.name, listing(g.names(), 3))
	p.say("#")
	p.say("#   guess  is what the files suggest: look at it once")
	p.say("#   ASK    is what no file can tell: the competition's pages do")
	p.say("#")
	p.say("# Next:  lbprobe check %s.toml      every key with the value that holds", g.name)
	p.say("#        lbprobe rehearse %s.toml   the whole game against a board of known truth, before a submission is spent", g.name)
	p.say("")
	p.set("name", g.name, "the run folder is results/%s", g.name)
	p.set("seed", int64(1), "of every random choice: same seed, same probes")
	g.competitionPage(&p)
	g.corpusPage(&p)
	questionPage(&p, g.hidden)
	return p.String()
}

// names are the files that were looked at.
func (g *guesses) names() []string {
	names := []string{g.train.name, g.test.name}
	if g.sample.name != "" {
		names = append(names, g.sample.name)
	}
	return names
}

func (g *guesses) competitionPage(p *page) {
	p.table("competition", "what is predicted, which rows, how the board shows a score")
	p.set("slug", "", "ASK: the last part of the competition's address")
	p.set("board", "hand", "you upload by hand and type the scores in; \"simulated\" plays against a known truth")
	p.set("metric", string(g.metric), "ASK: see the page Evaluation")
	g.classLines(p)
	p.set("id", g.id, "guess: %s", g.idReason())
	if len(g.classes) == 0 && g.span == nil {
		p.say("# train = %s   # ASK: the file with labelled rows; then label = the column that holds the class", tomlText(g.prefix+g.train.name))
	} else {
		p.set("train", g.prefix+g.train.name, "guess: %s", countRows(g.train.total))
	}
	if g.label != "" && g.span == nil {
		p.set("label", g.label, "guess: its values are the classes: %s", g.labelCounts)
	}
	g.testLines(p)
	p.set("decimals", int64(3), "ASK: digits behind the point of a score on the public leaderboard; often 5")
	p.set("rounding", "either", "round or floor, once it is known how the board gets there")
	p.set("public", []any{0.2, 0.5}, "ASK: the leaderboard says \"approximately 26%% of the test data\": then write 0.26")
	p.set("unscored", int64(0), "most test rows that the host may ignore")
	p.set("submissions_per_day", int64(5), "ASK: see the page Rules")
	p.say("# rules_checked = 2024-05-03           # the day on which you read what the rules say about probing")
}

// classLines writes classes, and column for a submission of one column.
func (g *guesses) classLines(p *page) {
	switch {
	case g.span != nil:
		p.set("range", []any{g.span[0], g.span[1]}, "guess: the first %s of %s; ASK: the least and the most it can be", g.column, g.train.name)
	case len(g.classes) == 0:
		p.set("classes", []string{"A", "B"}, "ASK: the columns of a submission behind the id; the first is A")
	case g.column == "" && g.sample.name != "":
		p.set("classes", g.classes, "guess: the columns of %s behind the id, in order; the first is A", g.sample.name)
	case g.label == "":
		p.set("classes", g.classes, "guess: the 0/1 columns that only %s has; the first is A", g.train.name)
	default:
		p.set("classes", g.classes, "guess: the values of %s; the first is A", g.label)
	}
	if g.column != "" {
		p.set("column", g.column, "guess: %s has one column behind the id", g.sample.name)
	}
}

func (g *guesses) idReason() string {
	if g.sample.name != "" && g.sample.columns[0] == g.id {
		return "the first column of " + g.sample.name
	}
	return "the column of " + g.test.name + " that names a row"
}

// testLines writes test, and rows where they cannot be counted.
func (g *guesses) testLines(p *page) {
	if g.hidden {
		p.set("test", "hidden", "guess: %s has only %s: the others come in the rerun of a notebook", g.test.name, countRows(g.test.total))
		p.set("rows", int64(25000), "ASK: about how many; or [lo, hi]")
		return
	}
	p.set("test", g.prefix+g.test.name, "guess: %s%s", countRows(g.test.total), g.sampleRows())
	p.say("# rows                                 # counted: %s", countRows(g.test.total))
}

// sampleRows says whether the sample submission has a line for every test row.
func (g *guesses) sampleRows() string {
	switch {
	case g.sample.name == "":
		return ""
	case g.sample.total == g.test.total:
		return ", as many as in " + g.sample.name
	}
	return fmt.Sprintf("; but %s has %s", g.sample.name, countRows(g.sample.total))
}

func (g *guesses) corpusPage(p *page) {
	p.table("corpus", "the texts that topics are learned from")
	p.set("path", g.prefix+g.train.name, "or a list of files; more texts of the same kind make better topics")
	switch {
	case g.conversations:
		p.set("format", "kaggle-lmsys", "guess: prompt and response_a are lists of turns")
	case isJSONL(g.train.name, ""):
		p.set("format", "jsonl", "guess: by its extension")
	default:
		p.set("format", "csv", "guess: by its extension")
	}
	p.set("text", g.text, "guess: the longest texts that %s and %s share", g.train.name, g.test.name)
	p.set("id", g.id, "guess: as above")
	p.say("[corpus.filter]")
	p.set("min_chars", int64(32), "shorter texts teach no topic; their rows get one all the same")
	p.set("max_chars", int64(1536), "")
}

// questionPage writes the tables that no file has a say in.
func questionPage(p *page, hidden bool) {
	p.table("embedding", "how texts become vectors")
	p.set("source", "tfidf-svd", "built in, any language; \"npy\" takes vectors of your own: path, test_path")
	p.table("topics", "how vectors become topics")
	p.set("k", int64(20), "")
	p.table("probe", "what is asked of the board, and at what price")
	target := "presence: which topics are there; rows: how many of each; cells: of each class"
	if hidden {
		target = "presence: which topics are there; sizes: how much of each"
	}
	p.set("target", "presence", "%s", target)
	p.set("split", "private", "whose answer is wanted")
	p.set("design", "auto", "the cheapest that reaches certainty within the budget")
	p.set("budget", int64(10), "submissions at most")
	p.table("analysis", "what is believed before any score, and how sure a verdict must be")
	p.set("certainty", 0.99, "")
	p.set("fdr", 0.05, "expected share of false verdicts")
}

// commentColumn is where comments begin; a longer line has its comment behind it.
const commentColumn = 39

// page is an experiment file in the making.
type page struct{ strings.Builder }

func (p *page) say(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// table begins a table under a line that says what it is about.
func (p *page) table(name, about string) {
	p.say("")
	p.say("# %s", strings.ToUpper(about[:1])+about[1:]+".")
	p.say("[%s]", name)
}

// set writes key = value with a comment.
func (p *page) set(key string, v any, comment string, args ...any) {
	line := key + " = " + tomlText(v)
	if comment != "" {
		pad := max(commentColumn-utf8.RuneCountInString(line), 2)
		line += strings.Repeat(" ", pad) + "# " + oneLine(fmt.Sprintf(comment, args...))
	}
	p.WriteString(line + "\n")
}
