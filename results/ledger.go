package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"

	"lbprobe/internal/atomicfile"
)

// Ledger is the append-only file ledger.jsonl: one JSON object a line. It may be opened by several processes; every change reads the file
// again under a lock, so a decision never rests on old entries. Not for concurrent use within a process.
type Ledger struct {
	path string
	read contents
}

// OpenLedger reads the ledger at path; a missing file is an empty ledger. Lines at the end that a crash tore are kept and reported by
// [Ledger.Torn]; anything else that is not an entry is an error that names the line.
func OpenLedger(path string) (*Ledger, error) {
	l := &Ledger{path: path}
	file, err := lockedfile.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	defer file.Close()
	return l, l.load(file)
}

// All returns every entry, the oldest first.
func (l *Ledger) All() []Entry { return slices.Clone(l.read.entries) }

// Current returns the latest entry of every submission within the latest epoch, in the order in which the submissions first came.
func (l *Ledger) Current() []Entry { return Latest(l.read.entries) }

// Epoch is the epoch of the last entry; 1 when there is none.
func (l *Ledger) Epoch() int {
	if n := len(l.read.entries); n > 0 {
		return l.read.entries[n-1].Epoch
	}
	return 1
}

// Torn returns the lines that hold no entry because the program was stopped while it wrote them. They stay in the file as they are.
func (l *Ledger) Torn() []Torn { return slices.Clone(l.read.torn) }

// Append adds entries as they are but for Seq, which it sets, and an Epoch of 0, which becomes the present one. They are on the disk when it returns.
func (l *Ledger) Append(entries ...Entry) error {
	return l.update(func() ([]Entry, error) { return entries, nil })
}

// Record matches rows with probes and appends what is new, all in one step that no other process can come between. Where the rules refuse a
// row the error names it, and nothing at all is recorded. The clock is an argument: now becomes the Time of the entries.
func (l *Ledger) Record(rules Rules, rows []Row, now time.Time) (Matched, error) {
	var matched Matched
	err := l.update(func() ([]Entry, error) {
		matched = rules.Match(rows, l.read.entries)
		if err := matched.Err(); err != nil {
			return nil, err
		}
		for i := range matched.New {
			matched.New[i].Time = now
		}
		return matched.New, nil
	})
	if err != nil {
		matched.New = nil
	}
	return matched, err
}

// update asks decide for new entries while the ledger is locked and freshly read, and appends them. They get their Seq in place.
func (l *Ledger) update(decide func() ([]Entry, error)) (err error) {
	_, missing := os.Stat(l.path)
	file, err := lockedfile.OpenFile(l.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return fmt.Errorf("open ledger: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if missing != nil {
		if err := atomicfile.SyncDir(filepath.Dir(l.path)); err != nil {
			return err
		}
	}
	if err := l.load(file); err != nil {
		return err
	}
	entries, err := decide()
	if err != nil || len(entries) == 0 {
		return err
	}
	if err := l.append(file, entries); err != nil {
		return fmt.Errorf("append to %s: %w", l.path, err)
	}
	return nil
}

// append writes the entries in one call, once it is known that the ledger can be read with them.
func (l *Ledger) append(file *lockedfile.File, entries []Entry) error {
	text, err := l.render(entries)
	if err != nil {
		return err
	}
	grown, err := parseLedger(append(l.read.raw, text...), l.path)
	if err != nil {
		return err
	}
	if _, err := file.Write(text); err != nil {
		return err
	}
	l.read = grown
	return file.Sync()
}

// load reads the whole file anew.
func (l *Ledger) load(file io.Reader) error {
	raw, err := io.ReadAll(file)
	if err != nil {
		return fmt.Errorf("read ledger: %w", err)
	}
	l.read, err = parseLedger(raw, l.path)
	return err
}

// render prints the lines to append: first what closes a torn end, so that nothing is ever joined to it, then the entries, numbered in place.
func (l *Ledger) render(entries []Entry) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if !l.read.terminated() {
		text.WriteByte('\n')
	}
	if open := l.read.unsealed; len(open) > 0 {
		if err := encoder.Encode(seal{Lines: open}); err != nil {
			return nil, err
		}
	}
	epoch := l.Epoch()
	for i := range entries {
		e := &entries[i]
		e.Seq, e.Time = len(l.read.entries)+i+1, e.Time.UTC()
		if e.Epoch == 0 {
			e.Epoch = epoch
		}
		epoch = e.Epoch
		if err := encoder.Encode(e); err != nil {
			return nil, err
		}
	}
	return text.Bytes(), nil
}
