package experiments

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"lbprobe/internal/fault"
)

// setting is one key of the experiment file, bound to the field that it fills.
type setting struct {
	key  string               // dotted
	read func(v any) *trouble // puts a value, as the TOML parser gives it, into the field
	show func() any           // the effective value, as the TOML parser would give it; nil where it is not set
	kind string               // what the value is, for messages: "a whole number"
}

// example is a value that the setting takes.
func (s setting) example() any {
	if v := s.show(); v != nil {
		return v
	}
	return 0.26 // the settings without a default are numbers of rows and shares
}

// trouble is what is wrong with a value; it becomes a fault when the key's line is known.
type trouble struct{ msg, fix string }

// leaf is the last part of a dotted key.
func leaf(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// write is the usual fix: the line as it should stand.
func write(key string, v any) string { return "Write: " + leaf(key) + " = " + tomlText(v) }

// wrongType says what stands where something else belongs. Where the value can be read as meant, such as a number in quotes, the fix writes it;
// else it shows an example.
func wrongType(key string, v any, kind string, meant, example any) *trouble {
	if meant == nil {
		meant = example
	}
	return &trouble{describe(v) + " stands where " + kind + " belongs", write(key, meant)}
}

// describe names a value with its type.
func describe(v any) string {
	switch v := v.(type) {
	case string:
		return "the text " + strconv.Quote(shorten(v))
	case int64, float64:
		return "the number " + tomlText(v)
	case bool:
		return "the truth value " + strconv.FormatBool(v)
	case time.Time:
		return "a date"
	case map[string]any:
		return "a table"
	case []map[string]any:
		return "a list of tables"
	}
	return "a list"
}

// shorten keeps a message on one line.
func shorten(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// text is a free text.
func text(key string, dst *string) setting {
	const kind = "a text in quotes"
	return setting{key: key, kind: kind, show: func() any { return *dst }, read: func(v any) *trouble {
		s, ok := v.(string)
		if !ok {
			var meant any = "..."
			if n, isInt := v.(int64); isInt {
				meant = strconv.FormatInt(n, 10)
			}
			return wrongType(key, v, kind, meant, "...")
		}
		*dst = s
		return nil
	}}
}

// boolean is true or false.
func boolean(key string, dst *bool) setting {
	const kind = "true or false, without quotes,"
	return setting{key: key, kind: kind, show: func() any { return *dst }, read: func(v any) *trouble {
		b, ok := v.(bool)
		if !ok {
			var meant any
			switch strings.ToLower(fmt.Sprint(v)) {
			case "true", "yes", "on", "1":
				meant = true
			case "false", "no", "off", "0":
				meant = false
			}
			return wrongType(key, v, kind, meant, *dst)
		}
		*dst = b
		return nil
	}}
}

// whole is a whole number from lo to hi.
func whole[T int | uint64](key string, dst *T, lo, hi int64) setting {
	const kind = "a whole number"
	return setting{key: key, kind: kind, show: func() any { return int64(*dst) }, read: func(v any) *trouble {
		n, ok := v.(int64)
		if !ok {
			var meant any
			if m, isWhole := meantWhole(v); isWhole {
				meant = m
			}
			return wrongType(key, v, kind, meant, int64(*dst))
		}
		if n < lo || n > hi {
			return &trouble{fmt.Sprintf("%d is not from %d to %s", n, lo, most(hi)), write(key, min(max(lo, int64(*dst)), hi))}
		}
		*dst = T(n)
		return nil
	}}
}

// most writes an upper bound; the largest of all says no more than that there is none to speak of.
func most(hi int64) string {
	if hi == math.MaxInt64 {
		return "2^63-1"
	}
	return strconv.FormatInt(hi, 10)
}

// meantWhole reads a whole number out of 20.0 or "20".
func meantWhole(v any) (int64, bool) {
	switch v := v.(type) {
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1e15 {
			return int64(v), true
		}
	case string:
		n, err := strconv.ParseInt(strings.ReplaceAll(strings.TrimSpace(v), ",", ""), 10, 64)
		return n, err == nil
	}
	return 0, false
}

// meantNumber reads a number out of "0.26".
func meantNumber(v any) (float64, bool) {
	s, ok := v.(string)
	if !ok {
		return 0, false
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// asNumber takes whole numbers for numbers; NaN and infinities are none.
func asNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	}
	return 0, false
}

// bounds says which numbers a setting takes: in(x), told in words.
type bounds struct {
	in    func(x float64) bool
	words string // "above 0 and below 1"
}

// number is a number within bounds.
func number(key string, dst *float64, b bounds) setting {
	const kind = "a number"
	return setting{key: key, kind: kind, show: func() any { return *dst }, read: func(v any) *trouble {
		x, ok := asNumber(v)
		if !ok {
			var meant any
			if m, isNumber := meantNumber(v); isNumber {
				meant = m
			}
			return wrongType(key, v, kind, meant, *dst)
		}
		if !b.in(x) {
			return &trouble{fmt.Sprintf("%s is not a number %s", tomlText(v), b.words), write(key, *dst)}
		}
		*dst = x
		return nil
	}}
}

// choice is one of a few words. Those of later are known, but not available in this version.
func choice[S ~string](key string, dst *S, built, later []string) setting {
	kind := "one of " + strings.Join(quoteAll(built), ", ")
	return setting{key: key, kind: kind, show: func() any { return string(*dst) }, read: func(v any) *trouble {
		s, ok := v.(string)
		if !ok {
			return wrongType(key, v, kind, nil, string(*dst))
		}
		if slices.Contains(later, s) {
			return &trouble{strconv.Quote(s) + " is not available yet", useInstead(key, built)}
		}
		if !slices.Contains(built, s) {
			return unknownWord(key, s, built, later)
		}
		*dst = S(s)
		return nil
	}}
}

// unknownWord says that a word is none of those that a setting takes, and which of them was meant.
func unknownWord(key, word string, built, later []string) *trouble {
	all := append(built[:len(built):len(built)], later...)
	msg := strconv.Quote(shorten(word)) + " is none of " + strings.TrimPrefix(strings.Join(all, ", "), ", ")
	if near, distance := fault.Nearest(word, all); fault.Alike(word, distance) {
		return &trouble{msg, write(key, near)}
	}
	return &trouble{msg, "Write: " + leaf(key) + " = " + anyOf(built)}
}

// anyOf writes words as alternatives; the empty word goes without saying.
func anyOf(words []string) string {
	return strings.TrimPrefix(strings.Join(quoteAll(words), " or "), `"" or `)
}

// useInstead tells what stands in for a value that is not available yet.
func useInstead(key string, built []string) string {
	return "For now write: " + leaf(key) + " = " + anyOf(built)
}

func quoteAll(words []string) []string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = strconv.Quote(w)
	}
	return quoted
}

// texts is a list of texts. A single text is not taken for a list of one: that would be a column of a submission or a file too few.
func texts(key string, dst *[]string, example []string) setting {
	const kind = "a list of texts in quotes"
	return setting{key: key, kind: kind, show: func() any { return slices.Clone(*dst) }, read: func(v any) *trouble {
		list, ok := asTexts(v)
		if !ok {
			return wrongType(key, v, kind, meantTexts(v), example)
		}
		*dst = list
		return nil
	}}
}

// asTexts takes a list of texts and nothing else; an empty list is one.
func asTexts(v any) ([]string, bool) {
	items, ok := v.([]any)
	if !ok {
		return nil, false
	}
	list := make([]string, len(items))
	for i, item := range items {
		if list[i], ok = item.(string); !ok {
			return nil, false
		}
	}
	return list, true
}

// meantTexts reads a list out of a single text, with commas or without, or out of a list with numbers in it; nil where it can't.
func meantTexts(v any) any {
	var list []string
	switch v := v.(type) {
	case string:
		for _, part := range strings.Split(v, ",") {
			list = append(list, strings.TrimSpace(part))
		}
	case []any:
		for _, item := range v {
			switch item.(type) {
			case string, int64, bool:
				list = append(list, fmt.Sprint(item))
			default:
				return nil
			}
		}
	default:
		return nil
	}
	return list
}

// resolve turns a path of the file into one of the current folder. Empty stays empty.
func (e *Experiment) resolve(written string) string {
	if written == "" || filepath.IsAbs(written) {
		return written
	}
	return filepath.Join(e.Dir, filepath.FromSlash(written))
}

// path is the name of a file, relative to the experiment file's folder. That it exists is asked later.
func (e *Experiment) path(key string, dst *string) setting {
	const kind = "a path in quotes"
	return setting{key: key, kind: kind, show: func() any { return e.Written(key) }, read: func(v any) *trouble {
		s, ok := v.(string)
		if !ok {
			return wrongType(key, v, kind, nil, "...")
		}
		e.setPath(key, dst, s)
		return nil
	}}
}

// setPath fills a path field and keeps how it was written.
func (e *Experiment) setPath(key string, dst *string, written string) {
	*dst, e.source.written[key] = e.resolve(written), []string{written}
}

// paths is one path or a list of them.
func (e *Experiment) paths(key string, dst *[]string) setting {
	const kind = "a path in quotes, or a list of them,"
	return setting{key: key, kind: kind, show: func() any { return oneOrList(e.source.written[key]) }, read: func(v any) *trouble {
		list, ok := asTexts(v)
		if s, single := v.(string); single {
			list, ok = []string{s}, true
		}
		if !ok {
			return wrongType(key, v, kind, nil, "train.csv")
		}
		if len(list) == 0 || slices.Contains(list, "") && len(list) > 1 {
			return &trouble{"a path is empty", write(key, "train.csv")}
		}
		e.setPaths(key, dst, list)
		return nil
	}}
}

// setPaths fills a field of several paths and keeps how they were written. A single empty path is none.
func (e *Experiment) setPaths(key string, dst *[]string, written []string) {
	*dst = nil
	e.source.written[key] = written
	for _, w := range written {
		if w != "" {
			*dst = append(*dst, e.resolve(w))
		}
	}
}

func oneOrList(written []string) any {
	switch len(written) {
	case 0:
		return ""
	case 1:
		return written[0]
	}
	return slices.Clone(written)
}
