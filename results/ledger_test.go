package results

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// machine drives a ledger file as two processes and a power cut would; model is what must be in it.
type machine struct {
	path    string
	handles [2]*Ledger
	model   []Entry
	torn    []string
	bytes   []byte // the file as last seen: it may only grow
}

// TestLedgerStates: after any sequence of appends by two processes, crashes in the middle of a write and restarts, the ledger holds exactly the entries whose
// lines reached the file, in order, and every torn rest is still there and reported.
func TestLedgerStates(t *testing.T) {
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		m := &machine{path: filepath.Join(dir, fmt.Sprintf("%d.jsonl", run))}
		m.restart(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"append":  m.append,
			"crash":   m.crash,
			"restart": m.restart,
			"":        m.check,
		})
	})
}

// drawEntries makes one to four entries such as a record would append.
func (m *machine) drawEntries(t *rapid.T) []Entry {
	entries := make([]Entry, rapid.IntRange(1, 4).Draw(t, "entries"))
	for i := range entries {
		entries[i] = Entry{
			Time: noon, Probe: rapid.IntRange(0, 5).Draw(t, "probe"), File: rapid.StringMatching(`[a-z"\\\n{}]{0,8}`).Draw(t, "file"),
			Public: rapid.StringMatching(`(0|[1-9])\.[0-9]{5}`).Draw(t, "public"), Source: "typed",
		}
	}
	return entries
}

func (m *machine) append(t *rapid.T) {
	entries := m.drawEntries(t)
	if err := m.handles[rapid.IntRange(0, 1).Draw(t, "process")].Append(entries...); err != nil {
		t.Fatal(err)
	}
	m.model = append(m.model, entries...)
}

// crash writes only the beginning of what an append would, possibly with zeros where blocks never reached the disk.
func (m *machine) crash(t *rapid.T) {
	l, err := OpenLedger(m.path)
	if err != nil {
		t.Fatal(err)
	}
	entries := m.drawEntries(t)
	text, err := l.render(entries)
	if err != nil {
		t.Fatal(err)
	}
	kept := bytes.Clone(text[:rapid.IntRange(0, len(text)).Draw(t, "kept")])
	if len(kept) > 3 && rapid.Bool().Draw(t, "zeros") {
		copy(kept[len(kept)-3:], "\x00\x00\x00")
	}
	file, err := os.OpenFile(m.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(kept); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	m.expect(kept, entries)
}

// expect works out, line by line and without the reader under test, which entries reached the file whole.
func (m *machine) expect(kept []byte, entries []Entry) {
	for _, line := range bytes.Split(kept, []byte("\n")) {
		switch whole := bytes.HasPrefix(line, []byte("{")) && bytes.HasSuffix(line, []byte(`"typed"}`)); {
		case len(line) == 0:
		case whole:
			m.model, entries = append(m.model, entries[0]), entries[1:]
		case !bytes.HasPrefix(line, []byte(`{"torn_lines":`)) || !bytes.HasSuffix(line, []byte("]}")):
			m.torn = append(m.torn, string(line))
		}
	}
}

func (m *machine) restart(t *rapid.T) {
	for i := range m.handles {
		l, err := OpenLedger(m.path)
		if err != nil {
			t.Fatal(err)
		}
		m.handles[i] = l
	}
}

func (m *machine) check(t *rapid.T) {
	l, err := OpenLedger(m.path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.model {
		m.model[i].Seq, m.model[i].Epoch = i+1, 1
	}
	if diff := cmp.Diff(m.model, l.All()); len(m.model) > 0 && diff != "" {
		t.Fatal(diff)
	}
	var torn []string
	for _, line := range l.Torn() {
		torn = append(torn, line.Text)
	}
	if diff := cmp.Diff(m.torn, torn); diff != "" {
		t.Fatal(diff)
	}
	now, err := os.ReadFile(m.path)
	if err != nil && !os.IsNotExist(err) || !bytes.HasPrefix(now, m.bytes) {
		t.Fatalf("the file did not only grow: %v", err)
	}
	m.bytes = now
}

// TestTwoProcesses: appends at the same moment neither interleave nor lose anything. The lock belongs to the open file, so two handles are as good as two processes.
func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.jsonl")
	var wait sync.WaitGroup
	for process := range 2 {
		wait.Go(func() {
			l, err := OpenLedger(path)
			for i := 0; i < 40 && err == nil; i++ {
				err = l.Append(Entry{Time: noon, Probe: process + 1, Public: fmt.Sprintf("0.%05d", i), File: strings.Repeat("x", 5000), Source: "typed"})
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	l, err := OpenLedger(path)
	if err != nil || len(l.Torn()) > 0 {
		t.Fatal(err, l.Torn())
	}
	next := map[int]int{}
	for _, e := range l.All() {
		if want := fmt.Sprintf("0.%05d", next[e.Probe]); e.Public != want {
			t.Fatalf("entry %d of process %d is %s, want %s", e.Seq, e.Probe, e.Public, want)
		}
		next[e.Probe]++
	}
	if next[1] != 40 || next[2] != 40 {
		t.Errorf("entries: %v", next)
	}
}

// TestRaceOfContradictions: of two processes that record different scores for one probe, each from an old view, exactly one succeeds.
func TestRaceOfContradictions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.jsonl")
	var refused, accepted int
	var lock sync.Mutex
	var wait sync.WaitGroup
	for i := range 4 {
		l, err := OpenLedger(path)
		if err != nil {
			t.Fatal(err)
		}
		wait.Go(func() {
			_, err := l.Record(rules(), []Row{{Probe: 1, Public: fmt.Sprintf("1.0000%d", i)}}, noon)
			lock.Lock()
			defer lock.Unlock()
			if err != nil {
				refused++
			} else {
				accepted++
			}
		})
	}
	wait.Wait()
	if accepted != 1 || refused != 3 {
		t.Errorf("%d accepted, %d refused", accepted, refused)
	}
}

// TestDamagedLedger: what no crash of ours leaves is an error that names the line.
func TestDamagedLedger(t *testing.T) {
	first := `{"seq":1,"time":"2026-03-01T12:00:00Z","epoch":1,"probe":1,"file":"demo-001.csv","public":"1.1","source":"typed"}`
	second := strings.Replace(strings.Replace(first, `"seq":1`, `"seq":2`, 1), `"probe":1`, `"probe":2`, 1)
	for name, c := range map[string]struct{ text, want string }{
		"line lost":          {second + "\n", `l:1: has seq 2 where 1 must come`},
		"line twice":         {first + "\n" + first + "\n", `l:2: has seq 1 where 2 must come`},
		"rubbish inside":     {first + "\nrubbish\n" + second + "\n", `l:3: follows line 2, which is not an entry`},
		"wrong seal":         {first + "\nrubbish\n" + `{"torn_lines":[1]}` + "\n", `l:3: says that lines [1] were cut off, but [2] were`},
		"score edited":       {strings.Replace(first, "1.1", "about 1", 1) + "\n", `l:1: "about 1" is not a score`},
		"epoch back":         {strings.Replace(first, `"epoch":1`, `"epoch":2`, 1) + "\n" + second + "\n", `l:2: has epoch 1 after epoch 2`},
		"correction no why":  {first + "\n" + strings.Replace(second, `"source"`, `"corrects":1,"source"`, 1) + "\n", `l:2: corrects entry 1 without a reason`},
		"correction of none": {strings.Replace(first, `"source"`, `"corrects":1,"reason":"x","source"`, 1) + "\n", `l:1: corrects entry 1, which does not come before it`},
		"not an object":      {"[]\n", `l:1: is not an entry`},
		"wrong type":         {strings.Replace(first, `"probe":1`, `"probe":"1"`, 1) + "\n", `l:1: is not an entry`},
	} {
		if _, err := parseLedger([]byte(c.text), "l"); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	whole := first + "\n" + second // a crash took the last line end only
	if c, err := parseLedger([]byte(whole), "l"); err != nil || len(c.entries) != 2 || len(c.torn) != 0 {
		t.Errorf("entry without line end: %d entries, %v torn, %v", len(c.entries), c.torn, err)
	}
}

// TestCurrent: the latest entry of each probe in the last epoch counts.
func TestCurrent(t *testing.T) {
	l, err := OpenLedger(filepath.Join(t.TempDir(), "ledger.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	entry := func(epoch, probe int, public string) Entry {
		return Entry{Time: noon, Epoch: epoch, Probe: probe, Public: public, Source: "typed"}
	}
	if err := l.Append(entry(0, 1, "1.1"), entry(0, 2, "1.2"), entry(0, 1, "1.3")); err != nil {
		t.Fatal(err)
	}
	if got := publics(l.Current()); got != "1.3 1.2" {
		t.Errorf("first epoch: %s", got)
	}
	if err := l.Append(entry(2, 2, "2.2"), entry(0, 3, "2.3")); err != nil {
		t.Fatal(err)
	}
	if got := publics(l.Current()); got != "2.2 2.3" || l.Epoch() != 2 {
		t.Errorf("second epoch %d: %s", l.Epoch(), got)
	}
	if err := l.Append(entry(1, 2, "2.2")); err == nil || len(l.All()) != 5 {
		t.Errorf("an entry of an old epoch was accepted: %v", err)
	}
}

func publics(entries []Entry) string {
	var texts []string
	for _, e := range entries {
		texts = append(texts, e.Public)
	}
	return strings.Join(texts, " ")
}

// FuzzLedger: any bytes are read or refused, and what was read can be continued without losing a thing.
func FuzzLedger(f *testing.F) {
	f.Add([]byte(`{"seq":1,"time":"2026-03-01T12:00:00Z","epoch":1,"probe":1,"file":"a","public":"1.1","source":"typed"}` + "\n"))
	f.Add([]byte(`{"seq":1,"time":"2026-03-01T12:00:00Z","epoch":1,"probe":1,"fi`))
	f.Add([]byte("{\n\n{\"torn_lines\":[1]}"))
	f.Add([]byte("null\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		before, err := parseLedger(raw, "l")
		if err != nil {
			return
		}
		l := &Ledger{path: "l", read: before}
		text, err := l.render([]Entry{{Time: noon, Probe: 7, Public: "1.5", Source: "typed"}})
		if err != nil {
			t.Fatal(err)
		}
		after, err := parseLedger(append(bytes.Clone(raw), text...), "l")
		if err != nil {
			t.Fatalf("cannot be continued: %v\n%q", err, raw)
		}
		if len(after.entries) != len(before.entries)+1 || len(after.torn) != len(before.torn) {
			t.Fatalf("%d entries and %d torn lines became %d and %d", len(before.entries), len(before.torn), len(after.entries), len(after.torn))
		}
	})
}
