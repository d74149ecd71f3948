package channel

import (
	"bytes"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write testdata/digits.json anew")

// golden is what notebook and reader must find alike on every machine: from a table and a first score, how many levels there are and the digits of a
// message.
type golden struct {
	Table  json.RawMessage `json:"table"`
	Topics [][]int         `json:"topics"`
	First  []string        `json:"first"`
	Levels []int           `json:"levels"`
	Digits [][]int         `json:"digits"`
}

// TestSameEverywhere holds levels and digits to those of a file, whatever the processor: `GOAMD64=v3 go test` runs it with fused multiply-adds, as
// arm64 does.
func TestSameEverywhere(t *testing.T) {
	const path = "testdata/digits.json"
	if *update {
		text, err := json.MarshalIndent(makeGolden(t), "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var want golden
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	got := want
	got.code(t)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// code fills in levels and digits.
func (g *golden) code(t *testing.T) {
	table, err := ReadTable(bytes.NewReader(g.Table))
	if err != nil {
		t.Fatal(err)
	}
	g.Levels, g.Digits = nil, nil
	for i, first := range g.First {
		levels := table.Numbers(map[int]string{1: first})
		truth, err := table.values(map[string][]int{Topics: g.Topics[i], Rows: {25000}})
		if err != nil {
			t.Fatal(err)
		}
		_, l := table.code().digits(truth, levels, 0)
		digits, _ := table.code().digits(truth, levels, l.length+1)
		g.Levels, g.Digits = append(g.Levels, levels), append(g.Digits, digits)
	}
}

func makeGolden(t *testing.T) golden {
	o := lmsys(Exact, 5)
	table, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := table.Write(&text); err != nil {
		t.Fatal(err)
	}
	g := golden{Table: text.Bytes()}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		g.Topics = append(g.Topics, o.Draw(rng)[Topics])
		g.First = append(g.First, strconv.FormatFloat(13+3*rng.Float64(), 'f', 5, 64))
	}
	g.code(t)
	return g
}
