package experiments

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Setting is one key with the value that holds.
type Setting struct {
	Key     string // dotted, such as "topics.k"
	Value   string // as TOML; empty: the key is not set and has no default
	Default bool   // the file does not set it
}

// Settings lists every key in the order of the file's documentation. Keys of [simulate] and [judge] are left out where the file has no such table.
func (e *Experiment) Settings() []Setting {
	var list []Setting
	for _, s := range e.settings() {
		if e.absent(s.key) {
			continue
		}
		item := Setting{Key: s.key, Default: !e.Given(s.key)}
		if v := s.show(); v != nil {
			item.Value = tomlText(v)
		}
		list = append(list, item)
	}
	return list
}

// absent tells whether a key is in an optional table that the file does not have.
func (e *Experiment) absent(key string) bool {
	return e.Simulate == nil && strings.HasPrefix(key, "simulate.") || e.Judge == nil && strings.HasPrefix(key, "judge.")
}

// Hash is the SHA-256, in hexadecimal, of all effective settings. Comments, the order of keys, spelled-out defaults and the place of the file
// do not enter; paths do, as they are written.
func (e *Experiment) Hash() string { return e.HashOf() }

// HashOf is the hash of those settings whose keys are, or are below, one of the prefixes, such as "corpus" and "topics.k"; of all without
// any. A stage depends on the settings that it reads, and on no other.
func (e *Experiment) HashOf(prefixes ...string) string {
	sum := sha256.New()
	for _, s := range e.Settings() {
		if len(prefixes) == 0 || under(s.Key, prefixes) {
			fmt.Fprintf(sum, "%s = %s\n", s.Key, s.Value)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// under tells whether a key is one of the prefixes or below one.
func under(key string, prefixes []string) bool {
	for _, p := range prefixes {
		if key == p || strings.HasPrefix(key, p+".") {
			return true
		}
	}
	return false
}

// Effective writes the experiment as a TOML file with every key, its value and, behind it, where that came from. Saved in the folder of the
// experiment file it loads to the same Hash. A key without value is a comment.
func (e *Experiment) Effective(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s as it takes effect, hash %.12s\n", oneLine(e.Path), e.Hash())
	var block []effectiveLine
	current := ""
	for _, s := range e.Settings() {
		if t := table(s.Key); t != current {
			writeAligned(&b, block)
			block, current = nil, t
			fmt.Fprintf(&b, "\n[%s]\n", t)
		}
		block = append(block, e.effectiveLine(s))
	}
	writeAligned(&b, block)
	_, err := w.Write(b.Bytes())
	return err
}

// effectiveLine is a line of Effective before its comment is aligned.
type effectiveLine struct{ text, comment string }

func (e *Experiment) effectiveLine(s Setting) effectiveLine {
	if s.Value == "" {
		return effectiveLine{"# " + leaf(s.Key) + " =", "not set" + because(e.source.why[s.Key])}
	}
	l := effectiveLine{text: leaf(s.Key) + " = " + s.Value}
	switch {
	case s.Key == "competition.public" && e.source.share != nil:
		l.comment = tomlText(e.source.share) + " as given: half a per cent either way"
	case s.Default:
		l.comment = "default" + because(e.source.why[s.Key])
	}
	return l
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

// widest is the width up to which comments are aligned; a longer line has its comment right behind it.
const widest = 60

// writeAligned writes lines with their comments below each other.
func writeAligned(b *bytes.Buffer, lines []effectiveLine) {
	width := 0
	for _, l := range lines {
		if n := utf8.RuneCountInString(l.text); n <= widest {
			width = max(width, n)
		}
	}
	for _, l := range lines {
		b.WriteString(l.text)
		if l.comment != "" {
			b.WriteString(strings.Repeat(" ", max(width-utf8.RuneCountInString(l.text), 0)) + "  # " + l.comment)
		}
		b.WriteByte('\n')
	}
}

// MarshalJSON writes the effective settings as one flat object with dotted keys, in the order of Settings; null where a key is not set.
func (e *Experiment) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	n := 0
	for _, s := range e.settings() {
		if e.absent(s.key) {
			continue
		}
		value, err := json.Marshal(s.show())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.key, err)
		}
		if n++; n > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", s.key, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// tomlText writes a value as TOML.
func tomlText(v any) string {
	switch v := v.(type) {
	case string:
		return tomlString(v)
	case day:
		return string(v)
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return tomlFloat(v)
	case []string:
		return "[" + strings.Join(quoteTOML(v), ", ") + "]"
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = tomlText(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return fmt.Sprint(v)
}

// tomlFloat writes the shortest text that reads back as x, with a point or an exponent as TOML asks.
func tomlFloat(x float64) string {
	s := strings.ToLower(strconv.FormatFloat(x, 'g', -1, 64))
	if !strings.ContainsAny(s, ".ein") {
		s += ".0"
	}
	return strings.Replace(s, "e-0", "e-", 1)
}

func quoteTOML(words []string) []string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = tomlString(w)
	}
	return quoted
}

// tomlString writes a basic string. Go's own quoting has escapes that TOML does not know.
func tomlString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
