package experiments

import (
	"math"

	"lbprobe/probes/metric"
)

// The words that settings take. Those of the second list are known, but not available in this version.
var (
	boards, boardsLater           = []string{"hand", "simulated"}, []string{"kaggle"}
	metrics                       = []string{"log-loss", "binary-log-loss", "brier", "accuracy", "mae", "mse", "rmse", "auc"}
	roundings, roundingsSimulated = []string{"either", "round", "floor"}, []string{"round", "floor"}
	normalises                    = []string{"divide", "clip-then-divide", "none", "error"}
	formats, formatsLater         = []string{"", "kaggle-lmsys", "lmsys-chat-1m", "jsonl", "csv"}, []string(nil)
	duplicates                    = []string{"keep", "exact", "near"}
	quality                       = []string{"keep", "drop"}
	pii                           = []string{"keep", "drop", "redact"}
	sources, sourcesLater         = []string{"tfidf-svd", "npy", "python", "openai"}, []string{"static"}
	distances, distancesLater     = []string{"euclidean"}, []string{"cosine"}
	targets                       = []string{"presence", "sizes", "rows", "cells"}
	designs                       = []string{"auto", "lattice", "one-at-a-time", "hadamard", "blocks", "channel"}
)

// The bounds of numbers.
var (
	shareBounds     = bounds{func(x float64) bool { return x > 0 && x <= 1 }, "above 0 and at most 1"}
	certaintyBounds = bounds{func(x float64) bool { return x >= 0.5 && x < 1 }, "from 0.5 to below 1"}
	fdrBounds       = bounds{func(x float64) bool { return x > 0 && x < 1 }, "above 0 and below 1"}
	absentBounds    = bounds{func(x float64) bool { return x >= 0 && x < 1 }, "from 0 to below 1"}
	clipBounds      = bounds{func(x float64) bool { return x >= 0 && x < 0.5 }, "from 0 to below 0.5"}
	noiseBounds     = bounds{func(x float64) bool { return x >= 0 && x < 1e6 }, "from 0 to below 1e6"}
	floorBounds     = bounds{func(x float64) bool { return x >= 1e-15 && x < 0.5 }, "from 1e-15 to below 0.5"}
	guardBounds     = bounds{func(x float64) bool { return x >= 1.1 && x <= 100 }, "from 1.1 to 100"}
	moneyBounds     = bounds{func(x float64) bool { return x >= 0 && x <= 1e9 }, "from 0 to 1e9"}
)

// newExperiment is an experiment in which every key has its default.
func newExperiment(path, dir string) *Experiment {
	return &Experiment{
		Path: path, Dir: dir, Seed: 1, source: newSource(),
		Competition: Competition{Board: "hand", Metric: metric.LogLoss, ID: "id", Decimals: 3, Rounding: metric.Either, Clip: 2.22e-16,
			Normalise: metric.None, Outside: true, SubmissionsPerDay: 5},
		Corpus:    Corpus{Turns: "all", Filter: Filter{MinChars: 32, MaxChars: 1536, Duplicates: "keep", LowQuality: "keep", PII: "keep"}},
		Embedding: Embedding{Source: "tfidf-svd", RequestsPerMinute: 60},
		Topics:    Topics{K: 20, Sample: 100_000, Restarts: 4, Distance: "euclidean", Exemplars: 100, Other: 1},
		Probe: Probe{Target: "presence", Split: "private", Design: "auto", Budget: 10, Floor: 1e-12, Base: "uniform",
			Channel: Channel{Guard: 1.25, Constants: 1, Checksum: 128}},
		Analysis: Analysis{Certainty: 0.99, FDR: 0.05, Absent: 0.05, PresentFrom: PresentFrom{Rows: 1}},
		Simulate: &Simulate{Seed: 1, Rounding: metric.Round, Normalise: metric.Divide},
		Judge: &Judge{URL: "https://api.openai.com/v1", Model: "gpt-4", KeyEnv: "OPENAI_API_KEY", ResponseFormat: "none", RequestsPerMinute: 60,
			Concurrency: 4, TimeoutSeconds: 120},
	}
}

// settings is the table of all keys in the order of the file, bound to the fields of e. Keys of a table that e does not have are bound to fields
// that nobody reads.
func (e *Experiment) settings() []setting {
	var all []setting
	all = append(all, text("name", &e.Name), whole("seed", &e.Seed, 0, math.MaxInt64))
	all = append(all, e.competitionSettings()...)
	all = append(all, e.corpusSettings()...)
	all = append(all, e.embeddingSettings()...)
	all = append(all, e.topicsSettings()...)
	all = append(all, e.probeSettings()...)
	all = append(all, e.analysisSettings()...)
	all = append(all, e.simulateSettings()...)
	return append(all, e.judgeSettings()...)
}

func (e *Experiment) competitionSettings() []setting {
	c := &e.Competition
	return []setting{
		text("competition.slug", &c.Slug),
		choice("competition.board", &c.Board, boards, boardsLater),
		text("competition.owner", &c.Owner),
		choice("competition.metric", &c.Metric, metrics, nil),
		texts("competition.classes", &c.Classes, []string{"winner_model_a", "winner_model_b", "winner_tie"}),
		text("competition.column", &c.Column),
		numberPair("competition.range", &c.Range),
		boolean("competition.outside", &c.Outside),
		text("competition.id", &c.ID),
		e.path("competition.train", &c.Train),
		text("competition.label", &c.Label),
		e.test("competition.test"),
		decimals("competition.decimals", c),
		number("competition.noise", &c.Noise, noiseBounds),
		choice("competition.rounding", &c.Rounding, roundings, nil),
		number("competition.clip", &c.Clip, clipBounds),
		choice("competition.normalise", &c.Normalise, normalises, nil),
		rowRange("competition.rows", func(r IntRange) { c.Rows = &r }, func() any { return showRange(c.Rows, just) }, just, 1, 25000),
		share("competition.public", &c.Public),
		rowRange("competition.public_rows", func(r IntRange) { c.PublicRows = &r }, func() any { return showRange(c.PublicRows, just) }, just, 1, 6500),
		rowRange("competition.unscored", func(r IntRange) { c.Unscored = r }, func() any { return showRange(&c.Unscored, upTo) }, upTo, 0, 0),
		boolean("competition.private_scores", &c.PrivateScores),
		whole("competition.submissions_per_day", &c.SubmissionsPerDay, 1, 10_000),
		date("competition.rules_checked", &c.RulesChecked),
		text("competition.rules_url", &c.RulesURL),
	}
}

func (e *Experiment) corpusSettings() []setting {
	c := &e.Corpus
	return []setting{
		e.paths("corpus.path", &c.Paths),
		choice("corpus.format", &c.Format, formats, formatsLater),
		text("corpus.text", &c.Text),
		text("corpus.id", &c.ID),
		choice("corpus.turns", &c.Turns, []string{"all", "first"}, nil),
		text("corpus.url", &c.URL),
		text("corpus.licence", &c.Licence),
		whole("corpus.filter.min_chars", &c.Filter.MinChars, 0, maxRows),
		whole("corpus.filter.max_chars", &c.Filter.MaxChars, 1, maxRows),
		choice("corpus.filter.duplicates", &c.Filter.Duplicates, duplicates, nil),
		choice("corpus.filter.low_quality", &c.Filter.LowQuality, quality, nil),
		choice("corpus.filter.pii", &c.Filter.PII, pii, nil),
	}
}

func (e *Experiment) embeddingSettings() []setting {
	m := &e.Embedding
	return []setting{
		choice("embedding.source", &m.Source, sources, sourcesLater),
		e.path("embedding.path", &m.Path),
		e.path("embedding.train_path", &m.TrainPath),
		e.path("embedding.test_path", &m.TestPath),
		e.path("embedding.ids", &m.IDs),
		e.path("embedding.train_ids", &m.TrainIDs),
		e.path("embedding.test_ids", &m.TestIDs),
		e.path("embedding.script", &m.Script),
		texts("embedding.sources", &m.Sources, []string{"me/minilm"}),
		boolean("embedding.gpu", &m.GPU),
		text("embedding.model", &m.Model),
		text("embedding.url", &m.URL),
		text("embedding.key_env", &m.KeyEnv),
		number("embedding.budget_usd", &m.BudgetUSD, moneyBounds),
		optionalNumber("embedding.price_input", &m.PriceInput, moneyBounds, 0.02),
		whole("embedding.requests_per_minute", &m.RequestsPerMinute, 1, 1_000_000),
	}
}

func (e *Experiment) topicsSettings() []setting {
	t := &e.Topics
	return []setting{
		whole("topics.k", &t.K, 2, 10_000),
		whole("topics.sample", &t.Sample, 2, maxRows),
		whole("topics.restarts", &t.Restarts, 1, 1000),
		choice("topics.distance", &t.Distance, distances, distancesLater),
		whole("topics.exemplars", &t.Exemplars, 0, 100_000),
		number("topics.other", &t.Other, shareBounds),
	}
}

func (e *Experiment) probeSettings() []setting {
	p := &e.Probe
	return []setting{
		choice("probe.target", &p.Target, targets, nil),
		choice("probe.split", &p.Split, []string{"private", "public"}, nil),
		choice("probe.design", &p.Design, designs, nil),
		whole("probe.budget", &p.Budget, 1, 10_000),
		number("probe.floor", &p.Floor, floorBounds),
		base("probe.base", &p.Base),
		number("probe.channel.guard", &p.Channel.Guard, guardBounds),
		whole("probe.channel.constants", &p.Channel.Constants, 1, 1000),
		whole("probe.channel.checksum", &p.Channel.Checksum, 128, 1_000_000_000),
		messages("probe.channel.messages", &p.Channel.Messages),
		e.path("probe.channel.overlap", &p.Channel.Overlap),
	}
}

func (e *Experiment) analysisSettings() []setting {
	a := &e.Analysis
	return []setting{
		number("analysis.certainty", &a.Certainty, certaintyBounds),
		number("analysis.fdr", &a.FDR, fdrBounds),
		concentration("analysis.concentration", &a.Concentration),
		number("analysis.absent", &a.Absent, absentBounds),
		presentFrom("analysis.present_from", &a.PresentFrom),
	}
}

func (e *Experiment) simulateSettings() []setting {
	s := e.Simulate
	if s == nil {
		s = new(Simulate)
	}
	return []setting{
		e.path("simulate.truth", &s.Truth),
		e.path("simulate.test", &s.Test),
		e.path("simulate.test_embedding", &s.TestEmbedding),
		whole("simulate.seed", &s.Seed, 0, math.MaxInt64),
		optionalNumber("simulate.public", &s.Public, shareBounds, 0.26),
		choice("simulate.rounding", &s.Rounding, roundingsSimulated, nil),
		choice("simulate.normalise", &s.Normalise, normalises, nil),
	}
}

func (e *Experiment) judgeSettings() []setting {
	j := e.Judge
	if j == nil {
		j = new(Judge)
	}
	return []setting{
		text("judge.url", &j.URL),
		text("judge.model", &j.Model),
		text("judge.key_env", &j.KeyEnv),
		e.path("judge.prompt", &j.Prompt),
		choice("judge.response_format", &j.ResponseFormat, []string{"none", "json_object"}, nil),
		number("judge.budget_usd", &j.BudgetUSD, moneyBounds),
		optionalNumber("judge.price_input", &j.PriceInput, moneyBounds, 30),
		optionalNumber("judge.price_output", &j.PriceOutput, moneyBounds, 60),
		whole("judge.requests_per_minute", &j.RequestsPerMinute, 1, 1_000_000),
		whole("judge.concurrency", &j.Concurrency, 1, 10_000),
		whole("judge.timeout_seconds", &j.TimeoutSeconds, 1, 3600),
	}
}

// base is "uniform"; a file of predictions is known, but not available in this version.
func base(key string, dst *string) setting {
	s := text(key, dst)
	read := s.read
	s.read = func(v any) *trouble {
		if name, ok := v.(string); ok && name != "uniform" {
			return &trouble{"a base other than \"uniform\" is not available yet", write(key, "uniform")}
		}
		return read(v)
	}
	return s
}
