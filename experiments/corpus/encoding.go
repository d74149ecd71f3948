package corpus

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// replaced reports whether a text holds U+FFFD: a character was lost before the text got here, or was half a surrogate pair or not UTF-8.
func replaced(text string) bool { return strings.Contains(text, "\uFFFD") }

// controls reports whether a text holds a control character other than tab, newline and carriage return: U+0000–U+001F, U+007F–U+009F.
func controls(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r', c == 0x7f:
			return true
		case c == 0xc2 && i+1 < len(text) && text[i+1] < 0xa0: // the first byte of U+0080–U+00BF
			return true
		}
	}
	return false
}

// mojibake reports whether a text holds what becomes of UTF-8 that is read as Windows-1252 or Latin-1: "Ã©" for é, "â€™" for ’, "Ð°" for а, "ã‚"
// for kana, "ðŸ™‚" for an emoji, "ï»¿" for a byte order mark. It asks for a first byte of a common script, and next to it bytes that continue it in
// valid UTF-8. Letters that stand before such bytes in real text, as É does before », are no evidence.
func mojibake(text string) bool {
	for {
		i := strings.IndexByte(text, 0xc3) // the first byte of À–ÿ
		if i < 0 {
			return false
		}
		text = text[i:]
		if misread(text) {
			return true
		}
		text = text[1:]
	}
}

// misread reports whether the characters that a text begins with are the bytes of one character of UTF-8.
func misread(text string) bool {
	var raw [utf8.UTFMax]byte
	n := 0
	for _, r := range text {
		b, ok := byteOf(r)
		if !ok {
			break
		}
		raw[n] = b
		if n++; n == len(raw) {
			break
		}
	}
	return n > 1 && common(raw[0], raw[1]) && utf8.FullRune(raw[:n]) && validStart(raw[:n])
}

// validStart reports whether bytes begin with a valid character of several bytes.
func validStart(b []byte) bool {
	r, size := utf8.DecodeRune(b)
	return size > 1 && r != utf8.RuneError || size == 3 // U+FFFD itself, misread
}

// common reports whether bytes begin a character that is frequent in texts: of Latin letters with marks, Greek and Cyrillic, of punctuation and
// signs, of kana, of the last block of the plane with its byte order mark, of emoji.
func common(first, second byte) bool {
	switch first {
	case 0xc2, 0xc3, 0xce, 0xcf, 0xd0, 0xd1:
		return true
	case 0xe2:
		return second == 0x80 || second == 0x82 || second == 0x84
	case 0xe3:
		return second >= 0x81 && second <= 0x83
	case 0xef:
		return second == 0xbb || second == 0xbf
	case 0xf0:
		return second == 0x9f
	}
	return false
}

// byteOf is the byte that a character is in Windows-1252, or in Latin-1 where that has none.
func byteOf(r rune) (byte, bool) {
	if r < 0x80 {
		return 0, false
	}
	if r < 0x100 {
		return byte(r), true
	}
	return charmap.Windows1252.EncodeRune(r)
}
