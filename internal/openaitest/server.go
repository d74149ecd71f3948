// Package openaitest is an endpoint for tests that speaks OpenAI's protocol and can be made to fail in every way that real ones do.
package openaitest

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Request is what the endpoint was asked.
type Request struct {
	Path     string
	Key      string // the bearer token
	Body     string
	Model    string
	Prompt   string // the content of the first message
	Messages int
	Input    []string // to embed
}

// Server is the endpoint. Its fields must not be changed while it is asked.
type Server struct {
	URL string // with the version
	// Answer says what the model replies.
	Answer func(Request) string
	// Embed gives the vector of a text.
	Embed func(text string) []float32
	// Before may handle a request itself and return true; n counts all requests from 1.
	Before func(n int, w http.ResponseWriter, r Request) bool

	mu       sync.Mutex
	received []Request
	answered map[string]int // request → how often it was answered in full
}

// Start starts an endpoint that ends with the test.
func Start(t testing.TB, answer func(Request) string) *Server {
	s := &Server{Answer: answer, answered: map[string]int{}}
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(server.Close)
	s.URL = server.URL + "/v1"
	return s
}

// Received are all requests so far.
func (s *Server) Received() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.received...)
}

// Answered tells how often each request was answered in full.
func (s *Server) Answered() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.answered)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	request, err := read(r)
	if err != nil {
		http.Error(w, `{"error":{"message":"unreadable","code":"bad"}}`, http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.received = append(s.received, request)
	n := len(s.received)
	s.mu.Unlock()
	if s.Before != nil && s.Before(n, w, request) {
		return
	}
	var reply any
	switch request.Path {
	case "/v1/chat/completions":
		reply = s.chat(request)
	case "/v1/embeddings":
		reply = s.embeddings(request)
	default:
		Refuse(w, http.StatusNotFound, "", "")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if json.NewEncoder(w).Encode(reply) == nil {
		s.mu.Lock()
		s.answered[request.Path+" "+request.Body]++
		s.mu.Unlock()
	}
}

func read(r *http.Request) (Request, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return Request{}, err
	}
	var told struct {
		Model    string
		Messages []struct{ Content string }
		Input    []string
	}
	if err := json.Unmarshal(body, &told); err != nil {
		return Request{}, err
	}
	request := Request{Path: r.URL.Path, Key: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), Body: string(body), Model: told.Model,
		Messages: len(told.Messages), Input: told.Input}
	if len(told.Messages) > 0 {
		request.Prompt = told.Messages[0].Content
	}
	return request, nil
}

// The usage that a reply states.
const (
	PromptTokens     = 100
	CompletionTokens = 20
)

func (s *Server) chat(r Request) any {
	return map[string]any{"model": r.Model, "choices": []any{map[string]any{"finish_reason": "stop",
		"message": map[string]any{"role": "assistant", "content": s.Answer(r)}}},
		"usage": map[string]int{"prompt_tokens": PromptTokens, "completion_tokens": CompletionTokens}}
}

func (s *Server) embeddings(r Request) any {
	data := make([]any, len(r.Input))
	for i, text := range r.Input {
		data[i] = map[string]any{"index": i, "embedding": s.Embed(text)}
	}
	return map[string]any{"model": r.Model, "data": data, "usage": map[string]int{"prompt_tokens": PromptTokens}}
}

// Refuse answers with an error of HTTP.
func Refuse(w http.ResponseWriter, status int, code, message string) bool {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{"message": message, "code": code}}) // a client that has gone hears nothing
	return true
}

// BreakOff sends the beginning of a reply and closes the connection.
func BreakOff(w http.ResponseWriter) bool {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"choices": [{"message": {"con`) // so does this one
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	panic(http.ErrAbortHandler)
}
