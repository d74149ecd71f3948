package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"

	"lbprobe/internal/openaitest"
)

// arenaKey is the key of the tests' endpoint; nothing that lbprobe leaves may hold it.
const arenaKey = "sk-arena-9f8e7d6c5b4a"

// arenaTOML is an experiment with two responses a row; ENDPOINT stands for the URL.
const arenaTOML = `name = "arena"
seed = 3

[competition]
board = "simulated"
classes = ["winner_tie", "winner_model_a", "winner_model_b"]
train = "arena.csv"
test = "arena.csv"
decimals = 5
rounding = "round"
public = 0.3
rules_checked = 2026-11-23

[corpus]
path = "arena.csv"

[topics]
k = 3
exemplars = 5

[simulate]
seed = 1

[judge]
url = "ENDPOINT"
model = "sound"
key_env = "ARENA_KEY"
budget_usd = 5
price_input = 1
price_output = 2
requests_per_minute = 1000000
concurrency = 8
`

// writeArena writes a competition of n rows in the form of LMSYS. Each response tells its quality, from 0 to 9; the better one has won, most of the time. The
// first row is too short for the filter.
func writeArena(dir string, n int) error {
	var b strings.Builder
	out := csv.NewWriter(&b)
	out.Write([]string{"id", "model_a", "model_b", "prompt", "response_a", "response_b", "winner_model_a", "winner_model_b", "winner_tie"})
	random := rand.New(rand.NewPCG(1, 2))
	themes := []string{"compile the function and refactor the pointer", "stir the sauce and season the roast beef", "measure the orbit of the distant planet"}
	for i := range n {
		prompt := fmt.Sprintf("Please tell me how to %s, case %d", themes[i%3], i)
		if i == 0 {
			prompt = "Too short"
		}
		a, b := random.IntN(10), random.IntN(10)
		winner := []string{"0", "0", "0"}
		switch {
		case a > b:
			winner[0] = "1"
		case b > a:
			winner[1] = "1"
		default:
			winner[2] = "1"
		}
		out.Write([]string{fmt.Sprintf("r%04d", i), "m1", "m2", turnsCell(prompt, "Thanks"), turnsCell(fmt.Sprintf("It has quality %d.", a), "Welcome"),
			turnsCell(fmt.Sprintf("It has quality %d.", b), "Bye"), winner[0], winner[1], winner[2]})
	}
	out.Flush()
	if err := os.WriteFile(filepath.Join(dir, "arena.toml"), []byte(arenaTOML), 0o666); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "arena.csv"), []byte(b.String()), 0o666)
}

func turnsCell(turns ...string) string {
	text, err := json.Marshal(turns)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// chat is a conversation in the schema of LMSYS-Chat-1M, as far as it matters here.
type chat struct {
	ID           string    `json:"conversation_id" parquet:"conversation_id"`
	Model        string    `json:"model" parquet:"model"`
	Conversation []message `json:"conversation" parquet:"conversation,list"`
}

type message struct {
	Content string `json:"content" parquet:"content"`
	Role    string `json:"role" parquet:"role"`
}

// writeChats writes conversations with one model each, as JSONL and as Parquet: 40 prompts, every one asked of three models, and 20 that one model alone was
// asked.
func writeChats(dir string) error {
	var lines bytes.Buffer
	var all []chat
	json := json.NewEncoder(&lines)
	for i := range 140 {
		prompt, model := fmt.Sprintf("Explain how number %d is the sum of two primes, please", i%40), fmt.Sprint("model-", i/40)
		if i >= 120 {
			prompt = fmt.Sprintf("Write a short poem about harbour number %d in winter", i)
		}
		if i >= 40 && i < 80 {
			prompt = "  " + strings.ToUpper(prompt)
		}
		c := chat{fmt.Sprintf("c%03d", i), model,
			[]message{{prompt, "user"}, {fmt.Sprintf("It has quality %d.", i%10), "assistant"}, {"more", "user"}, {"no", "assistant"}}}
		if err := json.Encode(c); err != nil {
			return err
		}
		all = append(all, c)
	}
	if err := os.WriteFile(filepath.Join(dir, "chats.jsonl"), lines.Bytes(), 0o666); err != nil {
		return err
	}
	return parquet.WriteFile(filepath.Join(dir, "chats.parquet"), all)
}

var quality = regexp.MustCompile(`It has quality (\d)`)

// sound is a model that reads the qualities and names topics; by its name it behaves otherwise.
func sound(r openaitest.Request) string {
	if strings.Contains(r.Prompt, "<<<PROMPTS") {
		if strings.Contains(r.Prompt, "sauce") && r.Model == "mute" {
			return "I would rather not."
		}
		first := strings.Fields(r.Prompt[strings.Index(r.Prompt, "how to "):])
		return fmt.Sprintf("```json\n{\"title\": \"Ways to %s\", \"summary\": \"People want to %s things.\"}\n```", first[2], first[2])
	}
	if strings.Contains(r.Prompt, "@") {
		return "There is an address that nobody should see."
	}
	found := quality.FindAllStringSubmatch(r.Prompt, -1)
	if len(found) < 2 {
		return "I see no two responses"
	}
	a, _ := strconv.Atoi(found[0][1])
	b, _ := strconv.Atoi(found[len(found)-1][1])
	if r.Model == "rambling" && r.Messages == 1 {
		return "Let me think. A is fine, I give it 7 of 10."
	}
	if r.Model == "mute" && strings.Contains(r.Prompt, "sauce") {
		return "I cannot judge this."
	}
	lean := 0.04*float64(a-b) + 0.05 // it likes what it sees first
	return fmt.Sprintf(`{"a": %.2f, "b": %.2f, "tie": 0.10}`, 0.45+lean, 0.45-lean)
}

// holds tells which files below a folder hold a text.
func holds(dir, text string) (files []string) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error { // what cannot be read holds nothing
		if err == nil && !d.IsDir() {
			if data, err := os.ReadFile(path); err == nil && strings.Contains(string(data), text) {
				files = append(files, path)
			}
		}
		return nil
	})
	return files
}
