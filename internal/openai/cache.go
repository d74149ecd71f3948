package openai

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/rogpeppe/go-internal/lockedfile"

	"lbprobe/internal/atomicfile"
	"lbprobe/internal/fault"
)

// state is what became of an attempt at a question.
type state string

const (
	asked      state = "asked"      // it is about to be sent; USD is the most that it can cost
	answered   state = "answered"   // USD is what was paid
	unanswered state = "unanswered" // USD is what it may have cost in vain
)

// entry is one line of the cache file: an attempt begins with a line "asked" and ends with one of the others.
type entry struct {
	Key   string          `json:"key"` // SHA-256 of address, call and request
	State state           `json:"state"`
	USD   float64         `json:"usd"`
	Reply json.RawMessage `json:"reply,omitempty"`
}

// Cache is the file of replies, one JSON object a line, appended to and never rewritten. It belongs to one process at a time: a second one waits
// until the first has closed it or ended. It is safe for concurrent use.
type Cache struct {
	path string

	mu      sync.Mutex
	file    *lockedfile.File
	replies map[string]json.RawMessage
	open    map[string]float64 // attempts without an end → the most that they can have cost
	spent   float64
	broken  error // of the first failed write: after it nothing may be appended
}

// CacheError is a cache that cannot be written: nothing more may be asked, because what was paid for would be lost.
type CacheError struct{ err error }

// Error says what is wrong with the file.
func (e *CacheError) Error() string {
	return "the cache of replies cannot be written: " + e.err.Error()
}

// Unwrap returns the cause.
func (e *CacheError) Unwrap() error { return e.err }

// OpenCache opens the cache at path, or makes it; its folder must exist. A last line that was cut off, because the process was killed or the power
// failed, is dropped: its question was in flight. A damaged line anywhere else is a *fault.Error.
func OpenCache(path string) (*Cache, error) {
	_, err := os.Stat(path)
	fresh := errors.Is(err, os.ErrNotExist)
	file, err := lockedfile.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("open the cache of replies: %w", err)
	}
	c := &Cache{path: path, file: file, replies: map[string]json.RawMessage{}, open: map[string]float64{}}
	if err = c.load(); err == nil && fresh {
		err = atomicfile.SyncDir(filepath.Dir(path))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return c, nil
}

// load reads all lines and makes the file end behind the last whole one.
func (c *Cache) load() error {
	in := bufio.NewReaderSize(c.file, 1<<20)
	var end int64
	for line := 1; ; line++ {
		text, err := in.ReadBytes('\n')
		if err == io.EOF {
			return c.resume(end) // what stands behind the last line end was cut off
		}
		if err != nil {
			return fmt.Errorf("read the cache of replies: %w", err)
		}
		var e entry
		if bad := json.Unmarshal(text, &e); bad != nil || e.Key == "" {
			if _, err := in.Peek(1); err == io.EOF {
				return c.resume(end)
			}
			return &fault.Error{File: c.path, Line: line, Msg: "is not a line of a cache of replies", Fix: "Remove the line; its question is then asked again", Err: bad}
		}
		c.learn(e)
		end += int64(len(text))
	}
}

// resume cuts the file and goes on from there.
func (c *Cache) resume(end int64) error {
	if err := c.file.Truncate(end); err != nil {
		return fmt.Errorf("mend the cache of replies: %w", err)
	}
	_, err := c.file.Seek(end, io.SeekStart)
	return err
}

// learn takes an entry into account.
func (c *Cache) learn(e entry) {
	c.spent += e.USD
	if e.State == asked {
		c.open[e.Key] = e.USD // of a killed process's question before, nobody knows the end: its price stays counted
		return
	}
	c.spent -= c.open[e.Key]
	delete(c.open, e.Key)
	if e.State == answered {
		c.replies[e.Key] = e.Reply
	}
}

// Spent is what all questions of the file have cost in US dollars, those whose end is not known at their highest price.
func (c *Cache) Spent() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.spent
}

// Replies is how many questions have a reply.
func (c *Cache) Replies() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.replies)
}

func (c *Cache) get(key string) (json.RawMessage, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	reply, ok := c.replies[key]
	return reply, ok, c.broken
}

// note appends an entry that need not outlast a power cut.
func (c *Cache) note(e entry) error { return c.append(e, false) }

// put appends an entry and waits until it has reached the disk.
func (c *Cache) put(e entry) error { return c.append(e, true) }

func (c *Cache) append(e entry, sync bool) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return &CacheError{err}
	}
	err := c.write(line.Bytes())
	if err == nil && sync {
		err = c.file.Sync() // outside of the lock: replies that come together reach the disk together
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken == nil && err != nil {
		c.broken = &CacheError{err}
	}
	if c.broken == nil {
		c.learn(e)
	}
	return c.broken
}

// write appends a line in one piece.
func (c *Cache) write(line []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken != nil {
		return c.broken
	}
	_, err := c.file.Write(line)
	if err != nil {
		c.broken = &CacheError{err}
	}
	return err
}

// Close gives the file back.
func (c *Cache) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.broken = &CacheError{os.ErrClosed}
	return c.file.Close()
}

// hash is the SHA-256 of texts, each with its length, in hexadecimal digits.
func hash(texts ...string) string {
	sum := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(sum, "%d:%s;", len(t), t)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
