package openai

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"lbprobe/internal/fault"
)

// filled writes a cache of n replies and one question without an end, and returns its bytes.
func filled(t *testing.T, path string, n int) string {
	t.Helper()
	c, err := OpenCache(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		key := fmt.Sprint("key", i)
		if err := errors.Join(c.note(entry{Key: key, State: asked, USD: 3}), c.put(entry{Key: key, State: answered, USD: 1, Reply: json.RawMessage(`{"content":"é"}`)})); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(c.note(entry{Key: "last", State: asked, USD: 3}), c.Close()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Wherever the file was cut off: what stands before the cut is known, the rest is appended to whole lines, and no money is forgotten.
func TestCacheCutAnywhere(t *testing.T) {
	path := place(t)
	whole := filled(t, path, 2)
	for cut := range len(whole) + 1 {
		if err := os.WriteFile(path, []byte(whole[:cut]), 0o666); err != nil {
			t.Fatal(err)
		}
		c, err := OpenCache(path)
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		lines := strings.Count(whole[:cut], "\n")
		if want := lines / 2; c.Replies() != want {
			t.Errorf("cut at %d: %d replies, want %d", cut, c.Replies(), want)
		}
		if want := float64(lines/2) + 3*float64(lines%2); c.Spent() != want {
			t.Errorf("cut at %d: spent %g, want %g", cut, c.Spent(), want)
		}
		if err := errors.Join(c.put(entry{Key: "new", State: answered, USD: 1, Reply: json.RawMessage(`1`)}), c.Close()); err != nil {
			t.Fatal(err)
		}
		again, err := OpenCache(path)
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if _, ok, _ := again.get("new"); !ok || again.Replies() != lines/2+1 {
			t.Errorf("cut at %d: what was appended is lost", cut)
		}
		again.Close()
	}
}

// Power cuts leave zeros and half-written sectors at the end.
func TestCacheGarbageAtTheEnd(t *testing.T) {
	path := place(t)
	whole := filled(t, path, 2)
	for _, tail := range []string{"\x00\x00\x00\x00", "garbage\n", "{}\n", `{"key":"x"` + "\n"} {
		if err := os.WriteFile(path, []byte(whole+tail), 0o666); err != nil {
			t.Fatal(err)
		}
		c, err := OpenCache(path)
		if err != nil {
			t.Fatalf("%q: %v", tail, err)
		}
		if c.Replies() != 2 || c.Spent() != 5 {
			t.Errorf("%q: %d replies, spent %g", tail, c.Replies(), c.Spent())
		}
		c.Close()
	}
}

// Damage in the middle is no crash of ours: it is told, and the file stays as it is.
func TestCacheDamaged(t *testing.T) {
	path := place(t)
	whole := filled(t, path, 2)
	broken := strings.Replace(whole, "answered", `answ"red`, 1)
	if err := os.WriteFile(path, []byte(broken), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := OpenCache(path)
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.Line != 2 || f.File != path {
		t.Errorf("%v", err)
	}
	if now, _ := os.ReadFile(path); string(now) != broken {
		t.Error("the file was changed")
	}
}

// A question that was asked by two killed processes costs twice.
func TestCacheKilledTwice(t *testing.T) {
	path := place(t)
	for i := range 3 {
		c, err := OpenCache(path)
		if err != nil {
			t.Fatal(err)
		}
		if want := 3 * float64(i); c.Spent() != want {
			t.Errorf("spent %g, want %g", c.Spent(), want)
		}
		if err := errors.Join(c.note(entry{Key: "k", State: asked, USD: 3}), c.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// After a failed write nothing may be asked: what it costs would be lost.
func TestCacheNotWritable(t *testing.T) {
	c, err := OpenCache(place(t))
	if err != nil {
		t.Fatal(err)
	}
	c.file.Close()
	err = c.note(entry{Key: "k", State: asked})
	if !Hopeless(err) {
		t.Errorf("%v", err)
	}
	if _, _, err := c.get("k"); !Hopeless(err) {
		t.Errorf("%v", err)
	}
}

// Whatever a cache file holds, opening it ends, and a file that opens opens again to the same.
func FuzzCache(f *testing.F) {
	f.Add([]byte(`{"key":"a","state":"asked","usd":1}` + "\n" + `{"key":"a","state":"answered","usd":0.5,"reply":{"content":"x"}}` + "\n"))
	f.Add([]byte("\n\n"))
	f.Add([]byte(`{"key":"a"`))
	path := f.TempDir() + "/cache.jsonl"
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o666); err != nil {
			t.Fatal(err)
		}
		c, err := OpenCache(path)
		if err != nil {
			return
		}
		replies, spent := c.Replies(), c.Spent()
		c.Close()
		c, err = OpenCache(path)
		if err != nil || c.Replies() != replies || c.Spent() != spent && spent == spent {
			t.Fatalf("%d replies and %g, then %v", replies, spent, err)
		}
		c.Close()
	})
}
