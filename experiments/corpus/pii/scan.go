package pii

import (
	"strconv"
	"strings"
)

// Kind is what was found.
type Kind uint8

// The kinds, in the order of tables.
const (
	Email       Kind = iota
	Phone            // by its international form, a national form that a plan knows, or a word such as "phone" before it
	Card             // 13 to 19 digits of a network's range and grouping, with Luhn's check digit (ISO/IEC 7812)
	IBAN             // of its country's length, with check digits mod 97 (ISO 13616)
	IP               // IPv4 and IPv6 addresses that are routed publicly
	Key              // keys and tokens with a known prefix, JSON web tokens, private keys
	Placeholder      // NAME_1 and the like: data that somebody took away. It is no personal data
	kinds
)

var names = [kinds]string{"email", "phone", "card", "iban", "ip", "key", "placeholder"}

// String is the name of the kind.
func (k Kind) String() string { return names[k] }

// Kinds lists all kinds.
func Kinds() []Kind { return []Kind{Email, Phone, Card, IBAN, IP, Key, Placeholder} }

// Personal tells whether the kind is personal data or a secret; a placeholder is not.
func (k Kind) Personal() bool { return k != Placeholder }

// Find is one thing that was found: text[Start:End].
type Find struct {
	Kind       Kind
	Start, End int // bytes
}

// Scan appends what there is in a text to dst, in order. Finds do not overlap.
func Scan(dst []Find, text string) []Find {
	from := 0 // nothing before is looked at again
	for i := 0; i < len(text); {
		try := triggers[text[i]]
		if try == 0 || try&midway == 0 && inside(text, i) {
			i++
			continue
		}
		find, ok := at(text, from, i, try)
		if !ok {
			i++
			continue
		}
		dst = append(dst, find)
		from, i = find.End, find.End
	}
	return dst
}

// Which patterns a byte may begin.
const (
	number  uint8 = 1 << iota // phone, card, IP address
	account                   // IBAN
	secret                    // key
	blank                     // placeholder
	midway                    // the @ of an e-mail address, which has begun before
	hex                       // IPv6 address
)

var triggers = func() (t [256]uint8) {
	for c := '0'; c <= '9'; c++ {
		t[c] |= number | hex
	}
	t['+'] |= number
	t['('] |= number
	t[':'] |= hex
	t['@'] |= midway
	for c := 'A'; c <= 'Z'; c++ {
		t[c] |= account
	}
	for c := 'a'; c <= 'f'; c++ {
		t[c] |= hex
		t[c-'a'+'A'] |= hex
	}
	for _, f := range forms {
		t[f.prefix[0]] |= secret
	}
	for _, name := range blanks {
		t[name[0]] |= blank
	}
	return t
}()

// inside tells whether a word has begun before text[i].
func inside(text string, i int) bool { return i > 0 && isWord(text[i-1]) && isWord(text[i]) }

// at tries the patterns that can begin, or have their @, at text[i].
func at(text string, from, i int, try uint8) (Find, bool) {
	if try&midway != 0 {
		start, end := email(text, from, i)
		return Find{Email, start, end}, end > 0
	}
	if try&number != 0 && !long(text[i:]) {
		try &^= number
	}
	for _, p := range patterns {
		if try&p.on == 0 {
			continue
		}
		if n := p.length(text[i:], text[:i]); n > 0 {
			return Find{p.kind, i, i + n}, true
		}
	}
	return Find{}, false
}

// long tells whether a number goes on for the 7 bytes that the shortest number of any kind has.
func long(text string) bool {
	if len(text) < 7 {
		return false
	}
	for _, c := range []byte(text[1:7]) {
		if !isDigit(c) && strings.IndexByte(" -./()", c) < 0 {
			return false
		}
	}
	return true
}

// patterns are tried in this order. Each tells how many bytes of text are of its kind, given what stands before; 0 for none.
var patterns = []struct {
	on     uint8
	kind   Kind
	length func(text, before string) int
}{
	{secret, Key, key},
	{account, IBAN, iban},
	{blank, Placeholder, placeholder},
	{number, Card, card},
	{number, IP, ipv4},
	{hex, IP, ipv6},
	{number, Phone, phone},
}

func isDigit(c byte) bool  { return c-'0' < 10 }
func isLetter(c byte) bool { return (c|0x20)-'a' < 26 }
func isWord(c byte) bool   { return isDigit(c) || (c|0x20)-'a' < 26 || c == '_' }

// ends tells whether no word goes on at text[n].
func ends(text string, n int) bool { return n >= len(text) || !isWord(text[n]) }

// run is how many bytes from text[i] on are of a sort.
func run(text string, i int, sort func(byte) bool) int {
	n := 0
	for i+n < len(text) && sort(text[i+n]) {
		n++
	}
	return n
}

// blanks are the words that placeholders begin with, NAME first; those behind it are ours.
var blanks = []string{"NAME", "EMAIL", "PHONE", "CARD", "IBAN", "IP", "KEY"}

func placeholder(text, _ string) int {
	for _, name := range blanks {
		rest, ok := strings.CutPrefix(text, name)
		if !ok || len(rest) < 2 || rest[0] != '_' {
			continue
		}
		if n := run(rest, 1, isDigit); n > 0 && n <= 4 && ends(rest, 1+n) {
			return len(name) + 1 + n
		}
	}
	return 0
}

// Redactor replaces what is personal by placeholders such as EMAIL_1. Equal values get equal numbers in all texts that it is given.
type Redactor struct {
	next    [kinds]int // the last number that was given away
	numbers map[string]int
	finds   []Find
}

// NewRedactor returns a redactor for the texts of one row. The placeholders that text has already keep their numbers to themselves.
func NewRedactor(text string) *Redactor {
	r := &Redactor{numbers: map[string]int{}}
	for _, f := range Scan(nil, text) {
		if f.Kind != Placeholder {
			continue
		}
		name, digits, _ := strings.Cut(text[f.Start:f.End], "_")
		n, _ := strconv.Atoi(digits) // a placeholder ends in up to four digits
		for k := range kinds {
			if strings.EqualFold(names[k], name) {
				r.next[k] = max(r.next[k], n)
			}
		}
	}
	return r
}

// Redact returns a text without what is personal in it. A text in which nothing is stays as it is.
func (r *Redactor) Redact(text string) string {
	var out strings.Builder
	last := 0
	r.finds = Scan(r.finds[:0], text)
	for _, f := range r.finds {
		if f.Kind.Personal() {
			out.WriteString(text[last:f.Start] + r.placeholder(f.Kind, text[f.Start:f.End]))
			last = f.End
		}
	}
	if last == 0 {
		return text
	}
	return out.String() + text[last:]
}

func (r *Redactor) placeholder(kind Kind, value string) string {
	n, ok := r.numbers[value]
	if !ok {
		r.next[kind]++
		n = r.next[kind]
		r.numbers[value] = n
	}
	return strings.ToUpper(kind.String()) + "_" + strconv.Itoa(n)
}
