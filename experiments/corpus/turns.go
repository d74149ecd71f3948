package corpus

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// betweenTurns joins turns: a blank line.
const betweenTurns = "\n\n"

// turnDecoder reads the turns of a conversation into one text. It accepts what encoding/json accepts, and control characters that stand raw
// in strings besides; escapes of half a surrogate pair become U+FFFD, as there, and are counted.
type turnDecoder struct {
	faults *Faults
	first  bool // only the first turn
	all    bool // the turns of every speaker, and null ones, in spans
	text   []byte
	turns  int // turns in text
	role   string
	spans  []span
}

// span is a turn within the text.
type span struct {
	role     string // as written
	from, to int
	null     bool
}

var errNotTurns = errors.New(`not a JSON list of turns such as ["Hello", null, "Bye"]`)

// array reads a cell that holds a JSON array of strings and nulls. A cell that is null is one null turn.
func (d *turnDecoder) array(cell string) (string, error) {
	d.reset()
	cell = d.valid(cell)
	i := skipSpace(cell, 0)
	if i == len(cell) || cell[i] != '[' {
		if strings.TrimRight(cell[i:], jsonSpace) == "null" {
			d.null()
			return "", nil
		}
		return "", errNotTurns
	}
	i, err := d.elements(cell, skipSpace(cell, i+1))
	if err != nil {
		return "", err
	}
	if i = skipSpace(cell, i); i < len(cell) {
		return "", unexpected(cell, i, "after the list")
	}
	return string(d.text), nil
}

// elements reads the inside of an array from its first element, and returns the index behind the closing bracket.
func (d *turnDecoder) elements(s string, i int) (int, error) {
	if i < len(s) && s[i] == ']' {
		return i + 1, nil
	}
	for {
		var err error
		if i, err = d.element(s, i); err != nil {
			return i, err
		}
		i = skipSpace(s, i)
		switch {
		case i < len(s) && s[i] == ']':
			return i + 1, nil
		case i == len(s) || s[i] != ',':
			return i, unexpected(s, i, "where a comma or ] belongs")
		}
		i = skipSpace(s, i+1)
	}
}

func (d *turnDecoder) element(s string, i int) (int, error) {
	switch {
	case i < len(s) && s[i] == '"':
		return d.turn(s, i)
	case strings.HasPrefix(s[i:], "null"):
		d.null()
		return i + len("null"), nil
	}
	return i, unexpected(s, i, "where a turn belongs, a string or null")
}

// turn adds the JSON string that opens at s[i] to the text, and returns the index behind its closing quote. A turn that is not wanted is
// read all the same, because the row must be sound as a whole.
func (d *turnDecoder) turn(s string, i int) (int, error) {
	keep := len(d.text)
	if d.turns > 0 {
		d.text = append(d.text, betweenTurns...)
	}
	from := len(d.text)
	i, err := d.quoted(s, i+1)
	if d.all {
		d.spans = append(d.spans, span{role: d.role, from: from, to: len(d.text)})
	}
	if d.first && d.turns > 0 {
		d.text = d.text[:keep]
	}
	d.turns++
	return i, err
}

// quoted decodes from behind an opening quote to behind the closing one.
func (d *turnDecoder) quoted(s string, i int) (int, error) {
	for {
		run := i
		for i < len(s) && s[i] != '"' && s[i] != '\\' {
			i++
		}
		d.text = append(d.text, s[run:i]...)
		if i == len(s) {
			return i, errors.New("a turn's closing quote is missing")
		}
		if s[i] == '"' {
			return i + 1, nil
		}
		var err error
		if i, err = d.escape(s, i+1); err != nil {
			return i, err
		}
	}
}

// escape decodes the escape whose letter is s[i].
func (d *turnDecoder) escape(s string, i int) (int, error) {
	if i == len(s) {
		return i, errors.New("a turn ends in a backslash")
	}
	const letters, meanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if k := strings.IndexByte(letters, s[i]); k >= 0 {
		d.text = append(d.text, meanings[k])
		return i + 1, nil
	}
	r, ok := hex4(s, i)
	if !ok {
		return i, unexpected(s, i, "after a backslash")
	}
	i += 5
	if utf16.IsSurrogate(r) {
		low, ok := rune(0), false
		if strings.HasPrefix(s[i:], `\u`) {
			low, ok = hex4(s, i+1)
		}
		if r = utf16.DecodeRune(r, low); ok && r != utf8.RuneError {
			i += 6
		} else {
			d.faults.Surrogates++
		}
	}
	d.text = utf8.AppendRune(d.text, r)
	return i, nil
}

// hex4 reads u and four hexadecimal digits at s[i].
func hex4(s string, i int) (rune, bool) {
	if len(s) < i+5 || s[i] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[i+1:i+5], 16, 16)
	return rune(v), err == nil
}

const jsonSpace = " \t\r\n"

// skipSpace returns the index of the first byte from s[i] on that is not JSON white space.
func skipSpace[T string | []byte](s T, i int) int {
	for i < len(s) && strings.IndexByte(jsonSpace, s[i]) >= 0 {
		i++
	}
	return i
}

// unexpected is the error of a cell that goes wrong at s[i].
func unexpected(s string, i int, where string) error {
	if i >= len(s) {
		return fmt.Errorf("%w: it ends %s", errNotTurns, where)
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return fmt.Errorf("%w: %q %s (character %d)", errNotTurns, r, where, utf8.RuneCountInString(s[:i])+1)
}

// null counts a turn that is null.
func (d *turnDecoder) null() {
	d.faults.NullTurns++
	if d.all {
		d.spans = append(d.spans, span{role: d.role, null: true})
	}
}

func (d *turnDecoder) reset() { d.text, d.turns, d.role, d.spans = d.text[:0], 0, "", d.spans[:0] }

// valid replaces each byte that is not UTF-8 by U+FFFD, as encoding/json does.
func (d *turnDecoder) valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	d.faults.InvalidUTF8++
	return string([]rune(s))
}
