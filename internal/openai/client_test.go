package openai

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lbprobe/internal/openaitest"
)

const secret = "sk-test-0123456789abcdef"

// echo replies with what it was asked.
func echo(r openaitest.Request) string { return "reply to " + r.Prompt }

// dial opens a cache and a client with short waits.
func dial(t *testing.T, url, path string, change func(*Options)) *Client {
	t.Helper()
	cache, err := OpenCache(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cache.Close() })
	o := Options{URL: url, Key: secret, Backoff: time.Millisecond, Timeout: 5 * time.Second, BudgetUSD: 1, Rates: Rates{Input: 1, Output: 2}}
	if change != nil {
		change(&o)
	}
	c, err := New(o, cache)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func place(t *testing.T) string { return filepath.Join(t.TempDir(), "cache.jsonl") }

func say(text string) Chat {
	return Chat{Model: "gpt-4", MaxTokens: 10, Messages: []Message{{Role: "user", Content: text}}}
}

func mustChat(t *testing.T, c *Client, text string) Reply {
	t.Helper()
	r, err := c.Chat(t.Context(), say(text))
	if err != nil {
		t.Fatal(err)
	}
	if want := "reply to " + text; r.Content != want {
		t.Fatalf("%q, want %q", r.Content, want)
	}
	return r
}

// paid is the price of one answered question to the endpoint of the tests.
const paid = (openaitest.PromptTokens*1 + openaitest.CompletionTokens*2) / 1e6

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

func TestChatAsksOnce(t *testing.T) {
	s, path := openaitest.Start(t, echo), place(t)
	c := dial(t, s.URL, path, nil)
	r := mustChat(t, c, "Hello <b>&\u2028é")
	if r.Usage != (Usage{openaitest.PromptTokens, openaitest.CompletionTokens}) || r.Model != "gpt-4" || r.Finish != "stop" {
		t.Errorf("%+v", r)
	}
	mustChat(t, c, "Hello <b>&\u2028é")
	if !near(c.Spent(), paid) {
		t.Errorf("spent %g, want %g", c.Spent(), paid)
	}
	c.cache.Close()
	c = dial(t, s.URL, path, nil)
	mustChat(t, c, "Hello <b>&\u2028é")
	if n := len(s.Received()); n != 1 {
		t.Errorf("asked %d times", n)
	}
	if !near(c.Spent(), paid) {
		t.Errorf("after opening again: spent %g, want %g", c.Spent(), paid)
	}
	if got := s.Received()[0]; got.Key != secret || got.Path != "/v1/chat/completions" || !strings.Contains(got.Body, `"temperature":0,`) {
		t.Errorf("%+v", got)
	}
	mustChat(t, c, "another")
	if n := len(s.Received()); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

// Equal questions that come together are one question.
func TestEqualQuestionsTogether(t *testing.T) {
	s := openaitest.Start(t, echo)
	s.Before = func(int, http.ResponseWriter, openaitest.Request) bool {
		time.Sleep(20 * time.Millisecond)
		return false
	}
	c := dial(t, s.URL, place(t), nil)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() { mustChat(t, c, "same") })
	}
	wait.Wait()
	if n := len(s.Received()); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// What passes is tried again, and costs what it may have cost.
func TestTriesAgain(t *testing.T) {
	worst := (Rates{1, 2}).Of(mostUsage(say("x")))
	for name, c := range map[string]struct {
		fail func(w http.ResponseWriter) bool
		lost float64 // per failure
	}{
		"rate limit":       {func(w http.ResponseWriter) bool { return openaitest.Refuse(w, 429, "rate_limit_exceeded", "slow down") }, 0},
		"server error":     {func(w http.ResponseWriter) bool { return openaitest.Refuse(w, 500, "", "") }, 0},
		"bad gateway":      {func(w http.ResponseWriter) bool { http.Error(w, "<html>", http.StatusBadGateway); return true }, 0},
		"broken off":       {openaitest.BreakOff, worst},
		"closed":           {func(http.ResponseWriter) bool { panic(http.ErrAbortHandler) }, worst},
		"time-out":         {func(http.ResponseWriter) bool { time.Sleep(300 * time.Millisecond); return true }, worst},
		"not JSON":         {func(w http.ResponseWriter) bool { fmt.Fprint(w, "<html>"); return true }, worst},
		"cut JSON":         {func(w http.ResponseWriter) bool { fmt.Fprint(w, `{"choices":[{"mess`); return true }, worst},
		"no choices":       {func(w http.ResponseWriter) bool { fmt.Fprint(w, `{"choices":[]}`); return true }, worst},
		"empty":            {func(w http.ResponseWriter) bool { return true }, worst},
		"error as success": {func(w http.ResponseWriter) bool { fmt.Fprint(w, `{"error":{"message":"overloaded"}}`); return true }, worst},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, path := openaitest.Start(t, echo), place(t)
			s.Before = func(n int, w http.ResponseWriter, _ openaitest.Request) bool { return n <= 2 && c.fail(w) }
			client := dial(t, s.URL, path, func(o *Options) { o.Timeout = 100 * time.Millisecond })
			mustChat(t, client, "x")
			if want := paid + 2*c.lost; !near(client.Spent(), want) {
				t.Errorf("spent %g, want %g", client.Spent(), want)
			}
			client.cache.Close()
			if again := dial(t, s.URL, path, nil); !near(again.Spent(), client.Spent()) {
				t.Errorf("after opening again: spent %g, want %g", again.Spent(), client.Spent())
			}
			if n := len(s.Received()); n != 3 {
				t.Errorf("%d attempts", n)
			}
		})
	}
}

// What does not pass is not tried again.
func TestGivesUp(t *testing.T) {
	for _, c := range []struct {
		status   int
		code     string
		attempts int
		hopeless bool
	}{
		{401, "invalid_api_key", 1, true}, {403, "", 1, true}, {404, "model_not_found", 1, true}, {429, "insufficient_quota", 1, true},
		{301, "", 1, true}, {400, "context_length_exceeded", 1, false}, {422, "", 1, false}, {503, "", 4, false},
	} {
		s := openaitest.Start(t, echo)
		s.Before = func(_ int, w http.ResponseWriter, r openaitest.Request) bool {
			return openaitest.Refuse(w, c.status, c.code, "Incorrect key: "+r.Key+"\n\x1b[31mred")
		}
		client := dial(t, s.URL, place(t), func(o *Options) { o.Attempts = 4 })
		_, err := client.Chat(t.Context(), say("x"))
		if err == nil || Hopeless(err) != c.hopeless || len(s.Received()) != c.attempts {
			t.Errorf("%d %s: hopeless %v after %d attempts: %v", c.status, c.code, Hopeless(err), len(s.Received()), err)
		}
		if strings.Contains(err.Error(), secret) || strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("unsafe error: %q", err)
		}
		if client.Spent() != 0 {
			t.Errorf("%d: spent %g", c.status, client.Spent())
		}
	}
}

// An endpoint that asks for a pause gets it from all questions, not from one alone.
func TestRetryAfter(t *testing.T) {
	s := openaitest.Start(t, echo)
	const pause = 300 * time.Millisecond
	s.Before = func(n int, w http.ResponseWriter, _ openaitest.Request) bool {
		w.Header().Set("Retry-After", "0.3")
		return n == 1 && openaitest.Refuse(w, 429, "", "")
	}
	c := dial(t, s.URL, place(t), nil)
	start := time.Now()
	var wait sync.WaitGroup
	for i := range 5 {
		wait.Go(func() {
			time.Sleep(time.Duration(i) * 10 * time.Millisecond)
			mustChat(t, c, fmt.Sprint(i))
		})
	}
	wait.Wait()
	if took := time.Since(start); took < pause {
		t.Errorf("took %s, less than the pause", took)
	}
	if n := len(s.Received()); n != 6 {
		t.Errorf("%d attempts", n)
	}
}

func TestRetryAfterHeader(t *testing.T) {
	now := time.Date(2026, 11, 26, 6, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{"": 0, "7": 7 * time.Second, "0.5": time.Second / 2, "-3": 0, "NaN": 0, "1e300": 0, "soon": 0,
		"Thu, 26 Nov 2026 06:00:09 GMT": 9 * time.Second, "Thu, 26 Nov 2026 05:00:00 GMT": 0} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// The rate holds however many questions wait.
func TestRequestsPerMinute(t *testing.T) {
	s := openaitest.Start(t, echo)
	c := dial(t, s.URL, place(t), func(o *Options) { o.RequestsPerMinute = 1200 }) // one in 50 ms
	start := time.Now()
	var wait sync.WaitGroup
	for i := range 7 {
		wait.Go(func() { mustChat(t, c, fmt.Sprint(i)) })
	}
	wait.Wait()
	if took := time.Since(start); took < 295*time.Millisecond {
		t.Errorf("7 questions in %s", took)
	}
}

// The budget holds for the worst case, at any concurrency, and replies that cost less make room for more questions.
func TestBudget(t *testing.T) {
	s := openaitest.Start(t, echo)
	s.Before = func(int, http.ResponseWriter, openaitest.Request) bool { time.Sleep(time.Millisecond); return false }
	const budget = 10.5 * paid
	c := dial(t, s.URL, place(t), func(o *Options) { o.BudgetUSD = budget })
	question := func(i int) Chat {
		q := say(fmt.Sprint(i))
		q.MaxTokens = 200 // 2.9 times what a reply costs
		return q
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	refused := 0
	for i := range 40 {
		wait.Go(func() {
			_, err := c.Chat(t.Context(), question(i))
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, ErrBudget) && Hopeless(err) {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := len(s.Received()); n != 8 || n+refused != 40 { // the ninth could bring it to 8 + 2.9
		t.Errorf("%d asked, %d refused", n, refused)
	}
	if !near(c.Spent(), 8*paid) {
		t.Errorf("spent %g", c.Spent())
	}
}

// A stopped context ends waits and questions in flight.
func TestCancel(t *testing.T) {
	s := openaitest.Start(t, echo)
	held := make(chan struct{})
	defer close(held)
	s.Before = func(int, http.ResponseWriter, openaitest.Request) bool { <-held; return true }
	c := dial(t, s.URL, place(t), nil)
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	_, err := c.Chat(ctx, say("x"))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// The key is nowhere but in the header, even if the endpoint repeats it.
func TestKeyStaysSecret(t *testing.T) {
	s, path := openaitest.Start(t, func(r openaitest.Request) string { return "your key is " + r.Key }), place(t)
	c := dial(t, s.URL, path, nil)
	r, err := c.Chat(t.Context(), say("x"))
	if err != nil || r.Content != "your key is [key]" {
		t.Errorf("%+v, %v", r, err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), secret) {
		t.Errorf("the cache holds the key: %v", err)
	}
	for _, o := range []Options{{URL: s.URL, Key: secret + "\nx"}, {URL: "http://" + secret + "@host/"}, {URL: "http://host/?key=" + secret}, {URL: "ftp://" + secret}} {
		if _, err := New(o, c.cache); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%v", err)
		}
	}
	gone := dial(t, "http://127.0.0.1:1/v1", place(t), func(o *Options) { o.Attempts = 2 })
	if _, err := gone.Chat(t.Context(), say("x")); err == nil || strings.Contains(err.Error(), secret) || gone.Spent() != 0 {
		t.Errorf("%v, spent %g", err, gone.Spent())
	}
}

func TestRates(t *testing.T) {
	for model, want := range map[string]Rates{"gpt-4": {30, 60}, "gpt-4-0613": {30, 60}, "gpt-4o-2024-08-06": {2.5, 10}, "gpt-4o-mini": {0.15, 0.6}} {
		if got, ok := RatesOf(model); !ok || got != want {
			t.Errorf("%s: %v %v", model, got, ok)
		}
	}
	for _, model := range []string{"", "gpt-4x", "gpt-4-32k", "llama", "-0613"} {
		if r, ok := RatesOf(model); ok {
			t.Errorf("%q: %v", model, r)
		}
	}
	if got := (Rates{30, 60}).Of(Usage{1000, 500}); !near(got, 0.06) {
		t.Errorf("%g", got)
	}
}
