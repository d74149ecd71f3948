package quality

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// bad are prompts by the rule that must fire.
var bad = map[string][]string{
	"empty":           {"", "   \n\t", "...", "?!", "—", "。。。", "\u200b"},
	"broken-encoding": {"Pouvez-vous crÃ©er un rÃ©sumÃ© de lâ€™article ?", "\ufffd\ufffd\ufffdabc", "It\u0000 is\u0001 \u0002binary", "CafÃ© et thÃ©"},
	"one-character":   {"aaaaaaaaaaaaaaaa", "?????????? ????????a", "哈哈哈哈哈哈哈哈哈哈哈哈", "ааааааааааааааа!", "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉", "1111111111111111111111"},
	"repetition":      {strings.Repeat("buy cheap watches now ", 50), strings.Repeat("我想吃苹果和香蕉", 60), strings.Repeat("Скажи мне правду. ", 80)},
	"gibberish":       {"asdfghjkl asdfghjkl qwertyuiop", "sdkfjhgskdjfhg wkjhgfdkjhgf xcvbnmxcvbnm", "hjkfdsgh bcvnxmzq wrtpsdfg lkjhgfd", "йцукенгш фывапролд йцукен"},
	"placeholder": {"test", "Test.", "[insert text here]", "Summarize this for me: [paste the article here]", "Lorem ipsum dolor sit amet, consectetur adipiscing elit", "undefined", "{{prompt}}",
		"Translate to French: {text}", "[object Object]", "测试", "тест!"},
	"links-only": {"https://example.org/a?b=c", "www.example.org https://example.org/x"},
	"refusal": {"I'm sorry, but I can’t assist with that request.", "As an AI language model, I do not have personal opinions.", "Lo siento, pero no puedo ayudar con eso.", "很抱歉，我无法回答这个问题。",
		"Извините, но я не могу помочь с этим."},
	"truncated": {"Summarize the following text:", "Translate the article below into German:", "请翻译以下文字：", "Resume el siguiente texto:", "func main() {", "She said that the answer (", "Переведи следующий текст:"},
}

// good are prompts that must survive: scripts, code, mathematics, tables, short questions, odd but honest ones.
var good = []string{
	"Hi", "ok", "Who are you?", "2+2=?", "∫ x² dx = ?", "$\\sum_{i=0}^{n} i^2$", "😂😂😂 what does this mean?", "🎉", "a", "42", "C#?", "I can't log in to my account :(",
	"用中文写一首关于月亮和大海的短诗。", "这个怎么读？", "月と海についての俳句を書いてください。", "달과 바다에 대한 짧은 시를 써 주세요.", "اكتب قصيدة قصيرة عن القمر والبحر من فضلك", "כתוב שיר קצר על הירח והים",
	"चाँद और समुद्र के बारे में एक छोटी कविता लिखो", "சந்திரனைப் பற்றி ஒரு கவிதை எழுது", "চাঁদ নিয়ে একটি কবিতা লেখো", "เขียนบทกวีสั้นๆ เกี่ยวกับดวงจันทร์และทะเล", "Напиши короткое стихотворение о луне и море", "Напиши вірш про місяць і море, будь ласка",
	"Γράψε ένα σύντομο ποίημα για το φεγγάρι", "გთხოვთ დაწეროთ ლექსი მთვარეზე", "Գրիր բանաստեղծություն լուսնի մասին", "ကျေးဇူးပြု၍ ကဗျာတစ်ပုဒ်ရေးပါ", "សូមសរសេរកំណាព្យអំពីព្រះច័ន្ទ", "ስለ ጨረቃ ግጥም ጻፍ",
	"Écris un court poème sur la lune et la mer, s'il te plaît", "Schreibe mir bitte einen Text über Angstschweiß und Rechtsschutzversicherungsgesellschaften", "Strč prst skrz krk! Co to znamená?",
	"Napisz krótki wiersz o księżycu i morzu, proszę", "Hãy viết một bài thơ ngắn về mặt trăng và biển", "Ay ve deniz hakkında kısa bir şiir yaz", "Kirjoita lyhyt runo kuusta ja merestä", "Cymraeg: ysgrifennwch gerdd am y lleuad a'r môr",
	"def f(x):\n    return x**2 + 3*x\n\nfor i in range(10):\n    print(f(i))", "SELECT * FROM t WHERE a = 1 AND b IN (1, 2, 3);", "std::vector<std::pair<int, int>> v; v.emplace_back(1, 2);",
	"<html><body><p>Fix this page</p></body></html>", "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\nAdd the rows.", "Matrix: " + strings.Repeat("[0 0 1 0 1 0]\n", 30) + "What is its rank?",
	"Is d41d8cd98f00b204e9800998ecf8427e an MD5 hash?", "ACGTACGTTAGCATCGATCGACTAGCATCGACTAGCATCAGCATCGAC find the open reading frame", "Explain https://example.org/a to me",
	"NAME_1 met NAME_2. What did NAME_1 say?", "Write a letter to [Your Name] and sign it [Company]", "Make a template for a letter that ends in [insert name here]",
	"Why do models say \"I'm sorry, but I can't assist with that\"?", "Q: What is 2+2?\nA: 4\nQ: What is 3+3?\nA:", "Explain what lorem ipsum is", "qwerty is a keyboard layout; what others are there?",
	"Row, row, row your boat, gently down the stream. Row, row, row your boat. Continue the song in the same way for four verses", "Explique \"Ã\" en français", "vvvvv?",
}

func TestBad(t *testing.T) {
	for _, rule := range Rules() {
		if len(bad[rule.Name]) == 0 || rule.Explain == "" {
			t.Errorf("rule %s has no case or no explanation", rule.Name)
		}
		for _, text := range bad[rule.Name] {
			if got := Check(text); got != rule.Name {
				t.Errorf("%q is %q, want %q", text, got, rule.Name)
			}
		}
	}
}

func TestGood(t *testing.T) {
	for _, text := range good {
		if got := Check(text); got != "" {
			t.Errorf("%q is called %s", text, got)
		}
	}
}

// TestRealPrompts: of 4,729 real prompts, chosen by others for being good ones, these are the ones that rules name; each was looked at and is what it is called.
func TestRealPrompts(t *testing.T) {
	const path = "../../../../shared/data/chat_prompts.jsonl"
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got := map[string]string{}
	in := bufio.NewScanner(file)
	in.Buffer(nil, 1<<24)
	for in.Scan() {
		var row struct{ ID, Text string }
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if rule := Check(row.Text); rule != "" {
			got[row.ID] = rule
		}
	}
	if want := "map[cp00802:broken-encoding cp01920:truncated cp03113:links-only]"; fmt.Sprint(got) != want {
		t.Errorf("got %v\nwant %s", got, want)
	}
}

// FuzzCheck: no text makes a rule panic, and a prompt does not get better or worse by white space around it.
func FuzzCheck(f *testing.F) {
	for _, text := range good {
		f.Add(text)
	}
	for _, texts := range bad {
		for _, text := range texts {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := Check("\n " + text + " \n"); utf8.ValidString(text) && got != Check(text) {
			t.Errorf("%q is %q, and %q with white space around", text, Check(text), got)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	text := strings.Repeat("Write a function that reads a file and returns its lines, please, and explain how it works. ", 5)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Check(text)
	}
}
