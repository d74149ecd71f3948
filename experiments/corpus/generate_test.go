package corpus

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

var (
	generate  = flag.String("generate", "", "write conversations of LMSYS-Chat-1M's lengths to a Parquet file, and do nothing else")
	generated = flag.Int("rows", 1_000_000, "conversations to write with -generate")
)

// TestGenerate writes the file that `make bench-profile` and the profile of a million conversations read.
func TestGenerate(t *testing.T) {
	if *generate == "" {
		t.Skip("-generate names no file")
	}
	writeChats(t, *generate, *generated)
}

// chat is a row in LMSYS-Chat-1M's schema.
type chat struct {
	ID           string    `parquet:"conversation_id"`
	Model        string    `parquet:"model,dict"`
	Conversation []utter   `parquet:"conversation,list"`
	Turn         int64     `parquet:"turn"`
	Language     string    `parquet:"language,dict"`
	Moderation   []flagged `parquet:"openai_moderation,list"`
	Redacted     bool      `parquet:"redacted"`
}

type utter struct {
	Content string `parquet:"content"`
	Role    string `parquet:"role,dict"`
}

type flagged struct {
	Flagged bool `parquet:"flagged"`
}

// groupRows is how many rows a row group has, about as many as in the files of LMSYS-Chat-1M.
const groupRows = 10_000

// writeChats writes conversations whose mean lengths are those of LMSYS-Chat-1M: 2.0 turns, 69.5 tokens a prompt, 214.5 a response. Turns
// are geometric, lengths log-normal. Words are real ones, four fifths of them English. Equal rows, equal bytes.
func writeChats(tb testing.TB, path string, rows int) {
	tb.Helper()
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	w := parquet.NewGenericWriter[chat](f, parquet.Compression(&parquet.Snappy))
	rng := rand.New(rand.NewPCG(2309, 11998))
	for i := range rows {
		if _, err := w.Write([]chat{drawChat(rng, i)}); err != nil {
			tb.Fatal(err)
		}
		if (i+1)%groupRows == 0 {
			if err := w.Flush(); err != nil {
				tb.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
}

func drawChat(rng *rand.Rand, i int) chat {
	spoken, words := tongues[0].name, tongues[0].words
	if rng.IntN(5) == 0 {
		t := tongues[1+rng.IntN(len(tongues)-1)]
		spoken, words = t.name, t.words
	}
	if rng.IntN(50) == 0 {
		spoken = fmt.Sprintf("language %d", rng.IntN(149)) // 154 with those of tongues
	}
	c := chat{ID: fmt.Sprintf("%016x%016x", rng.Uint64(), i), Model: fmt.Sprintf("model-%d", int(25*math.Pow(rng.Float64(), 2))), Language: spoken}
	for c.Turn == 0 || rng.IntN(2) == 0 {
		c.Turn++
		c.Conversation = append(c.Conversation, utter{drawText(rng, words, 69.5, 1.4), "user"}, utter{drawText(rng, words, 214.5, 1), "assistant"})
		c.Moderation = append(c.Moderation, flagged{}, flagged{})
	}
	return c
}

// drawText joins words to about as many tokens as a log-normal variable of the given mean and sigma has.
func drawText(rng *rand.Rand, words []string, mean, sigma float64) string {
	tokens := math.Exp(math.Log(mean) - sigma*sigma/2 + sigma*rng.NormFloat64())
	var text strings.Builder
	for n := 0.0; n < min(tokens, 4000); n++ {
		text.WriteString(words[int(float64(len(words))*math.Pow(rng.Float64(), 2))])
		switch rng.IntN(16) {
		case 0:
			text.WriteString(". ")
			n++
		case 1:
			text.WriteString(", ")
			n++
		case 2:
			text.WriteString(".\n")
			n++
		default:
			text.WriteByte(' ')
		}
	}
	return text.String()
}

// tongues are words by language, about a token each in English and more in the others.
var tongues = []struct {
	name  string
	words []string
}{
	{"English", strings.Fields(`the of and to a in is that for it as was with be by on not he his but at are this have from or had an they which one you
		were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time
		new some could these two may first then do any like my now over such our man me even most made after also did many off before must well back
		through years much where your way down should because long each just state those people too mr how little good world make very year still see
		work life men day another come government American family water system write function return value explain computer language model answer
		question python string list example number code following important people data information understand different between however therefore
		company product market development research student university history science energy quickly beautiful dangerous international relationship`)},
	{"Portuguese", strings.Fields(`de que não o a e é um para os uma com se na por mais as dos como mas foi ao ele das tem seu sua ou ser quando muito há nos já está
		eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus quem nas me esse eles estão você tinha foram essa num nem suas meu
		escreva código função exemplo explique sistema desenvolvimento informação`)},
	{"Russian", strings.Fields(`и в не на я быть он с что а по это она этот к но они мы весь который из у который то за свой что весь год от так о для ты же все тот мочь
		вы человек такой его сказать только или ещё бы себя один как уже до время если сам когда другой вот говорить наш мой знать стать при чтобы дело
		жизнь напиши программа пример система`)},
	{"Chinese", strings.Fields(`的 一 是 不 了 人 我 在 有 他 这 中 大 来 上 国 个 到 说 们 为 子 和 你 地 出 道 也 时 年 得 就 那 要 下 以 生 会 自 着 去 之 过 家 学 对 可 她 里 后 小
		请解释 计算机 模型 问题 数据 信息 系统 函数`)},
	{"German", strings.Fields(`der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am
		sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei Entwicklung Beispiel Programm Erklärung`)},
}
