package openai

import (
	"fmt"
	"math"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/internal/openaitest"
)

// Vectors come back bit for bit, also out of the cache, and a batch is asked about once.
func TestEmbed(t *testing.T) {
	s, path := openaitest.Start(t, nil), place(t)
	s.Embed = func(text string) []float32 { return []float32{float32(len(text)), 1. / 3, -math.MaxFloat32, 1e-45} }
	texts, want := []string{"a", "", "ccc"}, [][]float32{{1, 1. / 3, -math.MaxFloat32, 1e-45}, {1, 1. / 3, -math.MaxFloat32, 1e-45}, {3, 1. / 3, -math.MaxFloat32, 1e-45}}
	for range 2 {
		c := dial(t, s.URL, path, nil)
		got, err := c.Embed(t.Context(), "text-embedding-3-small", texts)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
		if !near(c.Spent(), openaitest.PromptTokens/1e6) {
			t.Errorf("spent %g", c.Spent())
		}
		if p, err := c.EmbedPrice("text-embedding-3-small", texts); err != nil || !p.Cached {
			t.Errorf("%+v, %v", p, err)
		}
		c.cache.Close()
	}
	if n := len(s.Received()); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// Replies that are not what was asked for are no replies.
func TestEmbedBadReplies(t *testing.T) {
	for _, reply := range []string{`{"data":[]}`, `{"data":[{"index":0,"embedding":[1]}]}`, `{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[2]}]}`,
		`{"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[2]}]}`, `{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[2,3]}]}`,
		`{"data":[{"embedding":[]},{"embedding":[]}]}`, `{"data":[{"embedding":[1e99]},{"embedding":[1]}]}`, `{"data":[{"embedding":"AAAA"},{"embedding":[1]}]}`} {
		s := openaitest.Start(t, nil)
		s.Before = func(_ int, w http.ResponseWriter, _ openaitest.Request) bool { fmt.Fprint(w, reply); return true }
		c := dial(t, s.URL, place(t), func(o *Options) { o.Attempts = 2 })
		if got, err := c.Embed(t.Context(), "m", []string{"a", "b"}); err == nil {
			t.Errorf("%s: %v", reply, got)
		}
	}
	got, _, err := readVectors([]byte(`{"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}]}`), 2)
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := got.(vectors).rows(2); err != nil || rows[0][0] != 1 || rows[1][0] != 2 {
		t.Errorf("%v, %v", rows, err)
	}
}
