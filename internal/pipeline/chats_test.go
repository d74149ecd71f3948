package pipeline

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mostlyHidden is the experiment of all cases: votes of MT-Bench as train, 4,729 chat prompts as hidden test, the board of the LMSYS competition.
const mostlyHidden = `name = "hidden"
seed = 3
[competition]
board = "simulated"
slug = "lmsys-chatbot-arena"
owner = "me"
classes = ["winner_model_a", "winner_model_b", "winner_tie"]
train = "{shared}mtbench_human_votes.csv"
test = "hidden"
rows = [4600, 4900]
decimals = {decimals}
public = 0.26
[corpus]
path = "{shared}mtbench_human_votes.csv"
format = "kaggle-lmsys"
text = "prompt"
turns = "first"
[topics]
k = 20
other = {other}
[embedding]
{embedding}
[probe]
target = "{target}"
design = "channel"
budget = 60
[simulate]
test = "full_test.csv"
{simulate}
`

// hiddenCase is one experiment file.
type hiddenCase struct{ target, embedding, simulate, other, decimals string }

// folder writes the experiment, and the prompts in the schema of LMSYS, into a folder of its own.
func (c hiddenCase) folder(t *testing.T) (path string) {
	t.Helper()
	dir := t.TempDir()
	data, err := filepath.Abs(shared)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(data); err != nil {
		t.Skipf("the shared data is absent: %v", err)
	}
	c.other, c.decimals = cmp.Or(c.other, "1.0"), cmp.Or(c.decimals, "3")
	text := strings.NewReplacer("{shared}", data+"/", "{other}", c.other, "{decimals}", c.decimals, "{embedding}", c.embedding, "{target}", c.target, "{simulate}", c.simulate).Replace(mostlyHidden)
	text = strings.ReplaceAll(text, "{shared}", data+"/")
	path = filepath.Join(dir, "hidden.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	writePrompts(t, filepath.Join(dir, "full_test.csv"))
	return path
}

// writePrompts brings chat_prompts.jsonl to the schema of the LMSYS test.
func writePrompts(t *testing.T, path string) {
	t.Helper()
	in, err := os.Open(shared + "/chat_prompts.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w := csv.NewWriter(out)
	_ = w.Write([]string{"id", "prompt", "response_a", "response_b"})
	for decoder := json.NewDecoder(in); decoder.More(); {
		var row struct{ ID, Text string }
		if err := decoder.Decode(&row); err != nil {
			t.Fatal(err)
		}
		turns, _ := json.Marshal([]string{row.Text})
		_ = w.Write([]string{row.ID, string(turns), `["a"]`, `["b"]`})
	}
	if w.Flush(); w.Error() != nil {
		t.Fatal(w.Error())
	}
}
