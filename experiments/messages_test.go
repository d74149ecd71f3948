package experiments

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// asked is a hidden test with lines to be added to the channel's table.
const asked = `name = "h"
[competition]
classes = ["A", "B"]
label = "label"
train = "train.csv"
test = "hidden"
rows = [10, 20]
public = 0.3
{competition}
[probe.channel]
{channel}
`

func loadAsked(t *testing.T, competition, channel string) (*Experiment, error) {
	t.Helper()
	text := strings.NewReplacer("{competition}", competition, "{channel}", channel).Replace(asked)
	files := []string{"train.csv", "id,text,label\n1,x,A\n2,y,B\n", "hashes.bin", "LBPNEAR1", "e.toml", text}
	return Load(filepath.Join(writeFiles(t, files...), "e.toml"))
}

// asksChannel asks for the channel where other designs could answer too.
const asksChannel = "[probe]\ndesign = \"channel\""

// TestMessages: each message is known by its name, once, and the overlap needs its hashes.
func TestMessages(t *testing.T) {
	e, err := loadAsked(t, "", `messages = ["turns", "overlap"]`+"\n"+`overlap = "hashes.bin"`)
	if err != nil {
		t.Fatal(err)
	}
	if !e.Asks("turns") || e.Asks("lengths") || filepath.Base(e.Hashes()) != "hashes.bin" {
		t.Errorf("%+v", e.Probe.Channel)
	}
	for _, c := range []struct{ competition, channel, want string }{
		{"", `messages = ["language"]`, `messages: "language" is none of languages, lengths, turns, overlap. Write: messages = ["languages"]`},
		{"", `messages = ["turns", "turns"]`, `"turns" stands in it twice. Write: messages = ["turns"]`},
		{"", `messages = "turns"`, `messages = ["turns"]`},
		{"", `messages = ["overlap"]`, `lbprobe clean FILE -o OUT --hashes hashes.bin makes one`},
		{"", `messages = ["overlap"]` + "\n" + `overlap = "hash.bin"`, "there is no file"},
		{"", `guard = 1`, "1 is not a number from 1.1 to 100"},
		{"noise = 0.01", asksChannel, "a score that varies would be read as another message"},
		{`decimals = "full"`, asksChannel, "cut to a number of decimals"},
		{"metric = \"accuracy\"\ncolumn = \"p\"", "", "accuracy carries no channel"},
	} {
		if _, err := loadAsked(t, c.competition, c.channel); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: %v, want %s", c.competition, c.channel, err, c.want)
		}
	}
	idle, err := loadAsked(t, "", `overlap = "nothing.bin"`)
	if err != nil || !slices.Contains(idle.Notes, `probe.channel.overlap: has no effect without "overlap" among the messages`) {
		t.Errorf("%v, %v", idle, err)
	}
}

// TestHiddenMetrics: every metric that has levels carries a channel, in one column or one a class.
func TestHiddenMetrics(t *testing.T) {
	for _, metric := range []string{`metric = "log-loss"`, `metric = "brier"`, "metric = \"brier\"\ncolumn = \"p\"\nlabel = \"label\"",
		"metric = \"binary-log-loss\"\ncolumn = \"p\"\nlabel = \"label\""} {
		text := strings.NewReplacer("label = \"label\"\n", "", "{competition}", metric, "{channel}", "", `["A", "B"]`, `["0", "1"]`).Replace(asked)
		if !strings.Contains(metric, "label") {
			text = strings.Replace(text, "train = ", "label = \"label\"\ntrain = ", 1)
		}
		dir := writeFiles(t, "train.csv", "id,text,label\n1,x,0\n2,y,1\n", "e.toml", text)
		if _, err := Load(filepath.Join(dir, "e.toml")); err != nil {
			t.Errorf("%s: %v", metric, err)
		}
	}
}
