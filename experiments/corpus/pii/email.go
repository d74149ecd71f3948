package pii

import "strings"

// email finds the address around the @ at text[at], not before from; end 0 means none. Its local part is of ASCII letters, digits and ._%+-, its domain of at
// least two labels, the last of letters.
func email(text string, from, at int) (start, end int) {
	start = at
	for start > from && (isWord(text[start-1]) || strings.IndexByte(".%+-", text[start-1]) >= 0) {
		start--
	}
	for start < at && !isDigit(text[start]) && !isLetter(text[start]) {
		start++
	}
	if n := at - start; n == 0 || n > 64 || text[at-1] == '.' || strings.Contains(text[start:at], "..") {
		return 0, 0
	}
	domain := domainOf(text[at+1:])
	if domain == "" || !mailable(text[start:at], domain, text[:start]) {
		return 0, 0
	}
	return start, at + 1 + len(domain)
}

// domainOf is the domain that text begins with, "" for none.
func domainOf(text string) string {
	n, labels, last := 0, 0, 0 // labels that are whole; where the last one begins
	for {
		size := run(text, n, func(c byte) bool { return isDigit(c) || isLetter(c) || c == '-' })
		label := strings.TrimRight(text[n:n+size], "-")
		if label == "" || label[0] == '-' || len(label) > 63 {
			break
		}
		labels, last = labels+1, n
		n += len(label)
		if len(label) < size || n >= len(text) || text[n] != '.' {
			break
		}
		n++
	}
	n = len(strings.TrimRight(text[:n], ".-"))
	top := strings.ToLower(text[last:n])
	if labels < 2 || len(top) < 2 || run(top, 0, isLetter) < len(top) && !strings.HasPrefix(top, "xn--") || n > 253 {
		return ""
	}
	return text[:n]
}

// notDomains are endings of files that are no top level domains: logo@2x.png.
var notDomains = []string{".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".js", ".css", ".html", ".json", ".xml", ".txt", ".csv", ".exe"}

// reserved are domains that belong to nobody (RFC 2606, RFC 6761).
var reserved = []string{"example.com", "example.org", "example.net", "example.edu", ".example", ".test", ".invalid", ".localhost", ".local"}

// mailable tells whether local@domain is likely to be somebody's, given what stands before.
func mailable(local, domain, before string) bool {
	domain = strings.ToLower(domain)
	for _, suffix := range notDomains {
		if strings.HasSuffix(domain, suffix) {
			return false
		}
	}
	for _, name := range reserved {
		if domain == name || strings.HasSuffix(domain, "."+strings.TrimPrefix(name, ".")) {
			return false
		}
	}
	if local == "git" { // git@github.com:owner/name
		return false
	}
	// The password of a URL, user:password@host, is not the name of a mailbox.
	word := before[strings.LastIndexAny(before, " \t\n\"'<>()")+1:]
	return !strings.Contains(word, "://") || strings.HasSuffix(word, "mailto:")
}
