// Package pii finds personal data and secrets in texts: e-mail addresses, phone numbers, payment cards, IBANs, IP addresses and keys, besides the
// placeholders such as NAME_1 that others left where they took personal data away.
//
// A text is walked once. At every byte that can begin something, or be the @ in its middle, the patterns that fit that byte are tried; all other bytes cost
// one look into a table. A pattern is a small recogniser by hand and not a regular expression, because what makes it right is a check that no
// regular expression makes: Luhn's digit of a card, mod 97 of an IBAN, the numbering plan of a phone number (by nyaruka/phonenumbers), the range of an IP
// address.
//
// What is no one's is left alone: addresses at example.com and its kin (RFC 2606), private and reserved IP addresses, and digits in a form that dates,
// versions and sums have too. Names and postal addresses are not found: that takes more than a pattern. Nor are digits of other scripts.
//
// A [Redactor] puts EMAIL_1, PHONE_1 and so on in the place of what was found, in the manner of LMSYS-Chat-1M's NAME_1: equal values get equal
// numbers.
package pii
