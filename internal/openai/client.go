package openai

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"
)

// Options say where to ask and within which limits.
type Options struct {
	URL               string        // up to and with the version: https://api.openai.com/v1
	Key               string        // sent as a bearer token; empty: none is sent
	RequestsPerMinute int           // attempts started in a minute at most; 0: no limit
	Connections       int           // connections kept open; 0: 4
	Timeout           time.Duration // of one attempt; 0: two minutes
	Attempts          int           // at one question; 0: 8
	Backoff           time.Duration // before the second attempt, doubled before each later one; 0: a second
	Seed              uint64        // of the jitter of waiting times
	BudgetUSD         float64       // for all that the cache has ever paid for, and all that is asked now
	Rates             Rates         // what tokens cost
}

// Client asks one endpoint. It is safe for concurrent use.
type Client struct {
	o      Options
	http   *http.Client
	limit  *rate.Limiter
	purse  *purse
	cache  *Cache
	flight singleflight.Group
	secret *strings.Replacer

	mu     sync.Mutex
	random *rand.Rand
	quiet  time.Time // nothing is sent before, because the endpoint asked for that
}

// New returns a client that keeps its replies in a cache. The error says what is wrong with the options and never holds the key.
func New(o Options, cache *Cache) (*Client, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the URL of the endpoint is not like https://api.openai.com/v1")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the URL of the endpoint holds more than host and path; a key belongs into an environment variable")
	}
	o.URL = strings.TrimRight(o.URL, "/")
	if o.Key = strings.TrimSpace(o.Key); strings.ContainsFunc(o.Key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the key has characters that no key has, such as a space or a line end inside")
	}
	o = o.completed()
	limit := rate.NewLimiter(rate.Inf, 1)
	if o.RequestsPerMinute > 0 {
		limit.SetLimit(rate.Limit(float64(o.RequestsPerMinute) / 60))
	}
	return &Client{o: o, http: newHTTP(o), limit: limit, cache: cache, purse: newPurse(o.BudgetUSD, cache.Spent()),
		secret: redactor(o.Key), random: rand.New(rand.NewPCG(o.Seed, 0x6f70656e6169))}, nil
}

// completed fills in the defaults.
func (o Options) completed() Options {
	set := func(d *time.Duration, usual time.Duration) {
		if *d == 0 {
			*d = usual
		}
	}
	set(&o.Timeout, 2*time.Minute)
	set(&o.Backoff, time.Second)
	if o.Attempts == 0 {
		o.Attempts = 8
	}
	if o.Connections == 0 {
		o.Connections = 4
	}
	return o
}

// newHTTP is a client that follows no redirection: a key is for the host that the user named.
func newHTTP(o Options) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = o.Connections
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// leastSecret is the length from which on a key is taken for a secret. Local endpoints are given words such as "none", which may stand in any text.
const leastSecret = 8

// redactor replaces the key, as it stands and as JSON would write it.
func redactor(key string) *strings.Replacer {
	if len(key) < leastSecret {
		return strings.NewReplacer()
	}
	quoted, err := json.Marshal(key)
	if err != nil {
		return strings.NewReplacer(key, "[key]")
	}
	return strings.NewReplacer(key, "[key]", string(quoted[1:len(quoted)-1]), "[key]")
}

// Spent is what was paid so far, in US dollars, over the life of the cache.
func (c *Client) Spent() float64 { return c.purse.total() }

// question is one call, ready to be sent.
type question struct {
	path  string
	body  []byte
	key   string                                                 // of the cache
	worst func() Usage                                           // the most tokens that it can take; counting them is slow, and a cached reply does not need it
	read  func(body []byte) (reply any, usage *Usage, err error) // no usage: the endpoint states none
}

// newQuestion writes the body of a call and takes its hash. Equal calls have equal bodies: structs are written field by field, in order.
func (c *Client) newQuestion(path string, request any) (question, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return question{}, fmt.Errorf("write the request: %w", err)
	}
	return question{path: path, body: body, key: hash(c.o.URL, path, string(body))}, nil
}

// answer gets the reply to a question from the cache, or asks for it. Of equal questions at the same moment one is sent.
func (c *Client) answer(ctx context.Context, q question) (json.RawMessage, error) {
	reply, err, _ := c.flight.Do(q.key, func() (any, error) {
		if reply, ok, err := c.cache.get(q.key); ok || err != nil {
			return reply, err
		}
		return c.ask(ctx, q)
	})
	if err != nil {
		return nil, err
	}
	return reply.(json.RawMessage), nil
}

// ask sends a question until it is answered, or no further attempt makes sense, and keeps the reply.
func (c *Client) ask(ctx context.Context, q question) (json.RawMessage, error) {
	worst := q.worst()
	for attempt := 1; ; attempt++ {
		reply, err := c.paidAttempt(ctx, q, worst)
		if err == nil || ctx.Err() != nil {
			return reply, cmp.Or(ctx.Err(), err)
		}
		wait, again := c.patience(err, attempt)
		if !again {
			return nil, err
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// paidAttempt makes one attempt, with the money for it set aside, and writes down what became of it. An endpoint that states no usage is taken to have
// used the most.
func (c *Client) paidAttempt(ctx context.Context, q question, most Usage) (json.RawMessage, error) {
	worst := c.o.Rates.Of(most)
	if err := c.purse.reserve(ctx, worst); err != nil {
		return nil, err
	}
	cost := 0.0
	defer func() { c.purse.settle(worst, cost) }()
	if err := c.cache.note(entry{Key: q.key, State: asked, USD: worst}); err != nil {
		return nil, err
	}
	reply, usage, err := c.attempt(ctx, q)
	if err != nil {
		if lost := (*lostError)(nil); errors.As(err, &lost) {
			cost = worst
		}
		return nil, errors.Join(err, c.cache.note(entry{Key: q.key, State: unanswered, USD: cost}))
	}
	if cost = worst; usage != nil {
		cost = c.o.Rates.Of(*usage)
	}
	raw, err := json.Marshal(reply)
	if err != nil {
		return nil, fmt.Errorf("keep the reply: %w", err)
	}
	return raw, c.cache.put(entry{Key: q.key, State: answered, USD: cost, Reply: raw})
}
