package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/embed"
	"lbprobe/internal/fault"
	"lbprobe/internal/openai"
	"lbprobe/results"
)

// endpointEmbedder embeds by an endpoint, with its cache in the run folder.
type endpointEmbedder struct {
	session *Session
	embed.Endpoint
	cache *openai.Cache
}

// Bounds of what is sent to an endpoint at once.
const (
	embedConcurrency = 4
	embedTimeout     = 2 * time.Minute
)

// newEndpoint opens the cache of vectors and makes a client for the endpoint of [embedding].
func (s *Session) newEndpoint(folder *results.Folder) (*endpointEmbedder, error) {
	e := s.Experiment.Embedding
	key, err := s.keyOf("embedding.key_env", e.KeyEnv)
	if err != nil {
		return nil, err
	}
	rates, ok := openai.RatesOf(e.Model)
	if e.PriceInput != nil {
		rates, ok = openai.Rates{Input: *e.PriceInput}, true
	}
	if !ok {
		return nil, s.Experiment.Fault("embedding.model", fmt.Sprintf("the price of %q is not known", e.Model),
			"Add under [embedding] the US dollars per million tokens: price_input = 0.02 (0.0 for a model of your own)")
	}
	path := folder.Path("topics", "embeddings.jsonl")
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, fmt.Errorf("run folder: %w", err)
	}
	cache, err := openai.OpenCache(path)
	if err != nil {
		return nil, err
	}
	client, err := openai.New(openai.Options{URL: e.URL, Key: key, RequestsPerMinute: e.RequestsPerMinute, Connections: embedConcurrency,
		Timeout: embedTimeout, Seed: s.Experiment.Seed, BudgetUSD: e.BudgetUSD, Rates: rates}, cache)
	if err != nil {
		return nil, errors.Join(s.Experiment.Fault("embedding.url", err.Error(), `Write: url = "https://api.openai.com/v1"`), cache.Close())
	}
	return &endpointEmbedder{session: s, cache: cache,
		Endpoint: embed.Endpoint{Client: client, Model: e.Model, Concurrency: embedConcurrency}}, nil
}

// of embeds the texts of a set of rows, if the budget allows all of it.
func (e *endpointEmbedder) of(r *rows) (blas32.General, error) {
	s := e.session
	usd, err := e.Price(r.texts)
	if err != nil {
		return blas32.General{}, err
	}
	if left := s.Experiment.Embedding.BudgetUSD - e.Client.Spent(); usd > left {
		return blas32.General{}, s.Experiment.Fault("embedding.budget_usd", fmt.Sprintf("embedding the %s texts costs up to $%.4f, and $%.4f of the budget is left; none of them was sent",
			r.set, usd, max(0, left)), "Raise budget_usd")
	}
	m, err := e.Embed(context.Background(), r.texts, s.options.Advance)
	if err != nil {
		return m, &fault.Error{File: s.Experiment.Path, Field: "embedding", Msg: fmt.Sprintf("%s: %v; what was answered is kept", r.set, err),
			Fix: "Run it again to go on where it stopped", Err: err}
	}
	return m, nil
}
