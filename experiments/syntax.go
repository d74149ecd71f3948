package experiments

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/BurntSushi/toml"

	"lbprobe/internal/fault"
)

// syntaxFault turns what the TOML parser says into a fault with a line and, for the usual slips, a fix.
func syntaxFault(path, text string, err error) error {
	f := &fault.Error{File: path, Line: 1, Msg: "is not TOML: " + oneLine(err.Error()), Usage: true, Err: err}
	var p toml.ParseError
	if !errors.As(err, &p) {
		return f
	}
	lines := strings.Split(text, "\n")
	f.Line, f.Field, f.Msg = min(max(p.Position.Line, 1), len(lines)), p.LastKey, oneLine(p.Message)
	if f.Line > 1 && openTable.MatchString(lines[f.Line-2]) {
		f.Line-- // the parser notices a missing bracket on the next line
	}
	line := strings.TrimSuffix(lines[f.Line-1], "\r")
	if m := startsKey.FindStringSubmatch(line); m != nil && strings.Contains(p.Message, "top-level") {
		f.Field = strings.TrimPrefix(f.Field+"."+m[1], ".")
	}
	f.Fix = syntaxFix(p.Message, line)
	if m := already.FindStringSubmatch(p.Message); m != nil {
		f.Field, f.Msg, f.Fix = m[1], "is set twice", "Keep one of the two"
		if first := locate(text)[m[1]]; first > 0 && first < f.Line {
			f.Msg = fmt.Sprintf("is set twice: first on line %d", first)
		}
	}
	f.Field, f.Msg, f.Fix = tame(f.Field), tame(f.Msg), tame(f.Fix)
	return f
}

// already matches the parser's messages about a key or table that stands twice.
var already = regexp.MustCompile(`(?i)key '([^']+)' has already been defined`)

// startsKey matches a line that sets a bare key.
var startsKey = regexp.MustCompile(`^\s*([A-Za-z0-9_-]+)\s*=`)

// The slips that syntaxFix knows.
var (
	bareWord  = regexp.MustCompile(`^\s*([A-Za-z0-9_.-]+)\s*=\s*([A-Za-z_./~][^"'#\[\]{},=]*?)\s*(#.*)?$`)
	anyCase   = regexp.MustCompile(`(?i)^(true|false)$`)
	backslash = regexp.MustCompile(`^\s*([A-Za-z0-9_.-]+)\s*=\s*"([^"]*\\[^"]*)"`)
	colon     = regexp.MustCompile(`^\s*([A-Za-z0-9_-]+)\s*:\s*(\S.*?)\s*$`)
	noValue   = regexp.MustCompile(`^\s*([A-Za-z0-9_.-]+)\s*=\s*(#.*)?$`)
	openText  = regexp.MustCompile(`^\s*([A-Za-z0-9_.-]+)\s*=\s*"([^"#]*?)\s*(#.*)?$`)
	openTable = regexp.MustCompile(`^\s*\[\s*([a-z_.]+)\s*(#.*)?$`)
	thousands = regexp.MustCompile(`^\s*([A-Za-z0-9_.-]+)\s*=\s*([1-9]\d{0,2}(?:,\d{3})+)\s*(#.*)?$`)
	comma     = regexp.MustCompile(`^\s*([A-Za-z0-9_.-]+)\s*=\s*(\d+),(\d+)\s*(#.*)?$`)
	plain     = regexp.MustCompile(`^(["'\[{].*|true|false|[-+]?\d[\d._eE+-]*)$`)
)

// syntaxFix guesses from the message and the line what was meant.
func syntaxFix(message, line string) string {
	switch {
	case strings.Contains(message, "UTF") || strings.Contains(message, "control character"):
		return "Save the file as UTF-8 text"
	case strings.Contains(message, "array terminator"):
		return "End the list of the line before with ], or put a comma between its items"
	}
	if m := bareWord.FindStringSubmatch(line); m != nil {
		if anyCase.MatchString(m[2]) {
			return "Write: " + m[1] + " = " + strings.ToLower(m[2])
		}
		return "Texts stand in quotes: " + m[1] + ` = "` + m[2] + `"`
	}
	if m := backslash.FindStringSubmatch(line); m != nil {
		return "Write paths with slashes: " + m[1] + ` = "` + strings.NewReplacer(`\\`, "/", `\`, "/").Replace(m[2]) + `"`
	}
	if m := colon.FindStringSubmatch(line); m != nil {
		return "Write: " + m[1] + " = " + quoteUnlessPlain(m[2])
	}
	if m := noValue.FindStringSubmatch(line); m != nil {
		return "Give " + m[1] + " a value, or remove the line"
	}
	if m := openText.FindStringSubmatch(line); m != nil {
		return "Close the quotes: " + m[1] + ` = "` + m[2] + `"`
	}
	if m := openTable.FindStringSubmatch(line); m != nil {
		return "Close the bracket: [" + m[1] + "]"
	}
	if m := thousands.FindStringSubmatch(line); m != nil {
		return "Write numbers without commas: " + m[1] + " = " + strings.ReplaceAll(m[2], ",", "")
	}
	if m := comma.FindStringSubmatch(line); m != nil {
		return "Write numbers with a point: " + m[1] + " = " + m[2] + "." + m[3]
	}
	return "Every line is key = value, a [table], a # comment, or empty"
}

// quoteUnlessPlain quotes what TOML would not take as a value.
func quoteUnlessPlain(value string) string {
	if plain.MatchString(value) {
		return value
	}
	return tomlString(value)
}

// tame makes a text of files fit for a terminal: control characters, which could end the line or colour it, become spaces.
func tame(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// oneLine keeps a foreign message on one line.
func oneLine(s string) string { return strings.TrimSuffix(strings.Join(strings.Fields(s), " "), ".") }
