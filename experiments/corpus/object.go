package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"unicode/utf8"
)

// validObject checks that a line is one JSON object. Control characters that stand raw in strings are accepted, as most writers of such files
// and their readers in other languages do, and are escapes in what is returned.
func validObject(line []byte) ([]byte, error) {
	if !json.Valid(line) {
		var value json.RawMessage
		line = escapeControls(line)
		if err := json.Unmarshal(line, &value); err != nil {
			return nil, &rowError{msg: "not a JSON object: " + err.Error()}
		}
	}
	if line[0] != '{' {
		return nil, &rowError{msg: "not a JSON object but " + shorten(string(line))}
	}
	return line, nil
}

// fields goes through the names and JSON values of an object that is known to be valid. The values share its memory.
func fields(object []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for i := 1; ; i++ { // behind the brace, then behind each comma
			i = skipSpace(object, i)
			if object[i] == '}' {
				return
			}
			name := object[i:skipString(object, i)]
			i = skipSpace(object, i+len(name)) + 1 // the colon
			i = skipSpace(object, i)
			value := object[i:skipValue(object, i)]
			i = skipSpace(object, i+len(value))
			if !yield(fieldName(name), value) || object[i] == '}' {
				return
			}
		}
	}
}

// fieldName is a quoted name as text.
func fieldName(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') < 0 && utf8.Valid(quoted) {
		return string(quoted[1 : len(quoted)-1])
	}
	var name string
	_ = json.Unmarshal(quoted, &name) // a valid string
	return name
}

// skipString returns the index behind the JSON string that opens at b[i].
func skipString(b []byte, i int) int {
	for i++; ; i++ {
		i += bytes.IndexByte(b[i:], '"')
		slashes := 0
		for b[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i + 1
		}
	}
}

// skipValue returns the index behind the JSON value that starts at b[i].
func skipValue(b []byte, i int) int {
	for depth := 0; ; i++ {
		switch b[i] {
		case '"':
			i = skipString(b, i) - 1
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth < 0 {
				return i
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
}

// escapeControls writes the control characters inside the strings of a JSON text as escapes. One behind a backslash stays, and is still an error.
func escapeControls(text []byte) []byte {
	escaped := make([]byte, 0, len(text)+16)
	inside, skip := false, false
	for _, c := range text {
		switch {
		case skip:
			skip = false
		case inside && c < 0x20:
			escaped = fmt.Appendf(escaped, `\u%04x`, c)
			continue
		case c == '\\':
			skip = inside
		case c == '"':
			inside = !inside
		}
		escaped = append(escaped, c)
	}
	return escaped
}
