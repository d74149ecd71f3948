package experiments

import (
	"strings"

	"github.com/BurntSushi/toml"
)

// locate finds the line on which every key and table of a TOML text first stands, by dotted path as [toml.Key] writes it: bare parts as they are,
// others quoted. The parser knows these lines but does not give them out. The text has been parsed before; on one that has not, locate
// still ends, with whatever it has found.
func locate(text string) map[string]int {
	l := locator{text: strings.TrimPrefix(text, "\ufeff"), line: 1, lines: map[string]int{}}
	for l.pos < len(l.text) {
		switch c := l.text[l.pos]; {
		case c == '[':
			l.header()
		case c == '#' || c == '\n' || c == '\r' || c == ' ' || c == '\t':
			l.blank()
		default:
			l.assignment(l.table)
			l.restOfLine()
		}
	}
	return l.lines
}

// locator walks over a TOML text once.
type locator struct {
	text  string
	pos   int // bytes read so far
	line  int // of text[pos], from 1
	table toml.Key
	lines map[string]int
}

// peek is the next byte, 0 at the end.
func (l *locator) peek() byte {
	if l.pos < len(l.text) {
		return l.text[l.pos]
	}
	return 0
}

// step moves on by n bytes at most, counting lines.
func (l *locator) step(n int) {
	end := min(l.pos+n, len(l.text))
	l.line += strings.Count(l.text[l.pos:end], "\n")
	l.pos = end
}

// skipAny moves over the bytes that are in set.
func (l *locator) skipAny(set string) {
	for l.pos < len(l.text) && strings.IndexByte(set, l.text[l.pos]) >= 0 {
		l.step(1)
	}
}

// restOfLine moves to the next end of line, not over it.
func (l *locator) restOfLine() {
	if i := strings.IndexByte(l.text[l.pos:], '\n'); i >= 0 {
		l.pos += i
		return
	}
	l.pos = len(l.text)
}

// blank moves over spaces, ends of lines and comments.
func (l *locator) blank() {
	for {
		l.skipAny(" \t\r\n")
		if l.peek() != '#' {
			return
		}
		l.restOfLine()
	}
}

// deepest is the number of parts up to which a path gets a line; no setting has more than three.
const deepest = 8

// mark notes the line of a path, unless it stood on an earlier one, and of the tables that a dotted key makes on the way.
func (l *locator) mark(path toml.Key, line int) {
	for n := 1; n <= min(len(path), deepest); n++ {
		name := path[:n].String()
		if _, known := l.lines[name]; !known {
			l.lines[name] = line
		}
	}
}

// header reads [a.b] or [[a.b]].
func (l *locator) header() {
	line := l.line
	l.skipAny("[ \t")
	l.table = l.key()
	l.mark(l.table, line)
	l.restOfLine()
}

// assignment reads key = value below a table. It always moves on.
func (l *locator) assignment(table toml.Key) {
	line, start := l.line, l.pos
	path := append(table[:len(table):len(table)], l.key()...)
	l.mark(path, line)
	l.skipAny(" \t")
	if l.peek() == '=' {
		l.step(1)
		l.value(path)
	}
	if l.pos == start {
		l.step(1)
	}
}

// key reads a dotted key with bare and quoted parts.
func (l *locator) key() toml.Key {
	var path toml.Key
	for {
		l.skipAny(" \t")
		switch c := l.peek(); c {
		case '"', '\'':
			path = append(path, l.quoted(c))
		default:
			start := l.pos
			for l.pos < len(l.text) && strings.IndexByte(".=]\"'#\n\r \t", l.text[l.pos]) < 0 {
				l.pos++
			}
			path = append(path, l.text[start:l.pos])
		}
		l.skipAny(" \t")
		if l.peek() != '.' {
			return path
		}
		l.step(1)
	}
}

// quoted reads a one-line string and decodes it as the parser does.
func (l *locator) quoted(quote byte) string {
	start := l.pos
	l.str(quote)
	raw := l.text[start:l.pos]
	var decoded struct{ V string }
	if _, err := toml.Decode("V = "+raw, &decoded); err != nil {
		return strings.Trim(raw, string(quote))
	}
	return decoded.V
}

// str moves over a string of any of the four kinds. A basic string's backslash hides the next byte.
func (l *locator) str(quote byte) {
	end := string(quote)
	if triple := strings.Repeat(end, 3); strings.HasPrefix(l.text[l.pos:], triple) {
		end = triple
	}
	l.step(len(end))
	for l.pos < len(l.text) && !strings.HasPrefix(l.text[l.pos:], end) {
		switch {
		case l.text[l.pos] == '\\' && quote == '"':
			l.step(2)
		case l.text[l.pos] == '\n' && len(end) == 1:
			return
		default:
			l.step(1)
		}
	}
	l.step(len(end))
	if len(end) == 3 {
		l.skipAny(string(quote)) // a text may end in one or two quotes of its own
	}
}

// value moves over a value and marks the keys of inline tables on the way.
func (l *locator) value(path toml.Key) {
	l.skipAny(" \t")
	switch c := l.peek(); c {
	case '"', '\'':
		l.str(c)
	case '[':
		l.items(']', func() { l.value(path) })
	case '{':
		l.items('}', func() { l.assignment(path) })
	default:
		for l.pos < len(l.text) && strings.IndexByte(",]}#\n", l.text[l.pos]) < 0 {
			l.pos++
		}
	}
}

// items reads what stands between brackets, parted by commas.
func (l *locator) items(end byte, item func()) {
	l.step(1)
	for {
		l.blank()
		start := l.pos
		switch l.peek() {
		case 0:
			return
		case end:
			l.step(1)
			return
		case ',':
			l.step(1)
		default:
			item()
		}
		if l.pos == start { // a stray bracket in a text that is no TOML
			l.step(1)
		}
	}
}
