package experiments

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"lbprobe/experiments/corpus"
	"lbprobe/internal/fault"
)

const (
	headRows   = 1_000   // rows that are looked at for values
	searchRows = 100_000 // rows that are looked at to find where the classes are: sorted files show them late
	maxClasses = 500     // distinct values up to which a column may hold classes
)

// columns asks whether the heads of the files have the columns that the settings speak of, and fills the defaults that depend on them.
func (e *Experiment) columns() error {
	corpus, err := e.corpusHeads()
	if err != nil {
		return err
	}
	steps := []func() error{
		func() error { return e.checkText("corpus.path", corpus...) },
		func() error { return e.trainDefault(corpus) },
		e.checkTrain, e.checkTest, e.checkTruth,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// open reads the head of the file that a key names.
func (e *Experiment) open(key, path string, rows int) (head, error) {
	o := e.reading(path)
	h, err := readHead(path, string(o.Format), rows)
	h.borrowed = o.Borrowed
	if damaged, ok := errors.AsType[*fault.Error](err); ok {
		return head{}, e.Fault(key, fmt.Sprintf("%s: %s", path, damaged.Msg), damaged.Fix)
	}
	if err != nil {
		return head{}, e.Fault(key, fmt.Sprintf("%s: %v", path, err), "Give a CSV file with a header, or JSON objects line by line as .jsonl")
	}
	if h.parquet && key != "corpus.path" {
		return head{}, e.Fault(key, h.name+" is Parquet, which is read for the corpus alone", "Write it as CSV")
	}
	return h, nil
}

// reading is how a file is read: by corpus.format and corpus.text, as far as these can hold for it.
func (e *Experiment) reading(path string) corpus.Options {
	o := corpus.Options{Format: corpus.Format(e.Corpus.Format), Text: e.Corpus.Text}
	if len(e.Corpus.Paths) == 0 || slices.Contains(e.Corpus.Paths, path) {
		return o
	}
	return o.Beside(e.Corpus.Paths[0], path)
}

// corpusHeads opens the corpus, completes corpus.text, and asks for the id column.
func (e *Experiment) corpusHeads() ([]head, error) {
	var heads []head
	for _, path := range e.Corpus.Paths {
		h, err := e.open("corpus.path", path, 20)
		if err != nil {
			return nil, err
		}
		heads = append(heads, h)
	}
	if err := e.parquetCorpus(heads); err != nil {
		return nil, err
	}
	if e.Corpus.Text == "" {
		e.Corpus.Text, e.source.why["corpus.text"] = heads[0].usualText(), "a column of "+heads[0].name
	}
	const id = "conversation_id" // of LMSYS-Chat-1M
	if !e.Given("corpus.id") && !heads[0].has(e.Corpus.ID) && heads[0].has(id) {
		e.Corpus.ID, e.source.why["corpus.id"] = id, "a column of "+heads[0].name
	}
	for _, h := range heads {
		if !h.has(e.Corpus.ID) {
			return nil, e.columnFault("corpus.id", h, e.Corpus.ID, guessID(h))
		}
	}
	return heads, nil
}

// parquetFormat is corpus.format of a corpus in Parquet.
const parquetFormat = string(corpus.LMSYSChat1M)

// parquetCorpus settles what the files of a corpus in Parquet leave open, and refuses a format that is not theirs.
func (e *Experiment) parquetCorpus(heads []head) error {
	c := &e.Corpus
	other := slices.IndexFunc(heads, func(h head) bool { return !h.parquet })
	one := slices.IndexFunc(heads, func(h head) bool { return h.parquet })
	switch {
	case one < 0 && c.Format == parquetFormat:
		return e.Fault("corpus.format", heads[0].name+" is not Parquet", "Leave format out: each file tells its own")
	case one < 0:
		return nil
	case other >= 0:
		return e.Fault("corpus.path", fmt.Sprintf("%s is Parquet and %s is not", heads[one].name, heads[other].name), "Give files of one kind")
	case c.Format == "":
		c.Format, e.source.why["corpus.format"] = parquetFormat, "the file is Parquet"
	case c.Format != parquetFormat:
		return e.Fault("corpus.format", heads[0].name+" is Parquet", write("format", parquetFormat))
	}
	return nil
}

// usualText is the name that the column with the texts mostly has.
func (h head) usualText() string {
	if h.has("prompt") && h.has("response_a") {
		return "prompt"
	}
	for _, name := range []string{"text", "prompt", "conversation"} {
		if h.has(name) {
			return name
		}
	}
	return "text"
}

// checkText asks for the text column. A file other than the corpus must have it under the same name, but for one of another kind, which may have its own.
func (e *Experiment) checkText(key string, heads ...head) error {
	for _, h := range heads {
		text := e.Corpus.Text
		if h.borrowed && !h.has(text) {
			text = h.usualText()
		}
		if h.has(text) {
			continue
		}
		if text != e.Corpus.Text {
			return e.Fault(key, h.noColumn(text), "Rename the column that has its texts to "+text)
		}
		if key != "corpus.path" {
			return e.Fault(key, h.noColumn(e.Corpus.Text)+"; corpus.text holds for this file too", "Rename the column that has its texts to "+e.Corpus.Text)
		}
		return e.columnFault("corpus.text", h, e.Corpus.Text, guessText(h))
	}
	return nil
}

// columnFault says that a column is missing. A guess, or else a column with nearly the same name, makes the fix.
func (e *Experiment) columnFault(key string, h head, column, guess string) error {
	if near, distance := fault.Nearest(column, h.columns); fault.Alike(column, distance) {
		guess = near
	}
	fix := "Write the name of a column that it has"
	switch {
	case h.separator() != "":
		fix = "Save it with commas"
	case guess != "" && e.Given(key):
		fix = write(key, guess)
	case guess != "":
		fix = addTo(key, guess)
	}
	return e.Fault(key, h.noColumn(column), fix)
}

// guessID proposes a column that tells rows apart: one with id in its name, else the first.
func guessID(h head) string {
	for _, c := range h.columns {
		if low := strings.ToLower(c); low == "id" || strings.HasSuffix(low, "_id") || strings.HasSuffix(c, "Id") || strings.HasSuffix(c, "ID") {
			return c
		}
	}
	return h.columns[0]
}

// guessText proposes the column with the longest texts.
func guessText(h head) (best string) {
	longest := 0
	for j, c := range h.columns {
		total := 0
		for _, row := range h.rows {
			total += len(row[j])
		}
		if total > longest {
			best, longest = c, total
		}
	}
	return best
}

// trainDefault makes the corpus the train file where the file names none and the corpus holds the classes.
func (e *Experiment) trainDefault(corpus []head) error {
	c := &e.Competition
	if c.Train != "" || len(corpus) != 1 {
		return nil
	}
	if !e.corpusIsTrain(corpus[0]) {
		if c.Column != "" {
			return nil
		}
		h, err := e.open("corpus.path", e.Corpus.Paths[0], searchRows)
		if err != nil {
			return err
		}
		if column, values := h.holder(c.Classes); column != "" && len(outside(c.Classes, values)) == 0 {
			return e.classFault(h)
		}
		return nil
	}
	e.setPath("competition.train", &c.Train, e.Written("corpus.path"))
	e.source.why["competition.train"] = "the corpus"
	return nil
}

// checkTrain asks the train file for id, text and classes.
func (e *Experiment) checkTrain() error {
	c := e.Competition
	if c.Train == "" {
		return nil
	}
	h, err := e.open("competition.train", c.Train, headRows)
	if err != nil {
		return err
	}
	if !h.has(c.ID) {
		return e.columnFault("competition.id", h, c.ID, guessID(h))
	}
	if e.trainApart() {
		if err := e.checkText("competition.train", h); err != nil {
			return err
		}
	}
	if c.Label != "" {
		return e.checkLabel(h)
	}
	if slices.ContainsFunc(c.Classes, func(class string) bool { return !h.has(class) }) {
		if h, err = e.open("competition.train", c.Train, searchRows); err != nil {
			return err
		}
		return e.classFault(h)
	}
	return nil
}

// checkLabel asks for the label column and holds its first values against the classes.
func (e *Experiment) checkLabel(h head) error {
	c := e.Competition
	if !h.has(c.Label) {
		guess, _ := h.holder(c.Classes)
		return e.columnFault("competition.label", h, c.Label, guess)
	}
	if c.Range != nil {
		return e.checkNumbers(h)
	}
	j := slices.Index(h.columns, c.Label)
	for i, row := range h.rows {
		if !slices.Contains(c.Classes, row[j]) {
			return e.UnknownLabel(h.name, h.lines[i], row[j])
		}
	}
	return nil
}

// holder finds the column whose values are the classes: the one with most of them, and its values. Empty where no column has any.
func (h head) holder(classes []string) (column string, values []string) {
	most := 0
	for _, c := range h.columns {
		found, all := h.values(c, maxClasses)
		if n := len(classes) - len(outside(classes, found)); all && n > most {
			column, values, most = c, found, n
		}
	}
	sort.Strings(values)
	return column, values
}

// outside lists the words that are not in set.
func outside(words, set []string) (list []string) {
	for _, w := range words {
		if !slices.Contains(set, w) {
			list = append(list, w)
		}
	}
	return list
}

// classFault says that the train file has no column for a class, and where the classes are.
func (e *Experiment) classFault(h head) error {
	const key = "competition.classes"
	classes := e.Competition.Classes
	missing := outside(classes, h.columns)
	column, values := h.holder(classes)
	if column == "" {
		if near, distance := fault.Nearest(missing[0], h.columns); fault.Alike(missing[0], distance) {
			return e.Fault(key, h.noColumn(missing[0]), "Write: "+strconv.Quote(near))
		}
		return e.Fault(key, h.noColumn(missing[0]), "Name the column that holds the class with label, or leave out competition.train if its rows have no labels")
	}
	msg := fmt.Sprintf("%s has no column %q; column %q holds %s", h.name, missing[0], column, listing(values, 8))
	if len(outside(classes, values)) == 0 {
		return e.Fault(key, msg, "Add: label = "+strconv.Quote(column))
	}
	return e.Fault(key, msg, fmt.Sprintf("Add: label = %q, and write: classes = %s", column, tomlText(values)))
}

// checkTest asks the test file for id and text, or the one that stands in for a hidden test.
func (e *Experiment) checkTest() error {
	key, path := "competition.test", e.Competition.Test
	if e.Competition.Hidden {
		if e.Simulate == nil || e.Simulate.Test == "" {
			return nil
		}
		key, path = "simulate.test", e.Simulate.Test
	}
	h, err := e.open(key, path, 20)
	if err != nil {
		return err
	}
	if !h.has(e.Competition.ID) {
		return e.columnFault("competition.id", h, e.Competition.ID, guessID(h))
	}
	return e.checkText(key, h)
}

// checkTruth asks the truth for id and classes or label.
func (e *Experiment) checkTruth() error {
	if e.Simulate == nil || e.Simulate.Truth == "" {
		return nil
	}
	const key = "simulate.truth"
	c := e.Competition
	h, err := e.open(key, e.Simulate.Truth, headRows)
	if err != nil {
		return err
	}
	if !h.has(c.ID) {
		return e.Fault(key, h.noColumn(c.ID), "Give it the column "+c.ID)
	}
	missing := outside(c.Classes, h.columns)
	if c.Label != "" && h.has(c.Label) || len(missing) == 0 && c.Column == "" {
		return nil
	}
	if c.Column != "" {
		return e.Fault(key, h.noColumn(c.Label), fmt.Sprintf("Give it the column %s with the truth of every row", c.Label))
	}
	if c.Label != "" {
		return e.Fault(key, h.noColumn(c.Label), fmt.Sprintf("Give it the column %s with the class, or one 0/1 column a class", c.Label))
	}
	return e.Fault(key, h.noColumn(missing[0]), "Give it one 0/1 column a class, named as in competition.classes")
}
