package pii

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

// phone is a phone number in one of three forms:
//   - international, + or 00 and a country's code, valid in that country's plan;
//   - national in the usual groups, valid in a plan that writes it so, or a Chinese mobile number behind Chinese text;
//   - any 7 to 15 digits behind a word that announces a phone number.
func phone(text, before string) int {
	international := text[0] == '+'
	d := phoneDigits(text)
	if len(d.all) < 7 || len(d.all) > 15 || continues(text, before, d.length) || strings.HasSuffix(before, "$") || strings.HasSuffix(before, "€") {
		return 0
	}
	written := text[:d.length]
	if written[0] == '(' && written[d.length-1] == ')' {
		return 0 // the parentheses are the sentence's: the number follows
	}
	switch {
	case international && valid(written, "ZZ"):
	case strings.HasPrefix(written, "00") && valid("+"+strings.TrimLeft(written, "0"), "ZZ") && len(d.groups) > 1:
	case national(written, d):
	case len(d.groups) == 1 && len(d.all) == 11 && d.all[0] == '1' && d.all[1] >= '3' && afterHan(before) && valid(written, "CN"):
	case announced(before) && (len(d.groups) > 1 || len(d.all) >= 9) && !dated(d):
	default:
		return 0
	}
	return d.length
}

// phoneDigits reads digits in groups; the first group, or the one behind the country's code, may stand in parentheses.
func phoneDigits(text string) (d digits) {
	i := 0
	if text[0] == '+' {
		i = 1
	}
	open := false
	for i < len(text) && len(d.all) <= 15 {
		switch c := text[i]; {
		case isDigit(c):
			n := run(text, i, isDigit)
			d.all = append(d.all, text[i:i+n]...)
			d.groups = append(d.groups, n)
			i += n
			if !open {
				d.length = i
			}
		case c == '(' && !open && len(d.groups) < 2:
			open = true
			i++
		case c == ')' && open:
			open = false
			i++
			d.length = i
		case strings.IndexByte(" -./", c) >= 0 && len(d.groups) > 0 && i+1 < len(text) && (isDigit(text[i+1]) || text[i+1] == '('):
			i++
		default:
			return d.closed(open)
		}
	}
	return d.closed(open)
}

// closed is nothing where a parenthesis is still open.
func (d digits) closed(open bool) digits {
	if open {
		return digits{}
	}
	return d
}

// valid asks the numbering plan of a region, "ZZ" where the number names it itself.
func valid(number, region string) bool {
	p, err := phonenumbers.Parse(number, region)
	return err == nil && phonenumbers.IsValidNumber(p)
}

// trunk are regions that write a 0 before a national number.
var trunk = []string{"GB", "FR", "DE", "IT", "JP", "AU", "NL", "BE", "CH", "AT", "SE", "ID", "KR", "TR", "ZA"}

// national tells whether a number without a country's code is written as one and known to a plan: 415-555-2671 and (415) 555-2671, 06 12 34 56 78,
// 020 7946 0958, (11) 91234-5678.
func national(written string, d digits) bool {
	g := d.groups
	n := len(d.all)
	switch {
	case len(g) == 1:
		return false // any number of so many digits
	case n == 10 && len(g) == 3 && g[0] == 3 && g[1] == 3 && !strings.Contains(written, "/"),
		n == 11 && len(g) == 4 && g[0] == 1 && g[1] == 3 && g[2] == 3 && d.all[0] == '1':
		return valid(written, "US")
	case written[0] == '(' && g[0] == 2:
		return valid(written, "BR")
	case d.all[0] == '0' && n >= 9 && n <= 11 && g[0] >= 2 && g[0] <= 5 && evenly(g):
		for _, region := range trunk {
			if valid(written, region) {
				return true
			}
		}
	}
	return false
}

// afterHan tells whether the nearest letter before is Chinese.
func afterHan(before string) bool {
	for len(before) > 0 {
		r, n := utf8.DecodeLastRuneInString(before)
		if unicode.IsLetter(r) {
			return unicode.Is(unicode.Han, r)
		}
		before = before[:len(before)-n]
	}
	return false
}

// evenly tells whether no group is a single digit.
func evenly(groups []int) bool {
	for _, g := range groups {
		if g < 2 {
			return false
		}
	}
	return true
}

// announcing are words behind which a number is a phone number. Those that are no whole words are stems or stand in scripts without spaces.
var announcing = []string{"phone", "tel", "telephone", "mobile", "cell", "fax", "whatsapp", "call me at", "call us at", "call", "text me at", "sms", "telefon", "handy", "téléphone",
	"portable", "teléfono", "telefono", "móvil", "celular", "telefone", "телефон", "тел", "моб", "电话", "電話", "手机", "電話番号", "전화", "전화번호", "هاتف", "फोन", "फ़ोन", "โทร",
	"điện thoại", "number is", "phone number", "nummer"}

// announced tells whether such a word stands right before, with no more between than punctuation and a short word.
func announced(before string) bool {
	const far = 48
	tail := before[max(0, len(before)-far):]
	for len(tail) > 0 && !utf8.RuneStart(tail[0]) {
		tail = tail[1:]
	}
	tail = strings.ToLower(strings.TrimRight(tail, " \t.:#=+(-–—№：（\"'*`"))
	for _, filler := range []string{" number", " no", " num", " is", " at", " on"} {
		tail = strings.TrimRight(strings.TrimSuffix(tail, filler), " \t.:#")
	}
	for _, word := range announcing {
		rest, ok := strings.CutSuffix(tail, word)
		if !ok {
			continue
		}
		if rest == "" || word[0] >= utf8.RuneSelf || !isWord(rest[len(rest)-1]) && rest[len(rest)-1] < utf8.RuneSelf {
			return true
		}
	}
	return false
}

// dated tells whether digits are grouped like a date: 2024-05-03.
func dated(d digits) bool {
	g := d.groups
	return len(g) == 3 && (g[0] == 4 && g[1] <= 2 && g[2] <= 2 || g[0] <= 2 && g[1] <= 2 && g[2] == 4)
}
