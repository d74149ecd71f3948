package embed

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"lbprobe/internal/fault"
	"lbprobe/internal/openai"
	"lbprobe/internal/openaitest"
)

// numbered are texts whose vectors are their numbers, and an endpoint that knows them.
func numbered(t *testing.T, n int) (*Endpoint, *openaitest.Server, []string) {
	t.Helper()
	s := openaitest.Start(t, nil)
	s.Embed = func(text string) []float32 {
		x, err := strconv.Atoi(text)
		if err != nil {
			t.Error(err)
		}
		return []float32{float32(x), -1}
	}
	cache, err := openai.OpenCache(filepath.Join(t.TempDir(), "cache.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cache.Close() })
	client, err := openai.New(openai.Options{URL: s.URL, BudgetUSD: 1, Rates: openai.Rates{Input: 1}, Attempts: 2, Backoff: time.Millisecond}, cache)
	if err != nil {
		t.Fatal(err)
	}
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprint(i)
	}
	return &Endpoint{Client: client, Model: "m", Concurrency: 4}, s, texts
}

// Row i is the vector of text i, however the batches come back; a failed batch costs no other one its reply.
func TestEndpoint(t *testing.T) {
	e, s, texts := numbered(t, 5*Batch+3)
	broken := true
	s.Before = func(n int, w http.ResponseWriter, r openaitest.Request) bool {
		time.Sleep(time.Duration(len(r.Body)%7) * time.Millisecond)
		return broken && r.Input[0] == fmt.Sprint(5*Batch) && openaitest.Refuse(w, 400, "", "too long")
	}
	if _, err := e.Embed(t.Context(), texts, nil); err == nil || err.Error() != "texts 321 to 323: the endpoint says 400 Bad Request: too long" {
		t.Errorf("%v", err)
	}
	broken = false
	told := 0
	m, err := e.Embed(t.Context(), texts, func(done, all int) { told = max(told, done) })
	if err != nil || m.Rows != len(texts) || m.Cols != 2 || told != len(texts) {
		t.Fatalf("%d×%d, told %d: %v", m.Rows, m.Cols, told, err)
	}
	for i := range texts {
		if m.Data[i*m.Stride] != float32(i) {
			t.Fatalf("row %d is that of text %g", i, m.Data[i*m.Stride])
		}
	}
	for request, n := range s.Answered() {
		if n != 1 {
			t.Errorf("asked %d times: %.60s", n, request)
		}
	}
	if usd, err := e.Price(texts); usd != 0 || err != nil {
		t.Errorf("embedded texts cost %g, %v", usd, err)
	}
}

// Vectors of different lengths are no matrix.
func TestEndpointLengths(t *testing.T) {
	e, s, texts := numbered(t, Batch+1)
	s.Embed = func(text string) []float32 {
		if text == fmt.Sprint(Batch) {
			return make([]float32, 3)
		}
		return make([]float32, 2)
	}
	_, err := e.Embed(t.Context(), texts, nil)
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.Msg != "the vector of text 65 has 3 numbers, that of the first 2" {
		t.Errorf("%v", err)
	}
}
