package language

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// sentences are things that people ask, in the languages that a test set is likely to hold.
var sentences = map[Code]string{
	"ar": "هل يمكنك أن تشرح لي كيف تعمل الطاقة الشمسية بكلمات بسيطة؟",
	"bg": "Можеш ли да ми обясниш с прости думи как работи слънчевата енергия?",
	"cs": "Můžeš mi jednoduchými slovy vysvětlit, jak funguje sluneční energie?",
	"da": "Kan du forklare mig med enkle ord, hvordan solenergi virker, og hvad det koster?",
	"de": "Kannst du mir in einfachen Worten erklären, wie Solarenergie funktioniert?",
	"el": "Μπορείς να μου εξηγήσεις με απλά λόγια πώς λειτουργεί η ηλιακή ενέργεια;",
	"en": "Can you explain to me in simple words how solar energy works and what it costs?",
	"es": "¿Puedes explicarme con palabras sencillas cómo funciona la energía solar?",
	"fa": "می\u200cتوانید به زبان ساده توضیح دهید که انرژی خورشیدی چگونه کار می\u200cکند؟",
	"fi": "Voitko selittää minulle yksinkertaisesti, miten aurinkoenergia toimii?",
	"fr": "Peux-tu m'expliquer avec des mots simples comment fonctionne l'énergie solaire ?",
	"he": "האם תוכל להסביר לי במילים פשוטות איך עובדת אנרגיה סולארית?",
	"hi": "क्या आप मुझे सरल शब्दों में बता सकते हैं कि सौर ऊर्जा कैसे काम करती है?",
	"hu": "El tudnád magyarázni egyszerű szavakkal, hogyan működik a napenergia?",
	"id": "Bisakah kamu menjelaskan kepada saya dengan kata-kata sederhana bagaimana energi surya bekerja?",
	"it": "Puoi spiegarmi con parole semplici come funziona l'energia solare? Vorrei sapere quanto costa e dove si possono comprare gli impianti.",
	"ja": "太陽光発電の仕組みを簡単な言葉で説明してもらえますか？",
	"ko": "태양광 에너지가 어떻게 작동하는지 쉬운 말로 설명해 주시겠어요?",
	"nl": "Kun je mij in eenvoudige woorden uitleggen hoe zonne-energie werkt?",
	"pl": "Czy możesz mi prostymi słowami wyjaśnić, jak działa energia słoneczna?",
	"pt": "Você pode me explicar com palavras simples como funciona a energia solar? Não entendo muito bem e gostaria de ter uma resposta curta.",
	"ru": "Можешь простыми словами объяснить мне, как работает солнечная энергия?",
	"sv": "Kan du förklara för mig med enkla ord hur solenergi fungerar och vad det kostar?",
	"th": "ช่วยอธิบายด้วยคำง่ายๆ ว่าพลังงานแสงอาทิตย์ทำงานอย่างไร",
	"tr": "Güneş enerjisinin nasıl çalıştığını bana basit kelimelerle açıklayabilir misin?",
	"uk": "Чи можеш ти простими словами пояснити мені, як працює сонячна енергія? Я хочу знати, скільки це коштує і чи варто її використовувати.",
	"ur": "کیا آپ مجھے آسان الفاظ میں بتا سکتے ہیں کہ شمسی توانائی کیسے کام کرتی ہے؟",
	"vi": "Bạn có thể giải thích cho tôi bằng những từ đơn giản năng lượng mặt trời hoạt động như thế nào không?",
	"zh": "你能用简单的话给我解释一下太阳能是怎么工作的吗？",
}

func TestDetect(t *testing.T) {
	for want, text := range sentences {
		if got := Detect(text); got != want {
			t.Errorf("%s taken for %s: %s", want, got, text)
		}
	}
}

func TestUndetermined(t *testing.T) {
	for _, text := range []string{"", " \n", "12 + 30 = ?", "🙂🙂", "????", "\uFFFD", "x", "q w"} {
		if got := Detect(text); got != Unknown {
			t.Errorf("%q taken for %s", text, got)
		}
	}
}

// A long text is told by its beginning.
func TestLongText(t *testing.T) {
	if got := Detect(strings.Repeat(sentences["de"]+" ", 20) + strings.Repeat(sentences["en"]+" ", 1000)); got != "de" {
		t.Errorf("taken for %s", got)
	}
	if s := start(strings.Repeat("é", 3000)); s != strings.Repeat("é", chars) {
		t.Errorf("%d bytes are looked at", len(s))
	}
}

func TestNames(t *testing.T) {
	all := All()
	if !slices.IsSorted(all) || len(slices.Compact(all)) != len(languages) {
		t.Errorf("languages %v", all)
	}
	if want := fmt.Sprintf("among %d languages", len(languages)); !strings.HasSuffix(Detector, want) {
		t.Errorf("Detector says %q, there are %d", Detector, len(languages))
	}
	for _, code := range all {
		if len(code) != 2 || code.Name() == "" {
			t.Errorf("%q is called %q", code, code.Name())
		}
	}
	if Unknown.Name() != "unknown" || Code("fa").Name() != "Persian" || Code("tlh").Name() != "" {
		t.Error("names")
	}
}

func BenchmarkDetect(b *testing.B) {
	for _, code := range []Code{"en", "ru", "zh"} {
		text := start(strings.Repeat(sentences[code]+" ", 20))
		b.Run(fmt.Sprintf("language=%s/bytes=%d", code, len(text)), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Detect(text)
			}
		})
	}
}
