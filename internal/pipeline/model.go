package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"lbprobe/experiments/judge"
	"lbprobe/internal/fault"
	"lbprobe/internal/openai"
	"lbprobe/results"
)

// cachePlace is the file of all replies of language models.
const cachePlace = "judge/cache.jsonl"

// model is the language model of [judge], ready to be asked. It is closed when it is no longer needed.
type model struct {
	judge.Judge
	cache *openai.Cache
	rates openai.Rates
}

// newModel opens the cache of the run folder and makes a client for the endpoint of [judge].
// Without a key it can only say what things cost.
func (s *Session) newModel(folder *results.Folder, template *judge.Template, key string) (*model, error) {
	j := s.Experiment.Judge
	rates, err := s.rates()
	if err != nil {
		return nil, err
	}
	path := folder.Path(filepath.FromSlash(cachePlace))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, fmt.Errorf("run folder: %w", err)
	}
	cache, err := openai.OpenCache(path)
	if err != nil {
		return nil, err
	}
	client, err := openai.New(openai.Options{URL: j.URL, Key: key, RequestsPerMinute: j.RequestsPerMinute, Connections: j.Concurrency,
		Timeout: time.Duration(j.TimeoutSeconds) * time.Second, Seed: s.Experiment.Seed, BudgetUSD: j.BudgetUSD, Rates: rates}, cache)
	if err != nil {
		return nil, errors.Join(s.Experiment.Fault("judge.url", err.Error(), `Write: url = "https://api.openai.com/v1"`), cache.Close())
	}
	m := &model{cache: cache, rates: rates, Judge: judge.Judge{Client: client, Model: j.Model, Template: template, Concurrency: j.Concurrency}}
	if j.ResponseFormat != "none" {
		m.Format = j.ResponseFormat
	}
	return m, nil
}

// needJudge refuses an experiment that does not say what to ask and for how much, and returns the key to ask with. A dry run needs neither budget
// nor key.
func (s *Session) needJudge(dry bool) (key string, err error) {
	j := s.Experiment.Judge
	switch {
	case j == nil:
		return "", s.Experiment.Fault("judge", "there is no table [judge], which names the language model and the budget",
			"Add a line [judge], and below it: budget_usd = 20.0")
	case j.Model == "":
		return "", s.Experiment.Fault("judge.model", "is empty", `Write: model = "gpt-4"`)
	case dry:
		return "", nil
	case j.BudgetUSD == 0 && !s.Experiment.Given("judge.budget_usd"):
		return "", s.Experiment.Fault("judge.budget_usd", "is missing; nothing is asked without a budget", "Add under [judge]: budget_usd = 20.0")
	}
	return s.keyOf("judge.key_env", j.KeyEnv)
}

// rates are the prices of the model: those of the experiment file, else those of the built-in list.
func (s *Session) rates() (openai.Rates, error) {
	j := s.Experiment.Judge
	if j.PriceInput != nil {
		return openai.Rates{Input: *j.PriceInput, Output: *j.PriceOutput}, nil
	}
	r, ok := openai.RatesOf(j.Model)
	if !ok {
		return r, s.Experiment.Fault("judge.model", fmt.Sprintf("the price of %q is not known", j.Model),
			"Add under [judge] the US dollars per million tokens: price_input = 30.0 and price_output = 60.0 (0.0 for a model of your own)")
	}
	return r, nil
}

// keyOf reads a key from the environment variable that a setting names. It is for the client alone: no message, log or file may have it.
func (s *Session) keyOf(setting, variable string) (string, error) {
	if variable == "" {
		return "", nil
	}
	key := os.Getenv(variable)
	if key == "" {
		return "", s.Experiment.Fault(setting, fmt.Sprintf("the environment has no %s, which is to hold the key of the endpoint", variable),
			`Set it, or write for an endpoint that needs none: key_env = ""`)
	}
	return key, nil
}

// close gives the cache back.
func (m *model) close() error { return m.cache.Close() }

// Offer is what questions will cost, before they are asked.
type Offer struct {
	judge.Estimate
	Model  string       `json:"model"`
	Rates  openai.Rates `json:"usd_per_million_tokens"`
	Source string       `json:"price_source"`
	Spent  float64      `json:"spent_usd"` // before
	Budget float64      `json:"budget_usd"`
}

// String is the offer in one line.
func (o Offer) String() string {
	if o.Questions == 0 {
		return fmt.Sprintf("all %d questions are answered already; nothing to pay; $%.4f of $%.2f is spent", o.Cached, o.Spent, o.Budget)
	}
	return fmt.Sprintf("%d questions to %s, %d more answered already; they cost at most $%.4f, at $%g and $%g a million tokens in and out (%s); $%.4f of $%.2f is spent",
		o.Questions, o.Model, o.Cached, o.USD, o.Rates.Input, o.Rates.Output, o.Source, o.Spent, o.Budget)
}

// offer puts an estimate beside the budget.
func (s *Session) offer(m *model, e judge.Estimate) Offer {
	j := s.Experiment.Judge
	o := Offer{Estimate: e, Model: j.Model, Rates: m.rates, Source: openai.RatesSource, Spent: m.Client.Spent(), Budget: j.BudgetUSD}
	if j.PriceInput != nil {
		o.Source = "price_input and price_output of the experiment file"
	}
	return o
}

// affordable refuses what the budget may not reach for. fewer says what else than a larger budget would help.
func (s *Session) affordable(o Offer, fewer string) error {
	if o.USD <= o.Budget-o.Spent {
		return nil
	}
	return s.Experiment.Fault("judge.budget_usd", fmt.Sprintf("%d questions cost up to $%.4f, and of the budget of $%.2f only $%.4f is left; nothing was asked",
		o.Questions, o.USD, o.Budget, max(0, o.Budget-o.Spent)), "Raise budget_usd"+fewer)
}

// stopped says how far the questions have come when they ended early. What was answered is kept.
func (s *Session) stopped(m *model, err error) error {
	what := "stopped: " + err.Error()
	if errors.Is(err, context.Canceled) {
		what = "interrupted"
	}
	if errors.Is(err, openai.ErrBudget) {
		return s.Experiment.Fault("judge.budget_usd", fmt.Sprintf("$%.4f of $%.2f is spent, and another question may exceed the rest; %d replies are kept",
			m.Client.Spent(), s.Experiment.Judge.BudgetUSD, m.cache.Replies()), "Raise budget_usd, and run it again to go on")
	}
	return &fault.Error{File: s.Experiment.Path, Field: "judge", Msg: fmt.Sprintf("%s; %d replies are kept", what, m.cache.Replies()),
		Fix: "Run it again to go on where it stopped", Err: err}
}
