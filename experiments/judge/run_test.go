package judge

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lbprobe/internal/openai"
	"lbprobe/internal/openaitest"
)

// bench is a judge that asks an endpoint of the test.
func bench(t *testing.T, url string) *Judge {
	t.Helper()
	cache, err := openai.OpenCache(filepath.Join(t.TempDir(), "cache.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cache.Close() })
	client, err := openai.New(openai.Options{URL: url, BudgetUSD: 100, Backoff: time.Millisecond, Attempts: 2, Rates: openai.Rates{Input: 1, Output: 2}}, cache)
	if err != nil {
		t.Fatal(err)
	}
	return &Judge{Client: client, Model: "gpt-4", Template: DefaultTemplate(), Concurrency: 8}
}

func someItems(n int) []Item {
	items := make([]Item, n)
	for i := range items {
		items[i] = Item{ID: fmt.Sprint(i), Prompt: []string{fmt.Sprint("prompt ", i)}, A: []string{fmt.Sprint("good ", i)}, B: []string{fmt.Sprint("bad ", i)}}
	}
	return items
}

// firstGood prefers the good response, and a little more so if it stands first.
func firstGood(r openaitest.Request) string {
	if strings.Index(r.Prompt, "good") < strings.Index(r.Prompt, "bad") {
		return `{"a": 0.8, "b": 0.1, "tie": 0.1}`
	}
	return `{"a": 0.4, "b": 0.5, "tie": 0.1}`
}

// The verdict is the mean of both orders, told for the item's own A and B, whatever the concurrency.
func TestRun(t *testing.T) {
	items := someItems(30)
	var before []Judged
	for _, concurrency := range []int{1, 8} {
		s := openaitest.Start(t, firstGood)
		j := bench(t, s.URL)
		j.Concurrency = concurrency
		told := 0
		got, err := j.Run(t.Context(), items, func(done, all int) {
			if told++; done != told || all != len(items) {
				t.Errorf("told %d of %d, want %d", done, all, told)
			}
		})
		if err != nil || told != len(items) {
			t.Fatalf("%v, told %d times", err, told)
		}
		want := Judged{Orders: [2]Verdict{{0.8, 0.1, 0.1}, {0.5, 0.4, 0.1}}, Verdict: Verdict{0.65, 0.25, 0.1}}
		for _, g := range got {
			if diff := cmp.Diff(want, g, cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })); diff != "" {
				t.Fatalf("(-want +got)\n%s", diff)
			}
			if math.Abs(g.Gap()-0.3) > 1e-12 || g.Flips() {
				t.Errorf("gap %g", g.Gap())
			}
		}
		if before != nil && cmp.Diff(before, got) != "" {
			t.Error("the concurrency changes the verdicts")
		}
		before = got
		if e, err := j.Estimate(items); err != nil || e != (Estimate{Cached: 60}) {
			t.Errorf("%+v, %v", e, err)
		}
	}
}

// Rows that cannot be judged say why and stop nobody else; equal rows are asked about once.
func TestRunFailures(t *testing.T) {
	s := openaitest.Start(t, func(r openaitest.Request) string {
		switch {
		case strings.Contains(r.Prompt, "prompt 3"):
			return "I prefer not to say"
		case strings.Contains(r.Prompt, "prompt 4") && r.Messages < 5:
			return `{"a": 7}`
		}
		return firstGood(r)
	})
	s.Before = func(_ int, w http.ResponseWriter, r openaitest.Request) bool {
		switch {
		case strings.Contains(r.Prompt, "prompt 5"):
			return openaitest.Refuse(w, 400, "context_length_exceeded", "too long")
		case strings.Contains(r.Prompt, "prompt 6"):
			fmt.Fprint(w, `{"choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"I can't"}}]}`)
			return true
		case strings.Contains(r.Prompt, "prompt 7"):
			return openaitest.Refuse(w, 503, "", "")
		}
		return false
	}
	j := bench(t, s.URL)
	items := append(someItems(9), someItems(9)...)
	got, err := j.Run(t.Context(), items, nil)
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[int]string{3: "no reply of 3 can be read; the last: there is no JSON object", 5: "the endpoint says 400 Bad Request: too long",
		6: "the model refuses to answer", 7: "the endpoint says 503 Service Unavailable"}
	for i, g := range got {
		if g.Reason != reasons[i%9] {
			t.Errorf("row %d: %q", i, g.Reason)
		}
	}
	for request, n := range s.Answered() {
		if n != 1 {
			t.Errorf("asked %d times: %s", n, request)
		}
	}
}

// An endpoint that answers nothing is given up before it has cost an evening; what stops all, stops all at once.
func TestRunStops(t *testing.T) {
	for status, most := range map[int]int{503: 2 * 2 * (patience + 8), 401: 8} {
		s := openaitest.Start(t, firstGood)
		s.Before = func(_ int, w http.ResponseWriter, _ openaitest.Request) bool {
			return openaitest.Refuse(w, status, "", "no")
		}
		_, err := bench(t, s.URL).Run(t.Context(), someItems(200), nil)
		var refusal *openai.StatusError
		if !errors.As(err, &refusal) || refusal.Status != status || len(s.Received()) > most {
			t.Errorf("%d: %d questions, %v", status, len(s.Received()), err)
		}
	}
	s := openaitest.Start(t, firstGood)
	ctx, stop := context.WithCancel(t.Context())
	s.Before = func(n int, _ http.ResponseWriter, _ openaitest.Request) bool {
		if n == 20 {
			stop()
		}
		return false
	}
	j := bench(t, s.URL)
	if _, err := j.Run(ctx, someItems(200), nil); !errors.Is(err, context.Canceled) || len(s.Received()) > 40 {
		t.Errorf("%d questions, %v", len(s.Received()), err)
	}
	if _, err := j.Run(t.Context(), someItems(200), nil); err != nil {
		t.Error(err)
	}
	asked := map[string]int{}
	again := 0
	for _, r := range s.Received() {
		if asked[r.Body]++; asked[r.Body] > 1 {
			again++
		}
	}
	if len(asked) != 400 || again > 8 {
		t.Errorf("%d questions, %d asked again", len(asked), again)
	}
}
