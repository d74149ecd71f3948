package corpus

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Profile is what profile.json holds: what there is in a corpus, and what the filter makes of it. Rows = Kept + the rows of all Dropped.
type Profile struct {
	Files   []string `json:"files"`
	Formats []Format `json:"formats"` // one for each file
	Rows    int      `json:"rows"`    // with those that could not be read
	Kept    int      `json:"kept"`
	Dropped []Reason `json:"dropped"` // most rows first
	Chars   Lengths  `json:"chars"`   // of all rows that could be read
	Keeps   Lengths  `json:"chars_kept"`
	Faults  Faults   `json:"faults"`

	Statistics *Statistics `json:"statistics,omitempty"` // of Survey
}

// Reason counts the rows dropped for one reason.
type Reason struct {
	Reason string `json:"reason"`
	Rows   int    `json:"rows"`
}

// Lengths describes the lengths of texts in characters; all zero without texts. A quantile q is the least length such that the share of texts not
// longer is at least q.
type Lengths struct {
	Min    int     `json:"min"`
	P05    int     `json:"p05"`
	P25    int     `json:"p25"`
	Median int     `json:"median"`
	P75    int     `json:"p75"`
	P95    int     `json:"p95"`
	Max    int     `json:"max"`
	Mean   float64 `json:"mean"`
}

// Unreadable is the reason in a Profile for rows that could not be read; dropped.csv says what ails each of them.
const Unreadable = "cannot be read"

// Profiler counts the rows of one pass. It keeps the places of the dropped rows and no text.
type Profiler struct {
	sieve   *Sieve
	rows    int
	dropped []Dropped
	reasons map[string]int
	chars   lengths
	kept    lengths
}

// NewProfiler returns a Profiler that applies a filter.
func NewProfiler(f Filter) *Profiler {
	return &Profiler{sieve: NewSieve(f), reasons: map[string]int{}, chars: lengths{}, kept: lengths{}}
}

// Add counts a row and reports whether the filter keeps it.
func (p *Profiler) Add(row Row) (keep bool) {
	n := utf8.RuneCountInString(row.Text)
	p.rows++
	p.chars[n]++
	verdict := p.sieve.Judge(row)
	if verdict.Keep {
		p.kept[n]++
		return true
	}
	p.reasons[verdict.Reason]++
	p.dropped = append(p.dropped, verdict.dropped(row))
	return false
}

// Profile sums up the pass over r that has just ended.
func (p *Profiler) Profile(r *Reader) Profile {
	profile := Profile{
		Files: r.Files(), Formats: r.Formats(), Rows: p.rows + len(r.faults.Bad), Kept: p.rows - len(p.dropped),
		Dropped: []Reason{}, Chars: p.chars.summary(), Keeps: p.kept.summary(), Faults: r.Faults(),
	}
	for reason, rows := range p.reasons {
		profile.Dropped = append(profile.Dropped, Reason{reason, rows})
	}
	if bad := len(r.faults.Bad); bad > 0 {
		profile.Dropped = append(profile.Dropped, Reason{Unreadable, bad})
	}
	slices.SortFunc(profile.Dropped, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Reason, b.Reason))
	})
	return profile
}

// Write writes profile.json.
func (p Profile) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(p)
}

// WriteDropped writes dropped.csv for the pass over r that has just ended: line,id,reason of every row that could not be read or did not pass the
// filter, in the order of the corpus. A corpus of several files has a fourth column, file.
func (p *Profiler) WriteDropped(w io.Writer, r *Reader) error {
	order := map[string]int{}
	for i, path := range r.Files() {
		order[path] = i
	}
	all := slices.Concat(p.dropped, r.faults.Bad)
	slices.SortStableFunc(all, func(a, b Dropped) int {
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.Line, b.Line))
	})
	out := csv.NewWriter(w)
	row := []string{"line", "id", "reason", "file"}
	width := 3
	if len(r.inputs) > 1 {
		width = 4
	}
	if err := out.Write(row[:width]); err != nil {
		return err
	}
	for _, d := range all {
		row[0], row[1], row[2], row[3] = strconv.Itoa(d.Line), d.ID, d.Reason, d.File
		if err := out.Write(row[:width]); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// lengths counts texts by their length.
type lengths map[int]int

func (l lengths) summary() Lengths {
	sorted := slices.Sorted(maps.Keys(l))
	texts, sum := 0, 0
	for _, n := range sorted {
		texts += l[n]
		sum += n * l[n]
	}
	if texts == 0 {
		return Lengths{}
	}
	quantile := func(percent int) int {
		seen := 0
		for _, n := range sorted {
			if seen += l[n]; 100*seen >= percent*texts {
				return n
			}
		}
		return sorted[len(sorted)-1]
	}
	return Lengths{
		Min: sorted[0], P05: quantile(5), P25: quantile(25), Median: quantile(50), P75: quantile(75), P95: quantile(95),
		Max: sorted[len(sorted)-1], Mean: float64(sum) / float64(texts),
	}
}
