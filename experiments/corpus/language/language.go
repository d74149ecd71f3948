// Package language tells which language a text is written in.
//
// The detector is whatlanggo: the writing system first, then, where several languages share it, the distance of the text's most frequent
// trigrams from those of each language (Cavnar and Trenkle, N-Gram-Based Text Categorization, 1994). It may choose only among the languages
// of [All]: the rarer languages that it knows are, in chat data, nearly always short or broken texts in a common one. Romanised text, a line of
// code and a text of a few words are told badly by any such method; a text that speaks for no language is [Unknown].
package language

import (
	"slices"

	"github.com/abadojack/whatlanggo"
)

// Detector names the method, for reports.
const Detector = "whatlanggo, choosing among 55 languages"

// Code is a language: ISO 639-1, two letters.
type Code string

// Unknown is the code of a text that speaks for no language: ISO 639-2's "und", undetermined.
const Unknown Code = "und"

const (
	// chars is how many characters of a text are looked at; more hardly changes the answer for a text in one language.
	chars = 1000
	// sure is the least confidence of the detector that is believed. Of 4,729 chat prompts, mostly English ones, it called 385 in Latin letters something
	// else, half of them with less than this, and of those most wrongly; 93 English ones are lost to it. Sentences of ten words in 29 languages
	// have more, except where two languages are near: Portuguese and Spanish, Ukrainian and Russian need longer texts.
	sure = 0.2
)

// spoken is a language that can be told.
type spoken struct {
	lang whatlanggo.Lang
	code Code
	name string
}

// languages are the languages that can be told, by code. The codes are written out because whatlanggo has none of two letters for Persian.
var languages = []spoken{
	{whatlanggo.Amh, "am", "Amharic"}, {whatlanggo.Arb, "ar", "Arabic"}, {whatlanggo.Bel, "be", "Belarusian"},
	{whatlanggo.Bul, "bg", "Bulgarian"}, {whatlanggo.Ben, "bn", "Bengali"}, {whatlanggo.Ces, "cs", "Czech"},
	{whatlanggo.Dan, "da", "Danish"}, {whatlanggo.Deu, "de", "German"}, {whatlanggo.Ell, "el", "Greek"},
	{whatlanggo.Eng, "en", "English"}, {whatlanggo.Spa, "es", "Spanish"}, {whatlanggo.Est, "et", "Estonian"},
	{whatlanggo.Pes, "fa", "Persian"}, {whatlanggo.Fin, "fi", "Finnish"}, {whatlanggo.Fra, "fr", "French"},
	{whatlanggo.Guj, "gu", "Gujarati"}, {whatlanggo.Heb, "he", "Hebrew"}, {whatlanggo.Hin, "hi", "Hindi"},
	{whatlanggo.Hrv, "hr", "Croatian"}, {whatlanggo.Hun, "hu", "Hungarian"}, {whatlanggo.Ind, "id", "Indonesian"},
	{whatlanggo.Ita, "it", "Italian"}, {whatlanggo.Jpn, "ja", "Japanese"}, {whatlanggo.Kat, "ka", "Georgian"},
	{whatlanggo.Khm, "km", "Khmer"}, {whatlanggo.Kan, "kn", "Kannada"}, {whatlanggo.Kor, "ko", "Korean"},
	{whatlanggo.Lit, "lt", "Lithuanian"}, {whatlanggo.Lav, "lv", "Latvian"}, {whatlanggo.Mkd, "mk", "Macedonian"},
	{whatlanggo.Mal, "ml", "Malayalam"}, {whatlanggo.Mar, "mr", "Marathi"}, {whatlanggo.Mya, "my", "Burmese"},
	{whatlanggo.Nob, "nb", "Norwegian"}, {whatlanggo.Nep, "ne", "Nepali"}, {whatlanggo.Nld, "nl", "Dutch"},
	{whatlanggo.Ori, "or", "Oriya"}, {whatlanggo.Pan, "pa", "Punjabi"}, {whatlanggo.Pol, "pl", "Polish"},
	{whatlanggo.Por, "pt", "Portuguese"}, {whatlanggo.Ron, "ro", "Romanian"}, {whatlanggo.Rus, "ru", "Russian"},
	{whatlanggo.Sin, "si", "Sinhala"}, {whatlanggo.Slv, "sl", "Slovenian"}, {whatlanggo.Srp, "sr", "Serbian"},
	{whatlanggo.Swe, "sv", "Swedish"}, {whatlanggo.Tam, "ta", "Tamil"}, {whatlanggo.Tel, "te", "Telugu"},
	{whatlanggo.Tha, "th", "Thai"}, {whatlanggo.Tgl, "tl", "Tagalog"}, {whatlanggo.Tur, "tr", "Turkish"},
	{whatlanggo.Ukr, "uk", "Ukrainian"}, {whatlanggo.Urd, "ur", "Urdu"}, {whatlanggo.Vie, "vi", "Vietnamese"},
	{whatlanggo.Cmn, "zh", "Chinese"},
}

var (
	only  = whatlanggo.Options{Whitelist: map[whatlanggo.Lang]bool{}}
	codes = map[whatlanggo.Lang]Code{}
	names = map[Code]string{Unknown: "unknown"}
)

func init() {
	for _, l := range languages {
		only.Whitelist[l.lang], codes[l.lang], names[l.code] = true, l.code, l.name
	}
}

// All lists the languages that can be told, sorted; Unknown is not among them.
func All() []Code {
	all := make([]Code, len(languages))
	for i, l := range languages {
		all[i] = l.code
	}
	slices.Sort(all)
	return all
}

// Name is the English name of a language as LMSYS-Chat-1M writes it, "unknown" for Unknown, and "" for a code that is not of this package.
func (c Code) Name() string { return names[c] }

// Detect tells the language of a text in valid UTF-8, or Unknown where none is clearly nearer than the next. Equal texts have equal answers:
// languages at the same distance, which the detector puts in no fixed order, have a confidence of zero. It may be called by several goroutines.
func Detect(text string) Code {
	info := whatlanggo.DetectWithOptions(start(text), only)
	code, ok := codes[info.Lang]
	if !ok || info.Confidence < sure {
		return Unknown
	}
	return code
}

// start is a text up to chars characters.
func start(text string) string {
	if len(text) <= chars {
		return text
	}
	n := 0
	for i := range text {
		if n++; n > chars {
			return text[:i]
		}
	}
	return text
}
