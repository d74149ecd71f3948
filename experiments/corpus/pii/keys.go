package pii

import "strings"

// form is how a sort of key or token begins, what follows, and how much of it.
type form struct {
	prefix      string
	follows     func(byte) bool
	least, most int
}

// forms are tried in order.
var forms = []form{
	{"sk-", isToken, 20, 250},                               // OpenAI, Anthropic
	{"AKIA", isUpper, 16, 16},                               // AWS
	{"ASIA", isUpper, 16, 16},                               //
	{"ghp_", isAlphanumeric, 36, 255},                       // GitHub
	{"gho_", isAlphanumeric, 36, 255},                       //
	{"ghu_", isAlphanumeric, 36, 255},                       //
	{"ghs_", isAlphanumeric, 36, 255},                       //
	{"ghr_", isAlphanumeric, 36, 255},                       //
	{"github_pat_", isWord, 60, 255},                        //
	{"glpat-", isToken, 20, 64},                             // GitLab
	{"xoxb-", isToken, 20, 255},                             // Slack
	{"xoxp-", isToken, 20, 255},                             //
	{"xoxa-", isToken, 20, 255},                             //
	{"xoxr-", isToken, 20, 255},                             //
	{"AIza", isToken, 35, 35},                               // Google
	{"ya29.", isToken, 30, 2048},                            //
	{"hf_", isAlphanumeric, 30, 40},                         // Hugging Face
	{"npm_", isAlphanumeric, 36, 36},                        // npm
	{"pypi-", isToken, 50, 255},                             // PyPI
	{"sk_live_", isAlphanumeric, 16, 255},                   // Stripe
	{"rk_live_", isAlphanumeric, 16, 255},                   //
	{"dop_v1_", isAlphanumeric, 64, 64},                     // DigitalOcean
	{"AGE-SECRET-KEY-1", isUpper, 58, 58},                   // age
	{"SG.", isDottedToken, 60, 80},                          // SendGrid
	{"eyJ", isDottedToken, 40, 8192},                        // JSON web token
	{"-----BEGIN ", func(byte) bool { return false }, 0, 0}, // a private key, see privateKey
}

// formsOf are the forms that begin with a byte.
var formsOf = func() (t [256][]form) {
	for _, f := range forms {
		t[f.prefix[0]] = append(t[f.prefix[0]], f)
	}
	return t
}()

// key is a key or token with one of these beginnings. Part of it must be digits: words-with-hyphens are none.
func key(text, before string) int {
	if b := len(before); b > 0 && (before[b-1] == '-' || before[b-1] == '.') {
		return 0
	}
	for _, k := range formsOf[text[0]] {
		if !strings.HasPrefix(text, k.prefix) {
			continue
		}
		if k.most == 0 {
			return privateKey(text)
		}
		n := len(k.prefix) + run(text, len(k.prefix), k.follows)
		n = len(strings.TrimRight(text[:n], "-."))
		body := text[len(k.prefix):max(n, len(k.prefix))]
		if len(body) < k.least || len(body) > k.most || !ends(text, n) || !strings.ContainsAny(body, "0123456789") || tooPlain(body) ||
			k.prefix == "eyJ" && !webToken(text[:n]) {
			continue
		}
		return n
	}
	return 0
}

// tooPlain tells whether a body has so few different characters that it stands for a key: xxxxxxxx.
func tooPlain(body string) bool {
	var seen [256]bool
	different := 0
	for i := range len(body) {
		if !seen[body[i]] {
			seen[body[i]] = true
			different++
		}
	}
	return different < 8
}

// webToken tells whether a token has the three parts of RFC 7519.
func webToken(token string) bool {
	parts := strings.Split(token, ".")
	return len(parts) == 3 && len(parts[0]) >= 10 && strings.HasPrefix(parts[1], "eyJ") && len(parts[2]) >= 10
}

// privateKey is a PEM block of a private key (RFC 7468), up to its end line or, if that is missing, the end of the text.
func privateKey(text string) int {
	head, _, _ := strings.Cut(text, "\n")
	const mark = "PRIVATE KEY-----"
	at := strings.Index(head, mark)
	if at < 0 || at > 40 {
		return 0
	}
	rest := text[at+len(mark):]
	if end := strings.Index(rest, mark); end >= 0 && strings.Contains(rest[:end], "-----END ") {
		return at + len(mark) + end + len(mark)
	}
	if len(strings.TrimSpace(rest)) < 64 {
		return 0 // speaks of keys
	}
	return len(text)
}

func isUpper(c byte) bool        { return isDigit(c) || c-'A' < 26 }
func isAlphanumeric(c byte) bool { return isDigit(c) || isLetter(c) }
func isToken(c byte) bool        { return isWord(c) || c == '-' }
func isDottedToken(c byte) bool  { return isToken(c) || c == '.' }
