package pii

import (
	"net/netip"
	"strings"
)

// digits is a run of digits in groups.
type digits struct {
	all    []byte // the digits alone
	groups []int  // how many there are in each group
	length int    // bytes of the run
}

// grouped reads digits in groups that one of the separators stands between, at most limit digits.
func grouped(text, separators string, limit int) (d digits) {
	for d.length < len(text) && len(d.all) <= limit {
		from := d.length
		if len(d.groups) > 0 {
			if strings.IndexByte(separators, text[from]) < 0 {
				break
			}
			from++
		}
		n := run(text, from, isDigit)
		if n == 0 {
			break
		}
		d.all = append(d.all, text[from:from+n]...)
		d.groups = append(d.groups, n)
		d.length = from + n
	}
	return d
}

// continues tells whether the number before or behind goes on beyond what was read: 1.5, 2-3, 10/12.
func continues(text, before string, n int) bool {
	if b := len(before); b > 0 && (isWord(before[b-1]) || b > 1 && strings.IndexByte("-./,:#=", before[b-1]) >= 0 && isWord(before[b-2])) {
		return true
	}
	return n < len(text) && (isWord(text[n]) || n+1 < len(text) && strings.IndexByte("-./,:", text[n]) >= 0 && isDigit(text[n+1]))
}

// card is a payment card: digits together, or in the groups that cards print.
func card(text, before string) int {
	if !isDigit(text[0]) {
		return 0
	}
	d := grouped(text, " ", 19)
	if len(d.groups) == 1 {
		d = grouped(text, "-", 19)
	}
	if !network(d.all) || !printed(d) || !luhn(d.all) || continues(text, before, d.length) {
		return 0
	}
	return d.length
}

// network tells whether digits begin like those of a card network and are as many (ranges of 2024: Visa, Mastercard, American Express, Discover, Diners, JCB,
// UnionPay).
func network(d []byte) bool {
	n := len(d)
	if n < 13 || n > 19 {
		return false
	}
	first := func(k int) (v int) {
		for _, c := range d[:k] {
			v = 10*v + int(c-'0')
		}
		return v
	}
	two, four := first(2), first(4)
	switch {
	case d[0] == '4':
		return n == 13 || n == 16 || n == 19
	case two >= 51 && two <= 55, four >= 2221 && four <= 2720:
		return n == 16
	case two == 34 || two == 37:
		return n == 15
	case two == 36 || two == 38 || four >= 3000 && four <= 3059:
		return n == 14
	case four >= 3528 && four <= 3589, four == 6011, two == 65, two == 62:
		return n >= 16
	case first(3) >= 644 && first(3) <= 649:
		return n >= 16
	}
	return false
}

// printed tells whether groups are as on a card: all digits together, fours with a shorter rest, or 4-6-4 and 4-6-5.
func printed(d digits) bool {
	g := d.groups
	if len(g) == 1 {
		return true
	}
	if len(g) == 3 && g[0] == 4 && g[1] == 6 && (g[2] == 4 || g[2] == 5) {
		return true
	}
	for _, n := range g[:len(g)-1] {
		if n != 4 {
			return false
		}
	}
	return g[len(g)-1] <= 4
}

// luhn checks the last digit (ISO/IEC 7812-1, annex B). Digits that are all alike are no card.
func luhn(d []byte) bool {
	sum, alike := 0, true
	for i := range d {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
		alike = alike && d[i] == d[0]
	}
	return sum%10 == 0 && !alike
}

// ibanLengths are the lengths of an IBAN by country (ISO 13616 registry, release 99).
var ibanLengths = map[string]int{"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21, "CR": 22,
	"CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27,
	"GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
	"LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29,
	"RO": 24, "RS": 22, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22,
	"VG": 24, "XK": 20}

// iban is an IBAN, together or in groups of four.
func iban(text, _ string) int {
	if len(text) < 15 || !isDigit(text[2]) || !isDigit(text[3]) {
		return 0
	}
	want := ibanLengths[text[:2]]
	if want == 0 {
		return 0
	}
	rest, have, n := 0, 0, 0 // remainder, characters read, bytes read
	for ; have < want; n++ {
		if n == len(text) {
			return 0
		}
		c := text[n]
		if c == ' ' && have%4 == 0 && have > 0 {
			continue
		}
		if !isDigit(c) && c-'A' >= 26 {
			return 0
		}
		if have >= 4 { // the country and the check digits come last
			rest = mod97(rest, c)
		}
		have++
	}
	for _, c := range []byte(text[:4]) {
		rest = mod97(rest, c)
	}
	if rest != 1 || !ends(text, n) {
		return 0
	}
	return n
}

// mod97 appends a character to a number of which the remainder is known; A counts as 10.
func mod97(rest int, c byte) int {
	if isDigit(c) {
		return (10*rest + int(c-'0')) % 97
	}
	return (100*rest + int(c-'A') + 10) % 97
}

// ipv4 is a dotted address that is routed publicly.
func ipv4(text, before string) int {
	if !isDigit(text[0]) {
		return 0
	}
	d := grouped(text, ".", 12)
	if len(d.groups) != 4 || continues(text, before, d.length) || version(before) || !public(text[:d.length]) {
		return 0
	}
	return d.length
}

// version tells whether what stands before makes dotted numbers those of a version or a section.
func version(before string) bool {
	word := strings.ToLower(strings.TrimRight(before[max(0, len(before)-16):], " :=(\""))
	for _, s := range []string{"version", "ver", "ver.", "v", "release", "section", "chapter", "oid", "build"} {
		if strings.HasSuffix(word, s) && (len(word) == len(s) || !isLetter(word[len(word)-len(s)-1])) {
			return true
		}
	}
	return false
}

// ipv6 is an address of hexadecimal groups that is routed publicly.
func ipv6(text, before string) int {
	n := 0
	for n < len(text) && (isDigit(text[n]) || (text[n]|0x20)-'a' < 6 || text[n] == ':') {
		n++
	}
	n = len(strings.TrimSuffix(text[:n], ":"))
	if n < 6 || strings.Count(text[:n], ":") < 3 || !ends(text, n) || continues(text, before, n) || !public(text[:n]) {
		return 0
	}
	return n
}

// documentation are the ranges of examples (RFC 5737, RFC 3849, RFC 9637) and those for carriers' own use (RFC 6598).
var documentation = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("3fff::/20"), netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("240.0.0.0/4")}

var globalIPv6 = netip.MustParsePrefix("2000::/3")

// public tells whether a text is an address that is somebody's on the internet.
func public(text string) bool {
	a, err := netip.ParseAddr(text)
	if err != nil || !a.IsGlobalUnicast() || a.IsPrivate() || a.Is6() && !globalIPv6.Contains(a) {
		return false
	}
	for _, p := range documentation {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
