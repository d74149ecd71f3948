package experiments

import (
	"fmt"
	"math"
	"time"

	"lbprobe/probes/metric"
)

// maxRows bounds numbers of rows, so that sums of them cannot overflow.
const maxRows = 1_000_000_000

// pair takes a list of two numbers, least first.
func pair(v any) (lo, hi float64, ok bool) {
	list, isList := v.([]any)
	if !isList || len(list) != 2 {
		return 0, 0, false
	}
	lo, okLo := asNumber(list[0])
	hi, okHi := asNumber(list[1])
	return lo, hi, okLo && okHi
}

// rowRange is a number of rows, or [lo, hi]. single turns a lone number into its range: itself for most, "at most that many" for unscored.
func rowRange(key string, set func(IntRange), get func() any, single func(n int) IntRange, least, example int) setting {
	const kind = "a whole number, or two as [lo, hi],"
	return setting{key: key, kind: kind, show: get, read: func(v any) *trouble {
		r, ok := wholeRange(v, single)
		if !ok {
			var meant any
			if m, isWhole := meantWhole(v); isWhole {
				meant = m
			}
			return wrongType(key, v, kind, meant, int64(example))
		}
		switch {
		case r.Lo > r.Hi:
			return &trouble{fmt.Sprintf("the range begins with %d and ends with less, %d", r.Lo, r.Hi), write(key, []any{int64(r.Hi), int64(r.Lo)})}
		case r.Lo < least || r.Hi < least || r.Hi > maxRows:
			return &trouble{fmt.Sprintf("%s is not from %d to %d", tomlText(v), least, maxRows), write(key, int64(example))}
		}
		set(r)
		return nil
	}}
}

// wholeRange takes a whole number or a list of two.
func wholeRange(v any, single func(n int) IntRange) (IntRange, bool) {
	if n, ok := v.(int64); ok {
		if n < 0 || n > maxRows {
			return IntRange{-1, -1}, true // out of every bound; the message quotes the value itself
		}
		return single(int(n)), true
	}
	lo, hi, ok := pair(v)
	if !ok || lo != math.Trunc(lo) || hi != math.Trunc(hi) || math.Abs(lo) > 1e15 || math.Abs(hi) > 1e15 {
		return IntRange{}, false
	}
	return IntRange{int(lo), int(hi)}, true
}

// just is the range of a number that is known.
func just(n int) IntRange { return IntRange{n, n} }

// upTo is the range of a number of which only the most is known.
func upTo(n int) IntRange { return IntRange{0, n} }

// showRange writes a range as it may be given: one number where that means the same.
func showRange(r *IntRange, single func(n int) IntRange) any {
	switch {
	case r == nil:
		return nil
	case *r == single(r.Hi):
		return int64(r.Hi)
	}
	return []any{int64(r.Lo), int64(r.Hi)}
}

// share is a share above 0 and up to 1, or [lo, hi].
func share(key string, dst **ShareRange) setting {
	const kind = "a share such as 0.26, or two as [lo, hi],"
	show := func() any {
		if *dst == nil {
			return nil
		}
		return []any{(*dst).Lo, (*dst).Hi}
	}
	return setting{key: key, kind: kind, show: show, read: func(v any) *trouble {
		lo, hi, ok := pair(v)
		x, single := asNumber(v)
		if single {
			lo, hi, ok = x, x, true
		}
		if !ok {
			var meant any
			if m, isNumber := meantNumber(v); isNumber {
				meant = m
			}
			return wrongType(key, v, kind, meant, 0.26)
		}
		if t := outsideShare(key, v, lo, hi); t != nil {
			return t
		}
		r := ShareRange{lo, hi}
		if single {
			r = approximately(x)
		}
		*dst = &r
		return nil
	}}
}

// outsideShare finds what is wrong with a share or a range of shares: per cent, numbers of rows, ends in the wrong order.
func outsideShare(key string, v any, lo, hi float64) *trouble {
	switch {
	case lo > hi:
		return &trouble{fmt.Sprintf("the range begins with %s and ends with less, %s", tomlText(lo), tomlText(hi)), write(key, []any{hi, lo})}
	case lo > 0 && hi <= 1 || lo == 0 && hi > 0 && hi <= 1:
		return nil
	case lo == hi && lo >= 2 && lo <= 100:
		return &trouble{fmt.Sprintf("%s is more than all rows: a share is above 0 and at most 1", tomlText(v)),
			write(key, tidy(lo/100)) + ", or public_rows for a number of rows"}
	case lo == hi && lo > 1 && lo < 2:
		return &trouble{tomlText(v) + " is more than all rows: a share is above 0 and at most 1", write(key, 0.26)}
	case lo > 1:
		return &trouble{fmt.Sprintf("%s is more than all rows: a share is above 0 and at most 1", tomlText(v)),
			"For a number of rows write: public_rows = " + tomlText(asRows(v))}
	}
	return &trouble{tomlText(v) + " is not a share: it must be above 0 and at most 1", write(key, 0.26)}
}

// asRows reads a value that was meant as rows.
func asRows(v any) any {
	if x, ok := v.(float64); ok && math.Abs(x) < maxRows {
		return int64(math.Round(x))
	}
	return v
}

// optionalNumber is a number within bounds, or not set.
func optionalNumber(key string, dst **float64, b bounds, example float64) setting {
	show := func() any {
		if *dst == nil {
			return nil
		}
		return **dst
	}
	var x float64
	inner := number(key, &x, b)
	return setting{key: key, kind: inner.kind, show: show, read: func(v any) *trouble {
		x = example
		if t := inner.read(v); t != nil {
			return t
		}
		given := x
		*dst = &given
		return nil
	}}
}

// concentration is "weak" or a number of rows above 0.
func concentration(key string, dst **float64) setting {
	const kind = `"weak" or a number of rows`
	show := func() any {
		if *dst == nil {
			return "weak"
		}
		return **dst
	}
	return setting{key: key, kind: kind, show: show, read: func(v any) *trouble {
		if v == "weak" {
			*dst = nil
			return nil
		}
		x, ok := asNumber(v)
		if !ok {
			var meant any
			if m, isNumber := meantNumber(v); isNumber {
				meant = m
			}
			return wrongType(key, v, kind, meant, "weak")
		}
		if x <= 0 || x > maxRows {
			return &trouble{tomlText(v) + " is not a number of rows above 0", write(key, "weak")}
		}
		*dst = &x
		return nil
	}}
}

// presentFrom is a whole number of rows from 1, or a share above 0 and below 1.
func presentFrom(key string, dst *PresentFrom) setting {
	const kind = "a number of rows, or a share such as 0.002,"
	show := func() any {
		if dst.Share > 0 {
			return dst.Share
		}
		return int64(dst.Rows)
	}
	return setting{key: key, kind: kind, show: show, read: func(v any) *trouble {
		x, ok := asNumber(v)
		switch {
		case !ok:
			var meant any
			if m, isNumber := meantNumber(v); isNumber {
				meant = m
			}
			return wrongType(key, v, kind, meant, int64(1))
		case x > 0 && x < 1:
			*dst = PresentFrom{Share: x}
		case x >= 1 && x == math.Trunc(x) && x <= maxRows:
			*dst = PresentFrom{Rows: int(x)}
		default:
			return &trouble{tomlText(v) + " is neither a whole number of rows from 1 nor a share between 0 and 1", write(key, int64(1))}
		}
		return nil
	}}
}

// date is a day, kept as 2006-01-02.
func date(key string, dst *string) setting {
	const kind = "a date without quotes"
	show := func() any {
		if *dst == "" {
			return nil
		}
		return day(*dst)
	}
	return setting{key: key, kind: kind, show: show, read: func(v any) *trouble {
		t, ok := v.(time.Time)
		if !ok {
			example := day("2024-05-03")
			if s, isText := v.(string); isText {
				if _, err := time.Parse(time.DateOnly, s); err == nil {
					example = day(s)
				}
			}
			return wrongType(key, v, kind, nil, example)
		}
		if t.Year() < 2010 { // a time without a day, or a slip: Kaggle opened in 2010
			return &trouble{"a date before 2010 cannot be the day on which the rules were read", write(key, day("2024-05-03"))}
		}
		*dst = t.Format(time.DateOnly)
		return nil
	}}
}

// day is a date as TOML writes it, without quotes.
type day string

// numberPair is two numbers, least first, or not set.
func numberPair(key string, dst **[2]float64) setting {
	const kind = "two numbers as [lo, hi]"
	show := func() any {
		if *dst == nil {
			return nil
		}
		return []any{(*dst)[0], (*dst)[1]}
	}
	return setting{key: key, kind: kind, show: show, read: func(v any) *trouble {
		lo, hi, ok := pair(v)
		if !ok {
			return wrongType(key, v, kind, nil, []any{0.0, 1.0})
		}
		if lo >= hi {
			return &trouble{"the range does not begin with the lesser number", write(key, []any{hi, lo})}
		}
		*dst = &[2]float64{lo, hi}
		return nil
	}}
}

// decimals is the number of them that the board shows, or "full" where scores come uncut, as Meta Kaggle has them.
func decimals(key string, c *Competition) setting {
	s := whole(key, &c.Decimals, 1, 12)
	read, show := s.read, s.show
	s.kind = `a whole number or "full"`
	s.show = func() any {
		if c.Full {
			return "full"
		}
		return show()
	}
	s.read = func(v any) *trouble {
		if v == "full" {
			c.Full, c.Decimals = true, metric.FullDecimals
			return nil
		}
		return read(v)
	}
	return s
}
